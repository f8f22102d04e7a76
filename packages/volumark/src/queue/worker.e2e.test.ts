/** Jobs made by the built program in a process of their own: finished, cancelled, killed, left alone. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createAnimation, decodeGif } from "@volumark/engine";
import { type RunRecord, validateRecord } from "@volumark/measure";
import sharp from "sharp";
import { afterEach, describe, expect, test } from "vitest";
import { withFolder } from "../store/fixtures/stores.ts";
import { sha256 } from "../store/packed-record.ts";
import { openStore, type RunStore } from "../store/store.ts";
import type { Job, JobEvent, JobRequest } from "./job-types.ts";
import { type MakeJob, makeInProcess } from "./make-in-process.ts";
import { type JobQueue, openQueue } from "./queue.ts";
import { runWorker, type WorkerOptions } from "./worker.ts";

const ENTRY = fileURLToPath(new URL("../../dist/bundle/job-process.js", import.meta.url));
if (!existsSync(ENTRY)) throw new Error(`worker tests: ${ENTRY} is not there. Build first: npm run build`);

const FRAMES = 12;
const REQUEST = {
  settings: { scene: "seed", dimension: 16, width: 64, height: 48, frames: FRAMES },
  settingsHash: "0",
  scene: "seed",
  frames: FRAMES,
  options: { lanes: 1 },
} as const;

afterEach(() => {
  delete process.env.VOLUMARK_FAULT;
});

interface Working {
  readonly store: RunStore;
  readonly queue: JobQueue;
  readonly job: Job;
  readonly workFolder: string;
  /** Ends the worker and waits for it. */
  readonly end: () => Promise<void>;
  /** Waits for the first event of this kind. */
  readonly event: (kind: JobEvent["kind"]) => Promise<JobEvent>;
}

/** One job and a worker for it. */
async function working(
  work: (bench: Working) => Promise<void>,
  {
    fault = "",
    request = REQUEST,
    make = (order) => makeInProcess(order, ENTRY),
    ...options
  }: { fault?: string; request?: JobRequest; make?: MakeJob } & Partial<WorkerOptions> = {},
): Promise<void> {
  process.env.VOLUMARK_FAULT = fault;
  await withFolder(async (folder) => {
    const store = await openStore({ path: join(folder, "runs.db") });
    const queue = openQueue({ store });
    const stop = new AbortController();
    const workFolder = join(folder, "work");
    const { job } = await queue.submit(request);
    const done = runWorker(queue, { workFolder, signal: stop.signal, heartbeatMs: 50, make, ...options });
    const end = async () => {
      stop.abort();
      await done;
    };
    const event = async (kind: JobEvent["kind"]) => {
      for await (const part of queue.follow(job.id)) {
        const found = part.find((one) => one.kind === kind);
        if (found) return found;
      }
      throw new Error(`the job ended without ${kind}: ${(await queue.get(job.id)).reason}`);
    };
    try {
      await work({ store, queue, job, workFolder, end, event });
    } finally {
      await end();
      await queue.close();
      await store.close();
    }
  });
}

