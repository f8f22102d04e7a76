/**
 * Which vertices a mesh names: looked at before any are read, so that a mesh that names one it does not have is refused.
 */

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
