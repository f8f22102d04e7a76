/** What can be wrong with a request to the queue, and what to do about it. What is wrong with the database is a `StoreError`. */

export type QueueErrorCode =
  /** `queued` and `limit` are the two numbers; `retryAfterMs` is when a place is likely to be free. */
  | "queue-full"
  /** No room on the disk for another run; `freeBytes` and `reserveBytes` where the room was looked at beforehand, `needBytes` where it is this run's. */
  | "disk-full"
  /** The key was given before with another request; `jobId` is that of the first. */
  | "idempotency-conflict"
  | "unknown-job"
  /** It is being made, and has to be cancelled before it is removed. */
  | "running"
  /** The lease of this attempt was lost: another worker has the job, or it has ended. */
  | "lease-lost"
  | "bad-cursor"
  /** `bytes` and `limit` are the two numbers. */
  | "too-large";

export interface QueueErrorData {
  readonly limit?: number;
  readonly queued?: number;
  readonly retryAfterMs?: number;
  readonly needBytes?: number;
  readonly freeBytes?: number;
  readonly reserveBytes?: number;
  readonly bytes?: number;
  readonly jobId?: string;
}

/** One sentence on what is wrong (`problem`), one on what to do (`action`), and the numbers as data. */
export class QueueError extends Error {
  readonly code: QueueErrorCode;
  readonly problem: string;
  readonly action: string;
  readonly data: QueueErrorData;
  constructor(
    code: QueueErrorCode,
    what: {
      readonly problem: string;
      readonly action: string;
      readonly data?: QueueErrorData;
      readonly cause?: unknown;
    },
  ) {
    super(`queue: ${what.problem}. ${what.action}`, what.cause === undefined ? undefined : { cause: what.cause });
    this.name = "QueueError";
    this.code = code;
    this.problem = what.problem;
    this.action = what.action;
    this.data = what.data ?? {};
  }
}
