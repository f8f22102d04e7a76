import { completeSettings } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { meshCheck, verifyMesh } from "./verify-mesh.ts";

/** Corners of a cube of that half width around the origin; two triangles a side, counter-clockwise from outside. */
function cube(half: number, leaveOut: readonly number[] = []) {
  const positions = Float32Array.from({ length: 24 }, (_, i) => ((((i - (i % 3)) / 3) >> (i % 3)) & 1 ? half : -half));
  const sides = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ].map((corners) => corners as [number, number, number, number]);
  const triangles = sides.flatMap(([a, b, c, d]) => [
    [a, b, c],
    [a, c, d],
  ]);
  return { positions, indices: Uint32Array.from(triangles.filter((_, i) => !leaveOut.includes(i)).flat()) };
}

describe("meshCheck", () => {
  test("a closed, oriented mesh holds", () => {
    expect(meshCheck(cube(0.5), 7, 1)).toEqual({
      name: "mesh closed and oriented",
      passed: true,
      evidence: "frame 7, 12 triangles: closed, oriented",
    });
  });

  test("open where the grid ends is a fact, not a fault", () => {
    const { passed, evidence } = meshCheck(cube(0.5, [0, 1]), 0, 0.5);
    expect(passed).toBe(true);
    expect(evidence).toContain("oriented, open only where the grid ends, along 4 edges");
  });

  test("the same hole inside the grid is a fault", () => {
    const { passed, evidence } = meshCheck(cube(0.5, [0]), 0, 0.75);
    expect(passed).toBe(false);
    expect(evidence).toContain("open along 3 edges inside the grid");
  });

  test("a volume may end before the grid: there the mesh's own extent counts", () => {
    expect(meshCheck(cube(0.5, [0, 1]), 0, null).passed).toBe(true);
  });

  test("one triangle turned round is a fault", () => {
    const mesh = cube(0.5);
    mesh.indices.subarray(0, 3).reverse();
    const { passed, evidence } = meshCheck(mesh, 0, 1);
    expect(passed).toBe(false);
    expect(evidence).toContain("two neighbours disagree on what is outside");
  });

  test("no triangles: nothing is claimed", () => {
    const mesh = { positions: new Float32Array(0), indices: new Uint32Array(0) };
    expect(meshCheck(mesh, 0, 1)).toMatchObject({ passed: null });
  });
});

describe("verifyMesh", () => {
  test("costs nothing where it is not asked for, and says what does it", () => {
    const settings = completeSettings({ scene: "seed", dimension: 2048 });
    expect(verifyMesh(settings, 0, "wasm", false)).toMatchObject({ passed: null, evidence: "--verify does" });
  });

  test.each([12, 32, 33])(
    "the seed scene is open only at the floor of the grid, with %i samples along an axis",
    (dimension) => {
      const check = verifyMesh(completeSettings({ scene: "seed", dimension }), 3, "wasm", true);
      expect(check.passed).toBe(true);
      expect(check.evidence).toMatch(
        /^frame 3, [\d ]+ triangles: oriented, open only where the grid ends, along \d+ edges$/,
      );
    },
  );

  test.each(["wasm", "reference"] as const)("the gyroid preset is closed (%s)", (backend) => {
    const check = verifyMesh(completeSettings({ scene: "gyroid", dimension: 24 }), 3, backend, true);
    expect(check).toMatchObject({ passed: true });
    expect(check.evidence).toContain(": closed, oriented");
  });
});
