/**
 * A worker: takes jobs one after another, has each made in a process of its own, and stores what comes out.
 *
 * While a job is made this thread only passes messages on, a few a second, so that a server may run on it as well. When
 * `signal` is aborted no more jobs are taken; the one that is being made has `graceMs` to end and is stored, else it is put
 * back into the queue as if it had not been begun. `runWorker` returns at most `graceMs` and about a second later.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { StoreError } from "../store/store-error.ts";
import type { Claim, Job, ProgressEvent, WorkerIdentity } from "./job-types.ts";
import { type Made, type MakeJob, type Making, makeInProcess } from "./make-in-process.ts";
import type { JobQueue } from "./queue.ts";
import { QueueError } from "./queue-error.ts";
import { makeAttemptFolder, removeAttemptFolder, sweepWorkFolder } from "./work-folder.ts";

export interface WorkerOptions {
  /** For files on their way into the store; several workers may share it. Made where there is none. */
  readonly workFolder: string;
  /** Aborted when the worker is to end. */
  readonly signal: AbortSignal;
  /** Default: a new id, and the name of this computer. */
  readonly worker?: WorkerIdentity;
  /** Lanes of jobs that ask for none; default one a processor, as many as fit. */
  readonly lanes?: number;
  /** For the job that is being made when the worker is to end, ms. */
  readonly graceMs?: number;
  /** Between two heartbeats, and two looks whether a job is to be cancelled: ms. */
  readonly heartbeatMs?: number;
  /** Between two looks for jobs that another process has submitted, ms. */
  readonly idleMs?: number;
  /** A job that has made no progress for so long is ended and has used up an attempt, ms. */
  readonly stallMs?: number;
  /** No attempt takes longer than this, ms. */
  readonly mostJobMs?: number;
  /** For the record. */
  readonly command?: readonly string[];
  /** How a job is made; default in a process of its own. */
  readonly make?: MakeJob;
  /** What went wrong and is tried again; default: a warning of the process. */
  readonly onProblem?: (error: unknown) => void;
  /** A job was taken, or this attempt at it is over: as the queue has it then; null where it is gone. */
  readonly onTaken?: (job: Job) => void;
  readonly onOver?: (job: Job | null, id: string) => void;
}

export const WORKER_DEFAULTS = {
  graceMs: 10_000,
  heartbeatMs: 1000,
  idleMs: 1000,
  stallMs: 30 * 60_000,
  mostJobMs: 24 * 3_600_000,
  command: ["volumark", "worker"] as readonly string[],
} as const;

/** Attempts to store a run that the database refused, and the wait before the second; it doubles each time. */
const STORE_ATTEMPTS = 6;
const STORE_WAIT_MS = 200;

