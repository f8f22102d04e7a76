/** What one run may ask for: exact at the boundaries, and an estimate that neither refuses usual runs nor lets bombs through. */
import {
  type AnimationInput,
  completeSettings,
  createAnimation,
  PRESETS,
  readScene,
  type SceneNode,
} from "@volumark/engine";
import { describe, expect, test } from "vitest";
import type { JobOptions } from "../../queue/job-types.ts";
import { ProblemError } from "../answer-problem.ts";
import { SERVER_LIMITS, type ServerLimits } from "../limits.ts";
import { checkWork, countNodes, estimateSeconds } from "./work-limit.ts";

function refusal(input: Partial<AnimationInput>, options: JobOptions = {}, limits: Partial<ServerLimits> = {}) {
  try {
    checkWork(completeSettings({ scene: "seed", ...input }), options, { ...SERVER_LIMITS, ...limits });
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { code: error.code, field: error.facts.field, data: error.facts.data, detail: error.message };
  }
}

const spheres = (count: number) =>
  readScene({
    schema: "volumark.scene/1",
    root: { type: "union", children: Array.from({ length: count - 1 }, () => ({ type: "sphere", radius: 0.5 })) },
  });

describe("a limit", () => {
  const cases: readonly [
    keyof ServerLimits,
    string,
    (n: number) => { input?: Partial<AnimationInput>; options?: JobOptions },
  ][] = [
    ["mostDimension", "settings.dimension", (dimension) => ({ input: { dimension } })],
    ["mostFrames", "settings.frames", (frames) => ({ input: { frames } })],
    ["mostPixels", "settings.width", (width) => ({ input: { width, height: 1 } })],
    ["mostPasses", "options.passes", (passes) => ({ options: { passes } })],
    ["mostNodes", "settings.scene", (nodes) => ({ input: { scene: spheres(nodes) } })],
  ];
  test.each(cases)("%s lets its very number through and not one more", (limit, field, of) => {
    const refusalOf = (n: number) => refusal(of(n).input ?? {}, of(n).options, { [limit]: 20 });
    expect(refusalOf(20)).toBeNull();
    const refused = refusalOf(21);
    expect(refused).toMatchObject({ code: "too-much-work", field, data: { value: 21, limit: 20 } });
    expect(refused?.detail).toMatch(/ 21, and this server allows 20\. (Lower|Use)/);
  });
});

describe("the estimate", () => {
  test.each([
    ["the largest that there can be", { dimension: 512, frames: 10_000, width: 4096, height: 2160 }, {}, "frames"],
    ["many passes", { dimension: 128, frames: 600 }, { passes: 1000 }, "passes"],
    ["a fine grid", { dimension: 512, frames: 400, scene: "gyroid" }, { passes: 60 }, "dimension"],
    ["the reference", { dimension: 256, frames: 1000 }, { backend: "reference", passes: 10 }, "dimension"],
    ["a bomb of nodes", { scene: spheres(2000), dimension: 256, frames: 3000 }, {}, "frames"],
  ] as const)("refuses %s and names what to lower", (_, input, options, lower) => {
    const refused = refusal(input, options);
    expect(refused).toMatchObject({ code: "too-much-work", data: { mostSeconds: 3600 } });
    expect(refused?.detail).toMatch(
      /^The run would take about \d+ s on one lane, and this server allows 3600 s\. Lower /,
    );
    expect(refused?.field).toContain(lower);
    expect(refused?.data?.estimatedSeconds).toBeGreaterThan(3600);
  });

  test.each([
    ["every preset as it comes", {}, {}],
    ["every preset at dimension 128, 600 frames, ten passes", { dimension: 128, frames: 600 }, { passes: 10 }],
    ["every preset at dimension 512, 100 frames", { dimension: 512, frames: 100, width: 1920, height: 1080 }, {}],
    ["every preset checked by the reference", {}, { backend: "reference", verify: true }],
  ] as const)("lets through %s", (_, input, options) => {
    for (const scene of PRESETS) expect(refusal({ scene, ...input }, options), scene.name).toBeNull();
  });

  test("does not look at a scene of many nodes, which would hold the server up", () => {
    const scene = spheres(2000);
    Object.defineProperty(scene, "camera", {
      get() {
        throw new Error("it was looked at");
      },
    });
    const settings = { ...completeSettings({ scene: "seed" }), scene, frames: 100_000, dimension: 512 };
    expect(estimateSeconds(settings, {}, 0)).toBeGreaterThan(3600);
  });

  test("grows with everything that makes a run longer", () => {
    const base = { scene: "lattice", dimension: 64, frames: 30 } as const;
    const seconds = (changes: Partial<AnimationInput>, options: JobOptions = {}) =>
      estimateSeconds(completeSettings({ ...base, ...changes }), options, 0);
    const usual = seconds({});
    expect(seconds({ frames: 60 })).toBeGreaterThan(1.9 * usual);
    expect(seconds({}, { passes: 3 })).toBeCloseTo(3 * usual, 9);
    for (const changes of [{ dimension: 65 }, { width: 513 }] as const) expect(seconds(changes)).toBeGreaterThan(usual);
    expect(seconds({}, { verify: true })).toBeGreaterThan(usual);
    expect(seconds({}, { backend: "reference" })).toBeGreaterThan(10 * usual);
  });

  test("is never more than its bound, and never less than what the frames have shown to be there", async () => {
    for (const scene of PRESETS) {
      const settings = completeSettings({ scene, dimension: 24, frames: 3, fps: 1, width: 64, height: 48 });
      const bound = estimateSeconds(settings, {}, Number.POSITIVE_INFINITY);
      const estimate = estimateSeconds(settings, {}, 0);
      expect(estimate).toBeLessThanOrEqual(bound);
      let triangles = 0;
      for await (const { counts } of createAnimation(settings)) triangles += counts.triangles;
      expect(estimate * 1e9).toBeGreaterThan(triangles * 80);
    }
  });
});

test("nodes are counted through every operator, without a call for each level", () => {
  let node: SceneNode = { type: "sphere", radius: 1 };
  for (let i = 0; i < 100_000; i++) node = { type: "shell", thickness: 1, child: node };
  expect(countNodes(node)).toBe(100_001);
  expect(countNodes(spheres(7).root)).toBe(7);
});
