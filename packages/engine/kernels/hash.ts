/**
 * XXH64 (see src/portable/xxh64.ts, the readable twin).
 *
 * Four lanes of 64 bits swallow 32 bytes a round; what is left over goes in by 8, 4 and 1 bytes.
 */
const PRIME_1: u64 = 0x9e3779b185ebca87;
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME_3: u64 = 0x165667b19e3779f9;
const PRIME_4: u64 = 0x85ebca77c2b2ae63;
const PRIME_5: u64 = 0x27d4eb2f165667c5;

/** XXH64 of `byteLength` bytes at `pointer` (any alignment). */
export function xxh64(pointer: usize, byteLength: u32, seed: u64): u64 {
  // Counting what is left, not comparing with an end, which may be 2^32 and so wrap to 0.
  let left = byteLength;
  let sum: u64;
  if (left >= 32) {
    let a = seed + PRIME_1 + PRIME_2;
    let b = seed + PRIME_2;
    let c = seed;
    let d = seed - PRIME_1;
    do {
      a = round(a, load<u64>(pointer));
      b = round(b, load<u64>(pointer, 8));
      c = round(c, load<u64>(pointer, 16));
      d = round(d, load<u64>(pointer, 24));
      pointer += 32;
      left -= 32;
    } while (left >= 32);
    sum = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    sum = merge(merge(merge(merge(sum, a), b), c), d);
  } else {
    sum = seed + PRIME_5;
  }
  sum += <u64>byteLength;
  while (left >= 8) {
    sum = rotl<u64>(sum ^ round(0, load<u64>(pointer)), 27) * PRIME_1 + PRIME_4;
    pointer += 8;
    left -= 8;
  }
  if (left >= 4) {
    sum = rotl<u64>(sum ^ (<u64>load<u32>(pointer) * PRIME_1), 23) * PRIME_2 + PRIME_3;
    pointer += 4;
    left -= 4;
  }
  while (left > 0) {
    sum = rotl<u64>(sum ^ (<u64>load<u8>(pointer) * PRIME_5), 11) * PRIME_1;
    pointer++;
    left--;
  }
  sum = (sum ^ (sum >> 33)) * PRIME_2;
  sum = (sum ^ (sum >> 29)) * PRIME_3;
  return sum ^ (sum >> 32);
}

function round(lane: u64, input: u64): u64 {
  return rotl<u64>(lane + input * PRIME_2, 31) * PRIME_1;
}

function merge(sum: u64, lane: u64): u64 {
  return (sum ^ round(0, lane)) * PRIME_1 + PRIME_4;
}
