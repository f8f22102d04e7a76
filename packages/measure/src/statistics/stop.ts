/**
 * When to stop making passes: when the interval is narrow enough, or time is up. Never because a difference is "significant
 * now": who looks after each pass and stops at the first significant one finds differences that aren't there.
 */
import { type BootstrapOptions, LEAST_PASSES, type MedianInterval, medianInterval } from "./bootstrap.ts";
import { type SteadyState, steadyStateOf } from "./steady-state.ts";

export interface StopOptions extends BootstrapOptions {
  /** Widest relative interval, high less low over the median. */
  readonly target?: number;
  /** Steady passes at least. */
  readonly leastPasses?: number;
  readonly mostPasses?: number;
  readonly mostSeconds?: number;
}

export const STOP_DEFAULTS = { target: 0.02, leastPasses: LEAST_PASSES, mostPasses: 200, mostSeconds: 60 } as const;

export interface StopDecision {
  readonly stop: boolean;
  readonly reason: "narrow enough" | "most seconds" | "most passes" | "too few passes" | "no steady state" | "too wide";
  readonly steadyState: SteadyState;
  /** Over the passes since steady state, or, without one, over the last half. */
  readonly interval: MedianInterval;
  readonly relativeWidth: number | null;
  /** About as many more passes until the interval is narrow enough; null where that can't be told yet, 0 where it is. */
  readonly passesToGo: number | null;
}

/** `totals`: of every pass so far, in order. `elapsedSeconds`: since the first began. Throws `RangeError` without a pass. */
export function decideStop(totals: ArrayLike<number>, elapsedSeconds: number, options: StopOptions = {}): StopDecision {
  const { target, leastPasses, mostPasses, mostSeconds } = { ...STOP_DEFAULTS, ...options };
  const n = totals.length;
  if (n === 0) throw new RangeError("decide stop: 0 of at least 1 pass. Make a pass first.");
  const steadyState = steadyStateOf(totals);
  const used = Float64Array.from(totals).subarray(steadyState.steady ? steadyState.from : Math.floor(n / 2));
  const interval = medianInterval(used, options);
  const { relativeWidth } = interval;
  const narrow = steadyState.steady && used.length >= leastPasses && relativeWidth !== null && relativeWidth <= target;
  const about = { steadyState, interval, relativeWidth };
  if (narrow) return { ...about, stop: true, reason: "narrow enough", passesToGo: 0 };
  const passesToGo = steadyState.steady ? morePasses(used.length, relativeWidth, target, leastPasses) : null;
  if (elapsedSeconds >= mostSeconds) return { ...about, stop: true, reason: "most seconds", passesToGo };
  if (n >= mostPasses) return { ...about, stop: true, reason: "most passes", passesToGo };
  const reason =
    used.length < leastPasses || n < LEAST_PASSES
      ? "too few passes"
      : steadyState.steady
        ? "too wide"
        : "no steady state";
  return { ...about, stop: false, reason, passesToGo };
}

/** What would take more passes than this can't be told from so few. */
const MOST_TO_GO = 10_000;

/** A width falls with the root of the number of passes. */
function morePasses(count: number, width: number | null, target: number, least: number): number | null {
  if (count < least) return least - count;
  if (width === null || !(target > 0)) return null;
  const more = Math.max(1, Math.ceil(count * (width / target) ** 2) - count);
  return more > MOST_TO_GO ? null : more;
}
