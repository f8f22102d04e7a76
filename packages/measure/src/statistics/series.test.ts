import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { autocorrelation, dependence, ranks } from "./autocorrelation.ts";
import { SeededRandom } from "./random.ts";
import { theilSenSlope } from "./slope.ts";

interface Case {
  values: number[];
  acf: number[];
  ranks: number[];
  slope: number;
  low: number;
  high: number;
}
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(new URL("fixtures/series.json", import.meta.url), "utf8"));

describe("a series", () => {
  test.each(cases)("has the autocorrelation, ranks and slope that scipy and statsmodels find (%#)", (entry) => {
    for (let lag = 0; lag < entry.acf.length; lag++)
      expect(autocorrelation(entry.values, lag)).toBeCloseTo(entry.acf[lag]!, 10);
    expect([...ranks(entry.values)]).toEqual(entry.ranks);
    const { slope, low, high } = theilSenSlope(entry.values);
    expect(slope).toBeCloseTo(entry.slope, 10);
    expect(low).toBeCloseTo(entry.low, 10);
    expect(high).toBeCloseTo(entry.high, 10);
  });

  test("of equal values has no slope and no autocorrelation", () => {
    expect(theilSenSlope([2, 2, 2, 2])).toEqual({ slope: 0, low: 0, high: 0 });
    expect(autocorrelation([2, 2, 2])).toBe(0);
    expect(() => theilSenSlope([1])).toThrow("1 of at least 2");
  });

  test("that repeats itself is worth fewer values than one that does not", () => {
    const random = new SeededRandom(3);
    const noise = Float64Array.from({ length: 400 }, () => random.uniform() - 0.5);
    const series = Float64Array.from(noise);
    for (let i = 1; i < series.length; i++) series[i] = 0.5 * series[i - 1]! + noise[i]!;
    expect(dependence(noise).rho).toBeLessThan(0.12);
    const found = dependence(series);
    expect(found.rho).toBeGreaterThan(0.4);
    expect(found.rho).toBeLessThan(0.6);
    expect(found.effectiveSize).toBeCloseTo(400 / found.inflation, 9);
    expect(dependence([1, 2]).rho).toBe(0.4);
  });
});
