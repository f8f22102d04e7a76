/** `volumark compare`, as a user or a script calls it. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Comparison, RunRecord } from "@volumark/measure";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GateResult } from "./compare-gate.ts";
import { ended, PROGRAM, program, start } from "./fixtures/program.ts";

const FOREIGN = fileURLToPath(new URL("../../../measure/src/record/fixtures/foreign.json", import.meta.url));
/** Small, and long enough for the compilers of the runtime to be through. */
const COMMON = ["--lanes", "1", "--resolution", "64x48", "--frames", "4", "--no-color"];
const SIZES = ["--a", "--dimension 16", "--b", "--dimension 48"];

interface Found {
  readonly schema: string;
  readonly comparison: Comparison;
  readonly confirming: Comparison | null;
  readonly gate: GateResult | null;
}

let folder: string;
const at = (name: string) => join(folder, name);
const found = (text: string) => JSON.parse(text) as Found;
const compare = (...words: string[]) => program(["compare", ...words], { cwd: folder, env: data() });
const data = () => ({ VOLUMARK_DATA: at("data") });

// Two sets of two runs, which other tests compare as records: x.a.json, x.b.json, x.a2.json, x.b2.json.
let made: Awaited<ReturnType<typeof program>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-compare-test-"));
  made = await compare(...SIZES, ...COMMON, "--passes", "40", "--fail-on", "slower:5%", "--out", "x.json");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("settings run now", () => {
  test("16 against 48 is slower, in a named stage, twice, and ends with 3", async () => {
    const { comparison, confirming, gate, schema } = found(await readFile(at("x.json"), "utf8"));
    expect([made.code, made.stdout, schema]).toEqual([3, "", "volumark.comparison/1"]);
    expect(gate?.state).toBe("failed");
    expect(gate?.findings).toContainEqual(expect.objectContaining({ what: "slower", name: "surface" }));
    expect(made.stderr).toMatch(/Gate slower:5%: fails, .*surface is slower .*found again: .*surface is slower/);
    for (const one of [comparison, confirming]) {
      expect(one?.order).toBe("ABBA".repeat(20));
      expect(one?.sameWork).toBe("different settings");
      expect(one?.settings).toEqual([{ name: "dimension", a: "16", b: "48" }]);
    }
    expect(confirming?.a.id).not.toBe(comparison.a.id);
  });

  test("each run has a record of its own, with its passes in turn, a canary before each, and its GIF", async () => {
    const [a, b] = await Promise.all(
      ["x.a.json", "x.b.json"].map(async (name) => JSON.parse(await readFile(at(name), "utf8")) as RunRecord),
    );
    if (!a || !b) throw new Error("two records were written");
    const starts = [a, b].flatMap(({ run }, side) =>
      (run.passes ?? []).map(({ startNs, totalNs, canaryNs }) => ({ side, startNs, totalNs, canaryNs })),
    );
    starts.sort((one, other) => one.startNs - other.startNs);
    expect(starts.map(({ side }) => "AB"[side]).join("")).toBe("ABBA".repeat(20));
    for (const [i, { startNs, canaryNs }] of starts.entries()) {
      expect(canaryNs).toBeGreaterThan(0);
      const before = starts[i - 1];
      if (before) expect(startNs).toBeGreaterThanOrEqual(before.startNs + before.totalNs);
    }
    for (const { run, file_size_bytes, gif_bytestream } of [a, b]) {
      expect(gif_bytestream).toHaveLength(file_size_bytes);
      expect(run.command.slice(0, 2)).toEqual(["volumark", "compare"]);
      expect(run.checks.filter(({ passed }) => passed === false)).toEqual([]);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith(".gif"))).toEqual([]);
  });

  test("equal settings do not fail the gate, on two lanes either", async () => {
    for (const lanes of ["1", "2"]) {
      const words = ["--a", `--lanes ${lanes}`, "--b", `--lanes ${lanes}`, ...COMMON, "--passes", "12"];
      const { code, stdout } = await compare(...words, "--fail-on", "slower:5%,different-output", "--no-store");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Answer {4}b against a, interleaved ABBAABBA/);
      expect(stdout).toMatch(/^Gate {6}slower:5%,different-output: (passes|does not fail)/m);
      expect(stdout).toContain("work: same");
    }
  });

  test("a stage that is dragged is found, with the same bytes", async () => {
    const words = ["compare", "--b", "", ...COMMON, "--passes", "40", "--no-store", "--format", "json"];
    const env = { ...data(), VOLUMARK_FAULT: "drag-picture@60" };
    const { code, stdout } = await program(words, { cwd: folder, env });
    const { comparison } = found(stdout);
    expect([code, comparison.sameWork]).toEqual([0, "same"]);
    expect(comparison.stages.find(({ name }) => name === "picture")?.verdict).toEqual({ kind: "slower" });
  });

  test("an interrupt keeps the passes that are complete and compares them, without the gate", async () => {
    const words = ["compare", ...SIZES, ...COMMON, "--passes", "1000", "--out", "cut.json", "--fail-on", "slower"];
    const child = start(words, { cwd: folder, env: data() });
    const result = ended(child);
    child.stderr?.on("data", (text) => /pair [2-9]/.test(String(text)) && child.kill("SIGINT"));
    expect((await result).code).toBe(130);
    const { comparison, confirming } = found(await readFile(at("cut.json"), "utf8"));
    expect(comparison.order).toMatch(/^ABBA/);
    expect(comparison.a.passes + comparison.b.passes).toBe(comparison.order?.length);
    expect(confirming).toBeNull();
  });

  test("a second interrupt ends it at once, keeps nothing and leaves nothing behind", async () => {
    const temporary = join(folder, "temporary");
    await mkdir(temporary, { recursive: true });
    const words = ["compare", ...SIZES, ...COMMON, "--passes", "1000", "--out", "at-once.json"];
    // Lanes that sleep before their frame are given a second after the first interrupt: time for another.
    const env = { ...data(), TMPDIR: temporary, VOLUMARK_FAULT: "slow@60000" };
    const child = start(words, { cwd: folder, env });
    const result = ended(child);
    setTimeout(() => child.kill("SIGINT"), 3000);
    child.stderr?.on("data", (text) => /Once more stops at once/.test(String(text)) && child.kill("SIGINT"));
    const { code, stdout, stderr } = await result;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/Stopped at once: nothing is kept\.\n$/);
    expect(await readdir(temporary)).toEqual([]);
    expect(await readdir(folder)).not.toContain("at-once.json");
  });

  test("a side that fails ends it with 1 and says where", async () => {
    const env = { ...data(), VOLUMARK_FAULT: "surface@2" };
    const { code, stdout, stderr } = await program(["compare", "--b", "", ...COMMON], { cwd: folder, env });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("a failed in the surface stage of frame 2: an error injected for a test.");
    expect(stderr).toContain("nothing to compare");
  });
});

