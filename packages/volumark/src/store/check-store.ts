/** Whether a store could be opened and brought to this version, without changing it. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { sql } from "kysely";
import { STORE_VERSION } from "./migrations.ts";
import { openPostgres, shownAddress } from "./postgres.ts";
import { openDatabase, STORE_DEFAULTS } from "./store.ts";
import { StoreError, storeError } from "./store-error.ts";
import type { Database } from "./tables.ts";

export interface StoreCheck {
  readonly ok: boolean;
  /** A sentence. */
  readonly detail: string;
  /** Whether any key is in force. */
  readonly keys: boolean;
}

/** Never throws for what is wrong with the database. */
export async function checkStore(where: { readonly path: string } | { readonly url: string }): Promise<StoreCheck> {
  let shown = "";
  let db: Database | null = null;
  try {
    if ("url" in where) {
      shown = shownAddress(where.url);
      db = await openPostgres(where.url);
    } else {
      shown = where.path;
      if (!existsSync(shown) || (await stat(shown)).size === 0)
        return { ok: true, detail: `${shown} will be made`, keys: false };
      db = await openDatabase({ path: shown, busyMs: STORE_DEFAULTS.busyMs });
    }
    return { ...(await checkVersion(db, shown, "url" in where)), keys: await hasKeys(db) };
  } catch (error) {
    const { problem, action } = storeError(shown, error);
    return { ok: false, detail: `${problem}. ${action}`, keys: false };
  } finally {
    await db?.destroy();
  }
}

async function checkVersion(db: Database, shown: string, postgres: boolean): Promise<Omit<StoreCheck, "keys">> {
  const tables = await db.introspection.getTables();
  const has = tables.some(({ name }) => name === "storeVersion");
  const row = has ? await db.selectFrom("storeVersion").select("version").executeTakeFirst() : undefined;
  const version = Number(row?.version ?? 0);
  if (version > STORE_VERSION) {
    throw new StoreError("newer", {
      problem: `${shown} is of version ${version}, and this program knows up to ${STORE_VERSION}`,
      action: "Use a newer volumark.",
    });
  }
  if (version === STORE_VERSION) return { ok: true, detail: `${shown} is of this version` };
  if (postgres && !(await mayCreate(db))) {
    return {
      ok: false,
      detail: `${shown} must be brought to version ${STORE_VERSION}, and this role may not create tables. Grant it create on the schema.`,
    };
  }
  const how =
    version === 0
      ? "has no tables yet; they will be made"
      : `is of version ${version} and will be brought to ${STORE_VERSION}`;
  return { ok: true, detail: `${shown} ${how}` };
}

/** A store of an earlier version has none. */
async function hasKeys(db: Database): Promise<boolean> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === "accessKeys")) return false;
  const row = await db.selectFrom("accessKeys").select("id").where("revokedAt", "is", null).limit(1).executeTakeFirst();
  return row !== undefined;
}

async function mayCreate(db: Database): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select has_schema_privilege(current_schema(), 'create') as may`.execute(
    db,
  );
  return rows[0]?.may === true;
}