/** Works until `signal` is aborted. */
export async function runWorker(queue: JobQueue, options: WorkerOptions): Promise<void> {
  const {
    signal,
    workFolder,
    worker = { id: randomUUID(), label: hostname() },
    onProblem = (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    onTaken,
    onOver,
    ...given
  } = options;
  const settings = { ...WORKER_DEFAULTS, make: makeInProcess as MakeJob, ...given, signal, workFolder, onProblem };
  const sweep = () => sweepWorkFolder(workFolder, () => queue.liveTokens());
  while (!signal.aborted) {
    try {
      // Each time: the lease of an attempt that was killed with an earlier worker may have run out since.
      await sweep();
      const claim = await queue.claim(worker);
      if (claim) {
        onTaken?.(claim.job);
        await workAt(queue, claim, settings);
        onOver?.(await queue.get(claim.job.id).catch(unknownIsNull), claim.job.id);
      } else await queue.waitForWork(settings.idleMs, signal);
    } catch (error) {
      onProblem(error);
      await queue.waitForWork(settings.idleMs, signal);
    }
  }
  await sweep().catch(onProblem);
}

/** Somebody may have removed it meanwhile. */
function unknownIsNull(error: unknown): null {
  if (error instanceof QueueError && error.code === "unknown-job") return null;
  throw error;
}

interface Settings extends Required<Omit<WorkerOptions, "worker" | "lanes" | "onTaken" | "onOver">> {
  readonly lanes?: number;
}

/** Why an attempt was ended before it had come to its own end. */
type Ended =
  | { readonly why: "cancel" | "lost" }
  | { readonly why: "shutdown" }
  | { readonly why: "stuck"; readonly reason: string };

async function workAt(queue: JobQueue, claim: Claim, settings: Settings): Promise<void> {
  const { workFolder, signal } = settings;
  const begunMs = performance.now();
  const folder = await makeAttemptFolder(workFolder, claim.token);
  try {
    const { made, ended, beating } = await attempt(queue, claim, folder, settings);
    const durationMs = performance.now() - begunMs;
    try {
      if (ended?.why !== "lost") await settle(queue, claim, made, ended, { durationMs, signal });
    } catch (error) {
      // Somebody else has the job now, and this attempt is nobody's.
      if (!(error instanceof QueueError && error.code === "lease-lost")) throw error;
    } finally {
      await beating.stop();
    }
  } finally {
    await removeAttemptFolder(workFolder, claim.token);
  }
}

interface Attempted {
  readonly made: Made;
  readonly ended: Ended | null;
  /** Goes on until the outcome is stored. */
  readonly beating: { stop(): Promise<void> };
}

async function attempt(queue: JobQueue, claim: Claim, folder: string, settings: Settings): Promise<Attempted> {
  const { signal, graceMs, stallMs, mostJobMs, heartbeatMs, onProblem, command, lanes } = settings;
  const { job } = claim;
  const begunMs = performance.now();
  let waiting: ProgressEvent[] = [];
  let done = 0;
  let progressMs = begunMs;
  let ended: Ended | null = null;
  let making: Making | null = null;
  const end = (why: Ended, kill: boolean) => {
    ended ??= why;
    if (kill) making?.kill();
    else making?.stop();
  };
  let telling: Promise<void> | null = null;
  const tell = () => {
    telling ??= report().finally(() => {
      telling = null;
    });
    return telling;
  };
  const report = async () => {
    const events = waiting;
    waiting = [];
    try {
      const { stop } = await queue.report(claim, events, done);
      if (stop && ended === null) end({ why: "cancel" }, false);
    } catch (error) {
      if (error instanceof QueueError && error.code === "lease-lost") end({ why: "lost" }, true);
      else {
        waiting = [...events, ...waiting].slice(-MOST_WAITING);
        onProblem(error);
      }
    }
  };
  const beat = () => {
    void tell();
    const nowMs = performance.now();
    if (nowMs - progressMs > stallMs) {
      end({ why: "stuck", reason: `it made no progress for ${seconds(stallMs)}` }, true);
    } else if (nowMs - begunMs > mostJobMs) {
      end({ why: "stuck", reason: `it took longer than ${seconds(mostJobMs)}` }, true);
    }
  };
  const timer = setInterval(beat, heartbeatMs);
  let grace: NodeJS.Timeout | undefined;
  const leave = () => {
    grace = setTimeout(() => end({ why: "shutdown" }, true), graceMs);
  };
  signal.addEventListener("abort", leave);
  if (signal.aborted) leave();
  making = settings.make({
    job: lanes === undefined || job.options.lanes !== undefined ? job : { ...job, options: { ...job.options, lanes } },
    folder,
    command,
    onProgress(events, count) {
      progressMs = performance.now();
      done = count;
      waiting = [...waiting, ...events].slice(-MOST_WAITING);
      void tell();
    },
  });
  const made = await making.made;
  signal.removeEventListener("abort", leave);
  clearTimeout(grace);
  await telling;
  // The last events go before the end of the job. No progress is needed any more, only that the lease is kept.
  if ((ended as Ended | null)?.why !== "lost") await tell();
  progressMs = Number.POSITIVE_INFINITY;
  const beating = {
    async stop() {
      clearInterval(timer);
      await telling;
    },
  };
  return { made, ended, beating };
}

/** Events that wait for the database; of more, the newest. */
const MOST_WAITING = 500;

/** Says in the queue what came out. */
async function settle(
  queue: JobQueue,
  claim: Claim,
  made: Made,
  ended: Ended | null,
  { durationMs, signal }: { readonly durationMs: number; readonly signal: AbortSignal },
): Promise<void> {
  if (made.kind === "run") {
    const { record, gif, prepared, problem } = made;
    const status = made.status === "done" ? "finished" : made.status === "failed" ? "failed" : "cancelled";
    const reason =
      status === "finished" ? null : status === "cancelled" ? (await queue.get(claim.job.id)).reason : problem;
    try {
      await persist(signal, () =>
        queue.finish(claim, { record, gif, ...(prepared ? { prepared } : {}) }, { status, reason, durationMs }),
      );
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const why = `the run was made but could not be stored: ${error.problem}. ${error.action}`;
      await queue.fail(claim, { reason: why, again: false, durationMs });
    }
    return;
  }
  if (ended?.why === "shutdown") {
    await persist(signal, () => queue.release(claim, "its worker was shut down"));
    return;
  }
  const reason = ended?.why === "stuck" ? ended.reason : made.reason;
  await persist(signal, () => queue.fail(claim, { reason, again: made.kind === "crashed", durationMs }));
}

/** Tries again while the database is busy or out of reach; a lease that is kept meanwhile makes that safe. */
async function persist<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1, waitMs = STORE_WAIT_MS; ; attempt++, waitMs *= 2) {
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof StoreError && (error.code === "locked" || error.code === "unusable");
      if (!passing || attempt === STORE_ATTEMPTS || (signal.aborted && attempt > 2)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
