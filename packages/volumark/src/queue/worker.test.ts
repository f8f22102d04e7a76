/** What a worker does with whatever becomes of an attempt, with a stand-in for the process that makes it. */
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { withFolder } from "../store/fixtures/stores.ts";
import { StoreError } from "../store/store-error.ts";
import { type Bench, madeRun, onEachDatabase, request, WORKER } from "./fixtures/queues.ts";
import type { Job } from "./job-types.ts";
import type { Made, MakeJob, MakeOrder } from "./make-in-process.ts";
import type { JobQueue } from "./queue.ts";
import { runWorker, type WorkerOptions } from "./worker.ts";

/** A job made by a function; it is told of a stop or a kill by a promise. */
function making(work: (order: MakeOrder, stopped: Promise<"stop" | "kill">) => Promise<Made>): MakeJob {
  return (order) => {
    let tell: (how: "stop" | "kill") => void = () => undefined;
    const stopped = new Promise<"stop" | "kill">((resolve) => {
      tell = resolve;
    });
    return { made: work(order, stopped), stop: () => tell("stop"), kill: () => tell("kill") };
  };
}

let runs = 0;
const whole = async (status: "done" | "failed" | "stopped" = "done"): Promise<Made> => {
  const { record, gif } = await madeRun(`run-${runs++}`);
  return { kind: "run", status, problem: status === "failed" ? "Frame 1 failed" : "", record, gif };
};
const KILLED: Made = { kind: "crashed", reason: "its process was killed by SIGKILL" };

/** Works until the job has ended, or `until` says so. */
async function worked(
  { queue }: Pick<Bench, "queue">,
  make: MakeJob,
  id: string,
  options: Partial<WorkerOptions> = {},
  until: (job: Job) => boolean = ({ status }) => status !== "queued" && status !== "running",
): Promise<Job> {
  return withFolder(async (workFolder) => {
    const stop = new AbortController();
    const problems: unknown[] = [];
    const working = runWorker(queue, {
      workFolder,
      signal: stop.signal,
      worker: WORKER,
      heartbeatMs: 10,
      idleMs: 10,
      make,
      onProblem: (error) => problems.push(error),
      ...options,
    });
    let job = await queue.get(id);
    for (; !until(job); job = await queue.get(id)) await sleep(5);
    stop.abort();
    await working;
    expect(problems).toEqual([]);
    expect(await readdir(workFolder)).toEqual([]);
    return queue.get(id);
  });
}

const kindsOf = async (queue: JobQueue, id: string) => (await queue.eventsAfter(id, 0)).events.map(({ kind }) => kind);

