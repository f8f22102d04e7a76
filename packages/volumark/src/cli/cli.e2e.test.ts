/** The built program from the outside: what it prints, what it writes, and how it ends. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { decodeGif, PRESETS, SCENE_SCHEMA } from "@volumark/engine";
import { type RunRecord, readRecord } from "@volumark/measure";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ended, program, programInTerminal, start, terminalReason } from "./fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-e2e-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SMALL = ["--dimension", "16", "--resolution", "64x48", "--frames", "6", "--lanes", "2"];
/** Enough frames for something to happen in the middle. */
const THIRTY = ["--dimension", "16", "--resolution", "64x48", "--frames", "30", "--lanes", "2"];

const at = (...parts: string[]) => join(folder, ...parts);
const run = (words: readonly string[], env: Record<string, string> = {}) =>
  program(["run", ...words], { cwd: folder, env });

async function recordIn(path: string): Promise<RunRecord> {
  const read = await readRecord(await readFile(path, "utf8"));
  if (read.status !== "record") throw new Error(`${path} is not a record: ${JSON.stringify(read)}`);
  return read.record;
}

/** GIF and record beside each other agree, and hold `frames` frames. */
async function expectOutput(gifPath: string, frames: number): Promise<RunRecord> {
  const gif = await readFile(gifPath);
  const record = await recordIn(gifPath.replace(/\.gif$/i, ".json"));
  expect(decodeGif(gif).frames).toHaveLength(frames);
  expect(record.frame_count).toBe(frames);
  expect(record.file_size_bytes).toBe(gif.length);
  expect(Buffer.from(record.gif_data, "base64").equals(gif)).toBe(true);
  expect(Buffer.from(record.gif_bytestream).equals(gif)).toBe(true);
  expect(record.benchmark_data.individual_frame_times).toHaveLength(frames);
  return record;
}

async function namesIn(path: string): Promise<string[]> {
  return (await readdir(path)).sort();
}

describe("help", () => {
  test("volumark alone prints its help on standard output", async () => {
    const { code, stdout, stderr } = await program([], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Usage: volumark/);
    for (const text of ["run", "info", "presets", "Examples:", "Exit codes:", "130  interrupted"])
      expect(stdout).toContain(text);
  });

  test.each([["run"], ["info"], ["presets"]])(
    "%s --help and help of it are the same, with examples",
    async (command) => {
      const long = await program([command, "--help"], { cwd: folder });
      const short = await program(["help", command], { cwd: folder });
      expect([long.code, long.stderr]).toEqual([0, ""]);
      expect(short.stdout).toBe(long.stdout);
      expect(long.stdout).toContain("Examples:");
    },
  );

  const full = existsSync("/dev/full");
  if (!full) console.log("skipped: a full standard output, there is no /dev/full");
  test
    .skipIf(!full)
    .each([["--version"], ["--help"], ["run --help"], ["info"], ["info --json"], ["presets"], ["presets --json"]])(
    "%s to a full standard output ends with 1 and one sentence",
    async (words) => {
      const target = await open("/dev/full", "w");
      const child = start(words.split(" "), { cwd: folder }, target.fd);
      const { code, stderr } = await ended(child);
      await target.close();
      expect([code, stderr]).toEqual([1, "write standard output: the disk is full. Send it elsewhere.\n"]);
    },
  );

  test("--version prints the version and loads nothing but itself and the printing", async () => {
    const { code, stdout } = await program(["--version"], { cwd: folder, env: { NODE_V8_COVERAGE: at("coverage") } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await loaded()).filter((url) => !/\/dist\/bundle\/(main|output|system-error)\.js$/.test(url))).toEqual([]);
  });

  test("help loads neither the engine nor the schema library", async () => {
    await program(["run", "--help"], { cwd: folder, env: { NODE_V8_COVERAGE: at("coverage") } });
    const urls = await loaded();
    expect(urls.some((url) => url.includes("commander"))).toBe(true);
    expect(urls.filter((url) => /engine|measure|schema/.test(url))).toEqual([]);
  });

  test.each([["serve"], ["worker"], ["backup"]])("help of %s loads neither engine nor server", async (command) => {
    const { stdout } = await program([command, "--help"], { cwd: folder, env: { NODE_V8_COVERAGE: at("coverage") } });
    expect(stdout).toContain("Examples:");
    const urls = await loaded();
    expect(urls.filter((url) => /engine|measure|schema|database|fastify|bundle\/(serve|start)/.test(url))).toEqual([]);
  });

  test("a run here loads nothing of the server", async () => {
    const words = ["run", "--dimension", "8", "--resolution", "16x12", "--frames", "1", "--quiet"];
    await program(words, { cwd: folder, env: { NODE_V8_COVERAGE: at("coverage"), VOLUMARK_DATA: at("data") } });
    const urls = await loaded();
    expect(urls.some((url) => url.includes("engine"))).toBe(true);
    expect(urls.filter((url) => /fastify|prom-client|bundle\/(serve|start|run-on-server)/.test(url))).toEqual([]);
  });

  /** Files that the program loaded, as the coverage of the last run lists them. */
  async function loaded(): Promise<string[]> {
    const urls: string[] = [];
    for (const name of await readdir(at("coverage"))) {
      const { result } = JSON.parse(await readFile(at("coverage", name), "utf8")) as { result: { url: string }[] };
      urls.push(...result.map(({ url }) => url).filter((url) => url.startsWith("file:")));
    }
    expect(urls.length).toBeGreaterThan(0);
    return urls;
  }
});

