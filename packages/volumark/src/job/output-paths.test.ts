import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultStem, OutputError, planOutput, releaseOutput, reserveOutput } from "./output-paths.ts";
import { temporaryName, thisProcess } from "./temporary-names.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-output-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NOON = new Date(2026, 10, 4, 12, 3, 5);
const fixed = (tags: string[]) => ({ now: () => NOON, tag: () => tags.shift() ?? "ffff" });

test.each([
  ["out", { kind: "folder", folder: "out", sceneName: "seed" }],
  ["a/b.d", { kind: "folder", folder: "a/b.d", sceneName: "seed" }],
  ["x.gif/", { kind: "folder", folder: "x.gif/", sceneName: "seed" }],
  [".gif", { kind: "folder", folder: ".gif", sceneName: "seed" }],
  ["x.gif", { kind: "file", folder: ".", stem: "x", extension: ".gif" }],
  ["a/b/x.GIF", { kind: "file", folder: "a/b", stem: "x", extension: ".GIF" }],
  ["a/x.y.gif", { kind: "file", folder: "a", stem: "x.y", extension: ".gif" }],
])("--out %s", (out, plan) => {
  expect(planOutput(out, "seed")).toEqual(plan);
});

test.each(["", "  ", "a\0b"])("--out %j is no path", (out) => {
  expect(() => planOutput(out, "seed")).toThrow(OutputError);
});

test("the default name holds scene, local time and tag, and only harmless characters", () => {
  expect(defaultStem("seed", NOON, "3fa9")).toBe("volumark-seed-20261104-120305-3fa9");
  expect(defaultStem("../Ö Ring!", NOON, "3fa9")).toBe("volumark-o-ring-20261104-120305-3fa9");
  expect(defaultStem("日本", NOON, "3fa9")).toBe("volumark-scene-20261104-120305-3fa9");
  expect(defaultStem("x".repeat(500), NOON, "3fa9").length).toBeLessThan(90);
});

test("the folder is created, and only the reservation is in it", async () => {
  const output = await reserveOutput(planOutput(join(folder, "a", "b"), "seed"), fixed(["0001"]));
  expect(basename(output.gifPath)).toBe("volumark-seed-20261104-120305-0001.gif");
  expect(basename(output.recordPath)).toBe("volumark-seed-20261104-120305-0001.json");
  expect(await readdir(join(folder, "a", "b"))).toEqual([basename(output.temporaryGifPath)]);
  await releaseOutput(output);
  expect(await readdir(join(folder, "a", "b"))).toEqual([]);
});

test("two runs in the same second with the same tag get different names", async () => {
  const plan = planOutput(folder, "seed");
  const first = await reserveOutput(plan, fixed(["0001"]));
  const second = await reserveOutput(plan, fixed(["0001", "0002"]));
  expect(second.gifPath).not.toBe(first.gifPath);
});

test("a name that a run of another process has reserved is not taken", async () => {
  const other = temporaryName("volumark-seed-20261104-120305-0001", ".gif", { place: "00000000", pid: 1 });
  await writeFile(join(folder, other), "");
  const output = await reserveOutput(planOutput(folder, "seed"), fixed(["0001", "0002"]));
  expect(basename(output.gifPath)).toBe("volumark-seed-20261104-120305-0002.gif");
  expect((await readdir(folder)).sort()).toEqual([other, basename(output.temporaryGifPath)].sort());
});

test("what a killed run left in the folder is cleared away by the next", async () => {
  const pid = spawnSync(process.execPath, ["-e", ""]).pid;
  await writeFile(join(folder, temporaryName("0123456789ab", ".gif", { ...thisProcess(), pid })), "");
  await releaseOutput(await reserveOutput(planOutput(join(folder, "x.gif"), "seed")));
  expect(await readdir(folder)).toEqual([]);
});

