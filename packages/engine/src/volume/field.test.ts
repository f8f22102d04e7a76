/** A volume as a field: its own samples unchanged, others between them, normals, what lasts in memory. */
import { describe, expect, it } from "vitest";
import { BRICK_CELLS, type Bricks } from "../field/field.ts";
import { Kernels } from "../kernels/kernels.ts";
import { checkMesh } from "../surface/check.ts";
import { extractSurface } from "../surface/extract.ts";
import { createVolumeField, fieldFromVolume } from "./field.ts";
import { randomNumbers, type SampleKind, volumeOf } from "./fixtures/volumes.ts";
import { isIsotropic, triple, volumeGrid, volumePlacement } from "./grid.ts";
import { normalsReference, reserveNormals, volumeNormalsInto } from "./normals.ts";
import { volumeBricksReference } from "./reference.ts";
import { ActiveBricks, axisTable, resampleBricks, sampleReference } from "./resample.ts";
import { scanBricks } from "./scan.ts";
import { VolumeSource } from "./source.ts";
import { checkVolume, type Triple, type Volume, type VolumeOptions } from "./volume.ts";

const kernels = new Kernels();

function noise(kind: SampleKind, dimensions: Triple, seed: number, spacing?: Triple): Volume {
  const random = randomNumbers(seed);
  const scale = kind === "f32" ? 2 : kind === "u8" ? 255 : 65535;
  return volumeOf(kind, dimensions, () => random() * scale, spacing);
}

function expectSameBricks(found: Bricks, expected: Bricks): void {
  expect(found.dimension).toBe(expected.dimension);
  expect(found.count).toBe(expected.count);
  expect(
    Buffer.compare(Buffer.from(found.coordinates.slice().buffer), Buffer.from(expected.coordinates.slice().buffer)),
  ).toBe(0);
  expect(Buffer.compare(Buffer.from(found.samples.slice().buffer), Buffer.from(expected.samples.slice().buffer))).toBe(
    0,
  );
}

