import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { brickNames, denseGrid, expectSamplesOf, signChangingBricks, somePoints } from "./fixtures/evaluate.ts";
import { sceneOf } from "./fixtures/scenes.ts";
import { fieldFromCallback } from "./from-callback.ts";

const ball = (x: number, y: number, z: number) => Math.sqrt(x * x + y * y + z * z) - 0.6;
const scene = sceneOf({ type: "sphere", radius: 0.6 });

describe("field from a callback", () => {
  it.each([4, 7, 8, 15, 40])("finds the same bricks with and without a bound, at dimension %i", (dimension) => {
    const expected = signChangingBricks(denseGrid(scene, 0, dimension), dimension);
    const dense = fieldFromCallback(ball).sample(dimension);
    const sparse = fieldFromCallback(ball, { lipschitz: 1 }).sample(dimension);
    expect(brickNames(dense)).toEqual(expected);
    expect(brickNames(sparse)).toEqual(expected);
    expect(dense.samples).toEqual(sparse.samples);
  });

  it("calls once for each sample without a bound, and far less often with one", () => {
    for (const [options, most] of [
      [{}, 64 ** 3],
      [{ lipschitz: 1 }, 64 ** 3 / 2],
    ] as const) {
      let calls = 0;
      const field = fieldFromCallback((x, y, z) => {
        calls++;
        return ball(x, y, z);
      }, options);
      expect(field.sample(64).sampleCount).toBe(calls);
      expect(calls).toBeLessThanOrEqual(most);
    }
  });

  it("counts a value of 0, and of −0, as outside", () => {
    const flat = (zero: number) => fieldFromCallback((x) => (x < 0 ? zero : 1));
    expect(flat(0).sample(16).count).toBe(0);
    expect(flat(-0).sample(16).count).toBe(0);
    expect(flat(-1e-30).sample(16).count).toBeGreaterThan(0);
  });

  it("gives unit normals that point outside, and (0, 1, 0) where the field is flat", () => {
    const points = somePoints(100);
    const normals = new Float32Array(303);
    fieldFromCallback(ball).normalsInto(Float32Array.from([...points.flat(), 0, 0, 0]), normals);
    points.forEach((p, i) => {
      for (let k = 0; k < 3; k++) expect(normals[i * 3 + k]).toBeCloseTo(p[k] / Math.hypot(...p), 3);
    });
    expect([...normals.subarray(300)]).toEqual([0, 1, 0]);
  });

  it("says where the function gives no number", () => {
    const broken = fieldFromCallback((x, y) => (x > 0.5 && y > 0.5 ? Number.NaN : 1));
    expect(() => broken.sample(8)).toThrow(/at \(0\.625, 0\.625, -0\.875\) must be finite/);
    expect(() => fieldFromCallback(() => 1e300).sample(8)).toThrow(EngineError);
  });

  it("refuses options that make no sense", () => {
    for (const lipschitz of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => fieldFromCallback(ball, { lipschitz })).toThrow(/lipschitz must be a finite number above 0/);
    }
    expect(() => fieldFromCallback(ball).sample(3)).toThrow(EngineError);
  });

  it("holds the samples of the function", () => {
    expectSamplesOf(fieldFromCallback(ball).sample(20), denseLike(20));
  });
});

/** The ball in double precision, rounded once. */
function denseLike(n: number): Float32Array {
  const at = (i: number) => Math.fround((2 * i + 1) / n - 1);
  return Float32Array.from({ length: n ** 3 }, (_, i) =>
    ball(at(i % n), at(Math.floor(i / n) % n), at(Math.floor(i / n ** 2))),
  );
}
