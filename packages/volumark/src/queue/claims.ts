/**
 * What a worker does with a job, and what becomes of it when the worker is heard no more.
 *
 * Every change is made to the row that still has the attempt's token; the database decides, whatever a worker believes.
 */
import { randomUUID } from "node:crypto";
import type { ByteSource } from "@volumark/measure";
import { sql } from "kysely";
import type { AnyRecord } from "../store/packed-record.ts";
import { type PreparedRun, prepareRun } from "../store/prepare-run.ts";
import { removeRun } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { JobsTable } from "../store/tables.ts";
import { type Change, change, changeInPassing, type QueueContext } from "./context.ts";
import { type JobChanges, log } from "./job-log.ts";
import { leaseLost, rowOf, toJob } from "./job-row.ts";
import type { Claim, Job, JobEnding, ProgressEvent, WorkerIdentity } from "./job-types.ts";
import { QueueError } from "./queue-error.ts";
import { ownProcess } from "./worker-process.ts";

/** The first job that this worker may take, or null. */
export async function claim(context: QueueContext, worker: WorkerIdentity): Promise<Claim | null> {
  try {
    return await change(context, async (within) => {
      const { changes } = within;
      const { id, label, shares = false, process = ownProcess() } = worker;
      if (!shares) {
        const other = await changes
          .selectFrom("jobs")
          .select("id")
          .where("status", "=", "running")
          .where("workerLabel", "=", label)
          .limit(1)
          .execute();
        if (other.length > 0) return null;
      }
      let query = changes
        .selectFrom("jobs")
        .select(["id", "attempts"])
        .where("status", "=", "queued")
        .where((where) => where.or([where("machine", "is", null), where("machine", "=", label)]))
        .orderBy("number")
        .limit(1);
      // Rows that another worker is about to take are passed over. On SQLite the whole transaction is one worker's.
      if (context.store.dialect === "postgres") query = query.forUpdate().skipLocked();
      const found = await query.executeTakeFirst();
      if (!found) return null;
      const token = randomUUID();
      const attempt = found.attempts + 1;
      const row = await log(within, found.id, [{ kind: "started", data: { attempt, worker: id, machine: label } }], {
        status: "running",
        token,
        beat: 0,
        attempts: attempt,
        worker: id,
        workerLabel: label,
        workerProcess: process,
        runningOn: shares ? null : label,
        startedAt: context.now(),
        endedAt: null,
        durationMs: null,
        done: 0,
        reason: null,
      });
      return { job: toJob(row!), token, attempt };
    });
  } catch (error) {
    // Two workers of one machine asked at once: the index lets one of them through.
    if (isTaken(error)) return null;
    throw error;
  }
}

export async function heartbeat(context: QueueContext, { job, token }: Claim): Promise<{ stop: boolean }> {
  // A transaction, although it is one statement: it waits for other writers without holding up this process.
  const row = await changeInPassing(context, ({ changes }) =>
    changes
      .updateTable("jobs")
      .set({ beat: sql<number>`"beat" + 1` })
      .where("id", "=", job.id)
      .where("token", "=", token)
      .returning("cancelAsked")
      .executeTakeFirst(),
  );
  if (!row) throw leaseLost(job.id);
  return { stop: row.cancelAsked !== 0 };
}

/** Adds to the log, and counts as a heartbeat. */
export async function report(
  context: QueueContext,
  claimed: Claim,
  events: readonly ProgressEvent[],
  done: number,
): Promise<{ stop: boolean }> {
  if (events.length === 0) return heartbeat(context, claimed);
  const { job, token } = claimed;
  const set = { beat: sql<number>`"beat" + 1`, done };
  const row = await changeInPassing(context, (within) => log(within, job.id, events, set, { token }));
  if (!row) throw leaseLost(job.id);
  return { stop: row.cancelAsked !== 0 };
}

/** A run on its way into the store. */
export interface FinishedRun {
  readonly record: AnyRecord;
  readonly gif: ByteSource | null;
  /** Of both, where that is done already. */
  readonly prepared?: PreparedRun;
}

/** The end of a job with its run, in one transaction. */
export async function finish(
  context: QueueContext,
  { job, token }: Claim,
  { record, gif, prepared }: FinishedRun,
  ending: JobEnding,
): Promise<Job> {
  const touched = new Set<string>();
  let row: JobsTable | null = null;
  const run = prepared ?? prepareRun(record, gif ?? new Uint8Array(0));
  await context.store.addPrepared(run, async (changes, { id: runId }) => {
    const data = {
      run: runId,
      frames: record.frame_count,
      reason: ending.reason,
      durationMs: whole(ending.durationMs),
    };
    row = await log(
      { context, changes, touched },
      job.id,
      [{ kind: ending.status, data }],
      {
        ...ended(context, ending),
        runId,
        done: record.frame_count,
      },
      { token },
    );
    if (!row) throw leaseLost(job.id);
  });
  for (const id of touched) context.changed(id);
  context.workChanged();
  return toJob(row!);
}

export interface Failure {
  readonly reason: string;
  /** Whether it may be tried once more. */
  readonly again: boolean;
  readonly durationMs: number;
}

/** The attempt came to nothing. */
export async function fail(context: QueueContext, { job, token }: Claim, failure: Failure): Promise<Job> {
  const row = await change(context, async (within) => {
    const now = await rowOf(within.changes, job.id);
    if (now.token !== token) return null;
    return endAttempt(within, now, failure, { token });
  });
  if (!row) throw leaseLost(job.id);
  context.workChanged();
  return toJob(row);
}

