/** Clocks, environment and sensors of Node. */
export { describeTimer, nanosecondClock, type ProcessClock, processClock } from "./clock.ts";
export { findProgram, type RunCommand, runCommand } from "./command.ts";
export { type EnvironmentOptions, type Host, type MachineFacts, readEnvironment, thisHost } from "./environment.ts";
export { type GarbageObserver, observeGarbage } from "./garbage.ts";
export type { SensorProvider } from "./providers/provider.ts";
export { PROVIDERS } from "./providers.ts";
export {
  type Sampler,
  type SamplerOptions,
  startSampler,
  type Utilization,
  type UtilizationWindow,
  utilizationWindow,
} from "./sampler.ts";
export { throttleEvents } from "./throttle.ts";
