/**
 * How much a series repeats itself, and how many independent values it is worth.
 *
 * Passes that follow one another share the clock, the temperature and the neighbours, so n of them tell less than n
 * independent ones. For a first-order process the variance of a mean or a median grows by about (1 + ρ) / (1 − ρ).
 * Few values tell ρ badly and too low (bias about −(1 + 4ρ)/n: M. G. Kendall, "Note on Bias in the Estimation of
 * Autocorrelation", Biometrika 41 (1954), doi:10.1093/biomet/41.3-4.403), so the estimate is corrected and drawn towards
 * 0.4 with the weight of 5 passes. Ranks, not values, so that an outlier neither makes nor hides dependence.
 */
const PRIOR = 0.4;
const PRIOR_WEIGHT = 5;
const MOST = 0.7;

export interface Dependence {
  /** Lag-1 autocorrelation, corrected and drawn towards 0.4; from 0 to 0.7. */
  readonly rho: number;
  /** By how much dependence widens an interval's variance: (1 + ρ) / (1 − ρ), at least 1. */
  readonly inflation: number;
  /** Independent values that these are worth: n / inflation. */
  readonly effectiveSize: number;
  /** Degrees of freedom for an interval: n / √inflation − 1, at least 2. */
  readonly degrees: number;
}

/** Sample autocorrelation at `lag` (sum of products over the sum of squares about the mean); 0 where all values are equal. */
export function autocorrelation(values: ArrayLike<number>, lag = 1): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let products = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - mean;
    squares += d * d;
    if (i + lag < n) products += d * (values[i + lag]! - mean);
  }
  return squares > 0 ? products / squares : 0;
}

/** The same of ranks, which outliers do not move. */
export function rankAutocorrelation(values: ArrayLike<number>): number {
  return autocorrelation(ranks(values));
}

/** The dependence between values that follow one another, in the order they were measured. n log n. */
export function dependence(values: ArrayLike<number>): Dependence {
  const n = values.length;
  const raw = rankAutocorrelation(values);
  const weighed = (n * raw + 1 + PRIOR_WEIGHT * PRIOR) / Math.max(n - 4 + PRIOR_WEIGHT, 1.5);
  const rho = n < 3 ? PRIOR : Math.min(MOST, Math.max(0, weighed));
  const inflation = (1 + rho) / (1 - rho);
  return { rho, inflation, effectiveSize: n / inflation, degrees: Math.max(2, n / Math.sqrt(inflation) - 1) };
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}
