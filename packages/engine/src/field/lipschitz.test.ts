import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SceneSpec } from "../scene/spec.ts";
import { compileScene } from "./compile.ts";
import { exactly, singly, somePoints } from "./fixtures/evaluate.ts";
import { anyScene, SCENES, sceneOf } from "./fixtures/scenes.ts";
import { fieldBound, lipschitzBound } from "./lipschitz.ts";

/** Pairs near and far: the second point is the first one moved by a share of the way to another point. */
function expectBound(scene: SceneSpec, time: number, pairs: number): void {
  const field = exactly(scene, time);
  const bound = lipschitzBound(scene, time);
  const points = somePoints(pairs + 1);
  for (let i = 0; i < pairs; i++) {
    const share = [1, 0.1, 0.01, 0.001][i % 4];
    const p = points[i];
    const q = p.map((v, k) => v + (points[i + 1][k] - v) * share);
    const change = Math.abs(field(p[0], p[1], p[2]) - field(q[0], q[1], q[2]));
    const distance = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    // The polynomial that stands for sine and cosine is good to 4e-9 in value and 1e-6 in slope.
    if (!(change <= bound * distance * (1 + 1e-6) + 4e-8)) {
      throw new Error(`from ${p} to ${q}: changes by ${change}, and ${bound} times ${distance} were promised`);
    }
  }
}

function expectRounding(scene: SceneSpec, time: number, count: number): void {
  const field = exactly(scene, time);
  const { rounding } = fieldBound(scene, time);
  const points = somePoints(count, 7);
  const values = singly(compileScene(scene), time, points);
  for (let i = 0; i < count; i++) {
    const error = Math.abs(values[i] - field(...points[i]));
    if (!(error <= rounding)) throw new Error(`at ${points[i]}: off by ${error}, and ${rounding} was promised`);
  }
}

describe("bounds", () => {
  it.each(SCENES)("hold between any two points: %s", (_, scene) => {
    for (const time of [0, 0.7, 2.2]) expectBound(scene, time, 1500);
  });

  it("hold between any two points of random scenes", () => {
    fc.assert(
      fc.property(anyScene, ([scene, time]) => expectBound(scene, time, 120)),
      { seed: 11, numRuns: 200 },
    );
  });

  it.each(SCENES)("cover the rounding of single precision: %s", (_, scene) => {
    for (const time of [0, 0.7, 2.2]) expectRounding(scene, time, 1000);
  });

  it("cover the rounding of single precision in random scenes", () => {
    fc.assert(
      fc.property(anyScene, ([scene, time]) => expectRounding(scene, time, 100)),
      { seed: 12, numRuns: 200 },
    );
  });
});

describe("twist", () => {
  const child = { type: "box", halfExtents: [0.5, 0.5, 0.1] } as const;

  it("is bounded by what it sees: less when it is smaller than the grid around it", () => {
    const plain = lipschitzBound(sceneOf({ type: "twist", rate: 90, child }), 0);
    const shear = (Math.PI / 2) * Math.SQRT2;
    expect(plain).toBeCloseTo((shear + Math.sqrt(shear ** 2 + 4)) / 2, 12);
    const away = { type: "translate", by: [3, 0, 0], child: { type: "twist", rate: 90, child } } as const;
    expect(lipschitzBound(sceneOf(away), 0)).toBeGreaterThan(plain * 2);
    const folded = { type: "repeat", spacing: [0.2, 0, 0.2], child: { type: "twist", rate: 90, child } } as const;
    expect(lipschitzBound(sceneOf(folded), 0)).toBeLessThan(plain / 1.5);
  });

  it("costs nothing while its rate is 0, and counts the rate of the moment", () => {
    const rate = {
      keyframes: [
        [0, 0],
        [1, 180],
      ],
      easing: "linear",
    } as const;
    const scene = sceneOf({ type: "twist", rate, child });
    expect(lipschitzBound(scene, 0)).toBe(1);
    expect(lipschitzBound(scene, 1)).toBeGreaterThan(lipschitzBound(scene, 0.5));
  });
});

it("is 1 for everything without a twist", () => {
  for (const [name, scene] of SCENES) {
    if (!JSON.stringify(scene).includes('"twist"')) expect(lipschitzBound(scene, 0.3), name).toBe(1);
  }
});
