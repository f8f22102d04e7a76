import { describe, expect, it } from "vitest";
import { sine } from "../portable/trig.ts";
import { drift, keyframes, parameter, wave } from "./builder.ts";
import { valueAt, vectorAt } from "./evaluate.ts";
import { rangeOf } from "./range.ts";
import type { Animated } from "./spec.ts";

const at = (value: Animated, time: number) => valueAt(value, time, { size: 0.25 });

describe("valueAt", () => {
  it("gives constants and parameters as they are", () => {
    expect(at(0.7, 123)).toBe(0.7);
    expect(at(parameter("size"), 123)).toBe(0.25);
    expect(vectorAt([1, parameter("size"), wave({ amplitude: 2, frequency: 1, phase: 90 })], 0, { size: 3 })).toEqual([
      1, 3, 2,
    ]);
  });

  it("refuses a parameter that is not there, also one that every object has", () => {
    expect(() => at(parameter("length"), 0)).toThrow('no parameter "length". It has: size.');
    expect(() => at(parameter("constructor"), 0)).toThrow("constructor");
  });

  it("makes a wave of its four numbers, exact at quarter periods", () => {
    const value = wave({ amplitude: 2, frequency: 0.5, phase: 90, offset: 1 });
    expect([0, 0.5, 1, 1.5, 2].map((time) => at(value, time))).toEqual([3, 1, -1, 1, 3]);
    expect(at(wave({ amplitude: 3, frequency: 2 }), 0.125)).toBe(3);
  });

  it("repeats a wave to the bit after whole periods, so that loops close", () => {
    const value = wave({ amplitude: 0.37, frequency: 1, phase: 12 });
    for (let i = 0; i < 32; i++) expect(at(value, i / 32 + 64)).toBe(at(value, i / 32));
  });

  it("turns one radian a second at a frequency of 1 / 2π", () => {
    const value = wave({ amplitude: 90, frequency: 1 / (2 * Math.PI) });
    for (let frame = 0; frame < 90; frame++) expect(at(value, frame / 30)).toBeCloseTo(90 * sine(frame / 30), 12);
  });

  it("holds keyframes outside of their times and hits each one exactly", () => {
    for (const easing of ["linear", "smooth", "step"] as const) {
      const value = keyframes(
        [
          [1, 10],
          [2, 30],
          [4, -5],
        ],
        easing,
      );
      expect([-9, 1, 2, 4, 99].map((time) => at(value, time))).toEqual([10, 10, 30, -5, -5]);
    }
    expect(at(keyframes([[3, 7]]), 0)).toBe(7);
  });

  it("joins keyframes evenly, smoothly or by steps", () => {
    const points = [
      [0, 0],
      [4, 8],
    ] as const;
    expect(at(keyframes(points, "linear"), 1)).toBe(2);
    expect(at(keyframes(points), 1)).toBe(8 * (3 / 16 - 2 / 64));
    expect(at(keyframes(points), 2)).toBe(4);
    expect(at(keyframes(points, "step"), 3.999)).toBe(0);
  });

  it("drifts at its rate", () => {
    expect(at(drift(90), 0)).toBe(0);
    expect(at(drift(90), 7)).toBeCloseTo(630, 10);
  });
});

describe("rangeOf", () => {
  it("holds every value that the number takes", () => {
    const values: Animated[] = [
      3,
      parameter("size"),
      wave({ amplitude: -2, frequency: 0.7, offset: 1 }),
      wave({ amplitude: 2, frequency: 0, phase: 30 }),
      keyframes([
        [0, 1],
        [1, -4],
        [3, 2],
      ]),
    ];
    for (const value of values) {
      const { least, greatest } = rangeOf(value, { size: 0.25 });
      for (let i = 0; i < 500; i++) {
        const x = at(value, i / 100);
        expect(x).toBeGreaterThanOrEqual(least);
        expect(x).toBeLessThanOrEqual(greatest);
      }
    }
    expect(rangeOf(wave({ amplitude: -2, frequency: 1, offset: 1 }), {})).toEqual({ least: -1, greatest: 3 });
  });
});
