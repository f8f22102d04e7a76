/** A job, its events, and what is asked of the queue. Everything here is plain data that JSON can hold. */

/**
 * ```
 *            claim                    finish
 *   queued ---------> running ---------------------> finished
 *     |  <-- release,   |  fail, attempts used up --> failed
 *     |      lost lease |  stopped ----------------> cancelled
 *     '--------------------------------------------> cancelled
 * ```
 */
export type JobStatus = "queued" | "running" | "finished" | "failed" | "cancelled";
export const JOB_STATUSES: readonly JobStatus[] = ["queued", "running", "finished", "failed", "cancelled"];

/** What is made: `AnimationInput` of the engine as JSON, complete and checked by whoever submits it. */
export type JobSettings = Readonly<Record<string, unknown>>;

/** How it is made; never changes a byte of the GIF. */
export interface JobOptions {
  /** Default: one a processor, as many as fit into memory. */
  readonly lanes?: number;
  readonly backend?: "wasm" | "reference";
  /** How often the animation is made; default once. */
  readonly passes?: number;
  /** Decode every frame again and check a mesh. */
  readonly verify?: boolean;
  /** Small pictures in the frame events, at most four a second and that of the last frame; default none. */
  readonly pictures?: boolean;
}

export interface JobRequest {
  readonly settings: JobSettings;
  /** Of the settings, as the engine gives it. */
  readonly settingsHash: string;
  /** Name of the scene, for lists. */
  readonly scene: string;
  readonly frames: number;
  readonly options?: JobOptions;
  /** Only a worker with this label may take it: comparisons stay on one machine. */
  readonly machine?: string;
  /** Of the disk, beside what is kept free anyway, until it is stored; no part of the request. Default 0: nothing worth looking at. */
  readonly needBytes?: number;
  /** The same key again gives the same job. At most 200 characters; whoever has several clients puts theirs in front. */
  readonly idempotencyKey?: string;
}

/** Times are of the wall clock, RFC 3339, for showing only: nothing is decided by them. */
export interface Job {
  readonly id: string;
  /** Counts submissions from 1: the order in which jobs are taken. */
  readonly number: number;
  readonly status: JobStatus;
  readonly settings: JobSettings;
  readonly settingsHash: string;
  readonly scene: string;
  readonly options: JobOptions;
  readonly machine: string | null;
  readonly submittedAt: string;
  /** Of the last attempt. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** How long the last attempt took, measured by its worker. */
  readonly durationMs: number | null;
  /** Attempts begun, and the most there may be. */
  readonly attempts: number;
  readonly mostAttempts: number;
  /** Of the attempt that goes on, or of the last one. */
  readonly worker: { readonly id: string; readonly label: string } | null;
  /** Frames made so far, and how many there will be. */
  readonly done: number;
  readonly frames: number;
  readonly cancelAsked: boolean;
  /** Why it failed, was cancelled, or was put back; null where nothing was amiss. */
  readonly reason: string | null;
  /** The stored run: a whole one where it finished, what there was where it failed or was cancelled; null without one. */
  readonly runId: string | null;
  /** Sequence of its newest event. */
  readonly lastEvent: number;
}

export type JobEventKind =
  | "queued"
  | "started"
  | "frame"
  | "sensors"
  | "statistics"
  | "cancel-asked"
  | "requeued"
  | "finished"
  | "failed"
  | "cancelled";

/** After one of these there is no other, and it is never thinned out. */
export const TERMINAL_KINDS: readonly JobEventKind[] = ["finished", "failed", "cancelled"];

/** One line of a job's log. */
export interface JobEvent {
  /** Counts the events of this job from 1 without gaps as they are written; thinning leaves gaps in old ones. */
  readonly sequence: number;
  readonly kind: JobEventKind;
  /** Wall clock, for showing. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event that a worker reports. */
export interface ProgressEvent {
  readonly kind: "frame" | "sensors" | "statistics";
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WorkerIdentity {
  /** Unique to this worker while it lives. */
  readonly id: string;
  /** Label of the machine that jobs may ask for. */
  readonly label: string;
  /** Whether it may work beside another worker with this label; default no: two runs at once disturb each other's numbers. */
  readonly shares?: boolean;
  /** The process that it is (`worker-process.ts`), null: not known. Default: this one. */
  readonly process?: string | null;
}

/** A job that goes on, but whose worker says nothing. */
export interface Silence {
  readonly silentMs: number;
  /** Until the job is taken from its worker, ms; at the most one look (a fifth of the lease) later. */
  readonly freeInMs: number;
}

/** One attempt at a job. Whatever a worker says of it holds only while `token` is that of the job. */
export interface Claim {
  readonly job: Job;
  readonly token: string;
  readonly attempt: number;
}

export interface ListJobs {
  readonly status?: JobStatus | readonly JobStatus[];
  readonly scene?: string;
  readonly settingsHash?: string;
  /** Default `number`: the order of submission. */
  readonly sort?: "number" | "scene" | "frames" | "duration";
  /** Default `descending`: the newest, the longest first. */
  readonly order?: "ascending" | "descending";
  /** 1 to 200, default 50. */
  readonly limit?: number;
  /** `next` of the page before, with the same sort and order. */
  readonly cursor?: string;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Null where this is the last page. */
  readonly next: string | null;
}

export interface EventPage {
  readonly events: readonly JobEvent[];
  /** Whether there are more in the log already. */
  readonly more: boolean;
  /** The job has ended and these are its last events. */
  readonly ended: boolean;
}

/** How a job came to its end. */
export interface JobEnding {
  readonly status: "finished" | "failed" | "cancelled";
  /** Null where nothing was amiss. */
  readonly reason: string | null;
  readonly durationMs: number;
}
