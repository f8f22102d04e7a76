/**
 * What else is known of each frame, one lane each under the map of the stages: its work, and what the machine did meanwhile.
 *
 * A sample of a sensor speaks for the time since the sample before; a frame gets the greatest value of those that overlap it.
 * A lane without values stays, with the reason.
 */
import { type ForeignRecord, isOwn, type RunRecord, type SensorSeries } from "@volumark/measure";
import type { FrameTable } from "./frame-table.ts";

export interface FrameLane {
  readonly name: string;
  readonly label: string;
  /** As records name them: `ns`, `bytes`, `%`, `MHz`, `1` for pure numbers. */
  readonly unit: string;
  /** One a frame, NaN where nothing is known of it; null where nothing is known at all. */
  readonly values: Float64Array | null;
  /** Of all frames of which something is known; NaN for none. */
  readonly least: number;
  readonly most: number;
  /** Where the values come from, or why there are none. */
  readonly note: string;
  /** Whether a lower value is better. */
  readonly lowerIsBetter: boolean;
}

const COUNTS = [
  ["triangles", "triangles", "1"],
  ["gifBytes", "GIF bytes", "bytes"],
] as const;

/** Sensors of each lane: the first that was available. */
const SENSORS = [
  { name: "cpu", label: "CPU", unit: "%", of: /^cpu\.utilization$/ },
  { name: "steal", label: "steal", unit: "%", of: /^cpu\.steal$/ },
  { name: "memory", label: "memory", unit: "bytes", of: /^process\.rss$|^memory\.used$/ },
  { name: "gpu", label: "GPU", unit: "%", of: /^gpu\..*utilization$|^gpu\.(nvidia|amd|intel)$/ },
  { name: "clock", label: "clock", unit: "MHz", of: /^cpu\.frequency$/ },
] as const;

/** Cost: frames + samples for each lane, and frames × log(events). */
export function frameLanes(record: RunRecord | ForeignRecord, table: FrameTable): FrameLane[] {
  return lanesOf(record, table).map(withRange);
}

type Lane = Omit<FrameLane, "least" | "most">;

function lanesOf(record: RunRecord | ForeignRecord, table: FrameTable): Lane[] {
  if (!isOwn(record)) {
    const note = "another program wrote this record, which has no counts, events or sensors";
    return [...COUNTS.map(([name, label, unit]) => ({ name, label, unit })), gcLane(), ...SENSORS].map(
      ({ name, label, unit }) => ({ name, label, unit, values: null, note, lowerIsBetter: name !== "clock" }),
    );
  }
  const { run } = record;
  const counts = COUNTS.map(([name, label, unit]): Lane => {
    const column = run.counts[name];
    const known = column.length === table.frame.length;
    return {
      name,
      label,
      unit,
      values: known ? Float64Array.from(column) : null,
      note: known ? "counted, the same in every pass" : `${column.length} counts for ${table.frame.length} frames`,
      lowerIsBetter: true,
    };
  });
  return [...counts, collections(record, table), ...SENSORS.map((lane) => sensorLane(run.sensors, table, lane))];
}

function withRange(lane: Lane): FrameLane {
  let [least, most] = [Number.NaN, Number.NaN];
  for (const value of lane.values ?? []) {
    if (Number.isNaN(value)) continue;
    if (!(value >= least)) least = value;
    if (!(value <= most)) most = value;
  }
  return { ...lane, least, most };
}

function gcLane() {
  return { name: "gc", label: "GC", unit: "ns" };
}

/** ns of garbage collection within each frame, on the lane that made it. */
function collections({ run }: RunRecord, { startNs, spanNs, lane, frame }: FrameTable): Lane {
  const shape = { ...gcLane(), lowerIsBetter: true };
  if (!startNs) return { ...shape, values: null, note: "starts of frames were not recorded" };
  const events = run.events.filter(({ kind }) => kind === "gc");
  const values = new Float64Array(frame.length);
  const byLane = new Map<number, { startNs: number; durationNs: number }[]>();
  for (const { lane: on, startNs: at, durationNs } of events) {
    if (on === null) continue;
    const list = byLane.get(on) ?? [];
    list.push({ startNs: at, durationNs });
    byLane.set(on, list);
  }
  for (const list of byLane.values()) list.sort((a, b) => a.startNs - b.startNs);
  for (let i = 0; i < values.length; i++) {
    const list = byLane.get(lane?.[i] ?? 0);
    if (!list) continue;
    const start = startNs[i]!;
    const end = start + spanNs[i]!;
    // Collections of one thread don't overlap: those that matter end after the frame's start.
    let e = firstIndex(list.length, (k) => list[k]!.startNs + list[k]!.durationNs > start);
    for (; e < list.length && list[e]!.startNs < end; e++) {
      const { startNs: from, durationNs } = list[e]!;
      values[i]! += Math.min(end, from + durationNs) - Math.max(start, from);
    }
  }
  return { ...shape, values, note: `${events.length} collections in the whole run, those of the frame's own lane` };
}

function sensorLane(
  sensors: readonly SensorSeries[],
  { startNs, spanNs, frame }: FrameTable,
  { name, label, unit, of }: (typeof SENSORS)[number],
): Lane {
  const mine = sensors.filter((sensor) => of.test(sensor.name));
  const sensor = mine.find(({ available, v }) => available && v.length > 0);
  const lowerIsBetter = name !== "clock";
  if (!sensor || !startNs) {
    const note = startNs
      ? [...new Set(mine.map(({ reason }) => reason ?? "it gave no sample"))].join("; ") || "no such sensor was read"
      : "starts of frames were not recorded";
    return { name, label, unit, values: null, note, lowerIsBetter };
  }
  const { tNs, v, periodMs } = sensor;
  const values = new Float64Array(frame.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const start = startNs[i]!;
    const end = start + spanNs[i]!;
    let s = firstIndex(tNs.length, (k) => tNs[k]! > start);
    let most = Number.NaN;
    for (; s < tNs.length; s++) {
      const from = s > 0 ? tNs[s - 1]! : tNs[s]! - periodMs * 1e6;
      if (from >= end) break;
      if (!(v[s]! <= most)) most = v[s]!;
    }
    values[i] = most;
  }
  const note = `${sensor.name} from ${sensor.source}, every ${sensor.periodMs} ms, n = ${v.length}`;
  return { name, label, unit: sensor.unit, values, note, lowerIsBetter };
}

/** The first of 0 to `count` for which `holds`, which is false up to there and true from there; `count` for none. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
