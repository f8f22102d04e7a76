import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { programCommit, programVersion } from "./version.ts";

const HASH = "0123456789abcdef0123456789abcdef01234567";
let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "volumark-version-"));
  await mkdir(join(workspace, "packages", "volumark"), { recursive: true });
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const commit = () => programCommit(join(workspace, "packages", "volumark"));
async function put(path: string, text: string) {
  await mkdir(join(workspace, path, ".."), { recursive: true });
  await writeFile(join(workspace, path), text);
}

test("the version is that of package.json", () => {
  expect(programVersion()).toMatch(/^\d+\.\d+\.\d+/);
});

test("outside a working tree there is no commit, and a reason", () => {
  expect(commit()).toEqual({ commit: null, commitReason: "not in a git working tree" });
});

test("a branch, a packed branch, a detached head and a linked working tree are followed", async () => {
  await put(".git/HEAD", "ref: refs/heads/main\n");
  await put(".git/refs/heads/main", `${HASH}\n`);
  expect(commit()).toEqual({ commit: HASH });
  await rm(join(workspace, ".git/refs"), { recursive: true });
  expect(commit()).toMatchObject({ commit: null });
  await put(".git/packed-refs", `# pack-refs\n${HASH} refs/heads/main\n`);
  expect(commit()).toEqual({ commit: HASH });
  await put(".git/HEAD", `${HASH}\n`);
  expect(commit()).toEqual({ commit: HASH });

  await rm(join(workspace, ".git"), { recursive: true });
  await put("real/worktrees/x/HEAD", "ref: refs/heads/side\n");
  await put("real/worktrees/x/commondir", "../..\n");
  await put("real/refs/heads/side", `${HASH}\n`);
  await put(".git", `gitdir: ${join(workspace, "real/worktrees/x")}\n`);
  expect(commit()).toEqual({ commit: HASH });
});

test("rubbish is no commit", async () => {
  await put(".git/HEAD", "rubbish\n");
  expect(commit()).toMatchObject({ commit: null });
});

test("what the build left is believed before the working tree, with a mark where there were changes", async () => {
  await put(".git/HEAD", `${"f".repeat(40)}\n`);
  await put("packages/volumark/dist/source.json", `{"commit":"${HASH}","changed":false}\n`);
  expect(commit()).toEqual({ commit: HASH });
  await put("packages/volumark/dist/source.json", `{"commit":"${HASH}","changed":true}\n`);
  expect(commit()).toEqual({ commit: `${HASH}-dirty` });
  await put("packages/volumark/dist/source.json", "rubbish");
  expect(commit()).toEqual({ commit: "f".repeat(40) });
});
