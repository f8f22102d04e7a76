/**
 * Vertices on the edges of a brick, where the samples at both ends change sign: axis by axis, slice by slice, by their bits.
 */
import { CELL_SLICES, COORDINATES, SLICE_BYTES, SLICES, VALID_X, VALID_Y, VALID_Z } from "./record-layout";

/** World units; see src/surface/grid.ts. */
const SNAP: f32 = 1.0 / 2097152.0;

/**
 * With a floating-point type for `Snap`, vertices nearer than SNAP to a sample are put on it; returns how many there are.
 * With an integer type nothing is looked at.
 */
export function writeVertices<Snap>(samples: usize, record: usize, axis: usize, steps: usize, out: usize): u32 {
  let suspects: u32 = 0;
  const x0 = <usize>load<u16>(record, COORDINATES) * 28;
  const y0 = <usize>load<u16>(record, COORDINATES + 2) * 28;
  const z0 = <usize>load<u16>(record, COORDINATES + 4) * 28;
  const placeX = axis + x0;
  const placeY = axis + y0;
  const placeZ = axis + z0;
  const stepX = steps + x0;
  const stepY = steps + y0;
  const stepZ = steps + z0;
  const slices: usize = load<u8>(record, SLICES);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);

  const validX = load<u64>(record, VALID_X);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    let mask = (m ^ (m >> 1)) & validX;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 4));
      const x = (bit & 7) << 2;
      let p = load<f32>(placeX + x) + t * load<f32>(stepX + x);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeX + x);
        const high = load<f32>(placeX + x, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p);
      store<f32>(out, load<f32>(placeY + ((bit >> 3) << 2)), 4);
      store<f32>(out, load<f32>(placeZ + (z << 2)), 8);
      out += 12;
    }
  }
  const validY = load<u64>(record, VALID_Y);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    let mask = (m ^ (m >> 8)) & validY;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 32));
      const y = (bit >> 3) << 2;
      store<f32>(out, load<f32>(placeX + ((bit & 7) << 2)));
      let p = load<f32>(placeY + y) + t * load<f32>(stepY + y);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeY + y);
        const high = load<f32>(placeY + y, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p, 4);
      store<f32>(out, load<f32>(placeZ + (z << 2)), 8);
      out += 12;
    }
  }
  const validZ = load<u64>(record, VALID_Z);
  for (let z: usize = 0; z < cellSlices; z++) {
    let mask = (load<u64>(record + 8 * z) ^ load<u64>(record + 8 * z, 8)) & validZ;
    const z4 = z << 2;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 256));
      store<f32>(out, load<f32>(placeX + ((bit & 7) << 2)));
      store<f32>(out, load<f32>(placeY + ((bit >> 3) << 2)), 4);
      let p = load<f32>(placeZ + z4) + t * load<f32>(stepZ + z4);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeZ + z4);
        const high = load<f32>(placeZ + z4, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p, 8);
      out += 12;
    }
  }
  return suspects;
}
