/**
 * Light on fragments: what a pixel shows of a triangle. A vector of four holds four fragments, whatever their triangles.
 */
import { FRAGMENTS, GROUPS, RECORD, SUMS } from "./scratch-layout";

/** Adds up the intensities of the pixels that these fragments are of. All whole numbers here are below 2^24, so exact. */
export function shadeFragments(scratch: usize, end: usize, lights: usize): void {
  const sums = scratch + SUMS;
  // Fragments of no pixel and no triangle fill up the last four.
  for (let i: usize = 0; i < 48; i += 16) v128.store(end + i, i32x4(0, 0, 0, <i32>(GROUPS << 2)));
  let at = scratch + FRAGMENTS;
  if (at == end) return;
  do {
    const f0 = v128.load(at);
    const f1 = v128.load(at, 16);
    const f2 = v128.load(at, 32);
    const f3 = v128.load(at, 48);
    const f01 = v128.shuffle<i32>(f0, f1, 0, 4, 1, 5);
    const f23 = v128.shuffle<i32>(f2, f3, 0, 4, 1, 5);
    const middleX = v128.shuffle<i64>(f01, f23, 0, 2);
    const middleY = v128.shuffle<i64>(f01, f23, 1, 3);
    const n = v128.shuffle<i64>(v128.shuffle<i32>(f0, f1, 2, 6, 3, 7), v128.shuffle<i32>(f2, f3, 2, 6, 3, 7), 0, 2);
    const to0 = load<u32>(at, 12);
    const to1 = load<u32>(at, 28);
    const to2 = load<u32>(at, 44);
    const to3 = load<u32>(at, 60);
    const r0 = scratch + <usize>(to0 >>> 16) * RECORD;
    const r1 = scratch + <usize>(to1 >>> 16) * RECORD;
    const r2 = scratch + <usize>(to2 >>> 16) * RECORD;
    const r3 = scratch + <usize>(to3 >>> 16) * RECORD;

    let a = v128.load(r0);
    let b = v128.load(r1);
    let c = v128.load(r2);
    let d = v128.load(r3);
    let low = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    let low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    let high = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    let high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const x0 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(low, low2, 0, 2), n), middleX);
    const x1 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(low, low2, 1, 3), n), middleX);
    const x2 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(high, high2, 0, 2), n), middleX);
    const z0 = v128.shuffle<i64>(high, high2, 1, 3);

    a = v128.load(r0, 16);
    b = v128.load(r1, 16);
    c = v128.load(r2, 16);
    d = v128.load(r3, 16);
    low = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    high = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const y0 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(low, low2, 0, 2), n), middleY);
    const y1 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(low, low2, 1, 3), n), middleY);
    const y2 = f32x4.sub(f32x4.mul(v128.shuffle<i64>(high, high2, 0, 2), n), middleY);
    const z1 = v128.shuffle<i64>(high, high2, 1, 3);

    const w0 = f32x4.mul(f32x4.sub(f32x4.mul(x2, y1), f32x4.mul(x1, y2)), z0);
    a = v128.load(r0, 32);
    b = v128.load(r1, 32);
    c = v128.load(r2, 32);
    d = v128.load(r3, 32);
    low = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    high = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    let normalX = f32x4.mul(w0, v128.shuffle<i64>(low, low2, 0, 2));
    let normalY = f32x4.mul(w0, v128.shuffle<i64>(low, low2, 1, 3));
    let normalZ = f32x4.mul(w0, v128.shuffle<i64>(high, high2, 0, 2));
    const z2 = v128.shuffle<i64>(high, high2, 1, 3);

    const w1 = f32x4.mul(f32x4.sub(f32x4.mul(x0, y2), f32x4.mul(x2, y0)), z1);
    a = v128.load(r0, 48);
    b = v128.load(r1, 48);
    c = v128.load(r2, 48);
    d = v128.load(r3, 48);
    low = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    high = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    normalX = f32x4.add(normalX, f32x4.mul(w1, v128.shuffle<i64>(low, low2, 0, 2)));
    normalY = f32x4.add(normalY, f32x4.mul(w1, v128.shuffle<i64>(low, low2, 1, 3)));
    normalZ = f32x4.add(normalZ, f32x4.mul(w1, v128.shuffle<i64>(high, high2, 0, 2)));

    const w2 = f32x4.mul(f32x4.sub(f32x4.mul(x1, y0), f32x4.mul(x0, y1)), z2);
    a = v128.load(r0, 64);
    b = v128.load(r1, 64);
    c = v128.load(r2, 64);
    d = v128.load(r3, 64);
    low = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    low2 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    high = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    high2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    normalX = f32x4.add(normalX, f32x4.mul(w2, v128.shuffle<i64>(low, low2, 0, 2)));
    normalY = f32x4.add(normalY, f32x4.mul(w2, v128.shuffle<i64>(low, low2, 1, 3)));
    normalZ = f32x4.add(normalZ, f32x4.mul(w2, v128.shuffle<i64>(high, high2, 0, 2)));

    const light = f32x4.mul(intensityOf(normalX, normalY, normalZ, lights), n);
    addTo(sums, to0, f32x4.extract_lane(light, 0));
    addTo(sums, to1, f32x4.extract_lane(light, 1));
    addTo(sums, to2, f32x4.extract_lane(light, 2));
    addTo(sums, to3, f32x4.extract_lane(light, 3));
    at += 64;
  } while (at < end);
}

