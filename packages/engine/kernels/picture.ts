// Kernels of the picture room (AssemblyScript). Each has a readable twin in src/picture that gives the same bits:
//
//   projectVertices   src/picture/project.ts      selectTriangles, coverTriangles   src/picture/cover.ts
//   resolveBand       src/picture/resolve.ts
//
// All memory is passed in. A vector of four holds four vertices (project), the four samples of a pixel (cover), or the
// three corners and then the three lights (resolve).

/** Triangles no wider and no higher than this (1/256 pixel) have edge functions below 2^31 at every sample they test. */
const SMALL: i32 = 16384;
/** No triangle. */
const NONE: u32 = 0xffffffff;

/** The largest of `count` numbers; 0 of none. */
export function largestIndex(indices: usize, count: u32): u32 {
  let largest = i32x4.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) largest = i32x4.max_u(largest, v128.load(indices + ((<usize>i) << 2)));
  let most = max(
    max(<u32>i32x4.extract_lane(largest, 0), <u32>i32x4.extract_lane(largest, 1)),
    max(<u32>i32x4.extract_lane(largest, 2), <u32>i32x4.extract_lane(largest, 3)),
  );
  for (; i < count; i++) most = max(most, load<u32>(indices + ((<usize>i) << 2)));
  return most;
}

// ---------------------------------------------------------------------------------------------------------------------

export function projectVertices(positions: usize, count: u32, view: usize, screen: usize): void {
  const r0 = v128.load_splat<f32>(view);
  const r1 = v128.load_splat<f32>(view, 4);
  const r2 = v128.load_splat<f32>(view, 8);
  const u0 = v128.load_splat<f32>(view, 12);
  const u1 = v128.load_splat<f32>(view, 16);
  const u2 = v128.load_splat<f32>(view, 20);
  const f0 = v128.load_splat<f32>(view, 24);
  const f1 = v128.load_splat<f32>(view, 28);
  const f2 = v128.load_splat<f32>(view, 32);
  const eyeX = v128.load_splat<f32>(view, 36);
  const eyeY = v128.load_splat<f32>(view, 40);
  const eyeZ = v128.load_splat<f32>(view, 44);
  const focal = v128.load_splat<f32>(view, 48);
  const middleX = v128.load_splat<f32>(view, 52);
  const middleY = v128.load_splat<f32>(view, 56);
  const near = v128.load_splat<f32>(view, 60);
  const guard = v128.load_splat<f32>(view, 64);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const farthest = f32x4.splat(<f32>1125899906842624.0);

  for (let i: u32 = 0; i < count; i += 4) {
    // Four vertices, transposed:  a = x0 y0 z0 x1   b = y1 z1 x2 y2   c = z2 x3 y3 z3
    let a: v128, b: v128, c: v128;
    const rest = count - i;
    const from = positions + <usize>i * 12;
    if (rest >= 4) {
      a = v128.load(from);
      b = v128.load(from, 16);
      c = v128.load(from, 32);
    } else {
      const p1 = from + (rest > 1 ? 12 : 0);
      const p2 = from + (rest > 2 ? 24 : 0);
      a = f32x4(load<f32>(from), load<f32>(from, 4), load<f32>(from, 8), load<f32>(p1));
      b = f32x4(load<f32>(p1, 4), load<f32>(p1, 8), load<f32>(p2), load<f32>(p2, 4));
      c = f32x4(load<f32>(p2, 8), 0, 0, 0);
    }
    const px = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 3, 6, 0), c, 0, 1, 2, 5);
    const py = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 1, 4, 7, 0), c, 0, 1, 2, 6);
    const pz = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 5, 0, 0), c, 0, 1, 4, 7);

    const dx = f32x4.sub(px, eyeX);
    const dy = f32x4.sub(py, eyeY);
    const dz = f32x4.sub(pz, eyeZ);
    const x = f32x4.add(f32x4.add(f32x4.mul(r0, dx), f32x4.mul(r1, dy)), f32x4.mul(r2, dz));
    const y = f32x4.add(f32x4.add(f32x4.mul(u0, dx), f32x4.mul(u1, dy)), f32x4.mul(u2, dz));
    const z = f32x4.add(f32x4.add(f32x4.mul(f0, dx), f32x4.mul(f1, dy)), f32x4.mul(f2, dz));

    const reach = f32x4.mul(guard, z);
    let inside = v128.and(f32x4.ge(f32x4.sub(z, near), zero), f32x4.ge(f32x4.sub(reach, f32x4.abs(x)), zero));
    inside = v128.and(inside, f32x4.ge(f32x4.sub(reach, f32x4.abs(y)), zero));
    const size = f32x4.add(f32x4.add(f32x4.abs(x), f32x4.abs(y)), f32x4.abs(z));
    inside = v128.and(inside, f32x4.lt(size, farthest));
    let flags = i32x4.splat(0);
    if (!i32x4.all_true(inside)) {
      flags = beyond(f32x4.sub(z, near), 1);
      flags = v128.or(flags, beyond(f32x4.add(reach, x), 2));
      flags = v128.or(flags, beyond(f32x4.sub(reach, x), 4));
      flags = v128.or(flags, beyond(f32x4.sub(reach, y), 8));
      flags = v128.or(flags, beyond(f32x4.add(reach, y), 16));
      flags = v128.or(flags, v128.andnot(i32x4.splat(32), f32x4.lt(size, farthest)));
    }

    const inverse = f32x4.div(one, z);
    const across = f32x4.add(f32x4.mul(f32x4.mul(x, inverse), focal), middleX);
    const down = f32x4.sub(middleY, f32x4.mul(f32x4.mul(y, inverse), focal));
    const sx = i32x4.trunc_sat_f32x4_s(f32x4.floor(across));
    const sy = i32x4.trunc_sat_f32x4_s(f32x4.floor(down));

    const xyLow = v128.shuffle<i32>(sx, sy, 0, 4, 1, 5);
    const xyHigh = v128.shuffle<i32>(sx, sy, 2, 6, 3, 7);
    const zfLow = v128.shuffle<i32>(inverse, flags, 0, 4, 1, 5);
    const zfHigh = v128.shuffle<i32>(inverse, flags, 2, 6, 3, 7);
    const to = screen + ((<usize>i) << 4);
    v128.store(to, v128.shuffle<i64>(xyLow, zfLow, 0, 2));
    if (rest > 1) v128.store(to, v128.shuffle<i64>(xyLow, zfLow, 1, 3), 16);
    if (rest > 2) v128.store(to, v128.shuffle<i64>(xyHigh, zfHigh, 0, 2), 32);
    if (rest > 3) v128.store(to, v128.shuffle<i64>(xyHigh, zfHigh, 1, 3), 48);
  }
}

