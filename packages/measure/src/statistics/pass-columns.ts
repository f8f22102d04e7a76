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
  const places = passes.map((pass) => new Map(pass.frames.frame.map((frame, i) => [frame, i])));
  const common = (passes[0]?.frames.frame ?? []).filter((frame) => places.every((place) => place.has(frame)));
  const frames = only ? only.filter((frame) => common.includes(frame)) : common;
  const stages = Object.fromEntries(
    COMPARED_STAGES.map((stage) => [stage, new Float64Array(passes.length * frames.length)]),
  ) as Record<ComparedStage, Float64Array>;
  for (let p = 0; p < passes.length; p++) {
    const columns = passes[p]!.frames;
    for (let f = 0; f < frames.length; f++) {
      const i = places[p]!.get(frames[f]!)!;
      const at = p * frames.length + f;
      let rest = columns.wallNs[i]!;
      for (const stage of COMPARED_STAGES) {
        if (stage === "other") stages.other[at] = Math.max(0, rest);
        else {
          const ns = columns[STAGE_COLUMNS[stage]][i]!;
          stages[stage][at] = ns;
          rest -= ns;
        }
      }
    }
  }
  return { passes: passes.length, frames, totals: Float64Array.from(passes, ({ totalNs }) => totalNs), stages };
}

/** ns of one stage over a whole pass, one a pass. */
export function stageTotals({ passes, frames, stages }: PassColumns, stage: ComparedStage): Float64Array {
  const totals = new Float64Array(passes);
  for (let p = 0; p < passes; p++) {
    for (let f = 0; f < frames.length; f++) totals[p]! += stages[stage][p * frames.length + f]!;
  }
  return totals;
}

/** ns, the totals of every pass, warm-up included. */
export function passTotals(record: RunRecord): Float64Array {
  return Float64Array.from(passesOf(record), ({ totalNs }) => totalNs);
}