/** As `shadeFragments` for four pixels of one triangle. */
export function shadeAlike(r: usize, x: i32, y: i32, lights: usize, sums: usize): void {
  const four = f32x4.splat(4);
  const middleX = f32x4.add(f32x4.splat(<f32>((x << 10) + 512)), f32x4(0, 1024, 2048, 3072));
  const middleY = f32x4.splat(<f32>((y << 10) + 512));
  const x0 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r), four), middleX);
  const x1 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r, 4), four), middleX);
  const x2 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r, 8), four), middleX);
  const y0 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r, 16), four), middleY);
  const y1 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r, 20), four), middleY);
  const y2 = f32x4.sub(f32x4.mul(v128.load_splat<f32>(r, 24), four), middleY);
  const w0 = f32x4.mul(f32x4.sub(f32x4.mul(x2, y1), f32x4.mul(x1, y2)), v128.load_splat<f32>(r, 12));
  const w1 = f32x4.mul(f32x4.sub(f32x4.mul(x0, y2), f32x4.mul(x2, y0)), v128.load_splat<f32>(r, 28));
  const w2 = f32x4.mul(f32x4.sub(f32x4.mul(x1, y0), f32x4.mul(x0, y1)), v128.load_splat<f32>(r, 44));
  const normalX = weighted(w0, w1, w2, r + 32);
  const normalY = weighted(w0, w1, w2, r + 36);
  const normalZ = weighted(w0, w1, w2, r + 40);
  v128.store(sums, f32x4.mul(intensityOf(normalX, normalY, normalZ, lights), four));
}

/** A component of the normal, from those of the corners. */
function weighted(w0: v128, w1: v128, w2: v128, part: usize): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(w0, v128.load_splat<f32>(part)), f32x4.mul(w1, v128.load_splat<f32>(part, 16))),
    f32x4.mul(w2, v128.load_splat<f32>(part, 32)),
  );
}

/** Intensities for four normals of any length. */
function intensityOf(x: v128, y: v128, z: v128, lights: usize): v128 {
  const square = f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z));
  const shorten = v128.and(f32x4.div(f32x4.splat(1), f32x4.sqrt(square)), f32x4.gt(square, f32x4.splat(0)));
  const keyAndFill = f32x4.add(lightFour(x, y, z, shorten, lights), lightFour(x, y, z, shorten, lights + 4));
  return f32x4.add(keyAndFill, lightFour(x, y, z, shorten, lights + 8));
}

function addTo(sums: usize, pixel: u32, light: f32): void {
  const at = sums + ((<usize>(pixel & 0xffff)) << 2);
  store<f32>(at, load<f32>(at) + light);
}

function lightFour(x: v128, y: v128, z: v128, shorten: v128, light: usize): v128 {
  const along = f32x4.add(
    f32x4.add(f32x4.mul(x, v128.load_splat<f32>(light)), f32x4.mul(y, v128.load_splat<f32>(light, 16))),
    f32x4.mul(z, v128.load_splat<f32>(light, 32)),
  );
  const reached = f32x4.max(f32x4.add(f32x4.mul(along, shorten), v128.load_splat<f32>(light, 48)), f32x4.splat(0));
  return f32x4.mul(f32x4.mul(reached, reached), v128.load_splat<f32>(light, 64));
}
