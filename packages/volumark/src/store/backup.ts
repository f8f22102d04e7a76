/**
 * Everything that is stored as one SQLite file, also while others write, and such a file put back in its place.
 *
 * Guaranteed: the file holds one moment of the store; it is there whole and checked, or not at all. SQLite writes it itself
 * (`vacuum into`, https://www.sqlite.org/lang_vacuum.html); of Postgres every table is read in one `repeatable read`
 * transaction, a few rows at a time.
 */
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, statSync } from "node:fs";
import { open, rename, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { sql } from "kysely";
import { createFolders } from "../job/output-paths.ts";
import { systemErrorCode } from "../job/system-error.ts";
import { createTemporary, discardTemporary, nameTemporary } from "../job/whole-file.ts";
import { migrate, STORE_VERSION } from "./migrations.ts";
import { openPostgres, shownAddress } from "./postgres.ts";
import { openDatabase, STORE_DEFAULTS } from "./store.ts";
import { StoreError, storeError } from "./store-error.ts";
import type { Changes, Database } from "./tables.ts";

export interface BackupResult {
  readonly path: string;
  readonly bytes: number;
  readonly runs: number;
  readonly jobs: number;
}

export type BackupSource = { readonly path: string } | { readonly url: string };

/** Writes the file. Throws `StoreError`; then there is no new file. */
export async function backupStore(
  from: BackupSource,
  to: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<BackupResult> {
  const path = resolve(to);
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new StoreError("conflict", { problem: `${path} is a folder`, action: "Name a file in it." });
  }
  if (!replace && existsSync(path)) {
    throw new StoreError("conflict", {
      problem: `${path} is there already`,
      action: "Name another file, or give --force.",
    });
  }
  if ("path" in from && !existsSync(from.path)) {
    throw new StoreError("unusable", {
      problem: `there is no store at ${from.path}`,
      action: "Name its folder with --data.",
    });
  }
  return written(path, "a file in a folder", async (temporary) => {
    if ("path" in from) {
      const db = await openDatabase({ path: from.path, busyMs: STORE_DEFAULTS.busyMs });
      try {
        await sql`vacuum into ${temporary}`.execute(db);
      } finally {
        await db.destroy();
      }
      return checkBackup(temporary);
    }
    return copyPostgres(from.url, temporary);
  });
}

export interface RestoreResult extends BackupResult {
  /** Where what was stored before is now; null where there was nothing. */
  readonly movedTo: string | null;
}

/** Makes the backup `from` the store `path`. Throws `StoreError`; then what was there is as it was. */
export async function restoreStore(
  from: string,
  path: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<RestoreResult> {
  if (!existsSync(from)) {
    throw new StoreError("unusable", {
      problem: `there is no file ${from}`,
      action: "Name a file of volumark backup.",
    });
  }
  const there = existsSync(path);
  if (there && !replace) {
    throw new StoreError("conflict", {
      problem: `${path} is there already`,
      action: "Give --force to replace it, which keeps it beside the new one, or another folder with --data.",
    });
  }
  let movedTo: string | null = null;
  const result = await written(path, "with --data a folder", async (temporary) => {
    copyFileSync(from, temporary);
    const checked = await checkBackup(temporary).catch((error: unknown) => {
      throw ofBackup(from, error);
    });
    if (there) movedTo = await setAside(path);
    return checked;
  });
  return { ...result, movedTo };
}

/** Rows by table. */
type Counts = ReadonlyMap<string, number>;

async function written(
  path: string,
  asked: string,
  write: (temporary: string) => Promise<{ runs: number; jobs: number }>,
): Promise<BackupResult> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    await createFolders(dirname(path));
    await createTemporary(temporary);
  } catch (error) {
    const told = storeError(path, error);
    if (told.code === "full") throw told;
    const why = systemErrorCode(error) ?? told.message;
    const action = `Name ${asked} that can be written.`;
    throw new StoreError(told.code, { problem: `${path} can't be written (${why})`, action, cause: error });
  }
  try {
    const found = await write(temporary);
    await synced(temporary);
    await nameTemporary(temporary, path);
    return { path, bytes: (await stat(path)).size, ...found };
  } catch (error) {
    for (const ending of ["-wal", "-shm", "-journal", ""]) await discardTemporary(temporary + ending);
    throw storeError(path, error);
  }
}

async function synced(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function checkBackup(path: string): Promise<{ runs: number; jobs: number }> {
  const db = await openDatabase({ path, busyMs: STORE_DEFAULTS.busyMs });
  try {
    return await checkWhole(db);
  } finally {
    await db.destroy();
  }
}

/** Whether the file is whole, is a store that this program knows, and holds together. It is left without a log beside it. */
async function checkWhole(db: Database, expected: Counts = new Map()): Promise<{ runs: number; jobs: number }> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  if (rows[0]?.integrity_check !== "ok") throw notWhole(`SQLite finds it damaged (${rows[0]?.integrity_check})`);
  const names = (await db.introspection.getTables()).map(({ name }) => name);
  if (!names.includes("storeVersion") || !names.includes("runs")) throw notWhole("it is no store of volumark's");
  const row = await db.selectFrom("storeVersion").select("version").executeTakeFirst();
  const version = Number(row?.version ?? 0);
  if (version > STORE_VERSION) {
    throw new StoreError("newer", {
      problem: `it is of version ${version}, and this program knows up to ${STORE_VERSION}`,
      action: "Use a newer volumark.",
    });
  }
  const counts = await countRows(db, names);
  for (const [name, rows] of expected) {
    if (counts.get(name) !== rows)
      throw notWhole(`it has ${counts.get(name) ?? 0} rows of ${name}, and there were ${rows}`);
  }
  await refuseLoose(db);
  // Without the log: the file alone is all there is.
  await sql`pragma journal_mode = delete`.execute(db);
  return { runs: counts.get("runs") ?? 0, jobs: counts.get("jobs") ?? 0 };
}

