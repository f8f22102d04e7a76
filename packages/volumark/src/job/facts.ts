/** From what a run did to the facts that the record is built from. */
import { randomUUID } from "node:crypto";
import {
  type AnimationSettings,
  CLOCK_READINGS_PER_FRAME,
  delayWarning,
  describeSettings,
  frameDelays,
  sceneHash,
  settingsHash,
} from "@volumark/engine";
import { type DerivedValue, type RunCheck, type RunFacts, type RunWarning, recordParameters } from "@volumark/measure";
import { describeTimer } from "@volumark/measure/node";
import type { LanesSummary } from "../lanes/lanes.ts";
import type { GifSpool } from "./gif-spool.ts";
import type { WatchedMachine } from "./machine.ts";
import type { MadeFrames } from "./make-frames.ts";
import type { PassPlan } from "./pass-plan.ts";
import type { DescribedPasses } from "./passes.ts";
import { programCommit, programVersion } from "./version.ts";

export interface RunStory {
  readonly settings: AnimationSettings;
  readonly lanes: number;
  readonly backend: string;
  readonly command: readonly string[];
  /** Where the run is one of a suite. */
  readonly suite?: NonNullable<RunFacts["suite"]>;
  readonly plan: PassPlan;
  readonly now: () => number;
  /** The clock when the run began, and when the process did. */
  readonly originNs: number;
  readonly processStartNs: number;
  /** Unix milliseconds at `originNs`. */
  readonly startedAt: number;
  readonly made: MadeFrames;
  /** SHA-256 of the GIF; null without one. */
  readonly outputHash: string | null;
  /** Null where there was one pass. */
  readonly passes: DescribedPasses | null;
  /** Complete, or empty where no frame was made. */
  readonly spool: GifSpool;
  readonly gifName: string;
  /** The clock at the last byte of the GIF. */
  readonly finishedNs: number;
  readonly machine: WatchedMachine;
  readonly checks: readonly RunCheck[];
  /** Of what was asked for and of what came out. */
  readonly warnings: readonly RunWarning[];
}

/** Everything that the record says, but for a failure or a stop. */
export function runFacts(story: RunStory): Omit<RunFacts, "failure" | "stopped"> {
  const { settings, made, machine, spool, passes } = story;
  const { firstStartNs, summary } = made;
  const some = made.frames.length > 0;
  const shown = passes ? passes.all[passes.representative] : undefined;
  const finishedNs = shown ? shown.startNs + shown.totalNs : story.finishedNs;
  const framesMade = made.frames.length * Math.max(1, made.passes.length);
  return {
    id: randomUUID(),
    startedAt: story.startedAt,
    originNs: story.originNs,
    command: story.command,
    version: programVersion(),
    ...programCommit(),
    ...(story.suite ? { suite: story.suite } : {}),
    plan: planFacts(story.plan),
    width: settings.width,
    height: settings.height,
    dimension: settings.dimension,
    frames: settings.frames,
    fps: settings.fps,
    settings: describeSettings(settings),
    parameters: recordParameters(settings.scene.parameters),
    settingsHash: settingsHash(settings),
    sceneHash: sceneHash(settings.scene),
    outputHash: story.outputHash,
    lanes: summary?.lanes ?? story.lanes,
    backend: story.backend,
    timer: describeTimer(story.now),
    made: shown?.made ?? made.frames,
    ...(passes ? { passes: passes.all, representativePass: passes.representative } : {}),
    gif: { bytes: spool, filename: story.gifName, frameCount: made.frames.length, finishedNs },
    systemInfo: machine.systemInfo,
    environment: machine.environment,
    sensors: machine.sensors,
    events: [...(summary?.collections ?? []), ...machine.events].sort((a, b) => a.startNs - b.startNs),
    warnings: [...settingsWarnings(settings), ...story.warnings],
    checks: story.checks,
    overheads: {
      startUpNs: firstStartNs === null ? null : firstStartNs - story.processStartNs,
      compileNs: summary?.compileNs ?? null,
      paletteNs: summary?.paletteNs ?? null,
      finishNs: some ? story.finishedNs - made.lastEndNs : null,
    },
    instruments: { ...machine.instruments, timerCalls: framesMade * CLOCK_READINGS_PER_FRAME },
    derived: {
      peakKernelBytes: fromSummary(summary, "peakKernelBytes", "bytes", "most kernel memory that one lane used"),
      laneStart: fromSummary(summary, "laneStartNs", "ns", "from starting the lanes to the first one that is ready"),
    },
  };
}

function planFacts(plan: PassPlan): NonNullable<RunFacts["plan"]> {
  return plan.kind === "fixed" ? { kind: plan.kind, passes: plan.count } : { ...plan };
}

/** What is known beforehand to come out otherwise than expected. */
function settingsWarnings({ frames, fps }: AnimationSettings): RunWarning[] {
  const warning = delayWarning(frameDelays(frames, fps));
  return warning ? [warning] : [];
}

function fromSummary(
  summary: LanesSummary | null,
  name: "peakKernelBytes" | "laneStartNs",
  unit: string,
  algorithm: string,
): DerivedValue {
  if (summary && summary[name] !== null) return { value: summary[name], unit, algorithm };
  const reason = summary ? "no thread beside the coordinating one came to be ready" : "the lanes did not start";
  return { value: null, unit, algorithm, reason };
}
