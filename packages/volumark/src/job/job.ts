/**
 * One run: the lanes make the frames, the machine is watched meanwhile, and at the end there are a GIF and a record.
 *
 * The GIF goes to its file while it is made, and from there into the record: neither is ever whole in memory.
 * Whatever happens - a stage that throws, a lane that dies, a signal, a full disk - the record is built from the frames that
 * were made, and both files are written if they can be. Times are on one clock, that of the lanes.
 */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type AnimationSettings, GIF_TRAILER } from "@volumark/engine";
import {
  buildRecord,
  derivedOf,
  formatCount,
  formatCounted,
  passesCheck,
  type RunCheck,
  type RunFacts,
  type RunRecord,
  type RunWarning,
  recordPieces,
  validateRecord,
} from "@volumark/measure";
import { nanosecondClock } from "@volumark/measure/node";
import { recordBytes } from "./disk-need.ts";
import { runFacts } from "./facts.ts";
import { GifSpool } from "./gif-spool.ts";
import { watchMachine } from "./machine.ts";
import { type Failure, type JobHooks, type MakeFramesOptions, makeFrames } from "./make-frames.ts";
import { type ReservedOutput, releaseOutput } from "./output-paths.ts";
import { describePasses } from "./passes.ts";
import { surfaceWarnings } from "./surface-warnings.ts";
import { fileSentence } from "./system-error.ts";
import { verifyGif } from "./verify-gif.ts";
import { verifyMesh } from "./verify-mesh.ts";
import { FileWriteError, writeWhole } from "./whole-file.ts";

export interface JobOptions extends MakeFramesOptions {
  readonly output: ReservedOutput;
  /** The exact command, for the record. */
  readonly command: readonly string[];
  /** For the record, where the run is one of a suite. */
  readonly suite?: NonNullable<RunFacts["suite"]>;
  /** What was known beforehand, for the record. */
  readonly warnings: readonly RunWarning[];
  /** Decodes every frame of the GIF again and checks a mesh, however long that takes. */
  readonly verify: boolean;
}

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

export interface JobResult {
  /** `stopped` is a run that was aborted before its last frame; a result, not an error. */
  readonly status: "done" | "failed" | "stopped";
  readonly record: RunRecord;
  /** What went wrong and what to do, in a sentence; empty when nothing did. */
  readonly problem: string;
  /** The GIF, to be read again until it is closed; empty where no frame was made. The record is read from here, too. */
  readonly spool: GifSpool;
  /** Null where there is nothing to write or it could not be written. */
  readonly gif: WrittenFile | null;
  readonly recordFile: WrittenFile | null;
}

/** Runs the job to whatever end it comes to. Throws only for a mistake in this program. */
export async function runJob(
  settings: AnimationSettings,
  options: JobOptions,
  hooks: JobHooks = {},
): Promise<JobResult> {
  const { output, fault } = options;
  const now = nanosecondClock();
  const originNs = now();
  const startedAt = Date.now();
  const processStartNs = originNs - performance.now() * 1e6;

  const full = (file: "gif" | "record") => (fault?.kind === "disk" && fault.file === file ? fault : null);
  const spool = new GifSpool(output.gifPath, output.temporaryGifPath, { fault: full("gif") });
  let gif: WrittenFile | null = null;
  let recordFile: WrittenFile | null = null;
  hooks.onStart?.(() => endNow({ spool, settings, output, gif, recordFile }));
  // The lanes first: they start while this thread opens the sensors.
  const making = makeFrames(settings, options, spool, hooks, now);
  const watch = watchMachine(now, hooks.onSample);
  const made = await making;
  const { frames } = made;
  const endedNs = now();
  if (frames.length > 0) spool.end(GIF_TRAILER);
  const finishedNs = made.lastReceivedNs + (now() - endedNs);
  watch.stop();
  hooks.onMade?.();

  const { stopped } = made;
  const checks = [framesCheck(frames.length, settings.frames, stopped !== null)];
  let failure: Failure | null = made.failure;
  const kept = keptText(frames.length, settings.frames);
  const problems: string[] = [];
  if (failure) problems.push(frameProblem(failure, kept));
  if (stopped) problems.push(`Stopped: ${kept}.`);
  if (frames.length > 0) {
    hooks.onPhase?.({ name: "check", bytes: spool.length });
    const check = await verifyGif(spool, settings, frames.length, options.verify);
    checks.push(check);
    if (check.passed === false) {
      problems.push(`The GIF is not what it should be: ${check.evidence}. Please report it with the record.`);
      failure ??= { stage: "verify", frame: null, message: check.evidence };
    }
    checks.push(verifyMesh(settings, Math.floor(frames.length / 2), options.backend, options.verify));
  }
  const outputHash = frames.length > 0 ? spool.digest() : null;
  const passes = describePasses(made.passes, outputHash);
  if (passes) {
    const alike = passesCheck(passes.all);
    checks.push(alike);
    if (alike.passed === false) {
      problems.push(`The passes made different GIFs: ${alike.evidence}. Please report it with the record.`);
      failure ??= { stage: "verify", frame: null, message: alike.evidence };
    }
  }
  const { lanes, backend, command, plan } = options;
  const gifName = basename(output.gifPath);
  const machine = await watch.result();
  const times = { now, originNs, processStartNs, startedAt, finishedNs };
  const warnings = [...options.warnings, ...surfaceWarnings(frames, settings)];
  let facts = runFacts({
    settings,
    lanes,
    backend,
    command,
    plan,
    ...(options.suite ? { suite: options.suite } : {}),
    made,
    outputHash,
    passes,
    spool,
    gifName,
    machine,
    checks,
    warnings,
    ...times,
  });
  const build = () => {
    const record = buildRecord({ ...facts, ...(failure ? { failure } : {}), ...(stopped ? { stopped } : {}) });
    Object.assign(record.run.derived, derivedOf(record));
    return record;
  };

  // The GIF first: if it can't be written, the record, which holds its bytes as well, says so.
  if (frames.length > 0) {
    const whole = spool.length;
    const passCount = Math.max(1, made.passes.length);
    const cuts: FileWriteError[] = [];
    const written = await writtenOrWhyNot(output.gifPath, whole, async () => {
      const stored = await spool.store((count, bytes) => recordBytes(bytes, count * passCount));
      if (stored.failure) cuts.push(stored.failure);
      return stored.bytes;
    });
    if (typeof written === "string") {
      problems.push(written);
      failure ??= { stage: "write", frame: null, message: written };
    } else gif = written;
    for (const { cause, writtenBytes } of cuts) {
      // On a full disk GIF and record have the frames that fit.
      const count = spool.frames;
      const why = fileSentence("write", output.gifPath, cause, ` after ${writtenBytes} of ${whole} bytes`);
      problems.push(`${why} Meanwhile ${keptText(count, settings.frames)}.`);
      failure ??= { stage: "write", frame: count, message: why };
      for (const columns of [frames, ...made.passes.map((pass) => pass.frames)]) columns.keep(count);
      const done = framesCheck(count, settings.frames, stopped !== null);
      const gifFacts = { ...facts.gif, frameCount: count };
      facts = { ...facts, outputHash: spool.digest(), gif: gifFacts, checks: [done, ...checks.slice(1)] };
    }
  }
  hooks.onPhase?.({
    name: "record",
    bytes: recordBytes(spool.length, frames.length * Math.max(1, made.passes.length)),
  });
  let record = build();
  // What `buildRecord` makes is valid, which its tests show; loading the schema to see it again takes longer than the record.
  const validation = options.verify ? await validateRecord(record) : null;
  if (validation && !validation.valid) {
    problems.push(`${validation.reason} This is a mistake in volumark; please report it with the record.`);
    failure ??= { stage: "record", frame: null, message: validation.reason };
    record = build();
  }
  const written = await writtenOrWhyNot(output.recordPath, null, () =>
    writeWhole(output.recordPath, output.temporaryRecordPath, recordLines(record), full("record")),
  );
  if (typeof written === "string") {
    problems.push(written);
    failure ??= { stage: "write", frame: null, message: written };
    record = build();
  } else recordFile = written;
  await releaseOutput(output);

  return {
    status: failure ? "failed" : stopped || options.signal.aborted ? "stopped" : "done",
    record,
    problem: problems.join(" "),
    spool,
    gif,
    recordFile,
  };
}

