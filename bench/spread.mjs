/** Median and middle half of a sample: what a noisy machine leaves standing. */
import { quantileOfSorted, sorted } from "../packages/measure/dist/index.js";

/** `{ median, p25, p75, least, count }`; quantiles of type 7. */
export function spread(values) {
  const ascending = sorted(values);
  return {
    median: quantileOfSorted(ascending, 0.5),
    p25: quantileOfSorted(ascending, 0.25),
    p75: quantileOfSorted(ascending, 0.75),
    least: ascending[0] ?? Number.NaN,
    count: ascending.length,
  };
}

export function median(values) {
  return spread(values).median;
}
