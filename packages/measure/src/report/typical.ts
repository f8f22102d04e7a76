/**
 * The frames that a report speaks of: of one pass those of that pass; of many, frame i is the median over the steady passes
 * of their frames i. Frames of one pass are never pooled.
 */
import { steadyPassesOf } from "../record/passes.ts";
import type { FrameColumns, Pass, RunRecord } from "../record/schema.ts";
import { median } from "../statistics/quantile.ts";

export interface TypicalColumns {
  /** Numbers, lanes and starts are those of the representative pass; times are medians, of which a sum isn't the median of sums. */
  readonly columns: FrameColumns;
  /** Passes that each time is the median of. */
  readonly passes: number;
  /** Those passes: all have the same frames in the same places. */
  readonly of: readonly FrameColumns[];
}

const PLACES = new Set<string>(["frame", "lane", "startNs"]);

/** By the passes: a record doesn't change once it is made. */
const known = new WeakMap<readonly Pass[], TypicalColumns>();

/** Cost: passes × frames × 9 columns the first time, nothing after that. */
export function typicalColumns(record: RunRecord): TypicalColumns {
  const { passes } = record.run;
  const before = passes && known.get(passes);
  if (before) return before;
  const found = findTypical(record);
  if (passes) known.set(passes, found);
  return found;
}

function findTypical(record: RunRecord): TypicalColumns {
  const { frames } = record.run;
  const alike = steadyPassesOf(record)
    .map((pass) => pass.frames)
    .filter(({ frame }) => frame.length === frames.frame.length && frame.every((n, i) => n === frames.frame[i]));
  if (alike.length < 2) return { columns: frames, passes: 1, of: [frames] };
  const scratch = new Float64Array(alike.length);
  const columns = Object.fromEntries(
    (Object.keys(frames) as (keyof FrameColumns)[]).map((key) => {
      if (PLACES.has(key) || !Array.isArray(frames[key])) return [key, frames[key]];
      const over = frames.frame.map((_, i) => {
        for (let p = 0; p < alike.length; p++) scratch[p] = alike[p]![key]?.[i] ?? 0;
        return median(scratch);
      });
      return [key, over];
    }),
  ) as FrameColumns;
  return { columns, passes: alike.length, of: alike };
}
