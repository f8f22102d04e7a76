/** What a server has made, fetched into the files that a local run would have written. */
import { createHash } from "node:crypto";
import { type RunRecord, recordPieces, recordWithGif, validateRecord } from "@volumark/measure";
import { type Client, ServiceError } from "../api/client.ts";
import type { RunView } from "../api/run-view.ts";
import type { WrittenFile } from "../job/job.ts";
import type { ReservedOutput } from "../job/output-paths.ts";
import { fileSentence } from "../job/system-error.ts";
import { discardTemporary, FileWriteError, writeWhole } from "../job/whole-file.ts";

export interface Fetched {
  readonly record: RunRecord;
  /** Empty where it has none. */
  readonly gif: Uint8Array;
  /** What is not as it should be; empty where nothing is. */
  readonly problem: string;
}

/** Both, checked against each other. Throws `ServiceError`. */
export async function fetchResult(client: Client, run: RunView, signal: AbortSignal): Promise<Fetched> {
  const params = { id: run.id };
  const text = new TextDecoder().decode(await client.bytes("runRecord", { params, query: { gif: "false" }, signal }));
  const gif = run.result?.gif === true ? await client.bytes("runAnimation", { params, signal }) : new Uint8Array(0);
  const record = recordWithGif(JSON.parse(text) as RunRecord, gif);
  const validation = await validateRecord(record);
  if (!validation.valid) {
    throw new ServiceError(
      `The record of run ${run.id} can't be read here: ${validation.reason}. The server may be of another version.`,
      { code: "not-understood", status: 0, problem: null, retryAfterMs: null },
    );
  }
  const { outputHash } = record.run;
  const hash = createHash("sha256").update(gif).digest("hex");
  const problem =
    outputHash === null || hash === outputHash
      ? ""
      : gif.length === 0
        ? "The animation is not stored on the server: it was too long. The record is here."
        : `fetch the animation: its SHA-256 is ${hash}, and the record says ${outputHash}. Fetch it again.`;
  return { record, gif, problem };
}

/** Writes what there is; what could not be written is a sentence. */
export async function writeResult(
  { record, gif }: Fetched,
  output: ReservedOutput,
): Promise<{
  readonly gif: WrittenFile | null;
  readonly recordFile: WrittenFile | null;
  readonly problems: readonly string[];
}> {
  const problems: string[] = [];
  const write = async (path: string, temporary: string, pieces: Iterable<Uint8Array | string>) => {
    try {
      return { path, bytes: await writeWhole(path, temporary, pieces) };
    } catch (error) {
      if (!(error instanceof FileWriteError)) throw error;
      problems.push(fileSentence("write", path, error.cause));
      return null;
    }
  };
  if (gif.length === 0) await discardTemporary(output.temporaryGifPath);
  const gifFile = gif.length === 0 ? null : await write(output.gifPath, output.temporaryGifPath, [gif]);
  const recordFile = await write(output.recordPath, output.temporaryRecordPath, lines(record));
  return { gif: gifFile, recordFile, problems };
}

function* lines(record: RunRecord): Generator<string> {
  yield* recordPieces(record);
  yield "\n";
}