/** The record as it stands in its file: one line. */
function* recordLines(record: RunRecord): Generator<string> {
  yield* recordPieces(record);
  yield "\n";
}

/** A run that was stopped did not fail to make the others. */
export function framesCheck(done: number, frames: number, stopped: boolean): RunCheck {
  const evidence = `${formatCount(done)} of ${formatCounted(frames, "frame")} ${frames === 1 ? "was" : "were"} made`;
  if (stopped) return { name: "frames", passed: null, evidence: `${evidence} before the run was stopped` };
  return { name: "frames", passed: done === frames, evidence };
}

function keptText(done: number, frames: number): string {
  if (done === 0) return "no frame was finished";
  return `${formatCount(done)} of ${formatCounted(frames, "frame")} ${frames === 1 ? "is" : "are"} finished and kept`;
}

function frameProblem({ stage, frame, message }: Failure, kept: string): string {
  const where =
    stage === "lane"
      ? `The lane that made frame ${frame} died`
      : frame === null
        ? `The run failed (${stage})`
        : `Frame ${frame} failed in the ${stage} stage`;
  return `${where}: ${message.replace(/[.\s]+$/, "")}; ${kept}, and running it again with --lanes 1 --backend reference tells whether the machine or the settings are the cause.`;
}

/** Keeps the GIF as far as it is made. What was kept, and what was not, in a sentence. */
function endNow(state: {
  readonly spool: GifSpool;
  readonly settings: AnimationSettings;
  readonly output: ReservedOutput;
  readonly gif: WrittenFile | null;
  readonly recordFile: WrittenFile | null;
}): string {
  const { spool, settings, output, gif, recordFile } = state;
  const { gifPath, recordPath } = output;
  if (recordFile) return `Stopped at once: ${gif ? `${gif.path} and ` : ""}${recordFile.path} are written.`;
  const { frames } = spool;
  if (frames === 0) return "Stopped at once: no frame was finished, and nothing is kept.";
  if (!gif && !spool.storeNow(GIF_TRAILER)) {
    return `Stopped at once: ${formatCounted(frames, "finished frame")} could not be kept.`;
  }
  const older = existsSync(recordPath) ? `; ${recordPath} is that of an earlier run` : "";
  return `Stopped at once: ${frames} of ${formatCounted(settings.frames, "frame")} are kept in ${gifPath}, without a record${older}.`;
}

/** The file, or the sentence that says why there is none; `bytes` is how long it was to be, where that is known. */
async function writtenOrWhyNot(
  path: string,
  bytes: number | null,
  write: () => Promise<number>,
): Promise<WrittenFile | string> {
  try {
    return { path, bytes: await write() };
  } catch (error) {
    if (!(error instanceof FileWriteError)) throw error;
    const of = bytes === null ? "" : ` of ${bytes}`;
    const detail = error.writtenBytes === 0 ? "" : ` after ${error.writtenBytes}${of} bytes`;
    return fileSentence("write", path, error.cause, detail);
  }
}
