/** Lanes as worker threads, from the built package: order, failures, deaths, aborts. */
import { completeSettings, createAnimation, decodeGif, GIF_TRAILER } from "@volumark/engine";
import { describe, expect, test } from "vitest";

// Worker threads run JavaScript, so the built package is what is tested here.
const lanesModule = new URL("../packages/volumark/dist/lanes/lanes.js", import.meta.url).href;
const { startLanes, LaneFailure } = (await import(
  lanesModule
)) as typeof import("../packages/volumark/src/lanes/lanes.ts");

const settings = completeSettings({ scene: "seed", dimension: 24, width: 96, height: 72, frames: 12, fps: 12 });

async function collect(options: Parameters<typeof startLanes>[1]) {
  const lanes = startLanes(settings, options);
  const { frames, failure } = await onePass(lanes);
  return { frames, failure, summary: await lanes.close(), header: lanes.header };
}

async function onePass(lanes: ReturnType<typeof startLanes>) {
  const frames = [];
  let failure: unknown = null;
  try {
    for await (const frame of lanes.pass()) frames.push(frame);
  } catch (error) {
    failure = error;
  }
  return { frames, failure };
}

const gifOf = (header: Uint8Array, frames: readonly { bytes: Uint8Array }[]) =>
  Buffer.concat([header, ...frames.map((frame) => frame.bytes), GIF_TRAILER]);

describe("lanes", () => {
  test("frames come in order and make the same GIF as the one-lane loop", async () => {
    const { frames, header, failure, summary } = await collect({ lanes: 3, backend: "wasm" });
    expect(failure).toBeNull();
    expect(frames.map((frame) => frame.frame)).toEqual([...Array(12).keys()]);
    expect(summary.lanes).toBe(3);
    expect(summary.peakKernelBytes).toBeGreaterThan(1 << 18);
    expect(gifOf(header, frames).equals(await createAnimation(settings).toGif())).toBe(true);
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
    expect(decodeGif(gifOf(header, frames)).frames).toHaveLength(5);
  });

  test("an abort ends the iteration without an error, with the frames that are done", async () => {
    const controller = new AbortController();
    const lanes = startLanes(settings, { lanes: 2, backend: "wasm", signal: controller.signal, delayMs: 30 });
    const frames = [];
    for await (const frame of lanes.pass()) {
      frames.push(frame.frame);
      if (frame.frame === 3) controller.abort();
    }
    expect(frames.length).toBeGreaterThanOrEqual(4);
    expect(frames.length).toBeLessThan(12);
    expect(frames).toEqual([...frames.keys()]);
    await lanes.close();
  });

  test("an abort before the first frame delivers none", async () => {
    const { frames, failure } = await collect({ lanes: 2, backend: "wasm", signal: AbortSignal.abort() });
    expect(failure).toBeNull();
    expect(frames).toEqual([]);
  });

  test("the calling thread is a lane of a light animation, and one lane then needs no other thread", async () => {
    const light = await collect({ lanes: 1, backend: "wasm" });
    expect(new Set(light.frames.map(({ lane }) => lane))).toEqual(new Set([0]));
    expect(light.summary.laneStartNs).toBeNull();
    const threads = await collect({ lanes: 1, backend: "wasm", help: false });
    expect(threads.summary.laneStartNs).toBeGreaterThan(0);
    expect(gifOf(threads.header, threads.frames)).toEqual(gifOf(light.header, light.frames));
  });

  test("a frame that takes long on the calling thread is its last: a thread takes over, and the GIF is the same", async () => {
    const heavy = { ...settings, width: 512, height: 512, dimension: 128, frames: 2, scene: manyShapes() };
    const lanes = startLanes(heavy, { lanes: 1, backend: "wasm" });
    const { frames, failure } = await onePass(lanes);
    await lanes.close();
    expect(failure).toBeNull();
    expect(frames.map(({ lane }) => lane)).toEqual([0, 1]);
    expect(gifOf(lanes.header, frames).equals(await createAnimation(heavy).toGif())).toBe(true);
  }, 120_000);

  test("frames of heavy settings are none of the calling thread's", async () => {
    const heavy = startLanes({ ...settings, dimension: 256, frames: 2 }, { lanes: 1, backend: "wasm" });
    expect((await onePass(heavy)).frames.map(({ lane }) => lane)).toEqual([0, 0]);
    expect((await heavy.close()).laneStartNs).toBeGreaterThan(0);
  });

  test.each([
    [1, true],
    [3, true],
    [2, false],
  ])(
    "passes of %i lanes (calling thread helps: %s) are equal to the byte, each whole and in order",
    async (count, help) => {
      const lanes = startLanes(settings, { lanes: count, backend: "wasm", help });
      const gifs: Buffer[] = [];
      for (let pass = 0; pass < 5; pass++) {
        const { frames, failure } = await onePass(lanes);
        expect(failure).toBeNull();
        expect(frames.map(({ frame }) => frame)).toEqual([...Array(12).keys()]);
        gifs.push(gifOf(lanes.header, frames));
      }
      await lanes.close();
      expect(gifs.every((gif) => gif.equals(gifs[0]!))).toBe(true);
      expect(gifs[0]!.equals(await createAnimation(settings).toGif())).toBe(true);
    },
  );

  test("a pass that was left early does not disturb the next one", async () => {
    const lanes = startLanes(settings, { lanes: 3, backend: "wasm" });
    for await (const { frame } of lanes.pass()) if (frame === 2) break;
    expect((await onePass(lanes)).frames.map(({ frame }) => frame)).toEqual([...Array(12).keys()]);
    expect((await lanes.close()).lanes).toBe(3);
  });
});

/** A field of so many overlapping shapes that a frame of it takes well over 40 ms. */
function manyShapes() {
  const children = Array.from({ length: 120 }, (_, i) => ({
    type: "translate" as const,
    by: [((i % 5) - 2) * 0.3, ((Math.floor(i / 5) % 5) - 2) * 0.3, (Math.floor(i / 25) - 2) * 0.3] as const,
    child: { type: "torus" as const, majorRadius: 0.3, minorRadius: 0.05 },
  }));
  return { ...settings.scene, root: { type: "union" as const, children, smoothRadius: 0.2 } };
}
