/** A volume from elsewhere as a field: the same pipeline draws it as draws a scene. */
import type { Bricks, Field } from "../field/field.ts";
import { checkDimension } from "../field/sample.ts";
import type { SceneField } from "../field/scene-field.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { isIsotropic, triple, volumeGrid, volumePlacement } from "./grid.ts";
import { type NormalFrame, reserveNormals, volumeNormalsInto } from "./normals.ts";
import { ActiveBricks, resampleBricks } from "./resample.ts";
import { scanBricks } from "./scan.ts";
import { VolumeSource } from "./source.ts";
import { checkVolume, type Volume, type VolumeOptions } from "./volume.ts";

/** A volume as a field. */
export interface VolumeField extends Field {
  /** The dimension at which `sample` takes the samples over unchanged; null with unequal spacing, where there is none. */
  readonly ownDimension: number | null;
}

/** Bricks up to this size are kept, so that the frames of an animation do not sample again: 256 MiB. */
const MOST_KEPT_BYTES = 2 ** 28;

/**
 * A volume as a field in the world: its longest side fills −1 … 1, the others keep their proportion.
 *
 * At its own dimension (the longest side, 2 more where the border is closed) `sample` gives the samples themselves, less
 * the level; at any other, trilinear values. Where the volume ends within the cube its surface is closed by a flat face
 * half a step beyond its last samples; where it ends with the cube that depends on `border`. Normals are trilinear means
 * of central differences.
 *
 * Samples of up to 1 GiB are copied into the arena of the kernels now, unless they lie there already. A volume does not
 * change: bricks of up to 256 MiB are kept from one call to the next.
 * Throws `invalid-input` for wrong sizes and, when sampled, for samples that are not finite; `out-of-memory`.
 */
export function fieldFromVolume(kernels: Kernels, volume: Volume, options: VolumeOptions): VolumeField {
  const resolved = checkVolume(volume, options);
  const closed = resolved.border === "closed";
  const isotropic = isIsotropic(volume);
  const padded = closed || !isotropic;
  const grid = volumeGrid(volume.dimensions, padded);
  const source = new VolumeSource(kernels, volume, grid, resolved, [0, volume.dimensions[2]]);
  source.reserve(16);
  const room = reserveNormals(source);
  const placement = volumePlacement(volume, grid, closed);
  // With unequal spacing the longest side is open where the border is; every other end lies within the cube.
  const longest = Math.max(...triple((k) => volume.dimensions[k] * placement.step[k]));
  const isOpen = (k: 0 | 1 | 2) => !closed && volume.dimensions[k] * placement.step[k] === longest;
  const frame: NormalFrame = {
    placement,
    lowest: isotropic ? grid.lowest : triple((k) => (isOpen(k) ? 0 : -1)),
    highest: isotropic ? grid.highest : triple((k) => volume.dimensions[k] - (isOpen(k) ? 1 : 0)),
  };
  const ownDimension = isotropic ? grid.dimension : null;
  let active: ActiveBricks | undefined;
  let kept: Bricks | undefined;

  const sampled = (dimension: number): Bricks => {
    const { arena } = kernels;
    if (dimension === ownDimension) return scanBricks(source, grid.lowBrick[2], grid.highBrick[2] + 1).bricks;
    if (!active) {
      const mark = arena.mark();
      try {
        const { bricks } = scanBricks(source, grid.lowBrick[2], grid.highBrick[2] + 1);
        active = new ActiveBricks(grid.dimension, bricks.coordinates);
      } finally {
        arena.release(mark);
      }
    }
    return resampleBricks(source, active, frame, dimension);
  };
  return {
    ownDimension,
    sample(dimension) {
      checkDimension(dimension);
      if (kept?.dimension === dimension) return kept;
      const bricks = sampled(dimension);
      const { count, sampleCount, samples, coordinates } = bricks;
      const isSmall = samples.byteLength <= MOST_KEPT_BYTES;
      kept = isSmall
        ? { dimension, count, sampleCount, samples: samples.slice(), coordinates: coordinates.slice() }
        : undefined;
      return bricks;
    },
    normalsInto(positions, normals) {
      volumeNormalsInto(source, frame, room, positions, normals);
    },
  };
}

/** A volume in the place of a scene: the same at all times. */
export function createVolumeField(kernels: Kernels, volume: Volume, options: VolumeOptions): SceneField {
  const field = fieldFromVolume(kernels, volume, options);
  return { at: () => field };
}
