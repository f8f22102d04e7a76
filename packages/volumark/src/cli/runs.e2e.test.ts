/** Stored runs from the outside: what the commands print and write, and that a store never stops a run. */
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type RunSummary } from "../store/store.ts";
import { program } from "./fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-runs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const volumark = (words: readonly string[], env: Record<string, string> = {}) =>
  program(words, { cwd: folder, env: { VOLUMARK_DATA: at("data"), ...env } });
const SMALL = ["--dimension", "8", "--resolution", "32x24", "--frames", "3", "--lanes", "1"];
const run = (out: string, words: readonly string[] = [], env: Record<string, string> = {}) =>
  volumark(["run", ...SMALL, "--out", out, ...words], env);
const FOREIGN = new URL("../../../measure/src/record/fixtures/foreign.json", import.meta.url).pathname;

async function listed(words: readonly string[] = []): Promise<RunSummary[]> {
  const { code, stdout } = await volumark(["runs", "list", "--json", ...words]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as RunSummary[];
}

describe("a run is stored", () => {
  test("and is listed, shown, exported to the byte, deleted", async () => {
    const made = await run("a.gif");
    expect(made.code).toBe(0);
    const [summary] = await listed();
    const record = JSON.parse(await readFile(at("a.json"), "utf8"));
    expect(summary).toMatchObject({ id: record.run.id, scene: "seed", frames: 3, status: "done", source: "own" });
    expect(made.stderr).toContain(`Stored as ${summary.id.slice(0, 8)}`);
    expect(made.stderr).not.toContain("Since run");
    const again = await run("again.gif");
    expect(again.stderr).toMatch(new RegExp(`^Since run ${summary.id.slice(0, 8)} .* one pass each`, "m"));
    const [second] = await listed();
    await volumark(["runs", "delete", second.id]);

    const list = await volumark(["runs"]);
    expect(list.stdout).toMatch(new RegExp(`^${summary.id.slice(0, 8)}  \\d{4}-\\d\\d-\\d\\d .*seed .*done`, "m"));
    expect(list.stderr).toBe("");

    const shown = await volumark(["runs", "show", summary.id.slice(0, 5)]);
    expect(shown.stdout).toContain(summary.id);
    for (const section of ["Answer", "Stages", "Machine"]) expect(shown.stdout).toContain(section);

    await volumark(["runs", "export", summary.id, "--out", "copy.json"]);
    await volumark(["runs", "export", summary.id, "--out", "copy.gif"]);
    expect(await readFile(at("copy.json"), "utf8")).toBe(await readFile(at("a.json"), "utf8"));
    expect((await readFile(at("copy.gif"))).equals(await readFile(at("a.gif")))).toBe(true);

    const deleted = await volumark(["runs", "delete", summary.id.slice(0, 7)]);
    expect(deleted.stdout).toBe(`${summary.id} is deleted\n`);
    expect(await listed()).toEqual([]);
    expect((await volumark(["runs", "list"])).stdout).toContain("There are no runs");
    expect(existsSync(at("a.gif"))).toBe(true);
  });

  test("--data is another folder for every command, and one without a store is told and not made", async () => {
    await run("a.gif", [], { VOLUMARK_DATA: at("other") });
    const [summary] = await listed(["--data", "other"]);
    const id = summary!.id;
    const other = ["--data", "other"];
    expect((await volumark(["runs", "show", id, ...other])).stdout).toContain(id);
    expect((await volumark(["history", "--json", ...other])).stdout).toContain(id);
    expect((await volumark(["runs", "export", id, "--out", "new/folder/copy.gif", ...other])).code).toBe(0);
    expect((await readFile(at("new", "folder", "copy.gif"))).equals(await readFile(at("a.gif")))).toBe(true);
    expect((await volumark(["runs", "repair", ...other])).stdout).toContain(
      `${at("other", "runs.db")} is in order: 1 run`,
    );
    expect((await volumark(["runs", "import", "a.json", "--data", "third"])).code).toBe(0);
    expect(await listed(["--data", "third"])).toHaveLength(1);
    expect((await volumark(["runs", "prune", "--keep-runs", "0", ...other])).stdout).toMatch(/^1 of 1 run removed/);
    expect((await volumark(["runs", "delete", id, "--data", "third"])).stdout).toContain("is deleted");
    expect(existsSync(at("data"))).toBe(false);
    for (const words of [["list"], ["show", id], ["prune", "--keep-runs", "1"]]) {
      const { code, stderr } = await volumark(["runs", ...words, "--data", "typo"]);
      expect([code, stderr]).toEqual([
        1,
        `store: there is no store at ${at("typo", "runs.db")}. Name its folder with --data.\n`,
      ]);
    }
    expect(existsSync(at("typo"))).toBe(false);
    const bad = await volumark(["runs", "list", "--database", "mysql://x"]);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("--database must be postgres://")]);
  });

  test("six at once, into a store that there is not yet, without loss", async () => {
    const names = Array.from({ length: 6 }, (_, i) => `r${i}`);
    const ended = await Promise.all(names.map((name) => run(`${name}.gif`, ["--quiet"])));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, ""]));
    const ids = await Promise.all(
      names.map(async (name) => JSON.parse(await readFile(at(`${name}.json`), "utf8")).run.id as string),
    );
    expect((await listed()).map(({ id }) => id).sort()).toEqual(ids.sort());
    const store = await openStore({ path: at("data", "runs.db") });
    for (const id of ids) expect((await store.get(id)).whole).toBe(true);
    await store.close();
  });

  test("when it failed, with what there is", async () => {
    expect((await run("a.gif", ["--quiet"], { VOLUMARK_FAULT: "surface@2" })).code).toBe(1);
    expect(await listed()).toMatchObject([{ status: "failed", frames: 2 }]);
  });

  test.each([
    [["--no-store"], {}],
    [[], { VOLUMARK_STORE: "off" }],
  ])("but not with %j %j, which touches no store at all", async (words, env) => {
    const { code, stderr } = await run("a.gif", words, env as Record<string, string>);
    expect(code).toBe(0);
    expect(stderr).not.toContain("Stored");
    expect(existsSync(at("data"))).toBe(false);
  });

  test("a wrong VOLUMARK_STORE is told before any work", async () => {
    const { code, stderr } = await run("a.gif", [], { VOLUMARK_STORE: "maybe" });
    expect([code, stderr]).toEqual([2, 'VOLUMARK_STORE must be on or off, got "maybe"\n']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a store that can't be used never stops a run", () => {
  async function expectRunWithWarning(warning: RegExp, out = "b.gif"): Promise<void> {
    const { code, stderr } = await run(out, ["--quiet"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(warning);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(await readFile(at(out.replace("gif", "json")), "utf8")).frame_count).toBe(3);
  }

  test("damaged: the sentence says volumark runs repair, and that helps", async () => {
    await mkdir(at("data"));
    await writeFile(at("data", "runs.db"), "not a database, and long enough to be taken for one".repeat(100));
    await expectRunWithWarning(/^The run is not in the store: .*damaged.*volumark runs repair/);
    const repaired = await volumark(["runs", "repair"]);
    expect(repaired.code).toBe(0);
    expect(repaired.stdout).toContain("was damaged and is new now: 0 runs saved");
    expect((await volumark(["runs", "import", "b.json"])).code).toBe(0);
    expect(await listed()).toHaveLength(1);
    expect((await volumark(["runs", "repair"])).stdout).toContain("is in order: 1 run.");
  });

  test("a data folder that can't be made", async () => {
    await writeFile(at("data"), "a file");
    await expectRunWithWarning(/^The run is not in the store: .*can't be opened.*VOLUMARK_DATA/);
  });

  const root = process.getuid?.() === 0;
  test.skipIf(root)(`read-only${root ? " (the tests run as root, who may write anywhere)" : ""}`, async () => {
    await run("a.gif", ["--quiet"]);
    await chmod(at("data", "runs.db"), 0o444);
    await chmod(at("data"), 0o555);
    try {
      await expectRunWithWarning(/^The run is not in the store: .*can't be.*VOLUMARK_DATA/);
    } finally {
      await chmod(at("data"), 0o755);
    }
  });
});

describe("another program's record", () => {
  test("is stored, shown as foreign with the reasons, and exported as it was", async () => {
    for (const words of [["import"], ["runs", "import"]]) {
      const { code, stdout } = await volumark([...words, FOREIGN]);
      expect([code, stdout]).toEqual([0, expect.stringContaining("foreign")]);
    }
    const [summary, ...others] = await listed();
    expect([summary.source, others]).toEqual(["foreign", []]);
    const { stdout } = await volumark(["runs", "show", summary.id.slice(0, 6)]);
    expect(stdout).toMatch(/GIF, made by\s+another program\./);
    expect(stdout).toMatch(
      /^Trusted less, because\n(?: .*\n)*? {2}effective_fps is 80\.0, and frame_count \/ total_time is/m,
    );
    expect(stdout).toMatch(/^ {2}field +2\.00 ms/m);
    await volumark(["runs", "export", summary.id, "--out", "copy.json"]);
    expect(JSON.parse(await readFile(at("copy.json"), "utf8"))).toEqual(JSON.parse(await readFile(FOREIGN, "utf8")));
  });

  test("a file that is no record keeps the others not out", async () => {
    await writeFile(at("scene.json"), "{}");
    const { code, stdout, stderr } = await volumark(["import", "missing.json", "scene.json", FOREIGN, folder]);
    expect(code).toBe(1);
    expect(stdout).toContain("stored as");
    const lines = stderr.trim().split("\n");
    expect(lines[0]).toBe("missing.json: there is no such file. Give the record of a run, a .json file.");
    expect(lines[1]).toMatch(/^scene\.json: type is missing.+\.$/);
    expect(lines[2]).toContain("it is a folder");
  });
});

describe("wrong words end with one sentence", () => {
  test.each<[words: string[], code: number, sentence: string]>([
    [["runs", "show", "0"], 2, "store: there is no run 0. volumark runs list shows which there are."],
    [["runs", "delete", "%"], 2, "store: there is no run %. volumark runs list shows which there are."],
    [["runs", "list", "--limit", "0"], 2, "--limit must be a whole number from 1 to 100000, got 0"],
    [["runs", "lst"], 2, "There is no command runs lst; volumark runs --help lists what there is"],
    [
      ["runs", "export", "0"],
      2,
      "runs export needs --out and the file to write: .json for the record, .gif for the GIF",
    ],
    [["runs", "show"], 2, "<id> is missing; volumark --help shows how each command is called"],
  ])("%j", async (words, code, sentence) => {
    const ended = await volumark(words);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, "", `${sentence}\n`]);
  });
});
