/** How much kernel memory a lane needs: from a bound where that is enough, from an estimate of the work where it is not. */
import { type AnimationSettings, estimateMemoryBytes, Kernels } from "@volumark/engine";
import type { MemoryLimit } from "./memory.ts";

/** Every cell holding as much surface as a cell can: 3 vertices, 5 triangles, samples. */
const MOST_BYTES_PER_CELL = 320;
const MOST_BYTES_PER_PIXEL = 64;
const FIXED_BYTES = 16 * 1024 ** 2;

/** More than any scene or volume can need with these settings. */
export function boundBytes({ dimension, width, height, volume }: AnimationSettings): number {
  const held = volume?.kind === "samples" ? volume.volume.samples.byteLength : 0;
  return FIXED_BYTES + held + MOST_BYTES_PER_CELL * dimension ** 3 + MOST_BYTES_PER_PIXEL * width * height;
}

/** Bytes of one lane. Small runs, most of them, are decided by the bound; others cost a few milliseconds of probing. */
export function laneBytes(settings: AnimationSettings, lanes: number, limit: MemoryLimit): number {
  const bound = boundBytes(settings);
  return lanes * bound < limit.bytes / 4 && bound < 1024 ** 3 ? bound : estimateMemoryBytes(settings, new Kernels());
}
