import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GifReader } from "omggif";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import { FRAME_HEAD_BYTES, GIF_TRAILER, gifHeader } from "./container.ts";
import { decodeGif } from "./decode.ts";
import { encodeGif, encodeGifFrame } from "./encode.ts";
import { ball, createRandom, noise, pictureOf, psnr } from "./fixtures/pictures.ts";
import { indexPicture } from "./map.ts";
import { choosePalette } from "./palette.ts";
import { createGifWorkspace, encodeFrameInto, indexInto } from "./workspace.ts";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
if (!hasFfmpeg) console.log("gif: ffmpeg is not on the path; its decoder is left out of these tests.");

/** Encodes by reference and by kernel, which must agree, decodes with ours, and returns both. */
function roundTrip(pictures: Picture[], fps = 25) {
  const bytes = encodeGif(pictures, { fps });
  expect(Buffer.compare(encodeGif(pictures, { fps, kernels: new Kernels() }), bytes)).toBe(0);
  const decoded = decodeGif(bytes);
  expect(decoded.frames.length).toBe(pictures.length);
  expect(decoded.loopCount).toBe(0);
  return { bytes, decoded };
}

function expectExact(pictures: Picture[]) {
  const { bytes, decoded } = roundTrip(pictures);
  pictures.forEach((picture, i) => {
    expect(Buffer.compare(decoded.frames[i].rgba, picture.rgba), `frame ${i}`).toBe(0);
  });
  return bytes;
}

/** Animations of every kind, each with at most 255 colours. */
function kinds(): Record<string, Picture[]> {
  const random = createRandom(77);
  const still = noise(33, 21, 40, 5);
  return {
    "noise of 255 colours": [1, 2, 3]
      .map((seed) => noise(57, 43, 255, 1000 + (seed > 2 ? 1 : 0)))
      .concat(noise(57, 43, 255, 1000)),
    "flat pictures": [0x102030, 0x102030, 0xffffff].map((color) => pictureOf(40, 30, () => color)),
    "one pixel": [0, 1, 1].map((color) => pictureOf(1, 1, () => color)),
    "identical frames": [still, still, still],
    "a blinking pixel": [0, 1, 0].map((on) =>
      pictureOf(70, 50, (x, y) => (on && x === 69 && y === 49 ? 0xff0000 : 0x203040)),
    ),
    "a moving bar": [3, 9, 12, 13].map((at) =>
      pictureOf(90, 60, (x, y) => (x >= at && x < at + 20 ? (y * 4) << 8 : 0xeeeeee)),
    ),
    "two corners": [0, 1].map((on) => pictureOf(64, 64, (x, y) => ((x + y === 0 || x + y === 126) && on ? 255 : 7))),
    "changing noise of two colours": [1, 2].map(() => pictureOf(200, 150, () => (random() < 0.5 ? 0 : 0xffffff))),
  };
}

