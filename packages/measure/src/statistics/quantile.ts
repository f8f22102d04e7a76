/**
 * Order statistics of small samples.
 *
 * Quantiles are Hyndman and Fan's type 7, the default of R, numpy and most spreadsheets: position `(n − 1) p` in the sorted
 * sample, linear between neighbours. R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", The American
 * Statistician 50 (1996), doi:10.1080/00031305.1996.10473566.
 */

/** The values in ascending order, as a copy. Throws `RangeError` for a value that is NaN: it has no place in an order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(values);
  for (let i = 0; i < copy.length; i++) {
    if (Number.isNaN(copy[i])) throw new RangeError(`sort values: entry ${i} of ${copy.length} is NaN. Leave it out.`);
  }
  return copy.sort();
}

/** The `p`-quantile, `p` from 0 to 1; NaN for an empty sample. Sorts a copy: n log n. Throws `RangeError` for another `p`. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sorted(values), p);
}

/** The same for values that are already in ascending order: constant time. */
export function quantileOfSorted(ascending: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`take quantile: p must be from 0 to 1, got ${p}.`);
  const last = ascending.length - 1;
  if (last < 0) return Number.NaN;
  const position = last * p;
  const below = Math.floor(position);
  const low = ascending[below]!;
  return below === last ? low : low + (position - below) * (ascending[below + 1]! - low);
}

/** The 0.5-quantile; NaN for an empty sample. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation from the median, not scaled to a normal distribution (times 1.4826 for that); NaN for an empty sample. */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  const distances = new Float64Array(values.length);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs(values[i]! - centre);
  return median(distances);
}

/**
 * The median of a scratch array, which it reorders: linear time on average (C. A. R. Hoare, "Algorithm 65: Find", 1961,
 * doi:10.1145/366622.366647). Equal to `median`; NaN for an empty sample. The values must not hold NaN.
 */
export function selectMedian(scratch: Float64Array): number {
  const n = scratch.length;
  if (n === 0) return Number.NaN;
  const middle = n >> 1;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const pivot = scratch[middle]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (scratch[i]! < pivot) i++;
      while (scratch[j]! > pivot) j--;
      if (i <= j) {
        const swapped = scratch[i]!;
        scratch[i++] = scratch[j]!;
        scratch[j--] = swapped;
      }
    }
    if (j < middle) low = i;
    if (middle < i) high = j;
  }
  const upper = scratch[middle]!;
  if (n % 2 === 1) return upper;
  let lower = scratch[0]!;
  for (let i = 1; i < middle; i++) if (scratch[i]! > lower) lower = scratch[i]!;
  return lower + 0.5 * (upper - lower);
}
