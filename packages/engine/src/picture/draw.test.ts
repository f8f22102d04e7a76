import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import type { Mesh } from "../surface/mesh.ts";
import { createPictureWorkspace, drawMesh, drawMeshInto, type PictureBackend } from "./draw.ts";
import { boxMesh, discMesh, joinMeshes, meshOf, sphereMesh, torusMesh } from "./fixtures/meshes.ts";
import type { Camera, Picture } from "./picture.ts";
import { LEVELS, resolveLook } from "./shade.ts";

const LOOK = resolveLook({ surfaceColor: [0.35, 0.55, 0.9] });
const CAMERA: Camera = { position: [0, 0, 4], direction: [0, 0, -1], up: [0, 1, 0], verticalFieldOfView: 45 };
const BACKENDS: readonly PictureBackend[] = ["wasm", "reference"];
const kernels = new Kernels();

function draw(
  mesh: Mesh,
  camera = CAMERA,
  size = { width: 128, height: 96 },
  backend: PictureBackend = "wasm",
): Picture {
  return drawMesh(mesh, camera, LOOK, { ...size, backend, kernels });
}

/** Colour of each pixel as one number. */
function pixelsOf({ rgba }: Picture): Uint32Array {
  return new Uint32Array(rgba.slice().buffer);
}

/** The colours that a pixel covered by `quarters` samples can have. */
function colorsOf(quarters: number): Set<number> {
  return new Set(new Uint32Array(LOOK.colors.slice().buffer).subarray(quarters * LEVELS, (quarters + 1) * LEVELS));
}

/** Area in pixels: with one flat colour, that of a pixel tells how many of its samples are covered. */
function coveredArea(
  mesh: Mesh,
  camera: Camera,
  size: { width: number; height: number },
  backend: PictureBackend,
): number {
  const look = resolveLook({ surfaceColor: [1, 1, 1], backgroundColor: [0, 0, 0], key: 0, fill: 0, ambient: 1 });
  const brightest = look.levels[look.levels.length - 1];
  const flat = { ...look, levels: new Uint8Array(look.levels.length).fill(brightest) };
  const codes = [0, 1, 2, 3, 4].map((quarters) => flat.colors[(quarters * LEVELS + brightest) * 4]);
  expect(new Set(codes).size).toBe(5);
  const { rgba } = drawMesh(mesh, camera, flat, { ...size, backend, kernels });
  let quarters = 0;
  for (let i = 0; i < rgba.length; i += 4) quarters += codes.indexOf(rgba[i]);
  return quarters / 4;
}

