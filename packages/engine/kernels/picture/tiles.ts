/**
 * The least depth (1 / z) of each tile of 8 × 8 pixels: a triangle behind that of all its tiles is not drawn at all.
 */

/** Tiles are this wide and high: 1 << 3 pixels. */
const TILE_BITS: i32 = 3;

/** Whether every sample of these pixels shows something nearer than `depth`, as far as whole tiles tell. */
export function isHidden(
  depth: f32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
  width: i32,
  height: i32,
  stride: i32,
  depths: usize,
  tiles: usize,
): bool {
  const tilesAcross = (stride + 7) >> TILE_BITS;
  for (let row = top >> TILE_BITS; row <= bottom >> TILE_BITS; row++) {
    for (let column = left >> TILE_BITS; column <= right >> TILE_BITS; column++) {
      const tile = tiles + ((<usize>(row * tilesAcross + column)) << 2);
      let least = load<f32>(tile);
      if (least != least) {
        least = leastDepth(column << TILE_BITS, row << TILE_BITS, width, height, stride, depths);
        store<f32>(tile, least);
      }
      if (!(depth < least)) return false;
    }
  }
  return true;
}

/** The least depth in the tile whose first pixel this is. */
function leastDepth(left: i32, top: i32, width: i32, height: i32, stride: i32, depths: usize): f32 {
  const right = min(left + 8, width);
  const bottom = min(top + 8, height);
  let least = f32x4.splat(f32.MAX_VALUE);
  for (let y = top; y < bottom; y++) {
    const row = depths + ((<usize>(y * stride)) << 4);
    for (let x = left; x < right; x++) least = f32x4.pmin(least, v128.load(row + ((<usize>x) << 4)));
  }
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 2, 3, 0, 1));
  return min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1));
}