/** Runs without a record or without the GIF that they name. */
async function refuseLoose(db: Database): Promise<void> {
  const count = sql<number>`count(*)`.as("loose");
  const queries = [
    db.selectFrom("runs").select(count).where("id", "not in", db.selectFrom("runRecords").select("id")),
    db
      .selectFrom("runs")
      .select(count)
      .where("gifHash", "is not", null)
      .where("gifHash", "not in", db.selectFrom("gifParts").select("hash")),
  ];
  for (const query of queries) {
    const row = await query.executeTakeFirst();
    if (Number(row?.loose ?? 0) > 0) throw notWhole(`${row?.loose} runs have lost a part`);
  }
}

async function countRows(db: Pick<Database, "selectFrom"> | Changes, names: readonly string[]): Promise<Counts> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const row = await (db as Database)
      .selectFrom(name as "runs")
      .select(sql<number>`count(*)`.as("rows"))
      .executeTakeFirst();
    counts.set(name, Number(row?.rows ?? 0));
  }
  return counts;
}

/** Of the file that was named, and not of the copy that was looked at. */
function ofBackup(from: string, error: unknown): unknown {
  const found = storeError(from, error);
  if (found.code !== "damaged") return found;
  return new StoreError("damaged", {
    problem: `${from} is damaged, or no backup of volumark's`,
    action: "Take the backup again, or restore another one.",
    cause: error,
  });
}

function notWhole(problem: string): StoreError {
  return new StoreError("damaged", { problem, action: "Take the backup again, or another one." });
}

/** Rows that are held at once: GIFs come in parts of 1 MiB. */
const ROWS = 16;

/** Every table as it was at one moment; the file has the schema of the version that the database has. */
async function copyPostgres(url: string, path: string): Promise<{ runs: number; jobs: number }> {
  const from = await openPostgres(url);
  try {
    const version = await from.selectFrom("storeVersion").select("version").executeTakeFirstOrThrow();
    const into = await openDatabase({ path, busyMs: STORE_DEFAULTS.busyMs });
    try {
      await migrate(into, path, Math.min(Number(version.version), STORE_VERSION));
      const names = (await into.introspection.getTables()).map(({ name }) => name);
      const counted = await from
        .transaction()
        .setIsolationLevel("repeatable read")
        .setAccessMode("read only")
        .execute(async (reading) => {
          const counts = await countRows(reading, names);
          for (const name of names) await copyTable(reading, into, name);
          return counts;
        });
      // By the same connection: one that is closed may still hold the file for a while.
      return await checkWhole(into, counted);
    } finally {
      await into.destroy();
    }
  } catch (error) {
    throw storeError(shownAddress(url), error);
  } finally {
    await from.destroy();
  }
}

async function copyTable(reading: Changes, into: Database, name: string): Promise<void> {
  await sql`declare rows_of_table no scroll cursor for select * from ${sql.table(name)}`.execute(reading);
  await into.transaction().execute(async (changes) => {
    // What the migrations put there.
    await sql`delete from ${sql.table(name)}`.execute(changes);
    for (;;) {
      const { rows } = await sql.raw<Record<string, unknown>>(`fetch ${ROWS} from rows_of_table`).execute(reading);
      if (rows.length === 0) break;
      for (const row of rows)
        await changes
          .insertInto(name as "runs")
          .values(row as never)
          .execute();
    }
  });
  await sql`close rows_of_table`.execute(reading);
}

/**
 * Gives the store another name, after a proof that nobody has it open: only a database that is one's own alone can leave the
 * write-ahead log.
 */
async function setAside(path: string): Promise<string> {
  try {
    const db = await openDatabase({ path, busyMs: 0 });
    try {
      const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode = delete`.execute(db);
      if (rows[0]?.journal_mode !== "delete") throw inUse(path);
    } finally {
      await db.destroy();
    }
  } catch (error) {
    const found = storeError(path, error);
    if (found.code === "locked") throw inUse(path, error);
    // A damaged one is what a backup is for.
    if (found.code !== "damaged") throw found;
  }
  const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, "");
  const movedTo = `${path.replace(/\.db$/, "")}-before-${stamp}.db`;
  for (const ending of ["-wal", "-shm", ""]) {
    if (existsSync(path + ending)) await rename(path + ending, movedTo + ending);
  }
  return movedTo;
}

function inUse(path: string, cause?: unknown): StoreError {
  return new StoreError("locked", {
    problem: `${path} is in use`,
    action: "End volumark serve and volumark worker first.",
    cause,
  });
}