describe.each(BACKENDS)("drawMesh with the %s back end", (backend) => {
  const size = { width: 160, height: 120 };
  const focal = 60 / Math.tan(Math.PI / 8);

  it("covers the area that a flat disc has", () => {
    const corners = 64;
    const area = coveredArea(discMesh(1, corners), CAMERA, size, backend);
    const exact = (corners / 2) * Math.sin((2 * Math.PI) / corners) * (focal / 4) ** 2;
    expect(Math.abs(area - exact)).toBeLessThan(0.003 * exact);
  });

  it("covers the area of the silhouette that a sphere has in perspective, and never more", () => {
    const area = coveredArea(sphereMesh(1, 48), CAMERA, size, backend);
    const exact = (Math.PI * focal ** 2) / (4 ** 2 - 1);
    expect(area).toBeLessThan(exact * 1.001);
    expect(area).toBeGreaterThan(exact * 0.99);
  });

  it("shows the nearer of two discs, whichever is drawn first", () => {
    const [near, far] = [discMesh(0.5, 24, [0, 0, 1]), discMesh(1, 24, [0, 0, 0])];
    near.normals.set(near.normals.map((_, i) => (i % 3 === 1 ? 1 : 0)));
    const one = draw(joinMeshes(near, far), CAMERA, size, backend);
    const other = draw(joinMeshes(far, near), CAMERA, size, backend);
    expect(one.rgba).toEqual(other.rgba);
    const alone = draw(near, CAMERA, size, backend);
    const middle = 60 * 160 + 80;
    expect(pixelsOf(one)[middle]).toBe(pixelsOf(alone)[middle]);
    expect(pixelsOf(one)[middle]).not.toBe(pixelsOf(draw(far, CAMERA, size, backend))[middle]);
  });

  it("gives a tie to the first triangle", () => {
    const up = meshOf([-1, -1, 0, 1, -1, 0, 0, 1, 0], [0, 1, 0, 0, 1, 0, 0, 1, 0], [0, 1, 2]);
    const front = meshOf([-1, -1, 0, 1, -1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1, 0, 0, 1], [0, 1, 2]);
    expect(draw(joinMeshes(up, front), CAMERA, size, backend).rgba).toEqual(draw(up, CAMERA, size, backend).rgba);
    expect(draw(joinMeshes(front, up), CAMERA, size, backend).rgba).toEqual(draw(front, CAMERA, size, backend).rgba);
  });

  it("gives a tie to the first triangle also where one of the two faces away", () => {
    const front = meshOf([-1, -1, 0, 1, -1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1, 0, 0, 1], [0, 1, 2]);
    const away = meshOf([-1, -1, 0, 1, -1, 0, 0, 1, 0], [0, 1, 0, 0, 1, 0, 0, 1, 0], [0, 2, 1]);
    expect(draw(joinMeshes(away, front), CAMERA, size, backend).rgba).toEqual(draw(away, CAMERA, size, backend).rgba);
    expect(draw(joinMeshes(front, away), CAMERA, size, backend).rgba).toEqual(draw(front, CAMERA, size, backend).rgba);
    expect(draw(away, CAMERA, size, backend).rgba).not.toEqual(draw(front, CAMERA, size, backend).rgba);
  });

  it("leaves no sample open on the inside of closed meshes, near plane and guard band crossed", () => {
    const insides: [Mesh, Partial<Camera>][] = [
      [sphereMesh(1, 24), { position: [0.1, 0.05, 0] }],
      [sphereMesh(1, 24), { position: [0, 0, 0.9999] }],
      [sphereMesh(0.02, 8), { position: [0, 0, 0] }],
      [boxMesh([1, 1, 1]), { position: [0.99, 0.98, 0.97], direction: [1, 1, 1] }],
      [boxMesh([1, 0.009, 1]), { position: [0, 0, 0], verticalFieldOfView: 90 }],
      [boxMesh([1000, 0.5, 1000]), { position: [3, 0.49, 3], direction: [0.2, -0.9, 0.1] }],
    ];
    for (const [mesh, change] of insides) {
      const picture = draw(mesh, { ...CAMERA, ...change }, size, backend);
      const closed = colorsOf(4);
      expect(picture.shadedPixelCount).toBe(160 * 120);
      expect(pixelsOf(picture).every((color) => closed.has(color))).toBe(true);
    }
  });

  it("lights the inside of an open mesh as if its normals faced the viewer", () => {
    const front = discMesh(1, 24);
    const flipped = discMesh(1, 24);
    for (let i = 0; i < flipped.indices.length; i += 3) {
      [flipped.indices[i + 1], flipped.indices[i + 2]] = [flipped.indices[i + 2], flipped.indices[i + 1]];
    }
    flipped.normals.set(flipped.normals.map((value) => -value));
    expect(draw(flipped, CAMERA, size, backend).rgba).toEqual(draw(front, CAMERA, size, backend).rgba);
  });

  it("gives a flat face one flat colour, and a sphere no colour off its one curve", () => {
    const colors = new Set(pixelsOf(draw(boxMesh([0.5, 0.5, 0.5]), { ...CAMERA, position: [0, 0, 3] }, size, backend)));
    expect(colors.size).toBe(2 + countEdgeColors(colors));
    const picture = draw(sphereMesh(1, 32), CAMERA, size, backend);
    const known = [0, 1, 2, 3, 4].map(colorsOf);
    for (const color of pixelsOf(picture)) expect(known.some((set) => set.has(color))).toBe(true);
    const inside = new Set([...pixelsOf(picture)].filter((color) => known[4].has(color)));
    expect(inside.size).toBeGreaterThan(60);
    expect(inside.size).toBeLessThanOrEqual(220);
  });

  it("draws only background where there is no triangle, or none in sight", () => {
    const background = [...colorsOf(0)];
    const behind: Camera = { ...CAMERA, direction: [0, 0, 1] };
    for (const [mesh, camera] of [
      [meshOf([], [], []), CAMERA],
      [sphereMesh(1, 8), behind],
      [sphereMesh(1, 8, [50, 0, 0]), CAMERA],
    ] as const) {
      const picture = draw(mesh, camera, size, backend);
      expect(picture.shadedPixelCount).toBe(0);
      expect(new Set(pixelsOf(picture))).toEqual(new Set(background));
    }
  });

  it("leaves out triangles with a corner that is no number, and shades without a normal", () => {
    const mesh = joinMeshes(discMesh(1, 12), discMesh(1, 12, [0, 0, 1]));
    mesh.positions.fill(Number.NaN, 0, 3);
    mesh.normals.fill(0, 39, 60);
    mesh.normals.fill(Number.NaN, 60);
    const without = discMesh(1, 12, [0, 0, 1]);
    expect(draw(mesh, CAMERA, size, backend).shadedPixelCount).toBe(
      draw(without, CAMERA, size, backend).shadedPixelCount,
    );
  });

  it.each([
    [
      "positions too short",
      { positions: new Float32Array(5) },
      "positions must hold 9 numbers for the counts of the mesh, got 5",
    ],
    ["normals too short", { normals: new Float32Array(8) }, "normals must hold 9"],
    ["indices too short", { triangleCount: 2 }, "indices must hold 6"],
    ["a count that is no number", { vertexCount: Number.NaN }, "positions"],
    ["a vertex that is not there", { indices: Uint32Array.of(0, 1, 3) }, "names vertex 3 and the mesh has 3"],
    ["a vertex far out", { indices: Uint32Array.of(0, 4294967295, 1) }, "names vertex 4294967295"],
  ])("refuses %s", (_, change, message) => {
    const mesh = { ...meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1, 0, 0, 1], [0, 1, 2]), ...change };
    expect(() => draw(mesh, CAMERA, size, backend)).toThrow(EngineError);
    expect(() => draw(mesh, CAMERA, size, backend)).toThrow(message);
  });

  it.each([
    [0, 10],
    [10, 4097],
    [1.5, 10],
    [Number.NaN, 10],
  ])("refuses a picture of %d × %d", (width, height) => {
    expect(() => draw(sphereMesh(1, 4), CAMERA, { width, height }, backend)).toThrow("whole number from 1 to 4096");
  });
});

