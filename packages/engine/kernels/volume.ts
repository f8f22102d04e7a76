/**
 * Volumes from elsewhere: dense grids of samples to bricks, and what is looked up in them.
 * The readable twins are in src/volume/reference.ts and src/volume/normals.ts.
 *
 * A row of samples becomes a row of bits (set: inside). For each row of bricks two such rows are kept, the OR and the AND
 * over all rows of samples that the bricks hold; a brick has a sign change where its 8 bits of the first are not all 0
 * and its 8 bits of the second are not all 1.
 *
 *      accumulator of a row of bricks:  8 bytes guard | bits, 2 bytes for 16 samples | 8 bytes guard
 *
 *      job, 32 bits each
 *        0  kind         0 f32, 1 u8, 2 u16
 *        4  nx           12  x offset  grid index = sample index + offset
 *        8  ny  (nz at 28) 16  y offset  (z offset at 32)
 *       20  dimension    of the grid that the bricks cover
 *       24  rowBytes     of an accumulator
 *       36  level        f32
 *       40  least        u8 and u16: inside from this value on
 *       44  flip         0xffff where what is below is inside, for u8 and u16; for f32 not 0
 *       48  negate       0x80000000 where what is above is inside, else 0: changes value - level to negative inside
 *       52  layerBytes   of the source
 *       56  lowX, highX, lowY, highY   bricks that hold samples, inclusive
 *       72  pointer of the source's layer 0 (may lie outside of memory when only some layers are there)
 */

const KIND: usize = 0;
const NX: usize = 4;
const NY: usize = 8;
const OFFSET_X: usize = 12;
const OFFSET_Y: usize = 16;
const DIMENSION: usize = 20;
const ROW_BYTES: usize = 24;
const NZ: usize = 28;
const OFFSET_Z: usize = 32;
const LEVEL: usize = 36;
const LEAST: usize = 40;
const FLIP: usize = 44;
const NEGATE: usize = 48;
const LAYER_BYTES: usize = 52;
const LOW_X: usize = 56;
const HIGH_X: usize = 60;
const LOW_Y: usize = 64;
const HIGH_Y: usize = 68;
const SOURCE: usize = 72;

const GUARD: usize = 8;
const F32: i32 = 0;
const U8: i32 = 1;

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

