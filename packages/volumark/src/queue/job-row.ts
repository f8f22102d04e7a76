/** From a row of the database to a job. */
import type { Database, JobsTable } from "../store/tables.ts";
import type { Job } from "./job-types.ts";
import { QueueError } from "./queue-error.ts";

export function toJob(row: JobsTable): Job {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    settings: JSON.parse(row.settings) as Job["settings"],
    settingsHash: row.settingsHash,
    scene: row.scene,
    options: JSON.parse(row.options) as Job["options"],
    machine: row.machine,
    submittedAt: row.submittedAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    durationMs: row.durationMs,
    attempts: row.attempts,
    mostAttempts: row.mostAttempts,
    worker: row.worker === null ? null : { id: row.worker, label: row.workerLabel ?? "" },
    done: row.done,
    frames: row.frames,
    cancelAsked: row.cancelAsked !== 0,
    reason: row.reason,
    runId: row.runId,
    lastEvent: row.lastEvent,
  };
}

/** The row with this id. Throws `unknown-job`. */
export async function rowOf(db: Pick<Database, "selectFrom">, id: string): Promise<JobsTable> {
  // Ids come from outside, and not every text may be compared with.
  const row = ID.test(id) ? await db.selectFrom("jobs").selectAll().where("id", "=", id).executeTakeFirst() : undefined;
  if (!row) throw unknownJob(id);
  return row;
}

/** A UUID. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function unknownJob(id: string): QueueError {
  return new QueueError("unknown-job", {
    problem: `there is no job ${JSON.stringify(id.slice(0, 80))}`,
    action: "Ask for the list of jobs.",
  });
}

export function leaseLost(id: string): QueueError {
  return new QueueError("lease-lost", {
    problem: `this attempt at job ${id} no longer counts: another worker has it, or it has ended`,
    action: "Drop what was made, and claim another job.",
    data: { jobId: id },
  });
}
