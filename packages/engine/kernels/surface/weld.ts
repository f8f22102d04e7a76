/**
 * What welding does to every triangle and vertex; the readable twins are in src/surface/weld-scans.ts. The rest of
 * welding (src/surface/weld.ts) only looks at the few triangles that are found here.
 *
 *      indices   u32 × 3 a triangle, 0xffffffff in the first place where it was removed
 *      state     u8 a vertex: bits of src/surface/weld.ts
 */
const NONE: u32 = 0xffffffff;

/** Writes the numbers of the triangles with a corner whose state has a bit of `mask`, in their order; returns how many. */
export function touching(indices: usize, triangleCount: u32, state: usize, mask: u32, list: usize): u32 {
  const start = list;
  for (let triangle: u32 = 0; triangle < triangleCount; triangle++) {
    const a = load<u32>(indices);
    if (a != NONE) {
      const any =
        <u32>load<u8>(state + a) |
        <u32>load<u8>(state + load<u32>(indices, 4)) |
        <u32>load<u8>(state + load<u32>(indices, 8));
      if ((any & mask) != 0) {
        store<u32>(list, triangle);
        list += 4;
      }
    }
    indices += 12;
  }
  return <u32>((list - start) >> 2);
}

/** The same for triangles with two corners that share a bit of `mask`. */
export function sharing(indices: usize, triangleCount: u32, state: usize, mask: u32, list: usize): u32 {
  const start = list;
  for (let triangle: u32 = 0; triangle < triangleCount; triangle++) {
    const a = load<u32>(indices);
    if (a != NONE) {
      const x: u32 = load<u8>(state + a);
      const y: u32 = load<u8>(state + load<u32>(indices, 4));
      const z: u32 = load<u8>(state + load<u32>(indices, 8));
      if ((((x & y) | (y & z) | (z & x)) & mask) != 0) {
        store<u32>(list, triangle);
        list += 4;
      }
    }
    indices += 12;
  }
  return <u32>((list - start) >> 2);
}

/**
 * Closes up the triangles that were not removed, and numbers the vertices that they have: `numbers`, u32 each, is the new
 * number of a vertex of the mesh, NONE where no triangle has it. Returns how many triangles are left.
 */
export function closeUp(indices: usize, triangleCount: u32, vertexCount: u32, numbers: usize): u32 {
  memory.fill(numbers, 0xff, (<usize>vertexCount) << 2);
  let to = indices;
  const start = indices;
  for (; triangleCount > 0; triangleCount--) {
    const a = load<u32>(indices);
    if (a != NONE) {
      const b = load<u32>(indices, 4);
      const c = load<u32>(indices, 8);
      store<u32>(to, a);
      store<u32>(to, b, 4);
      store<u32>(to, c, 8);
      to += 12;
      store<u32>(numbers + ((<usize>a) << 2), 0);
      store<u32>(numbers + ((<usize>b) << 2), 0);
      store<u32>(numbers + ((<usize>c) << 2), 0);
    }
    indices += 12;
  }
  return <u32>((to - start) / 12);
}

/** Numbers the vertices that `closeUp` met, in their order; returns how many there are. */
export function number(numbers: usize, vertexCount: u32): u32 {
  let next: u32 = 0;
  for (; vertexCount > 0; vertexCount--) {
    // 0 where it was met, else NONE.
    const met = load<u32>(numbers);
    store<u32>(numbers, met | next);
    next += met + 1;
    numbers += 4;
  }
  return next;
}

/** Puts new numbers in the place of the old ones. */
export function renumber(indices: usize, count: u32, numbers: usize): void {
  for (; count > 0; count--) {
    store<u32>(indices, load<u32>(numbers + ((<usize>load<u32>(indices)) << 2)));
    indices += 4;
  }
}

/** Moves the positions of numbered vertices from `positions` to their place in `target`, which may be the same. */
export function movePositions(positions: usize, vertexCount: u32, numbers: usize, target: usize): void {
  for (; vertexCount > 0; vertexCount--) {
    const to = load<u32>(numbers);
    if (to != NONE) {
      const place = target + <usize>to * 12;
      const xy = load<u64>(positions);
      const z = load<u32>(positions, 8);
      store<u64>(place, xy);
      store<u32>(place, z, 8);
    }
    positions += 12;
    numbers += 4;
  }
}