function accumulate(bits: u32, at: usize, any: usize, all: usize, anyBefore: usize, allBefore: usize): void {
  store<u16>(any + at, <u16>(load<u16>(any + at) | bits));
  store<u16>(all + at, <u16>(load<u16>(all + at) & bits));
  if (any != anyBefore) {
    store<u16>(anyBefore + at, <u16>(load<u16>(anyBefore + at) | bits));
    store<u16>(allBefore + at, <u16>(load<u16>(allBefore + at) & bits));
  }
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

/** Writes (bx, by, bz), u16 each, of the bricks of layer `bz` that have a sign change; returns how many. */
export function collect(job: usize, bz: i32, any: usize, all: usize, coordinates: usize): i32 {
  const dimension = load<i32>(job, DIMENSION);
  const nx = load<i32>(job, NX);
  const offsetX = load<i32>(job, OFFSET_X);
  const lowX = load<i32>(job, LOW_X);
  const highX = load<i32>(job, HIGH_X);
  const lowY = load<i32>(job, LOW_Y);
  const highY = load<i32>(job, HIGH_Y);
  const rowBytes = load<usize>(job, ROW_BYTES);
  const edgeZ = reachesOut(bz, load<i32>(job, OFFSET_Z), load<i32>(job, NZ), dimension);
  const start = coordinates;
  for (let by = lowY; by <= highY; by++) {
    const edgeYZ = edgeZ | reachesOut(by, load<i32>(job, OFFSET_Y), load<i32>(job, NY), dimension);
    for (let bx = lowX; bx <= highX; bx++) {
      const x0 = 7 * bx - offsetX;
      const at = GUARD + (x0 >> 3);
      const left = x0 & 7;
      // Bits of samples that are there.
      let valid: u32 = x0 + 8 > nx ? (1 << (nx - x0)) - 1 : 0xff;
      if (x0 < 0) valid &= 0xff << -x0;
      const some = (<u32>load<u16>(any + at) >> left) & valid;
      if (some == 0) continue;
      if (!(edgeYZ | reachesOut(bx, offsetX, nx, dimension))) {
        if (((<u32>load<u16>(all + at) >> left) & valid) == valid) continue;
      }
      store<u16>(coordinates, <u16>bx);
      store<u16>(coordinates, <u16>by, 2);
      store<u16>(coordinates, <u16>bz, 4);
      coordinates += 6;
    }
    any += rowBytes;
    all += rowBytes;
  }
  return <i32>((coordinates - start) / 6);
}

/** Whether a brick holds grid samples that the source does not have; those are outside. */
function reachesOut(b: i32, offset: i32, n: i32, dimension: i32): bool {
  return 7 * b < offset || min(7 * b + 7, dimension - 1) >= offset + n;
}

/** Writes the 512 samples of each brick, negative inside. */
export function fill(job: usize, coordinates: usize, count: i32, samples: usize): void {
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  const shift: usize = kind == F32 ? 2 : kind == U8 ? 0 : 1;
  const level = f32x4.splat(load<f32>(job, LEVEL));
  const negate = i32x4.splat(load<i32>(job, NEGATE));
  const rowStep = (<usize>nx) << shift;
  const layerStep = load<usize>(job, LAYER_BYTES);
  const source = load<usize>(job, SOURCE);
  for (let i = 0; i < count; i++) {
    const x0 = 7 * <i32>load<u16>(coordinates) - load<i32>(job, OFFSET_X);
    const y0 = 7 * <i32>load<u16>(coordinates, 2) - load<i32>(job, OFFSET_Y);
    const z0 = 7 * <i32>load<u16>(coordinates, 4) - load<i32>(job, OFFSET_Z);
    coordinates += 6;
    if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 8 > nx || y0 + 8 > ny || z0 + 8 > nz) {
      fillAtEdge(job, x0, y0, z0, samples);
      samples += 2048;
      continue;
    }
    let layer = source + <usize>z0 * layerStep + <usize>y0 * rowStep + ((<usize>x0) << shift);
    for (let z = 0; z < 8; z++) {
      let row = layer;
      for (let y = 0; y < 8; y++) {
        let a: v128;
        let b: v128;
        if (kind == F32) {
          a = v128.load(row);
          b = v128.load(row, 16);
        } else {
          const words = kind == U8 ? v128.load_ext<u8>(row) : v128.load(row);
          a = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
          b = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words));
        }
        v128.store(samples, v128.xor(f32x4.sub(a, level), negate));
        v128.store(samples, v128.xor(f32x4.sub(b, level), negate), 16);
        samples += 32;
        row += rowStep;
      }
      layer += layerStep;
    }
  }
}

/** Where the source ends, its outermost samples go on with the sign of the outside. */
function fillAtEdge(job: usize, x0: i32, y0: i32, z0: i32, samples: usize): void {
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  for (let z = z0; z < z0 + 8; z++) {
    const sz = min(max(z, 0), nz - 1);
    for (let y = y0; y < y0 + 8; y++) {
      const sy = min(max(y, 0), ny - 1);
      for (let x = x0; x < x0 + 8; x++) {
        const sx = min(max(x, 0), nx - 1);
        const value = sampleAt(job, sx, sy, sz);
        store<f32>(samples, sx == x && sy == y && sz == z ? value : abs(value));
        samples += 4;
      }
    }
  }
}

function sampleAt(job: usize, x: i32, y: i32, z: i32): f32 {
  const kind = load<i32>(job, KIND);
  const at = <usize>(x + load<i32>(job, NX) * y);
  const layer = load<usize>(job, SOURCE) + <usize>z * load<usize>(job, LAYER_BYTES);
  const value: f32 =
    kind == F32
      ? load<f32>(layer + (at << 2))
      : kind == U8
        ? <f32>load<u8>(layer + at)
        : <f32>load<u16>(layer + (at << 1));
  return reinterpret<f32>(reinterpret<i32>(value - load<f32>(job, LEVEL)) ^ load<i32>(job, NEGATE));
}

