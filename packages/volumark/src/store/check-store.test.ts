/** What a check says of a store, without changing it. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openKeys } from "../keys/keys.ts";
import { onEachDatabase } from "../queue/fixtures/queues.ts";
import { checkStore } from "./check-store.ts";
import { VERSION_1, withFolder } from "./fixtures/stores.ts";
import { STORE_VERSION } from "./migrations.ts";

onEachDatabase((withBench) => {
  test("this version, with and without keys; a newer one", () =>
    withBench({}, async ({ store }) => {
      const where = store.dialect === "sqlite" ? { path: store.path } : { url: store.path };
      expect(await checkStore(where)).toEqual({ ok: true, detail: `${store.path} is of this version`, keys: false });
      const { key } = await openKeys({ store }).add("ci", "run");
      expect((await checkStore(where)).keys).toBe(true);
      await openKeys({ store }).revoke(key.id);
      expect((await checkStore(where)).keys).toBe(false);
      await store.db.updateTable("storeVersion").set({ version: 99 }).execute();
      const newer = await checkStore(where);
      expect([newer.ok, newer.detail]).toEqual([false, expect.stringContaining("is of version 99")]);
    }));
});

test("one of an earlier version will be brought to this one, and stays as it is", () =>
  withFolder(async (folder) => {
    const path = join(folder, "runs.db");
    await copyFile(VERSION_1, path);
    for (let round = 0; round < 2; round++) {
      expect(await checkStore({ path })).toMatchObject({
        ok: true,
        detail: `${path} is of version 1 and will be brought to ${STORE_VERSION}`,
      });
    }
  }));

test("none there yet will be made, and is not made; something else is refused", () =>
  withFolder(async (folder) => {
    const path = join(folder, "runs.db");
    expect(await checkStore({ path })).toMatchObject({ ok: true, detail: `${path} will be made` });
    await expect(readFile(path)).rejects.toThrow("ENOENT");
    await writeFile(path, "some text that is no database ".repeat(100));
    expect(await checkStore({ path })).toMatchObject({ ok: false, detail: expect.stringContaining("no database") });
    expect(await checkStore({ url: "mysql://x/y" })).toMatchObject({ ok: false });
  }));
