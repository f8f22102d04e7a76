/**
 * The memory in which a band is shaded, offsets from its start in bytes, and the table `coverage` that the host makes
 * (src/picture/kernel.ts, which reserves 96 KiB for the rest).
 */

/** A record of a triangle as it is shaded, single precision: x0 x1 x2 1/z0, y0 y1 y2 1/z1, n0 1/z2, n1 id, n2 –. */
export const RECORD: usize = 80;
export const RECORD_ID: usize = 60;
/** Records kept; the first is nobody's. */
export const RECORDS: u32 = 1024;
/** Where a triangle's record is, by the low bits of its id. */
export const MAP: usize = <usize>RECORDS * RECORD;
/** Fragments: x, y of the middle of their samples times n, n, then record << 16 | pixel. */
export const FRAGMENTS: usize = MAP + RECORDS * 4;
/** Groups of four pixels shaded together at most, and the fragments that they can have. */
export const GROUPS: usize = 32;
export const MOST_FRAGMENTS: u32 = 512;
/** Sum of the intensities of each pixel, times their numbers of samples; one more pixel for those that fill up four. */
export const SUMS: usize = FRAGMENTS + (<usize>MOST_FRAGMENTS + 4) * 16;
/** Groups: 1 / covered of each pixel, where the colours of its coverage begin (bytes), where the group goes, how many pixels. */
export const GROUP: usize = 48;
export const GROUP_LIST: usize = SUMS + GROUPS * 16 + 16;
/** `coverage`, for each set of samples: n n 0 0, then sum of x, sum of y, n, 0; 1 / n; where the colours of n begin (bytes). */
export const COVERAGE: usize = 48;
