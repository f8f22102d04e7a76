/**
 * Normals of a volume: the trilinear mean of the central differences at the eight samples around a point.
 *
 * A point comes back from the world to sample indices; one within 1/1024 of a whole number counts as that number, since
 * vertices lie between two samples along one axis and on samples along the others, up to the rounding of their position.
 * That leaves two samples to look at instead of eight.
 */
import { writeUnit } from "../field/normals.ts";
import type { VolumeGrid, VolumePlacement } from "./grid.ts";
import { fieldAtSample } from "./reference.ts";
import type { VolumeSource } from "./source.ts";
import type { Triple } from "./volume.ts";

/** How points become sample indices, and which of those there are. */
export interface NormalFrame {
  readonly placement: VolumePlacement;
  readonly lowest: Triple;
  readonly highest: Triple;
}

const FRAME_BYTES = 72;
const LIMITS_BYTES = 24;
const POINTS_AT_ONCE = 4096;

/** Reserves what `volumeNormalsInto` needs in the arena. */
export function reserveNormals(source: VolumeSource): number {
  return source.kernels.arena.allocate(FRAME_BYTES + LIMITS_BYTES);
}

/**
 * Writes the unit normal of each point, pointing outside; (0, 1, 0) where the field is flat.
 * By the kernel where the samples are in memory, else by the twin; the same bits.
 * @param room what `reserveNormals` gave
 */
export function volumeNormalsInto(
  source: VolumeSource,
  frame: NormalFrame,
  room: number,
  positions: Float32Array,
  normals: Float32Array,
): void {
  if (!source.isHeld) {
    normalsReference(source, frame, positions, normals);
    return;
  }
  const { arena } = source.kernels;
  arena.f64(room, 9).set(frameNumbers(frame.placement));
  const limits = room + FRAME_BYTES;
  for (let k = 0; k < 3; k++) arena.i32(limits + 8 * k, 2).set([frame.lowest[k], frame.highest[k]]);
  const count = positions.length / 3;
  const { job, exports } = source;
  if (arena.holds(positions) && arena.holds(normals)) {
    exports.normals(job, room, limits, positions.byteOffset, normals.byteOffset, count);
    return;
  }
  const mark = arena.mark();
  const bytes = Math.min(count, POINTS_AT_ONCE) * 12;
  const from = arena.allocate(bytes);
  const to = arena.allocate(bytes);
  for (let start = 0; start < count; start += POINTS_AT_ONCE) {
    const length = Math.min(POINTS_AT_ONCE, count - start);
    arena.f32(from, length * 3).set(positions.subarray(start * 3, (start + length) * 3));
    exports.normals(job, room, limits, from, to, length);
    normals.set(arena.f32(to, length * 3), start * 3);
  }
  arena.release(mark);
}

/** Scale and shift from world to sample index of each axis, then how many steps there are to a unit. */
function frameNumbers({ step, origin }: VolumePlacement): number[] {
  const numbers: number[] = [];
  for (let k = 0; k < 3; k++) numbers.push(1 / step[k], -origin[k] / step[k]);
  for (let k = 0; k < 3; k++) numbers.push(1 / step[k]);
  return numbers;
}

/** The readable twin of the kernel. */
export function normalsReference(
  source: {
    readonly samples: VolumeSource["samples"];
    readonly grid: VolumeGrid;
    readonly options: VolumeSource["options"];
  },
  { placement, lowest, highest }: NormalFrame,
  positions: Float32Array,
  normals: Float32Array,
): void {
  const { samples, grid, options } = source;
  const numbers = frameNumbers(placement);
  const low = [0, 0, 0];
  const fraction = [0, 0, 0];
  const at = [0, 0, 0];
  const value = (axis: number, index: number): number => {
    const kept = at[axis];
    at[axis] = index;
    const result = fieldAtSample(samples, grid, options, at[0], at[1], at[2]);
    at[axis] = kept;
    return result;
  };
  for (let i = 0; i < positions.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const index = positions[i + k] * numbers[2 * k] + numbers[2 * k + 1];
      const near = Math.floor(index + 0.5);
      const settled = Math.abs(index - near) < 1 / 1024 ? near : index;
      const u = Math.min(Math.max(settled, lowest[k]), highest[k]);
      low[k] = Math.min(Math.floor(u), highest[k] - 1);
      fraction[k] = u - low[k];
    }
    const gradient = [0, 0, 0];
    for (let corner = 0; corner < 8; corner++) {
      const part = (k: number) => ((corner >> k) & 1 ? fraction[k] : 1 - fraction[k]);
      const weight = part(0) * part(1) * part(2);
      if (weight === 0) continue;
      for (let k = 0; k < 3; k++) at[k] = low[k] + ((corner >> k) & 1);
      for (let k = 0; k < 3; k++) {
        const before = Math.max(at[k] - 1, lowest[k]);
        const after = Math.min(at[k] + 1, highest[k]);
        const slope = ((value(k, after) - value(k, before)) * numbers[6 + k]) / (after - before);
        gradient[k] += weight * slope;
      }
    }
    writeUnit(normals, i, gradient[0], gradient[1], gradient[2]);
  }
}
