/** The headline of a run: what one pass takes once it is steady, and what each stage takes of it. */
import type { RunRecord } from "../record/schema.ts";
import { type BootstrapOptions, type MedianInterval, medianInterval } from "./bootstrap.ts";
import { COMPARED_STAGES, type ComparedStage, stageTotals, steadyColumnsOf } from "./pass-columns.ts";

export interface Headline {
  /** ns a pass. */
  readonly total: MedianInterval;
  /** ns a pass, summed over frames (over lanes too, so that their sum may exceed the total); null where a pass has none. */
  readonly stages: Readonly<Record<ComparedStage, MedianInterval | null>>;
}

/** Medians over the steady passes with their intervals; null without a steady pass. Cost: 7 × resamples × passes. */
export function headlineOf(record: RunRecord, options: BootstrapOptions = {}): Headline | null {
  const columns = steadyColumnsOf(record);
  if (columns.passes === 0 || !columns.totals.every((ns) => ns > 0)) return null;
  const stages = {} as Record<ComparedStage, MedianInterval | null>;
  for (const stage of COMPARED_STAGES) {
    const totals = stageTotals(columns, stage);
    stages[stage] = totals.every((ns) => ns > 0) ? medianInterval(totals, options) : null;
  }
  return { total: medianInterval(columns.totals, options), stages };
}
