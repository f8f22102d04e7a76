/**
 * Postgres, by the package pg (plain JavaScript, loaded only when it is asked for), for stores that several machines share.
 *
 * https://node-postgres.com; whatever goes wrong comes as `StoreError`, as it does with SQLite.
 */
import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { StoreError, storeError } from "./store-error.ts";
import type { Database, StoreTables } from "./tables.ts";

/** Connections of one process; a transaction has one to itself. */
const MOST_CONNECTIONS = 8;
/** For a connection to come about, ms. */
const CONNECT_MS = 5000;

/** Opens the database without a look at what is in it: connections are made when they are needed. Throws `StoreError`. */
export async function openPostgres(url: string): Promise<Database> {
  const path = shownAddress(url);
  const { Pool } = await loadPackage();
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: "volumark",
  });
  // A connection that breaks while nobody uses it is made anew for the next one who does.
  pool.on("error", () => undefined);
  const translated = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw storeError(path, error);
    }
  };
  const translating = {
    async connect() {
      const client = await translated(pool.connect());
      return {
        query: (text: string, parameters: readonly unknown[]) => translated(client.query(text, [...parameters])),
        release: () => client.release(),
      };
    },
    end: () => pool.end(),
  };
  return new Kysely<StoreTables>({ dialect: new PostgresDialect({ pool: translating as unknown as PostgresPool }) });
}

/** The address without its password. Throws `StoreError` where it is none. */
export function shownAddress(url: string): string {
  let address: URL;
  try {
    address = new URL(url);
  } catch (error) {
    throw notAnAddress("it can't be read", error);
  }
  if (!/^postgres(ql)?:$/.test(address.protocol)) throw notAnAddress(`it begins with ${address.protocol}`);
  address.password = "";
  address.search = "";
  return address.href;
}

function notAnAddress(why: string, cause?: unknown): StoreError {
  return new StoreError("unusable", {
    problem: `the address of the database is none of Postgres's: ${why}`,
    action: "Give postgres://user:password@host:port/name.",
    ...(cause === undefined ? {} : { cause }),
  });
}

async function loadPackage(): Promise<Pick<typeof import("pg"), "Pool">> {
  try {
    return await import("pg");
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new StoreError("no-driver", {
      problem: `the package pg can't be loaded (${detail})`,
      action: "Install it (npm install pg), or leave the address out to use the embedded database.",
      cause: error,
    });
  }
}
