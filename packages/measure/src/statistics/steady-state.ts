/**
 * From which pass on a run is in steady state: the last change of level, and no slope after it.
 *
 * E. Barrett et al., "Virtual Machine Warmup Blows Hot and Cold", OOPSLA 2017, doi:10.1145/3133876: many programs never
 * settle, so "no steady state" is a result like any other. The steady part must hold at least 5 passes and be no shorter than
 * what came before it; a slow drift, cut into stairs, would otherwise always end on a flat step.
 */
import { dependence } from "./autocorrelation.ts";
import { LEAST_PASSES, logsOf } from "./bootstrap.ts";
import { changePoints } from "./change-point.ts";
import { portableExp } from "./logarithm.ts";
import { type Slope, theilSenSlope } from "./slope.ts";

/** A drift below this over the whole steady part doesn't count, however surely it is seen. */
export const NEGLIGIBLE_DRIFT = 0.005;

/** Pass totals that agree better than this are taken to differ by this, as ln(time). */
const LEAST_NOISE = 0.001;

export interface SteadyEvidence {
  /** Passes at which the level changed. */
  readonly changes: readonly number[];
  /** Of ln(time) a pass over the last passes, where there were enough for one. */
  readonly slope: Slope | null;
  /** One sentence. */
  readonly evidence: string;
}

export type SteadyState =
  | (SteadyEvidence & {
      readonly steady: true;
      /** The first steady pass, from 0: the length of the warm-up, which may be 0. */
      readonly from: number;
      /** What the warm-up ended with. */
      readonly basis: "from the first pass" | "change point" | "slope";
    })
  | (SteadyEvidence & { readonly steady: false });

/**
 * The steady state of pass totals, in the order they were made, every pass included. Throws `RangeError` for a total that isn't
 * positive.
 */
export function steadyStateOf(totals: ArrayLike<number>): SteadyState {
  const logs = logsOf(totals);
  const n = logs.length;
  const changes = changePoints(logs, { least: 3, leastFirst: 1, leastNoise: LEAST_NOISE });
  const after = changes[changes.length - 1] ?? 0;
  const least = Math.max(LEAST_PASSES, Math.ceil(n / 2));
  if (n < LEAST_PASSES) {
    const evidence = `${n} of at least ${LEAST_PASSES} passes`;
    return { steady: false, changes, slope: null, evidence };
  }
  if (n - after < least) {
    const evidence = `the level changed at pass ${after + 1}, and only ${n - after} of ${n} passes follow; at least ${least} must`;
    return { steady: false, changes, slope: null, evidence };
  }
  let last: Slope | null = null;
  for (let from = after; from <= n - least; from++) {
    last = slopeOf(logs.subarray(from));
    if (!flat(last, n - from)) continue;
    const basis = from > after ? "slope" : from > 0 ? "change point" : "from the first pass";
    return { steady: true, from, basis, changes, slope: last, evidence: `${n - from} passes, slope ${inWords(last)}` };
  }
  const evidence = `the last ${least} passes still drift, slope ${inWords(last!)}`;
  return { steady: false, changes, slope: last, evidence };
}

/**
 * How many passes at the start are the warm-up: those before steady state, or, where there is none, the first half, so that
 * there is a headline at all (the run's grade tells that it is not steady). Of a single pass none.
 */
export function warmUpPasses(totals: ArrayLike<number>): number {
  if (totals.length < 2) return 0;
  const state = steadyStateOf(totals);
  return state.steady ? state.from : Math.floor(totals.length / 2);
}

function slopeOf(logs: Float64Array): Slope {
  const { slope } = theilSenSlope(logs);
  // The dependence of what is left beside the slope; a trend would count as dependence itself.
  const inflation = dependence(logs.map((value, i) => value - slope * i)).inflation;
  return theilSenSlope(logs, inflation);
}

function flat({ slope, low, high }: Slope, passes: number): boolean {
  if (low <= 0 && high >= 0) return true;
  return Math.abs(slope) * (passes - 1) < NEGLIGIBLE_DRIFT;
}

function inWords({ slope, low, high }: Slope): string {
  const percent = (value: number) => ((portableExp(value) - 1) * 100).toFixed(2);
  return `${percent(slope)} % a pass (${percent(low)} to ${percent(high)} %)`;
}
