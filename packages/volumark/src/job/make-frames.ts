/**
 * The lanes at work: frames in order, pass after pass, progress on the way, and one description of whatever ended them.
 *
 * The first pass is the GIF. Every other one is made alike, hashed and dropped; only its times are kept.
 */
import type { AnimationSettings, Palette } from "@volumark/engine";
import { createCanary, formatCounted, type RunFacts, type StopDecision } from "@volumark/measure";
import type { SamplerOptions } from "@volumark/measure/node";
import { LaneFailure, type LaneFrame, type Lanes, type LanesSummary, startLanes } from "../lanes/lanes.ts";
import type { Fault } from "./fault.ts";
import type { FrameColumns } from "./frame-columns.ts";
import type { GifSpool } from "./gif-spool.ts";
import { beginPass, canaryBefore, createHasher, type MadePass, makePass, type StageName } from "./make-pass.ts";
import { type PassPlan, passChooser } from "./pass-plan.ts";

/** What failed, where and why, as the record has it. */
export type Failure = NonNullable<RunFacts["failure"]>;

export interface MakeFramesOptions {
  readonly lanes: number;
  readonly backend: "wasm" | "reference";
  /** How often the animation is made. */
  readonly plan: PassPlan;
  /** Whether some frames of the first pass bring a small picture; default no. */
  readonly pictures?: boolean;
  /** Aborting ends the run after the frames that are finished; the reason is the name of the signal that came. */
  readonly signal: AbortSignal;
  readonly fault: Fault | null;
}

/** How far the run is. */
export interface JobProgress {
  readonly done: number;
  readonly frames: number;
  /** Nanoseconds that each stage has taken so far, all lanes together. */
  readonly stageNs: Readonly<Record<StageName, number>>;
  /** Since the first frame of this pass began. */
  readonly elapsedMs: number;
  /** Which pass this is, from 0, and what is known from those before; only where there is more than one. */
  readonly pass?: { readonly index: number; readonly decision: StopDecision | null };
}

/** What is done once there are no more frames to make, with the bytes it is done to, which may be an estimate. */
export interface JobPhase {
  readonly name: "check" | "record";
  readonly bytes: number;
}

export interface JobHooks {
  readonly onProgress?: (progress: JobProgress) => void;
  /** A frame is there, in order; `pass` counts from 0. */
  readonly onFrame?: (frame: LaneFrame, pass: number, palette: Palette) => void;
  /** What the sensors say, while frames are made. */
  readonly onSample?: SamplerOptions["onSample"];
  readonly onPhase?: (phase: JobPhase) => void;
  /**
   * Called once, before any work, with what ends the run here and now: it keeps what can be kept without waiting and
   * returns what that is, in a sentence. The process has to end after it.
   */
  readonly onStart?: (endNow: () => string) => void;
  /** The last frame is there and timed; what follows (describing the machine, files) mostly waits. */
  readonly onMade?: () => void;
}

/** The frames that came to be, and why there are no more. */
export interface MadeFrames {
  /** Of the first pass, those of the GIF. */
  readonly frames: FrameColumns;
  /** Those that are complete, in order. */
  readonly passes: readonly MadePass[];
  /** When the first frame began in its lane; null without frames. */
  readonly firstStartNs: number | null;
  readonly summary: LanesSummary | null;
  readonly failure: Failure | null;
  /** Only when it was aborted before the last frame, which is a result and no failure: the first frame missing, and why. */
  readonly stopped: { readonly frame: number; readonly reason: string } | null;
  /** When the last frame ended in its lane, and when it was here. */
  readonly lastEndNs: number;
  readonly lastReceivedNs: number;
}

/** Starts the lanes and takes the frames of the first pass in order into the spool; then makes the other passes. Never throws. */
export async function makeFrames(
  settings: AnimationSettings,
  options: MakeFramesOptions,
  spool: GifSpool,
  { onProgress, onFrame }: JobHooks,
  now: () => number,
): Promise<MadeFrames> {
  const { signal, fault, plan } = options;
  let first = beginPass(now);
  const passes: MadePass[] = [];
  let summary: LanesSummary | null = null;
  let failure: Failure | null = null;
  const canary = plan.kind === "once" ? null : createCanary(now);

  const nextPass = async (lanes: Lanes, decision: StopDecision | null): Promise<boolean> => {
    const hasher = passes.length === 0 ? null : createHasher();
    const canaryNs = canary ? canaryBefore(canary) : null;
    const pass = beginPass(now);
    if (!hasher) first = pass;
    const report = () =>
      onProgress?.({
        done: pass.frames.length,
        frames: settings.frames,
        stageNs: pass.stageNs,
        elapsedMs: (now() - Math.min(pass.begunNs, pass.startNs)) / 1e6,
        ...(canary ? { pass: { index: passes.length, decision } } : {}),
      });
    report();
    const index = passes.length;
    const told = (made: LaneFrame) => {
      onFrame?.(made, index, lanes.palette);
      report();
    };
    await makePass(pass, lanes, { sink: hasher ?? spool, now, onFrame: told });
    const { frames, startNs, receivedNs } = pass;
    if (frames.length < settings.frames) return false;
    passes.push({ startNs, totalNs: receivedNs - startNs, canaryNs, outputHash: hasher?.end() ?? null, frames });
    return true;
  };

  try {
    const lanes = startLanes(settings, {
      lanes: options.lanes,
      backend: options.backend,
      // What is measured pass after pass is not measured on the thread that watches the machine.
      help: plan.kind === "once",
      pictures: options.pictures === true,
      signal,
      ...(fault?.kind === "frame" ? { fault: { at: fault.at, frame: fault.frame } } : {}),
      ...(fault?.kind === "slow" ? { delayMs: fault.delayMs } : {}),
      ...(fault?.kind === "drag" ? { drag: fault } : {}),
    });
    try {
      const choose = passChooser(plan, now);
      let decision: StopDecision | null = null;
      while ((await nextPass(lanes, decision)) && !signal.aborted) {
        const more = choose(passes.map(({ totalNs }) => totalNs));
        if (!more.wanted) break;
        decision = more.decision;
      }
    } finally {
      summary = await lanes.close();
    }
  } catch (error) {
    failure = failureOf(error, first.frames.length);
  }
  const { frames, lastEndNs, receivedNs: lastReceivedNs } = first;
  const firstStartNs = frames.length > 0 ? first.startNs : null;
  const cut = failure === null && frames.length < settings.frames;
  const stopped = cut && signal.aborted ? { frame: frames.length, reason: stopReason(signal) } : null;
  if (cut && stopped === null) {
    failure = {
      stage: "lane",
      frame: frames.length,
      message: `the lanes ended after ${frames.length} of ${formatCounted(settings.frames, "frame")}`,
    };
  }
  return { frames, passes, firstStartNs, summary, failure, stopped, lastEndNs, lastReceivedNs };
}

function stopReason(signal: AbortSignal): string {
  const name = String(signal.reason);
  return name === "SIGINT" ? "Ctrl-C" : /^SIG[A-Z]+$/.test(name) ? name : "a request";
}

/** What ended the lanes, where `frame` frames were there. */
export function failureOf(error: unknown, frame: number): Failure {
  if (error instanceof LaneFailure) {
    const inSetup = error.stage === "setup";
    return { stage: error.stage, frame: inSetup ? null : error.frame, message: error.message };
  }
  return { stage: "lane", frame, message: error instanceof Error ? error.message : String(error) };
}
