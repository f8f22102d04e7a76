/**
 * A field from measured or precomputed samples, such as a scan.
 *
 * Sample i of n along an axis lies at world 2 (i + 0.5) / n − 1, as in the grid that fields are sampled on. Between
 * samples the value is trilinear, beyond the outermost ones it is held.
 */
import { EngineError } from "../errors.ts";
import type { Field } from "./field.ts";
import { writeUnit } from "./normals.ts";
import { BrickList, checkDimension, sampleDense } from "./sample.ts";

/**
 * A field from a cube of samples; negative inside.
 * Sampled at its own dimension it gives its samples unchanged, otherwise trilinear values. Normals are trilinear means of
 * the central differences at the samples around a point. Cost: dimension³.
 * @param samples `dimension`³ values, x fastest: index x + dimension (y + dimension z); not copied
 * @param dimension 4 to 2048
 * Throws `invalid-settings` for a wrong dimension, `invalid-input` for a wrong length or a value that is not finite.
 */
export function fieldFromArray(samples: Float32Array, dimension: number): Field {
  checkDimension(dimension);
  const count = dimension ** 3;
  if (samples.length !== count) {
    throw new EngineError(
      "invalid-input",
      `field from array: a cube of dimension ${dimension} has ${count} samples, got ${samples.length}. Give the whole cube, x fastest.`,
      { dimension, expected: count, length: samples.length },
    );
  }
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(samples[i])) continue;
    throw new EngineError(
      "invalid-input",
      `field from array: sample ${i} of ${count} must be finite, got ${samples[i]}. Replace it by a value outside.`,
      { index: i, value: samples[i] },
    );
  }
  const source = samples;
  const n = dimension;
  const list = new BrickList();
  return {
    sample(asked) {
      checkDimension(asked);
      if (asked === n) {
        return sampleDense(n, (z, target) => target.set(source.subarray(z * n * n, (z + 1) * n * n)), list);
      }
      return sampleDense(asked, (z, target) => resampleLayer(source, n, asked, z, target), list);
    },
    normalsInto(positions, normals) {
      for (let i = 0; i < positions.length; i += 3) {
        writeGradient(source, n, positions[i], positions[i + 1], positions[i + 2], normals, i);
      }
    },
  };
}

/** Where a world coordinate lies among n samples, 0 to n − 1. */
function indexAt(world: number, n: number): number {
  return Math.min(Math.max(((world + 1) * n - 1) / 2, 0), n - 1);
}

function resampleLayer(source: Float32Array, n: number, dimension: number, z: number, target: Float32Array): void {
  const at = (i: number) => indexAt((2 * i + 1) / dimension - 1, n);
  const w = at(z);
  for (let y = 0, i = 0; y < dimension; y++) {
    const v = at(y);
    for (let x = 0; x < dimension; x++, i++) target[i] = trilinear(source, n, at(x), v, w);
  }
}

function trilinear(source: Float32Array, n: number, u: number, v: number, w: number): number {
  const x = Math.min(Math.floor(u), n - 2);
  const y = Math.min(Math.floor(v), n - 2);
  const z = Math.min(Math.floor(w), n - 2);
  const at = x + n * (y + n * z);
  const area = n * n;
  const row = (i: number) => source[i] + (source[i + 1] - source[i]) * (u - x);
  const layer = (i: number) => row(i) + (row(i + n) - row(i)) * (v - y);
  return layer(at) + (layer(at + area) - layer(at)) * (w - z);
}

/** Central differences at the eight samples around a point, weighted trilinearly. */
function writeGradient(
  source: Float32Array,
  n: number,
  worldX: number,
  worldY: number,
  worldZ: number,
  normals: Float32Array,
  to: number,
): void {
  const u = indexAt(worldX, n);
  const v = indexAt(worldY, n);
  const w = indexAt(worldZ, n);
  const x0 = Math.min(Math.floor(u), n - 2);
  const y0 = Math.min(Math.floor(v), n - 2);
  const z0 = Math.min(Math.floor(w), n - 2);
  let gx = 0;
  let gy = 0;
  let gz = 0;
  for (let corner = 0; corner < 8; corner++) {
    const x = x0 + (corner & 1);
    const y = y0 + ((corner >> 1) & 1);
    const z = z0 + (corner >> 2);
    const weight = (1 - Math.abs(u - x)) * (1 - Math.abs(v - y)) * (1 - Math.abs(w - z));
    const at = x + n * (y + n * z);
    gx += weight * slope(source, at, x, n, 1);
    gy += weight * slope(source, at, y, n, n);
    gz += weight * slope(source, at, z, n, n * n);
  }
  writeUnit(normals, to, gx, gy, gz);
}

/** Difference along one axis for one step: central inside, one-sided at the ends. */
function slope(source: Float32Array, at: number, index: number, n: number, stride: number): number {
  const before = index > 0 ? 1 : 0;
  const after = index < n - 1 ? 1 : 0;
  return (source[at + after * stride] - source[at - before * stride]) / (after + before);
}
