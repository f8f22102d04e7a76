/** What every back end of the extraction must do: corner masks, analytic truth, borders, ties. */
import manifold3d from "manifold-3d";
import { describe, expect, test } from "vitest";
import type { Bricks } from "../field/field.ts";
import { checkMesh, type MeshReport } from "./check.ts";
import { extractSurface } from "./extract.ts";
import { bricksOf, bricksOfSamples, type Density, seededRandom } from "./fixtures/bricks.ts";
import { samplePosition } from "./grid.ts";
import type { Mesh } from "./mesh.ts";

const sphere =
  (radius: number): Density =>
  (x, y, z) =>
    Math.sqrt(x * x + y * y + z * z) - radius;
const torus: Density = (x, y, z) => Math.sqrt((Math.sqrt(x * x + z * z) - 0.6) ** 2 + y * y) - 0.25;
const box: Density = (x, y, z) => Math.max(Math.abs(x) - 0.6, Math.abs(y) - 0.5, Math.abs(z) - 0.4);

/** Samples that are inside where a bit of `mask` says so; bit = the place of the sample in `places`. Outside elsewhere. */
function maskedBricks(mask: number, sizeX: number, dimension: number): Bricks {
  const random = seededRandom(mask + 1);
  return bricksOfSamples((x, y, z) => {
    const within = x >= 1 && x <= sizeX && y >= 1 && y <= 2 && z >= 1 && z <= 2;
    const bit = within ? (mask >> (x - 1 + sizeX * (y - 1) + 2 * sizeX * (z - 1))) & 1 : 0;
    return (bit ? -1 : 1) * (0.1 + random());
  }, dimension);
}

function expectSound(report: MeshReport): void {
  expect(report).toMatchObject({ closed: true, oriented: true, boundaryEdgeCount: 0, duplicateFaceCount: 0 });
}

/** Vertices on edges that have one triangle only. */
function boundaryVertices(mesh: Mesh): Set<number> {
  const sides = new Map<string, number[]>();
  const { indices } = mesh;
  for (let i = 0; i < indices.length; i++) {
    const pair = [indices[i], indices[i % 3 === 2 ? i - 2 : i + 1]].sort((a, b) => a - b);
    const key = pair.join(" ");
    if (sides.has(key)) sides.set(key, []);
    else sides.set(key, pair);
  }
  return new Set([...sides.values()].flat());
}

