import { describe, expect, test } from "vitest";
import { completeSettings, createAnimation, lookPalette } from "./animation.ts";
import { estimateWork } from "./estimate.ts";
import { createSceneField } from "./field/index.ts";
import { createLocalExchange, FrameMaker, StageError } from "./frame.ts";
import { decodeGif } from "./gif/index.ts";
import { Kernels } from "./kernels/kernels.ts";
import { cameraAt, createPictureWorkspace, drawMeshInto, resolveLook } from "./picture/index.ts";
import { PRESETS, preset } from "./scene/index.ts";
import { settingsHash } from "./settings.ts";
import { createSurfaceWorkspace, extractSurfaceInto } from "./surface/index.ts";

const SMALL = { dimension: 24, width: 80, height: 60, frames: 5, fps: 10 };

test("a scene without a dimension gets 32, a preset its own, and what is asked for goes before both", () => {
  expect(completeSettings({ scene: "seed" }).dimension).toBe(32);
  expect(completeSettings({ scene: "gyroid" }).dimension).toBe(preset("gyroid").dimension);
  expect(completeSettings({ scene: "gyroid", dimension: 24 }).dimension).toBe(24);
});

/** The frames of an animation before a palette has touched them. */
function* unquantised(name: string, { dimension, width, height, frames, fps }: typeof SMALL): Generator<Uint8Array> {
  const scene = preset(name);
  const kernels = new Kernels();
  const field = createSceneField(scene, { kernels, dimension });
  const surface = createSurfaceWorkspace(kernels);
  const picture = createPictureWorkspace(kernels, { width, height });
  for (let frame = 0; frame < frames; frame++) {
    const mark = kernels.arena.mark();
    const moment = field.at(frame / fps);
    const mesh = extractSurfaceInto(surface, moment.sample(dimension), {
      normals: (positions, normals) => moment.normalsInto(positions, normals),
    });
    const camera = cameraAt(scene.camera, frame / fps, scene.parameters);
    yield drawMeshInto(picture, mesh, camera, resolveLook(scene.look)).rgba.slice();
    kernels.arena.release(mark);
  }
}

/** Peak signal-to-noise ratio over red, green and blue of all frames, dB. */
async function quality(name: string, settings: typeof SMALL): Promise<{ decibels: number; bytes: number }> {
  const gif = await createAnimation({ scene: name, ...settings }).toGif();
  const decoded = decodeGif(gif).frames;
  let squares = 0;
  let count = 0;
  let frame = 0;
  for (const rgba of unquantised(name, settings)) {
    const shown = decoded[frame++].rgba;
    for (let i = 0; i < rgba.length; i++) {
      if ((i & 3) === 3) continue;
      squares += (rgba[i] - shown[i]) ** 2;
      count++;
    }
  }
  return { decibels: 10 * Math.log10(255 ** 2 / (squares / count)), bytes: gif.length };
}

describe("the default animation", () => {
  const settings = { dimension: 32, width: 512, height: 384, frames: 30, fps: 30 };

  test("keeps 70 dB through its palette and is no larger than 200 kB", async () => {
    const { decibels, bytes } = await quality("seed", settings);
    expect(decibels).toBeGreaterThanOrEqual(70);
    expect(bytes).toBeLessThanOrEqual(200_000);
  });

  test("loops for ever and lasts 100 hundredths, 3, 3, 4 and so on", async () => {
    const gif = decodeGif(await createAnimation({ scene: "seed", ...settings, width: 64, height: 48 }).toGif());
    expect(gif.loopCount).toBe(0);
    const delays = gif.frames.map((frame) => frame.delayHundredths);
    expect(delays.slice(0, 6)).toEqual([3, 3, 4, 3, 3, 4]);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBe(100);
  });
});

describe("every preset", () => {
  test.each(PRESETS.map((scene) => scene.name))("%s makes frames that differ and a surface in view", async (name) => {
    const shaded: number[] = [];
    const hashes = new Set<string>();
    for await (const frame of createAnimation({ scene: name, ...SMALL })) {
      shaded.push(frame.counts.shadedPixels);
      hashes.add(frame.pictureHash);
    }
    expect(Math.min(...shaded)).toBeGreaterThan(0.04 * SMALL.width * SMALL.height);
    expect(hashes.size).toBe(SMALL.frames);
  });

  test.each(PRESETS.map((scene) => scene.name))("%s keeps 60 dB in 255 colours", async (name) => {
    expect((await quality(name, { ...SMALL, width: 160, height: 120 })).decibels).toBeGreaterThanOrEqual(60);
  });
});

