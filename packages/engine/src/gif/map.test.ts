import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { ball, createRandom, noise, pictureOf } from "./fixtures/pictures.ts";
import type { Palette } from "./indexed.ts";
import { indexPicture } from "./map.ts";
import { createMapper, indexPictureInto } from "./mapper.ts";
import { choosePalette } from "./palette.ts";

function paletteOf(...colors: number[]): Palette {
  const bytes = colors.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]);
  return { colors: Uint8Array.from(bytes), size: colors.length, transparentIndex: colors.length };
}

describe("indexPicture", () => {
  it("takes the lowest index among colours that are equally near", () => {
    const palette = paletteOf(0x000004, 0x000000, 0x000004, 0x040000);
    const picture = pictureOf(4, 1, (x) => [0x000002, 0x000003, 0x020000, 0x020002][x]);
    expect([...indexPicture(picture, palette).indices]).toEqual([0, 0, 1, 0]);
  });

  it("finds the nearest colour of the brute-force search for every pixel of noise", () => {
    const palette = choosePalette([noise(64, 64, 3000, 21)]);
    const picture = noise(50, 50, 2500, 22);
    const { indices } = indexPicture(picture, palette);
    for (let i = 0; i < indices.length; i++) {
      const distances = Array.from({ length: palette.size }, (_, p) =>
        [0, 1, 2].reduce((sum, c) => sum + (picture.rgba[i * 4 + c] - palette.colors[p * 3 + c]) ** 2, 0),
      );
      expect(indices[i]).toBe(distances.indexOf(Math.min(...distances)));
    }
  });
});

describe("indexPictureInto", () => {
  it("equals the reference for all palette sizes, widths and picture kinds", () => {
    const random = createRandom(4);
    for (let round = 0; round < 60; round++) {
      const size = round < 10 ? round + 1 : 1 + Math.floor(random() * 255);
      const palette = choosePalette([noise(20, 20, 400, round + 1)], { maxColors: size });
      const kernels = new Kernels();
      const mapper = createMapper(kernels, palette);
      const width = 1 + Math.floor(random() * 40);
      for (const picture of [noise(width, 7, 300, round), ball(width, 9, random()), pictureOf(width, 3, () => 0)]) {
        expect(indexPictureInto(mapper, picture).indices).toEqual(indexPicture(picture, palette).indices);
      }
    }
  });

  it("gives right answers when more colours than the cache holds push each other out", () => {
    const palette = choosePalette([noise(32, 32, 1000, 2)]);
    const random = createRandom(8);
    const picture = pictureOf(400, 300, () => Math.floor(random() * 0x1000000));
    const mapper = createMapper(new Kernels(), palette);
    const expected = indexPicture(picture, palette).indices;
    for (let round = 0; round < 2; round++) {
      expect(Buffer.compare(indexPictureInto(mapper, picture).indices, expected)).toBe(0);
    }
  });

  it("reads pixels in place, ignores alpha, and survives the memory growing", () => {
    const palette = paletteOf(0x000000, 0xffffff, 0x3060c0);
    const kernels = new Kernels();
    const mapper = createMapper(kernels, palette);
    const width = 400;
    const height = 300;
    const pointer = kernels.arena.allocate(width * height * 4);
    const picture = {
      width,
      height,
      shadedPixelCount: 0,
      get rgba() {
        return kernels.arena.u8(pointer, width * height * 4);
      },
    };
    picture.rgba.set(ball(width, height, 0.5).rgba);
    for (let i = 3; i < picture.rgba.length; i += 52) picture.rgba[i] = i & 255;
    kernels.arena.allocate(kernels.arena.memory.buffer.byteLength - kernels.arena.mark());
    const top = kernels.arena.mark();
    const before = kernels.arena.memory.buffer;
    const indexed = indexPictureInto(mapper, picture);
    expect(kernels.arena.memory.buffer).not.toBe(before);
    expect(indexed.pointer).toBe(top);
    expect(Buffer.compare(indexed.indices, indexPicture(picture, palette).indices)).toBe(0);
  });

  it("refuses pixels that do not fit the size", () => {
    const mapper = createMapper(new Kernels(), paletteOf(0));
    expect(() => indexPictureInto(mapper, { ...noise(4, 4, 2, 1), width: 5 })).toThrow(/64 bytes .* need 80/);
  });
});
