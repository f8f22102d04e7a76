/** What every part of the queue works with: the database, the limits, the clocks, and whom to tell. */
import type { RunStore } from "../store/store.ts";
import type { Changes } from "../store/tables.ts";

export interface QueueLimits {
  readonly mostQueued: number;
  readonly mostAttempts: number;
  readonly leaseMs: number;
  readonly mostEvents: number;
  readonly mostEventBytes: number;
  readonly pollMs: number;
  readonly reserveBytes: number;
}

export interface QueueContext {
  readonly store: RunStore;
  readonly limits: QueueLimits;
  readonly freeBytes: () => Promise<number | null>;
  /** Wall clock, for showing. */
  readonly now: () => string;
  readonly monotonicMs: () => number;
  /** The job has new events, which can be read now. */
  readonly changed: (id: string) => void;
  /** The job is no more. */
  readonly removed: (id: string) => void;
  /** A job may be free for a worker. */
  readonly workChanged: () => void;
  /** Something went wrong in the background. */
  readonly onProblem: (error: unknown) => void;
}

/** A transaction in which a job's log may grow; whoever follows the job is told when it is through. */
export interface Change {
  readonly context: QueueContext;
  readonly changes: Changes;
  readonly touched: Set<string>;
}

/** All of it or nothing. */
export async function change<T>(context: QueueContext, work: (within: Change) => Promise<T>): Promise<T> {
  return told(context, (inside) => context.store.db.transaction().execute(inside), work);
}

/**
 * The same for progress, of which a loss of power may take the newest: such an attempt is lost with it anyway. Several a second
 * would otherwise have this process, and whoever asks it something, wait for the disk each time.
 */
export async function changeInPassing<T>(context: QueueContext, work: (within: Change) => Promise<T>): Promise<T> {
  return told(context, (inside) => context.store.undurable(inside), work);
}

async function told<T>(
  context: QueueContext,
  transact: (inside: (changes: Changes) => Promise<T>) => Promise<T>,
  work: (within: Change) => Promise<T>,
): Promise<T> {
  const touched = new Set<string>();
  const result = await transact((changes) => work({ context, changes, touched }));
  for (const id of touched) context.changed(id);
  return result;
}
