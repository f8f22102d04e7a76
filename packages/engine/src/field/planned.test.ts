import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import type { SceneNode, SceneSpec } from "../scene/spec.ts";
import { compileScene } from "./compile.ts";
import { brickNames, denseGrid, expectSamplesOf, signChangingBricks } from "./fixtures/evaluate.ts";
import { anyScene, SCENES, sceneOf } from "./fixtures/scenes.ts";
import { PLANNING_DEFAULTS, type Planning } from "./plan-signatures.ts";
import { WasmSceneField } from "./wasm.ts";

const kernels = new Kernels();

/** Plans every grid: with every program compiled at once, with none ever, and as if all programs were long. */
const PLANS: readonly (readonly [name: string, planning: Planning])[] = [
  ["compiled at once", { ...PLANNING_DEFAULTS, leastDimension: 0, leastSpentNs: 0, patience: 0, leaf: 1 }],
  ["blocks compiled at once", { ...PLANNING_DEFAULTS, leastDimension: 0, leastSpentNs: 0, patience: 0, leaf: 2 }],
  ["never compiled", { ...PLANNING_DEFAULTS, leastDimension: 0, leastSpentNs: 0, patience: 1e9, leaf: 2 }],
  ["long, compiled at once", { ...PLANNING_DEFAULTS, longest: 0, patience: 0 }],
  ["long, never compiled", { ...PLANNING_DEFAULTS, longest: 0, patience: 1e9 }],
];

function planned(scene: SceneSpec, dimension: number, planning: Planning): WasmSceneField {
  return new WasmSceneField(scene, compileScene(scene), kernels, dimension, undefined, planning);
}

/** What was sampled is what a dense grid has, to the bit. */
function expectGrid(field: WasmSceneField, scene: SceneSpec, time: number, dimension: number): void {
  const mark = kernels.arena.mark();
  const bricks = field.at(time).sample(dimension);
  const grid = denseGrid(scene, time, dimension);
  expect(brickNames(bricks)).toEqual(signChangingBricks(grid, dimension));
  expectSamplesOf(bricks, grid);
  kernels.arena.release(mark);
}

describe.each(PLANS)("%s", (_, planning) => {
  it.each(SCENES)("misses no sign change and no bit, at times back and forth: %s", (_, scene) => {
    const mark = kernels.arena.mark();
    const field = planned(scene, 40, planning);
    for (const [time, dimension] of [
      [0.4, 40],
      [1.9, 40],
      [0.4, 40],
      [0.4, 29],
    ]) {
      expectGrid(field, scene, time, dimension);
    }
    kernels.arena.release(mark);
  });

  it("finds nothing, and goes on, where the whole grid is on one side of the surface", () => {
    const mark = kernels.arena.mark();
    for (const radius of [0.01, 9]) {
      const at = radius < 1 ? 5 : 0;
      const child: SceneNode = { type: "sphere", radius };
      const by = [at, { wave: { amplitude: 0.1 } }, 0] as const;
      const children: SceneNode[] = [
        { type: "translate", by: [...by], child },
        { type: "translate", by: [...by], child },
      ];
      const scene = sceneOf({ type: "union", smoothRadius: 0.1, children });
      for (const dimension of [8, 29, 64, 128]) {
        const field = planned(scene, dimension, planning);
        for (const time of [0, 0.5, 0]) expect(field.at(time).sample(dimension).count).toBe(0);
      }
    }
    kernels.arena.release(mark);
  });

  it("misses no sign change and no bit in random scenes", () => {
    fc.assert(
      fc.property(anyScene, fc.integer({ min: 4, max: 44 }), ([scene, time], dimension) => {
        const mark = kernels.arena.mark();
        const field = planned(scene, dimension, planning);
        for (const t of [time, time + 0.5, time]) expectGrid(field, scene, t, dimension);
        kernels.arena.release(mark);
      }),
      { seed: 5, numRuns: 40 },
    );
  });
});

it("keeps the bricks of a field that does not change, to the bit, and counts what it computed", () => {
  const scene = sceneOf({
    type: "translate",
    by: [0.1, 0, 0],
    child: { type: "torus", majorRadius: 0.5, minorRadius: 0.2 },
  });
  const field = planned(scene, 30, PLANNING_DEFAULTS);
  const counts: number[] = [];
  for (const [time, dimension] of [
    [0, 30],
    [1, 30],
    [2, 30],
    [0, 30],
    [0, 24],
    [5, 24],
    [3, 30],
    [1, 24],
  ]) {
    const mark = kernels.arena.mark();
    counts.push(field.at(time).sample(dimension).sampleCount);
    kernels.arena.release(mark);
    expectGrid(field, scene, time, dimension);
    // Whatever the next room writes there.
    kernels.arena.f32(mark, 20_000).fill(9);
  }
  expect(counts[0]).toBeGreaterThan(0);
  expect(counts.slice(1, 4)).toEqual([0, 0, 0]);
});

it("does not keep the bricks of a field that changes", () => {
  const scene = sceneOf({ type: "sphere", radius: { wave: { amplitude: 0.1, offset: 0.5, frequency: 1 } } });
  const field = planned(scene, 30, PLANNING_DEFAULTS);
  for (const time of [0, 0.2, 0.4, 0]) expectGrid(field, scene, time, 30);
});

it("equals the whole program on a scene of hundreds of shapes that engines could hardly compile", () => {
  const children = Array.from(
    { length: 300 },
    (_, i): SceneNode => ({
      type: "translate",
      by: [
        ((i * 37) % 101) / 55 - 0.9,
        { wave: { amplitude: 0.1, frequency: 0.3, phase: i } },
        ((i * 71) % 89) / 48 - 0.9,
      ],
      child: {
        type: "intersection",
        children: [
          { type: "sphere", radius: 0.1 },
          { type: "gyroid", period: 0.15, thickness: 0.05 },
        ],
      },
    }),
  );
  const scene = sceneOf({ type: "union", children });
  const field = planned(scene, 24, PLANNING_DEFAULTS);
  for (const time of [0, 1, 0]) expectGrid(field, scene, time, 24);
});
