/**
 * Which triangles cross a plane of the view: the host clips them (src/picture/clip.ts), all others are drawn as they are.
 */

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
export function toBeClipped(v0: v128, v1: v128, v2: v128): bool {
  const some = i32x4.extract_lane(v128.or(v128.or(v0, v1), v2), 3);
  const all = i32x4.extract_lane(v128.and(v128.and(v0, v1), v2), 3);
  return some != 0 && all == 0 && (some & 32) == 0;
}