function beyond(insideBy: v128, flag: i32): v128 {
  return v128.andnot(i32x4.splat(flag), f32x4.ge(insideBy, f32x4.splat(0)));
}

// ---------------------------------------------------------------------------------------------------------------------

/**
 * Writes (id, first row | last row << 16) for each triangle that may show, from `list` upwards, and the ids of those to be
 * clipped from `listEnd` downwards (8 bytes a triangle are enough for both). Returns how many may show; the number of
 * those to be clipped goes to `clippedCount`.
 */
export function selectTriangles(
  screen: usize,
  indices: usize,
  count: u32,
  firstId: u32,
  width: i32,
  height: i32,
  list: usize,
  listEnd: usize,
  clippedCount: usize,
): u32 {
  const lastPixel = i32x4(width - 1, height - 1, 0, 0);
  const zero = i32x4.splat(0);
  let to = list;
  let clip = listEnd;
  for (let t: u32 = 0; t < count; t++) {
    const v0 = v128.load(screen + ((<usize>load<u32>(indices)) << 4));
    const v1 = v128.load(screen + ((<usize>load<u32>(indices, 4)) << 4));
    const v2 = v128.load(screen + ((<usize>load<u32>(indices, 8)) << 4));
    indices += 12;
    const flags = i32x4.extract_lane(v128.or(v128.or(v0, v1), v2), 3);
    if (flags != 0) {
      if (i32x4.extract_lane(v128.and(v128.and(v0, v1), v2), 3) == 0 && (flags & 32) == 0) {
        clip -= 4;
        store<u32>(clip, firstId + t);
      }
      continue;
    }
    const least = i32x4.min_s(i32x4.min_s(v0, v1), v2);
    const most = i32x4.max_s(i32x4.max_s(v0, v1), v2);
    const firstSample = i32x4.shr_s(i32x4.add(least, i32x4.splat(31)), 6);
    const lastSample = i32x4.shr_s(i32x4.sub(most, i32x4.splat(32)), 6);
    const first = i32x4.max_s(i32x4.shr_s(firstSample, 2), zero);
    const last = i32x4.min_s(i32x4.shr_s(lastSample, 2), lastPixel);
    const none = v128.or(i32x4.gt_s(firstSample, lastSample), i32x4.gt_s(first, last));
    if ((i32x4.bitmask(none) & 3) != 0) continue;
    store<u32>(to, firstId + t);
    store<u32>(to, i32x4.extract_lane(first, 1) | (i32x4.extract_lane(last, 1) << 16), 4);
    to += 8;
  }
  store<u32>(clippedCount, <u32>((listEnd - clip) >> 2));
  return <u32>((to - list) >> 3);
}

