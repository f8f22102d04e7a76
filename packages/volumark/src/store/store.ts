/**
 * Runs, kept between runs of the program: one row for lists and histories, the record, and the GIF. In a file, or in a
 * Postgres database that several machines share.
 *
 * Guaranteed: a run is stored whole or not at all; what was stored comes back as an equal JSON value, unknown keys and all;
 * several processes may use one store at once; a store of an earlier version is brought to this one when it is opened.
 * Not guaranteed: GIFs of more than `gifBytes` are not stored, and records that had one can't be given back whole.
 *
 * Every method throws `StoreError` and nothing else where the database is at fault.
 */
import { dirname } from "node:path";
import type { ByteSource } from "@volumark/measure";
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type SelectQueryBuilder,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  sql,
} from "kysely";
import { createFolders } from "../job/output-paths.ts";
import { type DriverName, openConnection } from "./connection.ts";
import { storePath } from "./data-folder.ts";
import { migrate, STORE_VERSION } from "./migrations.ts";
import { type AnyRecord, unpackRecord } from "./packed-record.ts";
import { openPostgres, shownAddress } from "./postgres.ts";
import { type PreparedRun, prepareRun } from "./prepare-run.ts";
import { StoreError, storeError } from "./store-error.ts";
import type { Changes, Database, Dialect, RunsTable, StoreTables } from "./tables.ts";

export interface StoreOptions {
  /** The database file; default: `runs.db` in the user's data folder. Made, with its folder, where there is none. */
  readonly path?: string;
  /** A Postgres database in place of the file: `postgres://user:password@host:port/name`. */
  readonly url?: string;
  /** Which driver of SQLite; default: the first that can be loaded. */
  readonly driver?: DriverName;
  /** How long to wait for another process, milliseconds. */
  readonly busyMs?: number;
  /** Longer GIFs are not stored. */
  readonly gifBytes?: number;
  /** What was stored survives a loss of power as well; default no. Postgres always keeps what it has confirmed. */
  readonly durable?: boolean;
}

export const STORE_DEFAULTS = { busyMs: 2000, gifBytes: 256 * 1024 ** 2, limit: 50 } as const;

/** One run in a list. Times are whole nanoseconds, of stages the median frame; null where not known. */
export type RunSummary = Omit<RunsTable, "distrust" | "intervals"> & { readonly distrust: readonly string[] };

/** Which runs; every key that is given must hold. */
export interface RunFilter {
  readonly scene?: string;
  readonly settingsHash?: string;
  readonly machine?: string;
  readonly source?: RunsTable["source"];
  readonly status?: RunsTable["status"];
}

export interface ListOptions {
  /** At most so many, the newest first; default 50. */
  readonly limit?: number;
  /** Only runs that come after this one in the list: the last of the page before. */
  readonly before?: Pick<RunsTable, "startedAt" | "id">;
  readonly filter?: RunFilter;
}

export interface StoredRun {
  readonly summary: RunSummary;
  /** As it was stored. Its GIF is read from memory each time that `gif_data` or `gif_bytestream` is. */
  readonly record: AnyRecord;
  /** False where the GIF was too long to be stored: `gif_data` and `gif_bytestream` are empty. */
  readonly whole: boolean;
}

export type SeriesStage = "total" | "frame" | "field" | "surface" | "picture" | "convert" | "encode";

/** One point of a history; `ns` is the median frame, or a whole pass for `total`. */
export interface SeriesPoint {
  readonly startedAt: string;
  readonly id: string;
  readonly ns: number;
  readonly settingsHash: string | null;
  readonly machine: string;
}

export interface AddResult {
  readonly id: string;
  /** False where the very same run is in the store already. */
  readonly added: boolean;
}

export type Alongside = (changes: Changes, added: AddResult) => Promise<void>;

