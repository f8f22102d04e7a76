/**
 * Vertices from the cube that the surface room works in into the world of the volume.
 */

/** Moves positions from the cube of the grid into the world: p · scale + shift; `frame` as in `normals`, f64 × 6. */
export function place(positions: usize, count: i32, frame: usize): void {
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < 3; k++) {
      const p = <f64>load<f32>(positions + 4 * k);
      store<f32>(positions + 4 * k, <f32>(p * load<f64>(frame + 16 * k) + load<f64>(frame + 16 * k, 8)));
    }
    positions += 12;
  }
}
