/** Two settings run now, in turn: progress, signals, the store, and what is left when it ends early. */
import { formatCounted, formatDuration, formatShare, type RunRecord, type StopDecision } from "@volumark/measure";
import {
  type InterleavedRuns,
  type InterleaveOptions,
  type InterleaveProgress,
  runInterleaved,
  SIDE_NAMES,
  type Side,
} from "../job/interleave.ts";
import { STAGE_NAMES } from "../job/make-pass.ts";
import { memoryLimit } from "../job/memory.ts";
import { commandAgain } from "./invocation.ts";
import { printable } from "./printable.ts";
import { createProgress } from "./progress.ts";
import { chooseLanes, laneWarnings, readFaultAsked } from "./run-means.ts";
import type { RunRequest } from "./run-options.ts";
import { listenForStopSignals } from "./stop-signals.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface NowRequest {
  readonly sides: Readonly<Record<"a" | "b", RunRequest>>;
  readonly plan: InterleaveOptions["plan"];
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly color: boolean;
  readonly store: boolean;
}

/** One set of passes of both sides. */
export interface MadeSet {
  readonly records: Readonly<Record<"a" | "b", RunRecord>>;
  readonly order: string;
}

export interface NowSession {
  /** Makes a set and stores its records; null where a side has no complete pass. Said: what went wrong. */
  make(what: string): Promise<MadeSet | null>;
  /** Of the signal that came, or of a failure; null while all is well. */
  exitCode(): number | null;
  /** Lets go of the GIFs, which the records still need when they are written. */
  close(): void;
}

/** Ready to make sets. Throws `UsageError` for what can't be run. */
export function openSession({ sides, plan, words, quiet, color, store }: NowRequest): NowSession {
  const fault = readFaultAsked(Math.min(sides.a.settings.frames, sides.b.settings.frames));
  if (fault?.kind === "disk") throw new UsageError("VOLUMARK_FAULT: compare knows no fault of the disk");
  const both = {
    ...(fault?.kind === "frame" ? { fault: { at: fault.at, frame: fault.frame } } : {}),
    ...(fault?.kind === "slow" ? { delayMs: fault.delayMs } : {}),
  };
  const made = {
    a: { ...sideOf(sides.a), ...both },
    b: { ...sideOf(sides.b), ...both, ...(fault?.kind === "drag" ? { drag: fault } : {}) },
  };
  const traits = terminalTraits(process.stderr, process.env, !color);
  const paint = paintFor(traits);
  const say = (text: string) => void process.stderr.write(text);
  const open: InterleavedRuns[] = [];
  const close = () => {
    for (const runs of open.splice(0)) runs.close();
  };
  const progress = createProgress({
    traits,
    paint,
    write: quiet ? () => undefined : say,
    columns: () => process.stderr.columns || 80,
    now: () => performance.now(),
  });
  const stop = listenForStopSignals(
    () => {
      progress.clear();
      if (!quiet) say("Stopping; the passes that are complete are compared. Once more stops at once.\n");
    },
    () => {
      progress.clear();
      close();
      say(`${paint("red", "Stopped at once: nothing is kept.")}\n`);
    },
  );
  let failed = false;

  const make = async (what: string): Promise<MadeSet | null> => {
    if (!quiet) say(`${paint("dim", `${what}: ${sideText(made.a)} (a) and ${sideText(made.b)} (b), in turn`)}\n`);
    const command = commandAgain(process.env, words);
    const runs = await runInterleaved({ sides: made, plan, signal: stop.signal, command }, (state) =>
      progress.update({
        done: state.done,
        frames: state.frames,
        elapsedMs: state.elapsedMs,
        pass: passText(state, plan),
        stages: STAGE_NAMES.map((name) => ({ name, ns: state.stageNs[name] })),
      }),
    );
    progress.clear();
    open.push(runs);
    if (runs.failure) {
      failed = true;
      const { side, stage, frame, message } = runs.failure;
      const where = frame === null ? `the ${stage} stage` : `the ${stage} stage of frame ${frame}`;
      say(`${paint("red", printable(`${side} failed in ${where}: ${message.replace(/[.\s]+$/, "")}.`))}\n`);
    }
    for (const name of SIDE_NAMES)
      for (const check of runs.records?.[name].run.checks ?? [])
        if (check.passed === false && check.name !== "frames") {
          failed = true;
          say(`${paint("red", printable(`${name}: ${check.name}: ${check.evidence}. Please report it.`))}\n`);
        }
    if (!runs.records) {
      say(`There is no complete pass of both, and so nothing to compare.\n`);
      return null;
    }
    if (store) await keep(runs, runs.records, (text) => say(`${paint("yellow", text)}\n`), quiet ? null : say);
    return { records: runs.records, order: runs.order };
  };
  return {
    make,
    exitCode: () => stop.exitCode() ?? (failed ? 1 : null),
    close() {
      close();
      stop.release();
    },
  };
}

function sideOf(request: RunRequest): Side {
  const { bytes } = memoryLimit();
  const lanes = chooseLanes(request, { bytes: bytes / 2, source: "each of the two runs" });
  const { settings, backend } = request;
  return { settings, lanes, backend, warnings: laneWarnings(request, lanes) };
}

function sideText({ settings, lanes }: Side): string {
  const { scene, dimension, frames } = settings;
  return `${scene.name} ${dimension}³, ${formatCounted(frames, "frame")}, ${formatCounted(lanes, "lane")}`;
}

/** `pair 4/20  a 208 ms  b 214 ms`: what is known between two passes. */
function passText({ pass, decisions }: InterleaveProgress, plan: InterleaveOptions["plan"]): string {
  const of = plan.kind === "fixed" ? `/${plan.count}` : "";
  const known = (name: "a" | "b", decision: StopDecision | null) => {
    if (!decision) return [];
    const { interval, relativeWidth, passesToGo } = decision;
    const width = relativeWidth === null ? "" : `, ${formatShare(relativeWidth)} wide`;
    const more = plan.kind === "until" && passesToGo ? `, about ${passesToGo} more` : "";
    return [`${name} ${formatDuration(interval.value)}${width}${more}`];
  };
  return [`pair ${pass + 1}${of}`, ...known("a", decisions.a), ...known("b", decisions.b)].join("  ");
}

async function keep(
  runs: InterleavedRuns,
  records: Readonly<Record<"a" | "b", RunRecord>>,
  warn: (text: string) => void,
  say: ((text: string) => void) | null,
): Promise<void> {
  const { keepRun } = await import("../store/keep-run.ts");
  const ids: string[] = [];
  for (const name of SIDE_NAMES) {
    const kept = await keepRun(records[name], runs.gif(name));
    if (kept.state === "not-stored") return warn(kept.warning);
    ids.push(`${name} as ${kept.id.slice(0, 8)}`);
  }
  say?.(`Stored: ${ids.join(", ")}.\n`);
}
