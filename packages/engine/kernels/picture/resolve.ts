/**
 * Nearest triangles to colours; the readable twin is src/picture/resolve.ts.
 */
import { colorGroups } from "./color";
import { makeRoom, newRecord, recordOf, startRecords } from "./records";
import {
  COVERAGE,
  FRAGMENTS,
  GROUP,
  GROUP_LIST,
  GROUPS,
  MAP,
  RECORD,
  RECORD_ID,
  RECORDS,
  SUMS,
} from "./scratch-layout";
import { shadeAlike, shadeFragments } from "./shade";

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
  startRecords(scratch, screen, indices, positions, normals, firstPiece, pieceScreen, pieceIndices, pieceNormals);
  memory.fill(scratch + SUMS, 0, GROUPS * 16 + 16);
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
        makeRoom(scratch);
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

/** Whether all samples of four pixels name one triangle. */
function alike(ids: usize): bool {
  const first = v128.load_splat<u32>(ids);
  const same = v128.and(
    v128.and(i32x4.eq(v128.load(ids), first), i32x4.eq(v128.load(ids, 16), first)),
    v128.and(i32x4.eq(v128.load(ids, 32), first), i32x4.eq(v128.load(ids, 48), first)),
  );
  return i32x4.all_true(same);
}