/**
 * Unit normals of points: the trilinear mean of the central differences at the eight samples around each.
 *
 *      frame, f64 each: scale x, shift x, scale y, … (sample index = world · scale + shift), then 1 / step x, y, z
 *      limits, i32 each: lowest and highest index x, y, z (−1 and n where the field goes on outside the source)
 */
export function normals(job: usize, frame: usize, limits: usize, positions: usize, target: usize, count: i32): void {
  const lx = load<i32>(limits);
  const hx = load<i32>(limits, 4);
  const ly = load<i32>(limits, 8);
  const hy = load<i32>(limits, 12);
  const lz = load<i32>(limits, 16);
  const hz = load<i32>(limits, 20);
  const perX = load<f64>(frame, 48);
  const perY = load<f64>(frame, 56);
  const perZ = load<f64>(frame, 64);
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  const source = load<usize>(job, SOURCE);
  const level = load<f32>(job, LEVEL);
  const negate = load<i32>(job, NEGATE);
  const shift: usize = kind == F32 ? 2 : kind == U8 ? 0 : 1;
  const stepX: usize = (<usize>1) << shift;
  const stepY = (<usize>nx) << shift;
  const layerStep = load<usize>(job, LAYER_BYTES);
  for (let i = 0; i < count; i++) {
    const u = settle(<f64>load<f32>(positions) * load<f64>(frame) + load<f64>(frame, 8), lx, hx);
    const v = settle(<f64>load<f32>(positions, 4) * load<f64>(frame, 16) + load<f64>(frame, 24), ly, hy);
    const w = settle(<f64>load<f32>(positions, 8) * load<f64>(frame, 32) + load<f64>(frame, 40), lz, hz);
    const x0 = min(<i32>floor(u), hx - 1);
    const y0 = min(<i32>floor(v), hy - 1);
    const z0 = min(<i32>floor(w), hz - 1);
    const tx = u - <f64>x0;
    const ty = v - <f64>y0;
    const tz = w - <f64>z0;
    let gx: f64 = 0;
    let gy: f64 = 0;
    let gz: f64 = 0;
    // Where no neighbour lies outside, samples are found by their distance in memory.
    const isInner = x0 > 0 && y0 > 0 && z0 > 0 && x0 + 2 < nx && y0 + 2 < ny && z0 + 2 < nz;
    const way = tx + ty + tz;
    if (isInner && kind == F32 && way != 0 && (tx == way || ty == way || tz == way)) {
      // On an edge of the grid, as vertices of its own samples are: two corners count.
      const low = source + <usize>z0 * layerStep + ((<usize>(x0 + nx * y0)) << 2);
      const high = low + (tx == way ? stepX : ty == way ? stepY : layerStep);
      const rest = 1 - way;
      gx = rest * (slopeOf(low, stepX, level, negate) * perX * 0.5) + 0;
      gy = rest * (slopeOf(low, stepY, level, negate) * perY * 0.5) + 0;
      gz = rest * (slopeOf(low, layerStep, level, negate) * perZ * 0.5) + 0;
      gx += way * (slopeOf(high, stepX, level, negate) * perX * 0.5);
      gy += way * (slopeOf(high, stepY, level, negate) * perY * 0.5);
      gz += way * (slopeOf(high, layerStep, level, negate) * perZ * 0.5);
    } else {
      for (let corner = 0; corner < 8; corner++) {
        const weight = (corner & 1 ? tx : 1 - tx) * ((corner >> 1) & 1 ? ty : 1 - ty) * (corner >> 2 ? tz : 1 - tz);
        if (weight == 0) continue;
        const x = x0 + (corner & 1);
        const y = y0 + ((corner >> 1) & 1);
        const z = z0 + (corner >> 2);
        if (isInner) {
          const at = source + <usize>z * layerStep + ((<usize>(x + nx * y)) << shift);
          gx += weight * ((slopeAt(kind, at, stepX, level, negate) * perX) / 2);
          gy += weight * ((slopeAt(kind, at, stepY, level, negate) * perY) / 2);
          gz += weight * ((slopeAt(kind, at, layerStep, level, negate) * perZ) / 2);
          continue;
        }
        const a = max(x - 1, lx);
        const b = min(x + 1, hx);
        gx += weight * (((<f64>fieldAt(job, b, y, z) - <f64>fieldAt(job, a, y, z)) * perX) / <f64>(b - a));
        const c = max(y - 1, ly);
        const d = min(y + 1, hy);
        gy += weight * (((<f64>fieldAt(job, x, d, z) - <f64>fieldAt(job, x, c, z)) * perY) / <f64>(d - c));
        const e = max(z - 1, lz);
        const f = min(z + 1, hz);
        gz += weight * (((<f64>fieldAt(job, x, y, f) - <f64>fieldAt(job, x, y, e)) * perZ) / <f64>(f - e));
      }
    }
    const length = Math.sqrt(gx * gx + gy * gy + gz * gz);
    const usable = length > 0 && length < Infinity;
    store<f32>(target, usable ? <f32>(gx / length) : 0);
    store<f32>(target, usable ? <f32>(gy / length) : 1, 4);
    store<f32>(target, usable ? <f32>(gz / length) : 0, 8);
    positions += 12;
    target += 12;
  }
}

