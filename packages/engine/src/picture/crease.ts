/**
 * Normals at the corners of a triangle that lies along a crease: the readable twin of `faceNormal` and `towardsFace` in
 * `kernels/picture/crease.ts`, which give the same bits.
 *
 * On a sharp edge of the field the gradient is that of one side, and which side is chance where a vertex lies a hair from
 * the edge: along a straight edge that slides through the grid it changes from one vertex to the next, and a row of cells
 * is lit like the wrong face. So where the corners of a triangle disagree, each one whose normal leaves the triangle itself
 * by more than 45° is turned towards it, wholly from 72° on: such a triangle is lit by what it is. Between the two the turn
 * grows evenly, so nothing jumps when a surface moves. Smooth surfaces keep their normals to the bit.
 */

/** Three unit normals whose sum is longer than this, squared, agree (9: are equal; two equal ones and one 45° off: 7.8). */
const AGREE = Math.fround(7.8);
/** A normal turns wholly to the triangle's where the cosine between them is at most this (72.5°), … */
const FACE = Math.fround(0.3);
/** … and keeps its own from 1 / SLOPE above it on: 0.7 (45.6°). */
const SLOPE = 2.5;
/** A squared length beyond this is not a number in single precision. */
const LONGEST_SQUARE = Math.fround(1e38);

/**
 * Writes the three normals (9 numbers) that a triangle is shaded with.
 * @param triangle number of the triangle
 */
export function cornerNormals(
  triangle: number,
  positions: Float32Array,
  normals: Float32Array,
  indices: Uint32Array,
  out: Float32Array,
): void {
  const corners = [0, 1, 2].map((corner) => 3 * indices[3 * triangle + corner]);
  corners.forEach((from, corner) => {
    out.set(normals.subarray(from, from + 3), 3 * corner);
  });
  const f = Math.fround;
  const sum = Float32Array.from([0, 1, 2], (i) => f(f(out[i] + out[i + 3]) + out[i + 6]));
  if (!(dot(sum, 0, sum, 0) < AGREE)) return;
  const face = faceNormal(positions, corners);
  if (face === undefined) return;
  for (let at = 0; at < 9; at += 3) {
    const along = f(f(dot(out, at, face, 0) - FACE) * SLOPE);
    const share = along > 0 ? Math.min(along, 1) : 0;
    for (let i = 0; i < 3; i++) out[at + i] = f(face[i] + f(share * f(out[at + i] - face[i])));
  }
}

/** Unit normal of the plane through three points; undefined where they span none. */
function faceNormal(positions: Float32Array, [p, q, r]: readonly number[]): Float32Array | undefined {
  const f = Math.fround;
  const a = [0, 1, 2].map((i) => f(positions[q + i] - positions[p + i]));
  const b = [0, 1, 2].map((i) => f(positions[r + i] - positions[p + i]));
  const face = Float32Array.from([0, 1, 2], (i) => {
    const [j, k] = [(i + 1) % 3, (i + 2) % 3];
    return f(f(a[j] * b[k]) - f(a[k] * b[j]));
  });
  const square = dot(face, 0, face, 0);
  if (!(square > 0 && square < LONGEST_SQUARE)) return undefined;
  const scale = f(1 / f(Math.sqrt(square)));
  return face.map((part) => f(part * scale));
}

function dot(a: Float32Array, from: number, b: Float32Array, other: number): number {
  const f = Math.fround;
  return f(f(f(a[from] * b[other]) + f(a[from + 1] * b[other + 1])) + f(a[from + 2] * b[other + 2]));
}
