/**
 * The run that an address names: by the id of its job, by that of its stored run, or by a beginning of either that only one
 * run has.
 */
import type { SelectQueryBuilder } from "kysely";
import { toJob } from "../queue/job-row.ts";
import type { Job } from "../queue/job-types.ts";
import type { RunsTable, StoreTables } from "../store/tables.ts";
import { ProblemError } from "./answer-problem.ts";
import type { ServerContext } from "./context.ts";

/** At least one of the two is there. */
export type FoundRun =
  | { readonly job: Job; readonly run: RunsTable | null }
  | { readonly job: null; readonly run: RunsTable };

type Stores = Pick<ServerContext, "store">;

/** Ids that are named where a beginning means several. */
const MOST_CANDIDATES = 10;
/** The only characters of ids that this program has chosen; of others nothing but the whole will do. */
const BEGINNING = /^[0-9a-f-]{4,36}$/;

/** Throws `unknown-run` and `ambiguous-run`. */
export async function findRun({ store: { db } }: Stores, asked: string): Promise<FoundRun> {
  // Postgres takes no text with NUL.
  if (asked.includes("\0")) throw unknown(asked);
  const job = await db.selectFrom("jobs").selectAll().where("id", "=", asked).executeTakeFirst();
  if (job) return { job: toJob(job), run: job.runId === null ? null : await runOf(db, job.runId) };
  const run = await runOf(db, asked);
  if (run) return withJob(db, run);
  const beginning = asked.toLowerCase();
  if (!BEGINNING.test(beginning)) throw unknown(asked);

  const most = MOST_CANDIDATES + 1;
  const like = `${beginning}%`;
  const jobs = await begun(db.selectFrom("jobs").select(["id", "runId"]), like)
    .limit(most)
    .execute();
  const runs = await begun(db.selectFrom("runs").select("id"), like).limit(most).execute();
  const own = new Set(jobs.map(({ runId }) => runId));
  const ids = [...jobs.map(({ id }) => id), ...runs.map(({ id }) => id).filter((id) => !own.has(id))];
  const [only] = ids;
  if (only === undefined) throw unknown(asked);
  if (ids.length === 1) return findRun({ store: { db } } as Stores, only);
  const candidates = ids.slice(0, MOST_CANDIDATES);
  const count = ids.length > MOST_CANDIDATES ? `more than ${MOST_CANDIDATES}` : ids.length;
  throw new ProblemError(
    "ambiguous-run",
    `${asked} is the beginning of ${count} ids: ${candidates.join(", ")}. Give more of it.`,
    { field: "params.id", data: { candidates } },
  );
}

/** A run that is stored; `of` names what is asked for, as in "animation". Throws `no-result` where there is none (yet). */
export async function findStored(
  stores: Stores,
  asked: string,
  of: string,
): Promise<{ job: Job | null; run: RunsTable }> {
  const { job, run } = await findRun(stores, asked);
  if (run) return { job, run };
  const { id, status, done, frames } = job as Job;
  const waits = status === "queued" || status === "running";
  throw new ProblemError(
    "no-result",
    waits
      ? `Run ${id} is ${status}, with ${done} of ${frames} frames made, and has no ${of} yet. Follow its events and ask again when it has ended.`
      : `Run ${id} is ${status} and has left no ${of}. Its reason says why; submit it again.`,
    { data: { status, done, frames } },
  );
}

type Db = ServerContext["store"]["db"];

function runOf(db: Db, id: string): Promise<RunsTable | null> {
  return db
    .selectFrom("runs")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst()
    .then((row) => row ?? null);
}

async function withJob(db: Db, run: RunsTable): Promise<FoundRun> {
  const job = await db.selectFrom("jobs").selectAll().where("runId", "=", run.id).executeTakeFirst();
  return { job: job ? toJob(job) : null, run };
}

function begun<Table extends "jobs" | "runs", Row>(
  query: SelectQueryBuilder<StoreTables, Table, Row>,
  like: string,
): SelectQueryBuilder<StoreTables, Table, Row> {
  return query.where("id" as never, "like", like as never).orderBy("id" as never);
}

function unknown(asked: string): ProblemError {
  const shown = JSON.stringify(asked.slice(0, 80));
  const detail = `There is no run ${shown}: it was deleted, or never was here. The list of runs (GET /api/runs) has the others.`;
  return new ProblemError("unknown-run", detail, { field: "params.id" });
}
