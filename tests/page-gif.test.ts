import { createAnimation, decodeGif } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { GIF_SCRIPT } from "../packages/measure/src/formats/page/script.ts";

interface Opened {
  width: number;
  height: number;
  delays: number[];
  draw(frame: number): Uint8ClampedArray;
}

/** The decoder as the page runs it. */
const openGif = new Function(`"use strict";${GIF_SCRIPT}; return openGif;`)() as (bytes: Uint8Array) => Opened;

/** A GIF of 1-bit pictures without compression tricks: each frame a rectangle of literal codes with clear codes between. */
function handMade(
  width: number,
  height: number,
  frames: readonly {
    box: readonly [x: number, y: number, w: number, h: number];
    pixels: readonly number[];
    dispose?: number;
    clear?: number;
    interlaced?: boolean;
  }[],
): Uint8Array {
  const palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
  const bytes = [..."GIF89a"].map((c) => c.charCodeAt(0)).concat(width, 0, height, 0, 0x81, 0, 0, palette);
  for (const { box, pixels, dispose = 0, clear, interlaced } of frames) {
    bytes.push(0x21, 0xf9, 4, (dispose << 2) | (clear === undefined ? 0 : 1), 5, 0, clear ?? 0, 0);
    bytes.push(0x2c, box[0], 0, box[1], 0, box[2], 0, box[3], 0, interlaced ? 0x40 : 0, 2);
    const codes = pixels.flatMap((pixel) => [4, pixel]).concat(5);
    const data: number[] = [];
    codes.forEach((code, i) => {
      for (let bit = 0; bit < 3; bit++) {
        const at = i * 3 + bit;
        data[at >> 3] = (data[at >> 3] ?? 0) | (((code >> bit) & 1) << (at & 7));
      }
    });
    bytes.push(data.length, ...data, 0);
  }
  return Uint8Array.from([...bytes, 0x3b]);
}

/** The red value of each pixel names its colour; 0 where nothing was drawn. */
const colors = (rgba: Uint8ClampedArray) =>
  Array.from({ length: rgba.length / 4 }, (_, i) => (rgba[4 * i + 3] ? rgba[4 * i] : 0));

describe("the page's GIF decoder", () => {
  test("gives the pixels of an independent decoder, in whatever order frames are asked for", async () => {
    const gif = await createAnimation({
      scene: "seed",
      dimension: 24,
      width: 97,
      height: 61,
      frames: 21,
      fps: 25,
    }).toGif();
    const truth = decodeGif(gif);
    const opened = openGif(gif);
    expect([opened.width, opened.height, opened.delays]).toEqual([
      97,
      61,
      truth.frames.map(({ delayHundredths }) => delayHundredths * 10),
    ]);
    for (const frame of [0, 1, 20, 3, 19, 19, 8, 9, 16, 15, 0, 20])
      expect(Buffer.from(opened.draw(frame)).equals(Buffer.from(truth.frames[frame]!.rgba)), `frame ${frame}`).toBe(
        true,
      );
  });

  test("keeps, clears and restores as each frame says", () => {
    const all = [0, 0, 2, 2] as const;
    const gif = handMade(2, 2, [
      { box: all, pixels: [0, 1, 2, 3] },
      { box: [0, 0, 1, 1], pixels: [3], dispose: 3 },
      { box: [1, 0, 1, 2], pixels: [0, 0], dispose: 2 },
      { box: [0, 1, 2, 1], pixels: [1, 3], clear: 3 },
    ]);
    const opened = openGif(gif);
    const expected = [
      [10, 40, 70, 100],
      [100, 40, 70, 100],
      [10, 10, 70, 10],
      [10, 0, 40, 0],
    ];
    for (const frame of [3, 0, 1, 2, 3, 2, 1])
      expect(colors(opened.draw(frame)), `frame ${frame}`).toEqual(expected[frame]);
  });

  test("puts the lines of an interlaced picture where they belong", () => {
    const rows = [0, 4, 2, 1, 3];
    const gif = handMade(1, 5, [{ box: [0, 0, 1, 5], pixels: rows.map((row) => row % 4), interlaced: true }]);
    expect(colors(openGif(gif).draw(0))).toEqual([0, 1, 2, 3, 4].map((row) => [10, 40, 70, 100][row % 4]));
  });

  test("ends on every truncation, with a picture or a reason", async () => {
    const gif = await createAnimation({
      scene: "seed",
      dimension: 8,
      width: 16,
      height: 12,
      frames: 3,
      fps: 25,
    }).toGif();
    let opened = 0;
    for (let length = 0; length < gif.length; length++) {
      try {
        const some = openGif(gif.subarray(0, length));
        for (let frame = 0; frame < some.delays.length; frame++) expect(some.draw(frame)).toHaveLength(16 * 12 * 4);
        opened++;
      } catch (error) {
        expect((error as Error).message).toMatch(/not a GIF|unknown block|no frames|offset|Invalid|length/);
      }
    }
    expect(opened).toBeGreaterThan(0);
  });
});
