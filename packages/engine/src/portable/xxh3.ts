/**
 * XXH3 of 64 bits, a fast hash that keeps no secrets: it tells whether two pictures are the same.
 * Specification: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 *
 * `xxh3Hex` is the readable twin; `xxh3` runs the kernel (kernels/hash.ts). A picture of 512 × 384 takes the kernel 9 µs
 * (0.044 ns a byte) and 22 µs before the compiler has optimised it; XXH64, used before, took 12 and 60 µs, and could not use
 * SIMD (Node 20.20, 2026-11). The twin takes 40 ms.
 */
import type { Kernels } from "../kernels/kernels.ts";

interface HashExports {
  /** For more than 240 bytes. Unsigned 64 bits, handed over as a signed bigint. */
  xxh3(pointer: number, byteLength: number, seed: bigint): bigint;
}

const PRIME32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const;
const PRIME64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
/** Where the lanes begin. */
const LANES = [PRIME32[2], PRIME64[0], PRIME64[1], PRIME64[2], PRIME64[3], PRIME32[1], PRIME64[4], PRIME32[0]] as const;
const SECRET = secretBytes(
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248e" +
    "e03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a" +
    "51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8f" +
    "f8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e",
);
/** Up to here the bytes are mixed pairwise; beyond, eight lanes take them in. */
const SHORT_BYTES = 240;
const STRIPE_BYTES = 64;
const STRIPES_PER_BLOCK = 16;

/** XXH3 of some bytes by the kernel, 16 hexadecimal digits. Read in place where they lie in the kernels' memory. */
export function xxh3(kernels: Kernels, bytes: Uint8Array, seed: bigint): string {
  if (bytes.length <= SHORT_BYTES) return xxh3Hex(bytes, seed);
  const { arena } = kernels;
  const hash = kernels.room<HashExports>("hash");
  if (arena.holds(bytes)) return hex(hash.xxh3(bytes.byteOffset, bytes.length, seed));
  const mark = arena.mark();
  const pointer = arena.allocate(bytes.length);
  arena.u8(pointer, bytes.length).set(bytes);
  const result = hash.xxh3(pointer, bytes.length, seed);
  arena.release(mark);
  return hex(result);
}

/** XXH3 of some bytes, 16 hexadecimal digits: the reference that the kernel is compared with. */
export function xxh3Hex(bytes: Uint8Array, seed = 0n): string {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  if (length === 0) return hex(finish64(seed ^ word(SECRET, 56) ^ word(SECRET, 64)));
  if (length <= 3) return hex(of1To3(bytes, seed));
  if (length <= 8) return hex(of4To8(data, seed));
  if (length <= 16) return hex(of9To16(data, seed));
  if (length <= 128) return hex(of17To128(data, seed));
  if (length <= SHORT_BYTES) return hex(of129To240(data, seed));
  return hex(ofMore(data, seededSecret(seed)));
}

function of1To3(bytes: Uint8Array, seed: bigint): bigint {
  const { length } = bytes;
  const first = BigInt(bytes[0]) << 16n;
  const middle = BigInt(bytes[length >> 1]) << 24n;
  const together = first | middle | BigInt(bytes[length - 1]) | BigInt(length << 8);
  return finish64(together ^ u64((half(SECRET, 0) ^ half(SECRET, 4)) + seed));
}

function of4To8(data: DataView, seed: bigint): bigint {
  const length = data.byteLength;
  const mixedSeed = seed ^ (swapped(seed & 0xffffffffn, 4) << 32n);
  const flip = u64((word(SECRET, 8) ^ word(SECRET, 16)) - mixedSeed);
  let sum = (half(data, length - 4) + (half(data, 0) << 32n)) ^ flip;
  sum = u64((sum ^ rotate(sum, 49n) ^ rotate(sum, 24n)) * 0x9fb21c651e98df25n);
  sum = u64((sum ^ ((sum >> 35n) + BigInt(length))) * 0x9fb21c651e98df25n);
  return sum ^ (sum >> 28n);
}

function of9To16(data: DataView, seed: bigint): bigint {
  const length = data.byteLength;
  const low = word(data, 0) ^ u64((word(SECRET, 24) ^ word(SECRET, 32)) + seed);
  const high = word(data, length - 8) ^ u64((word(SECRET, 40) ^ word(SECRET, 48)) - seed);
  return finish(BigInt(length) + swapped(low, 8) + high + folded(low, high));
}

