/** The lanes at work: frames in order, progress on the way, and one description of whatever ended them. */
import type { AnimationSettings } from "@volumark/engine";
import { formatCounted, type RunFacts } from "@volumark/measure";
import { LaneFailure, type LanesSummary, startLanes } from "../lanes/lanes.ts";
import type { Fault } from "./fault.ts";
import { FrameColumns } from "./frame-columns.ts";
import type { GifSpool } from "./gif-spool.ts";

/** What failed, where and why, as the record has it. */
export type Failure = NonNullable<RunFacts["failure"]>;

export interface MakeFramesOptions {
  readonly lanes: number;
  readonly backend: "wasm" | "reference";
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
  /** Since the first frame began. */
  readonly elapsedMs: number;
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

/** The frames that came to be, and why there are no more. */
export interface MadeFrames {
  readonly frames: FrameColumns;
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

/** Starts the lanes and takes the frames in order into the spool until they end, in whatever way. Never throws. */
export async function makeFrames(
  settings: AnimationSettings,
  options: MakeFramesOptions,
  spool: GifSpool,
  { onProgress }: JobHooks,
  now: () => number,
): Promise<MadeFrames> {
  const { signal, fault } = options;
  const frames = new FrameColumns();
  let firstStartNs: number | null = null;
  const stageNs = { field: 0, surface: 0, picture: 0, convert: 0, encode: 0 };
  const startNs = now();
  let lastEndNs = startNs;
  let lastReceivedNs = startNs;
  let summary: LanesSummary | null = null;
  let failure: Failure | null = null;
  const report = () =>
    onProgress?.({
      done: frames.length,
      frames: settings.frames,
      stageNs,
      elapsedMs: (now() - (firstStartNs ?? startNs)) / 1e6,
    });

  report();
  try {
    const lanes = startLanes(settings, {
      lanes: options.lanes,
      backend: options.backend,
      signal,
      ...(fault?.kind === "frame" ? { fault: { at: fault.at, frame: fault.frame } } : {}),
      ...(fault?.kind === "slow" ? { delayMs: fault.delayMs } : {}),
    });
    try {
      for await (const frame of lanes.pass()) {
        const { bytes, times, counts, pictureHash, lane } = frame;
        lastReceivedNs = now();
        if (frames.length === 0) spool.begin(lanes.header);
        const behind = spool.add(bytes);
        frames.add({ frame: frame.frame, lane, times, counts, pictureHash });
        firstStartNs = Math.min(firstStartNs ?? times.startNs, times.startNs);
        for (const name of STAGE_NAMES) stageNs[name] += times[`${name}Ns`];
        lastEndNs = Math.max(lastEndNs, times.startNs + times.wallNs);
        report();
        if (behind) await behind;
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
  return { frames, firstStartNs, summary, failure, stopped, lastEndNs, lastReceivedNs };
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
