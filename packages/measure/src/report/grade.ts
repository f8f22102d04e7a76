/**
 * How far a run's numbers can be trusted: a grade that is a pure function of listed checks.
 *
 * A: every check holds. Each failed check caps the grade and says what was seen and what to do about it.
 */
import type { RunRecord } from "../record/schema.ts";
import { sum } from "../statistics/mean.ts";
import { median } from "../statistics/quantile.ts";
import { formatDuration, formatShare, type NumberStyle } from "../text/number.ts";

export type GradeLetter = "A" | "B" | "C" | "D";

export interface FailedCheck {
  readonly code: string;
  /** The best grade that is left. */
  readonly cap: GradeLetter;
  readonly evidence: string;
  readonly action: string;
}

export interface Grade {
  readonly letter: GradeLetter;
  /** The weightiest first. */
  readonly failed: readonly FailedCheck[];
  readonly checked: number;
}

export function gradeRun(record: RunRecord, style: NumberStyle = {}): Grade {
  const results = CHECKS.map((check) => check(record, style));
  const failed = results
    .filter((result) => result !== null)
    .sort((a, b) => (a.cap < b.cap ? 1 : a.cap > b.cap ? -1 : 0));
  return { letter: failed[0]?.cap ?? "A", failed, checked: results.length };
}

/** Nanoseconds that measuring took, inside frames and beside them. */
export function instrumentNs({ run }: RunRecord): number {
  return run.instruments.timerCalls * run.timer.costNs + run.instruments.samplerNs;
}

type Check = (record: RunRecord, style: NumberStyle) => FailedCheck | null;

const CHECKS: readonly Check[] = [
  ({ benchmark_data, error }) =>
    benchmark_data.error_occurred
      ? { code: "failed", cap: "D", evidence: error ?? "the run failed", action: "Remove the cause and run again." }
      : null,
  ({ frame_count, benchmark_data }) => {
    const asked = benchmark_data.simulation_settings.num_frames;
    return frame_count < asked
      ? { code: "incomplete", cap: "D", evidence: `${frame_count} of ${asked} frames`, action: "Run again to the end." }
      : null;
  },
  ({ run }) => {
    const wrong = run.checks.filter(({ passed }) => passed === false);
    return wrong.length > 0
      ? {
          code: "wrong-result",
          cap: "D",
          evidence: wrong.map(({ name, evidence }) => `${name}: ${evidence}`).join("; "),
          action: "Do not compare this run; the result itself is not right.",
        }
      : null;
  },
  ({ run }) =>
    run.settingsHash !== null && run.outputHash !== null && run.pictureHashes.every((hash) => hash !== "")
      ? null
      : {
          code: "no-hashes",
          cap: "C",
          evidence: "settings, output or pictures have no hash",
          action: "Run with hashes, so that two runs can be shown to do the same work.",
        },
  ({ run }, style) => {
    const wall = sum(run.frames.wallNs);
    const lost = sum(run.frames.unaccountedNs.map(Math.abs));
    return wall > 0 && lost > wall * 0.02
      ? {
          code: "not-closed",
          cap: "C",
          evidence: `${formatDuration(lost, style)} (${formatShare(lost / wall)}) of the frames belongs to no stage`,
          action: "Look for work between the stages, or for a lane that was held up.",
        }
      : null;
  },
  () => ({
    code: "one-pass",
    cap: "C",
    evidence: "one pass: no interval, no noise floor, no steady state",
    action: "Repeat the run and compare the times before relying on a difference.",
  }),
  ({ run }) => {
    const steal = run.sensors.find(({ name }) => name === "cpu.steal");
    const most = steal?.available ? Math.max(...steal.v) : 0;
    return most > 2
      ? {
          code: "steal",
          cap: "C",
          evidence: `other virtual machines took up to ${formatShare(most / 100)} of the processors`,
          action: "Run again at a quieter time, or on a machine of your own.",
        }
      : null;
  },
  ({ run }) => {
    const held = run.sensors.find(({ name }) => name === "cgroup.throttled");
    const most = held?.available ? Math.max(...held.v) : 0;
    return most > 0
      ? {
          code: "throttled",
          cap: "C",
          evidence: `the control group held the run back up to ${formatShare(most / 100)} of the time`,
          action: "Raise the processor quota, or use fewer lanes.",
        }
      : null;
  },
  ({ run, benchmark_data }, style) => {
    const total = benchmark_data.performance_metrics.total_time * 1e9;
    const cost = instrumentNs({ run } as RunRecord);
    return total > 0 && cost > total * 0.005
      ? {
          code: "instruments",
          cap: "B",
          evidence: `measuring took ${formatDuration(cost, style)}, ${formatShare(cost / total)} of the run`,
          action: "Sample less often, or make the run longer.",
        }
      : null;
  },
  ({ run }, style) => {
    if (run.frames.frame.length === 0) return null;
    const shortest = Math.min(
      ...[run.frames.fieldNs, run.frames.surfaceNs, run.frames.pictureNs].map(median).filter((ns) => ns > 0),
    );
    return Number.isFinite(shortest) && shortest < run.timer.resolutionNs * 100
      ? {
          code: "coarse-timer",
          cap: "B",
          evidence: `the shortest stage takes ${formatDuration(shortest, style)}, and the clock steps by ${formatDuration(run.timer.resolutionNs, style)}`,
          action: "Use a larger dimension or resolution.",
        }
      : null;
  },
  ({ run }) => {
    const seen = run.sensors.some(({ name, available }) => available && /^(cpu\.frequency|temperature)/.test(name));
    return seen
      ? null
      : {
          code: "clocks-unseen",
          cap: "B",
          evidence: "neither clock nor temperature can be read here, so a slower clock would not be seen",
          action: "Run on a machine that shows them to confirm a small difference.",
        };
  },
];
