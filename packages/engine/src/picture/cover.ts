/**
 * Which triangle is nearest at each sample: the readable twin of `selectTriangles` (kernels/picture/select.ts) and
 * `coverTriangles` (kernels/picture/cover.ts), which give the same bits at every sample.
 *
 * An edge function is twice the signed area of an edge and a point (Pineda, https://doi.org/10.1145/54852.378457). Corners
 * and samples are whole numbers, so it is exact: below 2^46 within the guard band. A sample on an edge belongs to the
 * triangle for which that edge is a top or a left one, so that of two triangles that share it exactly one has the sample.
 *
 * ```
 *      top edge: exactly level, inside below          left edge: inside to its right
 *      ───────────────▸                               ▴
 *           inside                                    │ inside       (walked with the inside to the right, y down)
 * ```
 * Depth is kept as 1/z, which is linear on the screen: larger is nearer, and 0 is "nothing there".
 */
import type { Screen } from "./project.ts";
import { BEYOND } from "./project.ts";
import { SAMPLE_X, SAMPLE_Y, SAMPLES, SUBPIXELS } from "./samples.ts";

/** The first and the last sample of a pixel column or row lie this far from its two sides. */
const SAMPLE_MARGIN = 32;
/** Samples of neighbouring columns or rows are this far apart: 1 << 6. */
const SAMPLE_PITCH_BITS = 6;

/** Nearest triangle for each sample of a band of rows. Index `(row · width + x) · 4 + sample`. */
export interface Band {
  readonly width: number;
  /** First row of the picture, and one past the last. */
  readonly top: number;
  readonly bottom: number;
  /** 1/z, 0 where nothing is. */
  readonly depths: Float32Array;
  /** Triangle ids; mean nothing where the depth is 0. */
  readonly ids: Uint32Array;
}

/** What `selectTriangles` found. */
export interface Selection {
  /** (id, first row | last row << 16) for each triangle that may cover samples of the picture, in order. */
  readonly drawn: Uint32Array;
  /** Ids of those that must be clipped first. */
  readonly clipped: Uint32Array;
}

/** Sorts out the triangles that cannot be seen: beyond the picture, between the samples, or nowhere. */
export function selectTriangles(
  screen: Screen,
  indices: Uint32Array,
  triangleCount: number,
  firstId: number,
  width: number,
  height: number,
): Selection {
  const { ints } = screen;
  const drawn: number[] = [];
  const clipped: number[] = [];
  for (let t = 0; t < triangleCount; t++) {
    const a = 4 * indices[3 * t];
    const b = 4 * indices[3 * t + 1];
    const c = 4 * indices[3 * t + 2];
    const flags = ints[a + 3] | ints[b + 3] | ints[c + 3];
    if (flags !== 0) {
      const hidden = (ints[a + 3] & ints[b + 3] & ints[c + 3]) !== 0 || (flags & BEYOND.nowhere) !== 0;
      if (!hidden) clipped.push(firstId + t);
      continue;
    }
    const left = firstPixel(Math.min(ints[a], ints[b], ints[c]));
    const right = lastPixel(Math.max(ints[a], ints[b], ints[c]));
    const top = firstPixel(Math.min(ints[a + 1], ints[b + 1], ints[c + 1]));
    const bottom = lastPixel(Math.max(ints[a + 1], ints[b + 1], ints[c + 1]));
    if (left > right || top > bottom || right < 0 || bottom < 0 || left >= width || top >= height) continue;
    drawn.push(firstId + t, Math.max(top, 0) | (Math.min(bottom, height - 1) << 16));
  }
  return { drawn: Uint32Array.from(drawn), clipped: Uint32Array.from(clipped) };
}

/**
 * Draws the selected triangles into a band: for each sample the nearest, of equally near ones the first. (The kernel draws
 * those that face the viewer before the others, of which it then skips what lies behind; the least id wins there.)
 */
