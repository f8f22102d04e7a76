/**
 * The numbers of the edges on the last layer of a brick (local index 7), fetched from the brick that owns them, where they
 * have index 0. `there` is the empty record where that brick is missing. Each function returns false where the crossings of
 * this brick and of that brick differ, so that no number is used that was not written.
 */
import { takeInOrder } from "./numbers";
import {
  BEFORE,
  CELL_SLICES,
  FIRST_VERTEX,
  SLICE_BYTES,
  SLICES,
  VALID_CELLS,
  VALID_X,
  VALID_Y,
  VALID_Z,
} from "./record-layout";
import { COLUMN } from "./signs";

/** Edges along y and z at x = 7. */
export function takeX(here: usize, there: usize, numbers: usize): bool {
  if (!(load<u64>(here, VALID_CELLS) & 0x40)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const slices: usize = load<u8>(here, SLICES);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  const validHereY = load<u64>(here, VALID_Y) & COLUMN;
  const validThereY = load<u64>(there, VALID_Y);
  const validHereZ = load<u64>(here, VALID_Z) & COLUMN;
  const validThereZ = load<u64>(there, VALID_Z);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(here + 8 * z);
    const n = load<u64>(there + 8 * z);
    const crossed = (n ^ (n >> 8)) & validThereY;
    let mask = crossed & COLUMN;
    if ((((m ^ (m >> 8)) >> 7) & validHereY) != mask) return false;
    if (mask != 0) {
      const base = first + load<u16>(there + 2 * z, BEFORE + 16);
      const row = numbers + z * SLICE_BYTES;
      do {
        const bit = ctz<u64>(mask);
        store<u32>(row + ((<usize>bit) << 2), base + <u32>popcnt<u64>(crossed & (((<u64>1) << bit) - 1)), 2048 + 28);
        mask &= mask - 1;
      } while (mask != 0);
    }
    if (z < cellSlices) {
      const between = (n ^ load<u64>(there + 8 * z, 8)) & validThereZ;
      mask = between & COLUMN;
      if ((((m ^ load<u64>(here + 8 * z, 8)) >> 7) & validHereZ) != mask) return false;
      if (mask != 0) {
        const base = first + load<u16>(there + 2 * z, BEFORE + 32);
        const row = numbers + z * SLICE_BYTES;
        do {
          const bit = ctz<u64>(mask);
          store<u32>(row + ((<usize>bit) << 2), base + <u32>popcnt<u64>(between & (((<u64>1) << bit) - 1)), 4096 + 28);
          mask &= mask - 1;
        } while (mask != 0);
      }
    }
  }
  return true;
}

/** Edges along x and z at y = 7. */
export function takeY(here: usize, there: usize, numbers: usize): bool {
  if (!((load<u64>(here, VALID_CELLS) >> 48) & 1)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const slices: usize = load<u8>(here, SLICES);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  // The lowest rows of both bricks cover the same range of x.
  const validX = load<u64>(here, VALID_X) & 0xff;
  const validZ = load<u64>(here, VALID_Z) & 0xff;
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(here + 8 * z);
    const n = load<u64>(there + 8 * z);
    let mask = (n ^ (n >> 1)) & validX;
    if ((((m ^ (m >> 1)) >> 56) & validX) != mask) return false;
    if (mask != 0) {
      takeInOrder(mask, numbers + z * SLICE_BYTES + 224, first + load<u16>(there + 2 * z, BEFORE));
    }
    if (z < cellSlices) {
      mask = (n ^ load<u64>(there + 8 * z, 8)) & validZ;
      if ((((m ^ load<u64>(here + 8 * z, 8)) >> 56) & validZ) != mask) return false;
      if (mask != 0) {
        takeInOrder(mask, numbers + z * SLICE_BYTES + 4096 + 224, first + load<u16>(there + 2 * z, BEFORE + 32));
      }
    }
  }
  return true;
}

/** Edges along x and y at z = 7. */
export function takeZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const validX = load<u64>(here, VALID_X);
  const validY = load<u64>(here, VALID_Y);
  let mask = (n ^ (n >> 1)) & validX;
  if (((m ^ (m >> 1)) & validX) != mask) return false;
  takeInOrder(mask, numbers + 1792, first);
  mask = (n ^ (n >> 8)) & validY;
  if (((m ^ (m >> 8)) & validY) != mask) return false;
  takeInOrder(mask, numbers + 2048 + 1792, first + load<u16>(there, BEFORE + 16));
  return true;
}

/** Edges along z at x = 7, y = 7. */
export function takeXY(here: usize, there: usize, numbers: usize): bool {
  if (!((load<u64>(here, VALID_CELLS) >> 54) & 1)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  for (let z: usize = 0; z < cellSlices; z++) {
    const crossed = (load<u64>(there + 8 * z) ^ load<u64>(there + 8 * z, 8)) & 1;
    if ((load<u64>(here + 8 * z) ^ load<u64>(here + 8 * z, 8)) >> 63 != crossed) return false;
    if (crossed) store<u32>(numbers + z * SLICE_BYTES, first + load<u16>(there + 2 * z, BEFORE + 32), 4096 + 252);
  }
  return true;
}

/** Edges along y at x = 7, z = 7. */
export function takeXZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7 || !(load<u64>(here, VALID_CELLS) & 0x40)) return true;
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const crossed = (n ^ (n >> 8)) & load<u64>(there, VALID_Y);
  let mask = crossed & COLUMN;
  if ((((m ^ (m >> 8)) >> 7) & load<u64>(here, VALID_Y) & COLUMN) != mask) return false;
  const base = load<u32>(there, FIRST_VERTEX) + load<u16>(there, BEFORE + 16);
  while (mask != 0) {
    const bit = ctz<u64>(mask);
    store<u32>(
      numbers + ((<usize>bit) << 2),
      base + <u32>popcnt<u64>(crossed & (((<u64>1) << bit) - 1)),
      2048 + 1792 + 28,
    );
    mask &= mask - 1;
  }
  return true;
}

/** Edges along x at y = 7, z = 7. */
export function takeYZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7 || !((load<u64>(here, VALID_CELLS) >> 48) & 1)) return true;
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const validX = load<u64>(here, VALID_X) & 0xff;
  const mask = (n ^ (n >> 1)) & validX;
  if ((((m ^ (m >> 1)) >> 56) & validX) != mask) return false;
  takeInOrder(mask, numbers + 1792 + 224, load<u32>(there, FIRST_VERTEX));
  return true;
}
