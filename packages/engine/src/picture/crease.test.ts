import { describe, expect, it } from "vitest";
import { createSceneField } from "../field/scene-field.ts";
import { box, sphere, union } from "../scene/builder.ts";
import { preset } from "../scene/presets.ts";
import { SCENE_SCHEMA, type SceneNode, type SceneSpec } from "../scene/spec.ts";
import { extractSurface } from "../surface/extract.ts";
import type { Mesh } from "../surface/mesh.ts";
import { cameraAt } from "./camera.ts";
import { cornerNormals } from "./crease.ts";
import { drawMesh } from "./draw.ts";
import { resolveLook } from "./shade.ts";

const sceneOf = (root: SceneNode): SceneSpec => ({
  schema: SCENE_SCHEMA,
  name: "crease",
  root,
  camera: { position: [0.9, 1.1, 2.6], direction: [-0.9, -1.1, -2.6], verticalFieldOfView: 45 },
  look: { surfaceColor: [0.5, 0.5, 0.5] },
});

function meshOf(scene: SceneSpec, dimension: number, time = 0): Mesh {
  const field = createSceneField(scene, { dimension }).at(time);
  return extractSurface(field.sample(dimension), { normals: (points, out) => field.normalsInto(points, out) });
}

/** Normals at the corners of a triangle in the plane z = 0, given its own. */
function shaded(normals: readonly number[], positions: readonly number[] = [0, 0, 0, 1, 0, 0, 0, 1, 0]): number[] {
  const out = new Float32Array(9);
  cornerNormals(0, Float32Array.from(positions), Float32Array.from(normals), Uint32Array.of(0, 1, 2), out);
  return [...out];
}

/** Facing up by an angle from +z, whose cosine is given. */
const tilted = (cosine: number) => [0, Math.sqrt(1 - cosine * cosine), cosine];

describe("cornerNormals", () => {
  it("keeps every normal of a ball to the bit", () => {
    const mesh = meshOf(sceneOf(sphere({ radius: 0.7 })), 16);
    const out = new Float32Array(9);
    for (let triangle = 0; triangle < mesh.triangleCount; triangle++) {
      cornerNormals(triangle, mesh.positions, mesh.normals, mesh.indices, out);
      const own = [0, 1, 2].flatMap((k) => {
        const from = 3 * (mesh.indices[3 * triangle + k] ?? 0);
        return [...mesh.normals.subarray(from, from + 3)];
      });
      expect([...out]).toEqual(own);
    }
  });

  it("lights a triangle by its own plane where a corner has the normal of the other side of a right angle", () => {
    expect(shaded([0, 0, 1, 0, 0, 1, 0, 1, 0])).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
    expect(shaded([0, 0, 1, 0, 1, 0, 0, 1, 0])).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1]);
  });

  it("turns a normal the more the farther it leaves the triangle, and not at all within 45 degrees", () => {
    const share = (cosine: number) => {
      const out = shaded([0, 0, 1, 0, 0, 1, ...tilted(cosine)]);
      return (out[7] ?? 0) / Math.sqrt(1 - cosine * cosine);
    };
    expect(share(0.72)).toBeCloseTo(1, 6);
    expect(share(0.6)).toBeCloseTo(0.75, 5);
    expect(share(0.4)).toBeCloseTo(0.25, 5);
    expect(share(0.3)).toBeCloseTo(0, 6);
    expect(share(-0.5)).toBe(0);
  });

  it("keeps the normals of a triangle that has no plane, or one too large for single precision", () => {
    const normals = [0, 0, 1, 0, 0, 1, 0, 1, 0];
    expect(shaded(normals, [1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual(normals);
    expect(shaded(normals, [0, 0, 0, 1e20, 0, 0, 0, 1e20, 0])).toEqual(normals);
    expect(shaded(normals, [0, 0, 0, Number.NaN, 0, 0, 0, 1, 0])).toEqual(normals);
  });
});

describe("pictures of creases", () => {
  const slab = union([box({ halfExtents: [0.81, 0.3, 0.52] }), sphere({ radius: 0.45 })]);
  it("are the same from kernel and twin", () => {
    const scene = sceneOf(slab);
    const mesh = meshOf(scene, 21);
    const look = resolveLook(scene.look);
    const [kernel, twin] = (["wasm", "reference"] as const).map((backend) =>
      drawMesh(mesh, cameraAt(scene.camera, 0), look, { width: 121, height: 90, backend }),
    );
    expect(twin?.shadedPixelCount).toBeGreaterThan(1000);
    expect(kernel?.rgba).toEqual(twin?.rgba);
  });

  it.each(["wasm", "reference"] as const)("show a triangle cut by the near plane like a whole one, %s", (backend) => {
    const scene = sceneOf(slab);
    const camera = cameraAt({ position: [0, 0.5, 0], direction: [0, -0.2, -1], verticalFieldOfView: 60 }, 0);
    const floor = (normals: readonly number[]): Mesh => ({
      vertexCount: 3,
      triangleCount: 1,
      activeCellCount: 1,
      positions: Float32Array.of(-3, 0, 2, 3, 0, 2, 0, 0, -5),
      normals: Float32Array.from(normals),
      indices: Uint32Array.of(0, 1, 2),
    });
    const draw = (mesh: Mesh) =>
      drawMesh(mesh, camera, resolveLook(scene.look), { width: 60, height: 40, backend }).rgba;
    const flat = draw(floor([0, 1, 0, 0, 1, 0, 0, 1, 0]));
    expect(new Set(flat).size).toBeGreaterThan(2);
    expect(draw(floor([0, 1, 0, 0, 0, 1, 0, 1, 0]))).toEqual(flat);
  });

  it("show the front edge of the seed's slab without a step in its light", () => {
    const scene = preset("seed");
    const look = resolveLook(scene.look);
    for (let frame = 0; frame < 4; frame++) {
      const mesh = meshOf(scene, 32, frame / 30);
      const { rgba, width } = drawMesh(mesh, cameraAt(scene.camera, frame / 30), look, { width: 512, height: 384 });
      // Rows across the cells below the edge, which had a step of 30 levels within four pixels.
      for (let row = 172; row <= 180; row++) {
        for (let x = 130; x < 380; x++) {
          const green = (at: number) => rgba[4 * (row * width + at) + 1] ?? 0;
          expect(Math.abs(green(x + 4) - green(x)), `frame ${frame}, row ${row}, x ${x}`).toBeLessThanOrEqual(8);
        }
      }
    }
  });
});