export function coverTriangles(
  drawn: Uint32Array,
  screen: Screen,
  indices: Uint32Array,
  firstId: number,
  band: Band,
): void {
  for (let i = 0; i < drawn.length; i += 2) {
    const rows = drawn[i + 1];
    if ((rows & 0xffff) >= band.bottom || rows >>> 16 < band.top) continue;
    coverTriangle(drawn[i], screen, indices, firstId, band);
  }
}

function coverTriangle(id: number, screen: Screen, indices: Uint32Array, firstId: number, band: Band): void {
  const f = Math.fround;
  const { ints, floats } = screen;
  const at = 3 * (id - firstId);
  const v0 = 4 * indices[at];
  let v1 = 4 * indices[at + 1];
  let v2 = 4 * indices[at + 2];
  let area = edge(ints, v0, v1, ints[v2], ints[v2 + 1]);
  if (area === 0) return;
  // The mesh winds counter-clockwise with y up, which is clockwise here; whichever side is seen, walk it one way.
  if (area < 0) {
    [v1, v2] = [v2, v1];
    area = -area;
  }
  const inverseArea = f(1 / f(area));
  const depth0 = floats[v0 + 2];
  const slope1 = f(f(floats[v1 + 2] - depth0) * inverseArea);
  const slope2 = f(f(floats[v2 + 2] - depth0) * inverseArea);
  const bias0 = edgeBias(ints, v1, v2);
  const bias1 = edgeBias(ints, v2, v0);
  const bias2 = edgeBias(ints, v0, v1);

  const left = Math.max(firstPixel(Math.min(ints[v0], ints[v1], ints[v2])), 0);
  const right = Math.min(lastPixel(Math.max(ints[v0], ints[v1], ints[v2])), band.width - 1);
  const top = Math.max(firstPixel(Math.min(ints[v0 + 1], ints[v1 + 1], ints[v2 + 1])), band.top);
  const bottom = Math.min(lastPixel(Math.max(ints[v0 + 1], ints[v1 + 1], ints[v2 + 1])), band.bottom - 1);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const pixel = ((y - band.top) * band.width + x) * SAMPLES;
      for (let sample = 0; sample < SAMPLES; sample++) {
        const sampleX = x * SUBPIXELS + SAMPLE_X[sample];
        const sampleY = y * SUBPIXELS + SAMPLE_Y[sample];
        const weight0 = edge(ints, v1, v2, sampleX, sampleY) + bias0;
        const weight1 = edge(ints, v2, v0, sampleX, sampleY) + bias1;
        const weight2 = edge(ints, v0, v1, sampleX, sampleY) + bias2;
        if (weight0 < 0 || weight1 < 0 || weight2 < 0) continue;
        const depth = f(f(depth0 + f(f(weight1) * slope1)) + f(f(weight2) * slope2));
        if (depth > band.depths[pixel + sample]) {
          band.depths[pixel + sample] = depth;
          band.ids[pixel + sample] = id;
        }
      }
    }
  }
}

/** Twice the area of edge a → b and a point; positive where the point lies to the right of it (y down). */
function edge(ints: Int32Array, a: number, b: number, x: number, y: number): number {
  return (ints[b] - ints[a]) * (y - ints[a + 1]) - (ints[b + 1] - ints[a + 1]) * (x - ints[a]);
}

/** 0 for a top or left edge, −1 for the others: added to the edge function, it makes "on the edge" decide itself. */
function edgeBias(ints: Int32Array, a: number, b: number): number {
  const dx = ints[b] - ints[a];
  const dy = ints[b + 1] - ints[a + 1];
  return dy < 0 || (dy === 0 && dx > 0) ? 0 : -1;
}

/** The first pixel with a sample column (row) at or after a coordinate, and the last with one at or before. */
function firstPixel(coordinate: number): number {
  return latticeUp(coordinate) >> 2;
}
function lastPixel(coordinate: number): number {
  return ((coordinate - SAMPLE_MARGIN) >> SAMPLE_PITCH_BITS) >> 2;
}
function latticeUp(coordinate: number): number {
  return (coordinate + SAMPLE_MARGIN - 1) >> SAMPLE_PITCH_BITS;
}
