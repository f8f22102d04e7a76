/**
 * What is found out about the machine while the lanes work: environment, sensors, and how busy the processors are.
 *
 * All of it happens beside the frames, on the thread that only coordinates. Programs that are asked (python3, nvidia-smi)
 * are started once; a run waits for them no longer than a second, counted from the start of the run.
 */
import type { RunFacts, SystemInfo } from "@volumark/measure";
import {
  readEnvironment,
  type SamplerOptions,
  startSampler,
  throttleEvents,
  utilizationWindow,
} from "@volumark/measure/node";

/** The part of the record that describes the machine. */
export interface WatchedMachine {
  readonly systemInfo: SystemInfo;
  readonly environment: NonNullable<RunFacts["environment"]>;
  readonly sensors: NonNullable<RunFacts["sensors"]>;
  /** When the machine was throttled. */
  readonly events: NonNullable<RunFacts["events"]>;
  readonly instruments: NonNullable<RunFacts["instruments"]>;
}

export interface MachineWatch {
  /** Closes the window and ends the sampling: at the last byte of the GIF. */
  stop(): void;
  /** Everything that was found out. */
  result(): Promise<WatchedMachine>;
}

/** For each program that is asked, from the start of the run. */
const PROGRAM_MS = 1000;

/** Starts watching. `now` is the clock of the run; `onSample` is told what the sensors say while it goes on. */
export function watchMachine(now: () => number, onSample?: SamplerOptions["onSample"]): MachineWatch {
  const window = utilizationWindow();
  const sampler = startSampler({ now, ...(onSample ? { onSample } : {}) });
  const facts = readEnvironment({ timeoutMs: PROGRAM_MS });
  return {
    stop() {
      window.stop();
      sampler.stop();
    },
    async result() {
      const { systemInfo, environment } = await facts;
      const { value, windowMs, source, reason } = window.stop();
      const utilization = {
        available: value !== null,
        value,
        unit: "%",
        source,
        windowMs,
        ...(reason ? { reason } : {}),
      };
      const sensors = sampler.stop();
      return {
        systemInfo: { ...systemInfo, cpu: { ...systemInfo.cpu, utilization: value ?? 0 } },
        environment: { ...environment, cpu: { ...environment.cpu, utilization } },
        sensors,
        events: throttleEvents(sensors),
        instruments: sampler.cost(),
      };
    },
  };
}

/** Everything once, for showing: takes as long as the window is open. */
export async function readMachine(windowMs = 300): Promise<WatchedMachine> {
  const watch = watchMachine(() => performance.now() * 1e6);
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  return watch.result();
}
