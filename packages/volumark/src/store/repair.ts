/**
 * What can be done about a damaged store: whatever can still be read goes into a new one, and the old file stays beside it.
 *
 * Runs are read one by one, by id from both ends, so that a damaged page costs the runs that lie on it and no others. The
 * rows of the list are made anew from the records.
 */
import { existsSync, renameSync } from "node:fs";
import { sql } from "kysely";
import { storePath } from "./data-folder.ts";
import { migrate } from "./migrations.ts";
import { openDatabase, openStore, type RunStore, STORE_DEFAULTS, type StoreOptions } from "./store.ts";
import { StoreError, storeError } from "./store-error.ts";
import type { Database } from "./tables.ts";

export type RepairResult =
  | { readonly state: "absent" }
  | { readonly state: "healthy"; readonly runs: number }
  /** `lost` counts runs that were seen and can't be read; there may have been others. `movedTo` is the damaged file. */
  | { readonly state: "repaired"; readonly saved: number; readonly lost: number; readonly movedTo: string };

/** Checks the store and, where it is damaged, begins a new one with what can be read. Throws `StoreError` for everything else. */
export async function repairStore(options: StoreOptions = {}): Promise<RepairResult> {
  const { path = storePath() } = options;
  if (!existsSync(path)) return { state: "absent" };
  const runs = await countIfHealthy(path, options);
  if (runs !== null) return { state: "healthy", runs };
  const movedTo = moveAside(path);
  const store = await openStore({ ...options, path });
  try {
    return { state: "repaired", ...(await salvage(movedTo, store, options)), movedTo };
  } finally {
    await store.close();
  }
}

/** The number of runs; null where the store is damaged. */
async function countIfHealthy(path: string, options: StoreOptions): Promise<number | null> {
  let db: Database | null = null;
  try {
    db = await openDatabase({ busyMs: STORE_DEFAULTS.busyMs, ...options, path });
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    if (rows[0]?.integrity_check !== "ok") return null;
    await migrate(db, path);
    const count = await db.selectFrom("runs").select(sql<number>`count(*)`.as("runs")).executeTakeFirst();
    return Number(count?.runs ?? 0);
  } catch (error) {
    const { code } = storeError(path, error);
    if (code === "damaged" || (code === "unusable" && db !== null)) return null;
    throw error;
  } finally {
    await db?.destroy();
  }
}

/** The database and what belongs to it get another name; the log first, so that it can't be taken for the new one's. */
function moveAside(path: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, "");
  const name = (attempt: number) => `${path.replace(/\.db$/, "")}-damaged-${stamp}${attempt ? `-${attempt}` : ""}.db`;
  let attempt = 0;
  while (existsSync(name(attempt))) attempt++;
  const movedTo = name(attempt);
  try {
    for (const ending of ["-wal", "-shm", ""])
      if (existsSync(path + ending)) renameSync(path + ending, movedTo + ending);
  } catch (error) {
    throw storeError(path, error);
  }
  return movedTo;
}

async function salvage(path: string, into: RunStore, options: StoreOptions): Promise<{ saved: number; lost: number }> {
  let damaged: RunStore;
  let ids: readonly string[];
  try {
    ids = await readableIds(path, options);
    damaged = await openStore({ ...options, path });
  } catch (error) {
    if (error instanceof StoreError) return { saved: 0, lost: 0 };
    throw error;
  }
  let saved = 0;
  try {
    for (const id of ids) {
      if (await saveOne(damaged, into, id)) saved++;
    }
  } finally {
    await damaged.close();
  }
  return { saved, lost: ids.length - saved };
}

async function saveOne(from: RunStore, into: RunStore, id: string): Promise<boolean> {
  try {
    const { summary, record } = await from.get(id);
    const added = await into.add(record);
    if (summary.acknowledged !== null) await into.acknowledge(added.id, summary.acknowledged);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code !== "full") return false;
    throw error;
  }
}

/** The ids of both tables, from the front until a row can't be read, and from the back. */
async function readableIds(path: string, options: StoreOptions): Promise<readonly string[]> {
  const db = await openDatabase({ busyMs: STORE_DEFAULTS.busyMs, ...options, path });
  const ids = new Set<string>();
  try {
    for (const table of ["runRecords", "runs"] as const) {
      for (const direction of ["asc", "desc"] as const) await collectIds(db, table, direction, ids);
    }
  } finally {
    await db.destroy();
  }
  return [...ids];
}

async function collectIds(
  db: Database,
  table: "runRecords" | "runs",
  direction: "asc" | "desc",
  ids: Set<string>,
): Promise<void> {
  const compare = direction === "asc" ? ">" : "<";
  try {
    for (let last: string | null = null; ; ) {
      let query = db.selectFrom(table).select("id").orderBy("id", direction).limit(1);
      if (last !== null) query = query.where("id", compare, last);
      const row: { id: string } | undefined = await query.executeTakeFirst();
      if (!row) return;
      ids.add(row.id);
      last = row.id;
    }
  } catch (error) {
    // A damaged page: what lies behind it is reached from the other end, or not at all.
    if (!(error instanceof StoreError)) throw error;
  }
}
