// Kernels of the picture room (AssemblyScript). Each has a readable twin in src/picture that gives the same bits:
//
//   projectVertices   src/picture/project.ts      selectTriangles, coverTriangles   src/picture/cover.ts
//   resolveBand       src/picture/resolve.ts
//
// All memory is passed in. A vector of four holds four vertices (project), the four samples of a pixel (cover), or four
// fragments, which are what a pixel shows of a triangle (resolve).
//
// Innermost loops test at their end: V8 makes the better code of that, a third faster here (Node 20).

/** Triangles no wider and no higher than this (1/256 pixel) have edge functions below 2^31 at every sample they test. */
const SMALL: i32 = 16384;
/** For 1 to 4 columns of quarter pixels from column 0 to 3 on: in which rows of quarters they have a sample, 4 bits each. */
const SAMPLED_ROWS: u64 = 0xffff7ebd6a952814;
/** For 1 to 4 rows of quarter pixels: those rows. */
const ROWS: u64 = 0xffffbde79c638421;
/** Tiles are this wide and high: 1 << 3 pixels. */
const TILE_BITS: i32 = 3;
/** More than rounding can make the depth of a sample exceed those of the corners, as a factor. */
const DEPTH_ERROR: f32 = 1.0001;
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
 * Writes (id, first row | last row << 16) for each triangle that may show: those that face the viewer, if the mesh winds as
 * it should, from `list` upwards, the others from `listEnd` downwards (8 bytes a triangle). Returns how many face the viewer.
 * To `found` go how many do not, how many are to be clipped, and from 16 bytes on the least column and row and the
 * greatest of all that may show.
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
  found: usize,
): u32 {
  const lastPixel = i32x4(width - 1, height - 1, 0, 0);
  const zero = i32x4.splat(0);
  let front = list;
  let back = listEnd;
  let clipped: u32 = 0;
  let leastOfAll = lastPixel;
  let mostOfAll = zero;
  for (let t: u32 = 0; t < count; t++) {
    const v0 = v128.load(screen + ((<usize>load<u32>(indices)) << 4));
    const v1 = v128.load(screen + ((<usize>load<u32>(indices, 4)) << 4));
    const v2 = v128.load(screen + ((<usize>load<u32>(indices, 8)) << 4));
    indices += 12;
    const flags = i32x4.extract_lane(v128.or(v128.or(v0, v1), v2), 3);
    if (flags != 0) {
      if (toBeClipped(v0, v1, v2)) clipped++;
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
    leastOfAll = i32x4.min_s(leastOfAll, first);
    mostOfAll = i32x4.max_s(mostOfAll, last);
    const rows = i32x4.extract_lane(first, 1) | (i32x4.extract_lane(last, 1) << 16);
    // The sign of the area tells the side; of huge triangles it may be wrong, which costs time and no pixel.
    const toV1 = i32x4.sub(v1, v0);
    const toV2 = i32x4.sub(v2, v0);
    const across = i32x4.mul(toV1, v128.shuffle<i32>(toV2, toV2, 1, 0, 2, 3));
    const faces = i32x4.extract_lane(across, 0) < i32x4.extract_lane(across, 1);
    store<u32>(front, firstId + t);
    store<u32>(front, rows, 4);
    store<u32>(back - 8, firstId + t);
    store<u32>(back - 8, rows, 4);
    const sampled =
      quarters(SAMPLED_ROWS, i32x4.extract_lane(firstSample, 0), i32x4.extract_lane(lastSample, 0)) &
      quarters(ROWS, i32x4.extract_lane(firstSample, 1), i32x4.extract_lane(lastSample, 1));
    const step: usize = select<usize>(8, 0, sampled != 0);
    front += select<usize>(step, 0, faces);
    back -= select<usize>(0, step, faces);
  }
  store<u32>(found, <u32>((listEnd - back) >> 3));
  store<u32>(found, clipped, 4);
  v128.store(found, v128.shuffle<i64>(leastOfAll, mostOfAll, 0, 2), 16);
  return <u32>((front - list) >> 3);
}

/** The rows of quarter pixels, one bit each, that a table gives for the quarters from one to another. */
function quarters(table: u64, first: i32, last: i32): u64 {
  return (table >> <u64>((min(last - first, 3) << 4) | ((first & 3) << 2))) & 15;
}

/** Writes the ids of the triangles that must be clipped before they are drawn. */
export function listClipped(screen: usize, indices: usize, count: u32, list: usize): void {
  for (let t: u32 = 0; t < count; t++) {
    const v0 = v128.load(screen + ((<usize>load<u32>(indices)) << 4));
    const v1 = v128.load(screen + ((<usize>load<u32>(indices, 4)) << 4));
    const v2 = v128.load(screen + ((<usize>load<u32>(indices, 8)) << 4));
    indices += 12;
    if (toBeClipped(v0, v1, v2)) {
      store<u32>(list, t);
      list += 4;
    }
  }
}

/** Whether a triangle crosses a plane of the view: some corner is beyond one, not all are beyond the same, all are somewhere. */
function toBeClipped(v0: v128, v1: v128, v2: v128): bool {
  const some = i32x4.extract_lane(v128.or(v128.or(v0, v1), v2), 3);
  const all = i32x4.extract_lane(v128.and(v128.and(v0, v1), v2), 3);
  return some != 0 && all == 0 && (some & 32) == 0;
}

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

/** Whether every sample of these pixels shows something nearer than `depth`, as far as whole tiles tell. */
function isHidden(
  depth: f32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
  width: i32,
  height: i32,
  stride: i32,
  depths: usize,
  tiles: usize,
): bool {
  const tilesAcross = (stride + 7) >> TILE_BITS;
  for (let row = top >> TILE_BITS; row <= bottom >> TILE_BITS; row++) {
    for (let column = left >> TILE_BITS; column <= right >> TILE_BITS; column++) {
      const tile = tiles + ((<usize>(row * tilesAcross + column)) << 2);
      let least = load<f32>(tile);
      if (least != least) {
        least = leastDepth(column << TILE_BITS, row << TILE_BITS, width, height, stride, depths);
        store<f32>(tile, least);
      }
      if (!(depth < least)) return false;
    }
  }
  return true;
}

/** The least depth in the tile whose first pixel this is. */
function leastDepth(left: i32, top: i32, width: i32, height: i32, stride: i32, depths: usize): f32 {
  const right = min(left + 8, width);
  const bottom = min(top + 8, height);
  let least = f32x4.splat(f32.MAX_VALUE);
  for (let y = top; y < bottom; y++) {
    const row = depths + ((<usize>(y * stride)) << 4);
    for (let x = left; x < right; x++) least = f32x4.pmin(least, v128.load(row + ((<usize>x) << 4)));
  }
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 2, 3, 0, 1));
  return min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1));
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

