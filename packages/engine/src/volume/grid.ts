/**
 * Where the samples of a volume lie: in the cubic grid that bricks cover, and in the world.
 *
 * ```
 *   grid index  = sample index + offset            a cube of `dimension` samples along each axis
 *   world       = sample index · step + origin     the longest side fills −1 … 1, the others keep their proportion
 * ```
 * Along an axis whose samples end within the cube the field goes on outside: one step beyond the last sample, and from
 * there on, it is the magnitude of that sample. So a surface that reaches the end is closed by a flat face half a step
 * beyond it. A border that is to stay open along such an axis has that face taken away afterwards.
 */
import { BRICK_CELLS, bricksPerAxis } from "../field/field.ts";
import type { Triple, Volume } from "./volume.ts";

/** A volume in the cube of samples that its bricks cover. */
export interface VolumeGrid {
  readonly dimensions: Triple;
  /** Samples along each axis of the cube. */
  readonly dimension: number;
  readonly offset: Triple;
  /** Bricks that hold samples of the volume along each axis, both inclusive. */
  readonly lowBrick: Triple;
  readonly highBrick: Triple;
  /** Lowest and highest sample index that the field has: −1 and n where it goes on outside. */
  readonly lowest: Triple;
  readonly highest: Triple;
}

/** Where the samples lie in the world. */
export interface VolumePlacement {
  readonly step: Triple;
  readonly origin: Triple;
}

/** The cube around a volume; `padded`: with a sample outside of it on every side. */
export function volumeGrid(dimensions: Triple, padded: boolean): VolumeGrid {
  const dimension = Math.max(4, Math.max(...dimensions) + (padded ? 2 : 0));
  const bricks = bricksPerAxis(dimension);
  const offset = triple((k) => Math.floor((dimension - dimensions[k]) / 2));
  return {
    dimensions,
    dimension,
    offset,
    lowBrick: triple((k) => Math.max(0, Math.ceil((offset[k] - BRICK_CELLS) / BRICK_CELLS))),
    highBrick: triple((k) => Math.min(bricks - 1, Math.floor((dimensions[k] - 1 + offset[k]) / BRICK_CELLS))),
    lowest: triple((k) => (offset[k] > 0 ? -1 : 0)),
    highest: triple((k) => (offset[k] + dimensions[k] < dimension ? dimensions[k] : dimensions[k] - 1)),
  };
}

/** Whether samples are equally far from each other along all axes. */
export function isIsotropic({ spacing }: Volume): boolean {
  return spacing[0] === spacing[1] && spacing[1] === spacing[2];
}

/**
 * The place in the world. With equal spacing the samples lie where the grid has them, so that they can be taken over
 * unchanged (along an axis with an odd number of samples to spare that is half a step off the centre); else centred.
 */
export function volumePlacement(volume: Volume, grid: VolumeGrid, padded: boolean): VolumePlacement {
  const { dimensions, spacing } = volume;
  if (isIsotropic(volume)) {
    const step = 2 / grid.dimension;
    return { step: [step, step, step], origin: triple((k) => (2 * grid.offset[k] + 1) / grid.dimension - 1) };
  }
  const pad = padded ? 2 : 0;
  const longest = Math.max(...triple((k) => (dimensions[k] + pad) * spacing[k]));
  const step = triple((k) => (2 * spacing[k]) / longest);
  return { step, origin: triple((k) => -((dimensions[k] - 1) / 2) * step[k]) };
}

export function triple(of: (axis: 0 | 1 | 2) => number): Triple {
  return [of(0), of(1), of(2)];
}
