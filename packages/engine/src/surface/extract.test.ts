/** The kernel against its readable twin, memory, and input that must be refused. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EngineError } from "../errors.ts";
import type { Bricks } from "../field/field.ts";
import { Kernels } from "../kernels/kernels.ts";
import { checkMesh } from "./check.ts";
import { createSurfaceWorkspace, extractSurface, extractSurfaceInto } from "./extract.ts";
import { bricksOf, bricksOfSamples, type Density, seedDensity, seededRandom } from "./fixtures/bricks.ts";
import type { Mesh } from "./mesh.ts";
import { extractSurfaceReference, type SurfaceShape } from "./reference.ts";

const ball: Density = (x, y, z) => Math.sqrt(x * x + y * y + z * z) - 0.8;

function noise(dimension: number, seed: number): Bricks {
  const random = seededRandom(seed);
  return bricksOfSamples(() => random() - 0.5, dimension);
}

function levels(dimension: number, seed: number): Bricks {
  const random = seededRandom(seed);
  return bricksOfSamples(() => Math.floor(random() * 5) - 2, dimension);
}

/** Equal numbers and equal bits; the message of a plain comparison of long arrays would take minutes. */
function expectSameBits(mesh: Mesh, twin: SurfaceShape): void {
  expect([mesh.vertexCount, mesh.triangleCount, mesh.activeCellCount]).toEqual([
    twin.vertexCount,
    twin.triangleCount,
    twin.activeCellCount,
  ]);
  expect(firstDifference(bits(mesh.positions), bits(twin.positions))).toBe(-1);
  expect(firstDifference(mesh.indices, twin.indices)).toBe(-1);
}

function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function firstDifference(a: Uint32Array, b: Uint32Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return -1;
}

function refusal(call: () => unknown): EngineError | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

describe("kernel and twin", () => {
  test("agree to the bit on random samples at every dimension from 4 to 24", () => {
    for (let dimension = 4; dimension <= 24; dimension++) {
      const bricks = noise(dimension, dimension);
      expectSameBits(extractSurface(bricks), extractSurfaceReference(bricks));
    }
  });

  test("agree to the bit on the trilinear topology, where some brick has an interior vertex at every dimension", () => {
    for (let dimension = 5; dimension <= 24; dimension++) {
      const bricks = noise(dimension, dimension);
      const classic = extractSurface(bricks);
      const mesh = extractSurface(bricks, { topology: "trilinear" });
      expect(mesh.vertexCount).toBeGreaterThan(classic.vertexCount);
      expectSameBits(mesh, extractSurfaceReference(bricks, { topology: "trilinear" }));
    }
  });

  test("agree to the bit on the trilinear topology of huge, tiny, denormal and equal samples", () => {
    const random = seededRandom(6);
    const scale = [3e38, 1e-38, 1e-45, 1, 1e-20, 1e20, 0];
    const bricks = bricksOfSamples(() => (random() - 0.5) * scale[Math.floor(random() * scale.length)], 15);
    expectSameBits(
      extractSurface(bricks, { topology: "trilinear" }),
      extractSurfaceReference(bricks, { topology: "trilinear" }),
    );
  });

  test("the topology changes no cell whose signs say it all: the seed scene has the same triangles", () => {
    const bricks = bricksOf(seedDensity(0.5), 64);
    expectSameBits(extractSurface(bricks, { topology: "trilinear" }), extractSurfaceReference(bricks));
  });

  test("agree to the bit on scattered balls, where most bricks lack some neighbours", () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = seededRandom(seed);
      const balls = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => random() * 2 - 1));
      const bricks = bricksOf(
        (x, y, z) =>
          Math.min(
            ...balls.map(
              ([cx, cy, cz, r]) => Math.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - 0.04 - Math.abs(r) * 0.06,
            ),
          ),
        40 + seed,
      );
      expect(bricks.count).toBeLessThan(200);
      expectSameBits(extractSurface(bricks), extractSurfaceReference(bricks));
    }
  });

  test("agree to the bit on huge, tiny, denormal and equal samples", () => {
    const random = seededRandom(5);
    const scale = [3e38, 1e-38, 1e-45, 1, 1e-20, 1e20, 0];
    const bricks = bricksOfSamples(() => (random() - 0.5) * scale[Math.floor(random() * scale.length)], 15);
    const mesh = extractSurface(bricks);
    expectSameBits(mesh, extractSurfaceReference(bricks));
    for (const p of mesh.positions) expect(Math.abs(p)).toBeLessThanOrEqual(1);
  });

  test.each([
    [32, 2162, 4210],
    [64, 9016, 17798],
    [128, 36110, 71754],
  ])(
    "give the seed scene at t = 0.5 and dimension %i the known %i vertices and %i triangles",
    (dimension, vertices, triangles) => {
      const bricks = bricksOf(seedDensity(0.5), dimension);
      const mesh = extractSurface(bricks);
      expect([mesh.vertexCount, mesh.triangleCount]).toEqual([vertices, triangles]);
      expectSameBits(mesh, extractSurfaceReference(bricks));
    },
  );

  test("the kernel finds the known counts at dimension 256", () => {
    const mesh = extractSurface(bricksOf(seedDensity(0.5), 256));
    expect([mesh.vertexCount, mesh.triangleCount]).toEqual([142862, 284802]);
    expect(checkMesh(mesh)).toMatchObject({ oriented: true, duplicateFaceCount: 0, componentCount: 1 });
  });

  test("agree on more than a million triangles", () => {
    const bricks = noise(78, 1);
    const mesh = extractSurface(bricks);
    expect(mesh.triangleCount).toBeGreaterThan(1_000_000);
    expectSameBits(mesh, extractSurfaceReference(bricks));
    expect(checkMesh(mesh)).toMatchObject({ oriented: true, duplicateFaceCount: 0 });
  });
});

