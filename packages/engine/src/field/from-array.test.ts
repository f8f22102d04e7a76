import { expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { brickNames, denseGrid, expectSamplesOf, signChangingBricks, somePoints } from "./fixtures/evaluate.ts";
import { SCENES, sceneOf } from "./fixtures/scenes.ts";
import { fieldFromArray } from "./from-array.ts";

it("gives its own samples unchanged at its own dimension", () => {
  for (const dimension of [4, 7, 8, 29]) {
    const grid = denseGrid(SCENES[3][1], 0, dimension);
    const bricks = fieldFromArray(grid, dimension).sample(dimension);
    expect(brickNames(bricks)).toEqual(signChangingBricks(grid, dimension));
    expectSamplesOf(bricks, grid);
    expect(bricks.sampleCount).toBe(dimension ** 3);
  }
});

it("interpolates a linear field exactly between its samples, and holds it beyond", () => {
  const n = 10;
  const grid = denseGrid(sceneOf({ type: "plane", normal: [1, 2, 3], offset: 0.1 }), 0, n);
  const bricks = fieldFromArray(grid, n).sample(20);
  const edge = 1 - 1 / n;
  const held = (i: number) => Math.min(Math.max((2 * i + 1) / 20 - 1, -edge), edge);
  for (let b = 0; b < bricks.count; b++) {
    const [bx, by, bz] = bricks.coordinates.subarray(b * 3, b * 3 + 3);
    for (let i = 0; i < 512; i++) {
      const [x, y, z] = [bx * 7 + (i & 7), by * 7 + ((i >> 3) & 7), bz * 7 + (i >> 6)];
      if (Math.max(x, y, z) > 19) continue;
      const expected = (held(x) + 2 * held(y) + 3 * held(z)) / Math.sqrt(14) - 0.1;
      expect(bricks.samples[b * 512 + i]).toBeCloseTo(expected, 6);
    }
  }
});

it("has the normal of a plane everywhere inside, of a ball near it, and (0, 1, 0) where it is flat", () => {
  const n = 24;
  const positions = Float32Array.from(
    somePoints(100)
      .flat()
      .map((v) => v * 0.9),
  );
  const normals = new Float32Array(300);
  fieldFromArray(denseGrid(sceneOf({ type: "plane", normal: [2, -1, 2] }), 0, n), n).normalsInto(positions, normals);
  for (let i = 0; i < 300; i += 3) {
    expect(normals[i]).toBeCloseTo(2 / 3, 4);
    expect(normals[i + 1]).toBeCloseTo(-1 / 3, 4);
  }
  const ball = fieldFromArray(denseGrid(sceneOf({ type: "sphere", radius: 0.6 }), 0, n), n);
  ball.normalsInto(Float32Array.of(0.6, 0, 0, 0, -0.6, 0), normals.subarray(0, 6));
  expect(normals[0]).toBeCloseTo(1, 3);
  expect(normals[4]).toBeCloseTo(-1, 3);
  fieldFromArray(new Float32Array(64).fill(1), 4).normalsInto(positions.subarray(0, 3), normals.subarray(0, 3));
  expect([...normals.subarray(0, 3)]).toEqual([0, 1, 0]);
});

it("refuses a cube of the wrong size, with both counts, and values that are not finite", () => {
  expect(() => fieldFromArray(new Float32Array(63), 4)).toThrow(/has 64 samples, got 63/);
  expect(() => fieldFromArray(new Float32Array(27), 3)).toThrow(EngineError);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const samples = new Float32Array(64).fill(1);
    samples[17] = value;
    expect(() => fieldFromArray(samples, 4)).toThrow(/sample 17 of 64 must be finite/);
  }
});
