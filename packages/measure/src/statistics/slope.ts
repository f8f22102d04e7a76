/**
 * The slope of a series against its index, with a 95 % interval: the median of the slopes between all pairs.
 *
 * P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968),
 * doi:10.1080/01621459.1968.10480934. One outlier in four doesn't move it. Assumes independent noise: `inflation` widens the interval
 * where the values depend on one another.
 */
import { quantileOfSorted } from "./quantile.ts";

const NORMAL_975 = 1.959963984540054;

export interface Slope {
  /** Change of the value a step. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** At least 2 values; n² pairs are held and sorted. Throws `RangeError` for fewer. */
export function theilSenSlope(values: ArrayLike<number>, inflation = 1): Slope {
  const n = values.length;
  if (n < 2) throw new RangeError(`take slope: ${n} of at least 2 values. Measure more passes.`);
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) slopes[at++] = (values[j]! - values[i]!) / (j - i);
  slopes.sort();
  const variance = ((n * (n - 1) * (2 * n + 5) - tieTerm(values)) / 18) * inflation;
  const reach = NORMAL_975 * Math.sqrt(Math.max(0, variance));
  const upper = Math.min(roundHalfToEven((slopes.length + reach) / 2), slopes.length - 1);
  const lower = Math.max(roundHalfToEven((slopes.length - reach) / 2) - 1, 0);
  return { slope: quantileOfSorted(slopes, 0.5), low: slopes[lower]!, high: slopes[upper]! };
}

/** Sum of k (k − 1) (2 k + 5) over groups of k equal values. */
function tieTerm(values: ArrayLike<number>): number {
  const order = Float64Array.from(values).sort();
  let term = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to] === order[from]) to++;
    const k = to - from;
    term += k * (k - 1) * (2 * k + 5);
    from = to;
  }
  return term;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
