import { describe, expect, test } from "vitest";
import { SeededRandom } from "../statistics/random.ts";
import { historyOf } from "./steps.ts";

/** Runs around a level, 1 % up or down. */
function runs(random: SeededRandom, count: number, level: number): number[] {
  return Array.from({ length: count }, () => level * (1 + 0.01 * (2 * random.uniform() - 1)));
}

describe("steps of a history", () => {
  test("a level that rises by a tenth is found at its first run, with its size", () => {
    const random = new SeededRandom(3);
    const { steps } = historyOf([...runs(random, 12, 100), ...runs(random, 8, 110)]);
    expect(steps).toHaveLength(1);
    expect(steps[0]?.index).toBe(12);
    expect(steps[0]?.change).toBeCloseTo(0.1, 1);
  });

  test("up and down again are two steps, of opposite sign", () => {
    const random = new SeededRandom(4);
    const { steps } = historyOf([...runs(random, 9, 50), ...runs(random, 7, 60), ...runs(random, 9, 50)]);
    expect(steps.map(({ index }) => index)).toEqual([9, 16]);
    expect(steps.map(({ change }) => Math.sign(change))).toEqual([1, -1]);
  });

  test("noise alone, a single slow run, and a drift below the noise are no step", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const steady = runs(new SeededRandom(seed), 30, 100);
      expect([seed, historyOf(steady).steps]).toEqual([seed, []]);
      expect([seed, historyOf(steady.with(17, 140)).steps]).toEqual([seed, []]);
    }
  });

  test("too few runs say how many are missing", () => {
    expect(historyOf([])).toEqual({ steps: [], runsMissing: 6 });
    expect(historyOf([1, 1, 1, 2, 2])).toEqual({ steps: [], runsMissing: 1 });
    expect(historyOf([1, 1, 1, 2, 2, 2]).runsMissing).toBe(0);
  });

  test("what is no time is refused by its place", () => {
    expect(() => historyOf([1, 0])).toThrow("value 1 of 2 is 0");
    expect(() => historyOf([Number.NaN])).toThrow("value 0 of 1 is NaN");
  });
});