/** Difference of the samples, in single precision, before and after the one at an address. */
function slopeOf(at: usize, step: usize, level: f32, negate: i32): f64 {
  const difference = <f64>(load<f32>(at + step) - level) - <f64>(load<f32>(at - step) - level);
  return negate != 0 ? -difference : difference;
}

/** The same for samples of any kind. */
function slopeAt(kind: i32, at: usize, step: usize, level: f32, negate: i32): f64 {
  let before: f32;
  let after: f32;
  if (kind == F32) {
    before = load<f32>(at - step);
    after = load<f32>(at + step);
  } else if (kind == U8) {
    before = <f32>load<u8>(at - step);
    after = <f32>load<u8>(at + step);
  } else {
    before = <f32>load<u16>(at - step);
    after = <f32>load<u16>(at + step);
  }
  const difference = <f64>(after - level) - <f64>(before - level);
  return negate != 0 ? -difference : difference;
}

/** An index brought between its limits; one within 1/1024 of a whole number counts as that. */
function settle(index: f64, low: i32, high: i32): f64 {
  const near = floor(index + 0.5);
  const settled = abs(index - near) < 0.0009765625 ? near : index;
  return min(max(settled, <f64>low), <f64>high);
}

/** The field at a sample, also one step outside the source. */
function fieldAt(job: usize, x: i32, y: i32, z: i32): f32 {
  const sx = min(max(x, 0), load<i32>(job, NX) - 1);
  const sy = min(max(y, 0), load<i32>(job, NY) - 1);
  const sz = min(max(z, 0), load<i32>(job, NZ) - 1);
  const value = sampleAt(job, sx, sy, sz);
  return sx == x && sy == y && sz == z ? value : abs(value);
}

/**
 * Writes the samples of bricks of another grid, trilinear between those of the source.
 *
 *      tables of the axes, 16 bytes for each grid index:
 *        0  i32  index of the lower sample, −1 … n    8  f64  fraction towards the next one
 *
 * `layers`: for each z of the brick the pointers of two source layers, u32; so that not all layers need to be there.
 */