/** Puts the job back as if it had not been begun. */
export async function release(context: QueueContext, { job, token }: Claim, reason: string): Promise<Job> {
  const row = await change(context, async (within) => {
    const now = await rowOf(within.changes, job.id);
    if (now.token !== token) return null;
    if (now.cancelAsked) {
      return endAttempt(within, now, { reason: now.reason ?? reason, again: false, durationMs: 0 }, { token });
    }
    return putBack(within, now, reason, now.attempts - 1, { token });
  });
  if (!row) throw leaseLost(job.id);
  context.workChanged();
  return toJob(row);
}

/**
 * Takes a job from its worker if it has not been heard of since this beat, because it was silent for so long or because it is
 * gone. False where it was heard of.
 */
export async function expire(
  context: QueueContext,
  { id, token, beat }: Pick<JobsTable, "id" | "token" | "beat">,
  why: { readonly silentMs: number } | "gone",
): Promise<boolean> {
  const row = await change(context, async (within) => {
    const now = await rowOf(within.changes, id);
    if (now.status !== "running" || now.token !== token || now.beat !== beat) return null;
    const what = why === "gone" ? "was killed" : `was not heard of for ${Math.round(why.silentMs / 100) / 10} s`;
    const reason = `worker ${now.worker} on ${now.workerLabel} ${what}`;
    return endAttempt(within, now, { reason, again: true, durationMs: 0 }, { token, beat });
  });
  if (row) context.workChanged();
  return row !== null;
}

export async function liveTokens({ store }: QueueContext): Promise<ReadonlySet<string>> {
  const rows = await store.db.selectFrom("jobs").select("token").where("status", "=", "running").execute();
  return new Set(rows.flatMap(({ token }) => token ?? []));
}

/** A queued job is cancelled at once, a running one is asked to stop. */
export async function cancel(context: QueueContext, id: string, reason: string): Promise<Job> {
  for (;;) {
    const row = await rowOf(context.store.db, id);
    if (row.status !== "queued" && row.status !== "running") return toJob(row);
    if (row.status === "running" && row.cancelAsked) return toJob(row);
    const { status } = row;
    const changed = await change(context, (within) =>
      status === "queued"
        ? log(
            within,
            id,
            [{ kind: "cancelled", data: { reason, run: null } }],
            ended(context, { status: "cancelled", reason, durationMs: null }),
            { status },
          )
        : log(within, id, [{ kind: "cancel-asked", data: { reason } }], { cancelAsked: 1, reason }, { status }),
    );
    // Else it was taken, or came to its end, between the two statements.
    if (changed) return toJob(changed);
  }
}

/** Takes a job that is not running away, with its events and its run. */
export async function remove(context: QueueContext, id: string, keepRun: boolean): Promise<boolean> {
  try {
    await change(context, async ({ changes }) => {
      const { status, runId } = await rowOf(changes, id);
      const gone = await changes
        .deleteFrom("jobs")
        .where("id", "=", id)
        .where("status", "!=", "running")
        .executeTakeFirst();
      if (Number(gone.numDeletedRows) === 0 || status === "running") throw isRunning(id);
      await changes.deleteFrom("jobEvents").where("job", "=", id).execute();
      if (runId !== null && !keepRun) await removeRun(changes, context.store.dialect, runId);
    });
  } catch (error) {
    if (error instanceof QueueError && error.code === "unknown-job") return false;
    throw error;
  }
  context.removed(id);
  context.workChanged();
  return true;
}

/** Once more while attempts are left and nobody wants it cancelled; else the end. */
async function endAttempt(
  within: Change,
  now: JobsTable,
  { reason, again, durationMs }: Failure,
  where: Partial<Pick<JobsTable, "token" | "beat">>,
): Promise<JobsTable | null> {
  if (again && !now.cancelAsked && now.attempts < now.mostAttempts) {
    return putBack(within, now, reason, now.attempts, where);
  }
  const status = now.cancelAsked ? "cancelled" : "failed";
  const attempts = again ? `attempt ${now.attempts} of ${now.mostAttempts}: ` : "";
  const why = now.cancelAsked ? (now.reason ?? reason) : `${attempts}${reason}`;
  return log(
    within,
    now.id,
    [{ kind: status, data: { reason: why, run: null, durationMs: whole(durationMs) } }],
    ended(within.context, { status, reason: why, durationMs }),
    where,
  );
}

function putBack(
  within: Change,
  { id, mostAttempts }: JobsTable,
  reason: string,
  attempts: number,
  where: Partial<Pick<JobsTable, "token" | "beat">>,
): Promise<JobsTable | null> {
  const set = { status: "queued", token: null, runningOn: null, attempts, reason, done: 0 } as const;
  return log(within, id, [{ kind: "requeued", data: { reason, attempts, mostAttempts } }], set, where);
}

function ended(
  context: QueueContext,
  { status, reason, durationMs }: { status: JobEnding["status"]; reason: string | null; durationMs: number | null },
): JobChanges {
  return {
    status,
    reason,
    durationMs: durationMs === null ? null : whole(durationMs),
    endedAt: context.now(),
    token: null,
    runningOn: null,
  };
}

/** Milliseconds as the column has them: at most 24 days. */
function whole(ms: number): number {
  return Math.min(2 ** 31 - 1, Math.max(0, Math.round(ms)));
}

function isRunning(id: string): QueueError {
  return new QueueError("running", {
    problem: `job ${id} is being made`,
    action: "Cancel it first, and remove it when it has ended.",
    data: { jobId: id },
  });
}

/** Postgres: https://www.postgresql.org/docs/current/errcodes-appendix.html, unique_violation. */
function isTaken(error: unknown): boolean {
  return error instanceof StoreError && (error.cause as { code?: unknown } | undefined)?.code === "23505";
}
