import { describe, expect, test } from "vitest";
import { boxes, roundUp, steppedArea } from "./plot.ts";

describe("a path", () => {
  test("of an area steps at each column and comes back to the base", () => {
    expect(steppedArea([1, 1, 2, 0], 2)).toBe("M0 100v-50h2v-50h1v100h1V100z");
    expect(steppedArea([0], 0)).toBe("M0 100h1V100z");
  });

  test("of an area does not drift over many columns", () => {
    const path = steppedArea(
      Array.from({ length: 1000 }, (_, i) => 1 + (i % 3) / 3),
      3,
    );
    let y = 100;
    for (const [, step] of path.matchAll(/v(-?[\d.]+)/g)) y += Number(step);
    expect(y).toBeCloseTo(100 - (1 / 3) * 100, 1);
  });

  test("of boxes joins neighbours and keeps the last column", () => {
    const here = [true, true, false, true];
    expect(boxes(4, (c) => here[c]!)).toBe("M0 0h2v100H0zM3 0h1v100H3z");
    expect(boxes(4, () => false)).toBe("");
  });
});

test("the top of a scale is round and never below the greatest value", () => {
  expect([1, 1.01, 2.1, 7, 9, 10, 0.0031, 12_345].map(roundUp).map((value) => Number(value.toPrecision(6)))).toEqual([
    1, 1.2, 2.5, 8, 10, 10, 0.004, 15_000,
  ]);
  expect([0, -1, Number.NaN].map(roundUp)).toEqual([1, 1, 1]);
});