describe("encodeGif", () => {
  it("loses nothing when all pictures together have at most 255 colours", () => {
    for (const pictures of Object.values(kinds())) expectExact(pictures);
  });

  it("loses nothing at any width from 1 to 300", () => {
    for (let width = 1; width <= 300; width += width < 40 ? 1 : 13) {
      expectExact([noise(width, 3, 9, width), noise(width, 3, 9, width), pictureOf(width, 3, (x) => x & 1)]);
    }
  });

  it("loses nothing at any number of colours from 1 to 255", () => {
    for (let colors = 1; colors <= 255; colors += colors < 20 ? 1 : 9) {
      const frames = [0, 1].map((shift) => pictureOf(300, 2, (x, y) => ((x + shift + y) % colors) * 0x10101));
      expectExact(frames);
    }
  });

  it("is read alike by omggif", () => {
    for (const [kind, pictures] of Object.entries(kinds())) {
      const reader = new GifReader(expectExact(pictures));
      expect([reader.width, reader.height, reader.numFrames(), reader.loopCount()]).toEqual([
        pictures[0].width,
        pictures[0].height,
        pictures.length,
        0,
      ]);
      const screen = new Uint8Array(pictures[0].rgba.length);
      pictures.forEach((picture, i) => {
        reader.decodeAndBlitFrameRGBA(i, screen);
        expect(Buffer.compare(screen, picture.rgba), `${kind}, frame ${i}`).toBe(0);
        expect(reader.frameInfo(i)).toMatchObject({ delay: 4, disposal: 1 });
      });
    }
  });

  it("is read alike by sharp", async () => {
    for (const [kind, pictures] of Object.entries(kinds())) {
      const bytes = expectExact(pictures);
      const { data } = await sharp(bytes, { animated: true }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      expect(Buffer.compare(data, Buffer.concat(pictures.map(({ rgba }) => rgba))), kind).toBe(0);
    }
  });

  it.skipIf(!hasFfmpeg)("is read alike by ffmpeg", () => {
    const folder = mkdtempSync(join(tmpdir(), "gif-"));
    try {
      for (const [kind, pictures] of Object.entries(kinds())) {
        const file = join(folder, "a.gif");
        writeFileSync(file, expectExact(pictures));
        const args = ["-loglevel", "error", "-i", file, "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgba", "-"];
        const { stdout } = spawnSync("ffmpeg", args, { maxBuffer: 1 << 28 });
        expect(Buffer.compare(stdout, Buffer.concat(pictures.map(({ rgba }) => rgba))), kind).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps shaded, anti-aliased balls above 62 dB, frame after frame", () => {
    const pictures = [0, 0.1, 0.2, 0.3, 0.9].map((time) => ball(256, 192, time));
    const { decoded } = roundTrip(pictures, 30);
    pictures.forEach((picture, i) => {
      expect(psnr(picture.rgba, decoded.frames[i].rgba)).toBeGreaterThan(62);
    });
    expect(decoded.frames.map((frame) => frame.delayHundredths)).toEqual([3, 3, 4, 3, 3]);
  });

  it("writes only what changed: the whole first frame, a rectangle, one pixel", () => {
    const { decoded } = roundTrip(kinds()["a blinking pixel"].concat(kinds()["a blinking pixel"][0]));
    const areas = decoded.frames.map(({ left, top, width, height }) => [left, top, width, height]);
    expect(areas).toEqual([
      [0, 0, 70, 50],
      [69, 49, 1, 1],
      [69, 49, 1, 1],
      [0, 0, 1, 1],
    ]);
  });

  it("needs no more bytes with transparency than without", () => {
    const pictures = [0, 0.1, 0.2, 0.3].map((time) => ball(200, 150, time));
    const palette = choosePalette(pictures);
    const indexed = pictures.map((picture) => indexPicture(picture, palette));
    for (let i = 1; i < indexed.length; i++) {
      const [auto, never] = (["auto", "never"] as const).map((transparency) =>
        encodeGifFrame(indexed[i], indexed[i - 1], palette, { delayHundredths: 4, transparency }),
      );
      expect(auto.length).toBeLessThanOrEqual(never.length);
      const file = [gifHeader({ width: 200, height: 150, palette })];
      file.push(encodeGifFrame(indexed[0], null, palette, { delayHundredths: 4 }));
      const decoded = [auto, never].map((last) => {
        const before = indexed
          .slice(1, i)
          .map((frame, n) => encodeGifFrame(frame, indexed[n], palette, { delayHundredths: 4 }));
        return decodeGif(Buffer.concat([...file, ...before, last, GIF_TRAILER])).frames[i].rgba;
      });
      expect(decoded[0]).toEqual(decoded[1]);
    }
  });

  it("refuses no pictures and pictures of two sizes", () => {
    const palette = choosePalette([noise(4, 4, 4, 1)]);
    expect(() => encodeGif([], { fps: 30, palette })).toThrow(/0 pictures/);
    for (const kernels of [undefined, new Kernels()]) {
      const options = { fps: 30, palette, ...(kernels && { kernels }) };
      expect(() => encodeGif([noise(4, 4, 4, 1), noise(4, 5, 4, 1)], options)).toThrow(EngineError);
    }
  });
});

describe("encodeFrameInto", () => {
  it("reads indices from shared memory and leaves the arena as it found it after release", () => {
    const kernels = new Kernels();
    const pictures = [ball(120, 90, 0), ball(120, 90, 0.3)];
    const palette = choosePalette(pictures);
    const workspace = createGifWorkspace(kernels, { width: 120, height: 90, palette });
    const mark = kernels.arena.mark();
    const shared = new Uint8Array(new SharedArrayBuffer(120 * 90));
    shared.set(indexInto(workspace, pictures[0]).indices);
    kernels.arena.release(mark);
    const expected = encodeGifFrame(indexPicture(pictures[1], palette), indexPicture(pictures[0], palette), palette, {
      delayHundredths: 3,
    });
    for (let round = 0; round < 3; round++) {
      const indexed = indexInto(workspace, pictures[1]);
      const frame = encodeFrameInto(workspace, indexed.indices, shared, { delayHundredths: 3 });
      expect(Buffer.compare(frame.bytes, expected)).toBe(0);
      kernels.arena.release(mark);
    }
    const peak = kernels.arena.peakBytes;
    encodeFrameInto(workspace, indexInto(workspace, pictures[1]).indices, shared, { delayHundredths: 3 });
    expect(kernels.arena.peakBytes).toBe(peak);
  });

  it("survives the memory growing between the indices and the data", () => {
    const pictures = [noise(256, 170, 200, 1), noise(256, 170, 200, 1)];
    pictures[1].rgba.set(noise(256, 70, 200, 1).rgba, 100 * 1024);
    const palette = choosePalette(pictures);
    const kernels = new Kernels();
    const workspace = createGifWorkspace(kernels, { width: 256, height: 170, palette });
    const first = indexInto(workspace, pictures[0]);
    const second = indexInto(workspace, pictures[1]);
    // What is left of the memory is taken, so that the next reservation has to grow it.
    const { memory } = kernels.arena;
    kernels.arena.allocate(memory.buffer.byteLength - kernels.arena.mark());
    const before = memory.buffer;
    const frame = encodeFrameInto(workspace, second.indices, first.indices, { delayHundredths: 3 });
    expect(memory.buffer).not.toBe(before);
    const [now, then] = pictures.toReversed().map((picture) => indexPicture(picture, palette));
    expect(Buffer.compare(frame.bytes, encodeGifFrame(now, then, palette, { delayHundredths: 3 }))).toBe(0);
  });

  it("writes one pixel that keeps its colour when nothing changed, with or without transparency", () => {
    const kernels = new Kernels();
    const picture = noise(30, 20, 12, 2);
    const palette = choosePalette([picture]);
    const workspace = createGifWorkspace(kernels, { width: 30, height: 20, palette });
    const indexed = indexPicture(picture, palette);
    for (const transparency of ["auto", "never"] as const) {
      const frame = encodeFrameInto(workspace, indexed.indices, indexed.indices, { delayHundredths: 9, transparency });
      expect(frame.byteLength).toBeLessThanOrEqual(FRAME_HEAD_BYTES + 6);
      const bytes = Buffer.concat([
        gifHeader({ width: 30, height: 20, palette }),
        encodeGifFrame(indexed, null, palette, { delayHundredths: 9 }),
        frame.bytes,
        GIF_TRAILER,
      ]);
      expect(Buffer.compare(decodeGif(bytes).frames[1].rgba, picture.rgba)).toBe(0);
    }
  });

  it("refuses delays and lengths that do not fit", () => {
    const palette = choosePalette([noise(4, 4, 4, 1)]);
    const workspace = createGifWorkspace(new Kernels(), { width: 4, height: 4, palette });
    const indices = new Uint8Array(16);
    for (const delayHundredths of [-1, 0.5, 65536]) {
      expect(() => encodeFrameInto(workspace, indices, null, { delayHundredths })).toThrow(/from 0 to 65535/);
    }
    expect(() => encodeFrameInto(workspace, new Uint8Array(15), null, { delayHundredths: 1 })).toThrow(
      /15 indices .* 16/,
    );
    expect(() => createGifWorkspace(new Kernels(), { width: 0, height: 4, palette })).toThrow(/1 to 65535/);
    expect(() => gifHeader({ width: 4, height: 4, palette: { ...palette, transparentIndex: 0 } })).toThrow(
      /transparent index 0/,
    );
  });
});
