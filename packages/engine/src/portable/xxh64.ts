/**
 * XXH64, a fast hash that keeps no secrets: it tells whether two pictures are the same.
 * Specification: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 *
 * `xxh64Hex` is the readable twin; `xxh64` runs the kernel (kernels/hash.ts): 0.05 ms against 8.4 ms for a picture of
 * 512 × 384 (Node 20.20, 2026-11).
 */
import type { Kernels } from "../kernels/kernels.ts";

interface HashExports {
  /** Unsigned 64 bits, handed over as a signed bigint. */
  xxh64(pointer: number, byteLength: number, seed: bigint): bigint;
}

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

/** XXH64 of some bytes by the kernel, 16 hexadecimal digits. Read in place where they lie in the kernels' memory. */
export function xxh64(kernels: Kernels, bytes: Uint8Array, seed: bigint): string {
  const { arena } = kernels;
  const hash = kernels.room<HashExports>("hash");
  if (arena.holds(bytes)) return hex(hash.xxh64(bytes.byteOffset, bytes.length, seed));
  const mark = arena.mark();
  const pointer = arena.allocate(bytes.length);
  arena.u8(pointer, bytes.length).set(bytes);
  const result = hash.xxh64(pointer, bytes.length, seed);
  arena.release(mark);
  return hex(result);
}

/** XXH64 of some bytes, 16 hexadecimal digits: the reference that the kernel is compared with. */
export function xxh64Hex(bytes: Uint8Array, seed = 0n): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  let at = 0;
  let sum: bigint;
  if (length >= 32) {
    const lanes = [u64(seed + PRIME_1 + PRIME_2), u64(seed + PRIME_2), u64(seed), u64(seed - PRIME_1)] as const;
    let [a, b, c, d]: readonly bigint[] = lanes;
    for (; at + 32 <= length; at += 32) {
      a = round(a, view.getBigUint64(at, true));
      b = round(b, view.getBigUint64(at + 8, true));
      c = round(c, view.getBigUint64(at + 16, true));
      d = round(d, view.getBigUint64(at + 24, true));
    }
    sum = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of [a, b, c, d]) sum = u64((sum ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  } else {
    sum = u64(seed + PRIME_5);
  }
  sum = u64(sum + BigInt(length));
  for (; at + 8 <= length; at += 8) {
    sum = u64(rotate(sum ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME_1 + PRIME_4);
  }
  for (; at + 4 <= length; at += 4) {
    sum = u64(rotate(sum ^ u64(BigInt(view.getUint32(at, true)) * PRIME_1), 23n) * PRIME_2 + PRIME_3);
  }
  for (; at < length; at++) {
    sum = u64(rotate(sum ^ u64(BigInt(bytes[at]) * PRIME_5), 11n) * PRIME_1);
  }
  sum = u64((sum ^ (sum >> 33n)) * PRIME_2);
  sum = u64((sum ^ (sum >> 29n)) * PRIME_3);
  return hex(sum ^ (sum >> 32n));
}

function round(lane: bigint, input: bigint): bigint {
  return u64(rotate(u64(lane + input * PRIME_2), 31n) * PRIME_1);
}

function rotate(value: bigint, bits: bigint): bigint {
  return u64((value << bits) | (value >> (64n - bits)));
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function hex(value: bigint): string {
  return u64(value).toString(16).padStart(16, "0");
}
