/** Whether the machine has the memory for one moment of a scene, asked before any work. */
import { type AnimationSettings, estimateWork, Kernels } from "@volumark/engine";
import type { MemoryLimit } from "../job/memory.ts";
import { boundBytes } from "../job/memory-need.ts";
import { sizeText } from "../job/size-text.ts";
import type { MomentSettings } from "./moment.ts";

/** Kernel memory has 32-bit addresses. */
const MOST_KERNEL_BYTES = 4 * 1024 ** 3;
/** Node and its code. */
const PROCESS_BYTES = 96 * 1024 ** 2;
/** Tables of edges and faces while a mesh is checked: powers of two with a third to spare. */
const CHECK_BYTES_PER_TRIANGLE = 110;
/** Triangles of a cell at the most. */
const TRIANGLES_PER_CELL = 5;
/** Rows of a PNG before and after they are packed. */
const PNG_BYTES_PER_PIXEL = 8;

/** The sentence that refuses a moment, with both figures; null where it fits. Costs a few milliseconds where a bound does not decide. */
export function momentRefusal(settings: MomentSettings, limit: MemoryLimit): string | null {
  const { kernelBytes, otherBytes } = momentBytes(settings, limit);
  const what = settings.size ? "frame" : "mesh";
  const advice = settings.size ? "a smaller --dimension or --resolution" : "a smaller --dimension";
  if (kernelBytes > MOST_KERNEL_BYTES) {
    return `This ${what} needs about ${sizeText(kernelBytes)} of kernel memory and there can be ${sizeText(MOST_KERNEL_BYTES)}; choose ${advice}.`;
  }
  const needed = kernelBytes + otherBytes + PROCESS_BYTES;
  if (needed <= limit.bytes) return null;
  return `This ${what} needs about ${sizeText(needed)} and ${limit.source} has ${sizeText(limit.bytes)}; choose ${advice}.`;
}

function momentBytes(
  { scene, volume, time, dimension, size }: MomentSettings,
  limit: MemoryLimit,
): { readonly kernelBytes: number; readonly otherBytes: number } {
  const { width, height } = size ?? { width: 1, height: 1 };
  // An animation of two frames whose second one shows `time`: those two are what the estimate looks at.
  const settings: AnimationSettings = {
    scene,
    ...(volume ? { volume } : {}),
    dimension,
    width,
    height,
    frames: time > 0 ? 2 : 1,
    fps: 1 / (time || 1),
  };
  const otherBytes = (triangles: number) =>
    size ? PNG_BYTES_PER_PIXEL * width * height : CHECK_BYTES_PER_TRIANGLE * triangles;
  const bound = boundBytes(settings);
  const others = otherBytes(TRIANGLES_PER_CELL * dimension ** 3);
  if (bound + others < Math.min(limit.bytes / 4, 1024 ** 3)) return { kernelBytes: bound, otherBytes: others };
  const work = estimateWork(settings, new Kernels());
  return { kernelBytes: work.bytes, otherBytes: otherBytes(work.triangles) };
}
