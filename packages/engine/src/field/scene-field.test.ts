import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import { SEED } from "../scene/presets/seed.ts";
import {
  brickNames,
  denseGrid,
  expectSamplesOf,
  signChangingBricks,
  signChangingEdges,
  somePoints,
} from "./fixtures/evaluate.ts";
import { anyScene, SCENES, sceneOf } from "./fixtures/scenes.ts";
import { compileFieldModules } from "./modules.ts";
import { createSceneField } from "./scene-field.ts";

const kernels = new Kernels();

describe("seed scene", () => {
  it.each([
    [32, 2162],
    [64, 9016],
    [128, 36110],
  ])("has at dimension %i the %i vertices that independent programs find", (dimension, vertices) => {
    const grid = denseGrid(SEED, 0.5, dimension);
    expect(signChangingEdges(grid, dimension)).toBe(vertices);
    const bricks = createSceneField(SEED, { kernels }).at(0.5).sample(dimension);
    expect(brickNames(bricks)).toEqual(signChangingBricks(grid, dimension));
    expectSamplesOf(bricks, grid);
  });
});

describe.each(["wasm", "reference"] as const)("sampled by %s", (backend) => {
  it.each(SCENES)("finds exactly the bricks with a sign change, and their samples to the bit: %s", (_, scene) => {
    for (const [dimension, time] of [
      [30, 0],
      [43, 1.7],
    ] as const) {
      const grid = denseGrid(scene, time, dimension);
      const bricks = createSceneField(scene, { kernels, backend }).at(time).sample(dimension);
      expect(brickNames(bricks)).toEqual(signChangingBricks(grid, dimension));
      expectSamplesOf(bricks, grid);
    }
  });
});

it("finds exactly the bricks with a sign change in random scenes", () => {
  fc.assert(
    fc.property(anyScene, fc.integer({ min: 4, max: 40 }), ([scene, time], dimension) => {
      const mark = kernels.arena.mark();
      const grid = denseGrid(scene, time, dimension);
      const bricks = createSceneField(scene, { kernels }).at(time).sample(dimension);
      expect(brickNames(bricks)).toEqual(signChangingBricks(grid, dimension));
      expectSamplesOf(bricks, grid);
      kernels.arena.release(mark);
    }),
    { seed: 20, numRuns: 150 },
  );
});

it("gives the same normals from both back ends, to the bit, for any number of points", () => {
  for (const [name, scene] of SCENES) {
    const wasm = createSceneField(scene, { kernels }).at(0.9);
    const reference = createSceneField(scene, { backend: "reference" }).at(0.9);
    for (const count of [0, 1, 3, 4, 6, 301]) {
      const positions = Float32Array.from(somePoints(count).flat());
      const [a, b] = [new Float32Array(count * 3), new Float32Array(count * 3)];
      wasm.normalsInto(positions, a);
      reference.normalsInto(positions, b);
      expect(a, name).toEqual(b);
      // In place, on the memory of the kernels.
      const mark = kernels.arena.mark();
      const [from, to] = [kernels.arena.allocate(count * 12), kernels.arena.allocate(count * 12 + 16)];
      kernels.arena.f32(from, count * 3).set(positions);
      kernels.arena.f32(to, count * 3 + 1).fill(7);
      wasm.normalsInto(kernels.arena.f32(from, count * 3), kernels.arena.f32(to, count * 3));
      expect(kernels.arena.f32(to, count * 3), name).toEqual(b);
      expect(kernels.arena.f32(to, count * 3 + 1)[count * 3], "wrote beyond the end").toBe(7);
      kernels.arena.release(mark);
    }
  }
});

it("copies long lists of positions in pieces without losing any", () => {
  const field = createSceneField(SEED, { kernels }).at(0.5);
  const positions = Float32Array.from(somePoints(9001).flat());
  const normals = new Float32Array(positions.length);
  field.normalsInto(positions, normals);
  const again = new Float32Array(6);
  field.normalsInto(positions.slice(-6), again);
  expect(normals.slice(-6)).toEqual(again);
  expect(normals.every(Number.isFinite)).toBe(true);
});

it("needs no more memory from frame to frame", () => {
  const own = new Kernels();
  const field = createSceneField(SEED, { kernels: own });
  const mark = own.arena.mark();
  const peak = (time: number) => {
    field.at(time).sample(48);
    own.arena.release(mark);
    return own.arena.peakBytes;
  };
  peak(0.5);
  const first = peak(0.5);
  for (let i = 0; i < 20; i++) peak(0.5);
  expect(own.arena.peakBytes).toBe(first);
});

it("keeps bricks apart that were sampled one after the other", () => {
  const field = createSceneField(SEED, { kernels });
  const first = field.at(0).sample(32);
  const copy = first.samples.slice();
  field.at(1).sample(64);
  expect(first.samples).toEqual(copy);
});

it("caps a closed scene half a voxel inside the outermost samples, at any dimension", () => {
  const scene = sceneOf({ type: "plane", normal: [0, 1, 0], offset: 10 }, { closed: true });
  const field = createSceneField(scene, { kernels }).at(0);
  for (const dimension of [4, 16, 33]) {
    const grid = denseGrid(scene, 0, dimension);
    const inside = grid.reduce((sum, value) => sum + Number(value < 0), 0);
    expect(inside).toBe((dimension - 2) ** 3);
    expect(brickNames(field.sample(dimension))).toEqual(signChangingBricks(grid, dimension));
  }
});

it("shares a module between scenes that differ in numbers alone, and takes compiled ones", () => {
  const other = { ...SEED, parameters: { ...SEED.parameters, torusAltitude: -0.4, torusMajorRadius: 0.43 } };
  const modules = compileFieldModules(SEED);
  expect([...compileFieldModules(other).values()]).toEqual([...modules.values()]);
  expect([...compileFieldModules(other).values()][0]).toBe([...modules.values()][0]);
  const bricks = createSceneField(SEED, { kernels, modules: structuredClone(modules) })
    .at(0.5)
    .sample(32);
  expect(brickNames(bricks)).toEqual(signChangingBricks(denseGrid(SEED, 0.5, 32), 32));
});

it("makes a memory of its own when it gets no kernels", () => {
  expect(createSceneField(SEED).at(0.5).sample(32).count).toBe(44);
});

it.each([3, 2049, 7.5, Number.NaN])("refuses to sample at dimension %d, with both limits", (dimension) => {
  for (const backend of ["wasm", "reference"] as const) {
    const field = createSceneField(SEED, { kernels, backend }).at(0);
    expect(() => field.sample(dimension)).toThrow(/from 4 to 2048, got/);
  }
});

it("refuses a join without children and a parameter that is not there", () => {
  expect(() => createSceneField(sceneOf({ type: "union", children: [] }), { kernels })).toThrow(EngineError);
  const unknown = sceneOf({ type: "sphere", radius: { parameter: "r" } });
  expect(() => createSceneField(unknown, { kernels })).toThrow(/no parameter "r"/);
});
