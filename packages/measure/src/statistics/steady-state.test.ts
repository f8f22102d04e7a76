import { describe, expect, test } from "vitest";
import { SeededRandom } from "./random.ts";
import { steadyStateOf } from "./steady-state.ts";

/** A level of 100 with triangular noise of the given half width. */
function noisy(count: number, width: number, seed: number, level: (pass: number) => number = () => 100): Float64Array {
  const random = new SeededRandom(seed);
  return Float64Array.from(
    { length: count },
    (_, pass) => level(pass) * (1 + width * (random.uniform() + random.uniform() - 1)),
  );
}

describe("steady state", () => {
  test("may hold from the first pass: the warm-up is empty", () => {
    let empty = 0;
    for (let seed = 0; seed < 50; seed++) {
      const found = steadyStateOf(noisy(20, 0.02, seed));
      if (found.steady && found.from === 0) empty++;
    }
    expect(empty).toBeGreaterThanOrEqual(44);
    expect(steadyStateOf([7, 7, 7, 7, 7])).toMatchObject({ steady: true, from: 0, basis: "from the first pass" });
  });

  test("begins after a slow first pass", () => {
    const found = steadyStateOf(noisy(15, 0.02, 3, (pass) => (pass === 0 ? 140 : 100)));
    expect(found).toMatchObject({ steady: true, from: 1, basis: "change point", changes: [1] });
  });

  test("begins after the last of several steps", () => {
    const found = steadyStateOf(noisy(24, 0.01, 5, (pass) => (pass < 2 ? 140 : pass < 7 ? 112 : 100)));
    expect(found).toMatchObject({ steady: true, from: 7, changes: [2, 7] });
  });

  test("is not claimed while passes become slower all the time", () => {
    for (let seed = 0; seed < 20; seed++) {
      const found = steadyStateOf(noisy(20, 0.01, seed, (pass) => 100 + 2 * pass));
      expect(found.steady).toBe(false);
      expect(found.evidence).toMatch(/still drift|the level changed at pass/);
    }
  });

  test("is not claimed right after a change, nor from too few passes", () => {
    const changed = steadyStateOf(noisy(20, 0.01, 8, (pass) => (pass < 14 ? 100 : 120)));
    expect(changed).toMatchObject({ steady: false, changes: [14] });
    expect(changed.evidence).toBe("the level changed at pass 15, and only 6 of 20 passes follow; at least 10 must");
    expect(steadyStateOf([1, 2, 3, 4])).toMatchObject({ steady: false, evidence: "4 of at least 5 passes" });
    expect(steadyStateOf([])).toMatchObject({ steady: false, slope: null });
  });

  test("isn't refused for a drift too small to matter", () => {
    const found = steadyStateOf(Float64Array.from({ length: 20 }, (_, i) => 100 * (1 + 1e-5 * i)));
    expect(found).toMatchObject({ steady: true, from: 0 });
    expect(found.slope!.low).toBeGreaterThan(0);
  });

  test("refuses a total that no pass can have", () => {
    expect(() => steadyStateOf([1, 2, 0, 4, 5])).toThrow("value 2 of 5 is 0");
  });
});
