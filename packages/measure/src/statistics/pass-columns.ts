/**
 * The stages of many passes as flat arrays, frame i of each pass in the same place.
 */
import { passesOf, STAGE_COLUMNS, steadyPassesOf } from "../record/passes.ts";
import type { Pass, RunRecord } from "../record/schema.ts";

/** The stages of a frame, and `other`: the frame's wall time less those, which is waiting, hashing and what no stage owns. */
export const COMPARED_STAGES = [...(Object.keys(STAGE_COLUMNS) as (keyof typeof STAGE_COLUMNS)[]), "other"] as const;

export type ComparedStage = (typeof COMPARED_STAGES)[number];

export interface PassColumns {
  readonly passes: number;
  /** Numbers of the frames that every pass has, ascending. */
  readonly frames: readonly number[];
  /** ns, one a pass. */
  readonly totals: Float64Array;
  /** ns: frame f of pass p is at p × frames + f. */
  readonly stages: Readonly<Record<ComparedStage, Float64Array>>;
}

/** The steady passes of a run as columns; with `frames`, of those frames only. */
export function steadyColumnsOf(record: RunRecord, frames?: readonly number[]): PassColumns {
  return passColumns(steadyPassesOf(record), frames);
}

export function passColumns(passes: readonly Pass[], only?: readonly number[]): PassColumns {
  const common = commonFrames(passes);
  const frames = only ? framesIn(only, common) : common;
  const count = frames.length;
  const stages = Object.fromEntries(
    COMPARED_STAGES.map((stage) => [stage, new Float64Array(passes.length * count)]),
  ) as Record<ComparedStage, Float64Array>;
  for (let p = 0; p < passes.length; p++) {
    const columns = passes[p]!.frames;
    const place = placesOf(columns.frame, frames);
    const rest = stages.other.subarray(p * count, (p + 1) * count);
    for (let f = 0; f < count; f++) rest[f] = columns.wallNs[place ? place[f]! : f]!;
    for (const [stage, name] of Object.entries(STAGE_COLUMNS)) {
      const [from, to] = [columns[name], stages[stage as ComparedStage]];
      for (let f = 0; f < count; f++) {
        const ns = from[place ? place[f]! : f]!;
        to[p * count + f] = ns;
        rest[f]! -= ns;
      }
    }
    for (let f = 0; f < count; f++) rest[f] = Math.max(0, rest[f]!);
  }
  return { passes: passes.length, frames, totals: Float64Array.from(passes, ({ totalNs }) => totalNs), stages };
}

/** Numbers of the frames that every pass has, in the order of the first pass. */
export function commonFrames(passes: readonly Pass[]): readonly number[] {
  return passes.reduce<readonly number[]>(
    (common, { frames }) => framesIn(common, frames.frame),
    passes[0]?.frames.frame ?? [],
  );
}

/** Those of `frames` that `others` have too; the same array where both are equal, as passes of one run are. */
export function framesIn(frames: readonly number[], others: readonly number[]): readonly number[] {
  if (equal(frames, others)) return frames;
  const held = new Set(others);
  return frames.filter((frame) => held.has(frame));
}

/** Where each of `frames` stands in a pass; null where each stands in its own place. */
function placesOf(column: readonly number[], frames: readonly number[]): Uint32Array | null {
  if (equal(column, frames)) return null;
  const places = new Map(column.map((frame, i) => [frame, i]));
  return Uint32Array.from(frames, (frame) => places.get(frame)!);
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** ns of one stage over a whole pass, one a pass. */
export function stageTotals({ passes, frames, stages }: PassColumns, stage: ComparedStage): Float64Array {
  const totals = new Float64Array(passes);
  const column = stages[stage];
  for (let p = 0; p < passes; p++) {
    let total = 0;
    for (let i = p * frames.length; i < (p + 1) * frames.length; i++) total += column[i]!;
    totals[p] = total;
  }
  return totals;
}

/** ns, the totals of every pass, warm-up included. */
export function passTotals(record: RunRecord): Float64Array {
  return Float64Array.from(passesOf(record), ({ totalNs }) => totalNs);
}
