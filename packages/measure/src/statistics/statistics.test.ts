import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mean, sum } from "./mean.ts";
import { median, medianAbsoluteDeviation, quantile, quantileOfSorted, sorted } from "./quantile.ts";

interface Case {
  values: number[];
  mean: number;
  median: number;
  p05: number;
  p25: number;
  p75: number;
  p95: number;
  mad: number;
}
const reference: { source: string; cases: Case[] } = JSON.parse(
  readFileSync(new URL("fixtures/reference.json", import.meta.url), "utf8"),
);

describe("order statistics", () => {
  test.each(reference.cases.map((entry) => [entry.values.length, entry] as const))(
    "agree with Python's for %i values",
    (_n, entry) => {
      expect(mean(entry.values)).toBeCloseTo(entry.mean, 12);
      expect(median(entry.values)).toBeCloseTo(entry.median, 12);
      expect(quantile(entry.values, 0.05)).toBeCloseTo(entry.p05, 12);
      expect(quantile(entry.values, 0.25)).toBeCloseTo(entry.p25, 12);
      expect(quantile(entry.values, 0.75)).toBeCloseTo(entry.p75, 12);
      expect(quantile(entry.values, 0.95)).toBeCloseTo(entry.p95, 12);
      expect(medianAbsoluteDeviation(entry.values)).toBeCloseTo(entry.mad, 12);
    },
  );

  test("follow type 7 by hand: position (n - 1) p, linear between neighbours", () => {
    const values = [40, 10, 30, 20];
    expect(quantile(values, 0)).toBe(10);
    expect(quantile(values, 1)).toBe(40);
    expect(quantile(values, 1 / 3)).toBe(20);
    expect(quantile(values, 0.5)).toBe(25);
    expect(quantile(values, 0.25)).toBe(17.5);
    expect(values).toEqual([40, 10, 30, 20]);
  });

  test("sort by value, not as text", () => expect([...sorted([10, 9, 1e3, -2])]).toEqual([-2, 9, 10, 1000]));

  test("of one value are that value, and of none NaN", () => {
    expect(quantile([3], 0.95)).toBe(3);
    expect(medianAbsoluteDeviation([3])).toBe(0);
    expect(quantile([], 0.5)).toBeNaN();
    expect(medianAbsoluteDeviation([])).toBeNaN();
    expect(mean([])).toBeNaN();
    expect(sum([])).toBe(0);
  });

  test("refuse NaN and a p that is no share", () => {
    expect(() => median([1, Number.NaN])).toThrow("entry 1 of 2 is NaN");
    expect(() => quantileOfSorted([1], 1.01)).toThrow("from 0 to 1, got 1.01");
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError);
  });
});
