/** The readable twin of the scan: every brick cut out of the grid, kept where it has a sign change. */
import { BRICK_CELLS, BRICK_VOLUME, type Bricks, bricksPerAxis } from "../field/field.ts";
import type { VolumeGrid } from "./grid.ts";
import type { ResolvedVolumeOptions, VolumeSamples } from "./volume.ts";

/** The field at a sample index, which may lie outside of the volume: there it is the magnitude of the nearest sample. */
export function fieldAtSample(
  samples: VolumeSamples,
  grid: VolumeGrid,
  options: ResolvedVolumeOptions,
  x: number,
  y: number,
  z: number,
): number {
  const [nx, ny, nz] = grid.dimensions;
  const sx = Math.min(Math.max(x, 0), nx - 1);
  const sy = Math.min(Math.max(y, 0), ny - 1);
  const sz = Math.min(Math.max(z, 0), nz - 1);
  const difference = Math.fround(samples[sx + nx * (sy + ny * sz)] - options.level);
  const value = options.inside === "above" ? -difference : difference;
  return sx === x && sy === y && sz === z ? value : Math.abs(value);
}

/** The bricks of a whole volume, at its own dimension. */
export function volumeBricksReference(
  samples: VolumeSamples,
  grid: VolumeGrid,
  options: ResolvedVolumeOptions,
): Bricks {
  const { dimension, offset } = grid;
  const perAxis = bricksPerAxis(dimension);
  const coordinates: number[] = [];
  const values: number[] = [];
  for (let bz = 0; bz < perAxis; bz++) {
    for (let by = 0; by < perAxis; by++) {
      for (let bx = 0; bx < perAxis; bx++) {
        const brick: number[] = [];
        let inside = 0;
        let outside = 0;
        for (let i = 0; i < BRICK_VOLUME; i++) {
          const x = bx * BRICK_CELLS + (i & 7);
          const y = by * BRICK_CELLS + ((i >> 3) & 7);
          const z = bz * BRICK_CELLS + (i >> 6);
          const value = fieldAtSample(samples, grid, options, x - offset[0], y - offset[1], z - offset[2]);
          brick.push(value);
          if (Math.max(x, y, z) >= dimension) continue;
          if (value < 0) inside++;
          else outside++;
        }
        if (inside === 0 || outside === 0) continue;
        coordinates.push(bx, by, bz);
        for (const value of brick) values.push(value);
      }
    }
  }
  return {
    dimension,
    count: coordinates.length / 3,
    coordinates: Uint16Array.from(coordinates),
    samples: Float32Array.from(values),
    sampleCount: grid.dimensions[0] * grid.dimensions[1] * grid.dimensions[2],
  };
}
