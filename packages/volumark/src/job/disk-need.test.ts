import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnimationSettings, createAnimation, PRESETS, SETTINGS_DEFAULTS } from "@volumark/engine";
import { expect, test } from "vitest";
import { diskFindings, diskRefusal, estimateDiskNeed, freeBytes, leastDiskNeed, mostDiskNeed } from "./disk-need.ts";
import { sizeText } from "./size-text.ts";

const settings = (changes: Partial<AnimationSettings>): AnimationSettings => ({
  ...SETTINGS_DEFAULTS,
  scene: PRESETS[0]!,
  ...changes,
});

test.each(PRESETS.map(({ name }) => name))(
  "the GIF of %s lies between the bounds and near the estimate",
  async (name) => {
    const scene = PRESETS.find((one) => one.name === name)!;
    const small = settings({ scene, width: 200, height: 150, frames: 12, dimension: 24 });
    const { length } = await createAnimation(small).toGif();
    expect(length).toBeGreaterThan(leastDiskNeed(small).gifBytes);
    expect(length).toBeLessThan(mostDiskNeed(small).gifBytes);
    const { gifBytes } = estimateDiskNeed(small);
    expect(gifBytes / length).toBeGreaterThan(0.6);
    expect(gifBytes / length).toBeLessThan(1.7);
  },
);

test("the smallest GIF there is is larger than the least that is said", async () => {
  const dot = settings({ width: 1, height: 1, frames: 3, dimension: 4 });
  expect((await createAnimation(dot).toGif()).length).toBeGreaterThanOrEqual(leastDiskNeed(dot).gifBytes);
});

test("a run is refused only where its least does not fit, and with both figures", () => {
  const run = settings({ frames: 1000 });
  const { gifBytes, recordBytes } = leastDiskNeed(run);
  expect(diskRefusal(run, gifBytes + recordBytes, "out")).toBeNull();
  expect(diskRefusal(run, null, "out")).toBeNull();
  expect(diskRefusal(run, gifBytes + recordBytes - 1, "out")).toMatch(
    /^This run writes [\d.]+ kB at the very least \(1 000 frames .*\), and out has room for [\d.]+ kB; choose /,
  );
});

test("a small run on a large disk costs no estimate", () => {
  const never = () => {
    throw new Error("estimated");
  };
  expect(diskFindings(settings({}), 1e12, "out", never)).toEqual([]);
});

test("a disk that is too small and a record that is too long are told beforehand, each with both figures", () => {
  const need = { gifBytes: 200e6, recordBytes: 1e9 };
  const long = settings({ frames: 20_000 });
  expect(diskFindings(long, 1e12, "out", () => need).map(({ code }) => code)).toEqual(["record-length"]);
  expect(diskFindings(long, null, "out", () => need).map(({ code }) => code)).toEqual(["record-length"]);
  expect(diskFindings(long, 1.1e9, "out", () => need).map(({ evidence }) => evidence)).toEqual([
    "the GIF will have about 200.0 MB and its record about 1.0 GB, and out has room for 1.1 GB",
    "the record will have about 1.0 GB, since it holds the GIF of about 200.0 MB twice, and JSON.parse of Node reads at most 536.9 MB",
  ]);
  expect(diskFindings(long, 1e12, "out", () => ({ gifBytes: 1e6, recordBytes: 5e6 }))).toEqual([]);
});

test("the room is that of the nearest folder that is there", async () => {
  const here = await freeBytes(tmpdir());
  const below = await freeBytes(join(tmpdir(), "volumark-missing", "deep"));
  expect(here === null).toBe(below === null);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [12_345_678, "12.3 MB"],
  [5.94e9, "5.9 GB"],
  [2e15, "2000.0 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
