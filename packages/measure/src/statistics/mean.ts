/** Sums and means. */

/** The sum, from first to last; exact for whole numbers below 2^53. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** The arithmetic mean; NaN for an empty sample. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
