/**
 * Samples a field into bricks without kernels: on plain arrays, by any evaluator of points.
 *
 * The bricks that culling leaves are evaluated; those whose samples inside the grid all have one sign are dropped.
 * A sample is inside where its value is below 0; one that equals 0 is outside, and so is −0.
 */
import { EngineError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type Culler, keyX, keyY, keyZ, type PointBuffers, type PointEvaluator } from "./cull.ts";
import { BRICK_CELLS, BRICK_SAMPLES, BRICK_VOLUME, type Bricks, bricksPerAxis } from "./field.ts";
import type { FieldBound } from "./lipschitz.ts";

/** The number of coordinates that `gridAxisInto` writes. */
export function gridAxisLength(dimension: number): number {
  return bricksPerAxis(dimension) * BRICK_CELLS + 1;
}

/**
 * Writes the coordinates of the samples of an axis: 2 (i + 0.5) / dimension − 1, in single precision.
 * Beyond the grid the last one is repeated, so that the samples there never add a sign change.
 */
export function gridAxisInto(dimension: number, target: Float32Array): void {
  const length = gridAxisLength(dimension);
  for (let i = 0; i < length; i++) target[i] = (2 * Math.min(i, dimension - 1) + 1) / dimension - 1;
}

/** Throws `invalid-settings` where `dimension` is no whole number from 4 to 2048. */
export function checkDimension(dimension: number): void {
  const [least, most] = LIMITS.dimension;
  if (Number.isInteger(dimension) && dimension >= least && dimension <= most) return;
  throw new EngineError(
    "invalid-settings",
    `sample: dimension must be a whole number from ${least} to ${most}, got ${dimension}.`,
    { setting: "dimension", least, most, value: dimension },
  );
}

/** Growing arrays of bricks, reused from frame to frame. */
export class BrickList {
  #coordinates = new Uint16Array(3 * 64);
  #samples = new Float32Array(BRICK_VOLUME * 64);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** The 512 samples of the next brick, to be filled before `keep`; other views made before may go stale. */
  next(): Float32Array {
    if ((this.#count + 1) * BRICK_VOLUME > this.#samples.length) {
      const samples = new Float32Array(this.#samples.length * 2);
      samples.set(this.#samples);
      this.#samples = samples;
      const coordinates = new Uint16Array(this.#coordinates.length * 2);
      coordinates.set(this.#coordinates);
      this.#coordinates = coordinates;
    }
    return this.#samples.subarray(this.#count * BRICK_VOLUME, (this.#count + 1) * BRICK_VOLUME);
  }

  /** Keeps the samples last given by `next` if they have a sign change. */
  keep(samples: Float32Array, bx: number, by: number, bz: number): void {
    if (!hasSignChange(samples)) return;
    this.#coordinates[this.#count * 3] = bx;
    this.#coordinates[this.#count * 3 + 1] = by;
    this.#coordinates[this.#count * 3 + 2] = bz;
    this.#count++;
  }

  result(dimension: number, sampleCount: number): Bricks {
    return {
      dimension,
      count: this.#count,
      coordinates: this.#coordinates.subarray(0, this.#count * 3),
      samples: this.#samples.subarray(0, this.#count * BRICK_VOLUME),
      sampleCount,
    };
  }
}

/** Culls with a bound, then evaluates brick by brick. */
export function sampleSparse(
  dimension: number,
  bound: FieldBound,
  culler: Culler,
  points: ArrayPoints,
  list: BrickList,
): Bricks {
  const axis = new Float32Array(gridAxisLength(dimension));
  gridAxisInto(dimension, axis);
  culler.cull(dimension, bound, points);
  list.clear();
  for (let i = 0; i < culler.count; i++) {
    const key = culler.keys[i];
    const samples = list.next();
    points.brick(axis, keyX(key), keyY(key), keyZ(key), samples);
    list.keep(samples, keyX(key), keyY(key), keyZ(key));
  }
  return list.result(dimension, culler.evaluations + culler.count * BRICK_VOLUME);
}

/** Evaluates `count` points of three arrays into a fourth. */
export type EvaluatePoints = (
  x: Float32Array,
  y: Float32Array,
  z: Float32Array,
  count: number,
  value: Float32Array,
) => void;

/** Points in plain arrays, one brick at a time. */
export class ArrayPoints implements PointEvaluator {
  readonly capacity = BRICK_VOLUME;
  readonly #evaluate: EvaluatePoints;
  readonly #buffers: PointBuffers = {
    x: new Float32Array(BRICK_VOLUME),
    y: new Float32Array(BRICK_VOLUME),
    z: new Float32Array(BRICK_VOLUME),
    value: new Float32Array(BRICK_VOLUME),
  };

  constructor(evaluate: EvaluatePoints) {
    this.#evaluate = evaluate;
  }

  buffers(): PointBuffers {
    return this.#buffers;
  }

  evaluate(count: number): void {
    const { x, y, z, value } = this.#buffers;
    this.#evaluate(x, y, z, count, value);
  }

  /** All samples of a brick. */
  brick(axis: Float32Array, bx: number, by: number, bz: number, target: Float32Array): void {
    const { x, y, z } = this.#buffers;
    for (let i = 0; i < BRICK_VOLUME; i++) {
      x[i] = axis[bx * BRICK_CELLS + (i & 7)];
      y[i] = axis[by * BRICK_CELLS + ((i >> 3) & 7)];
      z[i] = axis[bz * BRICK_CELLS + (i >> 6)];
    }
    this.#evaluate(x, y, z, BRICK_VOLUME, target);
  }
}

/**
 * Every sample of the grid exactly once, where no bound is known: eight layers of samples at a time, from which the
 * bricks between them are cut.
 * @param layer fills the `dimension`² samples of layer z, x fastest
 */
export function sampleDense(
  dimension: number,
  layer: (z: number, target: Float32Array) => void,
  list: BrickList,
): Bricks {
  const bricks = bricksPerAxis(dimension);
  const area = dimension * dimension;
  const layers = Array.from({ length: BRICK_SAMPLES }, () => new Float32Array(area));
  list.clear();
  let filled = 0;
  for (let bz = 0; bz < bricks; bz++) {
    const end = Math.min(bz * BRICK_CELLS + BRICK_SAMPLES, dimension);
    for (; filled < end; filled++) layer(filled, layers[filled % BRICK_SAMPLES]);
    for (let by = 0; by < bricks; by++) {
      for (let bx = 0; bx < bricks; bx++) {
        const samples = list.next();
        for (let i = 0; i < BRICK_VOLUME; i++) {
          const x = Math.min(bx * BRICK_CELLS + (i & 7), dimension - 1);
          const y = Math.min(by * BRICK_CELLS + ((i >> 3) & 7), dimension - 1);
          const z = Math.min(bz * BRICK_CELLS + (i >> 6), dimension - 1);
          samples[i] = layers[z % BRICK_SAMPLES][x + y * dimension];
        }
        list.keep(samples, bx, by, bz);
      }
    }
  }
  return list.result(dimension, area * dimension);
}

/** Whether some of the 512 samples are below 0 and some are not. */
export function hasSignChange(samples: Float32Array): boolean {
  const first = samples[0] < 0;
  for (let i = 1; i < BRICK_VOLUME; i++) if (samples[i] < 0 !== first) return true;
  return false;
}
