/**
 * What both twins of the surface extraction share: where a sample lies, and what bricks must be like.
 */
import { EngineError } from "../errors.ts";
import { BRICK_VOLUME, type Bricks, bricksPerAxis } from "../field/field.ts";

/** World coordinate of sample `index` of an axis, in single precision: 2 (index + 0.5) / dimension − 1. */
export function samplePosition(index: number, dimension: number): number {
  return Math.fround((2 * (index + 0.5)) / dimension - 1);
}

/**
 * World units: where welding is asked for, a vertex nearer than this to a sample is put on it. 8 units in the last place of 1;
 * a cell is 2048 times as wide at the highest dimension.
 */
export const SNAP_DISTANCE = 2 ** -21;

/**
 * Throws `invalid-input` unless the dimension is 4 to 2048, the arrays are long enough, and the coordinates lie in the
 * grid and are sorted by bz, then by, then bx, without repetition.
 */
export function checkBricks(bricks: Bricks): void {
  const { dimension, count, coordinates, samples } = bricks;
  if (!Number.isInteger(dimension) || dimension < 4 || dimension > 2048) {
    refuse(`the dimension must be a whole number from 4 to 2048, got ${dimension}. Sample the field again.`);
  }
  if (
    !Number.isInteger(count) ||
    count < 0 ||
    coordinates.length < count * 3 ||
    samples.length < count * BRICK_VOLUME
  ) {
    refuse(
      `${count} bricks need ${count * 3} coordinates and ${count * BRICK_VOLUME} samples, got ` +
        `${coordinates.length} and ${samples.length}. Give whole bricks.`,
    );
  }
  const perAxis = bricksPerAxis(dimension);
  let previous = -1;
  for (let brick = 0, i = 0; brick < count; brick++, i += 3) {
    const bx = coordinates[i];
    const by = coordinates[i + 1];
    const bz = coordinates[i + 2];
    if (bx >= perAxis || by >= perAxis || bz >= perAxis) {
      refuse(`brick ${brick} lies at (${bx}, ${by}, ${bz}), and ${perAxis} bricks are on an axis. Leave it out.`);
    }
    const key = (bz * perAxis + by) * perAxis + bx;
    if (key <= previous) {
      refuse(`brick ${brick} at (${bx}, ${by}, ${bz}) does not come after brick ${brick - 1}. Sort by bz, by, bx.`);
    }
    previous = key;
  }
}

/** The error for a brick whose crossings on its last layer are not those of the neighbouring brick. */
export function unsoundBrick(brick: number, coordinates: Uint16Array): EngineError {
  const [bx, by, bz] = coordinates.subarray(brick * 3, brick * 3 + 3);
  return new EngineError(
    "invalid-input",
    `extractSurface: brick ${brick} at (${bx}, ${by}, ${bz}) has sign changes on its last layer that the next brick, ` +
      "where there is one, does not have. Give every brick in which the field changes sign, with equal samples on shared layers.",
    { brick, coordinates: [bx, by, bz] },
  );
}

function refuse(what: string): never {
  throw new EngineError("invalid-input", `extractSurface: ${what}`);
}