/** How many of these colours belong to edges only. */
function countEdgeColors(colors: Set<number>): number {
  const [none, ...some] = [0, 1, 2, 3, 4].map(colorsOf);
  const full = some[3];
  return [...colors].filter((color) => !full.has(color) && !none.has(color)).length;
}

describe("the kernel and its twin", () => {
  const sizes = [
    { width: 64, height: 48 },
    { width: 1, height: 1 },
    { width: 7, height: 97 },
    { width: 300, height: 5 },
  ];

  /** Numbers from 0 to 1, the same ones every time. */
  function generator(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
  }

  function soup(seed: number, count: number, spread: number, length: number): Mesh {
    const random = generator(seed);
    const around = (scale: number) => (random() * 2 - 1) * scale;
    const positions: number[] = [];
    const normals: number[] = [];
    for (let t = 0; t < count; t++) {
      const middle = [around(spread), around(spread), around(spread)];
      const thin = random() < 0.3 ? 0.01 : 1;
      const along = [around(length), around(length), around(length)];
      for (let corner = 0; corner < 3; corner++) {
        positions.push(...middle.map((m, i) => m + along[i] * (corner - 1) + around(length * thin)));
        normals.push(around(1), around(1), around(1));
      }
    }
    return meshOf(
      positions,
      normals,
      Array.from({ length: 3 * count }, (_, i) => i),
    );
  }

  it.each([
    ["small ones", soup(1, 400, 1.5, 0.1)],
    ["of all sizes, many of them clipped", soup(2, 120, 5, 2)],
    ["dust", soup(3, 3000, 1.2, 0.01)],
    ["huge ones", soup(4, 20, 30, 1000)],
    ["around the near plane", soup(5, 100, 4.02, 0.05)],
    ["coordinates without measure", soup(6, 50, 1e30, 1e30)],
  ])("draw the same picture of a soup of triangles: %s", (_, mesh) => {
    for (const size of sizes) {
      const one = draw(mesh, CAMERA, size, "wasm");
      const other = draw(mesh, CAMERA, size, "reference");
      expect(one.shadedPixelCount).toBe(other.shadedPixelCount);
      expect(one.rgba).toEqual(other.rgba);
    }
  });

  it("draw the same picture from within a soup, with a wide and with a narrow view", () => {
    for (const verticalFieldOfView of [0.001, 1, 120, 179]) {
      const camera = { ...CAMERA, position: [0.1, 0.2, 0.3] as const, verticalFieldOfView };
      const mesh = soup(8, 150, 1, 0.6);
      expect(draw(mesh, camera, sizes[0], "wasm").rgba).toEqual(draw(mesh, camera, sizes[0], "reference").rgba);
    }
  });

  it("draw the same picture where corners are no numbers", () => {
    const mesh = soup(9, 60, 1, 0.5);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -3e38, 1e-40, -0];
    odd.forEach((value, i) => {
      mesh.positions[31 * i + 5] = value;
      mesh.normals[37 * i + 9] = value;
    });
    expect(draw(mesh, CAMERA, sizes[0], "wasm").rgba).toEqual(draw(mesh, CAMERA, sizes[0], "reference").rgba);
  });

  it("draw the same picture of smooth meshes, small triangles and ones above the limit of 64 pixels", () => {
    const scene = joinMeshes(boxMesh([0.9, 0.3, 0.9], [0, -0.7, 0]), torusMesh(0.5, 0.2, 20), sphereMesh(0.4, 40));
    const camera: Camera = {
      position: [0.03, 0.03, 3.7],
      direction: [0, -0.2, -1],
      up: [0, 1, 0],
      verticalFieldOfView: 45,
    };
    const size = { width: 400, height: 300 };
    expect(draw(scene, camera, size, "wasm").rgba).toEqual(draw(scene, camera, size, "reference").rgba);
  });

  it("draw the same picture of closed meshes that wind either way, one behind the other, from outside and from within", () => {
    const outward = joinMeshes(
      torusMesh(0.6, 0.25, 24),
      sphereMesh(0.5, 60, [0.2, 0.1, -1]),
      boxMesh([3, 2, 0.1], [0, 0, -2]),
    );
    const inward = { ...outward, indices: outward.indices.slice() };
    for (let i = 0; i < inward.indices.length; i += 3) inward.indices.subarray(i, i + 2).reverse();
    const within: Camera = { ...CAMERA, position: [0.2, 0.1, -1], direction: [0.3, 0.2, 1], verticalFieldOfView: 100 };
    for (const mesh of [outward, inward]) {
      for (const camera of [CAMERA, within]) {
        const size = { width: 130, height: 97 };
        expect(draw(mesh, camera, size, "wasm").rgba).toEqual(draw(mesh, camera, size, "reference").rgba);
      }
    }
  });

  it("draw the same picture wherever in it a small mesh lies, at its borders and at those of tiles", () => {
    const size = { width: 67, height: 43 };
    const mesh = sphereMesh(0.12, 10);
    for (let y = -21; y <= 21; y += 3) {
      for (let x = -34; x <= 34; x += 4) {
        const camera: Camera = { ...CAMERA, position: [x / 13, y / 13, 4] };
        const one = draw(mesh, camera, size, "wasm");
        const other = draw(mesh, camera, size, "reference");
        expect(one.shadedPixelCount).toBe(other.shadedPixelCount);
        expect(Buffer.compare(one.rgba, other.rgba)).toBe(0);
      }
    }
  });

  it("draw the same picture where more triangles show than are kept for shading", () => {
    const mesh = sphereMesh(1, 150);
    const size = { width: 200, height: 150 };
    expect(draw(mesh, CAMERA, size, "wasm").rgba).toEqual(draw(mesh, CAMERA, size, "reference").rgba);
  });

  it("draw the same picture of a picture as wide and one as high as they may be", () => {
    for (const size of [
      { width: 4096, height: 20 },
      { width: 20, height: 4096 },
    ]) {
      const mesh = joinMeshes(boxMesh([0.5, 0.5, 0.5]), torusMesh(1, 0.3, 10));
      expect(draw(mesh, CAMERA, size, "wasm").rgba).toEqual(draw(mesh, CAMERA, size, "reference").rgba);
    }
  });
});

