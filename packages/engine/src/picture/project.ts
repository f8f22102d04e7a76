/**
 * Vertices of the world to fixed-point vertices of the screen.
 *
 * Every operation is rounded to single precision, in this order, so that the kernel (`projectVertices` in
 * `kernels/picture/project.ts`) gives the same bits. A vertex is projected once, whatever triangles use it: neighbours share
 * the rounded corner, and no crack can open between them.
 *
 * ```
 *   screen vertex, 16 bytes:  │ x i32 │ y i32 │ 1/depth f32 │ flags i32 │     x, y in 1/256 pixel, y down
 * ```
 */
import { VIEW } from "./view.ts";

/** Flags of a screen vertex: which plane it lies beyond. Where any is set, the rest of the vertex means nothing. */
export const BEYOND = {
  near: 1,
  left: 2,
  right: 4,
  top: 8,
  bottom: 16,
  /** Not a finite place: its triangles are not drawn. */
  nowhere: 32,
} as const;

/** A coordinate of view space beyond which a vertex is nowhere. */
const FARTHEST = 2 ** 50;

/** Screen vertices, seen as whole numbers and as single-precision ones: two views of the same bytes. */
export interface Screen {
  readonly ints: Int32Array;
  readonly floats: Float32Array;
}

export function createScreen(vertexCount: number): Screen {
  const bytes = new ArrayBuffer(vertexCount * 16);
  return { ints: new Int32Array(bytes), floats: new Float32Array(bytes) };
}

/** Projects `count` vertices (xyz each) into `screen`. */
export function projectVertices(positions: Float32Array, count: number, view: Float32Array, screen: Screen): void {
  const place = new Float32Array(3);
  for (let i = 0; i < count; i++) {
    viewPlace(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2], view, place);
    const [x, y, z] = place;
    const flags = flagsOf(x, y, z, view);
    screen.ints[4 * i + 3] = flags;
    if (flags === 0) projectPlace(x, y, z, view, screen, i);
    else screen.ints.fill(0, 4 * i, 4 * i + 3);
  }
}

/** View-space place of a world-space one. */
export function viewPlace(px: number, py: number, pz: number, view: Float32Array, out: Float32Array): void {
  const f = Math.fround;
  const dx = f(px - view[VIEW.eye]);
  const dy = f(py - view[VIEW.eye + 1]);
  const dz = f(pz - view[VIEW.eye + 2]);
  for (let row = 0; row < 3; row++) {
    out[row] = f(f(f(view[3 * row] * dx) + f(view[3 * row + 1] * dy)) + f(view[3 * row + 2] * dz));
  }
}

/** How far inside a plane a view-space place lies; negative is beyond. Planes in the order of the flags, near first. */
export function insideBy(plane: number, x: number, y: number, z: number, view: Float32Array): number {
  const f = Math.fround;
  if (plane === 0) return f(z - view[VIEW.near]);
  const reach = f(view[VIEW.guard] * z);
  if (plane === 1) return f(reach + x);
  if (plane === 2) return f(reach - x);
  return plane === 3 ? f(reach - y) : f(reach + y);
}

/** Writes the screen vertex of a view-space place within the planes. */
export function projectPlace(x: number, y: number, z: number, view: Float32Array, screen: Screen, index: number): void {
  const f = Math.fround;
  const inverse = f(1 / z);
  const across = f(f(f(x * inverse) * view[VIEW.focal]) + view[VIEW.middleX]);
  const down = f(view[VIEW.middleY] - f(f(y * inverse) * view[VIEW.focal]));
  screen.ints[4 * index] = Math.floor(across);
  screen.ints[4 * index + 1] = Math.floor(down);
  screen.floats[4 * index + 2] = inverse;
  screen.ints[4 * index + 3] = 0;
}

function flagsOf(x: number, y: number, z: number, view: Float32Array): number {
  const f = Math.fround;
  let flags = 0;
  for (let plane = 0; plane < 5; plane++) {
    if (!(insideBy(plane, x, y, z, view) >= 0)) flags |= 1 << plane;
  }
  const size = f(f(Math.abs(x) + Math.abs(y)) + Math.abs(z));
  return size < FARTHEST ? flags : flags | BEYOND.nowhere;
}
