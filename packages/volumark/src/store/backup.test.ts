/** Backups of each database that there is here, whole or not at all, and what they are good for. */
import { existsSync } from "node:fs";
import { copyFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bench, madeRun, onEachDatabase, request, WORKER } from "../queue/fixtures/queues.ts";
import { openQueue } from "../queue/queue.ts";
import { type BackupSource, backupStore, restoreStore } from "./backup.ts";
import { ownRecord, VERSION_1, withFolder } from "./fixtures/stores.ts";
import { openStore } from "./store.ts";

const id = (n: number) => `0af1c2d3-0000-4000-8000-${String(n).padStart(12, "0")}`;

async function fill({ queue, store }: Bench): Promise<void> {
  for (let n = 1; n <= 2; n++) {
    await queue.submit(request());
    const claim = await queue.claim(WORKER);
    await queue.finish(claim!, await madeRun(id(n)), { status: "finished", reason: null, durationMs: 1 });
  }
  await store.add(
    await ownRecord(),
    new Uint8Array(2_500_000).map((_, i) => i % 251),
  );
  await store.acknowledge(id(1), "the reference");
  await queue.submit(request());
}

const sourceOf = ({ store }: Bench): BackupSource =>
  store.dialect === "sqlite" ? { path: store.path } : { url: store.path };

onEachDatabase((withBench) => {
  test("a backup has every run with its GIF, every job with its events, and goes on where the store was", () =>
    withBench({}, async (bench) =>
      withFolder(async (folder) => {
        await fill(bench);
        const path = join(folder, "backup.db");
        const result = await backupStore(sourceOf(bench), path);
        expect(result).toMatchObject({ path, runs: 3, jobs: 3 });
        expect(await readdir(folder)).toEqual(["backup.db"]);
        const copy = await openStore({ path });
        const queue = openQueue({ store: copy, watch: false });
        try {
          for (const one of await bench.store.list()) {
            expect((await copy.list()).find((other) => other.id === one.id)).toEqual(one);
            expect((await copy.get(one.id)).record).toEqual((await bench.store.get(one.id)).record);
            expect(Buffer.compare((await copy.gif(one.id))!, (await bench.store.gif(one.id))!)).toBe(0);
          }
          const { jobs } = await bench.queue.list();
          expect((await queue.list()).jobs).toEqual(jobs);
          for (const { id } of jobs)
            expect(await queue.eventsAfter(id, 0)).toEqual(await bench.queue.eventsAfter(id, 0));
          expect((await queue.submit(request())).job.number).toBe(4);
          expect((await queue.claim(WORKER))?.job.number).toBe(3);
        } finally {
          await queue.close();
          await copy.close();
        }
      }),
    ));

  test("while others write, it has one moment: each finished job with its run, and nothing twice", () =>
    withBench({}, async (bench) =>
      withFolder(async (folder) => {
        let writing = true;
        let n = 10;
        const other = await bench.other();
        const writer = (async () => {
          while (writing) {
            await other.submit(request());
            const claim = await other.claim(WORKER);
            await other.finish(claim!, await madeRun(id(n++)), { status: "finished", reason: null, durationMs: 1 });
          }
        })();
        try {
          for (let round = 0; round < 3; round++) {
            const path = join(folder, `${round}.db`);
            const { runs } = await backupStore(sourceOf(bench), path);
            const copy = await openStore({ path });
            const jobs = await copy.db.selectFrom("jobs").selectAll().execute();
            const done = jobs.filter(({ status }) => status === "finished");
            expect(done.length).toBe(runs);
            expect(jobs.length - done.length).toBeLessThanOrEqual(1);
            for (const { runId } of done) expect((await copy.get(runId!)).whole).toBe(true);
            await copy.close();
          }
        } finally {
          writing = false;
          await writer;
        }
      }),
    ));

  test("a file that is there is not replaced unless that is asked for", () =>
    withBench({}, async (bench) =>
      withFolder(async (folder) => {
        const path = join(folder, "backup.db");
        await writeFile(path, "mine");
        await expect(backupStore(sourceOf(bench), path)).rejects.toMatchObject({ code: "conflict" });
        expect(await readFile(path, "utf8")).toBe("mine");
        expect(await backupStore(sourceOf(bench), path, { replace: true })).toMatchObject({ runs: 0 });
        expect(await readdir(folder)).toEqual(["backup.db"]);
      }),
    ));
});

