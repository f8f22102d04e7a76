/** `volumark run`: from the options to the files, the report and the exit code. */
import { formatCounted, formatDuration, formatShare } from "@volumark/measure";
import { type DiskFinding, diskFindings, diskRefusal, freeBytes } from "../job/disk-need.ts";
import { type JobResult, runJob } from "../job/job.ts";
import type { JobProgress } from "../job/make-frames.ts";
import { STAGE_NAMES } from "../job/make-pass.ts";
import { OutputError, planOutput } from "../job/output-paths.ts";
import type { PassPlan } from "../job/pass-plan.ts";
import { sizeText } from "../job/size-text.ts";
import { commandAgain } from "./invocation.ts";
import { printable } from "./printable.ts";
import { createProgress } from "./progress.ts";
import { chooseLanes, laneWarnings, readFaultAsked, readStoreWanted, reserveFor } from "./run-means.ts";
import { type RunOptionTexts, type RunRequest, readRunOptions, readUntilPlan } from "./run-options.ts";
import { madeText, tellResult } from "./run-result.ts";
import { spooledFrame } from "./shown-frame.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import type { SuiteOptionTexts } from "./suite.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** `volumark run`: one pass, or as many as `--passes` says. */
export async function runCommand(texts: RunOptionTexts, words: readonly string[]): Promise<number> {
  if (texts.server !== undefined) return (await import("./run-on-server.ts")).runOnServer(texts, texts.server);
  for (const option of ["key", "machine"] as const) {
    if (texts[option] !== undefined) throw new UsageError(`--${option} is for a run on a server; give --server too`);
  }
  return make(await readRunOptions(texts), words);
}

/** `volumark bench`: the same, pass after pass until the interval is narrow enough. */
export async function benchCommand(texts: SuiteOptionTexts, words: readonly string[]): Promise<number> {
  if (texts.suite !== undefined) return (await import("./suite.ts")).suiteCommand(texts, words);
  if (texts.format !== undefined)
    throw new UsageError("--format is for --suite; volumark report shows a run in other formats");
  const plan = readUntilPlan(texts);
  return make({ ...(await readRunOptions(texts)), plan }, words);
}

/** Runs one job. Throws `UsageError` before any work; afterwards everything is an exit code and a sentence. */
async function make(request: RunRequest, words: readonly string[]): Promise<number> {
  const fault = readFaultAsked(request.settings.frames);
  const stores = request.store && readStoreWanted();
  const lanes = chooseLanes(request);
  const traits = terminalTraits(process.stderr, process.env, !request.color);
  const paint = paintFor(traits);
  const say = (text: string) => void process.stderr.write(text);
  const progress = createProgress({
    traits,
    paint,
    write: request.quiet ? () => undefined : say,
    columns: () => process.stderr.columns || 80,
    now: () => performance.now(),
  });
  let ending = false;
  let endNow = () => "Stopped at once: nothing was begun.";
  const stop = listenForStopSignals(
    () => {
      progress.clear();
      if (request.quiet) return;
      const what = ending
        ? "All frames are made and are being written"
        : "Stopping after the frames that are being made";
      say(`${what}; once more stops at once.\n`);
    },
    () => {
      progress.clear();
      say(`${paint("red", printable(endNow()))}\n`);
    },
  );
  let store = null as ReturnType<typeof loadStore> | null;
  let result: JobResult;
  try {
    for (const { evidence, action } of await diskWarnings(request)) {
      if (!request.quiet) say(`${paint("yellow", `Warning: ${evidence}. ${action}.`)}\n`);
    }
    const output = await reserveFor(request);
    if (!request.quiet) say(`${paint("dim", startText(request, lanes))}\n`);
    result = await runJob(
      request.settings,
      {
        lanes,
        backend: request.backend,
        plan: request.plan,
        output,
        command: commandAgain(process.env, words),
        warnings: laneWarnings(request, lanes),
        signal: stop.signal,
        fault,
        verify: request.verify,
      },
      {
        onStart: (end) => {
          endNow = end;
        },
        onPhase: ({ name, bytes }) => {
          ending = true;
          const [what, long] =
            name === "check"
              ? [`checking the GIF, ${sizeText(bytes)}`, bytes >= LONG_BYTES || request.verify]
              : [`writing the record, about ${sizeText(bytes)}`, bytes >= LONG_BYTES];
          progress.phase(what, long);
        },
        onProgress: ({ done, frames, stageNs, elapsedMs, pass }) =>
          progress.update({
            done,
            frames,
            elapsedMs,
            ...(pass ? { pass: passText(pass, request.plan) } : {}),
            stages: STAGE_NAMES.map((name) => ({ name, ns: stageNs[name] })),
          }),
        onMade: () => {
          if (stores) store = loadStore();
        },
      },
    );
  } finally {
    progress.clear();
  }

  const stopped = result.status === "stopped" ? stop.exitCode() : null;
  const frame = (index: number) => spooledFrame(result.spool, request.settings, index);
  const exitCode = await tellResult({ ...result, frame }, request, { traits, paint, say, stopped });
  if (store) {
    const kept = await (await store).keepRun(result.record, result.spool, { before: !request.quiet });
    if (kept.state === "not-stored") say(`${paint("yellow", kept.warning)}\n`);
    else if (!request.quiet) {
      say(paint("dim", `Stored as ${kept.id.slice(0, 8)}; volumark runs list shows all.\n`));
      if (kept.before) {
        const { text, alarming } = (await import("./since.ts")).sinceBefore(kept.before, result.record);
        say(`${alarming ? paint("yellow", text) : text}\n`);
      }
    }
  }
  result.spool.close();
  stop.release();
  return exitCode;
}

/** Loads what storing needs once the frames are made: the machine is being described then, and there is time. */
async function loadStore() {
  const keeping = await import("../store/keep-run.ts");
  await keeping.loadDriver();
  return keeping;
}

/** Files that take more than a moment to read or write. */
const LONG_BYTES = 50e6;

/** Refuses what can't fit on the disk. Returns what should be said of the rest before it begins. */
async function diskWarnings({ settings, out }: RunRequest): Promise<DiskFinding[]> {
  try {
    const { folder } = planOutput(out, settings.scene.name);
    const free = await freeBytes(folder);
    const refusal = diskRefusal(settings, free, printable(folder));
    if (refusal !== null) throw new UsageError(refusal);
    return diskFindings(settings, free, printable(folder));
  } catch (error) {
    if (error instanceof OutputError) throw new UsageError(error.message);
    throw error;
  }
}

function startText({ settings }: RunRequest, lanes: number): string {
  return `${madeText(settings)}, ${formatCounted(lanes, "lane")}`;
}

/** `pass 7  208 ms ±1.9 % of 5 steady, about 3 more`: what is known between two passes. */
function passText({ index, decision }: NonNullable<JobProgress["pass"]>, plan: PassPlan): string {
  const of = plan.kind === "fixed" ? `/${plan.count}` : "";
  const number = `pass ${index + 1}${of}`;
  if (!decision) return number;
  const { interval, relativeWidth, steadyState, passesToGo } = decision;
  const parts = [number, formatDuration(interval.value)];
  if (relativeWidth !== null) parts.push(`interval ${formatShare(relativeWidth)} wide`);
  if (!steadyState.steady) parts.push("not steady yet");
  if (plan.kind === "until" && passesToGo) parts.push(`about ${passesToGo} more`);
  return parts.join("  ");
}
