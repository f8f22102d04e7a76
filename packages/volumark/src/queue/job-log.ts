/**
 * The log of a job: events numbered 1, 2, 3, ... in the order in which they can be seen.
 *
 * A number is taken and its event written in one transaction that holds the job's row, so that on Postgres, too, no event
 * appears before one with a lower number. When the log is longer than its bounds, every second event of progress in its
 * older half goes; how a job began, was put back and ended always stays, and there are no more of those than attempts.
 */
import { sql, type UpdateObject } from "kysely";
import type { JobsTable, StoreTables } from "../store/tables.ts";
import type { Change } from "./context.ts";
import type { JobEventKind } from "./job-types.ts";

export type JobChanges = UpdateObject<StoreTables, "jobs">;

export interface NewEvent {
  readonly kind: JobEventKind;
  readonly data: Readonly<Record<string, unknown>>;
}

export const THINNED_KINDS: readonly JobEventKind[] = ["frame", "sensors", "statistics"];
/** Bytes of one event's data; longer ones of progress are dropped to a note of their length. */
const MOST_DATA_BYTES = 64 * 1024;
/** Rows of one statement, within what databases take as parameters. */
const ROWS = 100;
/** Events of progress that a job keeps at least. */
const LEAST_KEPT = 8;

/** Adds events to the log and changes the job's row with it, where the row is as `where` says. False where it is not. */
export async function log(
  { context, changes, touched }: Change,
  id: string,
  events: readonly NewEvent[],
  set: JobChanges = {},
  where: Partial<Pick<JobsTable, "token" | "status" | "beat">> = {},
): Promise<JobsTable | null> {
  const texts = events.map(({ kind, data }) => ({ kind, data: textOf(data) }));
  const bytes = texts.reduce((sum, { data }) => sum + data.length, 0);
  let update = changes
    .updateTable("jobs")
    .set((row) => ({
      ...set,
      lastEvent: row("lastEvent", "+", texts.length),
      eventCount: row("eventCount", "+", texts.length),
      eventBytes: row("eventBytes", "+", bytes),
    }))
    .where("id", "=", id);
  for (const name of ["token", "status", "beat"] as const) {
    const value = where[name];
    if (value !== undefined) update = update.where(name, "=", value as never);
  }
  const row = await update.returningAll().executeTakeFirst();
  if (!row) return null;
  const at = context.now();
  let sequence = row.lastEvent - texts.length;
  for (let from = 0; from < texts.length; from += ROWS) {
    await changes
      .insertInto("jobEvents")
      .values(
        texts.slice(from, from + ROWS).map(({ kind, data }) => ({ job: id, sequence: ++sequence, kind, at, data })),
      )
      .execute();
  }
  const { mostEvents, mostEventBytes } = context.limits;
  if (row.eventCount > mostEvents || row.eventBytes > mostEventBytes) await thin({ context, changes, touched }, row);
  touched.add(id);
  return row;
}

async function thin({ changes }: Change, { id }: JobsTable): Promise<void> {
  const rows = await changes
    .selectFrom("jobEvents")
    .select(["sequence", sql<number>`length(data)`.as("bytes")])
    .where("job", "=", id)
    .where("kind", "in", THINNED_KINDS as string[])
    .orderBy("sequence")
    .execute();
  if (rows.length <= LEAST_KEPT) return;
  const older = rows.slice(0, Math.ceil(rows.length / 2) + 1).filter((_, i) => i % 2 === 1);
  for (let from = 0; from < older.length; from += ROWS) {
    const sequences = older.slice(from, from + ROWS).map(({ sequence }) => sequence);
    await changes.deleteFrom("jobEvents").where("job", "=", id).where("sequence", "in", sequences).execute();
  }
  const bytes = older.reduce((sum, row) => sum + Number(row.bytes), 0);
  await changes
    .updateTable("jobs")
    .set((row) => ({
      eventCount: row("eventCount", "-", older.length),
      eventBytes: row("eventBytes", "-", bytes),
    }))
    .where("id", "=", id)
    .execute();
}

function textOf(data: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(data);
  return text.length <= MOST_DATA_BYTES ? text : JSON.stringify({ droppedBytes: text.length });
}