describe("recorded runs", () => {
  test("a finding needs a second comparison: exact commands, then four records or --confirmed", async () => {
    const gate = ["--fail-on", "slower:5%"];
    const once = await compare("x.a.json", "x.b.json", ...gate);
    expect([once.code, once.stderr]).toEqual([0, ""]);
    expect(once.stdout).toMatch(/^Answer {4}b against a, made apart: /);
    expect(once.stdout).toMatch(/surface is slower/);
    expect(once.stdout).toMatch(/^ {2}volumark compare --a '--dimension 16' --b '--dimension 48' --lanes 1 /m);
    expect(once.stdout).toMatch(
      /^ {2}volumark compare x\.a\.json x\.b\.json A2\.json B2\.json --fail-on '?slower:5%'?$/m,
    );
    expect((await compare("x.a.json", "x.b.json", ...gate, "--confirmed")).code).toBe(3);
    const twice = await compare("x.a.json", "x.b.json", "x.a2.json", "x.b2.json", ...gate);
    expect(twice.code).toBe(3);
    expect(twice.stdout.replace(/\s+/g, " ")).toMatch(/Gate slower:5%: fails, .* found again: .*surface is slower/);
    expect((await compare("x.b.json", "x.a.json", ...gate, "--confirmed")).code).toBe(0);
  });

  test("stored runs go by the beginning of their ids, for report as well, and an unknown one says which there are", async () => {
    const { comparison } = found(await readFile(at("x.json"), "utf8"));
    const [a, b] = [comparison.a.id.slice(0, 13), comparison.b.id.slice(0, 13)];
    const byId = await compare(a, b, "--format", "json");
    expect(found(byId.stdout).comparison.b.id).toBe(comparison.b.id);
    const byFile = await compare("x.a.json", "x.b.json", "--format", "json");
    expect(byId.stdout).toBe(byFile.stdout);
    const report = await program(["report", a, "--no-color"], { cwd: folder, env: data() });
    expect(report.stdout).toMatch(/^Answer {4}4 frames 64×48 at dimension 16/);
    const none = await compare("zz", "x.a.json");
    expect([none.code, none.stdout]).toEqual([2, ""]);
    expect(none.stderr).toMatch(
      /^zz: there is no such file and no stored run whose id begins so; the newest are [0-9a-f]{8} \(seed\), /,
    );
    await writeFile(at(a), "{}");
    expect((await compare(a, b)).stderr).toContain("read record: type is");
    await rm(at(a));
  });

  test("one comes from standard input, another from another program, as Markdown", async () => {
    const input = await readFile(at("x.a.json"));
    const words = [PROGRAM, "compare", "-", FOREIGN, "--format", "markdown"];
    const text = execFileSync(process.execPath, words, { cwd: folder, input, encoding: "utf8" });
    expect(text).toMatch(/^### Answer\n\n\*\*b against a, made apart: cannot tell \(about 4 more passes\)/);
    expect(text).toContain("Another program wrote this record");
  });

  test("wrong words are one sentence and 2, and nothing is written", async () => {
    await writeFile(at("half.json"), '{"type":');
    const before = await readFile(at("x.a.json"), "utf8");
    for (const [words, sentence] of [
      [["x.a.json"], /^compare needs two runs, .* got 1; or two settings with --a and --b$/],
      [["x.a.json", "x.b.json", "x.a2.json"], /got 3;/],
      [["none.json", "x.b.json"], /^none\.json: there is no such file; give the record of a run/],
      [["half.json", "x.b.json"], /^half\.json: read record: the text ends in the middle/],
      [["-", "-"], /^standard input, -, holds one run/],
      [["x.a.json", "x.b.json", "x.a.json", "x.b2.json"], /^x\.a\.json is one of the runs before it/],
      [["x.a.json", "x.b.json", "--passes", "3"], /^--passes is for settings that are run now/],
      [["x.a.json", "x.b.json", "--fail-on", "slow"], /^--fail-on must be slower, faster or different-output/],
      [["x.a.json", "x.b.json", "--format", "html"], /^--format must be text or markdown or json, got "html"/],
      [["x.a.json", "x.b.json", "--out", "x.a.json"], /^--out .*x\.a\.json is one of the records/],
      [["x.a.json", "--a", "--lanes 1"], /^--a and --b make runs now, and x\.a\.json is a run that there is/],
      [["--a", "--lanes 1", "--confirmed"], /^--confirmed is for records/],
      [["--a", "--lanes 0"], /^--a: --lanes must be a whole number from 1 to 256, got 0/],
      [["--a", "--b", "--lanes 1"], /^--a needs a value, and "--b" after it is an option/],
      [["--a", "", "--passes", "3", "--until", "1%"], /^--passes and --until both say how many passes/],
    ] as const) {
      const { code, stdout, stderr } = await compare(...words);
      expect([code, stdout], words.join(" ")).toEqual([2, ""]);
      expect(stderr.trimEnd()).toMatch(sentence);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(await readFile(at("x.a.json"), "utf8")).toBe(before);
  });
});
