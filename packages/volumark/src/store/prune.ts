/**
 * Removes the runs that a policy lets go, and gives their space back, beside whoever else uses the store.
 *
 * Transactions are small, and each looks again: a run that somebody has acknowledged since stays. With a run its job goes and
 * the job's events; jobs that wait or are being made are never touched.
 */
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { decideRetention, hasPolicy, type KeepPolicy, type KeptItem } from "./retention.ts";
import { type RunStore, removeRun } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { Changes, Dialect } from "./tables.ts";

export interface PruneOptions {
  /** Unix milliseconds that ages are counted to; default now. */
  readonly nowMs?: number;
  /** Removes nothing. */
  readonly dryRun?: boolean;
  /** Runs that one transaction removes, and the rest that others have between two, ms. */
  readonly batch?: number;
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

export const PRUNE_DEFAULTS = { batch: 1, pauseMs: 5 } as const;

export interface StoredItem extends KeptItem {
  readonly run: string | null;
  readonly job: string | null;
}

export interface Pruned {
  /** What went, or would go; the oldest first. */
  readonly removed: readonly StoredItem[];
  /** What there was before. */
  readonly items: number;
  /** Bytes of what went. */
  readonly freedBytes: number;
}

/** Throws `StoreError`. Ends early, with what was done, when `signal` is aborted. */
export async function pruneStore(store: RunStore, policy: KeepPolicy, options: PruneOptions = {}): Promise<Pruned> {
  const { nowMs = Date.now(), dryRun = false, batch, pauseMs, signal } = { ...PRUNE_DEFAULTS, ...options };
  if (!hasPolicy(policy)) return { removed: [], items: 0, freedBytes: 0 };
  const items = await storedItems(store);
  const { remove, freedBytes } = decideRetention(items, policy, nowMs);
  if (dryRun) return { removed: remove, items: items.length, freedBytes };
  const removed: StoredItem[] = [];
  for (let from = 0; from < remove.length && !signal?.aborted; from += batch) {
    if (from > 0) await sleep(pauseMs);
    const some = remove.slice(from, from + batch);
    const gone = await store.db.transaction().execute(async (changes) => {
      const really: StoredItem[] = [];
      for (const item of some) if (await removeItem(changes, store.dialect, item)) really.push(item);
      return really;
    });
    removed.push(...gone);
  }
  const kept = new Set(items.filter((item) => !removed.includes(item)).flatMap(({ gif }) => gif?.hash ?? []));
  return { removed, items: items.length, freedBytes: bytesWithout(removed, kept) };
}

/** Every stored run, and every job that has ended without one. */
async function storedItems({ db }: RunStore): Promise<StoredItem[]> {
  const length = sql<number>`length("bytes")`;
  const runs = await db
    .selectFrom("runs")
    .innerJoin("runRecords", "runRecords.id", "runs.id")
    .select(["runs.id", "storedAt", "gifHash", "acknowledged", length.as("bytes")])
    .execute();
  const gifs = await db
    .selectFrom("gifParts")
    .select(["hash", sql<number>`sum(length("bytes"))`.as("bytes")])
    .groupBy("hash")
    .execute();
  const jobs = await db
    .selectFrom("jobs")
    .select(["id", "runId", "endedAt", "submittedAt", "eventBytes"])
    .where("status", "in", ["finished", "failed", "cancelled"])
    .execute();
  const gifBytes = new Map(gifs.map(({ hash, bytes }) => [hash, Number(bytes)]));
  const jobOf = new Map(jobs.flatMap((job) => (job.runId === null ? [] : [[job.runId, job] as const])));
  const stored = runs.map(({ id, storedAt, gifHash, acknowledged, bytes }): StoredItem => {
    const job = jobOf.get(id);
    return {
      id,
      run: id,
      job: job?.id ?? null,
      sinceMs: Date.parse(storedAt),
      bytes: Number(bytes) + (job?.eventBytes ?? 0),
      gif: gifHash === null ? null : { hash: gifHash, bytes: gifBytes.get(gifHash) ?? 0 },
      protected: acknowledged !== null,
    };
  });
  const ids = new Set(stored.map(({ id }) => id));
  const alone = jobs
    .filter(({ runId }) => runId === null || !ids.has(runId))
    .map(({ id, endedAt, submittedAt, eventBytes }): StoredItem => {
      const sinceMs = Date.parse(endedAt ?? submittedAt);
      return { id, run: null, job: id, sinceMs, bytes: eventBytes, gif: null, protected: false };
    });
  return [...stored, ...alone];
}

/** False where it is wanted by now, or gone. */
async function removeItem(changes: Changes, dialect: Dialect, { run, job }: StoredItem): Promise<boolean> {
  if (run !== null) {
    const row = await changes.selectFrom("runs").select("acknowledged").where("id", "=", run).executeTakeFirst();
    if (!row || row.acknowledged !== null) return false;
  }
  if (job !== null) {
    await changes.deleteFrom("jobEvents").where("job", "=", job).execute();
    await changes.deleteFrom("jobs").where("id", "=", job).execute();
  }
  if (run !== null) await removeRun(changes, dialect, run);
  return true;
}

function bytesWithout(items: readonly StoredItem[], heldGifs: Set<string>): number {
  let sum = 0;
  for (const { bytes, gif } of items) {
    sum += bytes;
    if (gif === null || heldGifs.has(gif.hash)) continue;
    sum += gif.bytes;
    heldGifs.add(gif.hash);
  }
  return sum;
}

export interface Space {
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /**
   * Free space inside that was not given back: of an older file, which `whole` would write anew. Null of a Postgres database,
   * which has it and does not say how much.
   */
  readonly heldBytes: number | null;
}

/** Pages that one step gives back: 1 MiB of 4 KiB pages. */
const STEP_PAGES = 256;

/**
 * Gives free space back to the disk. SQLite: step by step, others work in between; a file that was made before that was
 * possible is written anew where `whole` is given, which needs as much space again and keeps writers out meanwhile.
 * Postgres keeps what is free for what is stored next: plain `vacuum`, beside which everybody works on. What it would give back
 * to the system needs `vacuum full`, which locks each table and writes it anew.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY
 */
export async function giveSpaceBack(
  store: RunStore,
  { whole = false, signal }: { readonly whole?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Space> {
  const { db, dialect, path } = store;
  if (dialect === "postgres") {
    const beforeBytes = await databaseBytes(store);
    for (const name of ["runs", "runRecords", "gifParts", "jobs", "jobEvents"])
      await sql`vacuum ${sql.table(name)}`.execute(db);
    return { beforeBytes, afterBytes: await databaseBytes(store), heldBytes: null };
  }
  await checkpoint(store, whole);
  const beforeBytes = (await stat(path)).size;
  const incremental = (await pragma(store, "auto_vacuum")) === 2;
  if (incremental) {
    while (!signal?.aborted && (await pragma(store, "freelist_count")) > 0) {
      await sql.raw(`pragma incremental_vacuum(${STEP_PAGES})`).execute(db);
      await sleep(PRUNE_DEFAULTS.pauseMs);
    }
  } else if (whole) {
    await sql.raw("pragma auto_vacuum = incremental").execute(db);
    await sql.raw("vacuum").execute(db);
  }
  await checkpoint(store, whole);
  const held = (await pragma(store, "freelist_count")) * (await pragma(store, "page_size"));
  return { beforeBytes, afterBytes: (await stat(path)).size, heldBytes: held };
}

async function databaseBytes({ db }: RunStore): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`select pg_database_size(current_database()) as bytes`.execute(db);
  return Number(rows[0]?.bytes ?? 0);
}

/**
 * Until the log is in the file, the file has its old length. Readers that are under way may keep some of it back; `wait` waits
 * for them, and takes the space of the log itself.
 */
async function checkpoint({ db }: RunStore, wait: boolean): Promise<void> {
  await sql.raw(`pragma wal_checkpoint(${wait ? "truncate" : "passive"})`).execute(db);
}

async function pragma({ db }: RunStore, name: "auto_vacuum" | "freelist_count" | "page_size"): Promise<number> {
  const { rows } = await sql.raw<Record<string, number>>(`pragma ${name}`).execute(db);
  return Number(rows[0]?.[name] ?? 0);
}

export interface KeepPrunedOptions {
  readonly signal: AbortSignal;
  /** Between two rounds, ms. */
  readonly everyMs?: number;
  readonly onPruned?: (pruned: Pruned, space: Space) => void;
  readonly onProblem: (error: unknown) => void;
}

/** Ten minutes. */
const EVERY_MS = 600_000;

/**
 * Prunes now and then until `signal` is aborted. Ages are counted by the monotonic clock from the wall clock at the start: a
 * clock that is set forward while this runs removes nothing.
 */
export async function keepPruned(store: RunStore, policy: KeepPolicy, options: KeepPrunedOptions): Promise<void> {
  const { signal, everyMs = EVERY_MS, onPruned = () => undefined, onProblem } = options;
  if (!hasPolicy(policy)) return;
  const originMs = Date.now() - performance.now();
  while (!signal.aborted) {
    try {
      const pruned = await pruneStore(store, policy, { nowMs: originMs + performance.now(), signal });
      if (pruned.removed.length > 0) onPruned(pruned, await giveSpaceBack(store, { signal }));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      onProblem(error);
    }
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
