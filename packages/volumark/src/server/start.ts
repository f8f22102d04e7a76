/**
 * The service, running: the store opened, the queue on it, a worker beside it that makes the runs in processes of their own,
 * and the app listening.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import { freeBytesAt } from "../job/disk-need.ts";
import { createFolders } from "../job/output-paths.ts";
import { programCommit, programVersion } from "../job/version.ts";
import { openKeys } from "../keys/keys.ts";
import type { Job } from "../queue/job-types.ts";
import { openQueue, QUEUE_DEFAULTS, type QueueOptions } from "../queue/queue.ts";
import { runWorker, WORKER_DEFAULTS, type WorkerOptions } from "../queue/worker.ts";
import { dataFolder } from "../store/data-folder.ts";
import { openStore } from "../store/store.ts";
import { createApp } from "./app.ts";
import type { ServerContext } from "./context.ts";
import { GatheredLines } from "./gathered-lines.ts";
import type { AccessOptions } from "./guard/guard.ts";
import { isLoopback, refuseUnsafeAddress, UnsafeAddressError } from "./guard/loopback.ts";
import { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
import { type LogOptions, loggerOptions } from "./log.ts";
import { WEB_FOLDER } from "./page.ts";
import { within } from "./shutdown.ts";

export interface StartOptions {
  readonly host?: string;
  /** 0: one that is free. */
  readonly port?: number;
  /** For the database file and the files of runs under way; default: the user's data folder. */
  readonly dataFolder?: string;
  /** A Postgres database in place of the file. */
  readonly databaseUrl?: string;
  /** For files on their way into the database; default `work` in the data folder. */
  readonly workFolder?: string;
  /** Lanes of runs that ask for none; default: the machine decides. */
  readonly lanes?: number;
  readonly limits?: Partial<ServerLimits>;
  /** Further names of this server, origins whose pages may ask it, and whether also the loopback needs keys. */
  readonly access?: Omit<AccessOptions, "host">;
  /** For the run that is being made when the server is closed, ms. */
  readonly graceMs?: number;
  /** Whether it makes runs itself, or leaves them to workers elsewhere. */
  readonly makesRuns?: boolean;
  /** Label of this machine, which runs may ask for; default: the computer's name. */
  readonly machine?: string;
  /** null: nothing is logged. */
  readonly log?: LogOptions | null;
  /** The built page; null: none is served. */
  readonly webFolder?: string | null;
  readonly queue?: Omit<QueueOptions, "store">;
  readonly worker?: Partial<WorkerOptions>;
  /** For whoever guards the door; see `createApp`. */
  readonly app?: FastifyServerOptions;
}

export const START_DEFAULTS = { host: "127.0.0.1", port: 8440, graceMs: WORKER_DEFAULTS.graceMs } as const;

export interface RunningServer {
  /** As `http://127.0.0.1:8440`. */
  readonly address: string;
  readonly context: ServerContext;
  readonly app: FastifyInstance;
  /** Runs that other workers had when it started, 50 at most; those of workers that it saw to be dead are in the queue again. */
  readonly held: readonly Job[];
  /** Takes nothing more, ends the streams, gives the run that is being made `graceMs`, else puts it back. Once is enough. */
  close(reason: string): Promise<void>;
}

/** After the run under way: for connections, and for the database. */
const CLOSE_MS = 500;

/**
 * Starts the server. Throws `StoreError` for the database, `UnsafeAddressError` for an address that others can reach while
 * there is no key, and the system's error for one that can't be had.
 */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const { host = START_DEFAULTS.host, port = START_DEFAULTS.port, graceMs = START_DEFAULTS.graceMs } = options;
  const { databaseUrl, lanes, makesRuns = true, machine = hostname(), log = {}, webFolder = WEB_FOLDER } = options;
  const folder = resolve(options.dataFolder ?? dataFolder());
  const workFolder = options.workFolder ?? join(folder, "work");
  await createFolders(folder);
  const freeBytes = databaseUrl === undefined ? () => freeBytesAt(folder) : async () => null;
  const store = await openStore({
    durable: true,
    ...(databaseUrl === undefined ? { path: join(folder, "runs.db") } : { url: databaseUrl }),
  });
  const refusal = isLoopback(host) ? null : refuseUnsafeAddress(host, await openKeys({ store }).any());
  if (refusal !== null) {
    await store.close();
    throw new UnsafeAddressError(refusal);
  }
  const closing = new AbortController();
  const onProblem = (error: unknown) => app.log.error({ err: error }, "something in the background went wrong");
  const queue = openQueue({ freeBytes, onProblem, ...options.queue, store });
  const { mostQueued, reserveBytes } = { ...QUEUE_DEFAULTS, ...options.queue };
  let alive = makesRuns;
  const context: ServerContext = {
    store,
    queue,
    limits: { ...SERVER_LIMITS, ...options.limits },
    access: { ...options.access, host },
    about: {
      version: programVersion(),
      commit: programCommit().commit,
      lanes: lanes ?? null,
      worker: makesRuns ? machine : null,
      mostQueued,
      reserveBytes,
    },
    freeBytes: options.queue?.freeBytes ?? freeBytes,
    workerAlive: () => (makesRuns ? alive : null),
    webFolder,
    closing: closing.signal,
  };
  const lines =
    log !== null && log.stream === undefined && !process.stdout.isTTY ? new GatheredLines(process.stdout) : null;
  const logger = log === null ? {} : { logger: loggerOptions(lines ? { ...log, stream: lines } : log) };
  const app = createApp(context, { ...logger, ...options.app });
  let working: Promise<void> = Promise.resolve();

  async function end(reason: string): Promise<void> {
    app.log.info({ reason, graceMs }, "closing");
    closing.abort(reason);
    // What is being answered is over before the listener is; streams have ended by now.
    await working;
    if (!(await within(CLOSE_MS, app.close()))) app.server.closeAllConnections();
    // A database that does not answer is not waited for.
    await within(
      CLOSE_MS,
      queue.close().then(() => store.close()),
    );
    lines?.close();
  }

  let ended: Promise<void> | null = null;
  try {
    const address = await app.listen({ host, port });
    await queue.recover().catch(onProblem);
    const { jobs: held } = await queue.list({ status: "running" });
    if (makesRuns) {
      working = runWorker(queue, {
        command: ["volumark", "serve"],
        onProblem,
        ...(lanes === undefined ? {} : { lanes }),
        ...options.worker,
        workFolder,
        graceMs,
        worker: { id: randomUUID(), label: machine },
        signal: closing.signal,
      })
        .catch((error: unknown) => app.log.fatal({ err: error }, "the worker has ended"))
        .finally(() => {
          alive = false;
        });
    }
    return {
      address,
      context,
      app,
      held,
      close(reason) {
        ended ??= end(reason);
        return ended;
      },
    };
  } catch (error) {
    await end("it could not be started");
    throw error;
  }
}
