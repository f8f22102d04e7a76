import { PRESETS, type SceneSpec } from "@volumark/engine";
import { expect, test } from "vitest";
import { MomentError, type MomentSettings, makeMoment, stageStatistics } from "./moment.ts";

const SEED: MomentSettings = {
  scene: PRESETS[0] as SceneSpec,
  time: 0.5,
  dimension: 16,
  backend: "wasm",
  form: { topology: "classic", weld: false },
  size: null,
};

test("a pass more changes the times and nothing else", () => {
  const size = { width: 40, height: 30 };
  const once = makeMoment({ ...SEED, size }, 1);
  const often = makeMoment({ ...SEED, size }, 4);
  expect([once.passes.length, often.passes.length]).toEqual([1, 4]);
  expect(often.counts).toEqual(once.counts);
  expect(often.mesh.positions).toEqual(once.mesh.positions);
  expect(often.mesh.indices).toEqual(once.mesh.indices);
  expect(Buffer.from(often.picture?.rgba ?? []).equals(once.picture?.rgba ?? new Uint8Array(1))).toBe(true);
  expect(often.kernelBytes).toBeLessThan(1.5 * once.kernelBytes);
});

test("both back ends make the same mesh", () => {
  const mesh = (backend: "wasm" | "reference") => makeMoment({ ...SEED, backend }, 1).mesh;
  expect(mesh("reference").positions).toEqual(mesh("wasm").positions);
  expect(mesh("reference").indices).toEqual(mesh("wasm").indices);
});

test("without a picture there is none, and no time and no pixels of one", () => {
  const { picture, passes, counts } = makeMoment(SEED, 2);
  expect([picture, counts.shadedPixels, passes[0].picture, stageStatistics(passes).best.picture]).toEqual(
    Array(4).fill(null),
  );
});

test("a camera that looks nowhere at that time is told with the stage and the time", () => {
  const scene: SceneSpec = {
    ...SEED.scene,
    camera: { position: [0, 0, 3], direction: [0, 0, 0], verticalFieldOfView: 45 },
  };
  const make = () => makeMoment({ ...SEED, scene, size: { width: 8, height: 8 } }, 1);
  expect(make).toThrow(MomentError);
  expect(make).toThrow(/^The picture stage failed at 0\.5 s: .*direction/);
});

test("best and median are taken stage by stage", () => {
  const passes = [
    { field: 9, surface: 1, picture: 5 },
    { field: 1, surface: 9, picture: 5 },
    { field: 2, surface: 2, picture: 8 },
    { field: 5, surface: 4, picture: 6 },
  ];
  expect(stageStatistics(passes)).toEqual({
    best: { field: 1, surface: 1, picture: 5 },
    median: { field: 4, surface: 3, picture: 6 },
  });
  expect(stageStatistics(passes.slice(0, 3)).median).toEqual({ field: 2, surface: 2, picture: 5 });
});