/** `indices` points at the three of triangle 0, whether or not that is part of this list. */
export function coverTriangles(
  list: usize,
  count: u32,
  screen: usize,
  indices: usize,
  width: i32,
  top: i32,
  bottom: i32,
  depths: usize,
  ids: usize,
): void {
  // Sample positions within a pixel, 1/256 pixel (src/picture/samples.ts).
  const offsetX = i32x4(96, 224, 32, 160);
  const offsetY = i32x4(32, 96, 160, 224);
  const bandFirst = i32x4(0, top, 0, 0);
  const bandLast = i32x4(width - 1, bottom - 1, 0, 0);
  const rowBytes = (<usize>width) << 4;
  const end = list + ((<usize>count) << 3);
  for (; list < end; list += 8) {
    const rows = load<u32>(list, 4);
    if (<i32>(rows & 0xffff) >= bottom || <i32>(rows >>> 16) < top) continue;
    const id = load<u32>(list);
    const at = indices + <usize>id * 12;
    const v0 = v128.load(screen + ((<usize>load<u32>(at)) << 4));
    let v1 = v128.load(screen + ((<usize>load<u32>(at, 4)) << 4));
    let v2 = v128.load(screen + ((<usize>load<u32>(at, 8)) << 4));
    const least = i32x4.min_s(i32x4.min_s(v0, v1), v2);
    const most = i32x4.max_s(i32x4.max_s(v0, v1), v2);
    const first = i32x4.max_s(i32x4.shr_s(i32x4.add(least, i32x4.splat(31)), 8), bandFirst);
    const last = i32x4.min_s(i32x4.shr_s(i32x4.sub(most, i32x4.splat(32)), 8), bandLast);
    const left = i32x4.extract_lane(first, 0);
    const right = i32x4.extract_lane(last, 0);
    const firstRow = i32x4.extract_lane(first, 1);
    const lastRow = i32x4.extract_lane(last, 1);
    const pixel = (<usize>((firstRow - top) * width + left)) << 4;

    const size = i32x4.sub(most, least);
    if (max(i32x4.extract_lane(size, 0), i32x4.extract_lane(size, 1)) > SMALL) {
      coverLarge(id, v0, v1, v2, left, right, firstRow, lastRow, depths + pixel, ids + pixel, rowBytes);
      continue;
    }

    const toV1 = i32x4.sub(v1, v0);
    const toV2 = i32x4.sub(v2, v0);
    let area =
      i32x4.extract_lane(toV1, 0) * i32x4.extract_lane(toV2, 1) -
      i32x4.extract_lane(toV2, 0) * i32x4.extract_lane(toV1, 1);
    if (area == 0) continue;
    if (area < 0) {
      const swapped = v1;
      v1 = v2;
      v2 = swapped;
      area = -area;
    }

    const x0 = v128.shuffle<i32>(v0, v0, 0, 0, 0, 0);
    const y0 = v128.shuffle<i32>(v0, v0, 1, 1, 1, 1);
    const x1 = v128.shuffle<i32>(v1, v1, 0, 0, 0, 0);
    const y1 = v128.shuffle<i32>(v1, v1, 1, 1, 1, 1);
    const x2 = v128.shuffle<i32>(v2, v2, 0, 0, 0, 0);
    const y2 = v128.shuffle<i32>(v2, v2, 1, 1, 1, 1);
    const dx0 = i32x4.sub(x2, x1);
    const dy0 = i32x4.sub(y2, y1);
    const dx1 = i32x4.sub(x0, x2);
    const dy1 = i32x4.sub(y0, y2);
    const dx2 = i32x4.sub(x1, x0);
    const dy2 = i32x4.sub(y1, y0);
    const sampleX = i32x4.add(i32x4.splat(left << 8), offsetX);
    const sampleY = i32x4.add(i32x4.splat(firstRow << 8), offsetY);
    let row0 = i32x4.add(
      i32x4.sub(i32x4.mul(dx0, i32x4.sub(sampleY, y1)), i32x4.mul(dy0, i32x4.sub(sampleX, x1))),
      bias(dx0, dy0),
    );
    let row1 = i32x4.add(
      i32x4.sub(i32x4.mul(dx1, i32x4.sub(sampleY, y2)), i32x4.mul(dy1, i32x4.sub(sampleX, x2))),
      bias(dx1, dy1),
    );
    let row2 = i32x4.add(
      i32x4.sub(i32x4.mul(dx2, i32x4.sub(sampleY, y0)), i32x4.mul(dy2, i32x4.sub(sampleX, x0))),
      bias(dx2, dy2),
    );
    // Most triangles of a fine mesh touch one pixel, and many of those none of its samples: find out before dividing.
    if (left == right && firstRow == lastRow && i32x4.bitmask(v128.or(v128.or(row0, row1), row2)) == 15) continue;

    const inverseArea = <f32>1 / <f32>area;
    const z0 = f32x4.extract_lane(v0, 2);
    const depth0 = f32x4.splat(z0);
    const slope1 = f32x4.splat((f32x4.extract_lane(v1, 2) - z0) * inverseArea);
    const slope2 = f32x4.splat((f32x4.extract_lane(v2, 2) - z0) * inverseArea);
    const id4 = i32x4.splat(id);
    const right0 = i32x4.shl(dy0, 8);
    const right1 = i32x4.shl(dy1, 8);
    const right2 = i32x4.shl(dy2, 8);
    const down0 = i32x4.shl(dx0, 8);
    const down1 = i32x4.shl(dx1, 8);
    const down2 = i32x4.shl(dx2, 8);
    let rowAt = pixel;
    for (let y = firstRow; y <= lastRow; y++) {
      let w0 = row0;
      let w1 = row1;
      let w2 = row2;
      let seen = false;
      let at = rowAt;
      for (let x = left; x <= right; x++) {
        const outside = i32x4.shr_s(v128.or(v128.or(w0, w1), w2), 31);
        if (!i32x4.all_true(outside)) {
          seen = true;
          const depth = f32x4.add(
            f32x4.add(depth0, f32x4.mul(f32x4.convert_i32x4_s(w1), slope1)),
            f32x4.mul(f32x4.convert_i32x4_s(w2), slope2),
          );
          const before = v128.load(depths + at);
          const nearer = v128.andnot(f32x4.gt(depth, before), outside);
          if (v128.any_true(nearer)) {
            v128.store(depths + at, v128.bitselect(depth, before, nearer));
            v128.store(ids + at, v128.bitselect(id4, v128.load(ids + at), nearer));
          }
        } else if (seen && passed(w0, right0, w1, right1, w2, right2)) break;
        w0 = i32x4.sub(w0, right0);
        w1 = i32x4.sub(w1, right1);
        w2 = i32x4.sub(w2, right2);
        at += 16;
      }
      row0 = i32x4.add(row0, down0);
      row1 = i32x4.add(row1, down1);
      row2 = i32x4.add(row2, down2);
      rowAt += rowBytes;
    }
  }
}

