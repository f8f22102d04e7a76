/**
 * A layer of the source into the accumulators. Every sample of a volume passes here, so samples are compared by the vector
 * and 16 signs or more are taken at a time.
 */
import { accumulate, GUARD } from "./accumulators";
import {
  F32,
  FLIP,
  KIND,
  LAYER_BYTES,
  LEAST,
  LEVEL,
  LOW_Y,
  NX,
  NY,
  OFFSET_Y,
  ROW_BYTES,
  SOURCE,
  U8,
} from "./job-layout";

/** Takes layer `z` of the source into the accumulators. Returns whether a sample is not finite. */
export function scanLayer(job: usize, z: i32, any: usize, all: usize): bool {
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const rowBytes = load<usize>(job, ROW_BYTES);
  const offsetY = load<i32>(job, OFFSET_Y);
  const lowY = load<i32>(job, LOW_Y);
  const shift: usize = kind == F32 ? 2 : kind == U8 ? 0 : 1;
  const stride = (<usize>nx) << shift;
  let row = load<usize>(job, SOURCE) + <usize>z * load<usize>(job, LAYER_BYTES);
  const level = load<f32>(job, LEVEL);
  const below = load<u32>(job, FLIP) != 0;
  let bad = false;
  for (let y = 0; y < ny; y++) {
    const at = y + offsetY;
    const by = at / 7;
    // The row of bricks that it belongs to; where it is shared, the one before it too.
    const here = GUARD + <usize>(by - lowY) * rowBytes;
    const before = at - 7 * by == 0 && by > lowY ? here - rowBytes : here;
    if (kind == F32) {
      if (below) bad = scanFloats<f32>(level, row, nx, any + here, all + here, any + before, all + before) || bad;
      else bad = scanFloats<i32>(level, row, nx, any + here, all + here, any + before, all + before) || bad;
    } else if (kind == U8) scanBytes(job, row, nx, any + here, all + here, any + before, all + before);
    else scanWords(job, row, nx, any + here, all + here, any + before, all + before);
    row += stride;
  }
  return bad;
}

/** `Below`: a floating-point type where what is below the level is inside, else an integer type. */
function scanFloats<Below>(
  level: f32,
  row: usize,
  n: i32,
  any: usize,
  all: usize,
  anyBefore: usize,
  allBefore: usize,
): bool {
  const edge = f32x4.splat(level);
  // The sum of all samples is finite only where they are; where it is not, one after the other is looked at.
  let sum = f32x4.splat(0);
  const start = row;
  let at: usize = 0;
  let x = 0;
  for (; x + 32 <= n; x += 32) {
    const a = v128.load(row);
    const b = v128.load(row, 16);
    const c = v128.load(row, 32);
    const d = v128.load(row, 48);
    const e = v128.load(row, 64);
    const f = v128.load(row, 80);
    const g = v128.load(row, 96);
    const h = v128.load(row, 112);
    const low = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const high = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
    sum = f32x4.add(sum, f32x4.add(low, high));
    const bits = bitsOf<Below>(edge, a, b, c, d) | (bitsOf<Below>(edge, e, f, g, h) << 16);
    store<u32>(any + at, load<u32>(any + at) | bits);
    store<u32>(all + at, load<u32>(all + at) & bits);
    if (any != anyBefore) {
      store<u32>(anyBefore + at, load<u32>(anyBefore + at) | bits);
      store<u32>(allBefore + at, load<u32>(allBefore + at) & bits);
    }
    row += 128;
    at += 4;
  }
  while (x < n) {
    let bits: u32 = 0;
    const end = min(n, x + 16);
    for (let bit = 0; x < end; x++, bit++) {
      const value = load<f32>(row);
      if (isFloat<Below>() ? value < level : value > level) bits |= 1 << bit;
      sum = f32x4.add(sum, f32x4.splat(value));
      row += 4;
    }
    accumulate(bits, at, any, all, anyBefore, allBefore);
    at += 2;
  }
  if (!v128.any_true(f32x4.ne(f32x4.sub(sum, sum), f32x4.splat(0)))) return false;
  for (let i = 0; i < n; i++) {
    const value = load<f32>(start + ((<usize>i) << 2));
    if (value - value != 0) return true;
  }
  return false;
}

/** Signs of 16 samples. */
function bitsOf<Below>(edge: v128, a: v128, b: v128, c: v128, d: v128): u32 {
  const low = i16x8.narrow_i32x4_s(isBelow<Below>(edge, a), isBelow<Below>(edge, b));
  const high = i16x8.narrow_i32x4_s(isBelow<Below>(edge, c), isBelow<Below>(edge, d));
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

function isBelow<Below>(edge: v128, a: v128): v128 {
  return isFloat<Below>() ? f32x4.lt(a, edge) : f32x4.lt(edge, a);
}

function scanBytes(job: usize, row: usize, n: i32, any: usize, all: usize, anyBefore: usize, allBefore: usize): void {
  const least = load<u32>(job, LEAST);
  const flip = load<u32>(job, FLIP);
  const edge = i8x16.splat(<i8>least);
  let at: usize = 0;
  let x = 0;
  for (; x + 16 <= n; x += 16) {
    const bits = i8x16.bitmask(i8x16.ge_u(v128.load(row), edge)) ^ flip;
    accumulate(bits, at, any, all, anyBefore, allBefore);
    row += 16;
    at += 2;
  }
  if (x < n) {
    let bits: u32 = 0;
    for (let bit = 0; x < n; x++, bit++) if (<u32>load<u8>(row++) >= least) bits |= 1 << bit;
    accumulate(bits ^ flip, at, any, all, anyBefore, allBefore);
  }
}

function scanWords(job: usize, row: usize, n: i32, any: usize, all: usize, anyBefore: usize, allBefore: usize): void {
  const least = load<u32>(job, LEAST);
  const flip = load<u32>(job, FLIP);
  const edge = i16x8.splat(<i16>least);
  let at: usize = 0;
  let x = 0;
  for (; x + 16 <= n; x += 16) {
    const a = i16x8.ge_u(v128.load(row), edge);
    const b = i16x8.ge_u(v128.load(row, 16), edge);
    accumulate(i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)) ^ flip, at, any, all, anyBefore, allBefore);
    row += 32;
    at += 2;
  }
  if (x < n) {
    let bits: u32 = 0;
    for (let bit = 0; x < n; x++, bit++) {
      if (<u32>load<u16>(row) >= least) bits |= 1 << bit;
      row += 2;
    }
    accumulate(bits ^ flip, at, any, all, anyBefore, allBefore);
  }
}