describe("order", () => {
  test.each([
    ["noise", "c92b14e98196e5fb", noise(16, 1)],
    ["ties", "9b8276c5c6acf789", levels(17, 2)],
    ["a ball", "b346e9b6f4a7b2f7", bricksOf(ball, 24)],
  ])("the bytes of the classic mesh of %s are those of the first release of this room", (_, digest, bricks) => {
    const { positions, indices } = extractSurface(bricks);
    expect(createHash("sha256").update(positions).update(indices).digest("hex").slice(0, 16)).toBe(digest);
  });
});

describe("memory", () => {
  /** The bricks as plain views on the arena. */
  function inArena(kernels: Kernels, bricks: Bricks): Bricks {
    const { arena } = kernels;
    const samples = arena.allocate(bricks.samples.byteLength);
    const coordinates = arena.allocate(bricks.coordinates.byteLength);
    arena.f32(samples, bricks.samples.length).set(bricks.samples);
    const place = new Uint16Array(arena.memory.buffer, coordinates, bricks.coordinates.length);
    place.set(bricks.coordinates);
    return { ...bricks, samples: arena.f32(samples, bricks.samples.length), coordinates: place };
  }

  test("bricks in the arena are read in place, also where the memory grows under them", () => {
    const kernels = new Kernels();
    const workspace = createSurfaceWorkspace(kernels);
    const outside = noise(30, 3);
    const bricks = inArena(kernels, outside);
    const before = kernels.arena.memory.buffer;
    const mesh = extractSurfaceInto(workspace, bricks);
    expect(kernels.arena.memory.buffer).not.toBe(before);
    expectSameBits(mesh, extractSurfaceReference(outside));
  });

  test("a workspace gives the same mesh again, in the same place, once its memory was released", () => {
    const kernels = new Kernels();
    const workspace = createSurfaceWorkspace(kernels);
    const bricks = bricksOf(ball, 24);
    const twin = extractSurfaceReference(bricks);
    const places = [0, 1, 2].map((round) => {
      const mark = kernels.arena.mark();
      extractSurfaceInto(workspace, noise(9 + round, round));
      kernels.arena.release(mark);
      const mesh = extractSurfaceInto(workspace, bricks);
      expectSameBits(mesh, twin);
      expect(kernels.arena.holds(mesh.positions)).toBe(true);
      const place = mesh.positions.byteOffset;
      kernels.arena.release(mark);
      return place;
    });
    expect(new Set(places).size).toBe(1);
  });

  test("the callback fills the normals, and the mesh stays readable where it allocates", () => {
    const kernels = new Kernels();
    const workspace = createSurfaceWorkspace(kernels);
    const mesh = extractSurfaceInto(workspace, bricksOf(ball, 16), {
      normals: (positions, normals) => {
        normals.set(positions.map((p) => p / 0.8));
        kernels.arena.allocate(8 << 20);
      },
    });
    expect(mesh.normals.length).toBe(mesh.positions.length);
    mesh.positions.forEach((p, i) => {
      expect(mesh.normals[i]).toBe(Math.fround(p / 0.8));
    });
  });

  test.each(["wasm", "reference"] as const)(
    "extractSurface by %s hands out arrays of its own and leaves nothing in the arena",
    (backend) => {
      const kernels = new Kernels();
      const mark = kernels.arena.mark();
      const normals = (positions: Float32Array, into: Float32Array) => into.set(positions);
      const mesh = extractSurface(bricksOf(ball, 16), { kernels, backend, normals });
      expect(kernels.arena.mark()).toBe(mark);
      for (const view of [mesh.positions, mesh.normals, mesh.indices]) expect(kernels.arena.holds(view)).toBe(false);
      expect(mesh.normals).toEqual(mesh.positions);
    },
  );

  test("a workspace of any form leaves the same bits in the arena as the call that allocates", () => {
    const bricks = noise(13, 5);
    for (const topology of ["classic", "trilinear"] as const) {
      for (const weld of [false, true]) {
        const kernels = new Kernels();
        const workspace = createSurfaceWorkspace(kernels, { topology, weld });
        const mesh = extractSurfaceInto(workspace, bricks);
        expectSameBits(mesh, extractSurfaceReference(bricks, { topology, weld }));
        expect(kernels.arena.holds(mesh.indices)).toBe(true);
      }
    }
  });

  test("a workspace of the twin leaves the same bits in the arena", () => {
    const kernels = new Kernels();
    const workspace = createSurfaceWorkspace(kernels, { backend: "reference" });
    const bricks = bricksOf(ball, 20);
    const mesh = extractSurfaceInto(workspace, bricks);
    expectSameBits(mesh, extractSurfaceReference(bricks));
    expect(kernels.arena.holds(mesh.indices)).toBe(true);
  });

  test("memory follows the surface, not the volume", () => {
    const bytes = [32, 64].map((dimension) => {
      const kernels = new Kernels();
      const workspace = createSurfaceWorkspace(kernels);
      const mark = kernels.arena.mark();
      extractSurfaceInto(workspace, bricksOf(ball, dimension));
      return kernels.arena.mark() - mark;
    });
    expect(bytes[1] / bytes[0]).toBeLessThan(5);
  });
});

