/**
 * How a store of any earlier version becomes one of this version. A migration that has been released is never changed;
 * what comes next is added at the end.
 *
 * Guaranteed: either all migrations that are missing are made or none. Two processes that open an old store at once take
 * turns, and the second finds nothing left to do.
 */
import type { RunRecord } from "@volumark/measure";
import { sql } from "kysely";
import { unpackRecord } from "./packed-record.ts";
import { StoreError } from "./store-error.ts";
import type { Changes, Database, Dialect, RunRecordsTable } from "./tables.ts";

type Migration = (changes: Changes) => Promise<void>;

const MIGRATIONS: readonly Migration[] = [
  createTables,
  addAcknowledgements,
  createQueue,
  addLanes,
  createAccessKeys,
  addListIndexes,
  addWorkerProcess,
  addIntervals,
];

/** The version that this program writes. */
export const STORE_VERSION = MIGRATIONS.length;

/** Brings the store to `target`. Throws `StoreError` where it is newer than this program. */
export async function migrate(
  db: Database,
  path: string,
  target: number = STORE_VERSION,
  dialect: Dialect = "sqlite",
): Promise<void> {
  const found = await storedVersion(db);
  if (found === target) return;
  refuseNewer(found, path);
  await db.transaction().execute(async (changes) => {
    // SQLite's transactions take turns by themselves.
    if (dialect === "postgres") await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(changes);
    const version = (await hasTables(changes)) ? await readVersion(changes) : 0;
    refuseNewer(version, path);
    for (const migration of MIGRATIONS.slice(version, target)) await migration(changes);
    if (version < target) await changes.updateTable("storeVersion").set({ version: target }).execute();
  });
}

/** Any number that nobody else locks: "volumark" as a telephone's keys. */
const MIGRATION_LOCK = 86586275;

/** 0 where there is no store yet. */
async function storedVersion(db: Database): Promise<number> {
  try {
    return await readVersion(db);
  } catch (error) {
    // Asked for the tables first, every start would pay for it.
    if (await hasTables(db)) throw error;
    return 0;
  }
}

async function readVersion(db: Database): Promise<number> {
  const row = await db.selectFrom("storeVersion").select("version").executeTakeFirst();
  return Number(row?.version ?? 0);
}

async function hasTables(db: Database): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some(({ name }) => name === "storeVersion");
}

function refuseNewer(version: number, path: string): void {
  if (version <= STORE_VERSION) return;
  throw new StoreError("newer", {
    problem: `${path} is of version ${version}, and this program knows up to ${STORE_VERSION}`,
    action: "Use a newer volumark, or set VOLUMARK_DATA to another folder.",
  });
}

async function createTables(changes: Changes): Promise<void> {
  const { schema } = changes;
  await schema
    .createTable("storeVersion")
    .addColumn("version", "integer", (column) => column.notNull())
    .execute();
  await changes.insertInto("storeVersion").values({ version: 0 }).execute();
  let runs = schema.createTable("runs").addColumn("id", "text", (column) => column.primaryKey().notNull());
  for (const name of ["startedAt", "storedAt", "source", "machine", "status", "distrust"] as const)
    runs = runs.addColumn(name, "text", (column) => column.notNull());
  for (const name of [
    "scene",
    "settingsHash",
    "sceneHash",
    "outputHash",
    "gifHash",
    "cpu",
    "version",
    "commit",
    "grade",
  ])
    runs = runs.addColumn(name, "text");
  for (const name of ["frames", "passes"]) runs = runs.addColumn(name, "integer", (column) => column.notNull());
  runs = runs.addColumn("totalNs", "bigint", (column) => column.notNull());
  for (const name of ["frameNs", "fieldNs", "surfaceNs", "pictureNs", "convertNs", "encodeNs"])
    runs = runs.addColumn(name, "bigint");
  await runs.execute();
  await schema.createIndex("runsByStart").on("runs").columns(["startedAt", "id"]).execute();
  await schema.createIndex("runsByScene").on("runs").columns(["scene", "startedAt", "id"]).execute();
  await schema.createIndex("runsBySettings").on("runs").columns(["settingsHash", "startedAt", "id"]).execute();
  await schema.createIndex("runsByGif").on("runs").columns(["gifHash"]).execute();
  await schema
    .createTable("runRecords")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .addColumn("encoding", "text", (column) => column.notNull())
    .addColumn("bytes", BYTES, (column) => column.notNull())
    .execute();
  await schema
    .createTable("gifParts")
    .addColumn("hash", "text", (column) => column.notNull())
    .addColumn("part", "integer", (column) => column.notNull())
    .addColumn("bytes", BYTES, (column) => column.notNull())
    .addPrimaryKeyConstraint("gifPartsKey", ["hash", "part"])
    .execute();
}

