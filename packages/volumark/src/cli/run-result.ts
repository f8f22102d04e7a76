/** What a run ends with, wherever it was made: report, closing lines, the record on standard output, the exit code. */
import { relative } from "node:path";
import type { AnimationSettings } from "@volumark/engine";
import { formatCounted, type RunRecord, recordPieces, reportText } from "@volumark/measure";
import type { WrittenFile } from "../job/job.ts";
import { streamSentence } from "../job/system-error.ts";
import { closingText } from "./closing.ts";
import { EXIT } from "./exit-codes.ts";
import { MARK_STYLES } from "./mark-styles.ts";
import { writeAll } from "./output.ts";
import { printable } from "./printable.ts";
import type { RunRequest } from "./run-options.ts";
import type { Paint, TerminalTraits } from "./terminal.ts";

export interface RunResult {
  readonly status: "done" | "failed" | "stopped";
  readonly record: RunRecord;
  /** What went wrong and what to do, in a sentence; empty when nothing did. */
  readonly problem: string;
  readonly gif: WrittenFile | null;
  readonly recordFile: WrittenFile | null;
  /** RGBA of the frame with this index or the last before it; null where there is none. */
  readonly frame: (index: number) => Uint8Array | null;
}

export interface TellOptions {
  readonly traits: TerminalTraits;
  readonly paint: Paint;
  readonly say: (text: string) => void;
  /** Exit code of a run that was stopped; null where it was not. */
  readonly stopped: number | null;
}

/** Tells it all and returns the exit code. */
export async function tellResult(result: RunResult, request: RunRequest, options: TellOptions): Promise<number> {
  const { traits, paint, say, stopped } = options;
  if (!request.quiet) {
    if (result.record.frame_count > 0) {
      say(
        `\n${reportText(result.record, {
          width: traits.columns,
          style: (mark, text) => paint(MARK_STYLES[mark], text),
        }).trimEnd()}\n`,
      );
    }
    say(await closingText(result, request, { traits, paint, path: shortPath }));
  }
  if (result.problem !== "") say(`${paint("red", printable(result.problem))}\n`);
  const exitCode = result.status === "done" ? EXIT.done : (stopped ?? EXIT.failed);
  const outcome = await writeAll(process.stdout, standardOutput(request, result));
  if (outcome.state === "failed") {
    say(
      `${paint("red", `${streamSentence("standard output", outcome.error)} The record is in ${whereRecordIs(result)}.`)}\n`,
    );
    return exitCode === EXIT.done ? EXIT.failed : exitCode;
  }
  if (outcome.state === "closed" && !request.quiet) {
    say(`Standard output was closed before the record was through; it is whole in ${whereRecordIs(result)}.\n`);
  }
  return exitCode;
}

/** `seed: 30 frames of 512×384 at 30 fps, dimension 32` */
export function madeText({ scene, frames, width, height, fps, dimension }: AnimationSettings): string {
  return `${scene.name}: ${formatCounted(frames, "frame")} of ${width}×${height} at ${fps} fps, dimension ${dimension}`;
}

function* standardOutput({ json, gifOutput }: RunRequest, { record }: RunResult): Generator<string> {
  if (!json && !gifOutput) return;
  if (gifOutput) yield "GIF_OUTPUT:";
  yield* recordPieces(record);
  yield "\n";
}

function whereRecordIs({ recordFile }: RunResult): string {
  return recordFile ? shortPath(recordFile.path) : "no file, since that could not be written either";
}

/** Relative to the working folder where that is shorter. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return printable(short !== "" && short.length < path.length ? short : path);
}
