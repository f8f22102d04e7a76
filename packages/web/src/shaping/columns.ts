/**
 * Many frames in few columns without losing what stands out: each column keeps the least and the greatest of what it holds.
 *
 *   frames   0 1 2 | 3 4 5 | 6 7 8 | 9
 *   column     0       1       2     3      from = floor(c × frames / columns)
 */
export interface Columns {
  readonly count: number;
  /** First row of each column; `from[count]` is one past the last row. */
  readonly from: Uint32Array;
}

/** Columns over the rows `first` to `end` (not included): one a row where there is room for all, else at most `most`. */
export function columnsOver(first: number, end: number, most: number): Columns {
  const rows = Math.max(0, end - first);
  const count = Math.min(rows, Math.max(1, Math.floor(most)));
  const from = new Uint32Array(count + 1);
  for (let c = 0; c <= count; c++) from[c] = count === 0 ? first : first + Math.floor((c * rows) / count);
  return { count, from };
}

/** The column that holds a row; −1 for a row outside. */
export function columnOf({ count, from }: Columns, row: number): number {
  if (count === 0 || row < from[0]! || row >= from[count]!) return -1;
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Least and greatest of each column; NaN where it holds nothing that is known. */
export interface Extremes {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

export function extremesOf({ count, from }: Columns, values: ArrayLike<number>): Extremes {
  const least = new Float64Array(count).fill(Number.NaN);
  const most = new Float64Array(count).fill(Number.NaN);
  for (let c = 0; c < count; c++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from[c]!; i < from[c + 1]!; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low <= high) {
      least[c] = low;
      most[c] = high;
    }
  }
  return { least, most };
}

/** The row of each column whose value is greatest: what a click on the column means. */
export function greatestRows({ count, from }: Columns, values: ArrayLike<number>): Uint32Array {
  const rows = new Uint32Array(count);
  for (let c = 0; c < count; c++) {
    let best = from[c]!;
    for (let i = best + 1; i < from[c + 1]!; i++) if (values[i]! > values[best]!) best = i;
    rows[c] = best;
  }
  return rows;
}

/** The value of each column that lies furthest from `middle` as a ratio, so that slow and quick ones both survive. */
export function furthestOf(columns: Columns, values: ArrayLike<number>, middle: number): Float64Array {
  const { least, most } = extremesOf(columns, values);
  return most.map((high, c) => {
    const low = least[c]!;
    if (!(middle > 0) || !(low > 0)) return high;
    return high / middle >= middle / low ? high : low;
  });
}