/**
 * Whether all four samples are outside of an edge that only gets farther to the right. Four samples outside are not enough:
 * a sliver can slip between the samples of one pixel and meet one of the next.
 */
function passed(w0: v128, right0: v128, w1: v128, right1: v128, w2: v128, right2: v128): bool {
  // Sign bits: outside, and stepping away (w falls by `right`, which is positive).
  return (
    i32x4.bitmask(v128.and(w0, i32x4.neg(right0))) == 15 ||
    i32x4.bitmask(v128.and(w1, i32x4.neg(right1))) == 15 ||
    i32x4.bitmask(v128.and(w2, i32x4.neg(right2))) == 15
  );
}

/** 0 for a top or left edge, −1 for the others. */
function bias(dx: v128, dy: v128): v128 {
  const zero = i32x4.splat(0);
  return v128.not(v128.or(i32x4.lt_s(dy, zero), v128.and(i32x4.eq(dy, zero), i32x4.gt_s(dx, zero))));
}

/** The same in doubles, which hold every edge function within the guard band exactly, skipping what a row leaves out. */
function coverLarge(
  id: u32,
  v0: v128,
  a: v128,
  b: v128,
  left: i32,
  right: i32,
  firstRow: i32,
  lastRow: i32,
  depths: usize,
  ids: usize,
  rowBytes: usize,
): void {
  const x0 = <f64>i32x4.extract_lane(v0, 0);
  const y0 = <f64>i32x4.extract_lane(v0, 1);
  let x1 = <f64>i32x4.extract_lane(a, 0);
  let y1 = <f64>i32x4.extract_lane(a, 1);
  let x2 = <f64>i32x4.extract_lane(b, 0);
  let y2 = <f64>i32x4.extract_lane(b, 1);
  const z0 = f32x4.extract_lane(v0, 2);
  let z1 = f32x4.extract_lane(a, 2);
  let z2 = f32x4.extract_lane(b, 2);
  let area = (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0);
  if (area == 0) return;
  if (area < 0) {
    area = -area;
    let swapped = x1;
    x1 = x2;
    x2 = swapped;
    swapped = y1;
    y1 = y2;
    y2 = swapped;
    const swappedZ = z1;
    z1 = z2;
    z2 = swappedZ;
  }
  const inverseArea = <f32>1 / <f32>area;
  const depth0 = f32x4.splat(z0);
  const slope1 = f32x4.splat((z1 - z0) * inverseArea);
  const slope2 = f32x4.splat((z2 - z0) * inverseArea);
  const id4 = i32x4.splat(id);

  const dx0 = x2 - x1;
  const dy0 = y2 - y1;
  const dx1 = x0 - x2;
  const dy1 = y0 - y2;
  const dx2 = x1 - x0;
  const dy2 = y1 - y0;
  const bias0: f64 = dy0 < 0 || (dy0 == 0 && dx0 > 0) ? 0 : -1;
  const bias1: f64 = dy1 < 0 || (dy1 == 0 && dx1 > 0) ? 0 : -1;
  const bias2: f64 = dy2 < 0 || (dy2 == 0 && dx2 > 0) ? 0 : -1;
  // Edge functions at the corner of pixel (0, y), and what the samples of a pixel add.
  const rowY = <f64>(firstRow << 8);
  let row0 = dx0 * (rowY - y1) + dy0 * x1 + bias0;
  let row1 = dx1 * (rowY - y2) + dy1 * x2 + bias1;
  let row2 = dx2 * (rowY - y0) + dy2 * x0 + bias2;
  const low0 = offsets(dx0, dy0, 32, 96, 96, 224);
  const high0 = offsets(dx0, dy0, 160, 224, 32, 160);
  const low1 = offsets(dx1, dy1, 32, 96, 96, 224);
  const high1 = offsets(dx1, dy1, 160, 224, 32, 160);
  const low2 = offsets(dx2, dy2, 32, 96, 96, 224);
  const high2 = offsets(dx2, dy2, 160, 224, 32, 160);
  const most0 = largest(low0, high0);
  const most1 = largest(low1, high1);
  const most2 = largest(low2, high2);
  const zero = f64x2.splat(0);

  for (let y = firstRow; y <= lastRow; y++) {
    // Where along the row each edge has a sample inside, give or take a pixel.
    let from = <f64>left;
    let to = <f64>right;
    if (dy0 > 0) to = min(to, (row0 + most0) / (dy0 * 256) + 1);
    else if (dy0 < 0) from = max(from, (row0 + most0) / (dy0 * 256) - 1);
    else if (row0 + most0 < 0) to = -1;
    if (dy1 > 0) to = min(to, (row1 + most1) / (dy1 * 256) + 1);
    else if (dy1 < 0) from = max(from, (row1 + most1) / (dy1 * 256) - 1);
    else if (row1 + most1 < 0) to = -1;
    if (dy2 > 0) to = min(to, (row2 + most2) / (dy2 * 256) + 1);
    else if (dy2 < 0) from = max(from, (row2 + most2) / (dy2 * 256) - 1);
    else if (row2 + most2 < 0) to = -1;
    if (from <= to) {
      const firstX = <i32>from;
      const lastX = <i32>to;
      for (let x = firstX; x <= lastX; x++) {
        const pixelX = <f64>(x << 8);
        const e0 = f64x2.splat(row0 - dy0 * pixelX);
        const e1 = f64x2.splat(row1 - dy1 * pixelX);
        const e2 = f64x2.splat(row2 - dy2 * pixelX);
        const w1Low = f64x2.add(e1, low1);
        const w1High = f64x2.add(e1, high1);
        const w2Low = f64x2.add(e2, low2);
        const w2High = f64x2.add(e2, high2);
        const insideLow = v128.and(
          v128.and(f64x2.ge(f64x2.add(e0, low0), zero), f64x2.ge(w1Low, zero)),
          f64x2.ge(w2Low, zero),
        );
        const insideHigh = v128.and(
          v128.and(f64x2.ge(f64x2.add(e0, high0), zero), f64x2.ge(w1High, zero)),
          f64x2.ge(w2High, zero),
        );
        const inside = v128.shuffle<i32>(insideLow, insideHigh, 0, 2, 4, 6);
        if (v128.any_true(inside)) {
          const at = (<usize>(x - left)) << 4;
          const w1 = v128.shuffle<f32>(f32x4.demote_f64x2_zero(w1Low), f32x4.demote_f64x2_zero(w1High), 0, 1, 4, 5);
          const w2 = v128.shuffle<f32>(f32x4.demote_f64x2_zero(w2Low), f32x4.demote_f64x2_zero(w2High), 0, 1, 4, 5);
          const depth = f32x4.add(f32x4.add(depth0, f32x4.mul(w1, slope1)), f32x4.mul(w2, slope2));
          const before = v128.load(depths + at);
          const nearer = v128.and(f32x4.gt(depth, before), inside);
          v128.store(depths + at, v128.bitselect(depth, before, nearer));
          v128.store(ids + at, v128.bitselect(id4, v128.load(ids + at), nearer));
        }
      }
    }
    row0 += dx0 * 256;
    row1 += dx1 * 256;
    row2 += dx2 * 256;
    depths += rowBytes;
    ids += rowBytes;
  }
}

