/**
 * Why a frame took longer than the others: a label from what was recorded, never a guess.
 *
 * The first that fits, in this order: `gc`, `throttle`, `contention`, `work`, `first-touch`, `unexplained`. Frames are
 * labelled, never dropped. The rules:
 * - Events (collections, throttling, another job) have a start and an end: they explain a frame when they overlap at least
 *   half of its excess over the median.
 * - A sensor's sample speaks for the whole time since the sample before, usually 200 ms. It explains a frame only where the
 *   frame fills at least half of that time and the value is above its limit, or where the value is above the strong limit
 *   and the other frames of that time (two at least, first touches not counted) were slow as well, by at least half of its
 *   excess: what acted all the time shows on all of them.
 * - `work`: counts of the frame rose, and at the usual cost of a unit they account for at least half of the excess.
 * - `first-touch`: the first frame of each lane; of the coordinating thread, which makes frames only while the lanes start,
 *   every frame until the first one that was not slow.
 *
 * Of many passes a frame's time is the median over the steady ones. What comes and goes (`gc`, `throttle`, `contention`)
 * explains it only where it explains the frame in at least half of these passes, each held against its own median; a frame
 * that is slow in every pass without that is `work` or `unexplained`. First touches lie in the warm-up and explain no median.
 */
import type { FrameColumns, Run, RunRecord, SensorSeries } from "../record/schema.ts";
import { mean } from "../statistics/mean.ts";
import { median } from "../statistics/quantile.ts";
import { formatCounted, formatDuration, formatNumber, formatShare, type NumberStyle } from "../text/number.ts";
import type { TypicalColumns } from "./typical.ts";

export type Cause = "gc" | "throttle" | "contention" | "work" | "first-touch" | "unexplained";

export interface CauseLabel {
  readonly cause: Cause;
  /** What was seen, in a few words. */
  readonly evidence: string;
}

/** Times the median from which a frame is slow. */
export const NOTABLE = 1.1;
/** Times a frame's own median from which it is an outlier of its pass. */
export const FAR = 1.5;
/** Share of a frame's excess that a cause must account for, and of a sample's time that a frame must fill. */
const ENOUGH = 0.5;
/** Other frames in the time of a sample that must be there to be slow as well. */
const LEAST_OTHERS = 2;

/** What a sensor says of a frame that fills its time, and of one that is far shorter. */
interface SensorRule {
  readonly name: string;
  readonly cause: Cause;
  readonly limit: number;
  readonly strong: number;
  readonly say: (value: number) => string;
}

const SENSOR_RULES: readonly SensorRule[] = [
  {
    name: "cgroup.throttled",
    cause: "throttle",
    limit: 5,
    strong: 25,
    say: (v) => `the control group was held back ${formatShare(v / 100)} of the time`,
  },
  { name: "cpu.steal", cause: "contention", limit: 2, strong: 10, say: (v) => `steal ${formatShare(v / 100)}` },
  {
    name: "pressure.cpu.some",
    cause: "contention",
    limit: 20,
    strong: 60,
    say: (v) => `CPU pressure ${formatShare(v / 100)}`,
  },
  {
    name: "process.involuntarySwitches",
    cause: "contention",
    limit: 500,
    strong: 2000,
    say: (v) => `${formatNumber(v)} involuntary switches/s`,
  },
];

/** The work of a stage: whichever of its counts rose most. */
const STAGE_WORK = [
  ["fieldNs", [["samples", "samples"]]],
  [
    "surfaceNs",
    [
      ["activeCells", "cells"],
      ["triangles", "triangles"],
    ],
  ],
  [
    "pictureNs",
    [
      ["shadedPixels", "shaded pixels"],
      ["triangles", "triangles"],
    ],
  ],
  ["encodeNs", [["gifBytes", "GIF bytes"]]],
] as const;

/** Frames of one pass, and what went on meanwhile. */
interface Seen {
  readonly run: Run;
  readonly frames: FrameColumns;
  /** ns without waiting for other lanes. */
  readonly worked: Float64Array;
  /** What each would usually take: the median of the pass or, for outliers, that of the same frame over passes. */
  readonly usual: Float64Array;
  /**
   * How much slower the others of a time were: the median of a pass, whose frames differ anyway; the mean for outliers, as a
   * busy machine hits some frames and spares others.
   */
  readonly together: (excesses: readonly number[]) => number;
}

