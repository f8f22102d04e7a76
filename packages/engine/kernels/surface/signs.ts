/**
 * The signs of a slice of 8 × 8 samples are one word m of 64 bits, bit x + 8 y, set where the sample is below 0:
 *
 *      crossed edges along x: m ^ (m >> 1)      along y: m ^ (m >> 8)      along z: m ^ (next slice)
 *
 * Bits of edges that another brick owns, or that leave the grid, are masked away. The number of a vertex is the vertex
 * base of its brick + the count before its axis and slice + the population count of the mask below its bit.
 */

export const COLUMN: u64 = 0x0101010101010101;

/** Signs of 8 × 8 samples: bit i is set where sample i is below 0 (−0 and NaN are not). */
export function signsOfSlice(samples: usize): u64 {
  return (
    signsOfRows(samples) |
    (signsOfRows(samples + 64) << 16) |
    (signsOfRows(samples + 128) << 32) |
    (signsOfRows(samples + 192) << 48)
  );
}

/** Signs of two rows of 8 samples, 16 bits. */
function signsOfRows(samples: usize): u64 {
  const zero = f32x4.splat(0);
  const a = v128.lt<f32>(v128.load(samples), zero);
  const b = v128.lt<f32>(v128.load(samples, 16), zero);
  const c = v128.lt<f32>(v128.load(samples, 32), zero);
  const d = v128.lt<f32>(v128.load(samples, 48), zero);
  const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
  return <u64>(<u32>i8x16.bitmask(bytes));
}

/** The lowest `columns` bits of the lowest `rows` rows. */
export function rectangle(columns: i32, rows: i32): u64 {
  return (COLUMN & (((<u64>1) << (8 * rows)) - 1)) * (((<u64>1) << columns) - 1);
}

/** Bit i: whether any of the samples i, i + 1, i + 8, i + 9 is inside. */
export function anyOfFour(m: u64): u64 {
  const pair = m | (m >> 1);
  return pair | (pair >> 8);
}

/** Bit i: whether all of the samples i, i + 1, i + 8, i + 9 are inside. */
export function allOfFour(m: u64): u64 {
  const pair = m & (m >> 1);
  return pair & (pair >> 8);
}

/** Case of the cell at `bit`: the corners of the lower slice in bits 0 … 3, of the upper one in bits 4 … 7. */
export function caseOfCell(lower: u64, upper: u64, bit: u64): usize {
  const corners = (<u32>(lower >> bit) & 0x303) | ((<u32>(upper >> bit) & 0x303) << 4);
  return (corners | (corners >> 6)) & 0xff;
}
