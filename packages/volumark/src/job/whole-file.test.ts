import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTemporary, discardAllTemporaries, discardTemporary, FileWriteError, writeWhole } from "./whole-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-whole-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

test("text and bytes arrive as they were given, and no temporary file is left", async () => {
  const bytes = await writeWhole(at("x"), at(".x.tmp"), ["äb", new Uint8Array([0, 255]), ""]);
  expect(bytes).toBe(5);
  expect(await readFile(at("x"))).toEqual(Buffer.from([0xc3, 0xa4, 0x62, 0, 255]));
  expect(await readdir(folder)).toEqual(["x"]);
});

test("while it is written the old file is still there", async () => {
  await writeFile(at("x"), "old");
  const seen: string[] = [];
  function* chunks() {
    yield "new ";
    seen.push(readFileSync(at("x"), "utf8"));
    yield "content";
    seen.push(readFileSync(at("x"), "utf8"));
  }
  await writeWhole(at("x"), at(".x.tmp"), chunks());
  expect(seen).toEqual(["old", "old"]);
  expect(await readFile(at("x"), "utf8")).toBe("new content");
  expect(await readdir(folder)).toEqual(["x"]);
});

test("a full disk leaves the old file as it was and says how far it came", async () => {
  await writeFile(at("x"), "old");
  const error: unknown = await writeWhole(at("x"), at(".x.tmp"), ["a".repeat(600), "b".repeat(600)], {
    afterBytes: 1000,
  }).catch((reason) => reason);
  expect(error).toBeInstanceOf(FileWriteError);
  expect(error).toMatchObject({ path: at("x"), writtenBytes: 1000, cause: { code: "ENOSPC" } });
  expect(await readFile(at("x"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["x"]);
});

test("a source that throws in the middle leaves nothing", async () => {
  function* chunks() {
    yield "half";
    throw new Error("no more");
  }
  await expect(writeWhole(at("x"), at(".x.tmp"), chunks())).rejects.toThrow("no more");
  expect(await readdir(folder)).toEqual([]);
});

test("a folder where the file should be is told, not replaced", async () => {
  const error: unknown = await writeWhole(folder, at(".x.tmp"), ["x"]).catch((reason) => reason);
  expect(error).toBeInstanceOf(FileWriteError);
  expect(await readdir(folder)).toEqual([]);
});

test("a reservation can be had once", async () => {
  await createTemporary(at(".x.tmp"));
  await expect(createTemporary(at(".x.tmp"))).rejects.toMatchObject({ code: "EEXIST" });
  await discardTemporary(at(".x.tmp"));
  await createTemporary(at(".x.tmp"));
});

test("leaving the process takes the temporary files along, but nothing that was finished", async () => {
  await createTemporary(at(".left.tmp"));
  await writeWhole(at("finished"), at(".finished.tmp"), ["x"]);
  discardAllTemporaries();
  expect(await readdir(folder)).toEqual(["finished"]);
});
