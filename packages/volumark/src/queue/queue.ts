/**
 * The door of the queue: jobs that are kept in the store's database until a worker has made them into runs.
 *
 * Guaranteed:
 * - What `submit` returned is on the disk, and is there exactly once whatever is killed afterwards.
 * - A job is worked at by one worker at a time. An attempt has a token; whoever lost it is refused (`lease-lost`).
 * - The run, its GIF, the job's end and its last event are one transaction: no run without its job's end, nor the reverse.
 * - No job runs for ever: a worker that falls silent loses its lease, and attempts are bounded.
 * - A job's events have the numbers 1, 2, 3, ... in the order in which they can be seen: who has seen n has missed none before it.
 * - Nothing is decided by the wall clock, which may jump, and no two machines' clocks are compared (`lease-watch.ts`).
 * Not guaranteed: that an attempt is made only once - a worker that died after its last frame but before `finish` made it in
 * vain, and the next one makes the same bytes again.
 *
 * Throws `QueueError` for what is wrong with a request, `StoreError` for what is wrong with the database.
 */
import type { RunStore } from "../store/store.ts";
import * as claims from "./claims.ts";
import type { QueueContext } from "./context.ts";
import { Followers } from "./followers.ts";
import { rowOf, toJob } from "./job-row.ts";
import type {
  Claim,
  EventPage,
  Job,
  JobEnding,
  JobEvent,
  JobPage,
  JobRequest,
  JobStatus,
  ListJobs,
  ProgressEvent,
  Silence,
  WorkerIdentity,
} from "./job-types.ts";
import { LeaseWatch } from "./lease-watch.ts";
import { countJobs, listJobs } from "./list-jobs.ts";
import { eventsAfter } from "./read-log.ts";
import { positionOf, type Submitted, submit } from "./submit.ts";
import { WorkBell } from "./work-bell.ts";

export interface QueueOptions {
  /** Where runs are kept, and the queue beside them. It stays open when the queue is closed. */
  readonly store: RunStore;
  /** Most jobs that wait. */
  readonly mostQueued?: number;
  /** Attempts at a job before it has failed. */
  readonly mostAttempts?: number;
  /** A worker that has not been heard of for so long has lost its job, ms. At least three heartbeats. */
  readonly leaseMs?: number;
  /** Most events and bytes of events that are kept of a job; beyond, older frames, sensors and statistics are thinned out. */
  readonly mostEvents?: number;
  readonly mostEventBytes?: number;
  /** Between two looks for what other processes have written, ms; only while somebody listens. */
  readonly pollMs?: number;
  /** Free bytes of the disk, null where that is not known; below `reserveBytes` nothing is taken in. Default: not looked at. */
  readonly freeBytes?: () => Promise<number | null>;
  readonly reserveBytes?: number;
  /** The wall clock, for showing. */
  readonly now?: () => Date;
  /** Milliseconds, never going back. */
  readonly monotonicMs?: () => number;
  /** Whether to look for silent workers by itself; default yes. */
  readonly watch?: boolean;
  /** Something went wrong in the background, and will be tried again; default: a warning of the process. */
  readonly onProblem?: (error: unknown) => void;
}

export const QUEUE_DEFAULTS = {
  mostQueued: 1000,
  mostAttempts: 3,
  leaseMs: 15_000,
  mostEvents: 2000,
  mostEventBytes: 4 * 1024 ** 2,
  pollMs: 250,
  reserveBytes: 64 * 1024 ** 2,
} as const;

export interface JobQueue {
  readonly store: RunStore;
  /** Puts a job on the disk. Throws `queue-full`, `disk-full`, `idempotency-conflict`, `too-large`. */
  submit(request: JobRequest): Promise<Submitted>;
  /** Throws `unknown-job`, as all that follow do. */
  get(id: string): Promise<Job>;
  /** Throws `bad-cursor`. */
  list(options?: ListJobs): Promise<JobPage>;
  /** How many jobs there are in each status. */
  counts(): Promise<Readonly<Record<JobStatus, number>>>;
  /** Queued jobs before this one; null where it does not wait. */
  position(id: string): Promise<number | null>;
  /** A queued job is cancelled at once; a running one is asked to stop, which its worker sees at its next heartbeat; an ended one stays as it is. */
  cancel(id: string, reason?: string): Promise<Job>;
  /** Takes a job that is not running away, with its events and, unless `keepRun`, its run. False where there is none. Throws `running`. */
  remove(id: string, options?: { readonly keepRun?: boolean }): Promise<boolean>;

