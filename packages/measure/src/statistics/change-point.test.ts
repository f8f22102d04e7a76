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
