/** What a run is given by this machine and its environment: lanes, faults for the tests, the store. */
import { availableParallelism } from "node:os";
import { formatCounted, type RunWarning } from "@volumark/measure";
import { type Fault, readFault } from "../job/fault.ts";
import { lanesThatFit, type MemoryLimit, memoryLimit, memoryRefusal } from "../job/memory.ts";
import { laneBytes } from "../job/memory-need.ts";
import { OutputError, planOutput, type ReservedOutput, reserveOutput } from "../job/output-paths.ts";
import { storeWanted } from "../store/data-folder.ts";
import type { RunRequest } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

/** As asked for; else one a processor, as many as fit into memory. Throws `UsageError` for what does not fit. */
export function chooseLanes({ settings, lanes }: RunRequest, limit: MemoryLimit = memoryLimit()): number {
  const wanted = Math.min(lanes ?? availableParallelism(), settings.frames);
  const bytes = laneBytes(settings, wanted, limit);
  const chosen = lanes === null ? lanesThatFit(wanted, bytes, limit) : wanted;
  const refusal = memoryRefusal(chosen, bytes, limit);
  if (refusal !== null) throw new UsageError(refusal);
  return chosen;
}

/** More lanes than the machine runs at once are allowed, and said to be of no use. */
export function laneWarnings({ lanes: asked }: RunRequest, lanes: number): RunWarning[] {
  const processors = availableParallelism();
  if (asked === null || lanes <= processors) return [];
  return [
    {
      code: "more-lanes-than-processors",
      evidence: `${formatCounted(lanes, "lane")} on ${formatCounted(processors, "logical processor")}: they take turns, and each needs memory of its own`,
      action: `Give --lanes ${processors}, or leave it out`,
    },
  ];
}

/** The fault that VOLUMARK_FAULT asks for in a run of `frames` frames. Throws `UsageError`. */
export function readFaultAsked(frames: number): Fault | null {
  const fault = readFault(process.env.VOLUMARK_FAULT);
  if (fault === undefined) {
    throw new UsageError(
      `VOLUMARK_FAULT must be a stage and a frame (surface@15), disk@gif, disk@record, disk@50000, slow@50 or drag-picture@5, got ${quoted(process.env.VOLUMARK_FAULT ?? "")}`,
    );
  }
  if (fault?.kind === "frame" && fault.frame >= frames) {
    throw new UsageError(`VOLUMARK_FAULT names frame ${fault.frame}, and this run has the frames 0 to ${frames - 1}`);
  }
  return fault;
}

/** Whether VOLUMARK_STORE lets runs be stored. Throws `UsageError`. */
export function readStoreWanted(): boolean {
  const wanted = storeWanted();
  if (wanted !== undefined) return wanted;
  throw new UsageError(`VOLUMARK_STORE must be on or off, got ${quoted(process.env.VOLUMARK_STORE ?? "")}`);
}

/** Takes the names of the files. Throws `UsageError` where they can't be written. */
export async function reserveFor({ out, settings }: RunRequest): Promise<ReservedOutput> {
  try {
    return await reserveOutput(planOutput(out, settings.scene.name));
  } catch (error) {
    if (error instanceof OutputError) throw new UsageError(error.message);
    throw error;
  }
}