function offsets(dx: f64, dy: f64, yA: f64, yB: f64, xA: f64, xB: f64): v128 {
  return f64x2(dx * yA - dy * xA, dx * yB - dy * xB);
}

function largest(low: v128, high: v128): f64 {
  const both = f64x2.max(low, high);
  return max(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1));
}

// ---------------------------------------------------------------------------------------------------------------------

/**
 * Colours the rows of a band and returns how many pixels have a sample covered.
 * `indices` and `pieceIndices` point at the three of triangle 0, `firstPiece` is the first id of the pieces.
 * `lights`: x, y, z, wrap and strength of key, fill and ambient (16 bytes each), then the scale to steps.
 * `coverage`: for each set of samples the sum of x, of y and their number (16 × i32 each).
 */
export function resolveBand(
  width: i32,
  top: i32,
  bottom: i32,
  depths: usize,
  ids: usize,
  screen: usize,
  indices: usize,
  positions: usize,
  normals: usize,
  firstPiece: u32,
  pieceScreen: usize,
  pieceIndices: usize,
  pieceNormals: usize,
  lights: usize,
  levels: usize,
  colors: usize,
  coverage: usize,
  rgba: usize,
): u32 {
  const lightX = v128.load(lights);
  const lightY = v128.load(lights, 16);
  const lightZ = v128.load(lights, 32);
  const wrap = v128.load(lights, 48);
  const strength = v128.load(lights, 64);
  const scale = load<f32>(lights, 80);
  const zero = f32x4.splat(0);
  const background = load<u32>(colors);
  const background4 = i32x4.splat(background);
  let shaded: u32 = 0;
  rgba += (<usize>(top * width)) << 2;

  // Corners and normals of the triangle at hand, kept while the next pixel shows the same one.
  let known: u32 = NONE;
  let cornerX = i32x4.splat(0);
  let cornerY = i32x4.splat(0);
  let cornerZ = zero;
  let normal0 = zero;
  let normal1 = zero;
  let normal2 = zero;

  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < width; x++) {
      if (x + 4 <= width) {
        const d0 = v128.load(depths);
        const d1 = v128.load(depths, 16);
        const d2 = v128.load(depths, 32);
        const d3 = v128.load(depths, 48);
        // Four pixels of background.
        if (!v128.any_true(v128.or(v128.or(d0, d1), v128.or(d2, d3)))) {
          v128.store(rgba, background4);
          x += 3;
          depths += 64;
          ids += 64;
          rgba += 16;
          continue;
        }
        // Four pixels that all show the triangle at hand: one in each lane. Depths are 0 or above, so the least tells.
        const least = f32x4.min(f32x4.min(d0, d1), f32x4.min(d2, d3));
        if (known != NONE && showOnly(known, ids) && i32x4.all_true(f32x4.gt(least, zero))) {
          const steps = f32x4.mul(
            shadeFour(x, y, cornerX, cornerY, cornerZ, normal0, normal1, normal2, lights),
            f32x4.splat(scale),
          );
          // NaN becomes step 0, as in the twin.
          const inRange = f32x4.min(v128.and(steps, f32x4.gt(steps, zero)), f32x4.splat(4095));
          const step4 = i32x4.trunc_sat_f32x4_s(inRange);
          store<u32>(rgba, fullColor(colors, levels, i32x4.extract_lane(step4, 0)));
          store<u32>(rgba, fullColor(colors, levels, i32x4.extract_lane(step4, 1)), 4);
          store<u32>(rgba, fullColor(colors, levels, i32x4.extract_lane(step4, 2)), 8);
          store<u32>(rgba, fullColor(colors, levels, i32x4.extract_lane(step4, 3)), 12);
          shaded += 4;
          x += 3;
          depths += 64;
          ids += 64;
          rgba += 16;
          continue;
        }
      }
      let left = i32x4.bitmask(f32x4.gt(v128.load(depths), zero));
      if (left == 0) {
        store<u32>(rgba, background);
      } else {
        shaded++;
        const ids4 = v128.load(ids);
        const covered = <usize>load<i32>(coverage + ((<usize>left) << 2), 128);
        let intensity: f32 = 0;
        do {
          const id = load<u32>(ids + ((<usize>ctz(left)) << 2));
          const same = i32x4.bitmask(i32x4.eq(ids4, i32x4.splat(id))) & left;
          left &= ~same;
          if (id != known) {
            known = id;
            const piece = id >= firstPiece;
            const triangle = (piece ? pieceIndices : indices) + <usize>id * 12;
            const vertices = piece ? pieceScreen : screen;
            // Read from 4 bytes before, so that the last normal needs nothing after it: lanes 1, 2, 3 are x, y, z.
            const base = (piece ? pieceNormals : normals) - 4;
            const i0 = <usize>load<u32>(triangle);
            const i1 = <usize>load<u32>(triangle, 4);
            const i2 = <usize>load<u32>(triangle, 8);
            const v0 = v128.load(vertices + (i0 << 4));
            const v1 = v128.load(vertices + (i1 << 4));
            const v2 = v128.load(vertices + (i2 << 4));
            const xy01 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5);
            cornerX = v128.shuffle<i32>(xy01, v2, 0, 1, 4, 4);
            cornerY = v128.shuffle<i32>(xy01, v2, 2, 3, 5, 5);
            cornerZ = v128.shuffle<i32>(v128.shuffle<i32>(v0, v1, 2, 6, 2, 6), v2, 0, 1, 6, 6);
            normal0 = v128.load(base + i0 * 12);
            normal1 = v128.load(base + i1 * 12);
            normal2 = v128.load(base + i2 * 12);
            if (!piece && disagree(normal0, normal1, normal2)) {
              const face = faceNormal(positions - 4, i0 * 12, i1 * 12, i2 * 12);
              if (v128.any_true(face)) {
                normal0 = towardsFace(normal0, face);
                normal1 = towardsFace(normal1, face);
                normal2 = towardsFace(normal2, face);
              }
            }
          }
          const sums = coverage + ((<usize>same) << 2);
          const n = load<i32>(sums, 128);
          const n4 = i32x4.splat(n);
          const fromX = f32x4.convert_i32x4_s(
            i32x4.sub(i32x4.mul(cornerX, n4), i32x4.splat((x << 8) * n + load<i32>(sums))),
          );
          const fromY = f32x4.convert_i32x4_s(
            i32x4.sub(i32x4.mul(cornerY, n4), i32x4.splat((y << 8) * n + load<i32>(sums, 64))),
          );
          // Lane i: corner i + 1 and corner i + 2.
          const nextX = v128.shuffle<f32>(fromX, fromX, 1, 2, 0, 3);
          const nextY = v128.shuffle<f32>(fromY, fromY, 1, 2, 0, 3);
          const otherX = v128.shuffle<f32>(fromX, fromX, 2, 0, 1, 3);
          const otherY = v128.shuffle<f32>(fromY, fromY, 2, 0, 1, 3);
          const weight = f32x4.mul(f32x4.sub(f32x4.mul(otherX, nextY), f32x4.mul(nextX, otherY)), cornerZ);
          const normal = f32x4.add(
            f32x4.add(
              f32x4.mul(v128.shuffle<f32>(weight, weight, 0, 0, 0, 0), normal0),
              f32x4.mul(v128.shuffle<f32>(weight, weight, 1, 1, 1, 1), normal1),
            ),
            f32x4.mul(v128.shuffle<f32>(weight, weight, 2, 2, 2, 2), normal2),
          );
          // Lanes 0, 1, 2: along each light; lane 3: the square of the length.
          const along = f32x4.add(
            f32x4.add(
              f32x4.mul(v128.shuffle<f32>(normal, normal, 1, 1, 1, 1), v128.shuffle<f32>(lightX, normal, 0, 1, 2, 5)),
              f32x4.mul(v128.shuffle<f32>(normal, normal, 2, 2, 2, 2), v128.shuffle<f32>(lightY, normal, 0, 1, 2, 6)),
            ),
            f32x4.mul(v128.shuffle<f32>(normal, normal, 3, 3, 3, 3), v128.shuffle<f32>(lightZ, normal, 0, 1, 2, 7)),
          );
          const square = f32x4.extract_lane(along, 3);
          const shorten: f32 = square > 0 ? <f32>1 / sqrt<f32>(square) : 0;
          const reached = f32x4.max(f32x4.add(f32x4.mul(along, f32x4.splat(shorten)), wrap), zero);
          const light = f32x4.mul(f32x4.mul(reached, reached), strength);
          const sum = f32x4.extract_lane(light, 0) + f32x4.extract_lane(light, 1) + f32x4.extract_lane(light, 2);
          intensity += <f32>n * sum;
        } while (left != 0);
        const step = intensity * share(covered) * scale;
        const level = <usize>load<u8>(levels + (step > 0 ? <usize>min<f32>(step, 4095) : 0));
        store<u32>(rgba, load<u32>(colors + (((covered << 8) + level) << 2)));
      }
      depths += 16;
      ids += 16;
      rgba += 4;
    }
  }
  return shaded;
}

