import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { changePoints, noiseOf } from "./change-point.ts";
import { SeededRandom } from "./random.ts";

interface Case {
  name: string;
  values: number[];
  sigma: number;
  penalty: number;
  least: number;
  leastFirst: number;
  changePoints: number[];
  rupturesPelt?: number[];
  rupturesDynp?: number[];
}
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("fixtures/change-points.json", import.meta.url), "utf8"),
);

describe("change points", () => {
  test.each(cases)("of '$name' are those of the exact search and of ruptures", (entry) => {
    const { values, penalty, least, leastFirst } = entry;
    expect(noiseOf(values)).toBeCloseTo(entry.sigma, 10);
    const found = changePoints(values, { penalty, least, leastFirst });
    expect(found).toEqual(entry.changePoints);
    for (const other of [entry.rupturesPelt, entry.rupturesDynp]) if (other) expect(found).toEqual(other);
  });

  test("stay where they are when the unit changes", () => {
    const { values, changePoints: expected } = cases[3]!;
    expect(changePoints(values.map((value) => value * 1e6 + 5))).toEqual(expected);
  });

  test.each([
    [10, 0, 0.025],
    [10, 0.5, 0.075],
    [20, 0.5, 0.06],
    [30, 0.3, 0.025],
    [30, 0.5, 0.06],
  ])("are not made up of noise that depends on itself: %i values, ρ = %d, in a share of at most %d", (n, rho, most) => {
    const random = new SeededRandom(n);
    const normal = () => Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6);
    let found = 0;
    let steps = 0;
    const series = 600;
    for (let k = 0; k < series; k++) {
      let state = normal();
      const noise = Array.from({ length: n }, () => {
        state = rho * state + Math.sqrt(1 - rho * rho) * normal();
        return state;
      });
      if (changePoints(noise).length > 0) found++;
      if (changePoints(noise.map((value, i) => (i < n / 2 ? value : value + 5))).length > 0) steps++;
    }
    expect(found / series).toBeLessThanOrEqual(most);
    // A step of 5 deviations is still seen.
    expect(steps / series).toBeGreaterThan(0.88);
  });

  test("are rarely found in noise, and no noise hides none", () => {
    const random = new SeededRandom(4);
    let found = 0;
    for (let k = 0; k < 200; k++) {
      const noise = Array.from({ length: 20 }, () => random.uniform() + random.uniform() + random.uniform());
      if (changePoints(noise).length > 0) found++;
    }
    expect(found).toBeLessThanOrEqual(8);
    expect(changePoints([5, 5, 5, 5, 7, 7, 7, 7])).toEqual([4]);
    expect(changePoints([5, 5, 5, 5, 5, 5, 5])).toEqual([]);
    expect(changePoints([1, 2, 3])).toEqual([]);
    expect(changePoints([])).toEqual([]);
  });
});
