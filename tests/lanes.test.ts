/** Lanes as worker threads, from the built package: order, failures, deaths, aborts. */
import { completeSettings, createAnimation, decodeGif, GIF_TRAILER } from "@volumark/engine";
import { describe, expect, test } from "vitest";

// Worker threads run JavaScript, so the built package is what is tested here.
const lanesModule = new URL("../packages/volumark/dist/lanes/lanes.js", import.meta.url).href;
const { renderOnLanes, LaneFailure } = (await import(
  lanesModule
)) as typeof import("../packages/volumark/src/lanes/lanes.ts");

const settings = completeSettings({ scene: "seed", dimension: 24, width: 96, height: 72, frames: 12, fps: 12 });

async function collect(options: Parameters<typeof renderOnLanes>[1]) {
  const run = renderOnLanes(settings, options);
  const frames = [];
  let failure: unknown = null;
  try {
    for await (const frame of run) frames.push(frame);
  } catch (error) {
    failure = error;
  }
  return { frames, failure, summary: await run.summary, header: await run.header.catch(() => null) };
}

describe("lanes", () => {
  test("frames come in order and make the same GIF as the one-lane loop", async () => {
    const { frames, header, failure, summary } = await collect({ lanes: 3, backend: "wasm" });
    expect(failure).toBeNull();
    expect(frames.map((frame) => frame.frame)).toEqual([...Array(12).keys()]);
    expect(summary.lanes).toBe(3);
    expect(summary.peakKernelBytes).toBeGreaterThan(1 << 18);
    const gif = Buffer.concat([header!, ...frames.map((frame) => frame.bytes), GIF_TRAILER]);
    expect(gif.equals(await createAnimation(settings).toGif())).toBe(true);
  });

  test("the times of a frame add up to its wall time, to the nanosecond", async () => {
    const { frames } = await collect({ lanes: 2, backend: "wasm" });
    for (const { times } of frames) {
      const { startNs, wallNs, ...parts } = times;
      expect(startNs).toBeGreaterThan(0);
      expect(Object.values(parts).reduce((sum, value) => sum + value, 0)).toBe(wallNs);
      for (const value of Object.values(parts)) expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  test.each(["field", "surface", "picture", "convert", "encode"] as const)(
    "a failure in %s delivers every frame before it and names stage and frame",
    async (stage) => {
      const { frames, failure } = await collect({ lanes: 2, backend: "wasm", fault: { at: stage, frame: 7 } });
      expect(frames.map((frame) => frame.frame)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(failure).toBeInstanceOf(LaneFailure);
      expect(failure).toMatchObject({ stage, frame: 7 });
    },
  );

  test("a lane that dies is a failure of the frame it was at, and what came before is a GIF", async () => {
    const { frames, failure, header } = await collect({ lanes: 2, backend: "wasm", fault: { at: "lane", frame: 5 } });
    expect(failure).toMatchObject({ stage: "lane", frame: 5 });
    expect(frames).toHaveLength(5);
    expect(decodeGif(Buffer.concat([header!, ...frames.map((frame) => frame.bytes), GIF_TRAILER])).frames).toHaveLength(
      5,
    );
  });

  test("an abort ends the iteration without an error, with the frames that are done", async () => {
    const controller = new AbortController();
    const run = renderOnLanes(settings, { lanes: 2, backend: "wasm", signal: controller.signal, delayMs: 30 });
    const frames = [];
    for await (const frame of run) {
      frames.push(frame.frame);
      if (frame.frame === 3) controller.abort();
    }
    expect(frames.length).toBeGreaterThanOrEqual(4);
    expect(frames.length).toBeLessThan(12);
    expect(frames).toEqual([...frames.keys()]);
    await run.summary;
  });

  test("an abort before the first frame delivers none", async () => {
    const { frames, failure } = await collect({ lanes: 2, backend: "wasm", signal: AbortSignal.abort() });
    expect(failure).toBeNull();
    expect(frames).toEqual([]);
  });

  test("the coordinating thread makes the first frames of a light animation, and none of one with heavy frames", async () => {
    const light = await collect({ lanes: 1, backend: "wasm" });
    expect(light.frames[0].lane).toBe(1);
    const heavy = renderOnLanes(
      { ...settings, width: 2048, height: 1536, dimension: 256, frames: 2 },
      { lanes: 1, backend: "reference" },
    );
    for await (const frame of heavy) expect(frame.lane).toBe(0);
  }, 120_000);

  test("leaving the iteration early ends the lanes", async () => {
    const run = renderOnLanes(settings, { lanes: 2, backend: "wasm" });
    for await (const _ of run) break;
    expect((await run.summary).lanes).toBe(2);
  });
});