/** Whether three normals (in lanes 1 to 3) leave each other so far that a crease may be between them; twin: src/picture/crease.ts. */
function disagree(a: v128, b: v128, c: v128): bool {
  const sum = f32x4.add(f32x4.add(a, b), c);
  return dot(sum, sum) < <f32>7.8;
}

/** Unit normal of a triangle in lanes 1 to 3; all 0 where it has none. Corners as bytes from `positions`, lane 0 before. */
function faceNormal(positions: usize, p: usize, q: usize, r: usize): v128 {
  const first = v128.load(positions + p);
  const a = f32x4.sub(v128.load(positions + q), first);
  const b = f32x4.sub(v128.load(positions + r), first);
  const across = f32x4.sub(
    f32x4.mul(v128.shuffle<f32>(a, a, 0, 2, 3, 1), v128.shuffle<f32>(b, b, 0, 3, 1, 2)),
    f32x4.mul(v128.shuffle<f32>(a, a, 0, 3, 1, 2), v128.shuffle<f32>(b, b, 0, 2, 3, 1)),
  );
  const square = dot(across, across);
  if (!(square > 0 && square < <f32>1e38)) return f32x4.splat(0);
  return f32x4.mul(f32x4.replace_lane(across, 0, 0), f32x4.splat(<f32>1 / sqrt<f32>(square)));
}

