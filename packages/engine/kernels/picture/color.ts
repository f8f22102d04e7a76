/**
 * Sums of intensities to colours of pixels.
 */
import { GROUP, GROUP_LIST, SUMS } from "./scratch-layout";

export function colorGroups(scratch: usize, count: usize, scale: f32, levels: usize, colors: usize): void {
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
