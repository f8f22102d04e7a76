/** What the sampler can read, each from one place: one file a provider in `providers/`. */
import { fileReason } from "./files.ts";
import { energy } from "./providers/energy.ts";
import { frequency } from "./providers/frequency.ts";
import { amdGpu, intelGpu } from "./providers/graphics-cards.ts";
import { memory } from "./providers/memory.ts";
import { nvidia } from "./providers/nvidia.ts";
import { ownProcess } from "./providers/own-process.ts";
import { pressure } from "./providers/pressure.ts";
import { processors } from "./providers/processors.ts";
import type { SensorProvider } from "./providers/provider.ts";
import { temperature } from "./providers/temperature.ts";
import { thread } from "./providers/thread.ts";
import { thermalThrottling, throttling } from "./providers/throttling.ts";
import { waiting } from "./providers/waiting.ts";

/** Every sensor of this system, in the order in which they are shown. */
export const PROVIDERS: readonly SensorProvider[] = [
  processors,
  memory,
  pressure("cpu"),
  pressure("memory"),
  pressure("io"),
  frequency,
  temperature,
  energy,
  throttling,
  thermalThrottling,
  ownProcess,
  waiting,
  thread,
  nvidia,
  amdGpu,
  intelGpu,
];

/** Why a provider that threw is not available. */
export function openReason(provider: SensorProvider, error: unknown): string {
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === undefined && error.constructor === Error)
    return error.message;
  return fileReason(provider.source, error);
}
