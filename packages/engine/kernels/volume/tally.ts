/**
 * What an extraction will give, counted from the signs alone: how much of a mesh belongs to which bricks.
 */

/**
 * Counts vertices, triangles and active cells of bricks, as the extraction does. `limits`: i32, first and end of the
 * samples that count along x, y, z. `caseCounts`: u8 for each of 256 cases. `totals`: u32 × 3, added to.
 */
export function tally(
  coordinates: usize,
  samples: usize,
  count: i32,
  limits: usize,
  caseCounts: usize,
  totals: usize,
): void {
  let vertices: u32 = 0;
  let triangles: u32 = 0;
  let cells: u32 = 0;
  for (let i = 0; i < count; i++) {
    const bx = 7 * <i32>load<u16>(coordinates);
    const by = 7 * <i32>load<u16>(coordinates, 2);
    const bz = 7 * <i32>load<u16>(coordinates, 4);
    const x0 = load<i32>(limits) - bx;
    const x1 = load<i32>(limits, 4) - bx;
    const y0 = load<i32>(limits, 8) - by;
    const y1 = load<i32>(limits, 12) - by;
    const z0 = load<i32>(limits, 16) - bz;
    const z1 = load<i32>(limits, 20) - bz;
    const validX = rectangle(x0, x1 - 1, y0, y1);
    const validY = rectangle(x0, x1, y0, y1 - 1);
    const validZ = rectangle(x0, x1, y0, y1);
    const validCells = rectangle(x0, x1 - 1, y0, y1 - 1);
    let lower = signs(samples);
    for (let z = 0; z < 7; z++) {
      const upper = signs(samples + ((<usize>(z + 1)) << 8));
      if (z >= z0 && z < z1) {
        vertices += <u32>popcnt<u64>((lower ^ (lower >> 1)) & validX);
        vertices += <u32>popcnt<u64>((lower ^ (lower >> 8)) & validY);
        if (z + 1 < z1) {
          vertices += <u32>popcnt<u64>((lower ^ upper) & validZ);
          let pair = lower | upper;
          pair |= pair >> 1;
          const some = pair | (pair >> 8);
          pair = lower & upper;
          pair &= pair >> 1;
          let active = some & ~(pair & (pair >> 8)) & validCells;
          cells += <u32>popcnt<u64>(active);
          while (active != 0) {
            const bit = ctz<u64>(active);
            const corners = (<u32>(lower >> bit) & 0x303) | ((<u32>(upper >> bit) & 0x303) << 4);
            triangles += load<u8>(caseCounts + <usize>((corners | (corners >> 6)) & 0xff));
            active &= active - 1;
          }
        }
      }
      lower = upper;
    }
    coordinates += 6;
    samples += 2048;
  }
  store<u32>(totals, load<u32>(totals) + vertices);
  store<u32>(totals, load<u32>(totals, 4) + triangles, 4);
  store<u32>(totals, load<u32>(totals, 8) + cells, 8);
}

/** Signs of a slice of 8 × 8 samples: bit x + 8 y is set where the sample is below 0. */
function signs(samples: usize): u64 {
  let bits: u64 = 0;
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < 8; row += 2) {
    const at = samples + 32 * row;
    const a = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(at), zero), f32x4.lt(v128.load(at, 16), zero));
    const b = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(at, 32), zero), f32x4.lt(v128.load(at, 48), zero));
    bits |= (<u64>(<u32>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)))) << (8 * row);
  }
  return bits;
}

/** Bits x0 … x1 − 1 of rows y0 … y1 − 1, as far as they are below 7. */
function rectangle(x0: i32, x1: i32, y0: i32, y1: i32): u64 {
  let bits: u64 = 0;
  for (let y = max(0, y0); y < min(7, y1); y++) {
    for (let x = max(0, x0); x < min(7, x1); x++) bits |= (<u64>1) << (x + 8 * y);
  }
  return bits;
}