describe("fieldFromVolume", () => {
  it("gives the samples of a million-sample grid unchanged at its own dimension, bit for bit as the twin does", () => {
    const random = randomNumbers(3);
    const cases: [Volume, VolumeOptions][] = [
      [volumeOf("f32", [100, 100, 100], (x, y, z) => x + y + z - 150 + random()), { level: 0.25, inside: "below" }],
      [volumeOf("u8", [120, 90, 100], (x, y, z) => (x * y + z) % 251), { level: 240, border: "closed" }],
      [volumeOf("u16", [96, 97, 110], (x, y, z) => (x * x + 30 * y * z) % 65521), { level: 60000 }],
    ];
    for (const [volume, options] of cases) {
      const field = fieldFromVolume(kernels, volume, options);
      const grid = volumeGrid(volume.dimensions, options.border === "closed");
      expect(field.ownDimension).toBe(grid.dimension);
      const twin = volumeBricksReference(volume.samples, grid, checkVolume(volume, options));
      expectSameBricks(field.sample(grid.dimension), twin);
      expect(twin.count).toBeGreaterThan(100);
    }
  });

  it("gives trilinear values at other dimensions, bit for bit as the twin does, and misses no sign change", () => {
    const cases: [Volume, VolumeOptions][] = [
      [noise("f32", [11, 11, 11], 1), { level: 1 }],
      [noise("u8", [9, 14, 6], 2), { level: 100, border: "closed", inside: "below" }],
      [noise("u16", [12, 7, 20], 3, [2, 1, 0.8]), { level: 3e4 }],
      [noise("u16", [12, 7, 20], 3, [2, 1, 0.8]), { level: 3e4, border: "closed" }],
    ];
    for (const [volume, options] of cases) {
      const resolved = checkVolume(volume, options);
      const closed = options.border === "closed";
      const isotropic = isIsotropic(volume);
      const grid = volumeGrid(volume.dimensions, closed || !isotropic);
      const placement = volumePlacement(volume, grid, closed);
      const longest = Math.max(...triple((k) => volume.dimensions[k] * placement.step[k]));
      const open = (k: number) => !closed && volume.dimensions[k] * placement.step[k] === longest;
      const lowest = isotropic ? grid.lowest : triple((k) => (open(k) ? 0 : -1));
      const highest = isotropic ? grid.highest : triple((k) => volume.dimensions[k] - (open(k) ? 1 : 0));
      for (const dimension of [4, 9, 23, 40]) {
        if (isotropic && dimension === grid.dimension) continue;
        const tables = [0, 1, 2].map((k) =>
          axisTable(dimension, placement.step[k], placement.origin[k], lowest[k], highest[k]),
        );
        const bricks = fieldFromVolume(kernels, volume, options).sample(dimension);
        const source = { samples: volume.samples, grid, options: resolved };
        const found = new Set<string>();
        for (let b = 0; b < bricks.count; b++) {
          const corner = bricks.coordinates.subarray(3 * b, 3 * b + 3);
          found.add(corner.join());
          for (let i = 0; i < 512; i += 7) {
            const at: Triple = [corner[0] * 7 + (i & 7), corner[1] * 7 + ((i >> 3) & 7), corner[2] * 7 + (i >> 6)];
            if (Math.max(...at) >= dimension) continue;
            const expected = sampleReference(source, tables, at);
            if (!Object.is(bricks.samples[b * 512 + i], expected)) expect(bricks.samples[b * 512 + i]).toBe(expected);
          }
        }
        // Every brick with a sign change is there.
        const n = Math.ceil(dimension / BRICK_CELLS);
        const signs = Array.from(
          { length: dimension ** 3 },
          (_, i) =>
            sampleReference(source, tables, [
              i % dimension,
              Math.floor(i / dimension) % dimension,
              Math.floor(i / dimension ** 2),
            ]) < 0,
        );
        for (let b = 0; b < n ** 3; b++) {
          const [bx, by, bz] = [b % n, Math.floor(b / n) % n, Math.floor(b / n ** 2)];
          const seen = new Set<boolean>();
          for (let z = bz * 7; z < Math.min(bz * 7 + 8, dimension); z++) {
            for (let y = by * 7; y < Math.min(by * 7 + 8, dimension); y++) {
              for (let x = bx * 7; x < Math.min(bx * 7 + 8, dimension); x++)
                seen.add(signs[x + dimension * (y + dimension * z)]);
            }
          }
          expect(found.has([bx, by, bz].join())).toBe(seen.size === 2);
        }
        expect(extractSurface(bricks, { kernels }).triangleCount > 0).toBe(bricks.count > 0);
      }
    }
  });

  it("keeps a sample that rounds to 0 on its side, so that no brick misses its neighbour", () => {
    const tiny = 2 ** -149;
    const random = randomNumbers(5);
    const volume = volumeOf("f32", [12, 12, 12], () => (random() < 0.5 ? tiny : -tiny));
    for (const dimension of [9, 20, 31]) {
      const bricks = fieldFromVolume(kernels, volume, { level: 0 }).sample(dimension);
      expect(extractSurface(bricks, { kernels }).vertexCount).toBeGreaterThan(0);
    }
  });

  it("draws a closed box whatever the dimension, at the place where the samples lie", () => {
    const volume = volumeOf("u8", [20, 10, 5], () => 200, [1, 1, 3]);
    const field = fieldFromVolume(kernels, volume, { level: 100, border: "closed" });
    for (const dimension of [24, 61]) {
      const report = checkMesh(extractSurface(field.sample(dimension), { kernels }));
      expect(report).toMatchObject({ closed: true, oriented: true, componentCount: 1 });
      const unit = 2 / 22;
      expect(report.volume / (20 * unit * 10 * unit * 15 * unit)).toBeGreaterThan(0.85);
      expect(report.volume / (20 * unit * 10 * unit * 15 * unit)).toBeLessThan(1.02);
    }
  });

  it("gives kept bricks again, and other ones for another dimension", () => {
    const volume = noise("u8", [15, 15, 15], 8);
    const own = new Kernels();
    const field = createVolumeField(own, volume, { level: 128 });
    const mark = own.arena.mark();
    const first = field.at(0).sample(15);
    const copy = {
      ...first,
      samples: first.samples.slice(),
      coordinates: first.coordinates.slice(),
      dimension: 15,
      count: first.count,
    };
    own.arena.release(mark);
    const top = own.arena.mark();
    expectSameBricks(field.at(3).sample(15), copy);
    expect(own.arena.mark()).toBe(top);
    expect(field.at(3).sample(16).dimension).toBe(16);
    expectSameBricks(field.at(9).sample(15), copy);
  });

  it("refuses, when sampled, what is not finite", () => {
    const volume = noise("f32", [8, 8, 8], 1);
    volume.samples[100] = Number.NaN;
    expect(() => fieldFromVolume(kernels, volume, { level: 1 }).sample(8)).toThrow(
      /1 of 512 samples .* sample 100, NaN/,
    );
    expect(() => fieldFromVolume(kernels, volume, { level: 1 }).sample(9)).toThrow(/sample 100/);
    expect(() => fieldFromVolume(kernels, noise("u8", [8, 8, 8], 1), { level: 1 }).sample(3)).toThrow(/from 4 to 2048/);
  });
});

