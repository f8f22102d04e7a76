/** Dense grids: the same surface as marching cubes of the box, whatever its kind, its sides and its spacing. */
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import { checkMesh } from "../surface/check.ts";
import { extractSurfaceReference } from "../surface/reference.ts";
import {
  createVolumeWorkspace,
  extractVolume,
  extractVolumeInto,
  extractVolumeSlab,
  joinSlabs,
  volumeLayerCount,
  writeSlab,
} from "./extract.ts";
import { bruteTriangles, randomNumbers, type SampleKind, volumeOf } from "./fixtures/volumes.ts";
import { volumeGrid } from "./grid.ts";
import { volumeBricksReference } from "./reference.ts";
import { checkVolume, type Triple, type Volume, type VolumeOptions } from "./volume.ts";

const kernels = new Kernels();
const KINDS: readonly SampleKind[] = ["f32", "u8", "u16"];

function noise(kind: SampleKind, dimensions: Triple, seed: number, spacing?: Triple): Volume {
  const random = randomNumbers(seed);
  const scale = kind === "f32" ? 2 : kind === "u8" ? 255 : 65535;
  const shift = kind === "f32" ? -1 : 0;
  return volumeOf(kind, dimensions, () => random() * scale + shift, spacing);
}

function ball(kind: SampleKind, n: number): Volume {
  const scale = kind === "f32" ? 1 : kind === "u8" ? 100 : 25000;
  const middle = (n - 1) / 2;
  return volumeOf(kind, [n, n, n], (x, y, z) => {
    const r = Math.sqrt((x - middle) ** 2 + (y - middle - 0.3) ** 2 + (z - middle) ** 2) / middle;
    return scale * (kind === "f32" ? 0.8 - r : 2 - r);
  });
}

const levelOf = (kind: SampleKind) => (kind === "f32" ? 0.1 : kind === "u8" ? 128 : 30000.5);

function trianglesOf(volume: Volume, options: VolumeOptions): string[] {
  const { positions, indices } = extractVolume(volume, { ...options, kernels });
  const point = (i: number) => positions.subarray(3 * i, 3 * i + 3).join(" ");
  const found: string[] = [];
  for (let i = 0; i < indices.length; i += 3) found.push([...indices.subarray(i, i + 3)].map(point).join(", "));
  return found.sort();
}

/** Equal to the last bit; quicker to find out than by `toEqual`. */
function expectSame(found: Float32Array | Uint32Array, expected: Float32Array | Uint32Array): void {
  const bits = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const [a, b] = [bits(found), bits(expected)];
  expect(a.length).toBe(b.length);
  expect(a.findIndex((byte, i) => byte !== b[i])).toBe(-1);
}

