/**
 * Normals of vertices, from the samples themselves; the readable twin is in src/volume/normals.ts. Most vertices lie on an
 * edge between two samples, where two corners of eight count: those are found by their distance in memory.
 */
import { F32, KIND, LAYER_BYTES, LEVEL, NEGATE, NX, NY, NZ, SOURCE, U8 } from "./job-layout";
import { sampleAt } from "./sample";

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