/** Nanoseconds that each frame worked: wall time less waiting for other lanes. */
export function workedNs({ wallNs, waitNs }: Pick<FrameColumns, "wallNs" | "waitNs">): Float64Array {
  return Float64Array.from(wallNs, (wall, i) => wall - (waitNs[i] ?? 0));
}

/** Labels the frame in row `index` of the frame columns, taken as one pass. */
export function causeOf(record: RunRecord, index: number, style: NumberStyle = {}): CauseLabel {
  const seen = seenIn(record.run, record.run.frames);
  return passing(seen, index, style) ?? byWork(seen, index) ?? byFirstTouch(seen, index) ?? UNEXPLAINED;
}

/** Labels the frame in row `index` of the medians over passes. Cost: passes × (events + samples). */
export function causeOverPasses(
  { run }: RunRecord,
  { columns, of }: TypicalColumns,
  index: number,
  style: NumberStyle = {},
): CauseLabel {
  const labels = of.flatMap((frames) => {
    const label = passing(seenIn(run, frames), index, style);
    return label ? [label] : [];
  });
  for (const cause of PASSING) {
    const here = labels.filter((label) => label.cause === cause);
    if (here.length < of.length * ENOUGH) continue;
    const often = `in ${here.length} of ${formatCounted(of.length, "pass")}`;
    return { cause, evidence: `${often}, at first ${here[0]!.evidence}` };
  }
  return (
    byWork(seenIn(run, columns), index) ?? { cause: "unexplained", evidence: `${UNEXPLAINED.evidence} in every pass` }
  );
}

export interface Outlier {
  /** Place in `TypicalColumns.of`. */
  readonly pass: number;
  readonly frame: number;
  readonly ns: number;
  readonly cause: Cause;
}

/**
 * Frames of single passes that took more than `FAR` times the same frame's median over passes. The work is the same in all of
 * them, so that what is left is what came and went. Cost: passes × frames, and events + samples for each that is found.
 */
export function outliersOf({ run }: RunRecord, { columns, of }: TypicalColumns): Outlier[] {
  const usual = workedNs(columns);
  return of.flatMap((frames, pass) => {
    const seen: Seen = { run, frames, worked: workedNs(frames), usual, together: mean };
    return Array.from(seen.worked, (ns, i): Outlier | null => {
      if (ns <= usual[i]! * FAR) return null;
      const cause = passing(seen, i, {})?.cause ?? "unexplained";
      return { pass, frame: frames.frame[i]!, ns, cause };
    }).filter((outlier) => outlier !== null);
  });
}

const UNEXPLAINED: CauseLabel = { cause: "unexplained", evidence: "nothing that was recorded explains it" };

/** Causes that come and go. */
const PASSING = ["gc", "throttle", "contention"] as const satisfies readonly Cause[];

function passing(seen: Seen, index: number, style: NumberStyle): CauseLabel | null {
  return byEvent(seen, index, style) ?? bySensor(seen, index);
}

function excessOf({ worked, usual }: Seen, index: number): number {
  return worked[index]! - usual[index]!;
}

function seenIn(run: Run, frames: FrameColumns): Seen {
  const worked = workedNs(frames);
  return { run, frames, worked, usual: new Float64Array(worked.length).fill(median(worked)), together: median };
}

function byEvent(seen: Seen, index: number, style: NumberStyle): CauseLabel | null {
  const { run, frames } = seen;
  const excess = excessOf(seen, index);
  if (excess <= 0) return null;
  const start = frames.startNs[index]!;
  const end = start + frames.wallNs[index]!;
  const lane = frames.lane[index]!;
  const kinds = [
    ["gc", "gc", "of garbage collection"],
    ["throttle", "throttle", "of throttling"],
    ["overlap", "contention", "beside another job"],
  ] as const;
  for (const [kind, cause, words] of kinds) {
    let overlap = 0;
    let detail: string | undefined;
    for (const event of run.events) {
      if (event.kind !== kind || (kind === "gc" && event.lane !== lane)) continue;
      const both = Math.min(end, event.startNs + event.durationNs) - Math.max(start, event.startNs);
      if (both <= 0) continue;
      overlap += both;
      detail ??= event.detail;
    }
    if (overlap > 0 && overlap >= excess * ENOUGH) {
      const which = kind !== "gc" && detail !== undefined ? ` (${detail})` : "";
      return { cause, evidence: `${formatDuration(overlap, style)} ${words}${which}` };
    }
  }
  return null;
}