  /** The first job that this worker may take, or null. */
  claim(worker: WorkerIdentity): Promise<Claim | null>;
  /** The attempt goes on. `stop` says that the job is to be cancelled. Throws `lease-lost`. */
  heartbeat(claim: Claim): Promise<{ readonly stop: boolean }>;
  /** Adds to the log; the same as a heartbeat otherwise. `done` is how many frames there are. Throws `lease-lost`. */
  report(claim: Claim, events: readonly ProgressEvent[], done: number): Promise<{ readonly stop: boolean }>;
  /** The end of a job with its run, in one transaction. Throws `lease-lost`, and then nothing is stored. */
  finish(claim: Claim, run: claims.FinishedRun, ending: JobEnding): Promise<Job>;
  /**
   * The attempt came to nothing. With `again` (a worker that crashed) it is tried once more while attempts are left; without
   * it the job has failed, or was cancelled where that was asked for. Throws `lease-lost`.
   */
  fail(
    claim: Claim,
    failure: { readonly reason: string; readonly again: boolean; readonly durationMs: number },
  ): Promise<Job>;
  /** Puts the job back as if it had not been begun: a worker that shuts down. Throws `lease-lost`. */
  release(claim: Claim, reason: string): Promise<Job>;
  /** Tokens of the attempts that go on. */
  liveTokens(): Promise<ReadonlySet<string>>;
  /** How long the worker of a running job has said nothing, as far as this queue has watched; null where it is heard of. */
  silence(id: string): Silence | null;
  /**
   * Looks once for silent workers, and for those of this machine whose process is gone, and takes their jobs from them; returns how many. The time between two looks counts for
   * at most two fifths of the lease. `openQueue` looks by itself unless `watch` is false.
   */
  recover(): Promise<number>;

  /** Events after the one with this sequence (0: from the start), the oldest first; `limit` 1 to 1000, default 500. */
  eventsAfter(id: string, sequence: number, limit?: number): Promise<EventPage>;
  /**
   * Events after `sequence` as they come, without loss or repeat, until the last one of the job; ends early when `signal` is
   * aborted or the queue is closed. In parts, which those who follow the same run from the same place share. A reader holds
   * one part at most, however slow it is: the log is its buffer.
   */
  follow(id: string, sequence?: number, signal?: AbortSignal): AsyncIterable<readonly JobEvent[]>;
  /** Resolves when a job may have become free, when `ms` have passed, or when `signal` is aborted. */
  waitForWork(ms: number, signal?: AbortSignal): Promise<void>;
  /** Ends what follows and the watch. Leaves the store open, and claims as they are. */
  close(): Promise<void>;
}

/** Opens the queue of this store. Nothing of it keeps the process alive. */
export function openQueue(options: QueueOptions): JobQueue {
  const { store, watch = true, now = () => new Date(), monotonicMs = () => performance.now() } = options;
  const { freeBytes = async () => null, onProblem = warn, ...given } = options;
  const bell = new WorkBell();
  const context: QueueContext = {
    store,
    limits: { ...QUEUE_DEFAULTS, ...given },
    freeBytes,
    now: () => now().toISOString(),
    monotonicMs,
    onProblem,
    changed: (id) => followers.changed(id),
    removed: (id) => followers.removed(id),
    workChanged: () => bell.ring(),
  };
  const followers = new Followers(context);
  const leases = new LeaseWatch(context);
  if (watch) leases.start();
  return {
    store,
    submit: (request) => submit(context, request),
    get: async (id) => toJob(await rowOf(store.db, id)),
    list: (asked) => listJobs(store.db, asked),
    counts: () => countJobs(store.db),
    position: async (id) => positionOf(store.db, await rowOf(store.db, id)),
    cancel: (id, reason = "somebody asked for it") => claims.cancel(context, id, reason),
    remove: (id, { keepRun = false } = {}) => claims.remove(context, id, keepRun),
    claim: (worker) => claims.claim(context, worker),
    heartbeat: (claim) => claims.heartbeat(context, claim),
    report: (claim, events, done) => claims.report(context, claim, events, done),
    finish: (claim, run, ending) => claims.finish(context, claim, run, ending),
    fail: (claim, failure) => claims.fail(context, claim, failure),
    release: (claim, reason) => claims.release(context, claim, reason),
    liveTokens: () => claims.liveTokens(context),
    silence: (id) => leases.silence(id),
    recover: () => leases.recover(),
    eventsAfter: (id, sequence, limit) => eventsAfter(context, id, sequence, limit),
    follow: (id, sequence, signal) => followers.follow(id, sequence, signal),
    waitForWork: (ms, signal) => bell.wait(ms, signal),
    async close() {
      followers.close();
      bell.ring();
      await leases.stop();
    },
  };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
