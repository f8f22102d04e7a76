import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { describeTimer, nanosecondClock, processClock } from "./clock.ts";

describe("processClock", () => {
  test("gives whole nanoseconds below 2^53 that never go back", () => {
    const now = nanosecondClock();
    let before = now();
    for (let i = 0; i < 100_000; i++) {
      const after = now();
      if (!(after >= before) || !Number.isSafeInteger(after)) throw new Error(`${before} was followed by ${after}`);
      before = after;
    }
    expect(before).toBeGreaterThan(0);
  });

  test("counts from the origin that it was given", () => {
    const origin = process.hrtime.bigint();
    const clock = processClock(origin);
    expect(clock.originNs).toBe(origin);
    expect(clock.now()).toBeGreaterThanOrEqual(0);
    expect(clock.now()).toBeLessThan(10e9);
  });

  test("agrees with the system's monotonic clock, so that other threads and processes can be compared", () => {
    const clock = processClock();
    let most = 0;
    let least = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < 1000; i++) {
      const before = Number(process.hrtime.bigint() - clock.originNs);
      const now = clock.now();
      const after = Number(process.hrtime.bigint() - clock.originNs);
      // `now` lies between the two, but for the error of the distance that was found at the start.
      least = Math.max(least, before - now);
      most = Math.max(most, now - after);
    }
    expect(least).toBeLessThan(20_000);
    expect(most).toBeLessThan(20_000);
  });

  test("a worker thread, whose own time starts later, reads the same clock", async () => {
    const clock = processClock();
    const source = `
      const { parentPort, workerData } = require("node:worker_threads");
      const before = process.hrtime.bigint();
      parentPort.postMessage({ now: Number(before - workerData), own: performance.now() });
    `;
    const began = clock.now();
    const worker = new Worker(source, { eval: true, workerData: clock.originNs });
    const { now } = await new Promise<{ now: number; own: number }>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    const ended = clock.now();
    await worker.terminate();
    expect(now).toBeGreaterThan(began - 20_000);
    expect(now).toBeLessThan(ended + 20_000);
  });

  test("times of performance entries are put on the same clock", () => {
    const clock = processClock();
    const before = clock.now();
    const stamp = clock.fromPerformance(performance.now());
    expect(stamp).toBeGreaterThanOrEqual(before);
    expect(stamp).toBeLessThanOrEqual(clock.now());
  });
});

describe("describeTimer", () => {
  test("finds the step and the cost of a clock that is known", () => {
    let time = 0;
    const stepping = () => {
      time += 7;
      return time;
    };
    expect(describeTimer(stepping)).toEqual({ name: "performance.now", resolutionNs: 7, costNs: 7 });
    let reads = 0;
    expect(describeTimer(() => Math.floor(reads++ / 10) * 1000)).toMatchObject({ resolutionNs: 1000, costNs: 100 });
  });

  test("a clock that stands still is coarse, not infinitely fine", () => {
    expect(describeTimer(() => 5)).toMatchObject({ resolutionNs: 1e6 });
  });

  test("this machine's clock has a step and a cost", () => {
    const { resolutionNs, costNs } = describeTimer();
    expect(resolutionNs).toBeGreaterThan(0);
    expect(costNs).toBeGreaterThan(0);
  });
});
