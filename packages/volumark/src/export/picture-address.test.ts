import type { IndexedPicture, Palette } from "@volumark/engine";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { shrink } from "../lanes/small-picture.ts";
import { indexedPng } from "./indexed-png.ts";
import { pictureAddress } from "./picture-address.ts";

const palette: Palette = {
  colors: Uint8Array.from({ length: 255 * 3 }, (_, i) => (i * 89) % 256),
  size: 255,
  transparentIndex: 255,
};

/** RGB of each pixel. */
function colorsOf({ indices }: IndexedPicture): number[] {
  return [...indices].flatMap((index) => [...palette.colors.subarray(3 * index, 3 * index + 3)]);
}

async function decoded(png: Uint8Array) {
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: [...data] };
}

test("any indexed picture comes back from its PNG exactly, as another program decodes it", async () => {
  const pictures = fc
    .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
    .chain(({ width, height }) =>
      fc
        .uint8Array({ minLength: width * height, maxLength: width * height, max: 254 })
        .map((indices) => ({ width, height, indices })),
    );
  await fc.assert(
    fc.asyncProperty(pictures, async (picture) => {
      const { rgb, ...size } = await decoded(indexedPng(picture, palette));
      expect(size).toEqual({ width: picture.width, height: picture.height });
      expect(rgb).toEqual(colorsOf(picture));
    }),
    { seed: 5, numRuns: 60 },
  );
});

test("a picture of every colour keeps them all, and a palette of few brings only those", async () => {
  const all = { width: 255, height: 1, indices: Uint8Array.from({ length: 255 }, (_, i) => i) };
  expect((await decoded(indexedPng(all, palette))).rgb).toEqual(colorsOf(all));
  const few = { colors: palette.colors, size: 8, transparentIndex: 8 };
  expect(indexedPng({ width: 4, height: 4, indices: new Uint8Array(16).fill(7) }, few).length).toBeLessThan(120);
});

test("the address of a plain picture has all its pixels; one full of detail has fewer, and is still of the frame", async () => {
  const plain = { width: 160, height: 120, indices: Uint8Array.from({ length: 19_200 }, (_, i) => (i / 1600) | 0) };
  let seed = 1;
  const noise = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 16) % 255;
  };
  const busy = { width: 160, height: 120, indices: Uint8Array.from({ length: 19_200 }, noise) };
  for (const [picture, side] of [
    [plain, 160],
    [busy, 80],
  ] as const) {
    const address = pictureAddress(picture, palette);
    expect(address).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
    expect(address.length).toBeLessThan(8192);
    const { rgb, ...size } = await decoded(Buffer.from(address.split(",")[1]!, "base64"));
    const small = shrink(picture, side);
    expect(size).toEqual({ width: small.width, height: small.height });
    expect(rgb).toEqual(colorsOf(small));
  }
});