/** The normal, or the more of the triangle's the farther it leaves that. */
function towardsFace(normal: v128, face: v128): v128 {
  const along = (dot(normal, face) - <f32>0.3) * <f32>2.5;
  const share: f32 = along > 0 ? min<f32>(along, 1) : 0;
  return f32x4.add(face, f32x4.mul(f32x4.splat(share), f32x4.sub(normal, face)));
}

/** Of lanes 1 to 3. */
function dot(a: v128, b: v128): f32 {
  const parts = f32x4.mul(a, b);
  return f32x4.extract_lane(parts, 1) + f32x4.extract_lane(parts, 2) + f32x4.extract_lane(parts, 3);
}

/** Whether all samples of four pixels name this triangle. */
function showOnly(id: u32, ids: usize): bool {
  const id4 = i32x4.splat(id);
  const same = v128.and(
    v128.and(i32x4.eq(v128.load(ids), id4), i32x4.eq(v128.load(ids, 16), id4)),
    v128.and(i32x4.eq(v128.load(ids, 32), id4), i32x4.eq(v128.load(ids, 48), id4)),
  );
  return i32x4.all_true(same);
}

/** The colour of a pixel covered by four samples. */
function fullColor(colors: usize, levels: usize, step: i32): u32 {
  return load<u32>(colors + ((1024 + <usize>load<u8>(levels + <usize>step)) << 2));
}

