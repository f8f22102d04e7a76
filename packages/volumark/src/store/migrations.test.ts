/** Stores of earlier versions, from files that those versions made. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import { describe, expect, test } from "vitest";
import { openKeys } from "../keys/keys.ts";
import { foreignRecord, ownRecord, VERSION_1, withFolder } from "./fixtures/stores.ts";
import { migrate, STORE_VERSION } from "./migrations.ts";
import { openDatabase, openStore } from "./store.ts";
import type { Database } from "./tables.ts";

const busyMs = 1000;

/** Tables, columns and indices, in an order of their own. */
async function shapeOf(db: Database): Promise<unknown> {
  const tables = await db.introspection.getTables();
  const { rows } = await db.executeQuery<{ name: string }>(
    CompiledQuery.raw(`select name from sqlite_master where type = 'index' and sql is not null order by name`),
  );
  const columns = tables.map(({ name, columns }) => [
    name,
    columns.map((c) => `${c.name} ${c.dataType} ${c.isNullable}`),
  ]);
  return { columns: columns.sort(), indices: rows.map(({ name }) => name) };
}

describe("migrations", () => {
  test("a store of version 1 opens with its runs whole, and takes new ones and notes", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await copyFile(VERSION_1, path);
      const store = await openStore({ path });
      try {
        const runs = await store.list();
        expect(runs.map(({ id, source, status }) => [id, source, status]).sort()).toEqual([
          ["8c1a51a4a57dc4b0c466cf65029a0c44", "foreign", "done"],
          ["failed", "own", "failed"],
          ["tiny", "own", "done"],
        ]);
        const lanes = runs.map((run) => [run.id.slice(0, 6), run.lanes, run.backend]).sort();
        const { run } = await ownRecord();
        expect(lanes).toEqual([
          ["8c1a51", null, null],
          ["failed", run.lanes, run.backend],
          ["tiny", run.lanes, run.backend],
        ]);
        expect((await store.get("tiny")).record).toEqual(await ownRecord());
        expect((await store.get("8c1a")).record).toEqual(await foreignRecord());
        expect(await store.add(await ownRecord())).toEqual({ id: "tiny", added: false });
        await store.add(await ownRecord({ id: "new" }));
        await store.acknowledge("tiny", "seen");
        expect((await store.get("tiny")).summary.acknowledged).toBe("seen");
        const keys = openKeys({ store });
        const { secret } = await keys.add("ci", "run");
        expect(await keys.find(secret)).toMatchObject({ name: "ci", scope: "run" });
      } finally {
        await store.close();
      }
    }));

  test("every earlier version becomes the very tables of a new store", () =>
    withFolder(async (folder) => {
      const fresh = await openDatabase({ path: join(folder, "fresh.db"), busyMs });
      await migrate(fresh, "fresh");
      const wanted = await shapeOf(fresh);
      await fresh.destroy();
      await copyFile(VERSION_1, join(folder, "file.db"));
      const steps = Array.from({ length: STORE_VERSION - 1 }, (_, i) => `step-${i + 1}.db`);
      for (const [i, name] of [...steps, "file.db"].entries()) {
        const db = await openDatabase({ path: join(folder, name), busyMs });
        if (name !== "file.db") await migrate(db, name, i + 1);
        await migrate(db, name);
        expect(await shapeOf(db)).toEqual(wanted);
        await db.destroy();
      }
    }));

  test("several that open an old store at once migrate it once", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await copyFile(VERSION_1, path);
      const stores = await Promise.all([1, 2, 3].map(() => openStore({ path })));
      for (const store of stores) expect(await store.list()).toHaveLength(3);
      await Promise.all(stores.map((store) => store.close()));
    }));

  test("a migration that fails leaves the store as it was", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await copyFile(VERSION_1, path);
      const db = await openDatabase({ path, busyMs });
      await db.executeQuery(CompiledQuery.raw(`alter table "runs" add column "acknowledgedAt" text`));
      const before = await shapeOf(db);
      await expect(migrate(db, path)).rejects.toThrow("duplicate column");
      expect(await shapeOf(db)).toEqual(before);
      expect(await db.selectFrom("storeVersion").selectAll().execute()).toEqual([{ version: 1 }]);
      await db.destroy();
    }));

  test("a store of a newer version is refused and left alone", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      const db = await openDatabase({ path, busyMs });
      await migrate(db, path);
      await db
        .updateTable("storeVersion")
        .set({ version: STORE_VERSION + 1 })
        .execute();
      await expect(openStore({ path })).rejects.toMatchObject({
        code: "newer",
        message: `store: ${path} is of version ${STORE_VERSION + 1}, and this program knows up to ${STORE_VERSION}. Use a newer volumark, or set VOLUMARK_DATA to another folder.`,
      });
      expect(await db.selectFrom("storeVersion").selectAll().execute()).toEqual([{ version: STORE_VERSION + 1 }]);
      await db.destroy();
    }));
});
