/** Jobs in pages. A page goes on after the last job of the one before, whatever has come or gone since. */
import { sql } from "kysely";
import type { Database } from "../store/tables.ts";
import { toJob } from "./job-row.ts";
import { JOB_STATUSES, type JobPage, type JobStatus, type ListJobs } from "./job-types.ts";
import { QueueError } from "./queue-error.ts";

const MOST = 200;
const DEFAULT = 50;

type Sort = NonNullable<ListJobs["sort"]>;
/** Job that the page before ended with: what it was sorted by, and its number. */
type Place = readonly [value: string | number, number: number];

const COLUMNS = {
  number: sql<number>`"number"`,
  scene: sql<string>`"scene"`,
  frames: sql<number>`"frames"`,
  // Jobs that have not ended have none and count as shorter than any.
  duration: sql<number>`coalesce("durationMs", -1)`,
} as const;

export async function listJobs(db: Database, options: ListJobs = {}): Promise<JobPage> {
  const { sort = "number", order = "descending", scene, settingsHash } = options;
  const limit = Math.min(MOST, Math.max(1, Math.floor(options.limit ?? DEFAULT)));
  const column = COLUMNS[sort];
  const [direction, after] = order === "ascending" ? (["asc", ">"] as const) : (["desc", "<"] as const);
  let query = db.selectFrom("jobs").selectAll().select(sql<string | number>`${column}`.as("sortedBy"));
  const statuses = options.status === undefined ? null : [options.status].flat();
  if (statuses) query = query.where("status", "in", statuses as JobStatus[]);
  if (scene?.includes("\0") || settingsHash?.includes("\0")) return { jobs: [], next: null };
  if (scene !== undefined) query = query.where("scene", "=", scene);
  if (settingsHash !== undefined) query = query.where("settingsHash", "=", settingsHash);
  if (options.cursor !== undefined) {
    const [value, number] = readCursor(options.cursor, sort, order);
    query = query.where((where) =>
      where.or([
        where(column, after, value as never),
        where.and([where(column, "=", value as never), where("number", after, number)]),
      ]),
    );
  }
  const rows = await query
    .orderBy(column, direction)
    .orderBy("number", direction)
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? writeCursor(sort, order, [last.sortedBy, last.number]) : null;
  return { jobs: shown.map(toJob), next };
}

export async function countJobs(db: Database): Promise<Record<JobStatus, number>> {
  const rows = await db
    .selectFrom("jobs")
    .select(["status", sql<number>`count(*)`.as("count")])
    .groupBy("status")
    .execute();
  const counts = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  for (const { status, count } of rows) counts[status] = Number(count);
  return counts;
}

function writeCursor(sort: Sort, order: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, order, ...place])).toString("base64url");
}

/** A cursor comes from outside and may be anything. */
function readCursor(cursor: string, sort: Sort, order: string): Place {
  const [from, direction, value, number] = parsed(cursor);
  const wanted = sort === "scene" ? "string" : "number";
  const fits =
    from === sort && direction === order && typeof value === wanted && isStorable(value) && isStorable(number);
  if (fits) return [value as string | number, number as number];
  throw new QueueError("bad-cursor", {
    problem: "the cursor is none of this list, or of one that is sorted otherwise",
    action: "Begin with the first page, or give sort and order as they were.",
  });
}

/** What every database takes as a text or as an integer of 32 bits. */
function isStorable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0");
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor.slice(0, 1000), "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
