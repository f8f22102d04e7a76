/**
 * The smallest difference that a run can resolve: its odd passes compared with its even ones, which did the same work.
 *
 * That one comparison may come out near 0 by luck, so the floor is never below the standard error of such a difference
 * (twice that of the run's median, as each half has half the passes). Twice the floor is then about a 95 % limit.
 */
import type { RunRecord } from "../record/schema.ts";
import { LEAST_PASSES, logsOf, standardErrorOfMedian } from "./bootstrap.ts";
import { portableExp, portableLog } from "./logarithm.ts";
import { COMPARED_STAGES, type ComparedStage, type PassColumns, stageTotals, steadyColumnsOf } from "./pass-columns.ts";
import { median } from "./quantile.ts";

export interface NoiseFloor {
  /** As a share: 0.01 means that a difference below 1 % can't be told from none. Null where it can't be known. */
  readonly total: number | null;
  readonly stages: Readonly<Record<ComparedStage, number | null>>;
  /** Why there is none. */
  readonly reason?: string;
}

/** The floor is a guard, not a result: its error of 4 % is enough. */
const RESAMPLES = 400;
const SEED = 20_177;

/** The noise floor of a run over its steady passes, for the total and each stage. */
export function noiseFloorOf(record: RunRecord): NoiseFloor {
  return noiseFloor(steadyColumnsOf(record));
}

export function noiseFloor(columns: PassColumns): NoiseFloor {
  const enough = columns.passes >= LEAST_PASSES;
  const of = (totals: Float64Array) => (enough ? oddAgainstEven(totals) : null);
  const stages = {} as Record<ComparedStage, number | null>;
  for (const stage of COMPARED_STAGES) stages[stage] = of(stageTotals(columns, stage));
  const reason = `${columns.passes} of at least ${LEAST_PASSES} passes`;
  return { total: of(columns.totals), stages, ...(enough ? {} : { reason }) };
}

/** As a share; null where a value isn't positive, as a ratio with it means nothing. */
export function oddAgainstEven(values: Float64Array): number | null {
  if (!values.every((value) => value > 0)) return null;
  const odd = median(values.filter((_, i) => i % 2 === 0));
  const even = median(values.filter((_, i) => i % 2 === 1));
  const difference = Math.abs(portableLog(odd / even));
  const error = 2 * standardErrorOfMedian(logsOf(values), { resamples: RESAMPLES, seed: SEED });
  return portableExp(Math.max(difference, error)) - 1;
}
