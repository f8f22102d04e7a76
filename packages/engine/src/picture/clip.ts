/**
 * Cuts the few triangles that reach behind the camera, or far beyond the picture, into pieces that do not.
 *
 * Sutherland and Hodgman's polygon clipping (https://doi.org/10.1145/360767.360802) in view space, before the division,
 * against the near plane and the four sides of the guard band. A cut is always computed from the end that is inside to the
 * one that is not, so two triangles that share an edge cut it at the same point, whichever way they walk along it.
 * Both back ends use this function: it is rarely needed, and never for more than a sliver of a mesh. Pieces are drawn after
 * the triangles of the mesh, so of equally near ones a whole triangle comes before a piece.
 */
import { cornerNormals } from "./crease.ts";
import { createScreen, insideBy, projectPlace, type Screen, viewPlace } from "./project.ts";
import { VIEW } from "./view.ts";

/** Pieces of clipped triangles: a small mesh of its own, already on the screen. */
export interface Pieces {
  readonly vertexCount: number;
  readonly triangleCount: number;
  readonly screen: Screen;
  /** xyz for each vertex, not of unit length; already turned along creases. */
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
}

/** Five planes add at most five corners to a triangle. */
const MOST_CORNERS = 8;
const PLANES = 5;
/** Numbers of a corner: view-space place, normal, index of the screen vertex that it is (−1: a cut). */
const CORNER = 7;

/**
 * Clips triangles.
 * @param triangles ids of the triangles to clip
 * @param screen the projected vertices of the mesh
 */
export function clipTriangles(
  triangles: Uint32Array,
  positions: Float32Array,
  normals: Float32Array,
  indices: Uint32Array,
  view: Float32Array,
  screen: Screen,
): Pieces {
  const out = createScreen(triangles.length * MOST_CORNERS);
  const outNormals = new Float32Array(triangles.length * MOST_CORNERS * 3);
  const outIndices = new Uint32Array(triangles.length * (MOST_CORNERS - 2) * 3);
  const place = new Float32Array(3);
  const shaded = new Float32Array(9);
  let polygon = new Float64Array(MOST_CORNERS * CORNER);
  let next = new Float64Array(MOST_CORNERS * CORNER);
  let vertexCount = 0;
  let triangleCount = 0;

  for (const triangle of triangles) {
    let beyond = 0;
    cornerNormals(triangle, positions, normals, indices, shaded);
    for (let corner = 0; corner < 3; corner++) {
      const vertex = indices[3 * triangle + corner];
      viewPlace(positions[3 * vertex], positions[3 * vertex + 1], positions[3 * vertex + 2], view, place);
      polygon.set(place, corner * CORNER);
      polygon.set(shaded.subarray(3 * corner, 3 * corner + 3), corner * CORNER + 3);
      const flags = screen.ints[4 * vertex + 3];
      polygon[corner * CORNER + 6] = flags === 0 ? vertex : -1;
      beyond |= flags;
    }
    let corners = 3;
    for (let plane = 0; plane < PLANES && corners > 0; plane++) {
      if (((beyond >> plane) & 1) === 0) continue;
      corners = clipPolygon(polygon, corners, plane, view, next);
      [polygon, next] = [next, polygon];
    }
    if (corners < 3) continue;
    for (let corner = 0; corner < corners; corner++) {
      const at = corner * CORNER;
      const to = vertexCount + corner;
      const original = polygon[at + 6];
      if (original < 0) projectPlace(polygon[at], polygon[at + 1], polygon[at + 2], view, out, to);
      else out.ints.set(screen.ints.subarray(4 * original, 4 * original + 4), 4 * to);
      outNormals.set(polygon.subarray(at + 3, at + 6), 3 * to);
    }
    for (let corner = 2; corner < corners; corner++) {
      outIndices.set([vertexCount, vertexCount + corner - 1, vertexCount + corner], 3 * triangleCount++);
    }
    vertexCount += corners;
  }
  return { vertexCount, triangleCount, screen: out, normals: outNormals, indices: outIndices };
}

/** Keeps the part of a polygon inside one plane; returns its number of corners. */
function clipPolygon(from: Float64Array, count: number, plane: number, view: Float32Array, to: Float64Array): number {
  let kept = 0;
  for (let corner = 0; corner < count; corner++) {
    const a = corner * CORNER;
    const b = ((corner + 1) % count) * CORNER;
    const aInside = insideBy(plane, from[a], from[a + 1], from[a + 2], view);
    const bInside = insideBy(plane, from[b], from[b + 1], from[b + 2], view);
    if (aInside >= 0) {
      if (kept === MOST_CORNERS) return kept;
      to.set(from.subarray(a, a + CORNER), kept++ * CORNER);
    }
    if (aInside >= 0 !== bInside >= 0) {
      if (kept === MOST_CORNERS) return kept;
      if (aInside >= 0) cut(from, a, b, aInside, bInside, to, kept * CORNER);
      else cut(from, b, a, bInside, aInside, to, kept * CORNER);
      if (plane === 0) to[kept * CORNER + 2] = view[VIEW.near];
      kept++;
    }
  }
  return kept;
}

function cut(
  from: Float64Array,
  inside: number,
  outside: number,
  insideBy: number,
  outsideBy: number,
  to: Float64Array,
  at: number,
): void {
  const f = Math.fround;
  const share = insideBy / (insideBy - outsideBy);
  for (let i = 0; i < 6; i++) to[at + i] = f(from[inside + i] + (from[outside + i] - from[inside + i]) * share);
  to[at + 6] = -1;
}
