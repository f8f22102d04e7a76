/**
 * XXH3, 64 bits, for more than 240 bytes (see src/portable/xxh3.ts, the readable twin, which does shorter ones itself).
 *
 *      block   1024 bytes = 16 stripes; stripe s meets the secret at byte 8 s, and after a block all lanes are scrambled
 *      stripe  64 bytes = 8 lanes of 64 bits, in four vectors
 *      lane i  += low half × high half of (data ^ secret), and += the data of lane i ^ 1
 *
 * The second sum is kept apart and its neighbours change places once a block, not once a stripe: sums of 64 bits do not
 * mind the order. Two vectors are sorted into low and high halves together, which is what the widening product takes.
 */
const PRIME32_1: u64 = 0x9e3779b1;
const PRIME32_2: u64 = 0x85ebca77;
const PRIME32_3: u64 = 0xc2b2ae3d;
const PRIME64_1: u64 = 0x9e3779b185ebca87;
const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME64_3: u64 = 0x165667b19e3779f9;
const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
const PRIME64_5: u64 = 0x27d4eb2f165667c5;

const STRIPE: usize = 64;
const BLOCK: usize = 1024;
const SCRAMBLE_SECRET: usize = 128;
const LAST_SECRET: usize = 121;
const MERGE_SECRET: usize = 11;

/** The secret of seed 0, and the one made of it for the seed at hand; 192 bytes each. */
const SECRET: usize = memory.data<u64>([
  0xbe4ba423396cfeb8, 0x1cad21f72c81017c, 0xdb979083e96dd4de, 0x1f67b3b7a4a44072, 0x78e5c0cc4ee679cb,
  0x2172ffcc7dd05a82, 0x8e2443f7744608b8, 0x4c263a81e69035e0, 0xcb00c391bb52283c, 0xa32e531b8b65d088,
  0x4ef90da297486471, 0xd8acdea946ef1938, 0x3f349ce33f76faa8, 0x1d4f0bc7c7bbdcf9, 0x3159b4cd4be0518a,
  0x647378d9c97e9fc8, 0xc3ebd33483acc5ea, 0xeb6313faffa081c5, 0x49daf0b751dd0d17, 0x9e68d429265516d3,
  0xfca1477d58be162b, 0xce31d07ad1b8f88f, 0x280416958f3acb45, 0x7e404bbbcafbd7af,
]);
const SEEDED: usize = memory.data(192);

/** The eight lanes. */
let p0: v128 = i64x2.splat(0);
let p1: v128 = i64x2.splat(0);
let p2: v128 = i64x2.splat(0);
let p3: v128 = i64x2.splat(0);

/** XXH3 of `byteLength` > 240 bytes at `pointer` (any alignment). */
export function xxh3(pointer: usize, byteLength: u32, seed: u64): u64 {
  for (let i: usize = 0; i < 192; i += 16) {
    store<u64>(SEEDED + i, load<u64>(SECRET + i) + seed);
    store<u64>(SEEDED + i, load<u64>(SECRET + i, 8) - seed, 8);
  }
  const secret = SEEDED;
  p0 = i64x2(PRIME32_3, PRIME64_1);
  p1 = i64x2(PRIME64_2, PRIME64_3);
  p2 = i64x2(PRIME64_4, PRIME32_2);
  p3 = i64x2(PRIME64_5, PRIME32_1);
  // Counting what is left, not comparing with an end, which may be 2^32 and so wrap to 0.
  let at = pointer;
  let left = byteLength;
  for (; left > BLOCK; left -= BLOCK) {
    accumulate(at, secret, BLOCK / STRIPE);
    const key = secret + SCRAMBLE_SECRET;
    p0 = scramble(p0, key);
    p1 = scramble(p1, key + 16);
    p2 = scramble(p2, key + 32);
    p3 = scramble(p3, key + 48);
    at += BLOCK;
  }
  accumulate(at, secret, (left - 1) / STRIPE);
  accumulate(pointer + byteLength - STRIPE, secret + LAST_SECRET, 1);
  const key = secret + MERGE_SECRET;
  let sum = <u64>byteLength * PRIME64_1;
  sum += merge(p0, key) + merge(p1, key + 16) + merge(p2, key + 32) + merge(p3, key + 48);
  sum = (sum ^ (sum >> 37)) * 0x165667919e3779f9;
  return sum ^ (sum >> 32);
}

/** Takes stripes in, each with the secret 8 bytes further on. */
function accumulate(data: usize, secret: usize, stripes: usize): void {
  let a = p0;
  let b = p1;
  let c = p2;
  let d = p3;
  let sumA = i64x2.splat(0);
  let sumB = i64x2.splat(0);
  let sumC = i64x2.splat(0);
  let sumD = i64x2.splat(0);
  for (; stripes > 0; stripes--) {
    const dataA = v128.load(data);
    const dataB = v128.load(data, 16);
    const dataC = v128.load(data, 32);
    const dataD = v128.load(data, 48);
    const keyA = v128.xor(dataA, v128.load(secret));
    const keyB = v128.xor(dataB, v128.load(secret, 16));
    const keyC = v128.xor(dataC, v128.load(secret, 32));
    const keyD = v128.xor(dataD, v128.load(secret, 48));
    const lowAB = v128.shuffle<i32>(keyA, keyB, 0, 2, 4, 6);
    const highAB = v128.shuffle<i32>(keyA, keyB, 1, 3, 5, 7);
    const lowCD = v128.shuffle<i32>(keyC, keyD, 0, 2, 4, 6);
    const highCD = v128.shuffle<i32>(keyC, keyD, 1, 3, 5, 7);
    a = i64x2.add(a, i64x2.extmul_low_i32x4_u(lowAB, highAB));
    b = i64x2.add(b, i64x2.extmul_high_i32x4_u(lowAB, highAB));
    c = i64x2.add(c, i64x2.extmul_low_i32x4_u(lowCD, highCD));
    d = i64x2.add(d, i64x2.extmul_high_i32x4_u(lowCD, highCD));
    sumA = i64x2.add(sumA, dataA);
    sumB = i64x2.add(sumB, dataB);
    sumC = i64x2.add(sumC, dataC);
    sumD = i64x2.add(sumD, dataD);
    data += STRIPE;
    secret += 8;
  }
  p0 = i64x2.add(a, neighbours(sumA));
  p1 = i64x2.add(b, neighbours(sumB));
  p2 = i64x2.add(c, neighbours(sumC));
  p3 = i64x2.add(d, neighbours(sumD));
}

function neighbours(lanes: v128): v128 {
  return v128.shuffle<i64>(lanes, lanes, 1, 0);
}

function scramble(lanes: v128, key: usize): v128 {
  const mixed = v128.xor(v128.xor(lanes, i64x2.shr_u(lanes, 47)), v128.load(key));
  return i64x2.mul(mixed, i64x2.splat(PRIME32_1));
}

function merge(lanes: v128, key: usize): u64 {
  return foldedProduct(i64x2.extract_lane(lanes, 0) ^ load<u64>(key), i64x2.extract_lane(lanes, 1) ^ load<u64>(key, 8));
}

/** Both halves of the product of 128 bits, one over the other. */
function foldedProduct(a: u64, b: u64): u64 {
  const low = (a & 0xffffffff) * (b & 0xffffffff);
  const cross = (a >> 32) * (b & 0xffffffff) + (low >> 32);
  const other = (a & 0xffffffff) * (b >> 32) + (cross & 0xffffffff);
  const high = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
  return high ^ ((other << 32) | (low & 0xffffffff));
}
