/** Old runs removed on each database that there is here. */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, madeRun, onEachDatabase, request, WORKER } from "../queue/fixtures/queues.ts";
import { DRIVER_REASONS, ownRecord, withFolder } from "./fixtures/stores.ts";
import { giveSpaceBack, keepPruned, pruneStore } from "./prune.ts";
import type { KeepPolicy } from "./retention.ts";
import { openStore, type RunStore } from "./store.ts";

const ALL: KeepPolicy = { days: null, runs: null, bytes: null };
const id = (n: number) => `0af1c2d3-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** A run of a job, stored so many days ago. */
async function finished({ queue, store }: Bench, n: number, days: number): Promise<string> {
  const { job } = await queue.submit(request());
  const claim = await queue.claim(WORKER);
  await queue.finish(claim!, await madeRun(id(n)), { status: "finished", reason: null, durationMs: 1 });
  await age(store, n, days);
  return job.id;
}

async function age({ db }: RunStore, n: number, days: number): Promise<void> {
  const storedAt = new Date(Date.now() - days * 86_400_000).toISOString();
  await db.updateTable("runs").set({ storedAt }).where("id", "=", id(n)).execute();
}

async function rows({ db }: RunStore): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ["runs", "runRecords", "gifParts", "jobs", "jobEvents"] as const) {
    counts[table] = (await db.selectFrom(table).selectAll().execute()).length;
  }
  return counts;
}

onEachDatabase((withBench, dialect) => {
  test("an old run goes with its record, its GIF, its job and the job's events; what waits or is being made stays", () =>
    withBench({}, async (bench) => {
      const { store, queue } = bench;
      await finished(bench, 1, 40);
      const young = await finished(bench, 2, 1);
      const { job: running } = await queue.submit(request());
      await queue.claim(WORKER);
      const { job: waiting } = await queue.submit(request());
      const { job: cancelled } = await queue.submit(request());
      await queue.cancel(cancelled.id);
      await store.db
        .updateTable("jobs")
        .set({ endedAt: "2020-01-01T00:00:00.000Z", submittedAt: "2020-01-01T00:00:00.000Z" })
        .where("id", "in", [cancelled.id, waiting.id, running.id])
        .execute();
      const policy = { ...ALL, days: 30 };
      const dry = await pruneStore(store, policy, { dryRun: true });
      expect(dry.removed.map(({ run, job }) => run ?? job)).toEqual([cancelled.id, id(1)]);
      expect(await rows(store)).toMatchObject({ runs: 2, gifParts: 2, jobs: 5 });
      const pruned = await pruneStore(store, policy);
      expect([pruned.items, pruned.freedBytes]).toEqual([3, dry.freedBytes]);
      expect(await rows(store)).toMatchObject({ runs: 1, runRecords: 1, gifParts: 1, jobs: 3 });
      const left = await store.db.selectFrom("jobs").select("id").execute();
      expect(left.map((job) => job.id).sort()).toEqual([young, running.id, waiting.id].sort());
      const events = await store.db.selectFrom("jobEvents").select("job").distinct().execute();
      expect(events.map(({ job }) => job).sort()).toEqual([young, running.id, waiting.id].sort());
      expect((await store.get(id(2))).whole).toBe(true);
    }));

  test("an acknowledged run stays, also when somebody says so after the decision", () =>
    withBench({}, async (bench) => {
      const { store } = bench;
      for (let n = 1; n <= 3; n++) await finished(bench, n, 40 - n);
      await store.acknowledge(id(1), "the reference");
      const { removed } = await pruneStore(store, { ...ALL, runs: 0 }, { dryRun: true });
      expect(removed.map(({ run }) => run)).toEqual([id(2), id(3)]);
      // Between two transactions there is a pause.
      const pruning = pruneStore(store, { ...ALL, runs: 0 }, { pauseMs: 300 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      await store.acknowledge(id(3), "this one as well");
      expect((await pruning).removed.map(({ run }) => run)).toEqual([id(2)]);
      expect((await store.list()).map((run) => run.id).sort()).toEqual([id(1), id(3)]);
    }));

  test("a GIF that another run has stays, and its bytes are not counted as freed", () =>
    withBench({}, async ({ store }) => {
      const gif = Buffer.from("GIF89a of both");
      for (const n of [1, 2]) await store.add(await ownRecord({ id: id(n) }), gif);
      await age(store, 1, 40);
      const both = await pruneStore(store, { ...ALL, runs: 0 }, { dryRun: true });
      const first = await pruneStore(store, { ...ALL, runs: 1 });
      expect(Buffer.compare((await store.gif(id(2)))!, gif)).toBe(0);
      const second = await pruneStore(store, { ...ALL, runs: 0 });
      expect(first.freedBytes).toBe(first.removed[0]!.bytes);
      expect(second.freedBytes).toBe(second.removed[0]!.bytes + gif.length);
      expect(both.freedBytes).toBe(first.freedBytes + second.freedBytes);
      expect(await rows(store)).toMatchObject({ runs: 0, runRecords: 0, gifParts: 0 });
    }));

  test("a server prunes by itself until it ends, and goes on after something went wrong", () =>
    withBench({}, async (bench) => {
      const { store } = bench;
      await finished(bench, 1, 40);
      const stop = new AbortController();
      let problems = 0;
      const seen: string[] = [];
      const keeping = keepPruned(
        store,
        { ...ALL, days: 30 },
        {
          signal: stop.signal,
          everyMs: 20,
          onPruned: ({ removed }) => {
            seen.push(...removed.map((one) => one.id));
            if (seen.length === 2) stop.abort();
            else void finished(bench, 2, 40);
          },
          onProblem: () => {
            problems++;
          },
        },
      );
      await keeping;
      expect([seen, problems]).toEqual([[id(1), id(2)], 0]);
    }));

  test(dialect === "sqlite" ? "space is given back" : "space is kept for what is stored next", () =>
    withBench({}, async ({ store }) => {
      const add = async (n: number) => store.add(await ownRecord({ id: id(n) }), randomBytes(1_000_000));
      for (let n = 1; n <= 4; n++) await add(n);
      await pruneStore(store, { ...ALL, runs: 1 });
      const { beforeBytes, afterBytes, heldBytes } = await giveSpaceBack(store);
      expect(heldBytes).toBe(dialect === "sqlite" ? 0 : null);
      if (dialect === "postgres") {
        for (let n = 5; n <= 7; n++) await add(n);
        expect((await giveSpaceBack(store)).afterBytes).toBeLessThan(beforeBytes + 1e6);
        return;
      }
      expect(beforeBytes).toBeGreaterThan(4e6);
      expect(afterBytes).toBeLessThan(1.2e6);
      expect((await stat(store.path)).size).toBe(afterBytes);
    }),
  );
});

for (const [driver, reason] of DRIVER_REASONS) {
  test.skipIf(reason !== null)(
    `a file from before space could be given back is written anew where that is asked for, by ${driver}${reason === null ? "" : `: skipped, ${reason}`}`,
    () =>
      withFolder(async (folder) => {
        const path = join(folder, "runs.db");
        const store = await openStore({ path, driver });
        const { sql } = await import("kysely");
        await sql.raw("pragma auto_vacuum = none").execute(store.db);
        await sql.raw("vacuum").execute(store.db);
        for (let n = 1; n <= 3; n++) await store.add(await ownRecord({ id: id(n) }), new Uint8Array(1_000_000).fill(n));
        await pruneStore(store, { ...ALL, runs: 1 });
        const held = await giveSpaceBack(store);
        expect(held.heldBytes).toBeGreaterThan(1.9e6);
        expect(held.afterBytes).toBe(held.beforeBytes);
        const space = await giveSpaceBack(store, { whole: true });
        expect(space.heldBytes).toBe(0);
        expect(space.afterBytes).toBeLessThan(1.2e6);
        await store.add(await ownRecord({ id: id(9) }), new Uint8Array(1_000_000).fill(9));
        await pruneStore(store, { ...ALL, runs: 0 });
        expect((await giveSpaceBack(store)).afterBytes).toBeLessThan(0.3e6);
        await store.close();
      }),
  );
}
