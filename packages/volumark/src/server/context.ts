/** What every address of the server works with. */
import type { JobQueue } from "../queue/queue.ts";
import type { RunStore } from "../store/store.ts";
import type { AccessOptions } from "./guard/guard.ts";
import type { ServerLimits } from "./limits.ts";

export interface ServerContext {
  readonly store: RunStore;
  readonly queue: JobQueue;
  readonly limits: ServerLimits;
  /** How it is reached and by whom; default: the loopback, without a key. */
  readonly access?: AccessOptions;
  readonly about: {
    readonly version: string;
    readonly commit: string | null;
    /** Lanes of runs that ask for none; null where the machine decides. */
    readonly lanes: number | null;
    /** Label of the worker in this process; null where it makes no runs. */
    readonly worker: string | null;
    /** Most jobs that wait. */
    readonly mostQueued: number;
    /** Free bytes of the disk that are kept for runs under way. */
    readonly reserveBytes: number;
  };
  /** Free bytes of the disk that the database lies on; null where not known. */
  readonly freeBytes: () => Promise<number | null>;
  /** Whether the worker in this process goes on; null where it makes no runs. */
  readonly workerAlive: () => boolean | null;
  /** Folder of the built page; null where none is served. */
  readonly webFolder: string | null;
  /** Aborted when the server begins to shut down: nothing new is taken, streams end. */
  readonly closing: AbortSignal;
}