describe("extractVolume", () => {
  it("gives the mesh of the reference, bit for bit and in its order, for every cube from 4 to 20 of every kind", () => {
    for (let n = 4; n <= 20; n++) {
      for (const kind of KINDS) {
        const inside = n % 2 === 0 ? "above" : "below";
        for (const smooth of [false, true]) {
          const volume = smooth ? ball(kind, n) : noise(kind, [n, n, n], n * 31);
          const options = { level: levelOf(kind), inside } as const;
          const grid = volumeGrid(volume.dimensions, false);
          const bricks = volumeBricksReference(volume.samples, grid, checkVolume(volume, options));
          const expected = extractSurfaceReference(bricks);
          const mesh = extractVolume(volume, { ...options, kernels });
          expectSame(mesh.positions, expected.positions);
          expectSame(mesh.indices, expected.indices);
          expect(mesh.activeCellCount).toBe(expected.activeCellCount);
        }
      }
    }
  });

  it("gives the triangles of the box and no others, for random sides from 2 to 20", () => {
    const random = randomNumbers(7);
    const side = () => 2 + Math.floor(random() * 19);
    for (let round = 0; round < 60; round++) {
      const kind = KINDS[round % 3];
      const border = round % 2 === 0 ? "open" : "closed";
      const inside = round % 4 < 2 ? "above" : "below";
      const volume = noise(kind, [side(), side(), side()], round);
      const options = { level: levelOf(kind), inside, border } as const;
      expect(trianglesOf(volume, options)).toEqual(bruteTriangles(volume, options));
    }
  });

  it("counts the active cells of the box alone", () => {
    const volume = noise("u8", [5, 9, 13], 3);
    const inside = (x: number, y: number, z: number) => volume.samples[x + 5 * (y + 9 * z)] > 128;
    let cells = 0;
    for (let z = 0; z < 12; z++) {
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 4; x++) {
          const corners = Array.from({ length: 8 }, (_, c) => inside(x + (c & 1), y + ((c >> 1) & 1), z + (c >> 2)));
          if (corners.some((c) => c !== corners[0])) cells++;
        }
      }
    }
    expect(extractVolume(volume, { level: 128, kernels }).activeCellCount).toBe(cells);
  });

  it("keeps the proportions of unequal spacing, open and closed", () => {
    for (const spacing of [
      [1, 1, 2.5],
      [0.7, 2, 1],
      [3, 1, 1],
    ] as const) {
      for (const border of ["open", "closed"] as const) {
        const volume = noise("f32", [7, 12, 9], 11, spacing);
        const options = { level: 0, border } as const;
        expect(trianglesOf(volume, options)).toEqual(bruteTriangles(volume, options));
      }
    }
  });

  it("treats a value equal to the level as outside on both sides, for every level around the ends of a kind", () => {
    for (const level of [-1, -0.5, 0, 0.5, 1, 254, 254.5, 255, 256]) {
      for (const inside of ["above", "below"] as const) {
        const random = randomNumbers(5);
        const values = [0, 1, 254, 255];
        const volume = volumeOf("u8", [6, 7, 8], () => values[Math.floor(random() * 4)]);
        for (const border of ["open", "closed"] as const) {
          const options = { level, inside, border };
          expect(trianglesOf(volume, options)).toEqual(bruteTriangles(volume, options));
        }
      }
    }
    const flat = volumeOf("f32", [5, 5, 5], () => 1);
    expect(extractVolume(flat, { level: 1, border: "closed", kernels }).triangleCount).toBe(0);
    expect(extractVolume(flat, { level: 0.5, border: "closed", kernels }).triangleCount).toBeGreaterThan(0);
  });

  it("measures an ellipsoid of cells with unequal spacing as the ball that it is", () => {
    const spacing: Triple = [0.5, 1, 2];
    const dimensions: Triple = [120, 60, 30];
    const centre = dimensions.map((n, k) => ((n - 1) / 2) * spacing[k]);
    const volume = volumeOf(
      "f32",
      dimensions,
      (x, y, z) => 24 - Math.sqrt((x * 0.5 - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z * 2 - centre[2]) ** 2),
      spacing,
    );
    const mesh = extractVolume(volume, { level: 0, normals: true, kernels });
    const report = checkMesh(mesh);
    const radius = 24 / 30;
    expect(report.closed).toBe(true);
    expect(report.volume).toBeLessThan((4 / 3) * Math.PI * radius ** 3);
    expect(report.volume).toBeGreaterThan((4 / 3) * Math.PI * radius ** 3 * 0.99);
    expect(report.area).toBeLessThan(4 * Math.PI * radius ** 2);
    expect(report.area).toBeGreaterThan(4 * Math.PI * radius ** 2 * 0.99);
    for (let i = 0; i < mesh.positions.length; i++) {
      expect(Math.abs(mesh.normals[i] - mesh.positions[i] / radius)).toBeLessThan(0.03);
    }
  });

  it("closes what runs out of the box by flat faces half a step beyond it, with normals that face outwards there", () => {
    const volume = volumeOf("u8", [10, 8, 6], () => 200);
    const mesh = extractVolume(volume, { level: 100, border: "closed", normals: true, kernels });
    const report = checkMesh(mesh);
    expect(report).toMatchObject({ closed: true, oriented: true, componentCount: 1 });
    // The cube has 12 samples along an axis; edges and corners of the box are bevelled by half a step.
    expect(report.volume).toBeGreaterThan((10 * 8 * 6 * 0.95 * 8) / 12 ** 3);
    expect(report.volume).toBeLessThan((10 * 8 * 6 * 8) / 12 ** 3);
    const right = mesh.positions.reduce(
      (best, p, i) => (i % 3 === 0 && p > (mesh.positions[best] ?? -2) ? i : best),
      0,
    );
    expect(mesh.normals[right]).toBeGreaterThan(0.5);
  });

  it("refuses samples that are not finite, and says which", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const index of [0, 17, 8 * 9 * 33 - 1, 1200]) {
        const volume = noise("f32", [33, 9, 8], 1);
        volume.samples[index] = value;
        volume.samples[volume.samples.length - 1] = value;
        const count = index === volume.samples.length - 1 ? 1 : 2;
        const run = () => extractVolume(volume, { level: 0, kernels });
        expect(run).toThrow(EngineError);
        expect(run).toThrow(new RegExp(`${count} of 2376 samples .* the first is sample ${index},`));
      }
    }
  });
});

