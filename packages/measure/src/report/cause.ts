/**
 * Why a frame took longer than the others: a label from what was recorded, never a guess.
 *
 * The first that fits, in this order: `gc`, `throttle`, `contention`, `work`, `first-touch`, `unexplained`. Frames are
 * labelled, never dropped.
 */
import type { RunRecord, SensorSeries } from "../record/schema.ts";
import { median } from "../statistics/quantile.ts";
import { formatDuration, formatNumber, formatShare, type NumberStyle } from "../text/number.ts";

export type Cause = "gc" | "throttle" | "contention" | "work" | "first-touch" | "unexplained";

export interface CauseLabel {
  readonly cause: Cause;
  /** What was seen, in a few words. */
  readonly evidence: string;
}

/** Share of a frame's excess over the median that a cause must account for. */
const ENOUGH = 0.25;
/** Percent of processor time taken by other virtual machines, and of time that tasks waited for a processor. */
const STEAL_PERCENT = 2;
const PRESSURE_PERCENT = 20;
const SWITCHES_PER_SECOND = 500;

const STAGE_WORK = [
  ["fieldNs", "samples", "samples"],
  ["surfaceNs", "activeCells", "cells"],
  ["pictureNs", "shadedPixels", "pixels"],
  ["encodeNs", "gifBytes", "GIF bytes"],
] as const;

/** Nanoseconds that each frame worked: wall time less waiting for other lanes. */
export function workedNs(record: RunRecord): Float64Array {
  const { wallNs, waitNs } = record.run.frames;
  return Float64Array.from(wallNs, (wall, i) => wall - (waitNs[i] ?? 0));
}

/** Labels the frame in row `index` of the frame columns. */
export function causeOf(
  record: RunRecord,
  index: number,
  worked: Float64Array = workedNs(record),
  style: NumberStyle = {},
): CauseLabel {
  const { frames, events } = record.run;
  const excess = worked[index]! - median(worked);
  const start = frames.startNs[index]!;
  const end = start + frames.wallNs[index]!;
  const lane = frames.lane[index]!;

  let collected = 0;
  for (const event of events) {
    const overlap = Math.min(end, event.startNs + event.durationNs) - Math.max(start, event.startNs);
    if (overlap <= 0) continue;
    if (event.kind === "gc" && event.lane === lane) collected += overlap;
    if (event.kind === "throttle") return { cause: "throttle", evidence: event.detail ?? "the machine was throttled" };
    if (event.kind === "overlap") return { cause: "contention", evidence: event.detail ?? "another job ran" };
  }
  if (collected > 0 && collected >= excess * ENOUGH) {
    return { cause: "gc", evidence: `${formatDuration(collected, style)} of garbage collection` };
  }
  const during = (name: string) =>
    valueDuring(
      record.run.sensors.find((sensor) => sensor.name === name),
      start,
      end,
    );
  const throttled = during("cgroup.throttled");
  if (throttled > 0)
    return {
      cause: "throttle",
      evidence: `the control group was held back ${formatShare(throttled / 100)} of the time`,
    };
  const steal = during("cpu.steal");
  if (steal >= STEAL_PERCENT) return { cause: "contention", evidence: `steal ${formatShare(steal / 100)}` };
  const pressure = during("pressure.cpu.some");
  if (pressure >= PRESSURE_PERCENT)
    return { cause: "contention", evidence: `CPU pressure ${formatShare(pressure / 100)}` };
  const switches = during("process.involuntarySwitches");
  if (switches >= SWITCHES_PER_SECOND)
    return { cause: "contention", evidence: `${formatNumber(switches)} involuntary switches/s` };
  const work = moreWork(record, index, excess);
  if (work) return work;
  if (firstOfLane(record, index)) return { cause: "first-touch", evidence: `first frame of lane ${lane}` };
  return { cause: "unexplained", evidence: "nothing that was recorded explains it" };
}

/** The largest value of the samples that cover a span: one sample stands for the time since the sample before. */
function valueDuring(sensor: SensorSeries | undefined, start: number, end: number): number {
  if (!sensor?.available) return 0;
  let most = 0;
  for (let i = 0; i < sensor.v.length; i++) {
    const from = i > 0 ? sensor.tNs[i - 1]! : sensor.tNs[i]! - sensor.periodMs * 1e6;
    if (sensor.tNs[i]! >= start && from <= end) most = Math.max(most, sensor.v[i]!);
  }
  return most;
}

/** Whether the stage that grew most grew because it had more to do. */
function moreWork(record: RunRecord, index: number, excess: number): CauseLabel | null {
  const { frames, counts } = record.run;
  let explained = 0;
  let evidence = "";
  let best = 0;
  for (const [stage, count, unit] of STAGE_WORK) {
    const usualNs = median(frames[stage]);
    const usualCount = median(counts[count]);
    if (!(usualCount > 0)) continue;
    const more = counts[count][index]! / usualCount - 1;
    const ns = Math.min(usualNs * more, frames[stage][index]! - usualNs);
    if (ns <= 0) continue;
    explained += ns;
    if (ns > best) {
      best = ns;
      evidence = `${formatShare(more)} more ${unit} than the median frame`;
    }
  }
  return explained > 0 && explained >= excess * ENOUGH ? { cause: "work", evidence } : null;
}

function firstOfLane(record: RunRecord, index: number): boolean {
  const { lane, startNs } = record.run.frames;
  return lane.every((other, i) => other !== lane[index] || startNs[i]! >= startNs[index]!);
}
