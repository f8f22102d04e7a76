/**
 * SQLite, from whichever of two drivers this Node has: `node:sqlite` (Node 22.5 and newer), else `libsql`, a prebuilt
 * module. Both are brought to the interface that kysely's SQLite dialect takes.
 *
 * Write-ahead logging (https://www.sqlite.org/wal.html) lets readers and one writer work at once; writers take turns, each
 * waiting up to `busyMs`. A loss of power never damages the file; it may lose the last changes unless `durable` is asked for.
 */
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { StoreError, storeError } from "./store-error.ts";

export const DRIVERS = ["node:sqlite", "libsql"] as const;
export type DriverName = (typeof DRIVERS)[number];

export interface ConnectionOptions {
  /** Which driver; default: the first that can be loaded. */
  readonly driver?: DriverName;
  /** How long to wait for another process, milliseconds. */
  readonly busyMs: number;
  /** Every change is on the disk before the next statement, whatever happens to the power; costs one fsync a change. */
  readonly durable?: boolean;
}

/** A database as a driver has it. */
interface RawDatabase {
  prepare(sql: string): RawStatement;
  exec(sql: string): unknown;
  close(): void;
}

interface RawStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

type OpenDatabase = (path: string) => RawDatabase;

/** Opens the file, which is created where there is none. Throws `StoreError`. */
export async function openConnection(
  path: string,
  { driver, busyMs, durable }: ConnectionOptions,
): Promise<SqliteDatabase> {
  const open = await loadDriver(driver);
  let raw: RawDatabase | undefined;
  try {
    raw = open(path);
    raw.prepare(`pragma busy_timeout = ${Math.round(busyMs)}`).all();
    await enterWriteAheadLog(raw, busyMs);
    raw.prepare(`pragma synchronous = ${durable ? "full" : "normal"}`).all();
  } catch (error) {
    raw?.close();
    throw storeError(path, error);
  }
  return database(path, raw);
}

/** Whether a driver can be loaded here; else the reason. Loading it beforehand makes opening quick. */
export async function driverReason(driver?: DriverName): Promise<string | null> {
  try {
    await loadDriver(driver);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Space of runs that were removed can be given back piece by piece. Counts for a file that is new: of an older one `vacuum`
 * makes it so (https://www.sqlite.org/pragma.html#pragma_auto_vacuum).
 */
const GIVE_BACK = "pragma auto_vacuum = incremental";

/** While another process changes the mode or recovers the log, SQLite answers "busy" without waiting. */
async function enterWriteAheadLog(raw: RawDatabase, busyMs: number): Promise<void> {
  for (const until = performance.now() + busyMs; ; ) {
    try {
      raw.prepare(GIVE_BACK).all();
      raw.prepare("pragma journal_mode = wal").all();
      return;
    } catch (error) {
      if (storeError("", error).code !== "locked" || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

async function loadDriver(driver: DriverName | undefined): Promise<OpenDatabase> {
  if (driver !== "libsql") {
    const Database = nodeSqlite();
    if (Database) return (path) => new Database(path);
    if (driver) {
      throw new StoreError("no-driver", {
        problem: `Node ${process.versions.node} has no node:sqlite`,
        action: "Use Node 22.5 or newer.",
      });
    }
  }
  try {
    const { default: Database } = await import("libsql");
    return (path) => closingWhole(new Database(path) as unknown as RawDatabase);
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new StoreError("no-driver", {
      problem: `this Node has no node:sqlite, and the package libsql can't be loaded (${detail})`,
      action: "Use Node 22.5 or newer, or set VOLUMARK_STORE=off.",
      cause: error,
    });
  }
}

/** What node:sqlite does by itself: the log goes into the file before it is closed, without waiting for anybody. */
function closingWhole(raw: RawDatabase): RawDatabase {
  return {
    prepare: (sql) => raw.prepare(sql),
    exec: (sql) => raw.exec(sql),
    close() {
      try {
        raw.prepare("pragma busy_timeout = 0").all();
        raw.prepare("pragma wal_checkpoint(truncate)").all();
      } catch {
        // A damaged or locked file: whoever used it has been told, and the log stays for the next one.
      }
      raw.close();
    },
  };
}

type NodeDatabase = new (path: string) => RawDatabase;

/** `DatabaseSync`, without the warning that it is experimental: what is used of it has not changed since Node 22.5. */
function nodeSqlite(): NodeDatabase | null {
  const { emitWarning, getBuiltinModule } = process as typeof process & { getBuiltinModule?: (id: string) => unknown };
  if (!getBuiltinModule) return null;
  process.emitWarning = () => undefined;
  try {
    const found = getBuiltinModule("node:sqlite") as { DatabaseSync?: NodeDatabase } | undefined;
    return found?.DatabaseSync ?? null;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Statements that are kept prepared. */
const MOST_KEPT = 100;
/** Longer ones are inserts of many rows, each another text. */
const MOST_KEPT_CHARACTERS = 4000;

/**
 * Statements by their text, prepared once: that takes as long as running most of them. What may change the schema
 * empties it, and a statement that failed is not used again.
 */
class Statements {
  readonly #raw: RawDatabase;
  readonly #kept = new Map<string, RawStatement>();

  constructor(raw: RawDatabase) {
    this.#raw = raw;
  }

  get(sql: string): RawStatement {
    const kept = this.#kept.get(sql);
    if (kept) {
      this.#kept.delete(sql);
      this.#kept.set(sql, kept);
      return kept;
    }
    const statement = this.#raw.prepare(sql);
    if (!/^\s*(select|insert|update|delete)\b/i.test(sql)) this.#kept.clear();
    else if (sql.length <= MOST_KEPT_CHARACTERS) this.#keep(sql, statement);
    return statement;
  }

  clear(): void {
    this.#kept.clear();
  }

  drop(sql: string): void {
    this.#kept.delete(sql);
  }

  #keep(sql: string, statement: RawStatement): void {
    this.#kept.set(sql, statement);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(oldest);
    }
  }
}

function database(path: string, raw: RawDatabase): SqliteDatabase {
  const statements = new Statements(raw);
  const translated = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(path, error);
    }
  };
  return {
    close() {
      statements.clear();
      raw.close();
    },
    prepare(sql): SqliteStatement {
      // libsql leaves a `begin` that found the database locked unfinished, and no transaction can be committed after it.
      if (/^(begin|commit|rollback)\b/i.test(sql)) return withoutRows(() => translated(() => raw.exec(sql)));
      const statement = translated(() => statements.get(sql));
      const run = <T>(work: () => T): T => {
        try {
          return translated(work);
        } catch (error) {
          statements.drop(sql);
          throw error;
        }
      };
      const all = (parameters: readonly unknown[]) =>
        run(() => statement.all(...parameters)).map((row) => withBytes(row as Record<string, unknown>));
      return {
        // The drivers differ in how a statement tells whether it has rows, and node:sqlite could not before 22.16.
        reader: /^\s*(select|pragma|with|explain)\b|\breturning\b/i.test(sql),
        all,
        run: (parameters) => run(() => statement.run(...parameters)),
        iterate: (parameters) => all(parameters)[Symbol.iterator](),
      };
    },
  };
}

function withoutRows(run: () => unknown): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      run();
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [][Symbol.iterator](),
  };
}

/** libsql gives binary columns as `ArrayBuffer`, node:sqlite as `Uint8Array`. */
function withBytes(row: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(row)) {
    const value = row[key];
    if (value instanceof ArrayBuffer) row[key] = new Uint8Array(value);
  }
  return row;
}
