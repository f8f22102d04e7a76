/** One suite for every database: what the door promises. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { madeRun, onEachDatabase, request, WORKER } from "./fixtures/queues.ts";
import type { Claim, JobEvent } from "./job-types.ts";
import type { JobQueue } from "./queue.ts";
import { QueueError } from "./queue-error.ts";
import { ownProcess } from "./worker-process.ts";

const DONE = { status: "finished", reason: null, durationMs: 40 } as const;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

async function claimed(
  queue: JobQueue,
  worker: { id: string; label: string; shares?: boolean } = WORKER,
): Promise<Claim> {
  const claim = await queue.claim(worker);
  if (!claim) throw new Error("there was nothing to claim");
  return claim;
}

async function kinds(queue: JobQueue, id: string): Promise<string[]> {
  return (await queue.eventsAfter(id, 0)).events.map(({ kind }) => kind);
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof QueueError ? error.code : error;
}

const frame = (n: number) => ({ kind: "frame", data: { frame: n } }) as const;

onEachDatabase((withBench, dialect) => {
  describe("submitting", () => {
    test("a submitted job is there for another process at once, as it was asked for", () =>
      withBench({}, async ({ queue, other }) => {
        const asked = request({
          options: { lanes: 2, backend: "wasm" },
          machine: "machine-1",
          settings: { scene: "\u0000 seed", n: 1e21 },
        });
        const { job, created, position } = await queue.submit(asked);
        expect({ created, position, number: job.number, status: job.status }).toEqual({
          created: true,
          position: 0,
          number: 1,
          status: "queued",
        });
        expect(await (await other()).get(job.id)).toEqual(job);
        expect(job).toMatchObject({
          settings: asked.settings,
          options: asked.options,
          machine: "machine-1",
          frames: 2,
        });
        expect(await kinds(queue, job.id)).toEqual(["queued"]);
      }));

    test("one key is one job, from however many processes it comes at once; with another request it is a conflict", () =>
      withBench({}, async ({ queue, other }) => {
        const second = await other();
        const asked = request({ idempotencyKey: "key" });
        const all = await Promise.all([queue, second, queue, second].map((one) => one.submit(asked)));
        expect(new Set(all.map(({ job }) => job.id)).size).toBe(1);
        expect(all.filter(({ created }) => created)).toHaveLength(1);
        expect((await queue.counts()).queued).toBe(1);
        expect(await codeOf(queue.submit(request({ idempotencyKey: "key", settings: { scene: "other" } })))).toBe(
          "idempotency-conflict",
        );
      }));

    test("the queue takes exactly its limit, also from two processes at once, and says both numbers and when to come again", () =>
      withBench({ mostQueued: 5 }, async ({ queue, other }) => {
        const second = await other();
        const asked = await Promise.allSettled(
          Array.from({ length: 12 }, (_, i) => (i % 2 ? queue : second).submit(request())),
        );
        const refused = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as QueueError] : []));
        expect((await queue.counts()).queued).toBe(5);
        expect(refused).toHaveLength(7);
        expect(refused[0]!.code).toBe("queue-full");
        expect(refused[0]!.data).toEqual({ queued: 5, limit: 5, retryAfterMs: 5000 });
        const { jobs } = await queue.list({ order: "ascending" });
        expect(jobs.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
        await claimed(queue);
        expect((await queue.submit(request())).created).toBe(true);
      }));

    test("a key that is known is answered though the queue is full", () =>
      withBench({ mostQueued: 1 }, async ({ queue }) => {
        const { job } = await queue.submit(request({ idempotencyKey: "k" }));
        expect(await queue.submit(request({ idempotencyKey: "k" }))).toEqual({ job, created: false, position: 0 });
      }));

    test("where the disk has less room than is kept for runs, nothing is taken in and the rest is still read", () =>
      withBench({ freeBytes: async () => 99, reserveBytes: 100 }, async ({ queue }) => {
        await expect(queue.submit(request())).rejects.toMatchObject({
          code: "disk-full",
          data: { freeBytes: 99, reserveBytes: 100 },
        });
        expect((await queue.list()).jobs).toEqual([]);
      }));

    // Postgres has no setting that makes a database full.
    if (dialect === "sqlite")
      test("a database that can't grow refuses with disk-full, keeps what it had, and takes the next when there is room", () =>
        withBench({}, async ({ queue, store }) => {
          const { job } = await queue.submit(request());
          const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
          await sql`pragma max_page_count = ${sql.raw(String(rows[0]!.page_count))}`.execute(store.db);
          const big = request({ settings: { scene: "x".repeat(500_000) } });
          expect(await codeOf(queue.submit(big))).toBe("disk-full");
          expect(await queue.get(job.id)).toEqual(job);
          await sql`pragma max_page_count = 100000`.execute(store.db);
          expect((await queue.submit(big)).job.number).toBe(2);
        }));

    test("a request of more than a MiB is refused with both numbers", () =>
      withBench({}, async ({ queue }) => {
        await expect(queue.submit(request({ settings: { scene: "x".repeat(1024 ** 2) } }))).rejects.toMatchObject({
          code: "too-large",
          data: { limit: 1024 ** 2 },
        });
      }));
  });

  describe("lists", () => {
    test("pages show every job once, in each sort and order, while jobs come and go", () =>
      withBench({}, async ({ queue }) => {
        const scenes = ["b", "a", "c", "a", "b", "a", "c"];
        const ids: string[] = [];
        for (const [i, scene] of scenes.entries())
          ids.push((await queue.submit(request({ scene, frames: (i * 3) % 5 }))).job.id);
        for (const sort of ["number", "scene", "frames", "duration"] as const) {
          for (const order of ["ascending", "descending"] as const) {
            const seen: string[] = [];
            let cursor: string | null = null;
            do {
              const page = await queue.list({ sort, order, limit: 2, ...(cursor ? { cursor } : {}) });
              seen.push(...page.jobs.map(({ id }) => id));
              cursor = page.next;
              const late = (await queue.submit(request({ scene: "zz", frames: 99 }))).job.id;
              await queue.remove(late);
            } while (cursor);
            expect([sort, order, [...seen].sort()]).toEqual([sort, order, [...ids].sort()]);
          }
        }
        const a = await queue.list({ scene: "a", order: "ascending" });
        expect(a.jobs.map(({ number }) => number)).toEqual([2, 4, 6]);
        await queue.cancel(ids[0]!);
        expect((await queue.list({ status: ["cancelled", "running"] })).jobs.map(({ id }) => id)).toEqual([ids[0]]);
        expect((await queue.list({ settingsHash: "nobody's" })).jobs).toEqual([]);
        expect((await queue.list({ scene: "\0" })).jobs).toEqual([]);
      }));

    test("a forged cursor is refused by name, never by the database", () =>
      withBench({}, async ({ queue }) => {
        const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
        for (const cursor of [
          "",
          "%",
          "x".repeat(5000),
          encode(null),
          encode({}),
          encode(["number", "descending", 1]),
          encode(["number", "descending", 2 ** 40, 2 ** 40]),
          encode(["number", "descending", "1", 1]),
          encode(["scene", "descending", "a", 1]),
          encode(["number", "ascending", 1, 1]),
        ])
          expect(await codeOf(queue.list({ cursor }))).toBe("bad-cursor");
        expect(await codeOf(queue.list({ sort: "scene", cursor: encode(["scene", "descending", "\0", 1]) }))).toBe(
          "bad-cursor",
        );
      }));

    test("ids that are none are unknown jobs, whatever is in them", () =>
      withBench({}, async ({ queue }) => {
        for (const id of ["", "x", "\0", "../..", "'; drop table jobs; --", UNKNOWN, "é".repeat(9999)]) {
          for (const work of [queue.get, queue.cancel, queue.position, (one: string) => queue.eventsAfter(one, 0)])
            expect(await codeOf(work(id))).toBe("unknown-job");
          expect(await queue.remove(id)).toBe(false);
        }
      }));
  });

  describe("working", () => {
    test("jobs are taken in their order, and positions move up", () =>
      withBench({}, async ({ queue }) => {
        const ids = [];
        for (let i = 0; i < 3; i++) ids.push((await queue.submit(request())).job.id);
        expect(await Promise.all(ids.map((id) => queue.position(id)))).toEqual([0, 1, 2]);
        const { job, attempt } = await claimed(queue);
        expect([job.id, job.status, attempt, job.worker]).toEqual([ids[0], "running", 1, WORKER]);
        expect(await Promise.all(ids.map((id) => queue.position(id)))).toEqual([null, 0, 1]);
      }));

    test("a run and the end of its job are there together", () =>
      withBench({}, async ({ queue, store }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        const ended = await queue.finish(claim, await madeRun("run-1"), DONE);
        expect(ended).toMatchObject({ status: "finished", runId: "run-1", done: 2, durationMs: 40, worker: WORKER });
        expect(Buffer.from((await store.gif("run-1"))!).toString()).toBe("GIF89a of run-1");
        expect((await store.get("run-1")).whole).toBe(true);
        expect(await kinds(queue, job.id)).toEqual(["queued", "started", "finished"]);
        expect(await codeOf(queue.heartbeat(claim))).toBe("lease-lost");
      }));

    test("an attempt that was lost stores nothing, whatever it had made", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, store, clock }) => {
        await queue.submit(request());
        const lost = await claimed(queue);
        await expireAll(queue, clock, 1000);
        const next = await claimed(queue, { id: "worker-2", label: "machine-2" });
        expect(next.attempt).toBe(2);
        expect(await codeOf(queue.finish(lost, await madeRun("run-1"), DONE))).toBe("lease-lost");
        expect(await codeOf(queue.report(lost, [frame(0)], 1))).toBe("lease-lost");
        expect(await codeOf(queue.fail(lost, { reason: "x", again: true, durationMs: 0 }))).toBe("lease-lost");
        expect(await codeOf(queue.release(lost, "x"))).toBe("lease-lost");
        expect(await store.list()).toEqual([]);
        expect(await store.gif("run-1").catch((error) => error.code)).toBe("unknown-run");
        await queue.finish(next, await madeRun("run-2"), DONE);
        expect((await store.list()).map(({ id }) => id)).toEqual(["run-2"]);
      }));

    test("many workers of many processes at once: each job once", () =>
      withBench({ mostQueued: 40 }, async ({ queue, other }) => {
        const queues = [queue, await other(), await other()];
        for (let i = 0; i < 24; i++) await queue.submit(request());
        const taken = await Promise.all(
          Array.from({ length: 36 }, (_, i) => queues[i % 3]!.claim({ id: `w${i}`, label: "m", shares: true })),
        );
        // On Postgres a claim may find the row that it saw first taken by another; the next look finds the rest.
        const rest: (Claim | null)[] = [];
        for (let i = 0; i < 24; i++) rest.push(await queue.claim({ id: `v${i}`, label: "m", shares: true }));
        const ids = [...taken, ...rest].flatMap((claim) => claim?.job.id ?? []);
        expect(ids).toHaveLength(24);
        expect(new Set(ids).size).toBe(24);
      }));

    test("workers of one machine take turns, so that runs don't disturb each other", () =>
      withBench({}, async ({ queue, other }) => {
        const queues = [queue, await other()];
        for (let i = 0; i < 4; i++) await queue.submit(request());
        const taken = await Promise.all(
          Array.from({ length: 8 }, (_, i) => queues[i % 2]!.claim({ id: `w${i}`, label: "machine-1" })),
        );
        const claims = taken.filter((claim) => claim !== null);
        expect(claims).toHaveLength(1);
        expect(await queue.claim({ id: "w", label: "machine-2" })).not.toBeNull();
        await queue.release(claims[0]!, "test");
        expect(await queue.claim({ id: "w", label: "machine-1" })).not.toBeNull();
      }));

    test("a job that asks for a machine waits for it, and the others pass it by", () =>
      withBench({}, async ({ queue }) => {
        const here = await queue.submit(request({ machine: "machine-2" }));
        const any = await queue.submit(request());
        expect((await claimed(queue)).job.id).toBe(any.job.id);
        expect((await claimed(queue, { id: "w2", label: "machine-2" })).job.id).toBe(here.job.id);
      }));
  });

  describe("leases", () => {
    test("a silent worker loses its job, a beating one keeps it, and after the last attempt the job has failed with the reason", () =>
      withBench({ leaseMs: 1000, mostAttempts: 2 }, async ({ queue, clock }) => {
        const { job } = await queue.submit(request());
        const first = await claimed(queue);
        for (let i = 0; i < 20; i++) {
          clock.monotonicMs += 200;
          if (i < 10) await queue.heartbeat(first);
          const taken = await queue.recover();
          expect([i, taken]).toEqual([i, i === 14 ? 1 : 0]);
          if (taken) break;
        }
        expect(await queue.get(job.id)).toMatchObject({ status: "queued", attempts: 1 });
        await claimed(queue);
        await expireAll(queue, clock, 1000);
        expect(await queue.get(job.id)).toMatchObject({
          status: "failed",
          reason: "attempt 2 of 2: worker worker-1 on machine-1 was not heard of for 1 s",
        });
        expect(await kinds(queue, job.id)).toEqual(["queued", "started", "requeued", "started", "failed"]);
        expect(await queue.claim(WORKER)).toBeNull();
      }));

    test("says how long a worker was silent and when its job is free, and nothing of one that is heard of", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, clock }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        await queue.recover();
        expect(queue.silence(job.id)).toBeNull();
        clock.monotonicMs += 200;
        await queue.heartbeat(claim);
        await queue.recover();
        expect(queue.silence(job.id)).toBeNull();
        clock.monotonicMs += 200;
        await queue.recover();
        expect(queue.silence(job.id)).toEqual({ silentMs: 200, freeInMs: 800 });
        clock.monotonicMs += 150;
        expect(queue.silence(job.id)).toEqual({ silentMs: 350, freeInMs: 650 });
        await queue.heartbeat(claim);
        await queue.recover();
        expect(queue.silence(job.id)).toBeNull();
      }));

    test("the wall clock may jump by years either way: no lease is lost and none is kept by it", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, clock }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        await queue.recover();
        for (const jump of [10, -30, 50, -20]) {
          clock.wallMs += jump * 365 * 86_400_000;
          clock.monotonicMs += 200;
          expect(await queue.recover()).toBe(0);
          await queue.heartbeat(claim);
        }
        clock.wallMs -= 5 * 365 * 86_400_000;
        await expireAll(queue, clock, 1000);
        expect((await queue.get(job.id)).status).toBe("queued");
        const ended = await queue.finish(await claimed(queue), await madeRun("r"), DONE);
        expect(ended.durationMs).toBe(40);
        const sequences = (await queue.eventsAfter(job.id, 0)).events.map(({ sequence }) => sequence);
        expect(sequences).toEqual([1, 2, 3, 4, 5]);
      }));

    test("a pause of the watcher itself, however long, takes no job from a worker that was paused with it", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, clock }) => {
        await queue.submit(request());
        const claim = await claimed(queue);
        await queue.recover();
        clock.monotonicMs += 3_600_000;
        expect(await queue.recover()).toBe(0);
        await queue.heartbeat(claim);
        clock.monotonicMs += 3_600_000;
        expect(await queue.recover()).toBe(0);
      }));

    test("a watcher that starts later, with a clock that began elsewhere, counts from its own first look", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, other }) => {
        const { job } = await queue.submit(request());
        await claimed(queue);
        const clock = { monotonicMs: -5e9 };
        const watcher = await other({ monotonicMs: () => clock.monotonicMs });
        expect(await expireAll(watcher, clock, 800)).toBe(0);
        expect(await expireAll(watcher, clock, 400)).toBe(1);
        expect((await queue.get(job.id)).status).toBe("queued");
      }));

    test.skipIf(ownProcess() === null)(
      ownProcess() === null
        ? "a killed worker's job: skipped, this system does not tell which processes are gone"
        : "the job of a worker of this machine whose process is gone is free at the first look, with the attempt counted",
      () =>
        withBench({ leaseMs: 1000 }, async ({ queue, other }) => {
          const { job } = await queue.submit(request());
          // Its number is this process's, and that began at another time: another one had it before.
          const gone = ownProcess()!.replace(/\d+$/, "1");
          await queue.claim({ ...WORKER, process: gone });
          expect(await (await other()).recover()).toBe(1);
          expect(await queue.get(job.id)).toMatchObject({
            status: "queued",
            attempts: 1,
            reason: "worker worker-1 on machine-1 was killed",
          });
          expect((await claimed(queue)).attempt).toBe(2);
          expect(await queue.recover()).toBe(0);
        }),
    );

    test("two watchers take a job once", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, clock, other }) => {
        const { job } = await queue.submit(request());
        await claimed(queue);
        const second = await other();
        let taken = 0;
        for (let i = 0; i < 8; i++) {
          clock.monotonicMs += 200;
          const both = await Promise.all([queue.recover(), second.recover()]);
          taken += both[0] + both[1];
        }
        expect(taken).toBe(1);
        expect((await queue.get(job.id)).attempts).toBe(1);
      }));
  });

  describe("ends", () => {
    test("a queued job is cancelled at once and taken by nobody", () =>
      withBench({}, async ({ queue }) => {
        const { job } = await queue.submit(request());
        expect(await queue.cancel(job.id, "not wanted")).toMatchObject({ status: "cancelled", reason: "not wanted" });
        expect(await queue.claim(WORKER)).toBeNull();
        expect((await queue.cancel(job.id, "again")).reason).toBe("not wanted");
        expect(await kinds(queue, job.id)).toEqual(["queued", "cancelled"]);
      }));

    test("a running job is asked to stop, its worker sees it, and what there is of a run is kept", () =>
      withBench({}, async ({ queue, store }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        expect(await queue.heartbeat(claim)).toEqual({ stop: false });
        expect(await queue.cancel(job.id, "enough")).toMatchObject({ status: "running", cancelAsked: true });
        await queue.cancel(job.id, "enough");
        expect(await queue.report(claim, [frame(0)], 1)).toEqual({ stop: true });
        await queue.finish(claim, await madeRun("partial"), { status: "cancelled", reason: "enough", durationMs: 1 });
        expect(await queue.get(job.id)).toMatchObject({ status: "cancelled", runId: "partial", reason: "enough" });
        expect(await store.list()).toHaveLength(1);
        expect(await kinds(queue, job.id)).toEqual(["queued", "started", "cancel-asked", "frame", "cancelled"]);
      }));

    test("a job that is to be cancelled is not tried again when its worker dies or leaves", () =>
      withBench({ leaseMs: 1000 }, async ({ queue, clock }) => {
        const jobs = [(await queue.submit(request())).job, (await queue.submit(request())).job];
        await claimed(queue);
        await queue.cancel(jobs[0]!.id, "enough");
        await expireAll(queue, clock, 1000);
        const claim = await claimed(queue);
        await queue.cancel(jobs[1]!.id, "enough");
        await queue.release(claim, "shutting down");
        for (const { id } of jobs) expect(await queue.get(id)).toMatchObject({ status: "cancelled", reason: "enough" });
      }));

    test("a worker that leaves gives its attempt back, one that crashed has used it", () =>
      withBench({ mostAttempts: 2 }, async ({ queue }) => {
        const { job } = await queue.submit(request());
        for (let i = 0; i < 5; i++) await queue.release(await claimed(queue), "shutting down");
        expect((await queue.get(job.id)).attempts).toBe(0);
        await queue.fail(await claimed(queue), { reason: "killed by SIGSEGV", again: true, durationMs: 1 });
        expect(await queue.get(job.id)).toMatchObject({ status: "queued", attempts: 1, reason: "killed by SIGSEGV" });
        await queue.fail(await claimed(queue), { reason: "killed by SIGSEGV", again: true, durationMs: 1 });
        expect(await queue.get(job.id)).toMatchObject({
          status: "failed",
          reason: "attempt 2 of 2: killed by SIGSEGV",
        });
      }));

    test("a failure that would come again is not tried again", () =>
      withBench({}, async ({ queue }) => {
        const { job } = await queue.submit(request());
        await queue.fail(await claimed(queue), { reason: "too large", again: false, durationMs: 1 });
        expect(await queue.get(job.id)).toMatchObject({ status: "failed", reason: "too large", attempts: 1 });
      }));

    test("a removed job leaves neither events nor run nor GIF; a running one can't be removed; a run may be kept", () =>
      withBench({}, async ({ queue, store }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        expect(await codeOf(queue.remove(job.id))).toBe("running");
        await queue.finish(claim, await madeRun("r1"), DONE);
        expect(await queue.remove(job.id)).toBe(true);
        expect(await queue.remove(job.id)).toBe(false);
        for (const table of ["jobs", "jobEvents", "runs", "runRecords", "gifParts"] as const)
          expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
        const kept = await queue.submit(request());
        await queue.finish(await claimed(queue), await madeRun("r2"), DONE);
        await queue.remove(kept.job.id, { keepRun: true });
        expect((await store.list()).map(({ id }) => id)).toEqual(["r2"]);
      }));
  });

  describe("events", () => {
    test("a reader that comes back with the last number it saw misses none and sees none twice", () =>
      withBench({}, async ({ queue }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        await queue.report(
          claim,
          Array.from({ length: 250 }, (_, i) => frame(i)),
          250,
        );
        await queue.finish(claim, await madeRun("r"), DONE);
        const seen: JobEvent[] = [];
        for (let after = 0, ended = false; !ended; after = seen.at(-1)!.sequence) {
          const page = await queue.eventsAfter(job.id, after, 7);
          seen.push(...page.events);
          ended = page.ended;
        }
        expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 253 }, (_, i) => i + 1));
        for (const forged of [1e12, Number.NaN, -5, 0.5]) await queue.eventsAfter(job.id, forged);
        expect(await queue.eventsAfter(job.id, 1e12)).toEqual({ events: [], more: false, ended: true });
      }));

    test("the log is bounded by count and bytes; how a job began and ended stays, and so does the newest progress", () =>
      withBench({ mostEvents: 100, mostEventBytes: 20_000 }, async ({ queue, store }) => {
        const { job } = await queue.submit(request());
        const claim = await claimed(queue);
        for (let i = 0; i < 1000; i += 10) {
          await queue.report(
            claim,
            Array.from({ length: 10 }, (_, k) => ({ kind: "frame", data: { frame: i + k, pad: "x".repeat(90) } })),
            i,
          );
        }
        await queue.report(claim, [{ kind: "sensors", data: { huge: "y".repeat(100_000) } }], 1000);
        await queue.finish(claim, await madeRun("r"), DONE);
        const { events } = await queue.eventsAfter(job.id, 0, 1000);
        expect(events.length).toBeLessThanOrEqual(101);
        expect(events.length).toBeGreaterThan(40);
        expect(JSON.stringify(events.map(({ data }) => data)).length).toBeLessThan(22_000);
        expect(events.slice(0, 2).map(({ kind }) => kind)).toEqual(["queued", "started"]);
        expect(events.at(-1)!.kind).toBe("finished");
        expect(events.at(-2)!.data).toEqual({ droppedBytes: 100_011 });
        expect(events.at(-3)!.data.frame).toBe(999);
        const row = await store.db.selectFrom("jobs").selectAll().executeTakeFirstOrThrow();
        expect(row.eventCount).toBe(events.length);
        const sizes = await store.db
          .selectFrom("jobEvents")
          .select(sql<number>`sum(length(data))`.as("bytes"))
          .executeTakeFirst();
        expect(row.eventBytes).toBe(Number(sizes!.bytes));
      }));

    test("followers, early, late, slow and of another process, each get every event once and end with the last", () =>
      withBench({}, async ({ queue, other }) => {
        const second = await other();
        const { job } = await queue.submit(request());
        const follow = async (one: JobQueue, after: number, slow = false) => {
          const seen: number[] = [];
          for await (const part of one.follow(job.id, after)) {
            seen.push(...part.map(({ sequence }) => sequence));
            if (slow) await sleep(15);
          }
          return seen;
        };
        const early = [follow(queue, 0), follow(second, 0), follow(queue, 0, true), follow(second, 100, true)];
        const claim = await claimed(queue);
        const late: Promise<number[]>[] = [];
        for (let i = 0; i < 60; i++) {
          await queue.report(
            claim,
            Array.from({ length: 10 }, (_, k) => frame(i * 10 + k)),
            i,
          );
          if (i % 15 === 0) late.push(follow(queue, i), follow(second, 5000));
        }
        await queue.finish(claim, await madeRun("r"), DONE);
        const all = Array.from({ length: 603 }, (_, i) => i + 1);
        const seen = await Promise.all(early);
        expect(seen.slice(0, 3)).toEqual([all, all, all]);
        expect(seen[3]).toEqual(all.slice(100));
        for (const [i, one] of (await Promise.all(late)).entries())
          expect(one).toEqual(i % 2 ? [] : all.slice(Math.floor(i / 2) * 15));
      }));

    test("those who are at the same place share what they are given, so that it is written out once", () =>
      withBench({}, async ({ queue }) => {
        const { job } = await queue.submit(request());
        const parts: (readonly JobEvent[])[][] = [[], []];
        const following = parts.map(async (own) => {
          for await (const part of queue.follow(job.id)) own.push(part);
        });
        const until = async (count: number) => {
          while (parts.some((own) => own.length < count)) await sleep(1);
        };
        await until(1);
        const claim = await claimed(queue);
        await until(2);
        await queue.finish(claim, await madeRun("r"), DONE);
        await Promise.all(following);
        const [one, two] = parts.map((own) => own.slice(1));
        expect(one!.map((part) => part.map(({ kind }) => kind))).toEqual([["started"], ["finished"]]);
        for (const [i, part] of one!.entries()) expect(two![i]).toBe(part);
      }));

    test("following ends with its signal, with the queue, and with a job that is removed", () =>
      withBench({}, async ({ queue, other }) => {
        const second = await other();
        const { job } = await queue.submit(request());
        const stop = new AbortController();
        let begun = 0;
        const drain = async (one: JobQueue, signal?: AbortSignal) => {
          let count = 0;
          for await (const part of one.follow(job.id, 0, signal)) {
            if (count === 0) begun++;
            count += part.length;
          }
          return count;
        };
        const aborted = drain(queue, stop.signal);
        const removed = drain(queue);
        const removedElsewhere = drain(second);
        const third = await other();
        const closed = drain(third);
        while (begun < 4) await sleep(5);
        stop.abort();
        await third.close();
        expect(await Promise.all([aborted, closed])).toEqual([1, 1]);
        await queue.remove(job.id);
        expect(await Promise.all([removed, removedElsewhere])).toEqual([1, 1]);
        await expect(drain(queue)).rejects.toMatchObject({ code: "unknown-job" });
      }));
  });

  test("a worker that waits is woken by a job, by the time, and by its signal", () =>
    withBench({}, async ({ queue }) => {
      const woken = queue.waitForWork(60_000);
      await queue.submit(request());
      await woken;
      await queue.waitForWork(1);
      const stop = new AbortController();
      const stopped = queue.waitForWork(60_000, stop.signal);
      stop.abort();
      await stopped;
      await queue.waitForWork(60_000, stop.signal);
    }));
});

/** Lets so much time pass, a look every 200 ms; returns how many jobs were taken from their workers. */
async function expireAll(queue: JobQueue, clock: { monotonicMs: number }, ms: number): Promise<number> {
  let taken = await queue.recover();
  for (let passed = 0; passed < ms; passed += 200) {
    clock.monotonicMs += 200;
    taken += await queue.recover();
  }
  return taken;
}