describe("an animation", () => {
  test("has the same bytes by kernels and by twins, and when it is iterated again", async () => {
    const animation = createAnimation({ scene: "seed", ...SMALL });
    const first = await animation.toGif();
    expect(await animation.toGif()).toEqual(first);
    expect(await createAnimation({ scene: "seed", ...SMALL }, { backend: "reference" }).toGif()).toEqual(first);
  });

  test("reuses its memory from frame to frame", async () => {
    const kernels = new Kernels();
    const peaks: number[] = [];
    for await (const _ of createAnimation({ scene: "seed", ...SMALL, fps: 1e2, frames: 40 }, { kernels })) {
      peaks.push(kernels.arena.peakBytes);
    }
    expect(peaks[39]).toBeLessThan(peaks[1] * 1.2);
  });

  test("ends without an error when it is aborted, with the frames so far", async () => {
    const signal = { aborted: false };
    const frames: number[] = [];
    for await (const { frame } of createAnimation({ scene: "seed", ...SMALL }, { signal })) {
      frames.push(frame);
      signal.aborted = frame === 2;
    }
    expect(frames).toEqual([0, 1, 2]);
  });

  test("adds up: stages, wait, instruments and the rest are the wall time", async () => {
    let now = 0;
    const clock = () => {
      now += 7;
      return now;
    };
    for await (const { times } of createAnimation({ scene: "seed", ...SMALL }, { clock })) {
      const { startNs: _, wallNs, ...parts } = times;
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(wallNs);
      expect(times.unaccountedNs).toBeGreaterThan(0);
    }
  });

  test.each([
    [{ dimension: 3 }, "dimension must be a whole number from 4 to 2048, got 3"],
    [{ dimension: 2049 }, "dimension must be a whole number from 4 to 2048, got 2049"],
    [{ frames: 0 }, "frames must be a whole number from 1 to 100000, got 0"],
    [{ width: 1.5 }, "width must be a whole number from 1 to 4096, got 1.5"],
    [{ fps: Number.NaN }, "fps must be a number from 0.1 to 100, got NaN"],
  ])("refuses %j with both numbers", (input, sentence) => {
    expect(() => createAnimation({ scene: "seed", ...SMALL, ...input })).toThrow(sentence);
  });

  test("the indices of a lane are those of the frame that it made last, whatever memory grew meanwhile", async () => {
    const settings = { ...SMALL, dimension: 40, width: 160, height: 120, frames: 3, scene: preset("gyroid") };
    for (const backend of ["wasm", "reference"] as const) {
      const animation = createAnimation(settings, { backend });
      const { frames } = decodeGif(await animation.toGif());
      const { palette } = animation;
      const maker = new FrameMaker(settings, {
        kernels: new Kernels(),
        palette,
        backend,
        clock: () => 0,
        exchange: createLocalExchange(settings.width, settings.height),
      });
      expect(maker.indices().length).toBe(0);
      for (const [frame, { rgba }] of frames.entries()) {
        maker.make(frame);
        const indices = maker.indices();
        const differs = indices.findIndex((index, i) =>
          [0, 1, 2].some((channel) => palette.colors[3 * index + channel] !== rgba[4 * i + channel]),
        );
        expect([indices.length, differs]).toEqual([settings.width * settings.height, -1]);
      }
    }
  });

  test("names the stage and the frame of a failure and gives the memory back", () => {
    const kernels = new Kernels();
    const settings = { ...SMALL, scene: preset("seed") };
    const maker = new FrameMaker(settings, {
      kernels,
      palette: lookPalette(resolveLook(settings.scene.look)),
      clock: () => 0,
      exchange: { publish() {}, release() {}, take: () => new Uint8Array(SMALL.width * SMALL.height) },
      onStage(stage) {
        if (stage === "picture") throw new Error("planted");
      },
    });
    const mark = kernels.arena.mark();
    let failure: unknown = null;
    try {
      maker.make(3);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(StageError);
    expect(failure).toMatchObject({ stage: "picture", frame: 3, message: "picture of frame 3: planted" });
    expect(kernels.arena.mark()).toBe(mark);
  });
});

describe("settings and estimates", () => {
  test("the settings hash changes with everything that changes the GIF", () => {
    const scene = preset("seed");
    const settings = { ...SMALL, scene };
    const hashes = [
      settings,
      ...Object.keys(SMALL).map((key) => ({ ...settings, [key]: settings[key as keyof typeof SMALL] + 1 })),
      { ...settings, scene: { ...scene, closed: true } },
    ].map((each) => settingsHash(each));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(settingsHash({ ...settings })).toBe(hashes[0]);
  });

  test("the estimate covers what a frame really takes, and does not ask for ten times that", async () => {
    for (const { name } of PRESETS) {
      const settings = { scene: preset(name), dimension: 128, width: 320, height: 240, frames: 2, fps: 2 };
      const estimate = estimateWork(settings, new Kernels());
      const kernels = new Kernels();
      let triangles = 0;
      for await (const frame of createAnimation(settings, { kernels }))
        triangles = Math.max(triangles, frame.counts.triangles);
      expect([name, estimate.bytes > kernels.arena.peakBytes]).toEqual([name, true]);
      expect([name, estimate.bytes < 10 * kernels.arena.peakBytes]).toEqual([name, true]);
      expect([name, estimate.triangles > 0.7 * triangles]).toEqual([name, true]);
    }
  });
});
