/**
 * What `volumark mesh` and `volumark frame` have in common: refuse what does not fit, make the moment, write one file, say
 * what it cost.
 */
import { describeStandIn } from "@volumark/engine";
import { momentRefusal } from "../export/memory.ts";
import { type Moment, MomentError, makeMoment, type StageNs, stageStatistics } from "../export/moment.ts";
import { proveTarget, type Target, type WrittenTarget, writeTarget } from "../export/target.ts";
import { memoryLimit } from "../job/memory.ts";
import { OutputError } from "../job/output-paths.ts";
import { sizeText } from "../job/size-text.ts";
import { discardAllTemporaries } from "../job/whole-file.ts";
import { EXIT } from "./exit-codes.ts";
import type { MomentRequest } from "./moment-options.ts";
import { print } from "./output.ts";
import { printable } from "./printable.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What one of the two commands adds. */
export interface MomentWork<Ending extends string> {
  readonly command: "mesh" | "frame";
  /** The bytes of the file. */
  readonly chunks: (moment: Moment, target: Target<Ending>) => Iterable<Uint8Array>;
  /** What is looked at beyond the stages, with the nanoseconds that took: members of the document and lines for people. */
  readonly findings: (moment: Moment) => Findings;
}

export interface Findings {
  readonly document: Readonly<Record<string, unknown>>;
  /** Nanoseconds of stages that only this command has. */
  readonly timesNs: Readonly<Record<string, number>>;
  readonly lines: readonly string[];
}

/** Does the work. Throws `UsageError` before it begins; afterwards everything is an exit code and a sentence. */
export async function momentCommand<Ending extends string>(
  request: MomentRequest<Ending>,
  color: boolean,
  work: MomentWork<Ending>,
): Promise<number> {
  const { settings, target, passes, json, quiet } = request;
  const paint = paintFor(terminalTraits(process.stderr, process.env, !color));
  const refusal = momentRefusal(settings, memoryLimit());
  if (refusal !== null) throw new UsageError(refusal);
  try {
    await proveTarget(target);
  } catch (error) {
    if (error instanceof OutputError) throw new UsageError(error.message);
    throw error;
  }

  let moment: Moment;
  let findings: Findings;
  let written: WrittenTarget;
  // While the stages run nothing is on the disk and a signal may end the process as it always does.
  try {
    moment = makeMoment(settings, passes);
    findings = work.findings(moment);
    const stop = listenForStopSignals(() => {
      discardAllTemporaries();
      process.exit(stop.exitCode() ?? EXIT.failed);
    });
    written = await writeTarget(target, work.chunks(moment, target));
    stop.release();
  } catch (error) {
    if (!(error instanceof MomentError || error instanceof OutputError)) throw error;
    process.stderr.write(`${paint("red", printable(error.message))}\n`);
    return EXIT.failed;
  }

  if (!quiet) process.stderr.write(summary(request, moment, findings, written, paint));
  if (!json) return EXIT.done;
  const text = `${JSON.stringify(momentDocument(work.command, request, moment, findings, written), null, 2)}\n`;
  return print([text]);
}

/** The document of `--json`. Times of the stages are the median of the passes; `repeat` has best, median and first. */
function momentDocument(
  command: "mesh" | "frame",
  { settings, passes }: MomentRequest<string>,
  moment: Moment,
  { document, timesNs }: Findings,
  { path, bytes, sha256, writeNs }: WrittenTarget,
): object {
  const { best, median } = stageStatistics(moment.passes);
  const { scene, volume, dimension, backend, form, size, time } = settings;
  const source = volume ? { volume: describeStandIn(volume) } : {};
  return {
    command,
    settings: { scene, ...source, dimension, ...(size ?? form), backend },
    time,
    counts: moment.counts,
    timesNs: { ...median, ...timesNs, write: writeNs },
    repeat: { passes, bestNs: best, medianNs: median, firstNs: moment.passes[0] },
    ...document,
    memory: { kernelPeakBytes: moment.kernelBytes, processPeakBytes: process.resourceUsage().maxRSS * 1024 },
    file: { path, bytes, sha256 },
  };
}

function summary(
  { settings, passes, target }: MomentRequest<string>,
  { counts, passes: times }: Moment,
  findings: Findings,
  written: WrittenTarget,
  paint: Paint,
): string {
  const { scene, time, dimension, size } = settings;
  const { best, median } = stageStatistics(times);
  const stages = (of: StageNs) =>
    [`field ${milliseconds(of.field)}`, `surface ${milliseconds(of.surface)}`].concat(
      of.picture === null ? [] : `picture ${milliseconds(of.picture)}`,
    );
  const others = Object.entries({ ...findings.timesNs, write: written.writeNs }).map(
    ([name, ns]) => `${name} ${milliseconds(ns)}`,
  );
  const pixels = size ? `, ${size.width}x${size.height}` : "";
  const lines = [
    paint("dim", `${scene.name} at ${time} s, dimension ${dimension}${pixels}`),
    `${paint("bold", "Surface")}  ${counts.vertices} vertices, ${counts.triangles} triangles, from ${counts.activeCells} cells in ${counts.bricks} bricks`,
    ...findings.lines.map((line) => `         ${line}`),
    `${paint("bold", "Time")}     ${[...stages(passes > 1 ? median : (times[0] ?? median)), ...others].join(", ")}`,
  ];
  if (passes > 1) lines.push(`         medians of ${passes} passes; best ${stages(best).join(", ")}`);
  lines.push(`${paint("bold", target.ending.toUpperCase().padEnd(7))}  ${written.path}  ${sizeText(written.bytes)}`);
  return `${lines.join("\n")}\n`;
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(2)} ms`;
}