function bySensor(seen: Seen, index: number): CauseLabel | null {
  const { run, frames } = seen;
  const excess = excessOf(seen, index);
  if (excess <= 0) return null;
  for (const { name, cause, limit, strong, say } of SENSOR_RULES) {
    const sensor = run.sensors.find((candidate) => candidate.name === name);
    if (!sensor?.available) continue;
    const value = valueFor(sensor, frames, index, limit, (from, to) => {
      const others = othersWithin(seen, index, from, to);
      const slower = others.length >= LEAST_OTHERS ? seen.together(others) : 0;
      return slower > 0 && slower >= excess * ENOUGH ? strong : null;
    });
    if (value !== null) return { cause, evidence: say(value) };
  }
  return null;
}

/** The largest value of a sample that may explain the frame; null where none may. */
function valueFor(
  sensor: SensorSeries,
  frames: FrameColumns,
  index: number,
  limit: number,
  limitOfShort: (from: number, to: number) => number | null,
): number | null {
  const start = frames.startNs[index]!;
  const end = start + frames.wallNs[index]!;
  let most: number | null = null;
  for (const [i, value] of sensor.v.entries()) {
    const to = sensor.tNs[i]!;
    const from = i > 0 ? sensor.tNs[i - 1]! : to - sensor.periodMs * 1e6;
    const both = Math.min(end, to) - Math.max(start, from);
    if (both <= 0 || value < limit) continue;
    const needed = both >= (to - from) * ENOUGH ? limit : limitOfShort(from, to);
    if (needed !== null && value >= needed) most = Math.max(most ?? value, value);
  }
  return most;
}

/** How much longer than usual the other frames took that lie in that time for the most part; first touches are slow anyway. */
function othersWithin(seen: Seen, index: number, from: number, to: number): number[] {
  const { frames, worked } = seen;
  const others: number[] = [];
  for (let i = 0; i < worked.length; i++) {
    const start = frames.startNs[i]!;
    const wall = frames.wallNs[i]!;
    const mostlyWithin = Math.min(start + wall, to) - Math.max(start, from) > wall / 2;
    if (i !== index && mostlyWithin && byFirstTouch(seen, i) === null) others.push(excessOf(seen, i));
  }
  return others;
}

function byWork(seen: Seen, index: number): CauseLabel | null {
  const { frames } = seen;
  const { counts } = seen.run;
  const excess = excessOf(seen, index);
  let explained = 0;
  let evidence = "";
  let best = 0;
  for (const [stage, kinds] of STAGE_WORK) {
    const usualNs = median(frames[stage]);
    const rise = frames[stage][index]! - usualNs;
    let most = 0;
    let words = "";
    for (const [count, unit] of kinds) {
      const usualCount = median(counts[count]);
      const now = counts[count][index]!;
      const more = usualCount > 0 ? now / usualCount - 1 : now > 0 ? Number.POSITIVE_INFINITY : 0;
      if (more <= most) continue;
      most = more;
      words =
        usualCount > 0
          ? more < 1
            ? `${formatShare(more)} more ${unit} than the median frame`
            : `${formatNumber(1 + more)} times the ${unit} of the median frame`
          : `${unit}, of which the median frame has none`;
    }
    const ns = most === Number.POSITIVE_INFINITY ? rise : Math.min(usualNs * most, rise);
    if (most === 0 || ns <= 0) continue;
    explained += ns;
    if (ns > best) {
      best = ns;
      evidence = words;
    }
  }
  return explained > 0 && explained >= excess * ENOUGH ? { cause: "work", evidence } : null;
}

function byFirstTouch({ run, frames, worked, usual }: Seen, index: number): CauseLabel | null {
  const { lane, startNs } = frames;
  const mine = lane[index]!;
  const coordinator = mine >= run.lanes;
  for (let i = 0; i < worked.length; i++) {
    if (lane[i] !== mine || startNs[i]! >= startNs[index]!) continue;
    // Not the first one: only the coordinating thread stays cold, and only until a frame of it was quick.
    if (!coordinator || worked[i]! < usual[i]! * NOTABLE) return null;
  }
  const evidence = coordinator
    ? "made by the coordinating thread while the lanes start and code is cold"
    : `first frame of lane ${mine}`;
  return { cause: "first-touch", evidence };
}
