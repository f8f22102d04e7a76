/** `volumark report`, as a user calls it. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROGRAM, program } from "./fixtures/program.ts";

const FIXTURES = fileURLToPath(new URL("../../../measure/src/record/fixtures/", import.meta.url));

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-report-"));
  for (const name of ["own.json", "foreign.json", "failed.json"]) await copyFile(join(FIXTURES, name), at(name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("volumark report", () => {
  test.each([
    ["text", /^Answer {4}2 frames 1×1/],
    ["markdown", /^### Answer\n/],
    ["html", /^<!doctype html>/],
    ["csv", /^run_id,pass,frame,lane,time_ns,quantity,unit,value\r\n/],
    ["trace", /^\{"displayTimeUnit":"ms"/],
  ])("prints %s, also of another program's record", async (format, beginning) => {
    const own = await program(["report", "own.json", "--format", format], { cwd: folder });
    expect([own.code, own.stderr]).toEqual([0, ""]);
    expect(own.stdout).toMatch(beginning);
    const foreign = await program(["report", "foreign.json", "--format", format], { cwd: folder });
    expect(foreign.code).toBe(0);
    expect(foreign.stdout.length).toBeGreaterThan(100);
    const lack = /Another program wrote this record/;
    expect(format === "csv" || format === "trace" ? foreign.stderr : foreign.stdout.replace(/\s+/g, " ")).toMatch(lack);
  });

  test("takes the format from the name of the file, and writes what it would have printed", async () => {
    for (const [file, format] of [
      ["a.md", "markdown"],
      ["a.html", "html"],
      ["a.csv", "csv"],
      ["a.trace.json", "trace"],
    ] as const) {
      const { code, stdout, stderr } = await program(["report", "own.json", "--out", file], { cwd: folder });
      expect([code, stdout]).toEqual([0, ""]);
      expect(stderr).toContain(at(file));
      const printed = await program(["report", "own.json", "--format", format], { cwd: folder });
      expect(await readFile(at(file), "utf8")).toBe(printed.stdout);
    }
    const named = await program(["report", "own.json", "--format", "csv", "--out", "new/numbers"], { cwd: folder });
    expect(named.code).toBe(0);
    expect(await readFile(at("new/numbers"), "utf8")).toMatch(/^run_id,/);
  });

  test("replaces an earlier trace, but no record or other .json, whatever the format", async () => {
    const twice = () => program(["report", "own.json", "--out", "again.json"], { cwd: folder });
    expect([(await twice()).code, (await twice()).code]).toEqual([0, 0]);
    await writeFile(at("empty.json"), "");
    expect((await program(["report", "own.json", "--out", "empty.json"], { cwd: folder })).code).toBe(0);
    const before = await readFile(at("failed.json"), "utf8");
    for (const format of ["trace", "text", "csv"]) {
      const words = ["report", "own.json", "--format", format, "--out", "failed.json"];
      const { code, stderr } = await program(words, { cwd: folder });
      expect([code, stderr]).toEqual([
        2,
        `--out ${at("failed.json")} is there already and is no trace; choose another name, or remove it first\n`,
      ]);
    }
    expect(await readFile(at("failed.json"), "utf8")).toBe(before);
  });

  test("--baseline holds the run against another one in every format for reading, and is refused where it says nothing", async () => {
    const other = JSON.parse(await readFile(at("own.json"), "utf8"));
    other.run.id = "another-run";
    await writeFile(at("other.json"), JSON.stringify(other));
    for (const format of ["text", "markdown", "html"]) {
      const words = ["report", "own.json", "--format", format, "--baseline", "other.json"];
      const { code, stdout } = await program(words, { cwd: folder });
      expect(code).toBe(0);
      expect(stdout.replace(/\\|\s+/g, (part) => (part === "\\" ? "" : " "))).toContain(
        "Against the baseline (another-, made apart):",
      );
    }
    for (const [words, sentence] of [
      [["own.json", "--baseline", "own.json"], "--baseline own.json is the run itself; give another one"],
      [
        ["own.json", "--baseline", "foreign.json"],
        "--baseline takes two runs of volumark's own; volumark compare takes another program's, too",
      ],
      [
        ["own.json", "--baseline", "other.json", "--format", "csv"],
        "--baseline is for text, markdown and html, and the format is csv; volumark compare has the whole comparison",
      ],
    ] as const) {
      const { code, stderr } = await program(["report", ...words], { cwd: folder });
      expect([code, stderr]).toEqual([2, `${sentence}\n`]);
    }
  });

  test("reads a record from standard input, as --json and --gif-output print it", async () => {
    const record = await readFile(at("own.json"), "utf8");
    for (const input of [record, `GIF_OUTPUT:${JSON.stringify(JSON.parse(record))}\n`]) {
      const out = execFileSync(process.execPath, [PROGRAM, "report", "-"], { cwd: folder, input, encoding: "utf8" });
      expect(out).toContain("2 frames 1×1");
    }
    const empty = spawnSync(process.execPath, [PROGRAM, "report", "-"], { cwd: folder, input: "", encoding: "utf8" });
    expect([empty.status, empty.stderr]).toEqual([
      2,
      "standard input: read record: the text is empty. Give the file of a run.\n",
    ]);
  });

  test("says in one sentence what is wrong, with 2, and writes nothing", async () => {
    await writeFile(at("half.json"), '{"type":');
    await writeFile(at("bytes.json"), Uint8Array.of(0xff, 0xfe, 0));
    const before = await readFile(at("own.json"), "utf8");
    for (const [words, sentence] of [
      [["report"], /^<run> is missing; volumark --help shows/],
      [["report", "none.json"], /^none\.json: there is no such file; give the record of a run/],
      [["report", "."], /^\.: this is a folder; give the record in it/],
      [["report", "half.json"], /^half\.json: read record: the text ends in the middle/],
      [["report", "bytes.json"], /^bytes\.json: this is not text in UTF-8/],
      [
        ["report", "own.json", "--format", "pdf"],
        /^--format must be text or markdown or html or csv or trace, got "pdf"/,
      ],
      [
        ["report", "own.json", "--out", "a.pdf"],
        /^--out must be a file whose name ends in \.txt, \.md, \.html, \.csv or \.json/,
      ],
      [["report", "own.json", "--out", "./own.json"], /^--out .*own\.json is the record itself; choose another name/],
    ] as const) {
      const { code, stdout, stderr } = await program(words, { cwd: folder });
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(sentence);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(await readFile(at("own.json"), "utf8")).toBe(before);
  });

  test("volumark run does not load it", async () => {
    const bundle = fileURLToPath(new URL("../../dist/bundle/", import.meta.url));
    const texts = await Promise.all((await readdir(bundle)).map((name) => readFile(join(bundle, name), "utf8")));
    expect(texts.filter((text) => text.includes("function openGif(b)"))).toHaveLength(1);
    const words = ["run", "--frames", "1", "--resolution", "8x8", "--dimension", "4", "--lanes", "1", "--out", "run"];
    expect((await program(words, { cwd: folder, env: { NODE_V8_COVERAGE: at("coverage") } })).code).toBe(0);
    const urls: string[] = [];
    for (const name of await readdir(at("coverage"))) {
      const { result } = JSON.parse(await readFile(at(join("coverage", name)), "utf8")) as {
        result: { url: string }[];
      };
      urls.push(...result.map(({ url }) => url));
    }
    expect(urls.some((url) => url.endsWith("/bundle/run.js"))).toBe(true);
    const holding: string[] = [];
    for (const url of new Set(urls.filter((one) => one.startsWith("file:"))))
      if ((await readFile(fileURLToPath(url), "utf8")).includes("function openGif(b)")) holding.push(url);
    expect(holding).toEqual([]);
  });
});