describe("a job in a process of its own", () => {
  test("gives a whole, valid record with its GIF, and its frames, sensors and statistics as events on the way", () =>
    working(async ({ store, queue, job, workFolder, event, end }) => {
      await event("finished");
      await end();
      const { runId, status, done } = await queue.get(job.id);
      expect([status, done]).toEqual(["finished", FRAMES]);
      const { record, whole } = await store.get(runId!);
      expect(whole).toBe(true);
      expect(await validateRecord(record as RunRecord)).toMatchObject({ valid: true });
      expect(sha256((await store.gif(runId!))!)).toBe((record as RunRecord).run.outputHash);
      const { events } = await queue.eventsAfter(job.id, 0);
      const frames = events.filter(({ kind }) => kind === "frame").map(({ data }) => data.frame);
      expect(frames).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
      expect(events.filter(({ data }) => "picture" in data)).toEqual([]);
      expect(events.find(({ kind }) => kind === "sensors")?.data.readings).not.toEqual([]);
      expect(events.filter(({ kind }) => kind === "statistics").at(-1)?.data).toMatchObject({ done: FRAMES });
      expect(await readdir(workFolder)).toEqual([]);
    }));

  test.each([
    ["threads, of which each frame takes 120 ms", "slow@120", 2, 2],
    ["the job's own thread, as fast as it can", "", 1, 1],
    ["threads, pass after pass", "slow@30", 2, 3],
  ])(
    "on request brings small pictures, exact samples of their frames, at most four a second: made by %s",
    (_, fault, lanes, passes) => {
      const settings = { scene: "seed", dimension: 16, width: 320, height: 240, frames: FRAMES };
      const request = { ...REQUEST, settings, options: { lanes, passes, pictures: true } };
      return working(
        async ({ store, queue, job, event }) => {
          await event("finished");
          const { runId } = await queue.get(job.id);
          const { record } = await store.get(runId!);
          const gif = decodeGif(await createAnimation(settings).toGif());
          expect((record as RunRecord).run.outputHash).toBe(sha256(await createAnimation(settings).toGif()));
          const { events } = await queue.eventsAfter(job.id, 0);
          const pictured = events.filter(({ kind, data }) => kind === "frame" && "picture" in data);
          expect(pictured.at(-1)!.data.frame).toBe(FRAMES - 1);
          const seconds =
            (record as RunRecord).run.frames.startNs.at(-1)! / 1e9 - (record as RunRecord).run.frames.startNs[0]! / 1e9;
          expect(pictured.length).toBeGreaterThanOrEqual(2);
          expect(pictured.length).toBeLessThanOrEqual(Math.floor(4 * seconds) + 3);
          for (const { data } of pictured) {
            const bytes = Buffer.from(String(data.picture).replace("data:image/png;base64,", ""), "base64");
            expect(bytes.length).toBeLessThanOrEqual(4096);
            const { data: seen, info } = await sharp(bytes)
              .removeAlpha()
              .toColourspace("srgb")
              .raw()
              .toBuffer({ resolveWithObject: true });
            const { rgba } = gif.frames[data.frame as number]!;
            const pixels = Array.from({ length: info.width * info.height }, (__, i) => {
              const [x, y] = [i % info.width, Math.floor(i / info.width)];
              // The pixel under the middle of the sample.
              const at = 4 * ((2 * y + 1) * 320 + 2 * x + 1);
              return [...rgba.subarray(at, at + 3)];
            });
            expect([info.width, info.height]).toEqual([160, 120]);
            expect(seen.equals(Buffer.from(pixels.flat()))).toBe(true);
          }
        },
        { fault, request },
      );
    },
  );

  test("that is cancelled ends after the frames that are being made, which are kept", () =>
    working(
      async ({ store, queue, job, event }) => {
        await event("frame");
        await queue.cancel(job.id, "enough");
        await event("cancelled");
        const { runId, reason } = await queue.get(job.id);
        expect(reason).toBe("enough");
        const { record } = await store.get(runId!);
        expect(record.frame_count).toBeGreaterThan(0);
        expect(record.frame_count).toBeLessThan(FRAMES);
      },
      { fault: "slow@150" },
    ));

  test("that is killed is made again, and the next attempt finds nothing of the first", () => {
    let attempts = 0;
    return working(
      async ({ queue, job, event }) => {
        expect((await event("requeued")).data.reason).toMatch(/^its process was killed by SIGKILL/);
        await event("finished");
        expect((await queue.get(job.id)).attempts).toBe(2);
      },
      {
        make: (order) => {
          const making = makeInProcess(order, ENTRY);
          if (attempts++ === 0) setTimeout(making.kill, 100);
          return making;
        },
      },
    );
  });

  test("whose frame fails has failed with the sentence, and its record is kept", () =>
    working(
      async ({ store, queue, job, event }) => {
        await event("failed");
        const { reason, runId, attempts } = await queue.get(job.id);
        expect(reason).toMatch(/^Frame 5 failed in the surface stage/);
        expect(attempts).toBe(1);
        expect((await store.get(runId!)).summary).toMatchObject({ status: "failed", frames: 5 });
      },
      { fault: "surface@5" },
    ));

  test("goes back into the queue when its worker has to end and the time for that is over", () =>
    working(
      async ({ queue, job, event, end, workFolder }) => {
        await event("frame");
        await end();
        expect(await queue.get(job.id)).toMatchObject({ status: "queued", attempts: 0 });
        expect(await readdir(workFolder)).toEqual([]);
      },
      { fault: "slow@1000", graceMs: 100 },
    ));

  test("ends at once when its worker has died without a word", () =>
    withFolder(async (folder) => {
      const order = { type: "make", settings: REQUEST.settings, options: { lanes: 1 }, folder, command: ["test"] };
      const source = `
        const child = require("node:child_process").fork(${JSON.stringify(ENTRY)}, { serialization: "advanced" });
        child.send(${JSON.stringify(order)});
        child.on("message", () => console.log(child.pid));`;
      const worker = spawn(process.execPath, ["-e", source], {
        env: { ...process.env, VOLUMARK_FAULT: "slow@500" },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const pid = Number(await new Promise((resolve) => worker.stdout.once("data", resolve)));
      expect(lives(pid)).toBe(true);
      worker.kill("SIGKILL");
      for (let i = 0; lives(pid) && i < 200; i++) await sleep(20);
      expect(lives(pid)).toBe(false);
    }));
});

/** A process that has ended and that nobody has asked about is still listed, as a zombie. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    // It ended between the two questions, or before.
    return false;
  }
}
