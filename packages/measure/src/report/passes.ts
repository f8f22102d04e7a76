/**
 * What many passes tell that one can't: the steady state, the headline with its interval, the noise floor, the stability.
 *
 * Computed once for the passes of a record and shared by report, grade, page and `run.derived`, so that all say the same.
 * The interval of the total takes the 10 000 resamples of the headline; those of the stages stand beside it in a table and
 * take fewer. 200 passes cost 80 ms of one core (Node 20, November 2026), mostly for the total.
 */
import { canaryScore } from "../canary.ts";
import { passesOf, steadyPassesOf } from "../record/passes.ts";
import type { DerivedValue, Pass, RunRecord } from "../record/schema.ts";
import { BOOTSTRAP_DEFAULTS, LEAST_PASSES, type MedianInterval, medianInterval } from "../statistics/bootstrap.ts";
import { type NoiseFloor, noiseFloorOf } from "../statistics/noise-floor.ts";
import { passTotals } from "../statistics/pass-columns.ts";
import { median } from "../statistics/quantile.ts";
import { type Stability, stabilityOf } from "../statistics/stability.ts";
import { type SteadyState, steadyStateOf } from "../statistics/steady-state.ts";

/** Of the intervals of stages: the limits of one differ by about 1 % of their distance from those of another seed. */
export const STAGE_RESAMPLES = 1000;

/** Whether the headline may be called that of a steady state. */
export type Steadiness =
  | SteadyState
  | { readonly steady: false; readonly evidence: string; readonly changes: readonly number[] };

export interface PassesStory {
  /** Every pass, in order. */
  readonly all: readonly Pass[];
  /** Those that count. */
  readonly steady: readonly Pass[];
  readonly state: Steadiness;
  /** ns a pass over those that count; null without one that took any time. */
  readonly total: MedianInterval | null;
  readonly noise: NoiseFloor;
  readonly stability: Stability;
  /** 1000 on the reference machine, median of the passes that count; null where no canary ran. */
  readonly canaryScore: number | null;
}

/** By the passes: a record doesn't change once it is made. */
const stories = new WeakMap<readonly Pass[], PassesStory>();

/** Cost: 10 000 × passes the first time, nothing after that. */
export function passesStory(record: RunRecord): PassesStory {
  const all = passesOf(record);
  const known = stories.get(all);
  if (known) return known;
  const steady = steadyPassesOf(record);
  const totals = steady.map(({ totalNs }) => totalNs);
  const canaries = steady.flatMap(({ canaryNs }) => (canaryNs !== null && canaryNs > 0 ? [canaryNs] : []));
  const story: PassesStory = {
    all,
    steady,
    state: steadiness(record, all),
    total: totals.length > 0 && totals.every((ns) => ns > 0) ? medianInterval(totals) : null,
    noise: noiseFloorOf(record),
    stability: stabilityOf(steady),
    canaryScore: canaries.length > 0 ? canaryScore(median(canaries)) : null,
  };
  stories.set(all, story);
  return story;
}

function steadiness(record: RunRecord, all: readonly Pass[]): Steadiness {
  const none = (evidence: string) => ({ steady: false as const, evidence, changes: [] });
  if (all.length < 2) return none("one pass");
  if (!all.every(({ totalNs }) => totalNs > 0)) return none("a pass took no time");
  return steadyStateOf(passTotals(record));
}

/** The same as `run.derived` holds it; nothing without a pass. Cost: as `passesStory`. */
export function derivedOf(record: RunRecord): Record<string, DerivedValue> {
  const { all, steady, state, total, noise, stability, canaryScore: score } = passesStory(record);
  if (all.length === 0) return {};
  const { resamples, seed, level } = BOOTSTRAP_DEFAULTS;
  const counted = "over the passes whose warmUp is false";
  const interval =
    `limits of the ${level * 100} % interval of passNs: smoothed bootstrap of ln(totalNs) ${counted}, ${resamples} resamples, ` +
    "Student's t, widened for dependence";
  const few = `${steady.length} of at least ${LEAST_PASSES} passes`;
  const value = (
    found: number | null,
    unit: string,
    algorithm: string,
    reason: string,
    seeded = false,
  ): DerivedValue => ({
    value: found,
    unit,
    algorithm,
    ...(seeded ? { seed } : {}),
    ...(found === null ? { reason } : {}),
  });
  const uncounted = "no pass took any time";
  return {
    passNs: value(total?.value ?? null, "ns", `median of totalNs ${counted}`, uncounted),
    passLowNs: value(total?.low ?? null, "ns", interval, total?.reason ?? uncounted, true),
    passHighNs: value(total?.high ?? null, "ns", interval, total?.reason ?? uncounted, true),
    steadyFrom: value(
      state.steady ? state.from : null,
      "passes",
      "passes before steady state: last change of level in ln(totalNs), then no slope",
      state.evidence,
    ),
    noiseFloor: value(
      noise.total,
      "1",
      `odd passes against even ones ${counted}, at least the bootstrapped error of that (400 resamples)`,
      noise.reason ?? few,
      true,
    ),
    stability: value(stability.raw, "1", `shortest totalNs / longest ${counted}`, stability.reason ?? uncounted),
    stabilityCorrected: value(
      stability.corrected,
      "1",
      "the same with each totalNs divided by its canaryNs",
      stability.reason ?? uncounted,
    ),
    canaryScore: value(score, "1", `1000 × 1 700 000 ns / median of canaryNs ${counted}`, "no canary was run"),
  };
}
