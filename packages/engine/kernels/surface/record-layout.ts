/**
 * What is known of a brick once its samples were read: enough to join its vertices to triangles, and those of its
 * neighbours to its own.
 *
 *      record of a brick, 192 bytes
 *        0  u64 × 8   signs of the slices z = 0 … 7
 *       64  u64       valid edges along x in a slice (of slices z < slices)
 *       72  u64       valid edges along y
 *       80  u64       valid edges along z (of slices z < cellSlices)
 *       88  u64       valid cells (of slices z < cellSlices)
 *       96  u16 × 24  vertices of the brick before axis a and slice z, at 8 a + z
 *      144  u32       number of the first vertex
 *      148  u32       number of the first triangle
 *      152  u32       key: bx + by · stride + bz · stride²
 *      156  u16 × 3   bx, by, bz
 *      162  u8, u8    slices, cellSlices: owned samples and cells along z that lie in the grid, 0 … 7
 *      164  u16       cells whose signs do not say it all; 0 for the classic topology
 *      168  u32       number of the first vertex in the interior of a cell
 *      172  u32       number after the last vertex
 *      176  u32       reasons to weld
 */

export const RECORD: usize = 192;
export const VALID_X: usize = 64;
export const VALID_Y: usize = 72;
export const VALID_Z: usize = 80;
export const VALID_CELLS: usize = 88;
export const BEFORE: usize = 96;
export const FIRST_VERTEX: usize = 144;
export const FIRST_TRIANGLE: usize = 148;
export const KEY: usize = 152;
export const COORDINATES: usize = 156;
export const SLICES: usize = 162;
export const CELL_SLICES: usize = 163;
export const FLAGGED: usize = 164;
export const FIRST_CENTRE: usize = 168;
export const END_VERTEX: usize = 172;
export const SUSPECTS: usize = 176;

export const BRICK_BYTES: usize = 2048;
export const SLICE_BYTES: usize = 256;

/** Bytes of working memory a brick. */
export function recordBytes(): usize {
  return RECORD;
}