export interface RunStore {
  /** The file, or the address of the Postgres database without its password. */
  readonly path: string;
  readonly dialect: Dialect;
  /** For what lies beside the runs in the same database. */
  readonly db: Database;
  /**
   * A transaction that a loss of power may undo, and nothing else may: it does not wait for the disk, also where the store is
   * durable. The next one that does brings it along.
   */
  undurable<T>(work: (changes: Changes) => Promise<T>): Promise<T>;
  /**
   * Stores a record, which must be valid (`readRecord`), and its GIF: that of the record unless it is given. 3 ms for the
   * default job. `alongside` makes further changes that happen with it or not at all. Throws `conflict` where another run
   * has this id.
   */
  add(record: AnyRecord, gif?: ByteSource | Uint8Array, alongside?: Alongside): Promise<AddResult>;
  /** Stores what `prepareRun` has made of a record, perhaps in another thread. Throws `conflict` as `add` does. */
  addPrepared(run: PreparedRun, alongside?: Alongside): Promise<AddResult>;
  list(options?: ListOptions): Promise<RunSummary[]>;
  /** The run with this id or the only one whose id begins so. Throws `unknown-run` and `ambiguous`. */
  get(idOrPrefix: string): Promise<StoredRun>;
  /** Its GIF; null where it has none or it was too long. Throws as `get` does. */
  gif(idOrPrefix: string): Promise<Uint8Array | null>;
  /** Removes runs, each named as for `get`, all or none; returns their ids. A GIF goes with the last run that has it. */
  remove(idsOrPrefixes: readonly string[]): Promise<string[]>;
  /** Notes why what this run shows is accepted; an empty reason takes the note back. Returns its id. */
  acknowledge(idOrPrefix: string, reason: string): Promise<string>;
  /** A history of one stage, the oldest first; runs that do not know it are left out. */
  series(stage: SeriesStage, filter?: RunFilter): Promise<SeriesPoint[]>;
  close(): Promise<void>;
}

/** Opens the store, or makes it. Throws `StoreError`. */
export async function openStore(options: StoreOptions = {}): Promise<RunStore> {
  const { busyMs = STORE_DEFAULTS.busyMs, gifBytes = STORE_DEFAULTS.gifBytes, driver, url, durable = false } = options;
  const dialect: Dialect = url === undefined ? "sqlite" : "postgres";
  const path = url === undefined ? (options.path ?? storePath()) : shownAddress(url);
  const db =
    url === undefined
      ? await openDatabase({ path, busyMs, durable, ...(driver ? { driver } : {}) })
      : await openPostgres(url);
  try {
    await migrate(db, path, STORE_VERSION, dialect);
  } catch (error) {
    await db.destroy();
    throw storeError(path, error);
  }
  return new DatabaseStore(db, { dialect, path, gifBytes, durable });
}

/** The database without a look at what is in it. Throws `StoreError`. */
export async function openDatabase(options: {
  path: string;
  busyMs: number;
  driver?: DriverName;
  durable?: boolean;
}): Promise<Database> {
  try {
    await createFolders(dirname(options.path));
  } catch (error) {
    throw storeError(options.path, error);
  }
  const database = await openConnection(options.path, options);
  const dialect = new SqliteDialect({ database });
  dialect.createDriver = () => new ImmediateDriver(database, options.busyMs);
  return new Kysely<StoreTables>({ dialect });
}

/**
 * Transactions take the right to write at once: one that read first could not wait for another process. They wait for it
 * without holding up this process, whose other work - or whose other connection, which may be the one waited for - goes on.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #busyMs: number;
  constructor(database: SqliteDatabase, busyMs: number) {
    super({ database });
    this.#busyMs = Math.round(busyMs);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const until = performance.now() + this.#busyMs;
    const ask = (words: string) => connection.executeQuery(CompiledQuery.raw(words));
    await ask("pragma busy_timeout = 0");
    try {
      for (let waitMs = 1; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
        try {
          await ask("begin immediate");
          return;
        } catch (error) {
          if (!(error instanceof StoreError && error.code === "locked") || performance.now() > until) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    } finally {
      await ask(`pragma busy_timeout = ${this.#busyMs}`);
    }
  }

  /** When the disk is full SQLite has rolled back by itself; that it says so must not hide what went wrong. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      if (!(error instanceof StoreError && error.problem.includes("no transaction is active"))) throw error;
    }
  }
}

/** Between two attempts to take the right to write, ms. */
const LONGEST_WAIT_MS = 16;
/** Bytes of a row of `gifParts`. */
const PART_BYTES = 1024 ** 2;
/** Ids that are listed where a prefix means several. */
const MOST_CANDIDATES = 10;

class DatabaseStore implements RunStore {
  readonly path: string;
  readonly dialect: Dialect;
  readonly db: Database;
  readonly #gifBytes: number;
  readonly #durable: boolean;

  constructor(
    db: Database,
    { dialect, path, gifBytes, durable }: { dialect: Dialect; path: string; gifBytes: number; durable: boolean },
  ) {
    this.db = db;
    this.dialect = dialect;
    this.path = path;
    this.#gifBytes = gifBytes;
    this.#durable = durable;
  }