describe("drawMeshInto", () => {
  const mesh = torusMesh(0.6, 0.25, 24);

  it("draws the same pixels again and again, and forgets the picture before", () => {
    const workspace = createPictureWorkspace(kernels, { width: 96, height: 64 });
    const first = drawMeshInto(workspace, mesh, CAMERA, LOOK).rgba.slice();
    drawMeshInto(workspace, boxMesh([2, 2, 0.5]), CAMERA, LOOK);
    expect(drawMeshInto(workspace, mesh, CAMERA, LOOK).rgba).toEqual(first);
  });

  it("reads a mesh in the arena in place, also when its memory grows meanwhile", () => {
    const own = new Kernels();
    const { arena } = own;
    const workspace = createPictureWorkspace(own, { width: 96, height: 64 });
    const grown = sphereMesh(1, 90);
    const [positions, normals, indices] = [
      arena.allocate(grown.positions.byteLength),
      arena.allocate(grown.normals.byteLength),
      arena.allocate(grown.indices.byteLength),
    ];
    arena.f32(positions, grown.positions.length).set(grown.positions);
    arena.f32(normals, grown.normals.length).set(grown.normals);
    arena.u32(indices, grown.indices.length).set(grown.indices);
    const inside: Mesh = {
      ...grown,
      positions: arena.f32(positions, grown.positions.length),
      normals: arena.f32(normals, grown.normals.length),
      indices: arena.u32(indices, grown.indices.length),
    };
    const before = arena.memory.buffer.byteLength;
    const picture = drawMeshInto(workspace, inside, CAMERA, LOOK);
    expect(arena.memory.buffer.byteLength).toBeGreaterThan(before);
    expect(picture.rgba).toEqual(draw(grown, CAMERA, { width: 96, height: 64 }).rgba);
  });

  it("gives its scratch back to the arena, also when it fails", () => {
    const workspace = createPictureWorkspace(kernels, { width: 96, height: 64 });
    const mark = kernels.arena.mark();
    drawMeshInto(workspace, mesh, CAMERA, LOOK);
    expect(kernels.arena.mark()).toBe(mark);
    expect(() => drawMeshInto(workspace, { ...mesh, vertexCount: 10 }, CAMERA, LOOK)).toThrow("the mesh has 10");
    expect(kernels.arena.mark()).toBe(mark);
  });

  it("keeps the picture readable after the memory has grown", () => {
    const own = new Kernels();
    const workspace = createPictureWorkspace(own, { width: 32, height: 32 });
    const picture = drawMeshInto(workspace, mesh, CAMERA, LOOK);
    const before = picture.rgba.slice();
    own.arena.allocate(64 << 20);
    expect(picture.rgba).toEqual(before);
  });
});
