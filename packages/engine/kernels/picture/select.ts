/**
 * Which triangles may show, and in which rows; the readable twin is in src/picture/cover.ts. Many triangles of a fine mesh
 * lie between the samples: two tables tell from the quarters of pixels that a triangle spans whether it can meet one.
 */
import { toBeClipped } from "./clipped";

/** For 1 to 4 columns of quarter pixels from column 0 to 3 on: in which rows of quarters they have a sample, 4 bits each. */
const SAMPLED_ROWS: u64 = 0xffff7ebd6a952814;
/** For 1 to 4 rows of quarter pixels: those rows. */
const ROWS: u64 = 0xffffbde79c638421;

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