// ---------------------------------------------------------------------------------------------------------------------

/** A record of a triangle as it is shaded, single precision: x0 x1 x2 1/z0, y0 y1 y2 1/z1, n0 1/z2, n1 id, n2 –. */
const RECORD: usize = 80;
const RECORD_ID: usize = 60;
/** Records kept; the first is nobody's. */
const RECORDS: u32 = 1024;
/** Where a triangle's record is, by the low bits of its id. */
const MAP: usize = <usize>RECORDS * RECORD;
/** Fragments: x, y of the middle of their samples times n, n, then record << 16 | pixel. */
const FRAGMENTS: usize = MAP + RECORDS * 4;
/** Groups of four pixels shaded together at most, and the fragments that they can have. */
const GROUPS: usize = 32;
const MOST_FRAGMENTS: u32 = 512;
/** Sum of the intensities of each pixel, times their numbers of samples; one more pixel for those that fill up four. */
const SUMS: usize = FRAGMENTS + (<usize>MOST_FRAGMENTS + 4) * 16;
/** Groups: 1 / covered of each pixel, where the colours of its coverage begin (bytes), where the group goes, how many pixels. */
const GROUP: usize = 48;
const GROUP_LIST: usize = SUMS + GROUPS * 16 + 16;
/** `coverage`, for each set of samples: n n 0 0, then sum of x, sum of y, n, 0; 1 / n; where the colours of n begin (bytes). */
const COVERAGE: usize = 48;

