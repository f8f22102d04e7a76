/** Files that are damaged, locked or no database: what is said, and what repair makes of them. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import { describe, expect, test } from "vitest";
import { ownRecord, VERSION_1, withFolder } from "./fixtures/stores.ts";
import { keepRun } from "./keep-run.ts";
import { repairStore } from "./repair.ts";
import { openDatabase, openStore } from "./store.ts";

const gif = { length: 0, chunks: () => [] };

/** A store of `runs` runs, in one file. */
async function makeStore(path: string, runs: number): Promise<void> {
  const store = await openStore({ path });
  for (let i = 0; i < runs; i++) {
    const record = await ownRecord({ id: `run${String(i).padStart(3, "0")}` });
    // No two alike, and hard to compress: a page of the file holds one or two.
    record.run.command = Array.from({ length: 60 }, (_, k) => Math.imul(i * 60 + k + 1, 2654435761).toString(36));
    await store.add(record);
  }
  await store.acknowledge("run000", "seen");
  await store.close();
  const db = await openDatabase({ path, busyMs: 1000 });
  await db.executeQuery(CompiledQuery.raw("pragma wal_checkpoint(truncate)"));
  await db.destroy();
}

describe("a store that can't be used", () => {
  test("a file that is no database: a sentence that names repair, which begins a new one and keeps the file", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      const text = "this is not a database\n".repeat(100);
      await writeFile(path, text);
      const kept = await keepRun(await ownRecord(), gif, { path });
      expect(kept).toMatchObject({ state: "not-stored" });
      expect((kept as { warning: string }).warning).toMatch(
        /^The run is not in the store: .*runs\.db is damaged or no database \(.+\)\. volumark runs repair saves .+\.$/,
      );
      const result = await repairStore({ path });
      expect(result).toMatchObject({ state: "repaired", saved: 0, lost: 0 });
      if (result.state === "repaired") expect(await readFile(result.movedTo, "utf8")).toBe(text);
      expect(await keepRun(await ownRecord(), gif, { path })).toEqual({ state: "stored", id: "tiny" });
    }));

  test("pages that were overwritten cost the runs on them and no others", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await makeStore(path, 40);
      const bytes = await readFile(path);
      const at = bytes.indexOf((await openedRecord(path, "run020")) as Uint8Array);
      expect(at).toBeGreaterThan(0);
      bytes.fill(0xa5, at - (at % 4096), at - (at % 4096) + 4096);
      await writeFile(path, bytes);
      const result = await repairStore({ path });
      if (result.state !== "repaired") throw new Error(`it is ${result.state}`);
      expect(result.saved).toBeGreaterThan(30);
      expect(result.saved).toBeLessThan(40);
      const store = await openStore({ path });
      expect(await store.list({ limit: 100 })).toHaveLength(result.saved);
      expect((await store.get("run000")).summary.acknowledged).toBe("seen");
      await expect(store.get("run020")).rejects.toMatchObject({ code: "unknown-run" });
      await store.close();
      expect(await repairStore({ path })).toEqual({ state: "healthy", runs: result.saved });
    }));

  test("a file that was cut off is repaired", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await makeStore(path, 10);
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, bytes.length - 3 * 4096 - 100));
      expect((await repairStore({ path })).state).toBe("repaired");
      expect(await repairStore({ path })).toMatchObject({ state: "healthy" });
    }));

  test("repair leaves a store in order alone, also one of an earlier version", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      expect(await repairStore({ path })).toEqual({ state: "absent" });
      expect(existsSync(path)).toBe(false);
      await copyFile(VERSION_1, path);
      expect(await repairStore({ path })).toEqual({ state: "healthy", runs: 3 });
      expect((await readdir(folder)).filter((name) => name.includes("damaged"))).toEqual([]);
    }));

  test("a store that another program holds: the run waits no longer than it may, and says so", () =>
    withFolder(async (folder) => {
      const path = join(folder, "runs.db");
      await makeStore(path, 1);
      const other = await openDatabase({ path, busyMs: 0 });
      await other.executeQuery(CompiledQuery.raw("begin immediate"));
      const kept = await keepRun(await ownRecord(), gif, { path, busyMs: 20 });
      expect((kept as { warning: string }).warning).toContain("runs.db is locked by another program. Try again");
      await other.executeQuery(CompiledQuery.raw("rollback"));
      await other.destroy();
      expect(await keepRun(await ownRecord(), gif, { path })).toMatchObject({ state: "stored" });
    }));

  test("a folder in the file's place, and a file in the folder's", () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, "runs.db"));
      await writeFile(join(folder, "file"), "");
      for (const path of [join(folder, "runs.db"), join(folder, "file", "runs.db")]) {
        const kept = await keepRun(await ownRecord(), gif, { path });
        expect((kept as { warning: string }).warning).toMatch(/runs\.db can't be opened .+VOLUMARK_DATA/);
      }
    }));
});

/** The bytes of a record as they lie in the file. */
async function openedRecord(path: string, id: string): Promise<Uint8Array | undefined> {
  const db = await openDatabase({ path, busyMs: 1000 });
  const row = await db.selectFrom("runRecords").select("bytes").where("id", "=", id).executeTakeFirst();
  await db.destroy();
  return row?.bytes.slice(0, 200);
}
