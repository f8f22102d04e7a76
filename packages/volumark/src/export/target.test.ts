import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OutputError } from "../job/output-paths.ts";
import { planTarget, proveTarget, writeTarget } from "./target.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-target-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);
const plan = (...names: string[]) => planTarget(at(...names), ["stl", "glb"]);

test.each([undefined, "", " ", "x", "x.gltf", "x.glb/", ".glb", "x.glb\0", "glb", "x.glb.gz"])(
  "%j is refused with the endings there are",
  (out) => {
    expect(() => planTarget(out, ["stl", "ply", "obj", "glb"])).toThrow(OutputError);
    expect(() => planTarget(out, ["stl", "ply", "obj", "glb"])).toThrow(
      /^--out must be a file whose name ends in \.stl, \.ply, \.obj or \.glb(, got ".*"|; it is missing)$/,
    );
  },
);

test("the ending is found in any case, and the path is absolute", () => {
  expect(planTarget("a.b/X.GlB", ["stl", "glb"])).toMatchObject({
    ending: "glb",
    path: join(process.cwd(), "a.b/X.GlB"),
  });
});

test("folders are created, and proving leaves no file", async () => {
  await proveTarget(plan("a", "b", "x.glb"));
  expect(await readdir(at("a", "b"))).toEqual([]);
});

test("proving does not touch a file that is there", async () => {
  await writeFile(at("x.glb"), "old");
  await proveTarget(plan("x.glb"));
  expect(await readFile(at("x.glb"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["x.glb"]);
});

test("what cannot be a file is refused in one sentence", async () => {
  await mkdir(at("x.glb"));
  await writeFile(at("file"), "");
  await symlink(at("loop"), at("loop"));
  await expect(proveTarget(plan("x.glb"))).rejects.toThrow(/x\.glb: a folder has this name\. /);
  await expect(proveTarget(plan("file", "x.glb"))).rejects.toThrow(
    /file: a (file is in the way|part of the path is a file, not a folder)\. /,
  );
  await expect(proveTarget(plan("loop", "x.glb"))).rejects.toThrow(OutputError);
  await expect(proveTarget(plan(`${"n".repeat(300)}.glb`))).rejects.toThrow(/the name is too long/);
  await expect(proveTarget(planTarget("/proc/nothing/x.glb", ["glb"]))).rejects.toThrow(OutputError);
  expect((await readdir(folder)).sort()).toEqual(["file", "loop", "x.glb"]);
});

test("a folder that may not be written is refused before any work", async (context) => {
  await mkdir(at("locked"));
  await chmod(at("locked"), 0o500);
  if (process.getuid?.() === 0) context.skip("root may write everywhere");
  await expect(proveTarget(plan("locked", "x.glb"))).rejects.toThrow(/permission denied/);
});

test("the hash and the length are those of the file", async () => {
  const piece = new Uint8Array(4);
  function* reused() {
    for (let i = 0; i < 3; i++) yield piece.fill(i);
  }
  const written = await writeTarget(plan("x.stl"), reused());
  const bytes = await readFile(at("x.stl"));
  expect([...bytes]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  expect(written).toMatchObject({ bytes: 12, sha256: createHash("sha256").update(bytes).digest("hex") });
  expect(await readdir(folder)).toEqual(["x.stl"]);
});

test("a writer that fails in the middle leaves what was there", async () => {
  await writeFile(at("x.stl"), "old");
  function* failing() {
    yield new Uint8Array(400_000); // more than is gathered before it is written
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  }
  await expect(writeTarget(plan("x.stl"), failing())).rejects.toThrow(/x\.stl: the disk is full after 400000 bytes\. /);
  expect(await readFile(at("x.stl"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["x.stl"]);
});