describe.each(["wasm", "reference"] as const)("surface by %s", (backend) => {
  const extract = (bricks: Bricks) => extractSurface(bricks, { backend });

  test("every one of the 256 corner masks, with outside around it, gives a closed mesh that faces outwards", () => {
    for (let mask = 1; mask < 256; mask++) {
      const mesh = extract(maskedBricks(mask, 2, 4));
      const report = checkMesh(mesh);
      expectSound(report);
      expect(report.volume).toBeGreaterThan(0);
    }
  });

  test("every pair of corner masks that share a face fits together without a hole", () => {
    for (let mask = 1; mask < 4096; mask++) {
      const report = checkMesh(extract(maskedBricks(mask, 3, 5)));
      if (!report.closed || !report.oriented || report.duplicateFaceCount > 0 || !(report.volume > 0)) {
        expect.fail(`mask ${mask.toString(2)}: ${JSON.stringify(report)}`);
      }
    }
  });

  test("inside corners on a diagonal stay two parts", () => {
    expect(checkMesh(extract(maskedBricks(0b00001001, 2, 4))).componentCount).toBe(2);
    expect(checkMesh(extract(maskedBricks(0b10000001, 2, 4))).componentCount).toBe(2);
    expect(checkMesh(extract(maskedBricks(0b00001011, 2, 4))).componentCount).toBe(1);
  });

  test("a sphere has less area than 4πr², and four times less error at twice the dimension", () => {
    const errors = [16, 32, 64].map((dimension) => {
      const report = checkMesh(extract(bricksOf(sphere(0.8), dimension)));
      expectSound(report);
      expect(report.eulerCharacteristic).toBe(2);
      expect(report.componentCount).toBe(1);
      expect(report.volume).toBeLessThan((4 / 3) * Math.PI * 0.8 ** 3);
      return 4 * Math.PI * 0.8 ** 2 - report.area;
    });
    for (const error of errors) expect(error).toBeGreaterThan(0);
    expect(errors[0] / errors[1]).toBeGreaterThan(3.5);
    expect(errors[0] / errors[1]).toBeLessThan(4.5);
    expect(errors[1] / errors[2]).toBeGreaterThan(3.5);
    expect(errors[1] / errors[2]).toBeLessThan(4.5);
  });

  test("the vertices of a sphere lie on it to second order, so that interpolation uses the right ends", () => {
    const { positions } = extract(bricksOf(sphere(0.8), 64));
    for (let i = 0; i < positions.length; i += 3) {
      const distance = sphere(0.8)(positions[i], positions[i + 1], positions[i + 2]);
      expect(Math.abs(distance)).toBeLessThan((2 / 64) ** 2 / 4);
    }
  });

  test("a torus has volume 2π²Rr² and one hole", () => {
    const report = checkMesh(extract(bricksOf(torus, 64)));
    expectSound(report);
    expect(report.eulerCharacteristic).toBe(0);
    expect(report.volume).toBeLessThan(2 * Math.PI ** 2 * 0.6 * 0.25 ** 2);
    expect(report.volume).toBeGreaterThan(2 * Math.PI ** 2 * 0.6 * 0.25 ** 2 * 0.99);
  });

  test("a box keeps its volume but for the cells along its edges", () => {
    const report = checkMesh(extract(bricksOf(box, 48)));
    expectSound(report);
    expect(report.volume).toBeLessThan(1.2 * 1 * 0.8);
    // 12 edges of total length 4 (1.2 + 1 + 0.8), cut by less than half a cell each.
    expect(report.volume).toBeGreaterThan(1.2 * 1 * 0.8 - 12 * (2 / 48) ** 2 * 0.5);
  });

  test("an independent solid modeller accepts the meshes and finds the same volume and genus", async () => {
    const wasm = await manifold3d();
    wasm.setup();
    for (const [density, genus] of [
      [sphere(0.8), 0],
      [torus, 1],
      [box, 0],
    ] as const) {
      const mesh = extract(bricksOf(density, 40));
      const solid = new wasm.Manifold(
        new wasm.Mesh({ numProp: 3, vertProperties: mesh.positions, triVerts: mesh.indices }),
      );
      expect(solid.status()).toBe("NoError");
      expect(solid.genus()).toBe(genus);
      expect(solid.volume()).toBeCloseTo(checkMesh(mesh).volume, 5);
      solid.delete();
    }
  });

  test.each([4, 7, 8, 9, 14, 15, 16, 21, 22])(
    "a sphere at dimension %i is whole, so that bricks join at their borders and the grid ends where it should",
    (dimension) => {
      // The radius stays below the last sample, at 1 − 1 / dimension.
      const report = checkMesh(extract(bricksOf(sphere(0.7), dimension)));
      expectSound(report);
      expect(report.eulerCharacteristic).toBe(2);
    },
  );

  test.each([4, 7, 8, 9, 15, 16])(
    "at dimension %i a surface that leaves the grid is open at the first and last samples and nowhere else",
    (dimension) => {
      const mesh = extract(bricksOf(sphere(1.15), dimension));
      expect(checkMesh(mesh)).toMatchObject({ closed: false, oriented: true, duplicateFaceCount: 0 });
      const limits = [samplePosition(0, dimension), samplePosition(dimension - 1, dimension)];
      const open = boundaryVertices(mesh);
      expect(open.size).toBeGreaterThan(0);
      for (const vertex of open) {
        const place = mesh.positions.subarray(vertex * 3, vertex * 3 + 3);
        expect(place.some((p) => limits.includes(p))).toBe(true);
      }
    },
  );

  test.each(["classic", "trilinear"] as const)(
    "random samples with outside around them give a closed mesh at every dimension from 4 to 24, %s",
    (topology) => {
      for (let dimension = 4; dimension <= 24; dimension++) {
        const random = seededRandom(dimension);
        const last = dimension - 1;
        const bricks = bricksOfSamples(
          (x, y, z) => (Math.min(x, y, z) === 0 || Math.max(x, y, z) === last ? 1 : random() - 0.5),
          dimension,
        );
        expectSound(checkMesh(extractSurface(bricks, { backend, topology })));
      }
    },
  );

  test("with the trilinear topology corners on a diagonal are joined where the saddle of the face is inside", () => {
    const pair = (low: number): Bricks =>
      bricksOfSamples((x, y, z) => (z === 1 && ((x === 1 && y === 1) || (x === 2 && y === 2)) ? low : 1), 4);
    const parts = (bricks: Bricks, topology: "classic" | "trilinear"): number =>
      checkMesh(extractSurface(bricks, { backend, topology })).componentCount;
    expect(parts(pair(-0.5), "trilinear")).toBe(2);
    expect(parts(pair(-1), "trilinear")).toBe(2);
    expect(parts(pair(-2), "trilinear")).toBe(1);
    expect(parts(pair(-2), "classic")).toBe(2);
  });

  test("with the trilinear topology opposite corners of a cell are joined through its interior where the interpolant is", () => {
    // Inside at (1, 1, 1) and (2, 2, 2); along the diagonal the interpolant is 2 low / 8 + 6 / 8 in the middle.
    const pair = (low: number, high: number): Bricks =>
      bricksOfSamples((x, y, z) => {
        if (x + y + z === 3 && Math.min(x, y, z) === 1) return low;
        if (x === 2 && y === 2 && z === 2) return low;
        return Math.min(x, y, z) < 1 || Math.max(x, y, z) > 2 ? 1 : high;
      }, 4);
    const report = (low: number, high: number): MeshReport =>
      checkMesh(extractSurface(pair(low, high), { backend, topology: "trilinear" }));
    expect(report(-2, 1)).toMatchObject({ closed: true, componentCount: 2, eulerCharacteristic: 4 });
    expect(report(-8, 1)).toMatchObject({ closed: true, componentCount: 1, eulerCharacteristic: 2 });
  });

  test("a whole plane of samples equal to the level is one sheet without a hole, and lies exactly there", () => {
    const mesh = extract(bricksOfSamples((_, y) => y - 5, 12));
    const report = checkMesh(mesh);
    expect(report).toMatchObject({ oriented: true, duplicateFaceCount: 0, componentCount: 1, eulerCharacteristic: 1 });
    expect(report.zeroAreaTriangleCount).toBe(0);
    expect(mesh.vertexCount).toBe(144);
    for (let i = 1; i < mesh.positions.length; i += 3) expect(mesh.positions[i]).toBeCloseTo(samplePosition(5, 12), 6);
  });

  test("a box whose faces are samples equal to the level is closed, with the volume that the ties leave", () => {
    const ties: Density = (x, y, z) => Math.max(Math.abs(x - 7), Math.abs(y - 7), Math.abs(z - 7)) - 3;
    const mesh = extract(bricksOfSamples(ties, 16));
    const report = checkMesh(mesh);
    expectSound(report);
    expect(report.eulerCharacteristic).toBe(2);
    // In cells: the core 4³, a layer on six faces, half of it along twelve edges, a sixth at eight corners.
    const cells = 4 ** 3 + 6 * 4 ** 2 + 12 * 4 * 0.5 + 8 / 6;
    expect(report.volume).toBeCloseTo(cells * (2 / 16) ** 3, 6);
  });

  test("samples of −0 are outside like 0, to the bit", () => {
    const plus: Density = (x, y, z) => Math.max(Math.abs(x - 7), Math.abs(y - 7), Math.abs(z - 7)) - 3;
    const minus: Density = (x, y, z) => (plus(x, y, z) === 0 ? -0 : plus(x, y, z));
    const a = extract(bricksOfSamples(plus, 16));
    const b = extract(bricksOfSamples(minus, 16));
    expect(new Uint32Array(b.positions.buffer)).toEqual(new Uint32Array(a.positions.buffer));
    expect(b.indices).toEqual(a.indices);
  });

  test("isolated ties in random samples leave no hole, though some triangles have no area", () => {
    const random = seededRandom(99);
    const bricks = bricksOfSamples(
      (x, y, z) =>
        Math.min(x, y, z) === 0 || Math.max(x, y, z) === 17 ? 1 : [-1, -0.5, 0, 0, 0.5][Math.floor(random() * 5)],
      18,
    );
    expectSound(checkMesh(extract(bricks)));
  });

  test("no bricks give an empty mesh", () => {
    const mesh = extract(bricksOf(() => 1, 16));
    expect(mesh).toMatchObject({ vertexCount: 0, triangleCount: 0, activeCellCount: 0 });
    expect([mesh.positions.length, mesh.indices.length]).toEqual([0, 0]);
  });
});
