/** Welding: nothing twice, nothing without area, and no hole that was not there. */
import { describe, expect, test } from "vitest";
import type { Bricks } from "../field/field.ts";
import { Kernels } from "../kernels/kernels.ts";
import { checkMesh, type MeshShape } from "./check.ts";
import { extractSurface } from "./extract.ts";
import { bricksOf, bricksOfSamples, type Density, seedDensity, seededRandom } from "./fixtures/bricks.ts";
import { samplePosition } from "./grid.ts";
import { weldMesh } from "./weld.ts";

/** Random samples from `pick`, with outside around them unless `open`. */
function field(dimension: number, seed: number, pick: (random: () => number) => number, open = false): Bricks {
  const random = seededRandom(seed);
  const last = dimension - 1;
  return bricksOfSamples(
    (x, y, z) => (!open && (Math.min(x, y, z) === 0 || Math.max(x, y, z) === last) ? 1 : pick(random)),
    dimension,
  );
}

const few =
  (levels: number) =>
  (random: () => number): number =>
    Math.floor(random() * levels) - (levels >> 1);
const mostlyZero = (random: () => number): number => (random() < 0.6 ? 0 : random() - 0.5);
const tiny = (random: () => number): number => (random() - 0.5) * [1, 1e-30, 1e-9, 0, 1e-7][Math.floor(random() * 5)];

function coincidingVertices({ positions }: MeshShape): number {
  const places = new Set<string>();
  for (let i = 0; i < positions.length; i += 3) places.add(positions.subarray(i, i + 3).join(" "));
  return positions.length / 3 - places.size;
}

/** What every welded mesh must be, given the mesh without welding. */
function expectWelded(bricks: Bricks, topology: "classic" | "trilinear"): void {
  const plain = checkMesh(extractSurface(bricks, { topology }));
  const mesh = extractSurface(bricks, { topology, weld: true });
  const report = checkMesh(mesh);
  expect(report).toMatchObject({ duplicateFaceCount: 0, zeroAreaTriangleCount: 0, oriented: true });
  if (plain.closed) expect(report.closed).toBe(true);
  expect(coincidingVertices(mesh)).toBe(0);
  expect(report.volume).toBeCloseTo(plain.volume, 6);
}

describe.each(["classic", "trilinear"] as const)("weld, %s", (topology) => {
  test.each([
    ["three levels", few(3)],
    ["four levels", few(4)],
    ["five levels", few(5)],
    ["nine levels", few(9)],
    ["mostly zeros", mostlyZero],
    ["huge and tiny values, where vertices are rounded to samples", tiny],
  ])("random fields of %s stay closed, with nothing twice and nothing without area", (_, pick) => {
    for (let seed = 0; seed < 26; seed++) {
      expectWelded(field(4 + (seed % 13), seed, pick), topology);
      expectWelded(field(4 + (seed % 13), seed, pick, true), topology);
    }
  });

  test("kernel and twin agree to the bit", () => {
    for (let seed = 0; seed < 26; seed++) {
      for (const pick of [few(5), tiny, (random: () => number) => random() - 0.5]) {
        const bricks = field(4 + (seed % 13), seed, pick, seed % 2 === 0);
        const a = extractSurface(bricks, { topology, weld: true });
        const b = extractSurface(bricks, { topology, weld: true, backend: "reference" });
        expect(Buffer.from(a.positions.buffer).equals(Buffer.from(b.positions.buffer))).toBe(true);
        expect(Buffer.from(a.indices.buffer).equals(Buffer.from(b.indices.buffer))).toBe(true);
        expect(a.activeCellCount).toBe(b.activeCellCount);
      }
    }
  });

  test("kernel and twin agree where the kernels' memory has to grow while they weld, and where it does not", () => {
    for (let seed = 0; seed < 4; seed++) {
      const bricks = field(8 + 5 * seed, seed, few(3), seed % 2 === 0);
      const twin = extractSurface(bricks, { topology, weld: true, backend: "reference" });
      const kernels = new Kernels();
      for (const welded of [
        extractSurface(bricks, { topology, weld: true, kernels }),
        extractSurface(bricks, { topology, weld: true, kernels }),
      ]) {
        expect(Buffer.from(welded.positions.buffer).equals(Buffer.from(twin.positions.buffer))).toBe(true);
        expect(Buffer.from(welded.indices.buffer).equals(Buffer.from(twin.indices.buffer))).toBe(true);
      }
    }
  });
});

