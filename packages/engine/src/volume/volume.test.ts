/** What a volume must be like, what becomes of samples that are no numbers, and what its identity depends on. */
import { expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { volumeOf } from "./fixtures/volumes.ts";
import { volumeHash } from "./hash.ts";
import { checkVolume, replaceNonFinite, type Triple, type Volume } from "./volume.ts";

const cube = volumeOf("u8", [4, 4, 4], (x) => x);

it("names both numbers where sides, spacing, length or level are wrong", () => {
  const check =
    (change: Partial<Volume>, level = 1) =>
    () =>
      checkVolume({ ...cube, ...change }, { level });
  expect(check({ dimensions: [4, 4, 5] })).toThrow(/4 × 4 × 5 samples are 80 values, got 64/);
  expect(check({ dimensions: [1, 8, 8] })).toThrow(/from 2 to 2048, got 1 × 8 × 8/);
  expect(check({ dimensions: [2049, 8, 8] })).toThrow(/from 2 to 2048/);
  expect(check({ dimensions: [4, 4, 4.5] })).toThrow(/whole numbers/);
  expect(() => checkVolume({ ...cube, dimensions: [2047, 4, 4] }, { level: 1, border: "closed" })).toThrow(/2 to 2046/);
  for (const spacing of [
    [0, 1, 1],
    [1, -1, 1],
    [1, 1, Number.NaN],
    [1, 1, Number.POSITIVE_INFINITY],
    [1, 1, 20000],
  ]) {
    expect(check({ spacing: spacing as unknown as Triple })).toThrow(/spacing must be three numbers above 0/);
  }
  expect(check({}, Number.NaN)).toThrow(/level must be a number/);
  expect(check({}, 2 ** 100)).toThrow(/level must be a number/);
  expect(checkVolume(cube, { level: 0.1 })).toEqual({ level: Math.fround(0.1), inside: "above", border: "open" });
});

it("replaces what is not finite by the value farthest outside, and says so", () => {
  const volume = volumeOf("f32", [3, 3, 3], (x, y, z) => x + y + z - 2);
  expect(replaceNonFinite(volume, { level: 0 })).toEqual({ volume, warnings: [] });
  volume.samples[4] = Number.NaN;
  volume.samples[9] = Number.NEGATIVE_INFINITY;
  const above = replaceNonFinite(volume, { level: 0 });
  expect(above.volume.samples[4]).toBe(-2);
  expect(above.volume.samples[9]).toBe(-2);
  expect(above.volume.samples[5]).toBe(volume.samples[5]);
  expect(above.warnings).toMatchObject([
    { code: "non-finite-samples", data: { count: 2, index: 4, of: 27, value: -2 } },
  ]);
  expect(replaceNonFinite(volume, { level: 0, inside: "below" }).volume.samples[9]).toBe(4);
  expect(replaceNonFinite(volume, { level: -7 }).volume.samples[9]).toBe(-8);
  expect(replaceNonFinite(cube, { level: 1 }).volume).toBe(cube);
});

it("has another identity when anything changes that decides the surface, and only then", () => {
  const kernels = new Kernels();
  const samples = new Uint8Array(3 * 2 ** 20).map((_, i) => i % 253);
  const volume: Volume = { samples, dimensions: [192, 128, 128], spacing: [1, 1, 2] };
  const hash = volumeHash(volume, { level: 9 }, kernels);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(volumeHash({ ...volume, samples: samples.slice(), spacing: [2, 2, 4] }, { level: 9 })).toBe(hash);
  const others = [
    volumeHash(volume, { level: 9.5 }, kernels),
    volumeHash(volume, { level: 9, inside: "below" }, kernels),
    volumeHash(volume, { level: 9, border: "closed" }, kernels),
    volumeHash({ ...volume, spacing: [1, 1, 1] }, { level: 9 }, kernels),
    volumeHash({ ...volume, dimensions: [128, 192, 128] }, { level: 9 }, kernels),
    volumeHash(
      { ...volume, samples: samples.map((v, i) => (i === samples.length - 1 ? v ^ 1 : v)) },
      { level: 9 },
      kernels,
    ),
    volumeHash({ ...volume, samples: new Uint16Array(samples) }, { level: 9 }, kernels),
  ];
  expect(new Set([hash, ...others]).size).toBe(8);
});
