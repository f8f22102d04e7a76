import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SeededRandom } from "./random.ts";

const reference: {
  fromState: { state: [number, number, number, number]; outputs: number[] };
  seeded: { seed: number; outputs: number[] }[];
} = JSON.parse(readFileSync(new URL("fixtures/random.json", import.meta.url), "utf8"));

describe("seeded random numbers", () => {
  test("are those of xoshiro128**", () => {
    const random = SeededRandom.fromState(...reference.fromState.state);
    expect(reference.fromState.outputs.map(() => random.nextUint32())).toEqual(reference.fromState.outputs);
  });

  test.each(reference.seeded)("from seed $seed are the same everywhere", ({ seed, outputs }) => {
    const random = new SeededRandom(seed);
    expect(outputs.map(() => random.nextUint32())).toEqual(outputs);
  });

  test("below a bound reach each number equally often, and never the bound", () => {
    const random = new SeededRandom(5);
    const seen = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) seen[random.below(7)]!++;
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(random.below(1)).toBe(0);
  });

  test("as shares stay within [0, 1) and fill it", () => {
    const random = new SeededRandom(9);
    let [least, most, total] = [1, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const u = random.uniform();
      least = Math.min(least, u);
      most = Math.max(most, u);
      total += u;
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(least).toBeLessThan(0.001);
    expect(most).toBeLessThan(1);
    expect(most).toBeGreaterThan(0.999);
    expect(total / 10_000).toBeCloseTo(0.5, 1);
  });
});