test("a name whose GIF or record is there already is not taken", async () => {
  await writeFile(join(folder, "volumark-seed-20261104-120305-0001.gif"), "");
  await writeFile(join(folder, "volumark-seed-20261104-120305-0002.json"), "");
  const output = await reserveOutput(planOutput(folder, "seed"), fixed(["0001", "0002", "0003"]));
  expect(basename(output.gifPath)).toBe("volumark-seed-20261104-120305-0003.gif");
});

test("when every name is taken it gives up instead of going on for ever", async () => {
  await writeFile(join(folder, "volumark-seed-20261104-120305-ffff.gif"), "");
  await expect(reserveOutput(planOutput(folder, "seed"), fixed([]))).rejects.toThrow(/100 names were tried/);
});

test("a path is taken as it is, an existing file is not touched yet", async () => {
  await writeFile(join(folder, "x.gif"), "old");
  const output = await reserveOutput(planOutput(join(folder, "x.gif"), "seed"));
  expect(output.gifPath).toBe(join(folder, "x.gif"));
  expect(output.recordPath).toBe(join(folder, "x.json"));
  await releaseOutput(output);
  expect(await readdir(folder)).toEqual(["x.gif"]);
});

test("a folder whose name ends in .gif is a folder", async () => {
  await mkdir(join(folder, "all.gif"));
  const output = await reserveOutput(planOutput(join(folder, "all.gif"), "seed"));
  expect(output.gifPath.startsWith(join(folder, "all.gif", "volumark-"))).toBe(true);
});

test.each(["x.mp4", "a/x.PNG", "x.glb", "x.json"])("--out %s is not taken for a folder", async (name) => {
  await expect(reserveOutput(planOutput(join(folder, name), "seed"))).rejects.toThrow(
    /--out must be a folder or a path ending in \.gif, got .* A folder of this name is made where it ends in a slash\.$/,
  );
  expect(await readdir(folder)).toEqual([]);
});

test("a folder that is called like a film is one where it is there, or is asked for with a slash", async () => {
  await mkdir(join(folder, "a.mp4"));
  for (const out of [join(folder, "a.mp4"), `${join(folder, "b.mp4")}/`]) {
    await releaseOutput(await reserveOutput(planOutput(out, "seed")));
  }
  expect(await readdir(folder)).toEqual(["a.mp4", "b.mp4"]);
});

test.each([
  [
    "a file where the folder should be",
    "file",
    /--out must be a folder or a path ending in \.gif, got .*file, which is a file/,
  ],
  ["a file in the middle of the path", "file/below", /a part of the path is a file, not a folder/],
  ["a file in the middle of a GIF's path", "file/x.gif", /a file is in the way|a part of the path is a file/],
  ["a name that is too long", `${"x".repeat(300)}.gif`, /the name is too long/],
  ["a folder name that is too long", "x".repeat(300), /the name is too long/],
  ["a record that is a folder", "taken.gif", /taken\.json: a folder has this name/],
])("%s is found before any work", async (_name, out, sentence) => {
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "taken.json"));
  const error: unknown = await reserveOutput(planOutput(join(folder, out), "seed")).catch((reason) => reason);
  expect(error).toBeInstanceOf(OutputError);
  expect((error as Error).message).toMatch(sentence);
  expect((await readdir(folder)).sort()).toEqual(["file", "taken.json"]);
});

test("a file beside the GIF that is no record of a run is not replaced, and a record is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "volumark-beside-"));
  const plan = planOutput(join(folder, "ring.gif"), "seed");
  await writeFile(join(folder, "ring.json"), '{"schema": "volumark.scene/1"}');
  await expect(reserveOutput(plan)).rejects.toThrow(/ring\.json, which is not a record of a run/);
  await writeFile(join(folder, "ring.json"), '{"type":"gif_animation","schema":"volumark.record/1"}');
  await releaseOutput(await reserveOutput(plan));
  await rm(folder, { recursive: true });
});
