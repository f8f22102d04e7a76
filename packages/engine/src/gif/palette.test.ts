import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { ball, createRandom, noise, pictureOf, psnr } from "./fixtures/pictures.ts";
import { coarsen, countColors } from "./histogram.ts";
import { indexPicture } from "./map.ts";
import { choosePalette, paletteAround } from "./palette.ts";

describe("countColors", () => {
  it("counts each pixel once, whatever the runs", () => {
    const random = createRandom(7);
    const picture = pictureOf(61, 37, () => (random() < 0.7 ? 0x102030 : Math.floor(random() * 0x1000000)));
    const expected = new Map<number, number>();
    for (let i = 0; i < picture.rgba.length; i += 4) {
      const color = (picture.rgba[i] << 16) | (picture.rgba[i + 1] << 8) | picture.rgba[i + 2];
      expected.set(color, (expected.get(color) ?? 0) + 1);
    }
    const { colors, counts, pixelCount } = countColors([picture]);
    expect(pixelCount).toBe(61 * 37);
    expect([...colors]).toEqual([...expected.keys()].sort((a, b) => a - b));
    expect([...counts]).toEqual([...colors].map((color) => expected.get(color)));
  });

  it("gives by kernel what the reference gives, also when the kernel's table fills up", () => {
    const random = createRandom(11);
    const pictures = [
      ball(64, 48, 0),
      pictureOf(300, 200, () => Math.floor(random() * 0x1000000)),
      pictureOf(5, 1, () => 0),
      pictureOf(7, 3, () => 0xffffff),
    ];
    expect(countColors(pictures, new Kernels())).toEqual(countColors(pictures));
  });

  it("keeps the number of pixels when colours are joined into cells", () => {
    const random = createRandom(5);
    const histogram = countColors([pictureOf(200, 200, () => Math.floor(random() * 0x1000000))]);
    const joined = coarsen(histogram, 600);
    expect(joined.colors.length).toBeLessThanOrEqual(600);
    expect(joined.counts.reduce((sum, count) => sum + count, 0)).toBe(40000);
  });
});

describe("choosePalette", () => {
  it("is exact for every number of colours up to 255", () => {
    for (const count of [1, 2, 3, 4, 15, 16, 254, 255]) {
      const picture = pictureOf(count, 3, (x) => x * 65793 + 5 * (x & 1));
      const palette = choosePalette([picture]);
      expect(palette.size).toBe(count);
      expect(palette.transparentIndex).toBe(count);
      const { indices } = indexPicture(picture, palette);
      for (let i = 0; i < indices.length; i++) {
        expect([...palette.colors.subarray(indices[i] * 3, indices[i] * 3 + 3)]).toEqual([
          ...picture.rgba.subarray(i * 4, i * 4 + 3),
        ]);
      }
    }
  });

  it("stays within maxColors, and uses all of them when there are more colours", () => {
    for (const maxColors of [1, 2, 7, 64, 255]) {
      expect(choosePalette([noise(80, 80, 5000, 3)], { maxColors }).size).toBe(maxColors);
    }
  });

  it("keeps a background exactly even when its neighbours in colour are many", () => {
    const random = createRandom(9);
    const picture = pictureOf(100, 100, (x) => (x < 40 ? 0x808080 : 0x808080 + Math.floor(random() * 2000)));
    const { colors, size } = choosePalette([picture], { maxColors: 16 });
    const found = Array.from(
      { length: size },
      (_, i) => (colors[i * 3] << 16) | (colors[i * 3 + 1] << 8) | colors[i * 3 + 2],
    );
    expect(found).toContain(0x808080);
  });

  it("does not depend on the order of the probes or on the kernels, and is sorted by brightness", () => {
    const probes = [0, 0.5, 1].map((time) => ball(160, 120, time));
    const palette = choosePalette(probes);
    expect(choosePalette(probes.toReversed(), { kernels: new Kernels() })).toEqual(palette);
    const sums = Array.from({ length: palette.size }, (_, i) =>
      palette.colors.subarray(i * 3, i * 3 + 3).reduce((a, b) => a + b),
    );
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
  });

  it("loses less than a picture at 62 dB on shaded balls that the probes did not show", () => {
    const palette = choosePalette([0, 0.5, 1].map((time) => ball(320, 240, time)));
    for (const time of [0, 0.17, 0.41, 0.83]) {
      const picture = ball(320, 240, time);
      const { indices } = indexPicture(picture, palette);
      const back = pictureOf(320, 240, (x, y) => {
        const at = indices[y * 320 + x] * 3;
        return (palette.colors[at] << 16) | (palette.colors[at + 1] << 8) | palette.colors[at + 2];
      });
      expect(psnr(picture.rgba, back.rgba)).toBeGreaterThan(62);
    }
  });

  it("refuses no pixels and a number of colours out of range", () => {
    expect(() => choosePalette([])).toThrow(/0 pixels/);
    for (const maxColors of [0, 256, 1.5, Number.NaN]) {
      expect(() => choosePalette([noise(2, 2, 2, 1)], { maxColors })).toThrow(/from 1 to 255/);
    }
  });
});

describe("paletteAround", () => {
  const grey = (value: number) => value * 0x010101;
  const greys = (first: number, last: number) =>
    Uint32Array.from({ length: last - first + 1 }, (_, i) => grey(first + i));
  const colorsOf = ({ colors, size }: { colors: Uint8Array; size: number }) =>
    Array.from({ length: size }, (_, i) => (colors[3 * i]! << 16) | (colors[3 * i + 1]! << 8) | colors[3 * i + 2]!);

  it("keeps every exact colour as it is and shares out what is left among the others", () => {
    const others = Uint32Array.from({ length: 400 }, (_, i) => 0x400000 + i * 257);
    const palette = paletteAround(greys(0, 199), others);
    expect(palette.size).toBeGreaterThan(250);
    const colors = new Set(colorsOf(palette));
    expect([...greys(0, 199)].filter((color) => !colors.has(color))).toEqual([]);
  });

  it("keeps everything where it fits, down to one colour", () => {
    expect(colorsOf(paletteAround(greys(7, 7), new Uint32Array(0)))).toEqual([grey(7)]);
    expect(colorsOf(paletteAround(greys(0, 99), greys(100, 254)))).toEqual([...greys(0, 254)]);
  });

  it("with more exact colours than leave room: none of them is off by more than a step, and others are not forgotten", () => {
    const palette = colorsOf(paletteAround(greys(0, 255), Uint32Array.of(0xff0000)));
    expect(palette.length).toBeLessThanOrEqual(255);
    const near = (color: number, most: number) =>
      palette.some((one) =>
        [16, 8, 0].every((shift) => Math.abs(((one >> shift) & 255) - ((color >> shift) & 255)) <= most),
      );
    for (const color of greys(0, 255)) expect([color, near(color, 1)]).toEqual([color, true]);
    expect(near(0xff0000, 0)).toBe(true);
  });
});
