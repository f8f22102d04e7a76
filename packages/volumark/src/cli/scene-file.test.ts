import { spawnSync } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRESETS } from "@volumark/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSceneFile } from "./scene-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-scene-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pipe = () => {
  const path = join(folder, "pipe");
  return { path, made: spawnSync("mkfifo", [path]).status === 0 };
};

test("a pipe that nobody writes to is refused instead of waited for", async (context) => {
  const { path, made } = pipe();
  if (!made) return context.skip("there is no mkfifo here");
  await expect(readSceneFile(path)).rejects.toThrow(`--scene ${path}: this is a pipe that nobody writes to`);
});

test("a pipe whose writer takes its time is read to the end", async (context) => {
  const { path, made } = pipe();
  if (!made) return context.skip("there is no mkfifo here");
  const writer = await open(path, "r+");
  const reading = readSceneFile(path);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await writer.write(JSON.stringify(PRESETS[0]));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await writer.close();
  expect(await reading).toEqual(PRESETS[0]);
});

test("a comma too many is told with its line and column, without the words of the runtime", async () => {
  const path = join(folder, "scene.json");
  await writeFile(path, '{\n  "schema": "volumark.scene/1",\n}\n');
  await expect(readSceneFile(path)).rejects.toThrow(
    /the text is no JSON on line 3, column 1: there must be no "," before the end of the object, found "}"/,
  );
});
