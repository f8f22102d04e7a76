/**
 * The lanes at work: frames in order, pass after pass, progress on the way, and one description of whatever ended them.
 *
 * The first pass is the GIF. Every other one is made alike, hashed and dropped; only its times are kept.
 */
import { createHash } from "node:crypto";
import { type AnimationSettings, GIF_TRAILER } from "@volumark/engine";
import { createCanary, formatCounted, median, type RunFacts, type StopDecision } from "@volumark/measure";
import { LaneFailure, type LaneFrame, type Lanes, type LanesSummary, startLanes } from "../lanes/lanes.ts";
import type { Fault } from "./fault.ts";
import { FrameColumns } from "./frame-columns.ts";
import type { GifSpool } from "./gif-spool.ts";
import { type PassPlan, passChooser } from "./pass-plan.ts";

/** What failed, where and why, as the record has it. */
export type Failure = NonNullable<RunFacts["failure"]>;

export interface MakeFramesOptions {
  readonly lanes: number;
  readonly backend: "wasm" | "reference";
  /** How often the animation is made. */
  readonly plan: PassPlan;
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
  readonly onPhase?: (phase: JobPhase) => void;
  /**
   * Called once, before any work, with what ends the run here and now: it keeps what can be kept without waiting and
   * returns what that is, in a sentence. The process has to end after it.
   */
  readonly onStart?: (endNow: () => string) => void;
  /** The last frame is there and timed; what follows (describing the machine, files) mostly waits. */
  readonly onMade?: () => void;
}

export const STAGE_NAMES = ["field", "surface", "picture", "convert", "encode"] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** One complete pass. */
export interface MadePass {
  readonly startNs: number;
  readonly totalNs: number;
  /** Median of the runs just before it; null where there is one pass only. */
  readonly canaryNs: number | null;
  /** SHA-256 of its GIF; null for the first, whose GIF lies in the spool. */
  readonly outputHash: string | null;
  readonly frames: FrameColumns;
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

/** Runs of the canary before a pass; their median counts. */
const CANARY_RUNS = 3;

/** Starts the lanes and takes the frames of the first pass in order into the spool; then makes the other passes. Never throws. */
export async function makeFrames(
  settings: AnimationSettings,
  options: MakeFramesOptions,
  spool: GifSpool,
  { onProgress }: JobHooks,
  now: () => number,
): Promise<MadeFrames> {
  const { signal, fault, plan } = options;
  const frames = new FrameColumns();
  const passes: MadePass[] = [];
  let firstStartNs: number | null = null;
  const startNs = now();
  let lastEndNs = startNs;
  let lastReceivedNs = startNs;
  let summary: LanesSummary | null = null;
  let failure: Failure | null = null;
  const canary = plan.kind === "once" ? null : createCanary(now);

  const makePass = async (lanes: Lanes, decision: StopDecision | null): Promise<boolean> => {
    const first = passes.length === 0;
    const columns = first ? frames : new FrameColumns();
    const sink = first ? spool : createHasher();
    const canaryNs = canary ? median(Float64Array.from({ length: CANARY_RUNS }, canary.run)) : null;
    const stageNs = { field: 0, surface: 0, picture: 0, convert: 0, encode: 0 };
    const begunNs = now();
    let passStartNs = Number.POSITIVE_INFINITY;
    let receivedNs = begunNs;
    const report = () =>
      onProgress?.({
        done: columns.length,
        frames: settings.frames,
        stageNs,
        elapsedMs: (now() - Math.min(begunNs, passStartNs)) / 1e6,
        ...(canary ? { pass: { index: passes.length, decision } } : {}),
      });
    report();
    for await (const { bytes, times, counts, pictureHash, lane, frame } of lanes.pass() as AsyncIterable<LaneFrame>) {
      receivedNs = now();
      if (columns.length === 0) sink.begin(lanes.header);
      const behind = sink.add(bytes);
      columns.add({ frame, lane, times, counts, pictureHash });
      passStartNs = Math.min(passStartNs, times.startNs);
      for (const name of STAGE_NAMES) stageNs[name] += times[`${name}Ns`];
      if (first) {
        firstStartNs = passStartNs;
        lastReceivedNs = receivedNs;
        lastEndNs = Math.max(lastEndNs, times.startNs + times.wallNs);
      }
      report();
      if (behind) await behind;
    }
    if (columns.length < settings.frames) return false;
    const outputHash = sink === spool ? null : (sink as ReturnType<typeof createHasher>).end();
    passes.push({ startNs: passStartNs, totalNs: receivedNs - passStartNs, canaryNs, outputHash, frames: columns });
    return true;
  };

  try {
    const lanes = startLanes(settings, {
      lanes: options.lanes,
      backend: options.backend,
      // What is measured pass after pass is not measured on the thread that watches the machine.
      help: plan.kind === "once",
      signal,
      ...(fault?.kind === "frame" ? { fault: { at: fault.at, frame: fault.frame } } : {}),
      ...(fault?.kind === "slow" ? { delayMs: fault.delayMs } : {}),
    });
    try {
      const choose = passChooser(plan, now);
      let decision: StopDecision | null = null;
      while ((await makePass(lanes, decision)) && !signal.aborted) {
        const more = choose(passes.map(({ totalNs }) => totalNs));
        if (!more.wanted) break;
        decision = more.decision;
      }
    } finally {
      summary = await lanes.close();
    }
  } catch (error) {
    failure = failureOf(error, frames.length);
  }
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

/** Takes a GIF as the spool does, and keeps its hash only. */
function createHasher() {
  const hash = createHash("sha256");
  return {
    begin: (header: Uint8Array) => void hash.update(header),
    add: (bytes: Uint8Array): Promise<void> | null => {
      hash.update(bytes);
      return null;
    },
    end: () => hash.update(GIF_TRAILER).digest("hex"),
  };
}

function stopReason(signal: AbortSignal): string {
  const name = String(signal.reason);
  return name === "SIGINT" ? "Ctrl-C" : /^SIG[A-Z]+$/.test(name) ? name : "a request";
}

function failureOf(error: unknown, frame: number): Failure {
  if (error instanceof LaneFailure) {
    const inSetup = error.stage === "setup";
    return { stage: error.stage, frame: inSetup ? null : error.frame, message: error.message };
  }
  return { stage: "lane", frame, message: error instanceof Error ? error.message : String(error) };
}
