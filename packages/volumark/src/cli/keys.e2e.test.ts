/** Keys from the outside: what the commands print, and that a key is nowhere but where it was printed. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "./fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-keys-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keys = (...words: string[]) => program(["keys", ...words], { cwd: folder, env: { VOLUMARK_DATA: folder } });

describe("keys", () => {
  test("are made, listed and revoked, and only add ever shows one", async () => {
    expect((await keys()).stdout).toContain("There are no keys");
    const made = await keys("add", "--name", "ci", "--scope", "run");
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^vk_[A-Za-z0-9_-]{43}\n$/);
    expect(made.stderr).toMatch(/^Key [0-9a-f]{12} of ci, scope run\. It is shown only now:\n$/);
    const secret = made.stdout.trim();
    const { key, ...other } = JSON.parse((await keys("add", "--name", "laptop", "--json")).stdout);
    expect(other).toMatchObject({ name: "laptop", scope: "read", usedOn: null, revokedAt: null });
    expect(key).not.toBe(secret);

    const listed = JSON.parse((await keys("list", "--json")).stdout);
    expect(listed.map(({ name, scope }: { name: string; scope: string }) => [name, scope])).toEqual([
      ["ci", "run"],
      ["laptop", "read"],
    ]);
    expect((await keys("revoke", listed[0].id.slice(0, 8))).stdout).toBe(`${listed[0].id} of ci is revoked\n`);
    const list = await keys("list");
    expect(list.stdout).toMatch(/^key +name +scope +made +last used +revoked$/m);
    for (const { stdout, stderr } of [list, await keys("list", "--json")]) {
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toContain(key);
    }
    for (const file of await readdir(folder)) {
      const bytes = await readFile(join(folder, file));
      for (const one of [secret, key]) expect(bytes.includes(one.slice(3)), file).toBe(false);
    }
  });

  test("go into the folder that --data names", async () => {
    expect((await keys("add", "--name", "ci", "--data", "elsewhere")).code).toBe(0);
    expect(JSON.parse((await keys("list", "--json", "--data", "elsewhere")).stdout)).toHaveLength(1);
    expect(JSON.parse((await keys("list", "--json")).stdout)).toEqual([]);
  });

  test.each([
    [["add"], "keys add needs --name"],
    [["add", "--name", ""], "a name has 1 to 100 characters"],
    [["add", "--name", "a\u001b[2Jb"], "a name has 1 to 100 characters"],
    [["add", "--name", "ci", "--scope", "root"], '--scope must be read or run or admin, got "root"'],
    [["revoke", "zz"], 'there is no key whose id begins with "zz"'],
    [["remove"], "There is no command keys remove"],
    [["list", "--database", "mysql://x"], "--database must be postgres://user:password@host:port/name"],
  ])("%j is refused with a sentence", async (words, sentence) => {
    const { code, stdout, stderr } = await keys(...words);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });
});
