import { expect, it } from "vitest";
import type { SceneNode } from "../scene/spec.ts";
import { exactly, somePoints } from "./fixtures/evaluate.ts";
import { SCENES, sceneOf } from "./fixtures/scenes.ts";
import { createSceneField } from "./scene-field.ts";

const normalsOf = (scene: ReturnType<typeof sceneOf>, points: readonly (readonly number[])[], time = 0) => {
  const normals = new Float32Array(points.length * 3);
  createSceneField(scene, { backend: "reference" }).at(time).normalsInto(Float32Array.from(points.flat()), normals);
  return points.map((_, i) => [...normals.subarray(i * 3, i * 3 + 3)]);
};
const normalAt = (node: SceneNode, point: readonly number[]) => normalsOf(sceneOf(node), [point])[0];
const close = (actual: readonly number[], expected: readonly number[], within = 1e-6) => {
  for (let k = 0; k < 3; k++)
    expect(Math.abs(actual[k] - expected[k]), `${actual} for ${expected}`).toBeLessThan(within);
};

it("agrees with central differences, away from kinks: every shape, operator and preset", () => {
  const h = 1e-5;
  for (const [name, scene] of SCENES) {
    const field = exactly(scene, 0.6);
    const points = somePoints(300, 3);
    const normals = normalsOf(scene, points, 0.6);
    let compared = 0;
    points.forEach(([x, y, z], i) => {
      const forward = [field(x + h, y, z), field(x, y + h, z), field(x, y, z + h)];
      const backward = [field(x - h, y, z), field(x, y - h, z), field(x, y, z - h)];
      const here = field(x, y, z);
      // Where the two one-sided slopes differ there is a kink.
      if (forward.some((f, k) => Math.abs(f - 2 * here + backward[k]) > 1e-7)) return;
      const gradient = forward.map((f, k) => (f - backward[k]) / (2 * h));
      const length = Math.hypot(...gradient);
      if (length < 0.05) return;
      close(
        normals[i],
        gradient.map((g) => g / length),
        2e-4,
      );
      compared++;
    });
    expect(compared, name).toBeGreaterThan(200);
  }
});

it("points away from the middle of a sphere and of a torus's tube", () => {
  for (const p of somePoints(200)) {
    const length = Math.hypot(...p);
    close(
      normalAt({ type: "sphere", radius: 0.5 }, p),
      p.map((v) => v / length),
    );
    const ring = Math.hypot(p[0], p[2]);
    const q = [p[0] - (0.5 * p[0]) / ring, p[1], p[2] - (0.5 * p[2]) / ring];
    const tube = Math.hypot(...q);
    close(
      normalAt({ type: "torus", majorRadius: 0.5, minorRadius: 0.1 }, p),
      q.map((v) => v / tube),
      2e-5,
    );
  }
});

it("is an axis on the faces of a box, inside and outside, the middle of the face included", () => {
  const box: SceneNode = { type: "box", halfExtents: [0.5, 0.3, 0.4] };
  for (const k of [0, 1, 2]) {
    for (const sign of [-1, 1]) {
      for (const away of [-0.01, 0, 0.01]) {
        const point = [0, 0, 0];
        point[k] = sign * ([0.5, 0.3, 0.4][k] + away);
        const expected = [0, 0, 0];
        expected[k] = sign;
        expect(normalAt(box, point).map((v) => v + 0)).toEqual(expected);
      }
    }
  }
});

it("is (0, 1, 0) where the field is flat", () => {
  expect(normalAt({ type: "sphere", radius: 0.5 }, [0, 0, 0])).toEqual([0, 1, 0]);
  expect(normalAt({ type: "plane", normal: [0, 0, 0] }, [0.3, 0.2, 0.1])).toEqual([0, 1, 0]);
});

it("has length 1", () => {
  for (const [name, scene] of SCENES) {
    for (const n of normalsOf(scene, somePoints(100))) expect(Math.hypot(...n), name).toBeCloseTo(1, 6);
  }
});
