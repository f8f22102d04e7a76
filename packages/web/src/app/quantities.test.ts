import { expect, test } from "vitest";
import { bytesText, counted, countText, leftText, momentText, timeText } from "./quantities.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1 000"],
  [1234567.4, "1 234 567"],
])("the count %d reads %s", (value, text) => {
  expect(plain(countText(value))).toBe(text);
});

test.each([
  [0, "0"],
  [0.000012, "12.0 ns"],
  [0.5, "500 µs"],
  [1.2345, "1.23 ms"],
  [99.94, "99.9 ms"],
  [99.96, "100 ms"],
  [1500, "1.50 s"],
  [125_000, "2 min 5 s"],
  [7_260_000, "2 h 1 min"],
  [Number.NaN, "–"],
])("%d ms reads %s", (ms, text) => {
  expect(plain(timeText(ms))).toBe(text);
});

test.each([
  [300, "less than a second left"],
  [1200, "about 2 s left"],
  [100_000, "about 2 min left"],
  [8_000_000, "about 2 h left"],
])("%d ms to go reads %s", (ms, text) => {
  expect(plain(leftText(ms))).toBe(text);
});

test.each([
  [12, "12 B"],
  [1200, "1.20 kB"],
  [36_700_160, "36.7 MB"],
])("%d bytes read %s", (bytes, text) => {
  expect(plain(bytesText(bytes))).toBe(text);
});

test("a moment of an animation keeps its two places", () => {
  expect([0, 33.33, 12_345].map((ms) => plain(momentText(ms)))).toEqual(["0.00 s", "0.03 s", "12.35 s"]);
});

test("one thing has one name and several another", () => {
  expect([1, 2, 0].map((n) => plain(counted(n, "frame")))).toEqual(["1 frame", "2 frames", "0 frames"]);
});
