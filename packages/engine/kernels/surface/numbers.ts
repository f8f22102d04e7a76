/**
 * The numbers of the vertices that a brick owns, in the order in which kernels/surface/vertices.ts wrote them.
 *
 *      vertex numbers while a brick is emitted, u32: 512 axis + x + 8 y + 64 z of the lower end of the edge, 0 … 7 each;
 *      at 512 (3 + k) + x + 8 y + 64 z the vertices in the interior of that cell, k = 0 … 2
 */
import { CELL_SLICES, FIRST_VERTEX, SLICE_BYTES, SLICES, VALID_X, VALID_Y, VALID_Z } from "./record-layout";

/** Byte offset in the vertex numbers from an edge along x of a cell to the first vertex in its interior. */
export const CENTRE: usize = 6144;

/** Numbers the vertices of the brick itself. */
export function numberVertices(record: usize, numbers: usize): void {
  const slices: usize = load<u8>(record, SLICES);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);
  let number = load<u32>(record, FIRST_VERTEX);
  const validX = load<u64>(record, VALID_X);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    number = takeInOrder((m ^ (m >> 1)) & validX, numbers + z * SLICE_BYTES, number);
  }
  const validY = load<u64>(record, VALID_Y);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    number = takeInOrder((m ^ (m >> 8)) & validY, numbers + z * SLICE_BYTES + 2048, number);
  }
  const validZ = load<u64>(record, VALID_Z);
  for (let z: usize = 0; z < cellSlices; z++) {
    const crossed = (load<u64>(record + 8 * z) ^ load<u64>(record + 8 * z, 8)) & validZ;
    number = takeInOrder(crossed, numbers + z * SLICE_BYTES + 4096, number);
  }
}

/** Numbers the set bits of `mask` from `number` on, and returns the next number. */
export function takeInOrder(mask: u64, numbers: usize, number: u32): u32 {
  while (mask != 0) {
    store<u32>(numbers + ((<usize>ctz<u64>(mask)) << 2), number++);
    mask &= mask - 1;
  }
  return number;
}