describe("input that is refused", () => {
  function without(bricks: Bricks, gone: number): Bricks {
    const keep = Array.from({ length: bricks.count }, (_, brick) => brick).filter((brick) => brick !== gone);
    return {
      ...bricks,
      count: keep.length,
      coordinates: Uint16Array.from(keep.flatMap((b) => [...bricks.coordinates.subarray(b * 3, b * 3 + 3)])),
      samples: Float32Array.from(keep.flatMap((b) => [...bricks.samples.subarray(b * 512, b * 512 + 512)])),
    };
  }

  test("a missing brick is reported by kernel and twin alike, and never read as garbage", () => {
    const whole = bricksOf(ball, 24);
    let refused = 0;
    for (let gone = 0; gone < whole.count; gone++) {
      const bricks = without(whole, gone);
      const a = refusal(() => expectSameBits(extractSurface(bricks), extractSurfaceReference(bricks)));
      const b = refusal(() => extractSurfaceReference(bricks));
      expect(a?.message).toBe(b?.message);
      if (a) {
        expect(a.code).toBe("invalid-input");
        refused++;
      }
    }
    // Only the bricks that nothing below needs can go: those at the lower corner of the ball.
    expect(refused).toBeGreaterThan(whole.count / 2);
  });

  test("a brick that disagrees with its neighbour on the shared layer is refused by kernel and twin alike", () => {
    const random = seededRandom(8);
    const bricks = noise(12, 4);
    let refused = 0;
    for (let round = 0; round < 200; round++) {
      const place = Math.floor(random() * bricks.samples.length);
      bricks.samples[place] *= -1;
      const a = refusal(() => extractSurface(bricks));
      const b = refusal(() => extractSurfaceReference(bricks));
      expect(a?.message).toBe(b?.message);
      if (a) refused++;
      bricks.samples[place] *= -1;
    }
    expect(refused).toBeGreaterThan(20);
  });

  test("random signs and random bricks never crash the kernel: it refuses what the twin refuses, and agrees elsewhere", () => {
    const random = seededRandom(17);
    for (let round = 0; round < 60; round++) {
      let bricks = noise(4 + Math.floor(random() * 20), round);
      while (bricks.count > 1 && random() < 0.7) bricks = without(bricks, Math.floor(random() * bricks.count));
      const b = refusal(() => extractSurfaceReference(bricks));
      const a = refusal(() => extractSurface(bricks));
      expect(a?.message).toBe(b?.message);
      if (!a) expectSameBits(extractSurface(bricks), extractSurfaceReference(bricks));
    }
  });

  const good = bricksOf(ball, 16);
  const swapped = Uint16Array.from([...good.coordinates.subarray(3, 6), ...good.coordinates.subarray(0, 3)]);
  test.each([
    ["dimension 3", { ...good, dimension: 3 }, "from 4 to 2048, got 3"],
    ["dimension 2049", { ...good, dimension: 2049 }, "from 4 to 2048, got 2049"],
    ["a fractional dimension", { ...good, dimension: 16.5 }, "got 16.5"],
    ["too few samples", { ...good, samples: good.samples.subarray(1) }, "Give whole bricks"],
    ["too few coordinates", { ...good, coordinates: good.coordinates.subarray(1) }, "Give whole bricks"],
    ["unsorted bricks", { ...good, count: 2, coordinates: swapped }, "Sort by bz, by, bx"],
    ["the same brick twice", { ...good, count: 2, coordinates: new Uint16Array(6) }, "Sort by bz, by, bx"],
    [
      "a brick outside the grid",
      { ...good, count: 1, coordinates: Uint16Array.from([3, 0, 0]) },
      "3 bricks are on an axis",
    ],
  ])("%s", (_, bricks, sentence) => {
    for (const backend of ["wasm", "reference"] as const) {
      const error = refusal(() => extractSurface(bricks, { backend }));
      expect(error?.code).toBe("invalid-input");
      expect(error?.message).toContain(sentence);
    }
  });
});