/**
 * Colours the rows of a band from column `left` to `right`, the rest as background, and returns how many pixels have a
 * sample covered. Depths become 0 again. `stride`: pixels from row to row of depths and ids, a multiple of 4.
 * `indices` and `pieceIndices` point at the three of triangle 0, `firstPiece` is the first id of the pieces.
 * `lights`: x, y, z, wrap and strength of key, fill and ambient (16 bytes each), then the scale to steps.
 *
 * Pixels with something in them are collected, their fragments (a triangle's samples in a pixel) queued. Four fragments
 * at a time are then shaded, one in each lane, whatever their triangles, and the pixels coloured.
 */
export function resolveBand(
  width: i32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
  stride: i32,
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
  scratch: usize,
  rgba: usize,
): u32 {
  const zero = f32x4.splat(0);
  const background = load<u32>(colors + ((<usize>load<u8>(levels)) << 2));
  const background4 = i32x4.splat(background);
  let shaded: u32 = 0;
  let groups: usize = 0;
  let fragments = scratch + FRAGMENTS;
  forgetRecords(scratch);
  memory.fill(scratch + SUMS, 0, GROUPS * 16 + 16);
  meshScreen = screen;
  meshIndices = indices;
  meshPositions = positions;
  meshNormals = normals;
  pieces = firstPiece;
  piecesScreen = pieceScreen;
  piecesIndices = pieceIndices;
  piecesNormals = pieceNormals;
  left &= ~3;

  for (let y = top; y < bottom; y++) {
    const row = rgba + ((<usize>(y * width)) << 2);
    const first = (<usize>((y - top) * stride)) << 4;
    fill(row, background4, <usize>left);
    for (let x = left; x < right; x += 4) {
      const at = first + ((<usize>x) << 4);
      const depth = depths + at;
      const d0 = v128.load(depth);
      const d1 = v128.load(depth, 16);
      const d2 = v128.load(depth, 32);
      const d3 = v128.load(depth, 48);
      const to = row + ((<usize>x) << 2);
      const pixels = min(width - x, 4);
      if (!v128.any_true(v128.or(v128.or(d0, d1), v128.or(d2, d3)))) {
        if (pixels == 4) v128.store(to, background4);
        else fill(to, background4, <usize>pixels);
        continue;
      }
      const group = scratch + GROUP_LIST + groups * GROUP;
      store<usize>(group, to, 32);
      store<i32>(group, pixels, 36);
      const full = i32x4.all_true(f32x4.gt(f32x4.min(f32x4.min(d0, d1), f32x4.min(d2, d3)), zero));
      if (full) {
        v128.store(group, v128.load_splat<f32>(coverage, 15 * COVERAGE + 32));
        v128.store(group, v128.load_splat<u32>(coverage, 15 * COVERAGE + 36), 16);
        shaded += 4;
      }
      if (full && alike(ids + at)) {
        const record = recordOf(load<u32>(ids + at), scratch);
        shadeAlike(scratch + <usize>record * RECORD, x, y, lights, scratch + SUMS + (groups << 4));
      } else {
        let pixel: u32 = 0;
        do {
          let rest = 15;
          if (!full) {
            rest = i32x4.bitmask(f32x4.gt(v128.load(depth + ((<usize>pixel) << 4)), zero));
            const set = coverage + <usize>rest * COVERAGE;
            store<f32>(group + ((<usize>pixel) << 2), load<f32>(set, 32));
            store<i32>(group + ((<usize>pixel) << 2), load<i32>(set, 36), 16);
            if (rest == 0) continue;
            shaded++;
          }
          const place = f32x4(<f32>((x + pixel) << 8), <f32>(y << 8), 0, 0);
          const to = <u32>(groups << 2) + pixel;
          const idAt = ids + at + ((<usize>pixel) << 4);
          const ids4 = v128.load(idAt);
          do {
            const id = load<u32>(idAt + ((<usize>ctz(rest)) << 2));
            const same = i32x4.bitmask(i32x4.eq(ids4, i32x4.splat(id))) & rest;
            const mapped = scratch + MAP + ((<usize>(id & (RECORDS - 1))) << 2);
            let record = load<u32>(mapped);
            if (load<u32>(scratch + <usize>record * RECORD, RECORD_ID) != id) record = newRecord(id, mapped, scratch);
            const sums = coverage + <usize>same * COVERAGE;
            const middle = f32x4.add(f32x4.mul(v128.load(sums), place), v128.load(sums, 16));
            v128.store(fragments, i32x4.replace_lane(middle, 3, (record << 16) | to));
            fragments += 16;
            rest ^= same;
          } while (rest != 0);
        } while (++pixel < 4);
      }
      v128.store(depth, zero);
      v128.store(depth, zero, 16);
      v128.store(depth, zero, 32);
      v128.store(depth, zero, 48);
      if (++groups == GROUPS) {
        shadeFragments(scratch, fragments, lights);
        colorGroups(scratch, groups, load<f32>(lights, 80), levels, colors);
        groups = 0;
        fragments = scratch + FRAGMENTS;
        if (records + MOST_FRAGMENTS > RECORDS) forgetRecords(scratch);
      }
    }
    const end = min((right + 3) & ~3, width);
    fill(row + ((<usize>end) << 2), background4, <usize>(width - end));
  }
  shadeFragments(scratch, fragments, lights);
  colorGroups(scratch, groups, load<f32>(lights, 80), levels, colors);
  return shaded;
}