describe("a volume that is not held in memory", () => {
  it("gives the same bricks and normals, by layers", () => {
    for (const kind of ["f32", "u8", "u16"] as const) {
      const volume = noise(kind, [19, 24, 33], 6, [1, 1.5, 1]);
      const options = checkVolume(volume, { level: kind === "u16" ? 3e4 : 1 });
      const grid = volumeGrid(volume.dimensions, true);
      const placement = volumePlacement(volume, grid, false);
      const frame = { placement, lowest: [-1, -1, -1], highest: volume.dimensions } as const;
      const held = new VolumeSource(kernels, volume, grid, options, [0, 33]);
      const streamed = new VolumeSource(kernels, volume, grid, options);
      expect([held.isHeld, streamed.isHeld]).toEqual([true, false]);
      const scanned = [held, streamed].map((source) => scanBricks(source, 0, grid.highBrick[2] + 1).bricks);
      expectSameBricks(scanned[1], scanned[0]);
      const active = new ActiveBricks(grid.dimension, scanned[0].coordinates);
      for (const dimension of [10, 50]) {
        const [a, b] = [held, streamed].map((source) => resampleBricks(source, active, frame, dimension));
        expectSameBricks(b, a);
      }
      // After other layers were there.
      expectSameBricks(scanBricks(streamed, 0, grid.highBrick[2] + 1).bricks, scanned[0]);
      const positions = Float32Array.from({ length: 300 }, (_, i) => Math.fround(((i * 37) % 200) / 100 - 1));
      const normals = [held, streamed].map((source) => {
        const target = new Float32Array(300);
        volumeNormalsInto(source, frame, reserveNormals(source), positions, target);
        return target;
      });
      expect(normals[1]).toEqual(normals[0]);
    }
  });
});

describe("normals of a volume", () => {
  const options: VolumeOptions = { level: 1, border: "closed" };

  it("have the bits of the twin at vertices, between samples, at the ends and beyond them", () => {
    const random = randomNumbers(17);
    for (const kind of ["f32", "u8", "u16"] as const) {
      for (const spacing of [
        [1, 1, 1],
        [1, 2, 0.5],
      ] as const) {
        for (const border of ["open", "closed"] as const) {
          const volume = noise(kind, [9, 5, 12], 2, spacing);
          const resolved = checkVolume(volume, { ...options, border });
          const grid = volumeGrid(volume.dimensions, border === "closed");
          const source = new VolumeSource(kernels, volume, grid, resolved, [0, 12]);
          expect(source.isHeld).toBe(true);
          const placement = volumePlacement(volume, grid, border === "closed");
          const frame = { placement, lowest: grid.lowest, highest: grid.highest };
          const positions = Float32Array.from({ length: 900 }, (_, i) => {
            const k = i % 3;
            const index = random() * (volume.dimensions[k] + 3) - 2;
            return (random() < 0.6 ? Math.round(index) : index) * placement.step[k] + placement.origin[k];
          });
          const found = new Float32Array(900);
          const expected = new Float32Array(900);
          volumeNormalsInto(source, frame, reserveNormals(source), positions, found);
          normalsReference(source, frame, positions, expected);
          expect(found).toEqual(expected);
        }
      }
    }
  });

  it("are those of a plane, and (0, 1, 0) where nothing changes", () => {
    const volume = volumeOf("f32", [20, 20, 20], (x, y, z) => 2 * x - y + 2 * z);
    const field = fieldFromVolume(kernels, volume, { level: 30, inside: "below" });
    const positions = Float32Array.of(0.1, 0.2, -0.3, 0, 0, 0, 0.7, -0.77, 0.5);
    const normals = new Float32Array(9);
    field.normalsInto(positions, normals);
    for (let i = 0; i < 9; i++) expect(normals[i]).toBeCloseTo([2 / 3, -1 / 3, 2 / 3][i % 3], 5);
    fieldFromVolume(
      kernels,
      volumeOf("u8", [9, 9, 9], () => 3),
      { level: 5 },
    ).normalsInto(positions, normals);
    expect([...normals]).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 0]);
  });
});
