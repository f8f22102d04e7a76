/** Normals from differences of the field, for fields whose gradient is not known as a program. */

/** Writes `(x, y, z)` brought to length 1 at `at`; (0, 1, 0) where the length is 0 or not finite. */
export function writeUnit(target: Float32Array, at: number, x: number, y: number, z: number): void {
  const length = Math.sqrt(x * x + y * y + z * z);
  const usable = length > 0 && length < Number.POSITIVE_INFINITY;
  target[at] = usable ? x / length : 0;
  target[at + 1] = usable ? y / length : 1;
  target[at + 2] = usable ? z / length : 0;
}

/**
 * Unit gradients by central differences over ± `step` along each axis.
 * Six evaluations a point; the error is that of the step squared, and edges sharper than the step are rounded.
 */
export function differenceNormalsInto(
  field: (x: number, y: number, z: number) => number,
  step: number,
  positions: Float32Array,
  normals: Float32Array,
): void {
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i];
    const y = positions[i + 1];
    const z = positions[i + 2];
    writeUnit(
      normals,
      i,
      field(x + step, y, z) - field(x - step, y, z),
      field(x, y + step, z) - field(x, y - step, z),
      field(x, y, z + step) - field(x, y, z - step),
    );
  }
}