/** Intensities at the centres of four pixels of one triangle: the same operations as for one pixel, a pixel in each lane. */
function shadeFour(
  x: i32,
  y: i32,
  cornerX: v128,
  cornerY: v128,
  cornerZ: v128,
  normal0: v128,
  normal1: v128,
  normal2: v128,
  lights: usize,
): v128 {
  const middleX = i32x4.add(i32x4.splat((x << 10) + 512), i32x4(0, 1024, 2048, 3072));
  const middleY = i32x4.splat((y << 10) + 512);
  const corner4X = i32x4.shl(cornerX, 2);
  const x0 = f32x4.convert_i32x4_s(i32x4.sub(v128.shuffle<i32>(corner4X, corner4X, 0, 0, 0, 0), middleX));
  const x1 = f32x4.convert_i32x4_s(i32x4.sub(v128.shuffle<i32>(corner4X, corner4X, 1, 1, 1, 1), middleX));
  const x2 = f32x4.convert_i32x4_s(i32x4.sub(v128.shuffle<i32>(corner4X, corner4X, 2, 2, 2, 2), middleX));
  const fromY = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shl(cornerY, 2), middleY));
  const y0 = v128.shuffle<f32>(fromY, fromY, 0, 0, 0, 0);
  const y1 = v128.shuffle<f32>(fromY, fromY, 1, 1, 1, 1);
  const y2 = v128.shuffle<f32>(fromY, fromY, 2, 2, 2, 2);
  const w0 = f32x4.mul(
    f32x4.sub(f32x4.mul(x2, y1), f32x4.mul(x1, y2)),
    v128.shuffle<f32>(cornerZ, cornerZ, 0, 0, 0, 0),
  );
  const w1 = f32x4.mul(
    f32x4.sub(f32x4.mul(x0, y2), f32x4.mul(x2, y0)),
    v128.shuffle<f32>(cornerZ, cornerZ, 1, 1, 1, 1),
  );
  const w2 = f32x4.mul(
    f32x4.sub(f32x4.mul(x1, y0), f32x4.mul(x0, y1)),
    v128.shuffle<f32>(cornerZ, cornerZ, 2, 2, 2, 2),
  );
  const normalX = f32x4.add(
    f32x4.add(
      f32x4.mul(w0, v128.shuffle<f32>(normal0, normal0, 1, 1, 1, 1)),
      f32x4.mul(w1, v128.shuffle<f32>(normal1, normal1, 1, 1, 1, 1)),
    ),
    f32x4.mul(w2, v128.shuffle<f32>(normal2, normal2, 1, 1, 1, 1)),
  );
  const normalY = f32x4.add(
    f32x4.add(
      f32x4.mul(w0, v128.shuffle<f32>(normal0, normal0, 2, 2, 2, 2)),
      f32x4.mul(w1, v128.shuffle<f32>(normal1, normal1, 2, 2, 2, 2)),
    ),
    f32x4.mul(w2, v128.shuffle<f32>(normal2, normal2, 2, 2, 2, 2)),
  );
  const normalZ = f32x4.add(
    f32x4.add(
      f32x4.mul(w0, v128.shuffle<f32>(normal0, normal0, 3, 3, 3, 3)),
      f32x4.mul(w1, v128.shuffle<f32>(normal1, normal1, 3, 3, 3, 3)),
    ),
    f32x4.mul(w2, v128.shuffle<f32>(normal2, normal2, 3, 3, 3, 3)),
  );
  const square = f32x4.add(
    f32x4.add(f32x4.mul(normalX, normalX), f32x4.mul(normalY, normalY)),
    f32x4.mul(normalZ, normalZ),
  );
  const shorten = v128.and(f32x4.div(f32x4.splat(1), f32x4.sqrt(square)), f32x4.gt(square, f32x4.splat(0)));
  let sum = lightFour(normalX, normalY, normalZ, shorten, lights);
  sum = f32x4.add(sum, lightFour(normalX, normalY, normalZ, shorten, lights + 4));
  return f32x4.add(sum, lightFour(normalX, normalY, normalZ, shorten, lights + 8));
}

function lightFour(x: v128, y: v128, z: v128, shorten: v128, light: usize): v128 {
  const along = f32x4.add(
    f32x4.add(f32x4.mul(x, v128.load_splat<f32>(light)), f32x4.mul(y, v128.load_splat<f32>(light, 16))),
    f32x4.mul(z, v128.load_splat<f32>(light, 32)),
  );
  const reached = f32x4.max(f32x4.add(f32x4.mul(along, shorten), v128.load_splat<f32>(light, 48)), f32x4.splat(0));
  return f32x4.mul(f32x4.mul(reached, reached), v128.load_splat<f32>(light, 64));
}

/** 1 / covered. */
function share(covered: usize): f32 {
  return covered == 4 ? <f32>0.25 : covered == 3 ? <f32>1 / <f32>3 : covered == 2 ? <f32>0.5 : <f32>1;
}