function of17To128(data: DataView, seed: bigint): bigint {
  const length = data.byteLength;
  let sum = BigInt(length) * PRIME64[0];
  // From both ends to the middle.
  for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
    sum += mixed(data, 16 * pair, 32 * pair, seed);
    sum += mixed(data, length - 16 * (pair + 1), 32 * pair + 16, seed);
  }
  return finish(sum);
}

function of129To240(data: DataView, seed: bigint): bigint {
  const length = data.byteLength;
  let sum = BigInt(length) * PRIME64[0];
  for (let i = 0; i < 8; i++) sum += mixed(data, 16 * i, 16 * i, seed);
  sum = finish(sum);
  for (let i = 8; i < length >> 4; i++) sum += mixed(data, 16 * i, 16 * (i - 8) + 3, seed);
  return finish(sum + mixed(data, length - 16, 119, seed));
}

function ofMore(data: DataView, secret: DataView): bigint {
  const length = data.byteLength;
  const lanes: bigint[] = [...LANES];
  const stripes = Math.floor((length - 1) / STRIPE_BYTES);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const turn = stripe % STRIPES_PER_BLOCK;
    accumulate(lanes, data, STRIPE_BYTES * stripe, secret, 8 * turn);
    if (turn !== STRIPES_PER_BLOCK - 1) continue;
    for (let i = 0; i < 8; i++) {
      const lane = lanes[i];
      lanes[i] = u64((lane ^ (lane >> 47n) ^ word(secret, 128 + 8 * i)) * PRIME32[0]);
    }
  }
  accumulate(lanes, data, length - STRIPE_BYTES, secret, 121);
  let sum = BigInt(length) * PRIME64[0];
  for (let i = 0; i < 8; i += 2) {
    sum += folded(lanes[i] ^ word(secret, 11 + 8 * i), lanes[i + 1] ^ word(secret, 19 + 8 * i));
  }
  return finish(sum);
}

function accumulate(lanes: bigint[], data: DataView, at: number, secret: DataView, secretAt: number): void {
  for (let i = 0; i < 8; i++) {
    const value = word(data, at + 8 * i);
    const key = value ^ word(secret, secretAt + 8 * i);
    lanes[i ^ 1] = u64(lanes[i ^ 1] + value);
    lanes[i] = u64(lanes[i] + (key & 0xffffffffn) * (key >> 32n));
  }
}

function mixed(data: DataView, at: number, secretAt: number, seed: bigint): bigint {
  const low = word(data, at) ^ u64(word(SECRET, secretAt) + seed);
  const high = word(data, at + 8) ^ u64(word(SECRET, secretAt + 8) - seed);
  return folded(low, high);
}

/** Both halves of the product of 128 bits, one over the other. */
function folded(a: bigint, b: bigint): bigint {
  const product = a * b;
  return u64(product) ^ (product >> 64n);
}

function finish(value: bigint): bigint {
  let sum = u64(value);
  sum = u64((sum ^ (sum >> 37n)) * 0x165667919e3779f9n);
  return sum ^ (sum >> 32n);
}

function finish64(value: bigint): bigint {
  let sum = u64(value);
  sum = u64((sum ^ (sum >> 33n)) * PRIME64[1]);
  sum = u64((sum ^ (sum >> 29n)) * PRIME64[2]);
  return sum ^ (sum >> 32n);
}

function seededSecret(seed: bigint): DataView {
  const secret = new DataView(new ArrayBuffer(SECRET.byteLength));
  for (let i = 0; i < SECRET.byteLength; i += 16) {
    secret.setBigUint64(i, u64(word(SECRET, i) + seed), true);
    secret.setBigUint64(i + 8, u64(word(SECRET, i + 8) - seed), true);
  }
  return secret;
}

function secretBytes(digits: string): DataView {
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
  return new DataView(bytes.buffer);
}

function word(view: DataView, at: number): bigint {
  return view.getBigUint64(at, true);
}

function half(view: DataView, at: number): bigint {
  return BigInt(view.getUint32(at, true));
}

/** The lowest `bytes` bytes in the other order. */
function swapped(value: bigint, bytes: number): bigint {
  let result = 0n;
  for (let i = 0; i < bytes; i++) result = (result << 8n) | ((value >> BigInt(8 * i)) & 0xffn);
  return result;
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