export function resample(
  job: usize,
  coordinates: usize,
  count: i32,
  tableX: usize,
  tableY: usize,
  tableZ: usize,
  layers: usize,
  samples: usize,
): void {
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  for (let i = 0; i < count; i++) {
    const columns = tableX + <usize>load<u16>(coordinates) * 112;
    const rows = tableY + <usize>load<u16>(coordinates, 2) * 112;
    const depths = tableZ + <usize>load<u16>(coordinates, 4) * 112;
    coordinates += 6;
    for (let z: usize = 0; z < 8; z++) {
      const iz = load<i32>(depths + 16 * z);
      const tz = load<f64>(depths + 16 * z, 8);
      const lower = load<usize>(layers + 8 * z);
      const upper = load<usize>(layers + 8 * z, 4);
      const outLower = iz < 0 || iz >= nz;
      const outUpper = iz + 1 < 0 || iz + 1 >= nz;
      for (let y: usize = 0; y < 8; y++) {
        const iy = load<i32>(rows + 16 * y);
        const ty = load<f64>(rows + 16 * y, 8);
        const y0 = min(max(iy, 0), ny - 1);
        const y1 = min(max(iy + 1, 0), ny - 1);
        const outY0 = iy != y0;
        const outY1 = iy + 1 != y1;
        for (let x: usize = 0; x < 8; x++) {
          const ix = load<i32>(columns + 16 * x);
          const tx = load<f64>(columns + 16 * x, 8);
          const x0 = min(max(ix, 0), nx - 1);
          const x1 = min(max(ix + 1, 0), nx - 1);
          const outX0 = ix != x0;
          const outX1 = ix + 1 != x1;
          const a = lineAt(job, kind, lower, y0 * nx, x0, x1, outLower || outY0, outX0, outX1, tx);
          const b = lineAt(job, kind, lower, y1 * nx, x0, x1, outLower || outY1, outX0, outX1, tx);
          const c = lineAt(job, kind, upper, y0 * nx, x0, x1, outUpper || outY0, outX0, outX1, tx);
          const d = lineAt(job, kind, upper, y1 * nx, x0, x1, outUpper || outY1, outX0, outX1, tx);
          const ab = a * (1 - ty) + b * ty;
          const cd = c * (1 - ty) + d * ty;
          store<f32>(samples, toSingle(ab * (1 - tz) + cd * tz));
          samples += 4;
        }
      }
    }
  }
}

function lineAt(
  job: usize,
  kind: i32,
  layer: usize,
  row: i32,
  x0: i32,
  x1: i32,
  out: bool,
  out0: bool,
  out1: bool,
  t: f64,
): f64 {
  const a = valueIn(job, kind, layer, row + x0);
  const b = valueIn(job, kind, layer, row + x1);
  return <f64>(out || out0 ? abs(a) : a) * (1 - t) + <f64>(out || out1 ? abs(b) : b) * t;
}

function valueIn(job: usize, kind: i32, layer: usize, index: i32): f32 {
  const at = <usize>index;
  const value: f32 =
    kind == F32
      ? load<f32>(layer + (at << 2))
      : kind == U8
        ? <f32>load<u8>(layer + at)
        : <f32>load<u16>(layer + (at << 1));
  return reinterpret<f32>(reinterpret<i32>(value - load<f32>(job, LEVEL)) ^ load<i32>(job, NEGATE));
}

/** Rounded to single precision, where what is below 0 stays below 0. */
function toSingle(value: f64): f32 {
  const single = <f32>value;
  return value < 0 && single == 0 ? reinterpret<f32>(0x80000001) : single;
}

/** Which of some bricks have a sign change: closes up coordinates and samples, returns how many are left. */
export function keep(coordinates: usize, samples: usize, count: i32, dimension: i32): i32 {
  let kept = 0;
  let toCoordinates = coordinates;
  let toSamples = samples;
  for (let i = 0; i < count; i++) {
    if (changes(coordinates, samples, dimension)) {
      if (toSamples != samples) {
        memory.copy(toCoordinates, coordinates, 6);
        memory.copy(toSamples, samples, 2048);
      }
      toCoordinates += 6;
      toSamples += 2048;
      kept++;
    }
    coordinates += 6;
    samples += 2048;
  }
  return kept;
}

