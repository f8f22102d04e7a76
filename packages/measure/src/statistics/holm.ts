/**
 * Holm's step-down correction: the chance of even one false decision among m stays below the level that one would have.
 *
 * S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979),
 * https://www.jstor.org/stable/4615733. No assumption about how the tests depend on one another.
 */

/** Adjusted p-values in the order given, from 0 to 1; decide where one is at most the level. */
export function holmAdjusted(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  const order = Array.from({ length: m }, (_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Float64Array(m);
  let most = 0;
  for (let k = 0; k < m; k++) {
    most = Math.min(1, Math.max(most, (m - k) * pValues[order[k]!]!));
    adjusted[order[k]!] = most;
  }
  return adjusted;
}
