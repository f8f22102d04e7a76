/** Text to standard output, however long it is and however slowly it is read. */
import { streamSentence, systemErrorCode } from "../job/system-error.ts";
import { EXIT } from "./exit-codes.ts";

/** The part of a writable stream that is needed here. */
export interface TextSink {
  write(chunk: string, done: (error?: Error | null) => void): boolean;
}

/** How the writing ended. */
export type WriteOutcome =
  | { readonly state: "written" }
  /** The reader has gone (EPIPE); that is its right. */
  | { readonly state: "closed" }
  | { readonly state: "failed"; readonly error: Error };

/** Writes the chunks one after the other, each when the one before has been taken. Never throws, even if the chunks do. */
export async function writeAll(sink: TextSink, chunks: Iterable<string>): Promise<WriteOutcome> {
  try {
    return await writeEach(sink, chunks);
  } catch (error) {
    return { state: "failed", error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function writeEach(sink: TextSink, chunks: Iterable<string>): Promise<WriteOutcome> {
  for (const chunk of chunks) {
    const error = await new Promise<Error | null | undefined>((resolve) => {
      sink.write(chunk, resolve);
    });
    if (!error) continue;
    const code = systemErrorCode(error);
    const closed = code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || code === "ECONNRESET";
    return closed ? { state: "closed" } : { state: "failed", error };
  }
  return { state: "written" };
}

/**
 * Prints what a command was asked for. A reader that has gone is silence and `EXIT.done`; what could not be written is one
 * sentence on standard error and `EXIT.failed`.
 */
export async function print(chunks: Iterable<string>): Promise<number> {
  const outcome = await writeAll(process.stdout, chunks);
  if (outcome.state !== "failed") return EXIT.done;
  process.stderr.write(`${streamSentence("standard output", outcome.error)}\n`);
  return EXIT.failed;
}

/**
 * Keeps a stream's errors from ending the process: whoever writes learns of them from the callback, and messages to a
 * standard error that nobody reads are lost by nature.
 */
export function absorbStreamErrors(...streams: NodeJS.WriteStream[]): void {
  for (const stream of streams) stream.on("error", () => undefined);
}
