/**
 * Runs in pages: what was submitted and what was brought in, in one list and one order.
 *
 * The place of a run is (what is sorted by, number of its job or 0, id); a page goes on after the place of the last run of
 * the one before, whatever has come or gone since. Each of the two tables gives its first rows after that place by an index
 * of its own, and the database merges them. A page ends early where the settings of its runs are long.
 */
import { type RawBuilder, sql } from "kysely";
import type { RunPage, RunView } from "../api/run-view.ts";
import { toJob } from "../queue/job-row.ts";
import type { JobStatus } from "../queue/job-types.ts";
import { ProblemError } from "./answer-problem.ts";
import type { ServerContext } from "./context.ts";
import { jobView, recordView, silenceOf } from "./run-views.ts";

export interface ListRuns {
  readonly status?: readonly JobStatus[] | undefined;
  readonly kind?: RunView["kind"] | undefined;
  readonly scene?: string | undefined;
  readonly settingsHash?: string | undefined;
  readonly sort: "submitted" | "scene" | "frames" | "duration";
  readonly order: "ascending" | "descending";
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Characters of settings after which a page ends early. */
const MOST_PAGE = 2 * 1024 * 1024;

type Stores = Pick<ServerContext, "store">;
type Sources = Pick<ServerContext, "store" | "queue">;
type Place = readonly [value: string | number, number: number, id: string];
interface Row {
  readonly kind: RunView["kind"];
  readonly id: string;
  readonly number: number;
  readonly value: string | number;
  readonly length: number;
}

/** What each table is sorted by. Runs that have not ended count as shorter than any. */
const SORTED_BY = {
  submitted: { job: sql`"submittedAt"`, record: sql`"storedAt"` },
  scene: { job: sql`"scene"`, record: sql`coalesce("scene", '')` },
  frames: { job: sql`"frames"`, record: sql`"frames"` },
  duration: {
    job: sql`cast(coalesce("durationMs", -1) as double precision)`,
    record: sql`cast("totalNs" as double precision) / 1000000`,
  },
} as const;

/** Throws `bad-cursor`. */
export async function listRuns({ store, queue }: Sources, asked: ListRuns): Promise<RunPage> {
  const { sort, order, limit, scene, settingsHash } = asked;
  const place = asked.cursor === undefined ? null : readCursor(asked.cursor, sort, order);
  // No scene and no hash has this character, and Postgres takes no text with it.
  if (scene?.includes("\0") || settingsHash?.includes("\0")) return { runs: [], next: null };
  const found = await rowsAfter({ store }, asked, place);
  let length = 0;
  const fits = (row: Row) => {
    length += Number(row.length);
    return length <= MOST_PAGE;
  };
  const most = found.slice(0, limit);
  const over = most.findIndex((row) => !fits(row));
  const shown = over < 0 ? most : most.slice(0, Math.max(1, over));
  const last = shown.at(-1);
  const next =
    found.length > shown.length && last ? writeCursor(sort, order, [last.value, last.number, last.id]) : null;
  return { runs: await viewsOf({ store, queue }, shown), next };
}

/** The first rows after the place, in order, one more than a page has. */
async function rowsAfter({ store: { db, dialect } }: Stores, asked: ListRuns, place: Place | null): Promise<Row[]> {
  const { sort, kind, limit } = asked;
  const direction = asked.order === "ascending" ? sql`asc` : sql`desc`;
  const most = sql`limit ${sql.lit(limit + 1)}`;
  // By the bytes, as SQLite does it, not by the rules of a language.
  const collate = sort === "scene" && dialect === "postgres" ? sql` collate "C"` : sql``;
  const branches: RawBuilder<Row>[] = [];
  if (kind !== "record") {
    const value = sql`${SORTED_BY[sort].job}${collate}`;
    branches.push(sql<Row>`select 'job' as "kind", "id", "number", ${value} as "value", length("settings") as "length"
      from "jobs" where ${conditions(asked, place, "job", value)}
      order by ${value} ${direction}, "number" ${direction} ${most}`);
  }
  if (kind !== "job") {
    const value = sql`${SORTED_BY[sort].record}${collate}`;
    branches.push(sql<Row>`select 'record' as "kind", "id", 0 as "number", ${value} as "value", 0 as "length"
      from "runs" where ${conditions(asked, place, "record", value)}
      order by ${value} ${direction}, "id" ${direction} ${most}`);
  }
  const parts = branches.map((branch, i) => sql`select * from (${branch}) as ${sql.ref(`part${i}`)}`);
  const { rows } = await sql<Row>`select * from (${sql.join(parts, sql` union all `)}) as "found"
    order by "value"${collate} ${direction}, "number" ${direction}, "id" ${direction} ${most}`.execute(db);
  return rows;
}

const STORED_STATUS: Partial<Record<JobStatus, string>> = { finished: "done", failed: "failed", cancelled: "stopped" };

function conditions(
  { order, status, scene, settingsHash }: ListRuns,
  place: Place | null,
  kind: RunView["kind"],
  value: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [];
  if (kind === "record") all.push(sql`not exists (select 1 from "jobs" where "jobs"."runId" = "runs"."id")`);
  if (status) {
    const wanted = kind === "job" ? status : status.flatMap((one) => STORED_STATUS[one] ?? []);
    all.push(wanted.length > 0 ? sql`"status" in (${sql.join(wanted)})` : sql`1 = 0`);
  }
  if (scene !== undefined) all.push(sql`"scene" = ${scene}`);
  if (settingsHash !== undefined) all.push(sql`"settingsHash" = ${settingsHash}`);
  if (place) {
    const [after, orAt] = order === "ascending" ? [sql`>`, sql`>=`] : [sql`<`, sql`<=`];
    const [lastValue, lastNumber, lastId] = place;
    // Of records, which have the number 0, those with the same value come after any job, or before it.
    const behind =
      kind === "job"
        ? sql`"number" ${after} ${lastNumber}`
        : lastNumber === 0
          ? sql`"id" ${after} ${lastId}`
          : order === "ascending"
            ? sql`1 = 0`
            : sql`1 = 1`;
    // The first of the two lets an index be used.
    all.push(sql`${value} ${orAt} ${lastValue} and (${value} ${after} ${lastValue} or ${behind})`);
  }
  return all.length > 0 ? sql.join(all, sql` and `) : sql`1 = 1`;
}

/** The runs of these rows, in their order; one that was removed since is left out. */
async function viewsOf({ store: { db }, queue }: Sources, rows: readonly Row[]): Promise<RunView[]> {
  if (rows.length === 0) return [];
  const idsOf = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind).map(({ id }) => id);
  const [jobIds, recordIds] = [idsOf("job"), idsOf("record")];
  const jobs = jobIds.length === 0 ? [] : await db.selectFrom("jobs").selectAll().where("id", "in", jobIds).execute();
  const runIds = [...recordIds, ...jobs.flatMap(({ runId }) => runId ?? [])];
  const runs = runIds.length === 0 ? [] : await db.selectFrom("runs").selectAll().where("id", "in", runIds).execute();
  const waiting = jobs.some(({ status }) => status === "queued")
    ? await db.selectFrom("jobs").select("number").where("status", "=", "queued").orderBy("number").execute()
    : [];
  const positions = new Map(waiting.map(({ number }, i) => [number, i]));
  const jobOf = new Map(jobs.map((job) => [job.id, job]));
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return rows.flatMap(({ kind, id }) => {
    if (kind === "record") {
      const run = runOf.get(id);
      return run ? [recordView(run)] : [];
    }
    const job = jobOf.get(id);
    if (!job) return [];
    const position = job.status === "queued" ? (positions.get(job.number) ?? null) : null;
    return [jobView(toJob(job), position, runOf.get(job.runId ?? "") ?? null, silenceOf(queue, job))];
  });
}

function writeCursor(sort: string, order: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, order, ...place])).toString("base64url");
}

/** A cursor comes from outside and may be anything. */
function readCursor(cursor: string, sort: ListRuns["sort"], order: string): Place {
  const [from, direction, value, number, id] = parsed(cursor);
  const wanted = sort === "submitted" || sort === "scene" ? isText(value) : isNumber(value, sort === "frames");
  if (from === sort && direction === order && wanted && isNumber(number, true) && isText(id))
    return [value as string | number, number as number, id as string];
  throw new ProblemError(
    "bad-cursor",
    "The cursor is none of this list, or of one that is sorted otherwise. Begin with the first page, or give sort and order as they were.",
    { field: "query.cursor" },
  );
}

/** What both databases can compare a text with. */
function isText(value: unknown): boolean {
  return typeof value === "string" && !value.includes("\0");
}

/** What fits into a column of 32 bits, or into a double. */
function isNumber(value: unknown, whole: boolean): boolean {
  return whole ? Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 : Number.isFinite(value);
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
