import { PRESETS } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { request } from "../../queue/fixtures/queues.ts";
import { type TestServer, withServer } from "../fixtures/servers.ts";
import { flatFacts } from "./system.ts";

function check(app: TestServer["app"], scene: unknown) {
  return app.inject({
    method: "POST",
    url: "/api/scenes/check",
    headers: { "content-type": "application/json" },
    payload: JSON.stringify({ scene }),
  });
}

const sphere = { type: "sphere", radius: 0.5 };
const scene = (root: unknown) => ({ schema: "volumark.scene/1", name: "s", root });

describe("checking a scene", () => {
  test("a scene and a preset's name are valid, with their nodes and the hash that runs have", () =>
    withServer({}, async ({ app }) => {
      const found = (await check(app, scene({ type: "union", children: [sphere, sphere] }))).json();
      expect(found).toMatchObject({ valid: true, problem: null, nodes: 3, warnings: [] });
      const named = (await check(app, "seed")).json();
      expect(named).toEqual((await check(app, PRESETS[0])).json());
      expect(named.sceneHash).toMatch(/^[0-9a-f]{64}$/);
    }));

  test("what is wrong is said with its place, and is no error of the request", () =>
    withServer({}, async ({ app }) => {
      const found = await check(app, scene({ type: "union", children: [sphere, { type: "sphere", radius: -1 }] }));
      expect(found.statusCode).toBe(200);
      expect(found.json()).toMatchObject({ valid: false, nodes: null, problem: { code: "invalid-scene" } });
      expect(found.json().problem.path).toBe("root.children[1].radius");
      const unknown = (await check(app, "sed")).json();
      expect([unknown.problem.code, unknown.problem.message]).toEqual([
        "unknown-preset",
        expect.stringContaining("seed"),
      ]);
    }));

  test("a scene that runs here may not have is valid, with a warning that has both numbers", () =>
    withServer({ limits: { mostNodes: 2, mostDimension: 64 } }, async ({ app }) => {
      const large = { ...scene({ type: "union", children: [sphere, sphere] }), dimension: 65 };
      const { valid, warnings } = (await check(app, large)).json();
      expect(valid).toBe(true);
      expect(warnings).toEqual([expect.stringMatching(/3 nodes.* 2:/), expect.stringMatching(/65.* 64:/)]);
    }));
});

describe("what there is", () => {
  test("presets come with the scene that their name stands for", () =>
    withServer({}, async ({ app }) => {
      const { presets } = (await app.inject("/api/presets")).json();
      expect(presets.map(({ name }: { name: string }) => name)).toEqual(PRESETS.map(({ name }) => name));
      expect(presets[0].scene).toEqual(PRESETS[0]);
      expect(presets[0].parameters).toContain("torusMajorRadius");
    }));

  test("the system says its version, what waits, what is allowed, and what the machine is or why that is not known", () =>
    withServer({ limits: { mostFrames: 77 }, queue: { mostQueued: 9 } }, async ({ app, context }) => {
      await context.queue.submit(request());
      const found = (await app.inject("/api/system")).json();
      expect(found).toMatchObject({
        version: "0.0.0",
        database: "sqlite",
        queue: { queued: 1, running: 0, limit: 9 },
        limits: { mostFrames: 77 },
      });
      expect(found.cores).toBeGreaterThan(0);
      expect(found.environment.length).toBeGreaterThan(5);
      for (const { name, value, reason } of found.environment)
        expect([value === null, typeof (value ?? reason)], name).toEqual([reason !== null, "string"]);
    }));

  test("facts have their unit, and what is missing has its reason", () => {
    const facts = {
      cpu: {
        governor: { available: true, value: "performance" },
        cap: { available: true, value: 12, unit: "W" },
        boost: { available: false, value: null, reason: "not on Linux" },
        load: { available: true, value: [1, 2], unit: "1" },
        note: "no fact",
      },
      python: { available: false, value: null },
    };
    expect(flatFacts(facts)).toEqual([
      { name: "cpu.governor", value: "performance", reason: null },
      { name: "cpu.cap", value: "12 W", reason: null },
      { name: "cpu.boost", value: null, reason: "not on Linux" },
      { name: "cpu.load", value: "[1,2]", reason: null },
      { name: "python", value: null, reason: "no reason is known" },
    ]);
  });
});