describe("what is wrong leaves nothing behind", () => {
  test("no store, no database, a folder that can't be made", () =>
    withFolder(async (folder) => {
      const to = join(folder, "backup.db");
      await expect(backupStore({ path: join(folder, "none.db") }, to)).rejects.toThrow("there is no store at");
      expect(existsSync(join(folder, "none.db"))).toBe(false);
      await expect(backupStore({ url: "postgres://nobody@127.0.0.1:1/none" }, to)).rejects.toMatchObject({
        code: "unusable",
      });
      await writeFile(join(folder, "file"), "");
      const store = await openStore({ path: join(folder, "runs.db") });
      await store.close();
      await expect(backupStore({ path: store.path }, join(folder, "file", "b.db"))).rejects.toThrow("can't be");
      expect((await readdir(folder)).filter((name) => /tmp|backup/.test(name))).toEqual([]);
    }));
});

describe("a backup is restored", () => {
  const backedUp = async (folder: string) => {
    const store = await openStore({ path: join(folder, "runs.db") });
    await store.add(await ownRecord());
    await store.close();
    const backup = join(folder, "backup.db");
    await backupStore({ path: store.path }, backup);
    return { backup, path: store.path };
  };

  test("into a folder that is not there yet", () =>
    withFolder(async (folder) => {
      const { backup } = await backedUp(folder);
      const path = join(folder, "new", "runs.db");
      expect(await restoreStore(backup, path)).toMatchObject({ runs: 1, movedTo: null });
      const store = await openStore({ path });
      expect((await store.get("tiny")).record).toEqual(await ownRecord());
      await store.close();
    }));

  test("over another only where that is asked for, and the other is kept", () =>
    withFolder(async (folder) => {
      const { backup } = await backedUp(folder);
      // A file that this process has never opened: a connection that was closed may hold one for a while.
      const path = join(folder, "other.db");
      await copyFile(VERSION_1, path);
      await expect(restoreStore(backup, path)).rejects.toMatchObject({ code: "conflict" });
      const { movedTo } = await restoreStore(backup, path, { replace: true });
      const [now, old] = [await openStore({ path }), await openStore({ path: movedTo! })];
      expect([(await now.list()).length, (await old.list()).length]).toEqual([1, 3]);
      await now.close();
      await old.close();
    }));

  test("not while somebody has the store open, whose runs would be lost", () =>
    withFolder(async (folder) => {
      const { backup, path } = await backedUp(folder);
      const store = await openStore({ path });
      try {
        await expect(restoreStore(backup, path, { replace: true })).rejects.toMatchObject({ code: "locked" });
        await store.add(await ownRecord({ id: id(5) }));
        expect(await store.list()).toHaveLength(2);
      } finally {
        await store.close();
      }
      expect((await readdir(folder)).filter((name) => name.includes("tmp"))).toEqual([]);
    }));

  test("not from a file that is cut off, changed, or something else; what was there is as it was", () =>
    withFolder(async (folder) => {
      const { backup, path } = await backedUp(folder);
      const bytes = await readFile(backup);
      const at = join(folder, "wrong.db");
      const cases: (() => Promise<void>)[] = [
        async () => {
          await copyFile(backup, at);
          await truncate(at, bytes.length - 4096);
        },
        () => writeFile(at, Buffer.from(bytes).fill(0xa5, 8192, 12_288)),
        () => writeFile(at, "not a database, however long this text may be ".repeat(200)),
        () => writeFile(at, ""),
      ];
      for (const prepare of cases) {
        await prepare();
        await expect(restoreStore(at, path, { replace: true })).rejects.toMatchObject({
          code: "damaged",
          message: `store: ${at} is damaged, or no backup of volumark's. Take the backup again, or restore another one.`,
        });
        const store = await openStore({ path });
        expect(await store.list()).toHaveLength(1);
        await store.close();
      }
      expect((await readdir(folder)).filter((name) => /tmp|before/.test(name))).toEqual([]);
      await expect(restoreStore(join(folder, "none.db"), path, { replace: true })).rejects.toThrow("there is no file");
    }));

  test("of an earlier version, which is brought to this one when it is opened", () =>
    withFolder(async (folder) => {
      const old = join(folder, "old.db");
      await copyFile(VERSION_1, old);
      const path = join(folder, "new", "runs.db");
      expect(await restoreStore(old, path)).toMatchObject({ runs: 3, jobs: 0 });
      const store = await openStore({ path });
      expect(await store.list()).toHaveLength(3);
      await store.close();
    }));
});
