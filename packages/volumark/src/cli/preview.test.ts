import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { previewLines } from "./preview.ts";

function picture(width: number, height: number, color: (x: number, y: number) => [number, number, number]) {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgba.set([...color(x, y), 0], 4 * (y * width + x));
  }
  return { width, height, rgba };
}

const visible = stripVTControlCharacters;

test("a 4:3 picture becomes 48 characters by 18 lines", () => {
  const lines = previewLines(picture(512, 384, () => [1, 2, 3]));
  expect(lines).toHaveLength(18);
  expect(lines.every((line) => visible(line) === "▀".repeat(48))).toBe(true);
});

test.each([
  [512, 384],
  [4096, 1],
  [1, 4096],
  [1, 1],
  [37, 91],
])("%dx%d stays within 48 by 18 and resets its colours on every line", (width, height) => {
  const lines = previewLines(picture(width, height, (x, y) => [x & 255, y & 255, 7]));
  expect(lines.length).toBeGreaterThanOrEqual(1);
  expect(lines.length).toBeLessThanOrEqual(18);
  for (const line of lines) {
    expect(visible(line).length).toBeGreaterThanOrEqual(1);
    expect(visible(line).length).toBeLessThanOrEqual(48);
    expect(line.endsWith("\x1b[0m")).toBe(true);
    expect(line).not.toMatch(/NaN|undefined/);
  }
});

test("the upper pixel is the colour of the character, the lower one the colour behind it", () => {
  const [line] = previewLines(picture(1, 2, (_x, y) => (y === 0 ? [255, 0, 0] : [0, 0, 255])));
  expect(line).toBe("\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[0m");
});

test("a cell shows the mean of its pixels, whatever their alpha", () => {
  const [line] = previewLines(picture(96, 2, (x) => (x % 2 === 0 ? [0, 0, 0] : [200, 100, 50])));
  expect(line).toBe(`\x1b[38;2;100;50;25;48;2;100;50;25m${"▀".repeat(48)}\x1b[0m`);
});