/** Colours `pixels` pixels alike. */
function fill(to: usize, color4: v128, pixels: usize): void {
  const end = to + (pixels << 2);
  for (; to + 16 <= end; to += 16) v128.store(to, color4);
  for (; to < end; to += 4) store<i32>(to, i32x4.extract_lane(color4, 0));
}

/** Where the triangles of the band at hand are, for those few times that one is new. */
let meshScreen: usize = 0;
let meshIndices: usize = 0;
let meshPositions: usize = 0;
let meshNormals: usize = 0;
let pieces: u32 = 0;
let piecesScreen: usize = 0;
let piecesIndices: usize = 0;
let piecesNormals: usize = 0;
/** Records in use. */
let records: u32 = 0;

function forgetRecords(scratch: usize): void {
  memory.fill(scratch + MAP, 0, RECORDS * 4);
  store<u32>(scratch, NONE, RECORD_ID);
  records = 1;
}

/** The record of a triangle, written if it is new. */
function recordOf(id: u32, scratch: usize): u32 {
  const mapped = scratch + MAP + ((<usize>(id & (RECORDS - 1))) << 2);
  const record = load<u32>(mapped);
  return load<u32>(scratch + <usize>record * RECORD, RECORD_ID) == id ? record : newRecord(id, mapped, scratch);
}

function newRecord(id: u32, mapped: usize, scratch: usize): u32 {
  const record = records++;
  store<u32>(mapped, record);
  const to = scratch + <usize>record * RECORD;
  if (id >= pieces) describe(id, piecesScreen, piecesIndices, 0, piecesNormals, to);
  else describe(id, meshScreen, meshIndices, meshPositions, meshNormals, to);
  return record;
}

