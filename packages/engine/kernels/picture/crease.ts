/**
 * Normals at the corners of a triangle that lies along a crease; the readable twin is src/picture/crease.ts. A normal lies
 * in lanes 1 to 3 of a vector.
 */

/** Whether three normals (in lanes 1 to 3) leave each other so far that a crease may be between them; twin: src/picture/crease.ts. */
export function disagree(a: v128, b: v128, c: v128): bool {
  const sum = f32x4.add(f32x4.add(a, b), c);
  return dot(sum, sum) < <f32>7.8;
}

/** Unit normal of a triangle in lanes 1 to 3; all 0 where it has none. Corners as bytes from `positions`, lane 0 before. */
export function faceNormal(positions: usize, p: usize, q: usize, r: usize): v128 {
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
export function towardsFace(normal: v128, face: v128): v128 {
  const along = (dot(normal, face) - <f32>0.3) * <f32>2.5;
  const share: f32 = along > 0 ? min<f32>(along, 1) : 0;
  return f32x4.add(face, f32x4.mul(f32x4.splat(share), f32x4.sub(normal, face)));
}

/** Of lanes 1 to 3. */
function dot(a: v128, b: v128): f32 {
  const parts = f32x4.mul(a, b);
  return f32x4.extract_lane(parts, 1) + f32x4.extract_lane(parts, 2) + f32x4.extract_lane(parts, 3);
}
