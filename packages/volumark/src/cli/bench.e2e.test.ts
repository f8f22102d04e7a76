/** Passes as a person asks for them: `run --passes`, `bench`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "@volumark/measure";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ended, program, start } from "./fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-bench-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SMALL = ["--dimension", "16", "--resolution", "64x48", "--frames", "4", "--no-store", "--no-color"];
const recordAt = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8")) as RunRecord;

describe("run --passes", () => {
  test("makes every pass, keeps them all, and its GIF is that of one pass", async () => {
    const words = ["run", ...SMALL, "--quiet", "--out", "x.gif"];
    expect((await program([...words, "--passes", "6", "--verify"], { cwd: folder })).code).toBe(0);
    const many = await recordAt("x.json");
    expect((await program(words, { cwd: folder })).code).toBe(0);
    const once = await recordAt("x.json");
    const { passes = [], representativePass = -1, frames, checks, outputHash } = many.run;
    expect(passes).toHaveLength(6);
    expect(once.run.passes).toBeUndefined();
    expect(outputHash).toBe(once.run.outputHash);
    expect(new Set(passes.map((pass) => pass.outputHash))).toEqual(new Set([outputHash]));
    expect(checks).toContainEqual(expect.objectContaining({ name: "passes alike", passed: true }));
    expect(frames).toEqual(passes[representativePass]?.frames);
    expect(many.run.derived.passNs?.value).toBeGreaterThan(0);
    expect(many.run.derived.canaryScore?.value).toBeGreaterThan(0);
    expect(once.run.derived.passHighNs).toMatchObject({ value: null, reason: "1 of at least 5 passes" });
    expect(many.benchmark_data.performance_metrics.total_time * 1e9).toBeCloseTo(
      passes[representativePass]?.totalNs ?? 0,
      -1,
    );
    for (const [i, pass] of passes.entries()) {
      expect(pass.frames.frame).toEqual([0, 1, 2, 3]);
      expect(pass.canaryNs).toBeGreaterThan(0);
      const before = passes[i - 1];
      if (before) expect(pass.startNs).toBeGreaterThanOrEqual(before.startNs + before.totalNs);
    }
  });

  test.each([
    ["0", "--passes must be a whole number from 1 to 1000, got 0"],
    ["many", '--passes must be a whole number from 1 to 1000, got "many"'],
  ])("refuses %s", async (count, sentence) => {
    const { code, stderr } = await program(["run", "--passes", count], { cwd: folder });
    expect([code, stderr]).toEqual([2, `${sentence}\n`]);
  });
});

describe("bench", () => {
  test("ends when the interval is narrow or time is up, and the record names the command", async () => {
    const words = ["bench", ...SMALL, "--until", "50%", "--max-seconds", "20", "--out", "x.gif"];
    const { code, stderr } = await program(words, { cwd: folder });
    expect(code).toBe(0);
    const record = await recordAt("x.json");
    expect(record.run.passes?.length).toBeGreaterThanOrEqual(5);
    expect(record.run.command.slice(0, 2)).toEqual(["volumark", "bench"]);
    expect(stderr).toContain("volumark bench");
  });

  test("an interrupt after some passes keeps them", async () => {
    const words = ["bench", ...SMALL, "--until", "0.1%", "--max-seconds", "60", "--out", "x.gif"];
    const child = start(words, { cwd: folder });
    const result = ended(child);
    // Lines come once a second, and many passes fit into one.
    let sent = false;
    child.stderr?.on("data", (text) => {
      if (sent || !/pass [2-9]/.test(String(text))) return;
      sent = true;
      child.kill("SIGINT");
    });
    expect((await result).code).toBe(130);
    const record = await recordAt("x.json");
    expect(record.run.passes?.length).toBeGreaterThan(1);
    expect(record.run.stopped).toBeUndefined();
  });

  test.each([
    [["--until", "0"], "--until must be a share from 0.1% to 50%, got 0"],
    [["--until", "2 percent"], '--until must be a share from 0.1% to 50%, got "2 percent"'],
    [["--max-seconds", "0"], "--max-seconds must be a number from 1 to 86400, got 0"],
    [["--passes", "3"], "bench has no option --passes; run and compare have it"],
  ])("refuses %j", async (words, sentence) => {
    const { code, stderr } = await program(["bench", ...words], { cwd: folder });
    expect([code, stderr]).toEqual([2, `${sentence}\n`]);
  });
});

describe("bench --suite", () => {
  test("an interrupt in the middle shows what is finished, and why the rest has no score", async () => {
    const child = start(["bench", "--suite", "quick", "--format", "markdown", "--no-store", "--lanes", "1"], {
      cwd: folder,
    });
    const result = ended(child);
    let sent = false;
    child.stderr?.on("data", (text) => {
      if (sent || !String(text).includes("2/3")) return;
      sent = true;
      child.kill("SIGINT");
    });
    const { code, stdout } = await result;
    expect(code).toBe(130);
    expect(stdout).toMatch(/\| seed-32 \| /);
    expect(stdout).toContain("seed-128: stopped before it was made");
    expect(stdout).toMatch(/No total: /);
  }, 60_000);

  test.each([
    [["--suite", "huge"], '--suite must be quick or standard or full, got "huge"'],
    [
      ["--suite", "quick", "--dimension", "12"],
      "--suite quick decides what is made and how long; leave --dimension out",
    ],
    [
      ["--suite", "quick", "--max-seconds", "9"],
      "--suite quick decides what is made and how long; leave --max-seconds out",
    ],
    [["--format", "markdown"], "--format is for --suite; volumark report shows a run in other formats"],
  ])("refuses %j", async (words, sentence) => {
    const { code, stderr } = await program(["bench", ...words], { cwd: folder });
    expect([code, stderr]).toEqual([2, `${sentence}\n`]);
  });
});
