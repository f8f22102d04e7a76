import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { valueAt } from "./evaluate.ts";
import { sceneHash } from "./hash.ts";
import { withParameters } from "./parameters.ts";
import { PRESETS, preset, presetNames } from "./presets.ts";
import { parseScene, readScene } from "./read.ts";
import type { SceneSpec } from "./spec.ts";

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe("sceneHash", () => {
  it("does not depend on the order of keys, on reading, or on white space", () => {
    for (const scene of PRESETS) {
      expect(sceneHash(scene)).toMatch(/^[0-9a-f]{64}$/);
      expect(sceneHash(reversed(scene) as SceneSpec)).toBe(sceneHash(scene));
      expect(sceneHash(readScene(scene))).toBe(sceneHash(scene));
      expect(sceneHash(parseScene(JSON.stringify(scene, null, 3)))).toBe(sceneHash(scene));
    }
  });

  it("is another one for another scene", () => {
    expect(new Set(PRESETS.map(sceneHash)).size).toBe(PRESETS.length);
    const seed = preset("seed");
    expect(sceneHash(withParameters(seed, { torusAltitude: -0.49 }))).not.toBe(sceneHash(seed));
  });
});

describe("withParameters", () => {
  const seed = preset("seed");

  it("replaces what is given and keeps the rest", () => {
    const scene = withParameters(seed, { torusAltitude: 0.25, smoothMinRadius: undefined });
    expect(scene.parameters).toEqual({ ...seed.parameters, torusAltitude: 0.25 });
    expect(seed.parameters?.torusAltitude).toBe(-0.5);
    expect(valueAt({ parameter: "torusAltitude" }, 0, scene.parameters ?? {})).toBe(0.25);
  });

  it("leaves the scene's hash alone where nothing changes", () => {
    expect(sceneHash(withParameters(seed, {}))).toBe(sceneHash(seed));
    expect(sceneHash(withParameters(seed, { torusAltitude: -0.5 }))).toBe(sceneHash(seed));
  });

  it("refuses an unknown name with those that the scene has", () => {
    expect(() => withParameters(seed, { torusAltitud: 1 })).toThrow('Did you mean "torusAltitude"?');
    expect(() => withParameters(seed, { wombat: 1 })).toThrow("torusMajorRadius, torusMinorRadius, smoothMinRadius");
    expect(() => withParameters(seed, { constructor: 1 } as unknown as Record<string, number>)).toThrow(EngineError);
  });

  it("refuses values that make no scene, with both numbers", () => {
    expect(() => withParameters(seed, { torusMinorRadius: 0.6 })).toThrow(/no torus.*0\.6 and 0\.5/);
    expect(() => withParameters(seed, { torusMinorRadius: 0 })).toThrow("got 0 (the parameter torusMinorRadius)");
    expect(() => withParameters(seed, { smoothMinRadius: -1 })).toThrow("got -1");
    expect(() => withParameters(seed, { torusAltitude: Number.NaN })).toThrow("got NaN");
  });
});

describe("presets", () => {
  it("are found by name, the seed first", () => {
    expect(presetNames()[0]).toBe("seed");
    expect(new Set(presetNames()).size).toBe(PRESETS.length);
    for (const name of presetNames()) expect(preset(name).name).toBe(name);
  });

  it("suggest the nearest name for a mistyped one", () => {
    expect(() => preset("gyriod")).toThrow('Did you mean "gyroid"? There are: seed');
    try {
      preset("Sead");
    } catch (error) {
      expect(error).toMatchObject({ code: "unknown-preset", data: { suggestion: "seed" } });
    }
    expect.assertions(2);
  });
});

describe("the seed preset", () => {
  it("is the scene that every measurement refers to, number by number", () => {
    const { root, parameters, camera, look } = preset("seed");
    expect(parameters).toEqual({
      torusAltitude: -0.5,
      torusMajorRadius: 0.5,
      torusMinorRadius: 0.1,
      smoothMinRadius: 0.5,
    });
    const frequency = 1 / (2 * Math.PI);
    expect(root).toEqual({
      type: "union",
      smoothRadius: { parameter: "smoothMinRadius" },
      children: [
        { type: "translate", by: [0, -0.7, 0], child: { type: "box", halfExtents: [0.9, 0.3, 0.9] } },
        {
          type: "translate",
          by: [0, { parameter: "torusAltitude" }, 0],
          child: {
            type: "rotate",
            axis: "y",
            angle: { wave: { amplitude: 45, frequency, phase: 90 } },
            child: {
              type: "rotate",
              axis: "x",
              angle: { wave: { amplitude: 90, frequency } },
              child: {
                type: "torus",
                majorRadius: { parameter: "torusMajorRadius" },
                minorRadius: { parameter: "torusMinorRadius" },
              },
            },
          },
        },
      ],
    });
    expect(camera).toMatchObject({ position: [0.03125, 0.03125, 3.71875], direction: [0, -0.2, -1] });
    expect(camera.verticalFieldOfView).toBe(45);
    expect(look.surfaceColor).toEqual([0.35, 0.55, 0.9]);
  });
});
