/**
 * A mesh cut to a box: what the bricks of a source have beyond its outermost samples is taken away.
 */

/**
 * Takes away the vertices that lie outside of a box and the triangles that have one; the rest closes up.
 * `box`: f32, low and high of x, y, z. `numbers`: u32 for each vertex. `totals`: in and out, u32 each: vertices,
 * vertices of the slab itself, triangles, triangles of the slab itself.
 */
export function clip(positions: usize, numbers: usize, indices: usize, box: usize, totals: usize): void {
  const vertices = load<u32>(totals);
  const ownVertices = load<u32>(totals, 4);
  const triangles = load<u32>(totals, 8);
  const ownTriangles = load<u32>(totals, 12);
  let kept: u32 = 0;
  let to = positions;
  for (let i: u32 = 0; i < vertices; i++) {
    if (i == ownVertices) store<u32>(totals, kept, 4);
    const from = positions + 12 * <usize>i;
    const x = load<f32>(from);
    const y = load<f32>(from, 4);
    const z = load<f32>(from, 8);
    const within =
      x >= load<f32>(box) &&
      x <= load<f32>(box, 4) &&
      y >= load<f32>(box, 8) &&
      y <= load<f32>(box, 12) &&
      z >= load<f32>(box, 16) &&
      z <= load<f32>(box, 20);
    store<u32>(numbers + ((<usize>i) << 2), within ? kept : 0xffffffff);
    if (!within) continue;
    store<f32>(to, x);
    store<f32>(to, y, 4);
    store<f32>(to, z, 8);
    to += 12;
    kept++;
  }
  if (ownVertices == vertices) store<u32>(totals, kept, 4);
  store<u32>(totals, kept);
  let left: u32 = 0;
  let out = indices;
  for (let i: u32 = 0; i < triangles; i++) {
    if (i == ownTriangles) store<u32>(totals, left, 12);
    const from = indices + 12 * <usize>i;
    const a = load<u32>(numbers + ((<usize>load<u32>(from)) << 2));
    const b = load<u32>(numbers + ((<usize>load<u32>(from, 4)) << 2));
    const c = load<u32>(numbers + ((<usize>load<u32>(from, 8)) << 2));
    if (a == 0xffffffff || b == 0xffffffff || c == 0xffffffff) continue;
    store<u32>(out, a);
    store<u32>(out, b, 4);
    store<u32>(out, c, 8);
    out += 12;
    left++;
  }
  if (ownTriangles == triangles) store<u32>(totals, left, 12);
  store<u32>(totals, left, 8);
}
