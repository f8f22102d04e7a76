/** The same behaviour from every driver that this Node has. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunRecord, readRecord, recordText } from "@volumark/measure";
import fc from "fast-check";
import { CompiledQuery } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DRIVER_REASONS, foreignRecord, ownRecord } from "./fixtures/stores.ts";
import { openDatabase, openStore, type RunStore } from "./store.ts";

for (const [driver, reason] of DRIVER_REASONS) {
  if (reason !== null) {
    test.skip(`a store on ${driver} (${reason})`, () => undefined);
    continue;
  }
  describe(`a store on ${driver}`, () => {
    let folder: string;
    let path: string;
    let store: RunStore;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "volumark-store-"));
      path = join(folder, "deep", "runs.db");
      store = await openStore({ path, driver });
    });
    afterEach(async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Rows of a table, whatever the store says of itself. */
    async function count(table: "runs" | "runRecords" | "gifParts"): Promise<number> {
      const db = await openDatabase({ path, busyMs: 1000, driver });
      const { rows } = await db.executeQuery<{ n: number }>(CompiledQuery.raw(`select count(*) as n from "${table}"`));
      await db.destroy();
      return Number(rows[0].n);
    }

    test("an own record comes back as the same text, after the store was closed", async () => {
      const record = await ownRecord();
      const text = recordText(record);
      expect(await store.add(record)).toEqual({ id: record.run.id, added: true });
      await store.close();
      store = await openStore({ path, driver });
      const stored = await store.get(record.run.id);
      expect(recordText(stored.record as RunRecord)).toBe(text);
      expect(stored.whole).toBe(true);
      expect((await readRecord(JSON.parse(recordText(stored.record as RunRecord)))).status).toBe("record");
    });

    test("after it was closed its log holds no space on the disk", async () => {
      for (let i = 0; i < 40; i++)
        await store.add(await ownRecord({ id: `run-${i}` }), new Uint8Array(200_000).fill(i));
      await store.close();
      const { size } = await stat(`${path}-wal`).catch(() => ({ size: 0 }));
      expect(size).toBe(0);
      store = await openStore({ path, driver });
      expect(await store.list({ limit: 50 })).toHaveLength(40);
    });

    test("the row of an own record says what its record says", async () => {
      const record = await ownRecord();
      await store.add(record);
      const [summary] = await store.list();
      expect(summary).toMatchObject({
        id: record.run.id,
        startedAt: new Date(record.run.startedAt).toISOString(),
        source: "own",
        settingsHash: record.run.settingsHash,
        cpu: "Example CPU",
        status: "done",
        frames: 2,
        passes: 1,
        totalNs: 25_000_000,
        fieldNs: 2_000_000,
        surfaceNs: 3_000_000,
        pictureNs: 4_000_000,
        distrust: [],
        acknowledged: null,
      });
    });

    test("another program's record comes back equal, is foreign, and is taken in once", async () => {
      const record = await foreignRecord();
      const { id, added } = await store.add(record);
      expect(added).toBe(true);
      const { record: stored, summary } = await store.get(id);
      expect(JSON.parse(recordText(stored as RunRecord))).toEqual(await foreignRecord());
      expect(summary).toMatchObject({ source: "foreign", settingsHash: null, grade: null, convertNs: null });
      expect(summary.distrust.length).toBeGreaterThan(0);
      expect(await store.add(await foreignRecord())).toEqual({ id, added: false });
      expect(await count("runs")).toBe(1);
    });

    test("keys that nobody knows survive, wherever they are", async () => {
      const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__");
      // JSON has no −0 and no undefined.
      const value = fc.jsonValue().map((one) => JSON.parse(JSON.stringify(one)) as unknown);
      const extras = fc.dictionary(key, value, { maxKeys: 4 });
      let n = 0;
      await fc.assert(
        fc.asyncProperty(extras, extras, async (top, inRun) => {
          const record = await ownRecord({ id: `extra-${n++}` });
          Object.assign(record, { ...top, ...record });
          Object.assign(record.run, { ...inRun, ...record.run });
          const { id } = await store.add(record);
          expect(recordText((await store.get(id)).record as RunRecord)).toBe(recordText(record));
        }),
        { seed: 8, numRuns: 30 },
      );
    });

    test("equal GIFs are there once, and go with the last run that has them", async () => {
      const ids = ["a1", "b2", "c3"];
      for (const id of ids) await store.add(await ownRecord({ id }));
      expect([await count("runs"), await count("gifParts")]).toEqual([3, 1]);
      expect(await store.remove(["a1", "b2"])).toEqual(["a1", "b2"]);
      expect([await count("runs"), await count("runRecords"), await count("gifParts")]).toEqual([1, 1, 1]);
      const gif = await store.gif("c3");
      expect(Buffer.from(gif!).equals(Buffer.from((await ownRecord()).gif_data, "base64"))).toBe(true);
      await store.remove(["c3"]);
      expect([await count("runs"), await count("runRecords"), await count("gifParts")]).toEqual([0, 0, 0]);
    });

    test.each([0, 1, 1024 ** 2 - 1, 1024 ** 2, 1024 ** 2 + 1, 2.5 * 1024 ** 2])(
      "a GIF of %d bytes in chunks comes back to the byte",
      async (length) => {
        const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
        const record = await ownRecord();
        record.file_size_bytes = length;
        function* chunks() {
          for (let at = 0; at < length; at += 300_000) yield bytes.subarray(at, at + 300_000);
        }
        await store.add({ ...record, gif_data: "", gif_bytestream: [] }, { length, chunks });
        const gif = await store.gif(record.run.id);
        if (length === 0) expect(gif).toBeNull();
        else expect(Buffer.from(gif!).equals(bytes)).toBe(true);
        const stored = (await store.get(record.run.id)).record;
        expect(stored.gif_data).toBe(Buffer.from(bytes).toString("base64"));
      },
    );

    test("a GIF that is too long is left out, and the run says that it is not whole", async () => {
      await store.close();
      store = await openStore({ path, driver, gifBytes: 65 });
      const record = await ownRecord();
      await store.add(record);
      const stored = await store.get(record.run.id);
      expect([stored.whole, stored.record.gif_data, await store.gif(record.run.id)]).toEqual([false, "", null]);
      expect(stored.record.file_size_bytes).toBe(66);
    });

    test("a foreign record whose two GIFs differ keeps both as they are", async () => {
      const record = await foreignRecord();
      record.gif_bytestream[60] ^= 1;
      const { id } = await store.add(record);
      const { record: stored, summary } = await store.get(id);
      expect(stored).toEqual(record);
      expect(summary.distrust.join()).toContain("not the same bytes");
    });

    test("the same run twice is stored once; another run with its id is refused", async () => {
      await store.add(await ownRecord());
      expect(await store.add(await ownRecord())).toEqual({ id: "tiny", added: false });
      const other = await ownRecord();
      other.run.lanes++;
      await expect(store.add(other)).rejects.toMatchObject({ code: "conflict" });
      expect(await count("runs")).toBe(1);
    });

    test("lists are newest first, page by page without a gap, and filtered", async () => {
      for (let i = 0; i < 7; i++) {
        const second = String(i >> 1).padStart(2, "0");
        await store.add(await ownRecord({ id: `r${i}`, startedAt: `2026-01-02T03:04:${second}.000Z` }));
      }
      await store.add(await foreignRecord());
      const all = (await store.list()).map(({ id }) => id);
      expect(all.slice(1)).toEqual(["r6", "r5", "r4", "r3", "r2", "r1", "r0"]);
      const paged: string[] = [];
      for (let page = await store.list({ limit: 3 }); page.length > 0; ) {
        paged.push(...page.map(({ id }) => id));
        page = await store.list({ limit: 3, before: page.at(-1)! });
      }
      expect(paged).toEqual(all);
      expect(await store.list({ filter: { source: "foreign" } })).toHaveLength(1);
      expect(await store.list({ filter: { scene: "no such scene" } })).toEqual([]);
    });

    test("a start with an offset is put in order by its instant", async () => {
      await store.add(await ownRecord({ id: "late", startedAt: "2026-01-02T03:30:00Z" }));
      await store.add(await ownRecord({ id: "early", startedAt: "2026-01-02T05:00:00+02:00" }));
      expect((await store.list()).map(({ id }) => id)).toEqual(["late", "early"]);
    });

    test("the beginning of an id will do where it means one run; else the candidates are named", async () => {
      for (const id of ["abc1", "abc2", "abc"]) await store.add(await ownRecord({ id }));
      await store.add(await ownRecord({ id: "Other_1%" }));
      expect((await store.get("ABC1")).summary.id).toBe("abc1");
      expect((await store.get("abc")).summary.id).toBe("abc");
      expect((await store.get("Other_1%")).summary.id).toBe("Other_1%");
      await expect(store.get("ab")).rejects.toMatchObject({
        code: "ambiguous",
        candidates: ["abc", "abc1", "abc2"],
      });
      for (const unknown of ["zz", "", "%", "a_c1", "abc1x"])
        await expect(store.get(unknown)).rejects.toMatchObject({ code: "unknown-run" });
    });

    test("runs are removed all or none", async () => {
      await store.add(await ownRecord());
      await expect(store.remove(["tiny", "nobody"])).rejects.toMatchObject({ code: "unknown-run" });
      expect(await count("runs")).toBe(1);
    });

    test("a note is kept with the run and can be taken back", async () => {
      await store.add(await ownRecord());
      expect(await store.acknowledge("ti", " another machine ")).toBe("tiny");
      expect((await store.list())[0].acknowledged).toBe("another machine");
      await store.acknowledge("tiny", "");
      expect((await store.list())[0]).toMatchObject({ acknowledged: null, acknowledgedAt: null });
    });

    test("a series is oldest first and leaves out runs that do not know the stage", async () => {
      await store.add(await ownRecord({ id: "b", startedAt: "2026-01-02T00:00:01Z" }));
      await store.add(await ownRecord({ id: "a", startedAt: "2026-01-02T00:00:02Z" }));
      await store.add(await foreignRecord());
      const convert = await store.series("convert");
      expect(convert.map(({ id }) => id)).toEqual(["b", "a"]);
      expect(convert[0]).toEqual({
        id: "b",
        startedAt: "2026-01-02T00:00:01.000Z",
        ns: (await store.list())[1].convertNs,
        settingsHash: (await ownRecord()).run.settingsHash,
        machine: (await store.list())[1].machine,
      });
      expect(await store.series("field")).toHaveLength(3);
      expect((await store.series("total", { source: "foreign" })).map(({ ns }) => ns)).toEqual([2_170_000_000]);
    });

    test("work at once in one process does not mix transactions", async () => {
      const ids = Array.from({ length: 20 }, (_, i) => `p${i}`);
      const records = await Promise.all(ids.map((id) => ownRecord({ id })));
      await Promise.all([...records.map((record) => store.add(record)), store.list(), store.series("field")]);
      expect(await count("runs")).toBe(20);
    });

    test("a change in passing does not wait for the disk, and the one after it does again, also where it failed", async () => {
      for (const [durable, after] of [
        [true, 2],
        [false, 1],
      ] as const) {
        const kept = await openStore({ path: join(folder, `${durable}.db`), driver, durable });
        const levelOf = async (db: Pick<typeof kept.db, "executeQuery">) => {
          const { rows } = await db.executeQuery<{ synchronous: number }>(CompiledQuery.raw("pragma synchronous"));
          return Number(rows[0]!.synchronous);
        };
        const seen = await Promise.all([
          kept.undurable((changes) => levelOf(changes)),
          levelOf(kept.db),
          kept.undurable((changes) => levelOf(changes)),
          kept.db.transaction().execute((changes) => levelOf(changes)),
        ]);
        expect(seen).toEqual([1, after, 1, after]);
        await expect(
          kept.undurable(async (changes) => {
            await changes.deleteFrom("runs").execute();
            throw new Error("planted");
          }),
        ).rejects.toThrow("planted");
        expect(await levelOf(kept.db)).toBe(after);
        expect((await kept.add(await ownRecord())).added).toBe(true);
        await kept.close();
      }
    });

    test("a disk that is full is called that, and nothing of the run stays", async () => {
      const db = await openDatabase({ path, busyMs: 1000, driver });
      await db.executeQuery(CompiledQuery.raw("pragma max_page_count = 60"));
      const bytes = new Uint8Array(1_000_000);
      const adding = db.transaction().execute(async (changes) => {
        await changes
          .insertInto("gifParts")
          .values({ hash: "small", part: 0, bytes: new Uint8Array(1) })
          .execute();
        await changes.insertInto("gifParts").values({ hash: "large", part: 0, bytes }).execute();
      });
      await expect(adding).rejects.toMatchObject({ code: "full" });
      await db.destroy();
      expect(await count("gifParts")).toBe(0);
    });

    test.each([
      ["the last runs", 'select * from "runs" order by "startedAt" desc, "id" desc limit 50', "runsByStart"],
      [
        "those of a scene",
        `select * from "runs" where "scene" = 'x' order by "startedAt" desc, "id" desc`,
        "runsByScene",
      ],
      [
        "a history of equal settings",
        `select "startedAt", "id" from "runs" where "settingsHash" = 'x' order by "startedAt", "id"`,
        "runsBySettings",
      ],
      ["others with a GIF", `select "id" from "runs" where "gifHash" = 'x'`, "runsByGif"],
    ])("%s are found by an index, without sorting", async (_what, text, index) => {
      const db = await openDatabase({ path, busyMs: 1000, driver });
      const { rows } = await db.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${text}`));
      await db.destroy();
      const plan = rows.map(({ detail }) => detail).join("; ");
      expect(plan).toContain(index);
      expect(plan).not.toContain("TEMP B-TREE");
    });
  });
}
