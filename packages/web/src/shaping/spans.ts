/**
 * A run as spans on a clock: for each lane its frames and inside them the stages, the wait in the queue for another lane, and
 * what else took time (start, collections of garbage).
 *
 * Within a frame only durations were measured: its stages are laid end to end in the order in which they happen, as in the trace.
 */
import { type ForeignRecord, isOwn, PARTS_IN_TIME, type RunRecord } from "@volumark/measure";
import { knownView } from "./frame-table.ts";

/** What a span is: places in `SPAN_KINDS`. */
export const SPAN_KINDS = [
  ...PARTS_IN_TIME,
  "unaccounted",
  "gc",
  "throttle",
  "overlap",
  "event",
  "pass",
  "start",
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export interface SpanRow {
  readonly label: string;
  /** ns since the start of the run; starts ascend. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Place in `SPAN_KINDS`. */
  readonly kind: Uint8Array;
  /** Frame number; −1 where it belongs to none. */
  readonly frame: Float64Array;
  /** From 0; −1 where it belongs to none. */
  readonly pass: Int32Array;
}

export interface SpanTable {
  readonly rows: readonly SpanRow[];
  /** ns since the start of the run. */
  readonly startNs: number;
  readonly endNs: number;
  /** Frames that were made, over all passes. */
  readonly frames: number;
  readonly passes: number;
  /** What is not as it was measured, a sentence each. */
  readonly notes: readonly string[];
}

const KIND = Object.fromEntries(SPAN_KINDS.map((kind, i) => [kind, i])) as Readonly<Record<SpanKind, number>>;

/** Null without a frame. Cost: 9 spans a frame. */
export function spanTable(record: RunRecord | ForeignRecord): SpanTable | null {
  const { passes, missing } = knownView(record);
  if (passes.length === 0) return null;
  const notes = ["Within a frame only durations were measured: its stages are laid end to end in their order."];
  const placed = passes.every(({ frameStartNs }) => frameStartNs !== null);
  if (!placed) notes.push("Starts of frames were not recorded: the frames are laid end to end.", ...missing);
  const lanes = new Map<number, Builder>();
  const whole = new Builder();
  let frames = 0;
  let [startNs, endNs] = [Number.POSITIVE_INFINITY, 0];
  let next = 0;
  for (const [p, { frame, wallNs, lane, frameStartNs, parts, startNs: passStart, totalNs }] of passes.entries()) {
    const from = passStart ?? next;
    for (let i = 0; i < frame.length; i++) {
      const on = lane?.[i] ?? 0;
      let builder = lanes.get(on);
      if (!builder) {
        builder = new Builder();
        lanes.set(on, builder);
      }
      const start = frameStartNs?.[i] ?? next;
      const end = start + wallNs[i]!;
      next = end;
      let at = start;
      for (const part of PARTS_IN_TIME) {
        const ns = parts[part]?.[i] ?? 0;
        if (ns <= 0) continue;
        builder.add(at, Math.min(end, at + ns), KIND[part], frame[i]!, p);
        at = Math.min(end, at + ns);
      }
      if (end > at) builder.add(at, end, KIND.unaccounted, frame[i]!, p);
      if (start < startNs) startNs = start;
      if (end > endNs) endNs = end;
      frames++;
    }
    if (frame.length > 0) whole.add(from, from + (passStart === null ? next - from : totalNs), KIND.pass, -1, p);
    endNs = Math.max(endNs, passStart === null ? next : from + totalNs);
  }
  if (!Number.isFinite(startNs)) return null;
  const rows: SpanRow[] = [];
  if (passes.length > 1) rows.push(whole.row("passes"));
  for (const on of [...lanes.keys()].sort((a, b) => a - b)) rows.push(lanes.get(on)!.row(laneLabel(record, on)));
  if (isOwn(record)) {
    const events = eventRows(record);
    rows.push(...events);
    for (const { start, end } of events) {
      if (start.length > 0) startNs = Math.min(startNs, start[0]!);
      for (const ns of end) endNs = Math.max(endNs, ns);
    }
  }
  return { rows, startNs, endNs, frames, passes: passes.length, notes };
}

function laneLabel(record: RunRecord | ForeignRecord, lane: number): string {
  return isOwn(record) && lane >= record.run.lanes ? "coordinator" : `lane ${lane}`;
}

/** Events of each thread on a row of their own: they overlap the stages. */
function eventRows(record: RunRecord): SpanRow[] {
  const byLane = new Map<number | null, Builder>();
  for (const { kind, lane, startNs, durationNs } of record.run.events.toSorted((a, b) => a.startNs - b.startNs)) {
    let builder = byLane.get(lane);
    if (!builder) {
      builder = new Builder();
      byLane.set(lane, builder);
    }
    const known = kind === "gc" || kind === "throttle" || kind === "overlap" ? kind : "event";
    builder.add(startNs, startNs + durationNs, KIND[known], -1, -1);
  }
  return [...byLane]
    .sort(([a], [b]) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY))
    .map(([lane, builder]) => builder.row(lane === null ? "machine" : `events ${lane}`));
}

/** Indices of the spans of a row that reach into a window: `[from, to)`; a few before it may end too early. */
export function spansWithin({ start, end }: SpanRow, fromNs: number, toNs: number): readonly [number, number] {
  let [low, high] = [0, start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle]! <= fromNs) low = middle + 1;
    else high = middle;
  }
  let first = Math.max(0, low - 1);
  while (first > 0 && end[first - 1]! > fromNs) first--;
  let [left, right] = [first, start.length];
  while (left < right) {
    const middle = (left + right) >> 1;
    if (start[middle]! < toNs) left = middle + 1;
    else right = middle;
  }
  return [first, left];
}

/** Spans as they come, grown by doubling. */
class Builder {
  #start = new Float64Array(64);
  #end = new Float64Array(64);
  #kind = new Uint8Array(64);
  #frame = new Float64Array(64);
  #pass = new Int32Array(64);
  #length = 0;

  add(start: number, end: number, kind: number, frame: number, pass: number): void {
    if (this.#length === this.#start.length) this.#grow();
    const i = this.#length++;
    this.#start[i] = start;
    this.#end[i] = end;
    this.#kind[i] = kind;
    this.#frame[i] = frame;
    this.#pass[i] = pass;
  }

  /** In the order of their starts. */
  row(label: string): SpanRow {
    const length = this.#length;
    let ordered = true;
    for (let i = 1; i < length && ordered; i++) ordered = this.#start[i - 1]! <= this.#start[i]!;
    const order = ordered
      ? null
      : Uint32Array.from({ length }, (_, i) => i).sort((a, b) => this.#start[a]! - this.#start[b]!);
    const pick = <Column extends Float64Array | Uint8Array | Int32Array>(column: Column): Column => {
      const cut = column.slice(0, length) as Column;
      if (order) for (let i = 0; i < length; i++) cut[i] = column[order[i]!]!;
      return cut;
    };
    return {
      label,
      start: pick(this.#start),
      end: pick(this.#end),
      kind: pick(this.#kind),
      frame: pick(this.#frame),
      pass: pick(this.#pass),
    };
  }

  #grow(): void {
    const size = this.#start.length * 2;
    const into = <Column extends Float64Array | Uint8Array | Int32Array>(next: Column, old: Column): Column => {
      next.set(old);
      return next;
    };
    this.#start = into(new Float64Array(size), this.#start);
    this.#end = into(new Float64Array(size), this.#end);
    this.#kind = into(new Uint8Array(size), this.#kind);
    this.#frame = into(new Float64Array(size), this.#frame);
    this.#pass = into(new Int32Array(size), this.#pass);
  }
}
