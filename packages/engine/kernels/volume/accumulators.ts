/**
 * Rows of bits that tell which bricks have a sign change, without a look at the samples of any.
 *
 * A row of samples becomes a row of bits (set: inside). For each row of bricks two such rows are kept, the OR and the AND
 * over all rows of samples that the bricks hold; a brick has a sign change where its 8 bits of the first are not all 0
 * and its 8 bits of the second are not all 1.
 *
 *      accumulator of a row of bricks:  8 bytes guard | bits, 2 bytes for 16 samples | 8 bytes guard
 */

export const GUARD: usize = 8;

/** Sets the accumulators to "nothing seen": OR to 0, AND to 1. */
export function reset(any: usize, all: usize, bytes: usize): void {
  memory.fill(any, 0, bytes);
  memory.fill(all, 0xff, bytes);
}

/** Adds the accumulators `fromAny`, `fromAll` to others; `bytes` is a multiple of 8. */
export function merge(any: usize, all: usize, fromAny: usize, fromAll: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) {
    store<u64>(any + i, load<u64>(any + i) | load<u64>(fromAny + i));
    store<u64>(all + i, load<u64>(all + i) & load<u64>(fromAll + i));
  }
}

export function accumulate(bits: u32, at: usize, any: usize, all: usize, anyBefore: usize, allBefore: usize): void {
  store<u16>(any + at, <u16>(load<u16>(any + at) | bits));
  store<u16>(all + at, <u16>(load<u16>(all + at) & bits));
  if (any != anyBefore) {
    store<u16>(anyBefore + at, <u16>(load<u16>(anyBefore + at) | bits));
    store<u16>(allBefore + at, <u16>(load<u16>(allBefore + at) & bits));
  }
}
