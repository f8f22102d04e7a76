/**
 * From the passes that were made in the page to a record of the same shape as the program's.
 *
 * The same definitions hold: a pass is the time from its first frame's start to the last byte of its GIF; the warm-up is found
 * and left out of the headline; the frames shown are those of the pass nearest the median.
 */
import {
  type AnimationSettings,
  CLOCK_READINGS_PER_FRAME,
  delayWarning,
  describeSettings,
  frameDelays,
  sceneHash,
  settingsHash,
} from "@volumark/engine";
import {
  buildRecord,
  derivedOf,
  formatCounted,
  outlinePasses,
  passesCheck,
  type RunCheck,
  type RunRecord,
  type RunWarning,
  recordParameters,
  type TimerDescription,
} from "@volumark/measure";
import type { BrowserMachine } from "./browser-machine.ts";
import type { OrderedFrame } from "./frame-order.ts";

export interface HerePass {
  readonly frames: readonly OrderedFrame[];
  /** The page's clock at the last byte. */
  readonly finishedNs: number;
  readonly canaryNs: number | null;
  /** SHA-256 of its GIF; null where it was not finished. */
  readonly outputHash: string | null;
}

export interface HereRun {
  readonly id: string;
  readonly settings: AnimationSettings;
  readonly lanes: number;
  readonly version: string;
  /** Unix milliseconds; zero of the clock. */
  readonly startedAt: number;
  readonly timer: TimerDescription;
  readonly compileNs: number | null;
  readonly peakKernelBytes: number | null;
  /** Complete ones in order; of a run that was stopped in its first pass, that one as far as it is. */
  readonly passes: readonly HerePass[];
  readonly gif: Uint8Array;
  readonly machine: BrowserMachine;
  readonly stopped: string | null;
  readonly failure: { readonly stage: string; readonly frame: number | null; readonly message: string } | null;
}

/** The record, with its animation in it. */
export function recordOfHere(run: HereRun): RunRecord {
  const { settings, passes, machine, gif } = run;
  const first = passes[0];
  const done = first?.frames.length ?? 0;
  const described = passes.length > 1 ? describe(passes) : null;
  const shown = passes[described?.representative ?? 0];
  const startNs = first?.frames[0]?.times.startNs ?? 0;
  const record = buildRecord({
    id: run.id,
    startedAt: run.startedAt,
    originNs: 0,
    version: run.version,
    commit: null,
    commitReason: "made in a browser, whose page does not know the commit it was built from",
    command: [],
    width: settings.width,
    height: settings.height,
    dimension: settings.dimension,
    frames: settings.frames,
    fps: settings.fps,
    settings: describeSettings(settings),
    parameters: recordParameters(settings.scene.parameters),
    settingsHash: settingsHash(settings),
    sceneHash: sceneHash(settings.scene),
    outputHash: first?.outputHash ?? null,
    lanes: run.lanes,
    backend: "wasm",
    timer: run.timer,
    made: shown?.frames ?? [],
    ...(described ? { passes: described.all, representativePass: described.representative } : {}),
    gif: {
      bytes: gif,
      filename: `volumark-${settings.scene.name ?? "scene"}-${run.id.slice(0, 8)}.gif`,
      frameCount: done,
      ...(shown ? { finishedNs: shown.finishedNs } : {}),
    },
    systemInfo: machine.systemInfo,
    environment: machine.environment,
    warnings: warningsOf(run),
    checks: checksOf(run, done),
    overheads: {
      startUpNs: done > 0 ? Math.max(0, startNs) : null,
      compileNs: run.compileNs,
      paletteNs: null,
      finishNs: null,
    },
    instruments: {
      timerCalls: CLOCK_READINGS_PER_FRAME * passes.reduce((sum, { frames }) => sum + frames.length, 0),
      samples: 0,
      samplerNs: 0,
    },
    ...(run.failure ? { failure: run.failure } : {}),
    ...(run.stopped === null ? {} : { stopped: { frame: done, reason: run.stopped } }),
  });
  Object.assign(record.run.derived, derivedOf(record), {
    peakKernelBytes: {
      value: run.peakKernelBytes,
      unit: "bytes",
      algorithm: "most kernel memory that one lane used",
      ...(run.peakKernelBytes === null ? { reason: "no lane came to the end of a pass" } : {}),
    },
  });
  return record;
}

function describe(passes: readonly HerePass[]) {
  const totals = passes.map(({ frames, finishedNs }) => finishedNs - firstStart(frames));
  const { warmUp, representative } = outlinePasses(totals);
  const all = passes.map(({ frames, canaryNs, outputHash }, i) => ({
    startNs: firstStart(frames),
    totalNs: totals[i]!,
    warmUp: i < warmUp,
    canaryNs,
    outputHash,
    made: frames,
  }));
  return { all, representative };
}

function firstStart(frames: readonly OrderedFrame[]): number {
  return frames.reduce((least, { times }) => Math.min(least, times.startNs), Number.POSITIVE_INFINITY);
}

function checksOf({ settings, passes, stopped }: HereRun, done: number): RunCheck[] {
  const made = `${done} of ${formatCounted(settings.frames, "frame")} were made`;
  const checks: RunCheck[] = [
    stopped === null
      ? { name: "frames", passed: done === settings.frames, evidence: made }
      : { name: "frames", passed: null, evidence: `${made} before the run was stopped` },
  ];
  if (passes.length > 1) {
    checks.push(passesCheck(passes));
  }
  return checks;
}

function warningsOf({ settings, timer }: HereRun): RunWarning[] {
  const warnings: RunWarning[] = [];
  const delay = delayWarning(frameDelays(settings.frames, settings.fps));
  if (delay) warnings.push(delay);
  if (timer.resolutionNs >= 50_000) {
    warnings.push({
      code: "coarse-clock",
      evidence: `the browser's clock moves in steps of ${Math.round(timer.resolutionNs / 1000)} µs`,
      action: "Read totals and medians rather than single frames, or run it on the server, whose clock is finer.",
    });
  }
  return warnings;
}