describe("weld", () => {
  test("a plane of zeros is one vertex a sample, exactly there", () => {
    const mesh = extractSurface(
      bricksOfSamples((_, y) => y - 5, 12),
      { weld: true },
    );
    expect([mesh.vertexCount, mesh.triangleCount]).toEqual([144, 242]);
    for (let i = 1; i < mesh.positions.length; i += 3) expect(mesh.positions[i]).toBe(samplePosition(5, 12));
  });

  test("a layer of zeros in the inside has no thickness and leaves no triangle", () => {
    const bricks = bricksOfSamples((x) => (x === 5 ? 0 : -1), 12);
    expect(extractSurface(bricks).triangleCount).toBeGreaterThan(0);
    expect(extractSurface(bricks, { weld: true })).toMatchObject({ vertexCount: 0, triangleCount: 0 });
  });

  test("a single zero in the inside leaves nothing", () => {
    const bricks = bricksOfSamples((x, y, z) => (x === 5 && y === 5 && z === 5 ? 0 : -1), 12);
    expect(extractSurface(bricks).triangleCount).toBe(8);
    expect(extractSurface(bricks, { weld: true }).triangleCount).toBe(0);
  });

  test("a box with its faces on samples is one closed part of the same volume", () => {
    const ties: Density = (x, y, z) => Math.max(Math.abs(x - 7), Math.abs(y - 7), Math.abs(z - 7)) - 3;
    expectWelded(bricksOfSamples(ties, 16), "classic");
    const report = checkMesh(
      extractSurface(
        bricksOfSamples((x, y, z) => -ties(x, y, z), 16),
        { weld: true },
      ),
    );
    expect(report).toMatchObject({ closed: true, oriented: true, componentCount: 1, eulerCharacteristic: 2 });
    // A box of outside in the inside: the layer of ties is outside, so it has its full size.
    expect(report.volume).toBeCloseTo(-((6 * (2 / 16)) ** 3), 6);
  });

  test("two blocks that touch along a line of zeros keep two triangles at every edge", () => {
    const bricks = bricksOfSamples((x, y, z) => {
      if (Math.min(x, y, z) === 0 || Math.max(x, y, z) === 9) return 1;
      return x === 5 || y === 5 ? 0 : x < 5 === y < 5 ? -1 : 1;
    }, 10);
    expectWelded(bricks, "classic");
    expectWelded(bricks, "trilinear");
  });

  test("a mesh with nothing to weld is given back as it is", () => {
    const bricks = bricksOf((x, y, z) => Math.sqrt(x * x + y * y + z * z) - 0.7123, 20);
    const mesh = extractSurface(bricks);
    expect(weldMesh(mesh, 20)).toBe(mesh);
    const welded = extractSurface(bricks, { weld: true });
    expect(welded.indices).toEqual(mesh.indices);
    expect(welded.positions).toEqual(mesh.positions);
  });

  test("a scene with a few near ties is welded there alone", () => {
    const bricks = bricksOf(seedDensity(0.5), 64);
    const plain = extractSurface(bricks);
    const welded = extractSurface(bricks, { weld: true });
    expect(plain.triangleCount - welded.triangleCount).toBeLessThan(40);
    expect(checkMesh(welded)).toMatchObject({ oriented: true, duplicateFaceCount: 0, zeroAreaTriangleCount: 0 });
  });

  test("a triangle on a line is removed, and its neighbour is split at the corner in the middle", () => {
    // Samples of dimension 4 lie at ±0.25, ±0.75; a tetrahedron with a doubled side from (−0.25, …) over its middle.
    const s = [-0.25, 0.25];
    const positions = Float32Array.from([
      s[0],
      s[0],
      s[0],
      0,
      s[0],
      s[0],
      s[1],
      s[0],
      s[0],
      0.1,
      s[1],
      s[0],
      0.1,
      s[0],
      s[1],
    ]);
    const indices = Uint32Array.from([0, 1, 2, 0, 2, 3, 0, 3, 4, 2, 4, 3, 0, 4, 1, 1, 4, 2]);
    expect(checkMesh({ positions, indices })).toMatchObject({ closed: true, oriented: true, zeroAreaTriangleCount: 1 });
    const welded = weldMesh({ positions, indices }, 4);
    const report = checkMesh(welded);
    expect(report).toMatchObject({ closed: true, oriented: true, zeroAreaTriangleCount: 0, duplicateFaceCount: 0 });
    expect(welded.indices.length).toBe(18);
  });
});
