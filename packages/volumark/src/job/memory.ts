/** Whether the machine has the memory that a run needs. */
import { totalmem } from "node:os";
import { sizeText } from "./size-text.ts";

/** Kernel memory has 32-bit addresses. */
const LANE_MOST_BYTES = 4 * 1024 ** 3;
/** What the process itself takes: Node, its code, the coordinating thread. */
const PROCESS_BYTES = 96 * 1024 ** 2;

export interface MemoryLimit {
  readonly bytes: number;
  /** Who sets it, for the sentence. */
  readonly source: "this machine" | "this control group" | "each of the two runs";
}

/** The memory this process may use: that of the machine, or of its control group where that is less. */
export function memoryLimit(
  machineBytes = totalmem(),
  constrainedBytes = process.constrainedMemory() ?? 0,
): MemoryLimit {
  if (constrainedBytes > 0 && constrainedBytes < machineBytes)
    return { bytes: constrainedBytes, source: "this control group" };
  return { bytes: machineBytes, source: "this machine" };
}

/** Lanes that fit: at most `wanted`, at least 1. */
export function lanesThatFit(wanted: number, laneBytes: number, limit: MemoryLimit): number {
  const fitting = Math.floor((limit.bytes - PROCESS_BYTES) / Math.max(1, laneBytes));
  return Math.max(1, Math.min(wanted, fitting));
}

/** The sentence that refuses a run of `lanes` lanes of `laneBytes` each, with both figures; null where it fits. */
export function memoryRefusal(lanes: number, laneBytes: number, limit: MemoryLimit): string | null {
  if (laneBytes > LANE_MOST_BYTES) {
    return `This run needs about ${sizeText(laneBytes)} a lane and a lane can have ${sizeText(LANE_MOST_BYTES)}; choose a smaller --dimension or --resolution.`;
  }
  const needed = lanes * laneBytes + PROCESS_BYTES;
  if (needed <= limit.bytes) return null;
  const each = lanes === 1 ? "1 lane" : `${lanes} lanes`;
  const advice =
    lanes > 1 ? "fewer --lanes or a smaller --dimension or --resolution" : "a smaller --dimension or --resolution";
  return `This run needs about ${sizeText(needed)} (${each}) and ${limit.source} has ${sizeText(limit.bytes)}; choose ${advice}.`;
}
