/**
 * Does a run hold its speed: its best pass over its worst, as stress tests of graphics cards count it; 97 % passes.
 *
 * Corrected by the canary, a fixed kernel between the passes: what slows both is the machine, not the program.
 */
import type { Pass } from "../record/schema.ts";
import { median } from "./quantile.ts";

export const STABLE_FROM = 0.97;

export interface Stability {
  /** Shortest total over longest, 0 to 1; null for fewer than 2 passes. */
  readonly raw: number | null;
  /** The same with each total divided by its canary's time; null where a pass has no canary. */
  readonly corrected: number | null;
  /** Longest canary over shortest, at least 1; null where a pass has none. */
  readonly canaryDrift: number | null;
  readonly passed: boolean | null;
  /** Why something above is null. */
  readonly reason?: string;
}

/** The stability of passes, usually the steady ones. `passed` is of the raw one. */
export function stabilityOf(passes: readonly Pick<Pass, "totalNs" | "canaryNs">[]): Stability {
  if (passes.length < 2) {
    const reason = `${passes.length} of at least 2 passes`;
    return { raw: null, corrected: null, canaryDrift: null, passed: null, reason };
  }
  const raw = shortestOverLongest(passes.map(({ totalNs }) => totalNs));
  const passed = raw === null ? null : raw >= STABLE_FROM;
  const canaries = passes.map(({ canaryNs }) => canaryNs ?? 0);
  const missing = canaries.filter((ns) => !(ns > 0)).length;
  if (missing > 0) {
    const reason = `${missing} of ${passes.length} passes have no canary`;
    return { raw, corrected: null, canaryDrift: null, passed, reason };
  }
  const middle = median(canaries);
  const corrected = shortestOverLongest(passes.map(({ totalNs }, i) => (totalNs * middle) / canaries[i]!));
  return { raw, corrected, canaryDrift: 1 / shortestOverLongest(canaries)!, passed };
}

function shortestOverLongest(values: readonly number[]): number | null {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most > 0 ? least / most : null;
}