onEachDatabase((withBench) => {
  describe("a worker", () => {
    test("stores the run of a finished job; every event comes before its end", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const make = making(async ({ onProgress, folder }) => {
          expect(existsSync(folder)).toBe(true);
          onProgress([{ kind: "frame", data: { frame: 0 } }], 1);
          await sleep(20);
          onProgress([{ kind: "frame", data: { frame: 1 } }], 2);
          return whole();
        });
        const ended = await worked(bench, make, job.id);
        expect(ended).toMatchObject({ status: "finished", reason: null, done: 2, attempts: 1 });
        expect((await bench.store.get(ended.runId!)).whole).toBe(true);
        expect(await kindsOf(bench.queue, job.id)).toEqual(["queued", "started", "frame", "frame", "finished"]);
      }));

    test("keeps the run of a job that failed, with its sentence, and does not try it again", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const ended = await worked(
          bench,
          making(() => whole("failed")),
          job.id,
        );
        expect(ended).toMatchObject({ status: "failed", reason: "Frame 1 failed", attempts: 1 });
        expect(ended.runId).not.toBeNull();
      }));

    test("stops a job that is cancelled and keeps what there is of it", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const make = making(async (_, stopped) => {
          await bench.queue.cancel(job.id, "enough");
          expect(await stopped).toBe("stop");
          return whole("stopped");
        });
        expect(await worked(bench, make, job.id)).toMatchObject({ status: "cancelled", reason: "enough" });
        expect(await bench.store.list()).toHaveLength(1);
      }));

    test("tries a job again whose process crashes, so often as there are attempts, and says why it failed", () =>
      withBench({ mostAttempts: 3 }, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const make = making(async () => ({ kind: "crashed", reason: "its process was killed by SIGSEGV" }));
        expect(await worked(bench, make, job.id)).toMatchObject({
          status: "failed",
          attempts: 3,
          reason: "attempt 3 of 3: its process was killed by SIGSEGV",
          runId: null,
        });
      }));

    test("does not try again what is refused", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const make = making(async () => ({ kind: "refused", reason: "dimension must be smaller" }));
        expect(await worked(bench, make, job.id)).toMatchObject({
          status: "failed",
          attempts: 1,
          reason: "dimension must be smaller",
        });
      }));

    test("puts a job back that is not done when the worker's time is over, with no attempt used", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const how: string[] = [];
        const make = making(async (_, stopped) => {
          how.push(await stopped);
          return KILLED;
        });
        const put = await worked(bench, make, job.id, { graceMs: 30 }, ({ status }) => status === "running");
        expect(how).toEqual(["kill"]);
        expect(put).toMatchObject({ status: "queued", attempts: 0, reason: "its worker was shut down" });
        expect(await kindsOf(bench.queue, job.id)).toEqual(["queued", "started", "requeued"]);
      }));

    test("stores a job that is done within the worker's last moments", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const make = making(async (_, stopped) => {
          const first = await Promise.race([stopped, sleep(50)]);
          return first === undefined ? whole() : KILLED;
        });
        const running = ({ status }: Job) => status === "running";
        expect((await worked(bench, make, job.id, { graceMs: 20_000 }, running)).status).toBe("finished");
      }));

    test("ends a job that makes no progress, and one that takes too long", () =>
      withBench({ mostAttempts: 1 }, async (bench) => {
        const make = making(async ({ onProgress }, stopped) => {
          for (;;) {
            if (await Promise.race([stopped, sleep(5)])) return KILLED;
            onProgress([], 0);
          }
        });
        const silent = making(async (_, stopped) => {
          await stopped;
          return KILLED;
        });
        const one = (await bench.queue.submit(request())).job.id;
        expect((await worked(bench, silent, one, { stallMs: 100 })).reason).toBe(
          "attempt 1 of 1: it made no progress for 0.1 s",
        );
        const two = (await bench.queue.submit(request())).job.id;
        expect((await worked(bench, make, two, { stallMs: 10_000, mostJobMs: 200 })).reason).toBe(
          "attempt 1 of 1: it took longer than 0.2 s",
        );
      }));

    test("ends an attempt whose lease was lost, stores nothing of it, and the job is made by whoever has it", () =>
      withBench({}, async (bench) => {
        const { queue, store } = bench;
        const { job } = await queue.submit(request());
        let attempts = 0;
        const make = making(async (_, stopped) => {
          if (attempts++ > 0) return whole();
          await store.db.updateTable("jobs").set({ token: "another's" }).execute();
          expect(await stopped).toBe("kill");
          await store.db.updateTable("jobs").set({ status: "queued", token: null, runningOn: null }).execute();
          return whole();
        });
        const ended = await worked(bench, make, job.id);
        expect(ended.status).toBe("finished");
        expect(await store.list()).toHaveLength(1);
      }));

    test("a run that the database has no room for fails the job with that reason", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        const full = new StoreError("full", { problem: "there is no space left for runs.db", action: "Free some." });
        const queue: JobQueue = {
          ...bench.queue,
          finish: async () => {
            throw full;
          },
        };
        const ended = await worked(
          { queue },
          making(() => whole()),
          job.id,
        );
        expect(ended).toMatchObject({
          status: "failed",
          attempts: 1,
          reason: "the run was made but could not be stored: there is no space left for runs.db. Free some.",
        });
      }));

    test("a database that is out of reach for a moment when a run is to be stored costs nothing", () =>
      withBench({}, async (bench) => {
        const { job } = await bench.queue.submit(request());
        let failures = 2;
        const queue: JobQueue = {
          ...bench.queue,
          finish: async (...of) => {
            if (failures-- > 0) throw new StoreError("unusable", { problem: "it is restarting", action: "Wait." });
            return bench.queue.finish(...of);
          },
        };
        expect(
          (
            await worked(
              { queue },
              making(() => whole()),
              job.id,
            )
          ).status,
        ).toBe("finished");
      }));
  });

  test("a starting worker removes the folders of dead attempts, and nothing that is a live one's or somebody else's", () =>
    withBench({}, async ({ queue }) =>
      withFolder(async (workFolder) => {
        await queue.submit(request());
        const live = await queue.claim({ id: "other", label: "other" });
        const dead = "11111111-2222-4333-8444-555555555555";
        for (const name of [live!.token, dead, "notes"]) await mkdir(join(workFolder, name));
        await writeFile(join(workFolder, dead, "animation.gif"), "GIF");
        const stop = new AbortController();
        const working = runWorker(queue, { workFolder, signal: stop.signal, idleMs: 5 });
        while (existsSync(join(workFolder, dead))) await sleep(2);
        stop.abort();
        await working;
        expect((await readdir(workFolder)).sort()).toEqual([live!.token, "notes"].sort());
      }),
    ));
});
