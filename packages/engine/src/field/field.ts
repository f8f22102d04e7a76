/**
 * The door between field and surface: what a field is, and the bricks that it is sampled into.
 *
 * ```
 *   sample i of an axis lies at world 2 (i + 0.5) / dimension − 1
 *
 *   brick (bx, by, bz) owns cells 7b … 7b+6 of each axis and holds samples 7b … 7b+7:
 *
 *      samples   0 1 2 3 4 5 6 7
 *      cells      0 1 2 3 4 5 6      the last layer is the next brick's first one
 * ```
 * 8 samples a row are two vectors of four and one byte of signs (docs/decisions/0003-brick-layout.md).
 */

/** Cells along an edge of a brick. */
export const BRICK_CELLS = 7;
/** Samples along an edge of a brick. */
export const BRICK_SAMPLES = 8;
/** Samples in a brick: index `x + 8 y + 64 z`. */
export const BRICK_VOLUME = 512;

/** Bricks along one axis of a grid: enough that every sample, the last one included, is the owned (0…6) sample of some brick. */
export function bricksPerAxis(dimension: number): number {
  return Math.ceil(dimension / BRICK_CELLS);
}

/**
 * The samples near the level, brick by brick; where there is no brick, the field has no sign change.
 *
 * Samples beyond the grid (index ≥ dimension) are there but mean nothing; readers clip at `dimension`.
 * The arrays are valid until the field is sampled again with the same workspace.
 */
export interface Bricks {
  /** Samples along each axis of the whole grid, 4 to 2048. */
  readonly dimension: number;
  /** How many bricks there are. */
  readonly count: number;
  /** `count` × (bx, by, bz), sorted by bz, then by, then bx. */
  readonly coordinates: Uint16Array;
  /** `count` × 512 samples, `x + 8 y + 64 z` within a brick; negative inside. */
  readonly samples: Float32Array;
  /**
   * Field values computed to get here, those of culled space included: the unit of work of this stage. What was kept from
   * an earlier call was not computed and does not count, nor do ranges of blocks; so the number depends on earlier calls.
   */
  readonly sampleCount: number;
}

/** A volume at one moment: can be sampled into bricks and asked for its gradient. */
export interface Field {
  /**
   * Samples the grid wherever the field may change sign.
   * @param dimension samples along each axis, 4 to 2048
   */
  sample(dimension: number): Bricks;
  /**
   * Writes the unit normal (gradient direction, pointing outside; (0, 1, 0) where the gradient vanishes) at each point.
   * @param positions xyz for each point, world space
   * @param normals receives xyz for each point; may not overlap `positions`
   */
  normalsInto(positions: Float32Array, normals: Float32Array): void;
}
