/**
 * Triangles whose edge functions do not fit 32 bits: the same samples as in kernels/picture/cover.ts, in doubles.
 */

/** The same in doubles, which hold every edge function within the guard band exactly, skipping what a row leaves out. */
export function coverLarge(
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
          const idsBefore = v128.load(ids + at);
          const first = v128.and(f32x4.eq(depth, before), i32x4.lt_s(id4, idsBefore));
          const nearer = v128.and(v128.or(f32x4.gt(depth, before), first), inside);
          v128.store(depths + at, v128.bitselect(depth, before, nearer));
          v128.store(ids + at, v128.bitselect(id4, idsBefore, nearer));
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