describe("a wrong command line ends with 2 and one sentence, and leaves nothing behind", () => {
  const dimension = "--dimension must be a whole number from 4 to 2048, got ";
  const resolution = "--resolution must be WIDTHxHEIGHT in pixels, 1x1 to 4096x4096 (for example 512x384), got ";
  test.each<[words: string[], sentence: string | RegExp]>([
    [["run", "--dimension", "0"], `${dimension}0`],
    [["run", "--dimension", "-4"], `${dimension}-4`],
    [["run", "--dimension=-4"], `${dimension}-4`],
    [["run", "--dimension", "12.5"], `${dimension}12.5`],
    [["run", "--dimension", "99999999999999999999"], `${dimension}99999999999999999999`],
    [["run", "--dimension", "NaN"], `${dimension}NaN`],
    [["run", "--dimension", ""], `${dimension}""`],
    [["run", "--dimension="], `${dimension}""`],
    [["run", "--dimension", "0x20"], `${dimension}"0x20"`],
    [["run", "--dimension", "32px"], `${dimension}"32px"`],
    [["run", "--frames", "0"], "--frames must be a whole number from 1 to 100000, got 0"],
    [["run", "--fps", "0"], "--fps must be a number from 0.1 to 100, got 0"],
    [["run", "--fps", "30fps"], '--fps must be a number from 0.1 to 100, got "30fps"'],
    [["run", "--lanes", "0"], "--lanes must be a whole number from 1 to 256, got 0"],
    [["run", "--resolution", "512"], `${resolution}512`],
    [["run", "--resolution", "0x0"], `${resolution}"0x0"`],
    [["run", "--resolution", "512x384x3"], `${resolution}"512x384x3"`],
    [["run", "--backend", "gpu"], '--backend must be wasm or reference, got "gpu"'],
    [["run", "--preset", "sed"], /^--preset must be one of seed, .+, got "sed"; did you mean seed\?$/],
    [["run", "--preset", "qqqqqqqqqq"], /^--preset must be one of seed, .+, got "qqqqqqqqqq"$/],
    [["run", "--preset", ""], /^--preset must be one of seed, .+, got ""$/],
    [
      ["run", "--preset", "seed", "--scene", "x.json"],
      "--preset and --scene both name what is drawn; give one of them",
    ],
    [["run", "--json", "--gif-output"], "--json and --gif-output both claim standard output; give one of them"],
    [["run", "--torus-major-radius", "0"], "--torus-major-radius must be a number from 0.001 to 4, got 0"],
    [
      ["run", "--torus-minor-radius", "0.5"],
      "--torus-minor-radius must be less than the major radius 0.5, or the torus has no hole, got 0.5",
    ],
    [
      ["run", "--torus-major-radius", "0.05"],
      "--torus-major-radius must be greater than the minor radius 0.1, or the torus has no hole, got 0.05",
    ],
    [["run", "--smooth-min-radius", "-1"], "--smooth-min-radius must be a number from 0 to 4, got -1"],
    [["run", "--dimensoin", "32"], "There is no option --dimensoin; did you mean --dimension?"],
    [["run", "--zzzzzzzz"], "There is no option --zzzzzzzz; volumark --help lists what there is"],
    [["run", "--out"], "--out needs a value"],
    [["run", "--out", "--json"], '--out needs a value, and "--json" after it is an option'],
    [["--dimension", "3"], `${dimension}3`],
    [["run", "--\x1b[31mred"], "There is no option --\\x1b[31mred; volumark --help lists what there is"],
    [["run", "--scene", "\x1b[31mred"], "--scene \\x1b[31mred: there is no such file"],
    [["run", "--out", ""], '--out must be a folder or a path ending in .gif, got ""'],
    [["run", "extra", "words"], '"extra" belongs to no option of run; volumark run --help lists them'],
    [["rnu"], "There is no command rnu; did you mean run?"],
    [["rnu", "--help"], "There is no command rnu; did you mean run?"],
    [["--nonsense"], "There is no option --nonsense; volumark --help lists what there is"],
    [["help", "rnu"], "There is no command rnu; volumark --help lists what there is"],
    [["info", "extra"], '"extra" belongs to no option of info; volumark info --help lists them'],
    [
      ["run", "--frames", "300", "--dimension", "2048", "--resolution", "4096x4096", "--lanes", "256"],
      /^This run needs about [\d.]+ GB .+ (has|have) [\d.]+ GB; choose .+\.$/,
    ],
  ])("%j", async (words, sentence) => {
    const { code, stdout, stderr } = await program(words, { cwd: folder });
    expect(stderr.endsWith("\n")).toBe(true);
    const text = stderr.slice(0, -1);
    if (typeof sentence === "string") expect(text).toBe(sentence);
    else expect(text).toMatch(sentence);
    expect(text).not.toContain("\n");
    expect([code, stdout]).toEqual([2, ""]);
    expect(await namesIn(folder)).toEqual([]);
  });

  test("a fault in a frame that is not made is not ignored", async () => {
    const { code, stderr } = await run(SMALL, { VOLUMARK_FAULT: "surface@6" });
    expect([code, stderr]).toEqual([2, "VOLUMARK_FAULT names frame 6, and this run has the frames 0 to 5\n"]);
  });

  test("a fault that means nothing is not ignored", async () => {
    const { code, stderr } = await run(SMALL, { VOLUMARK_FAULT: "nonsense" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^VOLUMARK_FAULT must be .+, got "nonsense"\n$/);
  });
});

describe("scene files", () => {
  const sphere = {
    schema: SCENE_SCHEMA,
    name: "My sphere",
    root: { type: "sphere", radius: 0.5 },
    camera: { position: [0, 0, 3], direction: [0, 0, -1], verticalFieldOfView: 45 },
    look: { surfaceColor: [1, 0.5, 0] },
  };

  test("a good one is drawn, and names the files", async () => {
    await writeFile(at("scene.json"), `\uFEFF${JSON.stringify(sphere)}`);
    const { code, stderr } = await run([...SMALL, "--scene", "scene.json"]);
    expect(stderr).toContain("My sphere");
    expect(code).toBe(0);
    const [gif = ""] = await namesIn(at("out"));
    expect(gif).toMatch(/^volumark-my-sphere-\d{8}-\d{6}-[0-9a-f]{4}\.gif$/);
    const record = await expectOutput(at("out", gif), 6);
    expect(record.benchmark_data.simulation_settings.torus_altitude).toBeNull();
  });

  test("an option of the ring with a scene that has none is refused", async () => {
    await writeFile(at("scene.json"), JSON.stringify(sphere));
    const { code, stderr } = await run(["--scene", "scene.json", "--torus-altitude", "-0.5"]);
    expect(stderr).toBe(
      '--torus-altitude sets the parameter torusAltitude, which the scene "My sphere" does not have (it has: none)\n',
    );
    expect(code).toBe(2);
  });

  let deep: unknown = { type: "sphere", radius: 0.5 };
  for (let i = 0; i < 500; i++) deep = { type: "offset", distance: 0, child: deep };
  test.each<[what: string, content: string | Uint8Array, sentence: RegExp]>([
    ["empty", "", /the file is empty/],
    ["blank", " \n ", /the file is empty/],
    ["truncated", JSON.stringify(sphere).slice(0, 80), /JSON|ends|cut/i],
    ["not a scene", "[1, 2]", /object/],
    ["too deep", JSON.stringify({ ...sphere, root: deep }), /deep|level|nest/i],
    [
      "too large",
      `{"x": "${"y".repeat(2_000_000)}"}`,
      /a scene file may have 1048576 bytes, this one has 2000009 or more/,
    ],
    ["of a newer schema", JSON.stringify({ ...sphere, schema: "volumark.scene/99" }), /volumark\.scene\/99/],
    ["not text", new Uint8Array([0xff, 0xfe, 0x00]), /not a text file in UTF-8/],
    ["hostile", '{"__proto__": {"x": 1}}', /./],
  ])("one that is %s is refused in one sentence that names the file", async (_what, content, sentence) => {
    await writeFile(at("scene.json"), content);
    const { code, stdout, stderr } = await run(["--scene", "scene.json"]);
    expect(stderr).toMatch(/^--scene scene\.json: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
    expect(stderr.length).toBeLessThan(600);
    expect([code, stdout]).toEqual([2, ""]);
    expect(await namesIn(folder)).toEqual(["scene.json"]);
  });

  test.each([
    ["missing.json", "--scene missing.json: there is no such file\n"],
    [".", "--scene .: this is a folder, not a scene file\n"],
    ["scene.json/x", "--scene scene.json/x: a part of this path is a file, not a folder\n"],
    ["", '--scene must be the path of a scene file, got ""\n'],
  ])("--scene %j", async (path, sentence) => {
    await writeFile(at("scene.json"), "{}");
    const { code, stderr } = await run(["--scene", path]);
    expect([code, stderr]).toEqual([2, sentence]);
  });
});

describe("a run", () => {
  test("writes GIF and record that agree, says so on standard error, and keeps standard output empty", async () => {
    const { code, stdout, stderr } = await run(SMALL);
    expect([code, stdout]).toEqual([0, ""]);
    const names = await namesIn(at("out"));
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/^volumark-seed-\d{8}-\d{6}-[0-9a-f]{4}\.gif$/);
    const record = await expectOutput(at("out", names[0] ?? ""), 6);
    expect(record.error).toBeUndefined();
    expect(record.benchmark_data.error_occurred).toBe(false);
    expect(record.gif_filename).toBe(names[0]);
    expect(record.run.command).toEqual(["volumark", "run", ...SMALL]);
    expect(record.benchmark_data.simulation_settings).toEqual({
      resolution: [64, 48],
      dimension: 16,
      num_frames: 6,
      fps: 30,
      torus_altitude: -0.5,
      torus_major_radius: 0.5,
      torus_minor_radius: 0.1,
      smooth_min_radius: 0.5,
    });
    for (const name of names) expect(stderr).toContain(`out/${name}`);
    expect(stderr).toContain("Try next");
    expect(stderr).not.toContain("\x1b");
    expect(stderr).not.toContain("\r");
  });

  test("--quiet says nothing", async () => {
    const { code, stdout, stderr } = await run([...SMALL, "--quiet"]);
    expect([code, stdout, stderr]).toEqual([0, "", ""]);
  });

  test("--json prints the record as it stands in the file", async () => {
    const { code, stdout } = await run([...SMALL, "--json", "--out", "x.gif"]);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(at("x.json"), "utf8"));
    expect(JSON.parse(stdout).type).toBe("gif_animation");
  });

  test("--gif-output ends standard output with the line that other programs read", async () => {
    const { code, stdout } = await run([...SMALL, "--gif-output", "--out", "x.gif"]);
    expect(code).toBe(0);
    const last = stdout.trimEnd().split("\n").at(-1) ?? "";
    expect(last.startsWith("GIF_OUTPUT:{")).toBe(true);
    expect(JSON.parse(last.slice("GIF_OUTPUT:".length))).toEqual(JSON.parse(await readFile(at("x.json"), "utf8")));
  });

  test("the GIF is the same on one lane, on two, and without WebAssembly", async () => {
    await run([...SMALL, "--out", "two.gif"]);
    await run([...SMALL, "--lanes", "1", "--out", "one.gif"]);
    await run([...SMALL, "--backend", "reference", "--out", "reference.gif"]);
    const two = await readFile(at("two.gif"));
    expect(two.equals(await readFile(at("one.gif")))).toBe(true);
    expect(two.equals(await readFile(at("reference.gif")))).toBe(true);
  });

  test("negative values work with and without =", async () => {
    await run([...SMALL, "--torus-altitude", "-0.25", "--out", "a.gif"]);
    await run([...SMALL, "--torus-altitude=-0.25", "--out", "b.gif"]);
    const record = await recordIn(at("a.json"));
    expect(record.benchmark_data.simulation_settings.torus_altitude).toBe(-0.25);
    expect(record.run.outputHash).toBe((await recordIn(at("b.json"))).run.outputHash);
  });

  test("a path is replaced, a folder only gets new names, and runs at once do not meet", async () => {
    await writeFile(at("x.gif"), "old");
    const ends = await Promise.all([run([...SMALL, "--out", "x.gif"]), run(SMALL), run(SMALL), run(SMALL)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    await expectOutput(at("x.gif"), 6);
    const names = await namesIn(at("out"));
    expect(names).toHaveLength(6);
    for (const name of names.filter((one) => one.endsWith(".gif"))) await expectOutput(at("out", name), 6);
  });

  test.each([
    ["a file where the folder should be", "file"],
    ["a folder below a file", "file/below"],
    ["a folder that the system does not allow", "/proc/volumark"],
  ])("%s is found before any work", async (_what, out) => {
    await writeFile(at("file"), "");
    const { code, stdout, stderr } = await run([...SMALL, "--gif-output", "--out", out]);
    expect(stderr).toMatch(/^[^\n]*--out[^\n]*\n$/);
    expect([code, stdout]).toEqual([2, ""]);
    expect(await namesIn(folder)).toEqual(["file"]);
  });

  test("a reader that takes its time gets 10 MB to the last byte", async () => {
    const child = start(
      [
        "run",
        "--resolution",
        "1280x960",
        "--frames",
        "60",
        "--dimension",
        "24",
        "--gif-output",
        "--quiet",
        "--out",
        "x.gif",
      ],
      { cwd: folder },
    );
    const chunks: Buffer[] = [];
    const closed = once(child, "close");
    for await (const chunk of child.stdout ?? []) {
      chunks.push(chunk);
      await delay(1);
    }
    expect((await closed)[0]).toBe(0);
    const line = Buffer.concat(chunks).toString();
    expect(line.length).toBeGreaterThan(5_000_000);
    expect(line.slice("GIF_OUTPUT:".length)).toBe(await readFile(at("x.json"), "utf8"));
  }, 60_000);

  test("a reader that goes away changes neither the files nor the exit code, and nothing is shouted", async () => {
    const child = start(["run", "--json", "--quiet", "--out", "x.gif"], { cwd: folder });
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { code, stderr } = await ended(child);
    expect([code, stderr]).toEqual([0, ""]);
    await expectOutput(at("x.gif"), 30);
  });

  test("a standard error that nobody reads does not stop the run", async () => {
    const child = start(["run", ...SMALL, "--out", "x.gif"], { cwd: folder });
    child.stderr?.destroy();
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    await expectOutput(at("x.gif"), 6);
  });
});

describe("a failure keeps what it had", () => {
  test.each(["field", "surface", "picture", "convert", "encode"])(
    "an error in the %s stage of frame 15",
    async (stage) => {
      const { code, stdout, stderr } = await run([...THIRTY, "--gif-output", "--quiet", "--out", "x.gif"], {
        VOLUMARK_FAULT: `${stage}@15`,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(
          `^Frame 15 failed in the ${stage} stage: [^\\n]+; 15 of 30 frames are finished and kept, [^\\n]+\\n$`,
        ),
      );
      const record = await expectOutput(at("x.gif"), 15);
      expect(record.error).toMatch(new RegExp(`^${stage} failed at frame 15: `));
      expect(record.benchmark_data.error_occurred).toBe(true);
      expect(record.duration).toBeCloseTo(0.5, 12);
      expect(stdout).toBe(`GIF_OUTPUT:${await readFile(at("x.json"), "utf8")}`);
    },
  );

  test("an error in the first frame leaves a record and no GIF", async () => {
    const { code, stderr } = await run([...THIRTY, "--out", "x.gif"], { VOLUMARK_FAULT: "surface@0" });
    expect(code).toBe(1);
    expect(stderr).toContain("no frame was finished");
    expect(await namesIn(folder)).toEqual(["x.json"]);
    const record = await recordIn(at("x.json"));
    expect([record.frame_count, record.file_size_bytes, record.duration]).toEqual([0, 0, 0]);
    expect(record.error).toMatch(/^surface failed at frame 0: /);
  });

  test("a lane that dies", async () => {
    const { code, stderr } = await run([...THIRTY, "--quiet", "--out", "x.gif"], { VOLUMARK_FAULT: "lane@15" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The lane that made frame 15 died: [^\n]+\n$/);
    const record = await expectOutput(at("x.gif"), 15);
    expect(record.error).toMatch(/^lane failed at frame 15: /);
  });

  test("a disk that is full at the GIF: the record holds its bytes", async () => {
    const { code, stdout, stderr } = await run([...SMALL, "--quiet", "--gif-output", "--out", "x.gif"], {
      VOLUMARK_FAULT: "disk@gif",
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^write x\.gif: the disk is full after 10 of \d+ bytes\. Free some space, [^\n]+\n$/);
    expect(await namesIn(folder)).toEqual(["x.json"]);
    const record = await recordIn(at("x.json"));
    expect(record.error).toMatch(/^write failed: .*the disk is full/);
    expect(decodeGif(Buffer.from(record.gif_data, "base64")).frames).toHaveLength(6);
    expect(stdout).toBe(`GIF_OUTPUT:${await readFile(at("x.json"), "utf8")}`);
  });

  test("a disk that is full in the middle: GIF and record have the frames that fit beside each other", async () => {
    const { code, stderr } = await run(["--frames", "30", "--resolution", "320x240", "--quiet", "--out", "x.gif"], {
      VOLUMARK_FAULT: "disk@50000",
    });
    expect(code).toBe(1);
    const [, kept = ""] =
      /full after 50000 of \d+ bytes\. .* Meanwhile (\d+) of 30 frames are finished and kept\.\n$/.exec(stderr) ?? [];
    const frames = Number(kept);
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(30);
    const record = await expectOutput(at("x.gif"), frames);
    expect(record.error).toMatch(new RegExp(`^write failed at frame ${frames}: `));
    const bytes = (await readFile(at("x.gif"))).length + (await readFile(at("x.json"))).length;
    expect(bytes).toBeLessThanOrEqual(50_000);
    expect(record.run.outputHash).toBe(
      createHash("sha256")
        .update(await readFile(at("x.gif")))
        .digest("hex"),
    );
  });

  test("a disk that is full at the record: the GIF is there, and the line is printed", async () => {
    const { code, stdout, stderr } = await run([...SMALL, "--quiet", "--gif-output", "--out", "x.gif"], {
      VOLUMARK_FAULT: "disk@record",
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^write x\.json: the disk is full after 10 bytes\. Free some space, [^\n]+\n$/);
    expect(await namesIn(folder)).toEqual(["x.gif"]);
    const record = JSON.parse(stdout.slice("GIF_OUTPUT:".length));
    expect(record.error).toMatch(/the disk is full/);
    expect(record.frame_count).toBe(6);
  });

  test("a disk that is really full", async (context) => {
    await mkdir(at("disk"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", at("disk")], { encoding: "utf8" });
    if (mounted.status !== 0) {
      const reason = `a small disk cannot be mounted here: ${(mounted.error?.message ?? mounted.stderr).trim()}`;
      console.log(`skipped: ${reason}`);
      return context.skip(reason);
    }
    try {
      const { code, stderr } = await run([...THIRTY, "--quiet", "--out", "disk"]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/the disk is full after \d+/);
      expect(stderr.trimEnd()).not.toContain("\n");
      expect((await namesIn(at("disk"))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    } finally {
      spawnSync("umount", [at("disk")]);
    }
  });

  test.each([
    ["SIGINT", 130, "Ctrl-C"],
    ["SIGTERM", 143, "SIGTERM"],
    ["SIGQUIT", 131, "SIGQUIT"],
    ["SIGHUP", 129, "SIGHUP"],
  ] as const)("%s ends with %d after the frames that are finished", async (signal, exitCode, reason) => {
    const child = start(["run", ...THIRTY, "--frames", "400", "--gif-output", "--out", "x.gif"], {
      cwd: folder,
      env: { VOLUMARK_FAULT: "slow@20" },
    });
    const end = ended(child);
    await seen(child, /\b\d+\/400 frames/);
    child.kill(signal);
    const { code, stdout, stderr } = await end;
    expect(code).toBe(exitCode);
    const record = await recordIn(at("x.json"));
    expect(record.frame_count).toBeGreaterThan(0);
    expect(record.frame_count).toBeLessThan(400);
    await expectOutput(at("x.gif"), record.frame_count);
    // Stopped is a result, not an error.
    expect(record.error).toBeUndefined();
    expect(record.benchmark_data.error_occurred).toBe(false);
    expect(record.run.failure).toBeUndefined();
    expect(record.run.stopped).toEqual({ frame: record.frame_count, reason });
    expect(record.run.checks.filter((check) => check.passed === false)).toEqual([]);
    expect(stderr).toContain(`${record.frame_count} of 400 frames are finished and kept; ${reason} stopped the run.`);
    expect(stderr).toContain(", a limited run: ");
    expect(stderr).not.toMatch(/failed|WRONG/i);
    expect(stdout).toBe(`GIF_OUTPUT:${await readFile(at("x.json"), "utf8")}`);
    expect(await namesIn(folder)).toEqual(["x.gif", "x.json"]);
  });

  test("a second Ctrl-C ends at once, keeps the frames that are finished and says so", async () => {
    const child = start(["run", ...THIRTY, "--frames", "400", "--lanes", "1", "--out", "x.gif"], {
      cwd: folder,
      env: { VOLUMARK_FAULT: "slow@900" },
    });
    const end = ended(child);
    await seen(child, /\b[1-9]\d*\/400 frames/);
    child.kill("SIGINT");
    await seen(child, /once more stops at once/);
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(130);
    const frames = Number(
      /Stopped at once: (\d+) of 400 frames are kept in x\.gif, without a record\.\n$/.exec(stderr)?.[1],
    );
    expect(frames).toBeGreaterThanOrEqual(1);
    expect(await namesIn(folder)).toEqual(["x.gif"]);
    expect(decodeGif(await readFile(at("x.gif"))).frames).toHaveLength(frames);
  });

  test("what a run that was killed left behind is removed by the next in the same folder", async () => {
    const child = start(["run", ...THIRTY, "--frames", "400"], { cwd: folder, env: { VOLUMARK_FAULT: "slow@20" } });
    const end = ended(child);
    await seen(child, /\b\d+\/400 frames/);
    child.kill("SIGKILL");
    await end;
    expect(await namesIn(at("out"))).toEqual([expect.stringMatching(/^\.volumark-.*\.gif\.tmp$/)]);
    await run([...SMALL, "--quiet"]);
    expect(await namesIn(at("out"))).toHaveLength(2);
    expect((await namesIn(at("out"))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a second Ctrl-C before the first frame leaves no temporary file", async () => {
    const child = start(["run", ...THIRTY, "--frames", "400"], { cwd: folder, env: { VOLUMARK_FAULT: "slow@900" } });
    const end = ended(child);
    await seen(child, /seed: 400 frames/);
    await delay(300);
    child.kill("SIGINT");
    await seen(child, /once more stops at once/);
    child.kill("SIGINT");
    const { code } = await end;
    expect(code).toBe(130);
    expect(await namesIn(at("out"))).toEqual([]);
  });

  /** Waits until the child has printed something on standard error. */
  async function seen(child: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
    let text = "";
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on("data", (chunk) => {
        text += chunk;
        if (pattern.test(text)) resolve();
      });
      child.on("close", () => reject(new Error(`ended without printing ${pattern}: ${text}`)));
    });
  }
});

describe("info and presets", () => {
  test("info names the machine, the sensors and the limits, each missing thing with a reason", async () => {
    const { code, stdout, stderr } = await program(["info"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    for (const text of ["Machine", "processor", "Sensors", "Limits", "4 to 2048, 32 by default"])
      expect(stdout).toContain(text);
    expect(stdout).not.toMatch(/undefined|\[object|no reason is known/);
  });

  test("info --json is one document that says of everything whether it is available, or why not", async () => {
    const { stdout } = await program(["info", "--json"], { cwd: folder });
    const info = JSON.parse(stdout);
    expect(Object.keys(info)).toEqual(
      expect.arrayContaining(["volumark", "systemInfo", "environment", "sensors", "limits"]),
    );
    for (const sensor of info.sensors) expect(sensor.available || sensor.reason.length > 5).toBe(true);
  });

  test("presets lists each with one line, and as data that can be drawn again", async () => {
    const { code, stdout } = await program(["presets"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(0, PRESETS.length)).toEqual(
      PRESETS.map(({ name, description, dimension = 32 }) =>
        expect.stringMatching(new RegExp(`^${name} +${description?.slice(0, 10)}.*dimension ${dimension}\\)`)),
      ),
    );
    const data = JSON.parse((await program(["presets", "--json"], { cwd: folder })).stdout);
    expect(data).toEqual(JSON.parse(JSON.stringify(PRESETS)));
    await writeFile(at("scene.json"), JSON.stringify(data[0]));
    await run([...SMALL, "--scene", "scene.json", "--out", "a.gif"]);
    await run([...SMALL, "--preset", data[0].name, "--out", "b.gif"]);
    expect((await readFile(at("a.gif"))).equals(await readFile(at("b.gif")))).toBe(true);
  });
});

describe("in a terminal", () => {
  const reason = terminalReason();
  if (reason !== null) console.log(`skipped: the tests in a terminal, ${reason}`);
  const inTerminal = (words: string[], env: Record<string, string> = {}, columns = 100) =>
    programInTerminal(["run", ...words], { cwd: folder, env }, columns);

  test.skipIf(reason !== null)("the progress line is redrawn, narrower than the terminal, and removed", async () => {
    const { code, stdout } = await inTerminal([...THIRTY, "--no-color"], { VOLUMARK_FAULT: "slow@20" }, 60);
    expect(code).toBe(0);
    const drawn = stdout.split("\r").filter((part) => /[█░]/.test(part) && part.includes("/30"));
    expect(drawn.length).toBeGreaterThan(1);
    for (const line of drawn) expect(line.replace("\x1b[K", "").split("\n", 1)[0]?.length).toBeLessThan(60);
    expect(stdout).toContain("\r\x1b[K");
  });

  test.skipIf(reason !== null)("true colour brings colours and the preview, 24 bits a cell", async () => {
    const { code, stdout } = await inTerminal(SMALL, { COLORTERM: "truecolor" });
    expect(code).toBe(0);
    expect(stdout).toContain("\x1b[38;2;");
    expect(stdout).toContain("▀");
  });

  test.skipIf(reason !== null)(
    "an animation of more pixels than a decoder makes at once has a preview, too",
    async () => {
      const words = ["--dimension", "4", "--resolution", "1024x768", "--frames", "350", "--lanes", "2"];
      const { code, stdout } = await inTerminal(words, { COLORTERM: "truecolor" });
      expect(code).toBe(0);
      expect(stdout).toContain("▀");
    },
  );

  test.skipIf(reason !== null).each<[what: string, words: string[], env: Record<string, string>]>([
    ["--no-preview", ["--no-preview"], { COLORTERM: "truecolor" }],
    ["--no-color", ["--no-color"], { COLORTERM: "truecolor" }],
    ["no true colour", [], {}],
    ["NO_COLOR", [], { COLORTERM: "truecolor", NO_COLOR: "1" }],
    ["TERM=dumb", [], { COLORTERM: "truecolor", TERM: "dumb" }],
  ])("%s: no preview", async (_what, words, env) => {
    const { code, stdout } = await inTerminal([...SMALL, ...words], env);
    expect(code).toBe(0);
    expect(stdout).not.toContain("▀");
  });

  test.skipIf(reason !== null)("a dumb terminal gets plain lines", async () => {
    const { stdout } = await inTerminal(THIRTY, { TERM: "dumb" });
    expect(stdout).not.toContain("\x1b");
    expect(stdout).toMatch(/30\/30 frames/);
  });

  test.skipIf(reason !== null)("NO_COLOR leaves no colour, FORCE_COLOR brings it to a pipe", async () => {
    const { stdout } = await inTerminal(SMALL, { NO_COLOR: "1" });
    expect(stdout.replaceAll("\x1b[K", "")).not.toContain("\x1b");
    expect((await run(SMALL, { FORCE_COLOR: "1" })).stderr).toContain("\x1b[");
  });
});
