/**
 * What the host says about a source of samples: a job, 32 bits each. src/volume/source.ts writes it.
 *
 *        0  kind         0 f32, 1 u8, 2 u16
 *        4  nx           12  x offset  grid index = sample index + offset
 *        8  ny  (nz at 28) 16  y offset  (z offset at 32)
 *       20  dimension    of the grid that the bricks cover
 *       24  rowBytes     of an accumulator
 *       36  level        f32
 *       40  least        u8 and u16: inside from this value on
 *       44  flip         0xffff where what is below is inside, for u8 and u16; for f32 not 0
 *       48  negate       0x80000000 where what is above is inside, else 0: changes value - level to negative inside
 *       52  layerBytes   of the source
 *       56  lowX, highX, lowY, highY   bricks that hold samples, inclusive
 *       72  pointer of the source's layer 0 (may lie outside of memory when only some layers are there)
 */

export const KIND: usize = 0;
export const NX: usize = 4;
export const NY: usize = 8;
export const OFFSET_X: usize = 12;
export const OFFSET_Y: usize = 16;
export const DIMENSION: usize = 20;
export const ROW_BYTES: usize = 24;
export const NZ: usize = 28;
export const OFFSET_Z: usize = 32;
export const LEVEL: usize = 36;
export const LEAST: usize = 40;
export const FLIP: usize = 44;
export const NEGATE: usize = 48;
export const LAYER_BYTES: usize = 52;
export const LOW_X: usize = 56;
export const HIGH_X: usize = 60;
export const LOW_Y: usize = 64;
export const HIGH_Y: usize = 68;
export const SOURCE: usize = 72;

export const F32: i32 = 0;
export const U8: i32 = 1;