function changes(coordinates: usize, samples: usize, dimension: i32): bool {
  const first = load<f32>(samples) < 0;
  const mx = min(8, dimension - 7 * <i32>load<u16>(coordinates));
  const my = min(8, dimension - 7 * <i32>load<u16>(coordinates, 2));
  const mz = min(8, dimension - 7 * <i32>load<u16>(coordinates, 4));
  for (let z = 0; z < mz; z++) {
    for (let y = 0; y < my; y++) {
      const row = samples + ((<usize>(64 * z + 8 * y)) << 2);
      for (let x = 0; x < mx; x++) if (load<f32>(row + ((<usize>x) << 2)) < 0 != first) return true;
    }
  }
  return false;
}

/** Moves positions from the cube of the grid into the world: p · scale + shift; `frame` as in `normals`, f64 × 6. */
export function place(positions: usize, count: i32, frame: usize): void {
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < 3; k++) {
      const p = <f64>load<f32>(positions + 4 * k);
      store<f32>(positions + 4 * k, <f32>(p * load<f64>(frame + 16 * k) + load<f64>(frame + 16 * k, 8)));
    }
    positions += 12;
  }
}

/**
 * Takes away the vertices that lie outside of a box and the triangles that have one; the rest closes up.
 * `box`: f32, low and high of x, y, z. `numbers`: u32 for each vertex. `totals`: in and out, u32 each: vertices,
 * vertices of the slab itself, triangles, triangles of the slab itself.
 */
export function clip(positions: usize, numbers: usize, indices: usize, box: usize, totals: usize): void {
  const vertices = load<u32>(totals);
  const ownVertices = load<u32>(totals, 4);
  const triangles = load<u32>(totals, 8);
  const ownTriangles = load<u32>(totals, 12);
  let kept: u32 = 0;
  let to = positions;
  for (let i: u32 = 0; i < vertices; i++) {
    if (i == ownVertices) store<u32>(totals, kept, 4);
    const from = positions + 12 * <usize>i;
    const x = load<f32>(from);
    const y = load<f32>(from, 4);
    const z = load<f32>(from, 8);
    const within =
      x >= load<f32>(box) &&
      x <= load<f32>(box, 4) &&
      y >= load<f32>(box, 8) &&
      y <= load<f32>(box, 12) &&
      z >= load<f32>(box, 16) &&
      z <= load<f32>(box, 20);
    store<u32>(numbers + ((<usize>i) << 2), within ? kept : 0xffffffff);
    if (!within) continue;
    store<f32>(to, x);
    store<f32>(to, y, 4);
    store<f32>(to, z, 8);
    to += 12;
    kept++;
  }
  if (ownVertices == vertices) store<u32>(totals, kept, 4);
  store<u32>(totals, kept);
  let left: u32 = 0;
  let out = indices;
  for (let i: u32 = 0; i < triangles; i++) {
    if (i == ownTriangles) store<u32>(totals, left, 12);
    const from = indices + 12 * <usize>i;
    const a = load<u32>(numbers + ((<usize>load<u32>(from)) << 2));
    const b = load<u32>(numbers + ((<usize>load<u32>(from, 4)) << 2));
    const c = load<u32>(numbers + ((<usize>load<u32>(from, 8)) << 2));
    if (a == 0xffffffff || b == 0xffffffff || c == 0xffffffff) continue;
    store<u32>(out, a);
    store<u32>(out, b, 4);
    store<u32>(out, c, 8);
    out += 12;
    left++;
  }
  if (ownTriangles == triangles) store<u32>(totals, left, 12);
  store<u32>(totals, left, 8);
}

/** Repeats the lowest slice of each brick upwards with the sign of the outside: the surface is closed above it. */
export function seal(samples: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    for (let at: usize = 0; at < 256; at += 16) {
      const outside = f32x4.abs(v128.load(samples + at));
      for (let z: usize = 1; z < 8; z++) v128.store(samples + at + 256 * z, outside);
    }
    samples += 2048;
  }
}

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

/** Adds `base` to `count` numbers of 32 bits. */
export function shift(numbers: usize, count: i32, base: u32): void {
  const add = i32x4.splat(base);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(numbers, i32x4.add(v128.load(numbers), add));
    numbers += 16;
  }
  for (; i < count; i++) {
    store<u32>(numbers, load<u32>(numbers) + base);
    numbers += 4;
  }
}
