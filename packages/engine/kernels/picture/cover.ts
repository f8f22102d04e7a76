/**
 * Which triangle is nearest at each sample; the readable twin is src/picture/cover.ts. A vector of four holds the four
 * samples of a pixel.
 *
 * Innermost loops test at their end: V8 makes the better code of that, a third faster here (Node 20).
 */
import { coverLarge } from "./cover-large";
import { isHidden } from "./tiles";

/** Triangles no wider and no higher than this (1/256 pixel) have edge functions below 2^31 at every sample they test. */
const SMALL: i32 = 16384;

/** More than rounding can make the depth of a sample exceed those of the corners, as a factor. */
const DEPTH_ERROR: f32 = 1.0001;

/**
 * Draws the listed triangles into a band: for each sample the nearest, of equally near ones that with the least id, in
 * whatever order they come. `indices` points at the three of triangle 0, whether or not that is part of this list.
 * `tiles`, if not 0: the least depth of each tile drawn so far, NaN where not yet known; triangles behind are skipped.
 */
export function coverTriangles(
  list: usize,
  count: u32,
  screen: usize,
  indices: usize,
  width: i32,
  top: i32,
  bottom: i32,
  stride: i32,
  depths: usize,
  ids: usize,
  tiles: usize,
): void {
  // Sample positions within a pixel, 1/256 pixel (src/picture/samples.ts).
  const offsetX = i32x4(96, 224, 32, 160);
  const offsetY = i32x4(32, 96, 160, 224);
  const bandFirst = i32x4(0, top, 0, 0);
  const bandLast = i32x4(width - 1, bottom - 1, 0, 0);
  const rowBytes = (<usize>stride) << 4;
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
    if (tiles != 0) {
      const nearest = f32x4.pmax(f32x4.pmax(v0, v1), v2);
      const depth = f32x4.extract_lane(nearest, 2) * DEPTH_ERROR;
      if (isHidden(depth, left, right, firstRow - top, lastRow - top, width, bottom - top, stride, depths, tiles))
        continue;
    }
    const pixel = (<usize>((firstRow - top) * stride + left)) << 4;

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
    // No end but the last pixel of the box: a pixel costs less than a branch that cannot be foreseen.
    let rowAt = pixel;
    const span = (<usize>(right - left)) << 4;
    const rowEnd = rowAt + <usize>(lastRow - firstRow) * rowBytes;
    do {
      let w0 = row0;
      let w1 = row1;
      let w2 = row2;
      const endAt = rowAt + span;
      let at = rowAt;
      do {
        const outside = i32x4.shr_s(v128.or(v128.or(w0, w1), w2), 31);
        const depth = f32x4.add(
          f32x4.add(depth0, f32x4.mul(f32x4.convert_i32x4_s(w1), slope1)),
          f32x4.mul(f32x4.convert_i32x4_s(w2), slope2),
        );
        const before = v128.load(depths + at);
        const idsBefore = v128.load(ids + at);
        const inside = v128.andnot(depth, outside);
        const first = v128.and(f32x4.eq(inside, before), i32x4.lt_s(id4, idsBefore));
        const nearer = v128.or(f32x4.gt(inside, before), first);
        v128.store(depths + at, f32x4.pmax(before, inside));
        v128.store(ids + at, v128.bitselect(id4, idsBefore, nearer));
        w0 = i32x4.sub(w0, right0);
        w1 = i32x4.sub(w1, right1);
        w2 = i32x4.sub(w2, right2);
        at += 16;
      } while (at <= endAt);
      row0 = i32x4.add(row0, down0);
      row1 = i32x4.add(row1, down1);
      row2 = i32x4.add(row2, down2);
      rowAt += rowBytes;
    } while (rowAt <= rowEnd);
  }
}

/** 0 for a top or left edge, −1 for the others. */
function bias(dx: v128, dy: v128): v128 {
  const zero = i32x4.splat(0);
  return v128.not(v128.or(i32x4.lt_s(dy, zero), v128.and(i32x4.eq(dy, zero), i32x4.gt_s(dx, zero))));
}
