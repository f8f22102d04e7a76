import { expect, test } from "vitest";
import { shrunk } from "./shrink.ts";

const gray = (width: number, height: number, value: (x: number, y: number) => number) => {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.fill(value(i % width, Math.floor(i / width)), i * 4, i * 4 + 3);
  return { width, height, rgba };
};
const reds = ({ rgba }: { rgba: Uint8Array }) => Array.from(rgba.filter((_, i) => i % 4 === 0));

test("every pixel is the mean of those that it stands for", () => {
  const picture = gray(4, 2, (x, y) => x * 10 + y * 100);
  expect(reds(shrunk(picture, 2))).toEqual([55, 75]);
  expect(reds(shrunk(picture, 1))).toEqual([65]);
  expect(shrunk(picture, 4)).toEqual(picture);
});

test("a width that does not divide it leaves out no pixel and counts none twice", () => {
  const { width, height, rgba } = shrunk(
    gray(7, 5, () => 90),
    3,
  );
  expect([width, height]).toEqual([3, 2]);
  expect(new Set(rgba.filter((_, i) => i % 4 < 3))).toEqual(new Set([90]));
});

test("where nothing was drawn takes part in no colour", () => {
  const picture = gray(2, 1, (x) => (x === 0 ? 200 : 0));
  picture.rgba[7] = 0;
  expect([...shrunk(picture, 1).rgba]).toEqual([200, 200, 200, 128]);
});
