/** What one run may ask for: exact at the boundaries, and an estimate that neither refuses usual runs nor lets bombs through. */
import {
  type AnimationInput,
  type AnimationSettings,
  completeSettings,
  createAnimation,
  PRESETS,
  readScene,
  type SceneNode,
  type SceneSpec,
} from "@volumark/engine";
import { SeededRandom } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import type { JobOptions } from "../../queue/job-types.ts";
import { ProblemError } from "../answer-problem.ts";
import { SERVER_LIMITS, type ServerLimits } from "../limits.ts";
import { checkWork, countNodes, estimateSeconds, probeGrowth } from "./work-limit.ts";

const look = async (settings: AnimationSettings) => probeGrowth(settings);

async function refusal(input: Partial<AnimationInput>, options: JobOptions = {}, limits: Partial<ServerLimits> = {}) {
  try {
    await checkWork(completeSettings({ scene: "seed", ...input }), options, { ...SERVER_LIMITS, ...limits }, look);
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

/** Half of them spheres, all over the grid. */
const strewn = (count: number) => {
  const draws = new SeededRandom(7);
  const place = () => draws.uniform() * 1.8 - 0.9;
  return readScene({
    schema: "volumark.scene/1",
    root: {
      type: "union",
      children: Array.from({ length: Math.floor((count - 1) / 2) }, () => ({
        type: "translate",
        by: [place(), place(), place()],
        child: { type: "sphere", radius: 0.1 },
      })),
    },
  });
};

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
  test.each(cases)("%s lets its very number through and not one more", async (limit, field, of) => {
    const refusalOf = (n: number) => refusal(of(n).input ?? {}, of(n).options, { [limit]: 20 });
    expect(await refusalOf(20)).toBeNull();
    const refused = await refusalOf(21);
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
  ] as const)("refuses %s and names what to lower", async (_, input, options, lower) => {
    const refused = await refusal(input, options);
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
  ] as const)("lets through %s", async (_, input, options) => {
    for (const scene of PRESETS) expect(await refusal({ scene, ...input }, options), scene.name).toBeNull();
  });

  test("has a scene of many nodes looked at elsewhere, which would hold the server up, and takes what is seen there", async () => {
    const asked: number[] = [];
    const seconds = (nodes: number, bricks: number) =>
      estimateSeconds(completeSettings({ scene: spheres(nodes), dimension: 512 }), {}, 0, async ({ scene }) => {
        asked.push(countNodes(scene.root));
        return { bricks, vertices: 0, triangles: 0 };
      });
    await seconds(64, 1);
    expect(asked).toEqual([]);
    expect(await seconds(65, 1000)).toBeGreaterThan(2 * (await seconds(65, 100)));
    expect(asked).toEqual([65, 65]);
  });

  test("of many small things that lie close together grows as their surface does, not as the volume", async () => {
    const seconds = (dimension: number) =>
      estimateSeconds(completeSettings({ scene: strewn(400), dimension, width: 1, height: 1 }), {}, 0, look);
    expect((await seconds(512)) / (await seconds(128))).toBeLessThan(5 ** 2);
  });

  test("of more nodes than anybody looks at is the bound", async () => {
    const scene = {
      ...spheres(2),
      root: { type: "union", children: Array(10_000).fill(spheres(2).root) },
    } as SceneSpec;
    const settings = { ...completeSettings({ scene: "seed", dimension: 512 }), scene };
    const never = async () => {
      throw new Error("it was looked at");
    };
    const bound = await estimateSeconds(settings, {}, Number.POSITIVE_INFINITY, never);
    expect(await estimateSeconds(settings, {}, 0, never)).toBe(bound);
  });

  test("grows with everything that makes a run longer", async () => {
    const base = { scene: "lattice", dimension: 64, frames: 30 } as const;
    const seconds = (changes: Partial<AnimationInput>, options: JobOptions = {}) =>
      estimateSeconds(completeSettings({ ...base, ...changes }), options, 0, look);
    const usual = await seconds({});
    expect(await seconds({ frames: 60 })).toBeGreaterThan(1.9 * usual);
    expect(await seconds({}, { passes: 3 })).toBeCloseTo(3 * usual, 9);
    for (const changes of [{ dimension: 65 }, { width: 513 }] as const)
      expect(await seconds(changes)).toBeGreaterThan(usual);
    expect(await seconds({}, { verify: true })).toBeGreaterThan(usual);
    expect(await seconds({}, { backend: "reference" })).toBeGreaterThan(10 * usual);
  });

  test("is never more than its bound, and never less than what the frames have shown to be there", async () => {
    for (const scene of [...PRESETS, strewn(400)]) {
      const settings = completeSettings({ scene, dimension: 24, frames: 3, fps: 1, width: 64, height: 48 });
      const bound = await estimateSeconds(settings, {}, Number.POSITIVE_INFINITY, look);
      const estimate = await estimateSeconds(settings, {}, 0, look);
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