  async undurable<T>(work: (changes: Changes) => Promise<T>): Promise<T> {
    if (this.dialect === "postgres") {
      return this.db.transaction().execute(async (changes) => {
        await sql`set local synchronous_commit = off`.execute(changes);
        return work(changes);
      });
    }
    if (!this.#durable) return this.db.transaction().execute(work);
    // The pragma counts for the connection and can't be changed inside a transaction.
    return this.db.connection().execute(async (connection) => {
      await sql`pragma synchronous = normal`.execute(connection);
      try {
        return await connection.transaction().execute(work);
      } finally {
        await sql`pragma synchronous = full`.execute(connection);
      }
    });
  }

  add(record: AnyRecord, gif?: ByteSource | Uint8Array, alongside?: Alongside): Promise<AddResult> {
    return this.addPrepared(prepareRun(record, gif), alongside);
  }

  async addPrepared({ packed, gif, row }: PreparedRun, alongside?: Alongside): Promise<AddResult> {
    const { id } = row;
    const stored = gif !== null && gif.source.length <= this.#gifBytes ? gif : null;
    return this.db.transaction().execute(async (changes) => {
      const there = await changes.selectFrom("runRecords").select("hash").where("id", "=", id).executeTakeFirst();
      if (there) {
        if (there.hash === packed.hash) {
          await alongside?.(changes, { id, added: false });
          return { id, added: false };
        }
        throw new StoreError("conflict", {
          problem: `another run has the id ${id}`,
          action: "If this one is the right one, delete the other first: volumark runs delete.",
        });
      }
      await changes
        .insertInto("runs")
        .values({ ...row, gifHash: stored?.hash ?? null })
        .execute();
      await changes
        .insertInto("runRecords")
        .values({ ...packed, id })
        .execute();
      if (stored) {
        await lockGif(changes, this.dialect, stored.hash);
        await insertGif(changes, stored.hash, stored.source);
      }
      await alongside?.(changes, { id, added: true });
      return { id, added: true };
    });
  }

  async list({ limit = STORE_DEFAULTS.limit, before, filter = {} }: ListOptions = {}): Promise<RunSummary[]> {
    let query = filtered(this.db.selectFrom("runs").selectAll(), filter);
    if (before) {
      const { startedAt, id } = before;
      query = query.where((where) =>
        where.or([
          where("startedAt", "<", startedAt),
          where.and([where("startedAt", "=", startedAt), where("id", "<", id)]),
        ]),
      );
    }
    const rows = await query.orderBy("startedAt", "desc").orderBy("id", "desc").limit(limit).execute();
    return rows.map(summaryIn);
  }

  async get(idOrPrefix: string): Promise<StoredRun> {
    const id = await this.#resolve(idOrPrefix);
    const row = await this.db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
    const packed = await this.db.selectFrom("runRecords").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row || !packed) throw unknownRun(idOrPrefix);
    const gif = await this.#readGif(row.gifHash);
    try {
      const record = unpackRecord(packed, gif);
      return {
        summary: summaryIn(row),
        record,
        whole: gif !== null || record.file_size_bytes === 0 || record.gif_data !== "",
      };
    } catch (error) {
      throw new StoreError("damaged", {
        problem: `the record of ${id} in ${this.path} can't be read (${error instanceof Error ? error.message : error})`,
        action: "volumark runs repair saves the others and begins a new store.",
        cause: error,
      });
    }
  }

  async gif(idOrPrefix: string): Promise<Uint8Array | null> {
    const id = await this.#resolve(idOrPrefix);
    const row = await this.db.selectFrom("runs").select("gifHash").where("id", "=", id).executeTakeFirst();
    return this.#readGif(row?.gifHash ?? null);
  }

  async remove(idsOrPrefixes: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const one of idsOrPrefixes) ids.push(await this.#resolve(one));
    await this.db.transaction().execute(async (changes) => {
      for (const id of ids) await removeRun(changes, this.dialect, id);
    });
    return [...new Set(ids)];
  }

  async acknowledge(idOrPrefix: string, reason: string): Promise<string> {
    const id = await this.#resolve(idOrPrefix);
    const note = reason.trim();
    const set =
      note === ""
        ? { acknowledged: null, acknowledgedAt: null }
        : { acknowledged: note, acknowledgedAt: new Date().toISOString() };
    await this.db.updateTable("runs").set(set).where("id", "=", id).execute();
    return id;
  }

  async series(stage: SeriesStage, filter: RunFilter = {}): Promise<SeriesPoint[]> {
    const column = `${stage}Ns` as const;
    const rows = await filtered(
      this.db.selectFrom("runs").select(["startedAt", "id", `${column} as ns`, "settingsHash", "machine"]),
      filter,
    )
      .where(column, "is not", null)
      .orderBy("startedAt", "asc")
      .orderBy("id", "asc")
      .execute();
    return rows.map((row) => ({ ...row, ns: Number(row.ns) }));
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }

  async #resolve(idOrPrefix: string): Promise<string> {
    const exact = await this.db.selectFrom("runs").select("id").where("id", "=", idOrPrefix).executeTakeFirst();
    if (exact) return exact.id;
    // Of ids that this program did not choose, which may hold anything, nothing but the whole will do.
    const prefix = idOrPrefix.toLowerCase();
    if (!/^[0-9a-z-]+$/.test(prefix)) throw unknownRun(idOrPrefix);
    const found = await this.db
      .selectFrom("runs")
      .select("id")
      .where("id", "like", `${prefix}%`)
      .orderBy("id")
      .limit(MOST_CANDIDATES + 1)
      .execute();
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) throw unknownRun(idOrPrefix);
    if (ids.length === 1) return ids[0]!;
    const shown = ids.slice(0, MOST_CANDIDATES);
    throw new StoreError("ambiguous", {
      problem: `${idOrPrefix} is the beginning of ${ids.length > shown.length ? `more than ${shown.length}` : ids.length} ids: ${shown.join(", ")}`,
      action: "Give more of it.",
      candidates: shown,
    });
  }

  async #readGif(hash: string | null): Promise<Uint8Array | null> {
    if (hash === null) return null;
    const parts = await this.db
      .selectFrom("gifParts")
      .select("bytes")
      .where("hash", "=", hash)
      .orderBy("part")
      .execute();
    return parts.length === 1 ? parts[0]!.bytes : Buffer.concat(parts.map(({ bytes }) => bytes));
  }
}

/** Removes the run with exactly this id, if there is one, and its GIF with the last run that has it. */
export async function removeRun(changes: Changes, dialect: Dialect, id: string): Promise<void> {
  const row = await changes.selectFrom("runs").select("gifHash").where("id", "=", id).executeTakeFirst();
  const hash = row?.gifHash;
  if (hash) await lockGif(changes, dialect, hash);
  await changes.deleteFrom("runs").where("id", "=", id).execute();
  await changes.deleteFrom("runRecords").where("id", "=", id).execute();
  if (!hash) return;
  const other = await changes.selectFrom("runs").select("id").where("gifHash", "=", hash).limit(1).execute();
  if (other.length === 0) await changes.deleteFrom("gifParts").where("hash", "=", hash).execute();
}

/** Whoever stores or removes a run with this GIF takes turns until the end of the transaction; SQLite has one writer anyway. */
async function lockGif(changes: Changes, dialect: Dialect, hash: string): Promise<void> {
  if (dialect === "postgres") await sql`select pg_advisory_xact_lock(hashtext(${hash}))`.execute(changes);
}

function unknownRun(idOrPrefix: string): StoreError {
  return new StoreError("unknown-run", {
    problem: `there is no run ${idOrPrefix}`,
    action: "volumark runs list shows which there are.",
  });
}

async function insertGif(changes: Changes, hash: string, source: ByteSource): Promise<void> {
  const there = await changes.selectFrom("gifParts").select("part").where("hash", "=", hash).limit(1).execute();
  if (there.length > 0) return;
  let part = 0;
  for (const bytes of partsOf(source))
    await changes.insertInto("gifParts").values({ hash, part: part++, bytes }).execute();
}

/** The source cut anew; a part is good until the next one. */
function* partsOf(source: ByteSource): Generator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PART_BYTES, source.length));
  let held = 0;
  for (const chunk of source.chunks()) {
    for (let from = 0; from < chunk.length; ) {
      const count = Math.min(buffer.length - held, chunk.length - from);
      buffer.set(chunk.subarray(from, from + count), held);
      held += count;
      from += count;
      if (held < buffer.length) continue;
      yield buffer;
      held = 0;
    }
  }
  if (held > 0) yield buffer.subarray(0, held);
}

function filtered<Row>(query: SelectQueryBuilder<StoreTables, "runs", Row>, filter: RunFilter) {
  let narrowed = query;
  for (const name of ["scene", "settingsHash", "machine", "source", "status"] as const) {
    const value = filter[name];
    if (value !== undefined) narrowed = narrowed.where(name, "=", value);
  }
  return narrowed;
}

const NUMBERS = [
  "lanes",
  "frames",
  "passes",
  "totalNs",
  "frameNs",
  "fieldNs",
  "surfaceNs",
  "pictureNs",
  "convertNs",
  "encodeNs",
] as const;

/** Some databases give whole numbers of 64 bits as text. */
function summaryIn({ intervals: _, ...row }: RunsTable): RunSummary {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, row[name] === null ? null : Number(row[name])]));
  return { ...row, ...numbers, distrust: JSON.parse(row.distrust) as string[] };
}
