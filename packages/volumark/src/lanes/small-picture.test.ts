import fc from "fast-check";
import { expect, test } from "vitest";
import { beginPictures, createRing, pictureIsDue } from "./ring.ts";
import { PICTURE_EVERY_MS, shrink, smallPictureOf } from "./small-picture.ts";

test("samples lie in the middle of what they stand for: of 3 × 3 pixels the middle one", () => {
  const indices = Uint8Array.from({ length: 54 }, (_, i) => i);
  const small = shrink({ width: 9, height: 6, indices }, 3);
  expect([small.width, small.height]).toEqual([3, 2]);
  expect([...small.indices]).toEqual([10, 13, 16, 37, 40, 43]);
});

test("a small picture fits, keeps its aspect to half a pixel, has at least one pixel a side and reads none outside", () => {
  const size = fc.integer({ min: 1, max: 700 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 160 }), (width, height, mostSide) => {
      const small = shrink({ width, height, indices: new Uint8Array(width * height).fill(9) }, mostSide);
      const scale = Math.min(1, mostSide / Math.max(width, height));
      expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(Math.max(1, mostSide));
      expect(Math.abs(small.width - Math.max(1, width * scale))).toBeLessThanOrEqual(0.5);
      expect(Math.abs(small.height - Math.max(1, height * scale))).toBeLessThanOrEqual(0.5);
      expect(small.indices.every((index) => index === 9)).toBe(true);
    }),
    { seed: 11, numRuns: 200 },
  );
});

test("a picture that is small already is taken as it is", () => {
  const indices = Uint8Array.of(1, 2, 3, 4, 5, 6);
  expect(shrink({ width: 3, height: 2, indices }, 160)).toEqual({ width: 3, height: 2, indices });
});

test("all lanes together take one at once, then one in 250 ms, also where the clock's word goes round", () => {
  for (const startMs of [0, 12.7, 2 ** 31 - 100, 2 ** 32 - 100, 4_503_599_627]) {
    const ring = createRing(2, 1);
    beginPictures(ring, startMs, PICTURE_EVERY_MS);
    const due = [0, 0, 1, 249, 250, 251, 499, 500, 1500, 1501].map((ms) =>
      pictureIsDue(ring, Math.trunc(startMs) + ms, PICTURE_EVERY_MS),
    );
    expect(due).toEqual([true, false, false, false, true, false, false, true, true, false]);
  }
});

test("the last frame has a picture whenever it comes, and others only when one is due", () => {
  const ring = createRing(1, 4);
  beginPictures(ring, 0, PICTURE_EVERY_MS);
  const settings = { frames: 4, width: 2, height: 2 } as Parameters<typeof smallPictureOf>[2]["settings"];
  const maker = { indices: () => Uint8Array.of(1, 2, 3, 4) };
  const taken = [0, 1, 2, 3].map((frame) => smallPictureOf(maker, frame, { settings, ring, now: () => frame * 1e6 }));
  expect(taken.map((picture) => picture !== null)).toEqual([true, false, false, true]);
  expect([...taken[3]!.indices]).toEqual([1, 2, 3, 4]);
});
