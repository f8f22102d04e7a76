import { describe, expect, test } from "vitest";
import { LEAST_PASSES, medianInterval, standardErrorOfMedian } from "./bootstrap.ts";
import { portableExp, portableLog } from "./logarithm.ts";
import { median, selectMedian } from "./quantile.ts";
import { SeededRandom } from "./random.ts";

const random = new SeededRandom(7);
function normal(): number {
  let total = -6;
  for (let i = 0; i < 12; i++) total += random.uniform();
  return total;
}

/** Share of series whose interval holds the true median, 200 resamples each instead of the default 10 000. */
function coverage(count: number, rho: number, outliers: number, series: number): number {
  const deviation = 0.03;
  // Where 5 % lie far above, the median of all is the 0.5 / 0.95 quantile of the rest: 0.066 deviations higher.
  const truth = outliers > 0 ? portableExp(deviation * 0.066) : 1;
  let held = 0;
  for (let k = 0; k < series; k++) {
    let state = normal();
    const values = Float64Array.from({ length: count }, () => {
      state = rho * state + Math.sqrt(1 - rho * rho) * normal();
      const outlier = random.uniform() < outliers ? 0.1 + 0.4 * random.uniform() : 0;
      return portableExp(deviation * state + outlier);
    });
    const { low, high } = medianInterval(values, { resamples: 200, seed: k });
    if (low! <= truth && truth <= high!) held++;
  }
  return held / series;
}

describe("interval of a median", () => {
  // The standard deviation of a share of 0.95 among 2000 is 0.005; the table in `bootstrap.ts` has all of them.
  test.each([
    ["independent", 5, 0, 0, 0.945, 0.985],
    ["AR(1) 0.5", 5, 0.5, 0, 0.91, 0.96],
    ["independent", 8, 0, 0, 0.93, 0.975],
    ["AR(1) 0.5", 8, 0.5, 0.05, 0.92, 0.97],
    ["independent", 10, 0, 0, 0.93, 0.97],
    ["AR(1) 0.3", 10, 0.3, 0, 0.925, 0.97],
    ["independent", 20, 0, 0, 0.93, 0.97],
    ["AR(1) 0.5", 20, 0.5, 0, 0.93, 0.97],
    ["5 % outliers", 20, 0, 0.05, 0.93, 0.97],
    ["AR(1) 0.5 with outliers", 30, 0.5, 0.05, 0.925, 0.97],
  ])("of %s noise holds the truth in about 95 of 100 runs of %i passes", (_name, count, rho, outliers, least, most) => {
    const share = coverage(count, rho, outliers, 2000);
    expect(share).toBeGreaterThan(least);
    expect(share).toBeLessThan(most);
  });

  test("is the same for the same seed, and says what it was made with", () => {
    const values = [100, 103, 99, 101, 105, 98, 100.5];
    const first = medianInterval(values);
    expect(medianInterval(values)).toEqual(first);
    expect(first).toMatchObject({ value: 100.5, count: 7, level: 0.95, resamples: 10_000, seed: 20_177 });
    expect(first.low!).toBeLessThan(100.5);
    expect(first.high!).toBeGreaterThan(100.5);
    expect(first.relativeWidth).toBeCloseTo((first.high! - first.low!) / 100.5, 12);
    expect(medianInterval(values, { seed: 2 }).low).not.toBe(first.low);
  });

  test("scales with the unit, and widens with the level", () => {
    const values = [100, 103, 99, 101, 105, 98, 100.5, 99.2];
    const [one, thousand] = [medianInterval(values), medianInterval(values.map((value) => value * 1000))];
    expect(thousand.low! / one.low!).toBeCloseTo(1000, 6);
    expect(medianInterval(values, { level: 0.99 }).relativeWidth!).toBeGreaterThan(one.relativeWidth!);
  });

  test("needs five passes, and says so", () => {
    expect(medianInterval([3, 4, 5, 6])).toMatchObject({
      value: 4.5,
      low: null,
      high: null,
      reason: "4 of at least 5 passes",
    });
    expect(medianInterval([3])).toMatchObject({ value: 3, relativeWidth: null });
    expect(medianInterval([]).value).toBeNaN();
    expect(medianInterval([3, 3, 3, 3, 3])).toMatchObject({ low: 3, high: 3, relativeWidth: 0 });
    expect(LEAST_PASSES).toBe(5);
    expect(() => medianInterval([1, -2])).toThrow("value 1 of 2 is -2");
  });

  test("gives none where it would reach further than a factor of 4, and says so", () => {
    const wild = medianInterval([1, 2, 4, 40, 200, 900]);
    expect(wild).toMatchObject({ low: null, high: null, relativeWidth: null });
    expect(wild.reason).toContain("6 passes that vary or depend on one another so much");
    expect(medianInterval([10, 14, 10, 15, 11, 14]).relativeWidth).toBeGreaterThan(0);
  });

  test("has the standard error that theory gives: 1.2533 σ / √n", () => {
    let total = 0;
    for (let k = 0; k < 40; k++) {
      const logs = Float64Array.from({ length: 101 }, () => normal());
      total += standardErrorOfMedian(logs, { resamples: 300, seed: k });
    }
    expect(total / 40 / (1.2533 / Math.sqrt(101))).toBeGreaterThan(0.9);
    expect(total / 40 / (1.2533 / Math.sqrt(101))).toBeLessThan(1.1);
  });
});

test("the median by selection is the median by sorting", () => {
  for (let count = 1; count < 60; count++) {
    for (const steps of [3, 1000]) {
      const values = Float64Array.from({ length: count }, () => random.below(steps) - 1);
      const expected = median(values);
      expect(selectMedian(values)).toBe(expected);
    }
  }
  expect(selectMedian(new Float64Array(0))).toBeNaN();
  expect(portableLog(portableExp(0.25))).toBeCloseTo(0.25, 15);
});