async function addAcknowledgements({ schema }: Changes): Promise<void> {
  await schema.alterTable("runs").addColumn("acknowledged", "text").execute();
  await schema.alterTable("runs").addColumn("acknowledgedAt", "text").execute();
}

async function createQueue(changes: Changes): Promise<void> {
  const { schema } = changes;
  await schema
    .createTable("queueState")
    .addColumn("submitted", "integer", (column) => column.notNull())
    .execute();
  await changes.insertInto("queueState").values({ submitted: 0 }).execute();
  let jobs = schema.createTable("jobs").addColumn("id", "text", (column) => column.primaryKey().notNull());
  for (const name of ["status", "settings", "settingsHash", "scene", "options", "requestHash", "submittedAt"])
    jobs = jobs.addColumn(name, "text", (column) => column.notNull());
  for (const name of [
    "machine",
    "idempotencyKey",
    "startedAt",
    "endedAt",
    "token",
    "worker",
    "workerLabel",
    "runningOn",
    "reason",
    "runId",
  ])
    jobs = jobs.addColumn(name, "text");
  for (const name of [
    "number",
    "attempts",
    "mostAttempts",
    "beat",
    "done",
    "frames",
    "cancelAsked",
    "lastEvent",
    "eventCount",
    "eventBytes",
  ])
    jobs = jobs.addColumn(name, "integer", (column) => column.notNull());
  await jobs.addColumn("durationMs", "integer").execute();
  await schema.createIndex("jobsByNumber").unique().on("jobs").column("number").execute();
  await schema.createIndex("jobsByStatus").on("jobs").columns(["status", "number"]).execute();
  await schema.createIndex("jobsByKey").unique().on("jobs").column("idempotencyKey").execute();
  await schema.createIndex("jobsByMachine").unique().on("jobs").column("runningOn").execute();
  await schema
    .createTable("jobEvents")
    .addColumn("job", "text", (column) => column.notNull())
    .addColumn("sequence", "integer", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("at", "text", (column) => column.notNull())
    .addColumn("data", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("jobEventsKey", ["job", "sequence"])
    .execute();
}

/** What a history needs to keep like with like; of runs that are there already it stands in their records. */
async function addLanes(changes: Changes): Promise<void> {
  await changes.schema.alterTable("runs").addColumn("lanes", "integer").execute();
  await changes.schema.alterTable("runs").addColumn("backend", "text").execute();
  const own = await changes.selectFrom("runs").select("id").where("source", "=", "own").execute();
  for (const { id } of own) {
    const packed = await changes.selectFrom("runRecords").selectAll().where("id", "=", id).executeTakeFirst();
    const run = packed ? readableRun(packed) : null;
    if (run) await changes.updateTable("runs").set(run).where("id", "=", id).execute();
  }
}

/** Of runs that are there already none is worked out: that would take up to 0.3 s for each. */
async function addIntervals({ schema }: Changes): Promise<void> {
  await schema.alterTable("runs").addColumn("intervals", "text").execute();
}

/** For one list of jobs and stored runs, and for the job of a stored run. */
async function addListIndexes({ schema }: Changes): Promise<void> {
  await schema.createIndex("jobsByRun").on("jobs").column("runId").execute();
  await schema.createIndex("jobsBySubmission").on("jobs").columns(["submittedAt", "number"]).execute();
  await schema.createIndex("runsByStorage").on("runs").columns(["storedAt", "id"]).execute();
}

/** By which a worker that was killed is known before its lease has run out. */
async function addWorkerProcess({ schema }: Changes): Promise<void> {
  await schema.alterTable("jobs").addColumn("workerProcess", "text").execute();
}

/** Null for a record that can't be read: that is told when somebody asks for it, and must not keep the store shut. */
function readableRun(packed: RunRecordsTable): { lanes: number; backend: string } | null {
  try {
    const { lanes, backend } = (unpackRecord(packed, null) as RunRecord).run;
    return { lanes, backend };
  } catch {
    return null;
  }
}

async function createAccessKeys({ schema }: Changes): Promise<void> {
  let keys = schema.createTable("accessKeys").addColumn("id", "text", (column) => column.primaryKey().notNull());
  for (const name of ["name", "scope", "hash", "createdAt"])
    keys = keys.addColumn(name, "text", (column) => column.notNull());
  for (const name of ["usedOn", "revokedAt"]) keys = keys.addColumn(name, "text");
  await keys.execute();
  await schema.createIndex("accessKeysByHash").unique().on("accessKeys").column("hash").execute();
}

/** Postgres's name; SQLite takes any, and keeps bytes as bytes whatever the name. */
const BYTES = sql`bytea`;
