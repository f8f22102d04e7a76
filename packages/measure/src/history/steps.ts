/**
 * Steps in a history of runs: where the time of like runs changed its level, by how much, and between which runs.
 *
 * The levels are found by `changePoints` on the logarithms, so that a step is a ratio. The last level must hold at least three
 * runs before it is one: a single slow run is no step.
 */
import { changePoints } from "../statistics/change-point.ts";
import { portableExp, portableLog } from "../statistics/logarithm.ts";
import { median } from "../statistics/quantile.ts";

export interface HistoryStep {
  /** Place of the first run of the new level. */
  readonly index: number;
  /** Medians of the levels before and after, in the unit of the values. */
  readonly before: number;
  readonly after: number;
  /** after / before − 1, as a share; positive is slower. */
  readonly change: number;
}

export interface History {
  readonly steps: readonly HistoryStep[];
  /** About as many more runs until a step could be seen; 0 where one could be. */
  readonly runsMissing: number;
}

/** Runs of a level at least. */
export const LEAST_LEVEL = 3;
/** Levels that differ by less are taken to be the same: runs made apart vary by that much. */
const LEAST_NOISE = 0.005;

/** Steps of positive values in the order of time. Throws `RangeError` for a value that isn't positive. Cost: see `changePoints`. */
export function historyOf(values: readonly number[]): History {
  const odd = values.findIndex((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
  if (odd >= 0) {
    throw new RangeError(
      `find steps: value ${odd} of ${values.length} is ${values[odd]} and must be positive. Leave it out.`,
    );
  }
  const runsMissing = Math.max(0, 2 * LEAST_LEVEL - values.length);
  if (runsMissing > 0) return { steps: [], runsMissing };
  const changes = changePoints(values.map(portableLog), { least: LEAST_LEVEL, leastNoise: LEAST_NOISE });
  const level = (from: number, to: number) => portableExp(median(values.slice(from, to).map(portableLog)));
  const steps = changes.map((index, i) => {
    const before = level(i > 0 ? changes[i - 1]! : 0, index);
    const after = level(index, changes[i + 1] ?? values.length);
    return { index, before, after, change: after / before - 1 };
  });
  return { steps, runsMissing: 0 };
}
