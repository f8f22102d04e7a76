import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeStaleTemporaries, temporaryName, thisProcess } from "./temporary-names.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-stale-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STEM = "volumark-seed-20261124-101500-3fa9";
const HEX = "0123456789ab";
/** A number that no process has any more. */
const gone = () => ({ ...thisProcess(), pid: spawnSync(process.execPath, ["-e", ""]).pid });

test("files of a process that has gone are removed", async () => {
  const owner = gone();
  for (const name of [
    temporaryName(STEM, ".gif", owner),
    temporaryName(HEX, ".json", owner),
    temporaryName(`volumark-${HEX}`, "", owner),
  ]) {
    await writeFile(join(folder, name), "left behind");
  }
  await removeStaleTemporaries(folder);
  expect(await readdir(folder)).toEqual([]);
});

test("what lives, what another machine owns and what only looks alike stays", async () => {
  const owner = gone();
  const names = [
    temporaryName(STEM, ".gif"),
    temporaryName(STEM, ".gif", { ...owner, pid: process.ppid }),
    temporaryName(STEM, ".gif", { ...owner, place: "00000000" }),
    temporaryName(STEM, ".gif", owner).slice(1),
    `${temporaryName(STEM, ".gif", owner)}~`,
    temporaryName("notes", ".gif", owner),
    temporaryName(STEM, ".gif", { ...owner, pid: 0 }),
    `.${STEM}.gif.tmp`,
    "x.tmp",
  ];
  for (const name of names) await writeFile(join(folder, name), "");
  const isFolder = temporaryName(HEX, ".gif", owner);
  await mkdir(join(folder, isFolder));
  await removeStaleTemporaries(folder);
  expect((await readdir(folder)).sort()).toEqual([...names, isFolder].sort());
});

test("a folder that is not there is no reason to fail", async () => {
  await expect(removeStaleTemporaries(join(folder, "missing"))).resolves.toBeUndefined();
});
