/** A field from a function of three coordinates. */
import { EngineError } from "../errors.ts";
import { Culler } from "./cull.ts";
import type { Field } from "./field.ts";
import { differenceNormalsInto } from "./normals.ts";
import {
  ArrayPoints,
  BrickList,
  checkDimension,
  gridAxisInto,
  gridAxisLength,
  sampleDense,
  sampleSparse,
} from "./sample.ts";

export interface CallbackFieldOptions {
  /** A bound L with |f(p) − f(q)| ≤ L |p − q| on the grid, above 0. With it empty space is left out; without it every sample is evaluated. */
  readonly lipschitz?: number;
  /** Half the distance over which normals take the difference of the field, above 0. Default 1/1024. */
  readonly normalStep?: number;
}

export const CALLBACK_FIELD_DEFAULTS = { normalStep: 1 / 1024 } as const;

/**
 * A field from a function. Negative inside; world coordinates, −1 to 1 on each axis.
 * Without a Lipschitz bound the cost of a sample is that of dimension³ calls. Normals are central differences.
 * Throws `invalid-input` when an option is not above 0 and, when sampled, where the function gives no finite number.
 */
export function fieldFromCallback(
  field: (x: number, y: number, z: number) => number,
  options: CallbackFieldOptions = {},
): Field {
  const { lipschitz, normalStep = CALLBACK_FIELD_DEFAULTS.normalStep } = options;
  for (const [name, value] of [
    ["lipschitz", lipschitz ?? 1],
    ["normalStep", normalStep],
  ] as const) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new EngineError(
      "invalid-input",
      `field from callback: ${name} must be a finite number above 0, got ${value}.`,
      {
        option: name,
        value,
      },
    );
  }
  const at = (x: number, y: number, z: number): number => {
    const value = Math.fround(field(x, y, z));
    if (Number.isFinite(value)) return value;
    throw new EngineError(
      "invalid-input",
      `field from callback: the value at (${x}, ${y}, ${z}) must be finite in single precision, got ${value}. Guard the function there.`,
      { x, y, z, value },
    );
  };
  const list = new BrickList();
  const culler = new Culler();
  const points = new ArrayPoints((x, y, z, count, value) => {
    for (let i = 0; i < count; i++) value[i] = at(x[i], y[i], z[i]);
  });
  return {
    sample(dimension) {
      checkDimension(dimension);
      if (lipschitz !== undefined) {
        // Coordinates and values are rounded to single precision; values on the grid are at most a few units.
        return sampleSparse(dimension, { lipschitz, rounding: 1e-6 * lipschitz }, culler, points, list);
      }
      const axis = new Float32Array(gridAxisLength(dimension));
      gridAxisInto(dimension, axis);
      return sampleDense(
        dimension,
        (z, target) => {
          for (let y = 0, i = 0; y < dimension; y++) {
            for (let x = 0; x < dimension; x++, i++) target[i] = at(axis[x], axis[y], axis[z]);
          }
        },
        list,
      );
    },
    normalsInto(positions, normals) {
      differenceNormalsInto(field, normalStep, positions, normals);
    },
  };
}
