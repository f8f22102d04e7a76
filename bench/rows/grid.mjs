/**
 * The seed scene in double precision, in a few lines of its own: a dense grid of it as a file of raw numbers, for peers that
 * read one (x slowest, single precision), and its value at a point.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `dimension`³ samples at `time` and returns the path. In double precision, rounded once at the end. */
export function writeGrid(folder, dimension, time) {
  const distance = seedDistance(time);
  const at = (i) => (2 * (i + 0.5)) / dimension - 1;
  const grid = new Float32Array(dimension ** 3);
  let next = 0;
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      for (let k = 0; k < dimension; k++) grid[next++] = distance(at(i), at(j), at(k));
    }
  }
  const path = join(folder, `grid-${dimension}.raw`);
  writeFileSync(path, grid);
  return path;
}

/** `(x, y, z) => value` of the seed scene at `time`, negative inside. */
export function seedDistance(time) {
  const roll = (Math.PI / 2) * Math.sin(time);
  const pitch = (Math.PI / 4) * Math.cos(time);
  const [cr, sr, cp, sp] = [Math.cos(roll), Math.sin(roll), Math.cos(pitch), Math.sin(pitch)];
  return (x, y, z) => {
    const [qx, qy, qz] = [Math.abs(x) - 0.9, Math.abs(y + 0.7) - 0.3, Math.abs(z) - 0.9];
    const outside = Math.sqrt(Math.max(qx, 0) ** 2 + Math.max(qy, 0) ** 2 + Math.max(qz, 0) ** 2);
    const box = outside + Math.min(Math.max(qx, qy, qz), 0);
    const low = y + 0.5;
    const [turnedX, turnedZ] = [cp * x - sp * z, sp * x + cp * z];
    const [up, back] = [cr * low + sr * turnedZ, cr * turnedZ - sr * low];
    const ring = Math.sqrt(turnedX * turnedX + back * back) - 0.5;
    const torus = Math.sqrt(ring * ring + up * up) - 0.1;
    const near = Math.max(0.5 - Math.abs(box - torus), 0) / 0.5;
    return Math.min(box, torus) - (near * near * near * 0.5) / 6;
  };
}
