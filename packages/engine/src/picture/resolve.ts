/**
 * Nearest triangles to colours: the readable twin of `resolveBand` (kernels/picture/resolve.ts), which gives the same bits.
 *
 * A pixel is shaded once for each triangle that it shows, at the middle of the samples that the triangle has there: for a
 * pixel all its own that is the centre, at an edge it never lies outside. The normal is interpolated with perspective,
 * N = Σ wᵢ nᵢ / zᵢ with the signed areas wᵢ opposite the corners; only its direction matters, so nothing is divided.
 * Along creases the normals of the corners are turned first (`crease.ts`).
 * The areas of a triangle seen from behind are negative, which turns its normal to the viewer by itself.
 */
import type { Band } from "./cover.ts";
import { cornerNormals } from "./crease.ts";
import type { Screen } from "./project.ts";
import { COVERAGE_COUNT, COVERAGE_SUM_X, COVERAGE_SUM_Y, SAMPLES, SHARE_OF_COVERED, SUBPIXELS } from "./samples.ts";
import { INTENSITY_STEPS, LEVELS, LIGHTS, type Look } from "./shade.ts";

/** Triangles with ids from `firstId` on: those of the mesh, or the pieces of clipped ones. */
export interface TriangleSource {
  readonly firstId: number;
  readonly screen: Screen;
  /** World space; null for pieces, whose normals are already those to shade with (`crease.ts`). */
  readonly positions: Float32Array | null;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
}

/** Writes the rows of a band (RGBA) and returns the number of pixels with at least one sample covered. */
export function resolveBand(
  band: Band,
  mesh: TriangleSource,
  pieces: TriangleSource,
  look: Look,
  rgba: Uint8Array,
): number {
  const f = Math.fround;
  const { lights, levels, colors } = look;
  let shaded = 0;
  for (let y = band.top; y < band.bottom; y++) {
    for (let x = 0; x < band.width; x++) {
      const at = ((y - band.top) * band.width + x) * SAMPLES;
      let left = 0;
      for (let sample = 0; sample < SAMPLES; sample++) if (band.depths[at + sample] > 0) left |= 1 << sample;
      const covered = COVERAGE_COUNT[left];
      if (covered > 0) shaded++;

      let intensity = 0;
      while (left !== 0) {
        const id = band.ids[at + 31 - Math.clz32(left & -left)];
        let same = 0;
        for (let sample = 0; sample < SAMPLES; sample++) {
          if ((left >> sample) & 1 && band.ids[at + sample] === id) same |= 1 << sample;
        }
        left &= ~same;
        const source = id >= pieces.firstId ? pieces : mesh;
        intensity = f(intensity + f(COVERAGE_COUNT[same] * intensityAt(source, id, x, y, same, lights)));
      }
      const step = f(f(intensity * SHARE_OF_COVERED[covered]) * lights[LIGHTS.scale]);
      const level = levels[step > 0 ? Math.floor(Math.min(step, INTENSITY_STEPS - 1)) : 0];
      const from = (covered * LEVELS + level) * 4;
      const to = (y * band.width + x) * 4;
      for (let channel = 0; channel < 4; channel++) rgba[to + channel] = colors[from + channel];
    }
  }
  return shaded;
}

/** Intensity of a triangle at the middle of some samples of a pixel. */
function intensityAt(
  source: TriangleSource,
  id: number,
  x: number,
  y: number,
  samples: number,
  lights: Float32Array,
): number {
  const f = Math.fround;
  const { ints, floats } = source.screen;
  const { indices, normals, positions } = source;
  const at = 3 * (id - source.firstId);
  const [i0, i1, i2] = [indices[at], indices[at + 1], indices[at + 2]];

  // Corners relative to the middle of the samples, times their number to stay whole.
  const n = COVERAGE_COUNT[samples];
  const middleX = x * SUBPIXELS * n + COVERAGE_SUM_X[samples];
  const middleY = y * SUBPIXELS * n + COVERAGE_SUM_Y[samples];
  const x0 = f(ints[4 * i0] * n - middleX);
  const x1 = f(ints[4 * i1] * n - middleX);
  const x2 = f(ints[4 * i2] * n - middleX);
  const y0 = f(ints[4 * i0 + 1] * n - middleY);
  const y1 = f(ints[4 * i1 + 1] * n - middleY);
  const y2 = f(ints[4 * i2 + 1] * n - middleY);
  const w0 = f(f(f(x2 * y1) - f(x1 * y2)) * floats[4 * i0 + 2]);
  const w1 = f(f(f(x0 * y2) - f(x2 * y0)) * floats[4 * i1 + 2]);
  const w2 = f(f(f(x1 * y0) - f(x0 * y1)) * floats[4 * i2 + 2]);

  const corners = new Float32Array(9);
  if (positions) cornerNormals(id - source.firstId, positions, normals, indices, corners);
  else for (const [i, from] of [3 * i0, 3 * i1, 3 * i2].entries()) corners.set(normals.subarray(from, from + 3), 3 * i);
  const normalX = f(f(f(w0 * corners[0]) + f(w1 * corners[3])) + f(w2 * corners[6]));
  const normalY = f(f(f(w0 * corners[1]) + f(w1 * corners[4])) + f(w2 * corners[7]));
  const normalZ = f(f(f(w0 * corners[2]) + f(w1 * corners[5])) + f(w2 * corners[8]));
  const square = f(f(f(normalX * normalX) + f(normalY * normalY)) + f(normalZ * normalZ));
  const scale = square > 0 ? f(1 / f(Math.sqrt(square))) : 0;

  let intensity = 0;
  for (let light = 0; light < 3; light++) {
    const along = f(
      f(f(normalX * lights[LIGHTS.x + light]) + f(normalY * lights[LIGHTS.y + light])) +
        f(normalZ * lights[LIGHTS.z + light]),
    );
    const reached = Math.max(f(f(along * scale) + lights[LIGHTS.wrap + light]), 0);
    intensity = f(intensity + f(f(reached * reached) * lights[LIGHTS.strength + light]));
  }
  return intensity;
}