/** Writes the record of a triangle. `positions` is 0 for pieces, whose normals are already those to shade with. */
function describe(id: u32, screen: usize, indices: usize, positions: usize, normals: usize, to: usize): void {
  const triangle = indices + <usize>id * 12;
  // Read from 4 bytes before, so that the last normal needs nothing after it: lanes 1, 2, 3 are x, y, z.
  const base = normals - 4;
  const i0 = <usize>load<u32>(triangle);
  const i1 = <usize>load<u32>(triangle, 4);
  const i2 = <usize>load<u32>(triangle, 8);
  const v0 = v128.load(screen + (i0 << 4));
  const v1 = v128.load(screen + (i1 << 4));
  const v2 = v128.load(screen + (i2 << 4));
  let normal0 = v128.load(base + i0 * 12);
  let normal1 = v128.load(base + i1 * 12);
  let normal2 = v128.load(base + i2 * 12);
  if (positions != 0 && disagree(normal0, normal1, normal2)) {
    const face = faceNormal(positions - 4, i0 * 12, i1 * 12, i2 * 12);
    if (v128.any_true(face)) {
      normal0 = towardsFace(normal0, face);
      normal1 = towardsFace(normal1, face);
      normal2 = towardsFace(normal2, face);
    }
  }
  const xy01 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5);
  const x = f32x4.convert_i32x4_s(v128.shuffle<i32>(xy01, v2, 0, 1, 4, 4));
  const y = f32x4.convert_i32x4_s(v128.shuffle<i32>(xy01, v2, 2, 3, 5, 5));
  v128.store(to, v128.shuffle<f32>(x, v0, 0, 1, 2, 6));
  v128.store(to, v128.shuffle<f32>(y, v1, 0, 1, 2, 6), 16);
  v128.store(to, v128.shuffle<f32>(normal0, v2, 1, 2, 3, 6), 32);
  v128.store(to, i32x4.replace_lane(v128.shuffle<f32>(normal1, normal1, 1, 2, 3, 3), 3, id), 48);
  v128.store(to, v128.shuffle<f32>(normal2, normal2, 1, 2, 3, 3), 64);
}

/** Adds up the intensities of the pixels that these fragments are of. All whole numbers here are below 2^24, so exact. */
function shadeFragments(scratch: usize, end: usize, lights: usize): void {
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

/** Whether all samples of four pixels name one triangle. */
function alike(ids: usize): bool {
  const first = v128.load_splat<u32>(ids);
  const same = v128.and(
    v128.and(i32x4.eq(v128.load(ids), first), i32x4.eq(v128.load(ids, 16), first)),
    v128.and(i32x4.eq(v128.load(ids, 32), first), i32x4.eq(v128.load(ids, 48), first)),
  );
  return i32x4.all_true(same);
}

/** As `shadeFragments` for four pixels of one triangle. */
function shadeAlike(r: usize, x: i32, y: i32, lights: usize, sums: usize): void {
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

function colorGroups(scratch: usize, count: usize, scale: f32, levels: usize, colors: usize): void {
  let group = scratch + GROUP_LIST;
  let sums = scratch + SUMS;
  for (const end = sums + (count << 4); sums < end; sums += 16) {
    const steps = f32x4.mul(f32x4.mul(v128.load(sums), v128.load(group)), f32x4.splat(scale));
    v128.store(sums, f32x4.splat(0));
    // NaN becomes step 0, as in the twin.
    const inRange = f32x4.pmin(f32x4.splat(4095), v128.and(steps, f32x4.gt(steps, f32x4.splat(0))));
    const step4 = i32x4.trunc_sat_f32x4_s(inRange);
    const color0 = colorOf(levels, i32x4.extract_lane(step4, 0), colors + load<usize>(group, 16));
    const color1 = colorOf(levels, i32x4.extract_lane(step4, 1), colors + load<usize>(group, 20));
    const color2 = colorOf(levels, i32x4.extract_lane(step4, 2), colors + load<usize>(group, 24));
    const color3 = colorOf(levels, i32x4.extract_lane(step4, 3), colors + load<usize>(group, 28));
    const to = load<usize>(group, 32);
    const pixels = load<i32>(group, 36);
    store<u32>(to, color0);
    if (pixels > 1) store<u32>(to, color1, 4);
    if (pixels > 2) store<u32>(to, color2, 8);
    if (pixels > 3) store<u32>(to, color3, 12);
    group += GROUP;
  }
}

function colorOf(levels: usize, step: i32, colors: usize): u32 {
  return load<u32>(colors + ((<usize>load<u8>(levels + <usize>step)) << 2));
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