it("takes any finite sample, the largest ones too", () => {
  const random = randomNumbers(4);
  const most = 2 ** 127 * (2 - 2 ** -23);
  const volume = volumeOf("f32", [33, 9, 8], () => (random() < 0.5 ? most : -most));
  const mesh = extractVolume(volume, { level: 2 ** 99, normals: true, kernels });
  expect(mesh.triangleCount).toBeGreaterThan(0);
  expect(mesh.positions.every((p) => Number.isFinite(p))).toBe(true);
  expect(mesh.normals.every((p) => Number.isFinite(p))).toBe(true);
});

describe("slabs", () => {
  it("join to the mesh of the whole, bit for bit, wherever they are cut", () => {
    const cases: [Volume, VolumeOptions][] = [
      [noise("f32", [23, 23, 23], 1), { level: 0 }],
      [noise("u8", [16, 30, 37], 2), { level: 100, border: "closed" }],
      [noise("u16", [40, 9, 50], 3, [1, 2, 1]), { level: 3e4, inside: "below" }],
      [volumeOf("f32", [30, 30, 30], (x, y, z) => 20 - Math.sqrt(x * x + y * y + z * z)), { level: 0 }],
      [volumeOf("f32", [30, 20, 50], (x, y, z) => Math.min(x + 0.5, y, z - 3)), { level: 2.25 }],
    ];
    for (const [volume, options] of cases) {
      const whole = extractVolume(volume, { ...options, normals: true, kernels });
      const layers = volumeLayerCount(volume, options);
      for (let cut = 1; cut < layers; cut++) {
        const cuts = cut + 1 < layers ? [0, cut, cut + 1, layers] : [0, cut, layers];
        const mark = kernels.arena.mark();
        const workspace = createVolumeWorkspace(kernels);
        const parts = cuts
          .slice(1)
          .map((end, i) => extractVolumeSlab(workspace, volume, cuts[i], end, { ...options, normals: true }));
        const joined = joinSlabs(parts);
        kernels.arena.release(mark);
        expectSame(joined.positions, whole.positions);
        expectSame(joined.normals, whole.normals);
        expectSame(joined.indices, whole.indices);
        expect(joined.activeCellCount).toBe(whole.activeCellCount);
      }
    }
  });

  it("may be written by separate kernels into shared arrays", () => {
    const volume = noise("u8", [20, 22, 40], 9);
    const options = { level: 120 };
    const whole = extractVolume(volume, { ...options, kernels });
    const layers = volumeLayerCount(volume, options);
    const lanes = [0, 1].map(() => createVolumeWorkspace(new Kernels()));
    const parts = lanes.map((lane, i) =>
      extractVolumeSlab(lane, volume, i === 0 ? 0 : 3, i === 0 ? 3 : layers, options),
    );
    const positions = new Float32Array(whole.positions.length);
    const indices = new Uint32Array(whole.indices.length);
    const target = { positions, indices, normals: new Float32Array(0) };
    writeSlab(parts[1], parts[0].vertexCount, parts[0].triangleCount, target);
    writeSlab(parts[0], 0, 0, target);
    expectSame(positions, whole.positions);
    expectSame(indices, whole.indices);
  });

  it("refuses layers that are not there, with both numbers", () => {
    const volume = noise("u8", [8, 8, 8], 9);
    const workspace = createVolumeWorkspace(kernels);
    for (const [from, to] of [
      [0, 3],
      [1, 1],
      [-1, 1],
      [0.5, 1],
    ]) {
      expect(() => extractVolumeSlab(workspace, volume, from, to, { level: 120 })).toThrow(/layers 0 to 2, asked for/);
    }
  });
});

describe("where the samples are", () => {
  it("makes no difference: copied by layers, held whole, or in the kernels' own memory", () => {
    const volume = noise("u16", [21, 17, 30], 4);
    const options = { level: 30000, normals: true } as const;
    const expected = extractVolume(volume, options);
    const own = new Kernels();
    const pointer = own.arena.allocate(volume.samples.byteLength);
    const samples = new Uint16Array(own.arena.memory.buffer, pointer, volume.samples.length);
    samples.set(volume.samples);
    // The view goes stale as soon as memory grows, which extraction provokes.
    const mesh = extractVolumeInto(createVolumeWorkspace(own), { ...volume, samples }, options);
    expectSame(mesh.positions, expected.positions);
    expectSame(mesh.indices, expected.indices);
    expectSame(mesh.normals, expected.normals);
  });
});
