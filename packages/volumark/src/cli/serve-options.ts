/** What the configuration means for `startServer`. */
import type { Config } from "../config/read-config.ts";
import type { WorkerOptions } from "../queue/worker.ts";
import type { ServerLimits } from "../server/limits.ts";
import type { StartOptions } from "../server/start.ts";

/** `terminal`: standard output is one, and a line for each request would bury what a person reads. */
export function startOptions(config: Config, terminal: boolean, worker: Partial<WorkerOptions> = {}): StartOptions {
  const { host, port, data, database, lanes, grace, worker: makesRuns, machine, mostQueued } = config;
  return {
    host,
    port,
    dataFolder: data,
    ...(database === null ? {} : { databaseUrl: database }),
    ...(lanes === null ? {} : { lanes }),
    graceMs: grace * 1000,
    makesRuns,
    machine,
    limits: limitsOf(config),
    queue: { mostQueued },
    access: { names: config.allowedHosts, origins: config.allowedOrigins, requireKeys: config.requireKeys },
    log: { level: config.log ?? (terminal ? "warn" : "info") },
    worker,
  };
}

function limitsOf(config: Config): Partial<ServerLimits> {
  const { mostNodes, mostDimension, mostFrames, mostPixels, mostPasses, mostSeconds } = config;
  const { mostBodyBytes, mostRecordBytes, mostStreams, requestsPerMinute } = config;
  return {
    mostNodes,
    mostDimension,
    mostFrames,
    mostPixels,
    mostPasses,
    mostSeconds,
    mostBodyBytes,
    mostRecordBytes,
    mostStreams,
    requestsPerMinute,
  };
}
