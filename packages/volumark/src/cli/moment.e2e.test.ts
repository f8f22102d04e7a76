/** `volumark mesh` and `volumark frame` from the outside: what they print, what they write, and how they end. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cameraAt,
  checkMesh,
  createSceneField,
  drawMesh,
  extractSurface,
  type Mesh,
  PRESETS,
  resolveLook,
  SCENE_SCHEMA,
  type SceneSpec,
} from "@volumark/engine";
import validator from "gltf-validator";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ended, program, start } from "./fixtures/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-moment-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const run = (...words: string[]) => program(words, { cwd: folder });
const SEED = PRESETS[0] as SceneSpec;

interface Document {
  readonly command: string;
  readonly settings: Record<string, unknown>;
  readonly time: number;
  readonly counts: Record<string, number | null>;
  readonly timesNs: Record<string, number | null>;
  readonly repeat: { passes: number; bestNs: Record<string, number>; medianNs: Record<string, number> };
  readonly mesh?: Record<string, unknown>;
  readonly memory: { kernelPeakBytes: number; processPeakBytes: number };
  readonly file: { path: string; bytes: number; sha256: string };
}

async function documentOf(...words: string[]): Promise<Document> {
  const { code, stdout, stderr } = await run(...words, "--json", "--quiet");
  expect([code, stderr]).toEqual([0, ""]);
  const document = JSON.parse(stdout) as Document;
  const bytes = await readFile(document.file.path);
  expect(document.file.bytes).toBe(bytes.length);
  expect(document.file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  return document;
}

function surface(scene: SceneSpec, dimension: number, time: number): Mesh {
  const field = createSceneField(scene, { dimension }).at(time);
  return extractSurface(field.sample(dimension), {
    normals: (positions, normals) => field.normalsInto(positions, normals),
  });
}

describe("mesh", () => {
  test.each([
    [32, 2162, 4210],
    [64, 9016, 17_798],
    [128, 36_110, 71_754],
    [256, 142_862, 284_802],
  ])("dimension %i at half a second has %i vertices and %i triangles", async (dimension, vertices, triangles) => {
    const document = await documentOf("mesh", "--time", "0.5", "--dimension", `${dimension}`, "--out", "x.stl");
    expect(document.counts).toMatchObject({ vertices, triangles, shadedPixels: null });
    expect(document.file.bytes).toBe(84 + 50 * triangles);
  });

  test("the document says what was made, from what, and what it cost", async () => {
    const document = await documentOf(
      "mesh",
      "--time",
      "0.5",
      "--out",
      "x.ply",
      "--repeat",
      "5",
      "--torus-altitude",
      "-.2",
    );
    const scene = { ...SEED, parameters: { ...SEED.parameters, torusAltitude: -0.2 } };
    expect(document).toMatchObject({
      command: "mesh",
      settings: { scene, dimension: 32, topology: "classic", weld: false, backend: "wasm" },
      time: 0.5,
      repeat: { passes: 5 },
      file: { path: at("x.ply") },
    });
    expect(document.mesh).toEqual({ ...checkMesh(surface(scene, 32, 0.5)) });
    const { field, surface: surfaceNs, picture, check, write } = document.timesNs;
    for (const ns of [field, surfaceNs, check, write]) expect(Number.isInteger(ns) && Number(ns) > 0).toBe(true);
    expect(picture).toBeNull();
    for (const stage of ["field", "surface"]) {
      expect(document.repeat.bestNs[stage]).toBeLessThanOrEqual(document.repeat.medianNs[stage]);
      expect(document.repeat.medianNs[stage]).toBe(document.timesNs[stage]);
    }
    for (const name of ["bricks", "samples", "activeCells"]) expect(document.counts[name]).toBeGreaterThan(0);
    expect(document.memory.processPeakBytes).toBeGreaterThan(document.memory.kernelPeakBytes);
  });

  test("each format is written whole, and the same mesh gives the same bytes", async () => {
    for (const ending of ["stl", "ply", "obj", "glb"]) {
      const one = await documentOf("mesh", "--dimension", "16", "--out", `a/one.${ending}`);
      const two = await documentOf("mesh", "--dimension", "16", "--out", `a/two.${ending}`, "--repeat", "3");
      expect(two.file.sha256).toBe(one.file.sha256);
    }
    expect((await readdir(at("a"))).sort()).toEqual(
      ["one", "two"].flatMap((name) => ["glb", "obj", "ply", "stl"].map((ending) => `${name}.${ending}`)),
    );
  });

  test("a closed scene is closed, oriented, of positive volume, and valid glTF", async () => {
    await writeFile(
      at("scene.json"),
      JSON.stringify({
        schema: SCENE_SCHEMA,
        name: "Kugel über Null",
        root: { type: "sphere", radius: 0.5 },
        camera: { position: [0, 0, 3], direction: [0, 0, -1], verticalFieldOfView: 45 },
        look: { surfaceColor: [1, 0.5, 0] },
      }),
    );
    const { mesh, counts } = await documentOf("mesh", "--scene", "scene.json", "--dimension", "64", "--out", "x.glb");
    expect(mesh).toMatchObject({ closed: true, oriented: true, eulerCharacteristic: 2 });
    expect(mesh?.volume).toBeGreaterThan(0.98 * (4 / 3) * Math.PI * 0.125);
    const { issues, info } = await validator.validateBytes(new Uint8Array(await readFile(at("x.glb"))));
    expect(issues).toMatchObject({ numErrors: 0, numWarnings: 0 });
    expect(info.totalTriangleCount).toBe(counts.triangles);
  });

  test("the seed scene, capped, welded and of trilinear topology, is closed and clean", async () => {
    const words = ["mesh", "--dimension", "48", "--out", "x.stl"];
    expect((await documentOf(...words)).mesh).toMatchObject({ closed: false });
    const document = await documentOf(...words, "--closed", "--weld", "--topology", "trilinear");
    expect(document.settings).toMatchObject({ topology: "trilinear", weld: true, scene: { closed: true } });
    expect(document.mesh).toMatchObject({
      closed: true,
      oriented: true,
      duplicateFaceCount: 0,
      zeroAreaTriangleCount: 0,
      boundaryEdgeCount: 0,
    });
    expect(document.mesh?.volume).toBeGreaterThan(0);
  });

  test("people read counts, times and the file on standard error; standard output stays empty", async () => {
    const { code, stdout, stderr } = await run("mesh", "--time", "0.5", "--out", "x.glb", "--repeat", "3");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^seed at 0\.5 s, dimension 32\n/);
    for (const text of [
      "2162 vertices, 4210 triangles",
      "open: 112 edges",
      "medians of 3 passes; best field",
      at("x.glb"),
    ])
      expect(stderr).toContain(text);
  });

  test("a surface that is not there is said to be none, and the file is valid", async () => {
    const words = ["mesh", "--preset", "seed", "--torus-major-radius", "0.002", "--torus-minor-radius", "0.001"];
    await writeFile(
      at("scene.json"),
      JSON.stringify({ ...SEED, name: "nothing", root: { type: "sphere", radius: 0.000001 }, parameters: {} }),
    );
    expect((await run(...words, "--out", "seed.stl")).code).toBe(0);
    const { code, stderr } = await run("mesh", "--scene", "scene.json", "--out", "x.glb");
    expect(code).toBe(0);
    expect(stderr).toContain("nothing: the field does not change its sign inside the grid");
    const { issues } = await validator.validateBytes(new Uint8Array(await readFile(at("x.glb"))));
    expect(issues).toMatchObject({ numErrors: 0, numWarnings: 0 });
  });

  test("a million triangles need a small multiple of their file", async () => {
    for (const ending of ["obj", "glb"]) {
      const { counts, file, memory } = await documentOf(
        "mesh",
        "--time",
        "0.5",
        "--dimension",
        "512",
        "--out",
        `x.${ending}`,
      );
      expect(counts.triangles).toBe(1_144_866);
      // Beside the process itself: bricks and mesh in kernel memory, and the tables of the check.
      expect(memory.kernelPeakBytes).toBeLessThan(100e6);
      expect(memory.processPeakBytes).toBeLessThan(400e6);
      expect(file.bytes).toBeGreaterThan(25e6);
    }
  });
});

describe("frame", () => {
  test("its pixels are those of the engine", async () => {
    const document = await documentOf("frame", "--time", "0.5", "--resolution", "211x100", "--out", "x.png");
    const picture = drawMesh(
      surface(SEED, 32, 0.5),
      cameraAt(SEED.camera, 0.5, SEED.parameters),
      resolveLook(SEED.look),
      {
        width: 211,
        height: 100,
      },
    );
    const { data, info } = await sharp(at("x.png")).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([211, 100]);
    expect(data.equals(picture.rgba)).toBe(true);
    expect(document.counts.shadedPixels).toBe(picture.shadedPixelCount);
    expect(document.timesNs.picture).toBeGreaterThan(0);
    expect(document.settings).toMatchObject({ width: 211, height: 100 });
    expect(document.mesh).toBeUndefined();
  });

  test("people read what it cost, and the reference back end gives the same file", async () => {
    const { code, stderr } = await run("frame", "--out", "one.png", "--resolution", "64x48");
    expect(code).toBe(0);
    expect(stderr).toMatch(/Time +field [\d.]+ ms, surface [\d.]+ ms, picture [\d.]+ ms, write [\d.]+ ms\n/);
    await documentOf("frame", "--out", "two.png", "--resolution", "64x48", "--backend", "reference");
    expect((await readFile(at("two.png"))).equals(await readFile(at("one.png")))).toBe(true);
  });

  test("a camera that looks nowhere ends with 1 and one sentence, and leaves no file", async () => {
    const camera = {
      position: [0, 0, 3],
      direction: [
        0,
        0,
        {
          keyframes: [
            [0, -1],
            [1, 0],
          ],
        },
      ],
      verticalFieldOfView: 45,
    };
    await writeFile(at("scene.json"), JSON.stringify({ ...SEED, camera }));
    const { code, stdout, stderr } = await run(
      "frame",
      "--scene",
      "scene.json",
      "--time",
      "1",
      "--out",
      "x.png",
      "--json",
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^The picture stage failed at 1 s: [^\n]+\n$/);
    expect(await readdir(folder)).toEqual(["scene.json"]);
  });
});

describe("a wrong command line ends with 2 and one sentence, and leaves nothing behind", () => {
  const endings = "--out must be a file whose name ends in .stl, .ply, .obj or .glb";
  const time = "--time must be a number from 0 to 1000000, got ";
  test.each<[words: string[], sentence: string | RegExp]>([
    [["mesh"], `${endings}; it is missing`],
    [["mesh", "--out", "x.gltf"], `${endings}, got "x.gltf"`],
    [["mesh", "--out", "x"], `${endings}, got "x"`],
    [["mesh", "--out", ""], `${endings}, got ""`],
    [["mesh", "--out", "--json"], '--out needs a value, and "--json" after it is an option'],
    [["mesh", "--out"], "--out needs a value"],
    [["frame", "--out", "x.jpg"], '--out must be a file whose name ends in .png, got "x.jpg"'],
    [["mesh", "--out", "x.stl", "--time", "-1"], `${time}-1`],
    [["mesh", "--out", "x.stl", "--time", "NaN"], `${time}NaN`],
    [["frame", "--out", "x.png", "--time", "Infinity"], `${time}Infinity`],
    [["frame", "--out", "x.png", "--time", "1e7"], `${time}1e7`],
    [["mesh", "--out", "x.stl", "--dimension", "3"], "--dimension must be a whole number from 4 to 2048, got 3"],
    [["mesh", "--out", "x.stl", "--repeat", "0"], "--repeat must be a whole number from 1 to 1000, got 0"],
    [["mesh", "--out", "x.stl", "--backend", "gpu"], '--backend must be wasm or reference, got "gpu"'],
    [["mesh", "--out", "x.stl", "--preset", "sed"], /^--preset must be one of .+; did you mean seed\?$/],
    [["mesh", "--out", "x.stl", "--preset", "seed", "--scene", "x"], /^--preset and --scene both name what is drawn/],
    [["mesh", "--out", "x.stl", "--scene", "no.json"], "--scene no.json: there is no such file"],
    [
      ["mesh", "--out", "x.stl", "--resolution", "1x1"],
      "mesh has no option --resolution; run, bench, compare and frame have it",
    ],
    [["mesh", "--out", "x.stl", "extra"], '"extra" belongs to no option of mesh; volumark mesh --help lists them'],
    [["mehs"], "There is no command mehs; did you mean mesh?"],
    [["frame", "--out", "/proc/none/x.png"], /^create the folder \/proc\/none: /],
    [["mesh", "--out", "/dev/null/x.glb"], /\/dev\/null/],
  ])("%j", async (words, sentence) => {
    const { code, stdout, stderr } = await run(...words);
    const text = stderr.slice(0, -1);
    if (typeof sentence === "string") expect(text).toBe(sentence);
    else expect(text).toMatch(sentence);
    expect(text).not.toContain("\n");
    expect([code, stdout]).toEqual([2, ""]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a folder where the file should be is left as it is", async () => {
    await mkdir(at("x.glb"));
    const { code, stderr } = await run("mesh", "--out", "x.glb");
    expect(code).toBe(2);
    expect(stderr).toContain("a folder has this name");
  });

  test("more memory than there can be is refused with both figures", async () => {
    const scene = { ...SEED, root: { type: "gyroid", period: 0.05, thickness: 0.01 }, parameters: {} };
    await writeFile(at("scene.json"), JSON.stringify(scene));
    const { code, stderr } = await run("mesh", "--scene", "scene.json", "--dimension", "2048", "--out", "x.stl");
    expect(stderr).toMatch(/^This mesh needs about [\d.]+ GB .+ [\d.]+ GB; choose a smaller --dimension\.\n$/);
    expect(code).toBe(2);
  });
});

test.each(["mesh", "frame"])(
  "%s --help and help of it are the same, with examples, and load no engine",
  async (command) => {
    const coverage = at("coverage");
    const long = await program([command, "--help"], { cwd: folder, env: { NODE_V8_COVERAGE: coverage } });
    expect([long.code, long.stderr]).toEqual([0, ""]);
    expect((await run("help", command)).stdout).toBe(long.stdout);
    expect(long.stdout).toContain("Examples:");
    for (const name of await readdir(coverage)) {
      expect(await readFile(join(coverage, name), "utf8")).not.toMatch(/"file:[^"]*\/engine(\.js|\/)/);
    }
  },
);

test.each(["SIGINT", "SIGTERM"] as const)("%s leaves no file behind", async (signal) => {
  const child = start(["mesh", "--dimension", "400", "--repeat", "1000", "--out", "x.obj"], { cwd: folder });
  const result = ended(child);
  await once(child, "spawn");
  await new Promise((resolve) => setTimeout(resolve, 700));
  child.kill(signal);
  const { code, signal: by } = await result;
  expect(by ?? code).toBe(by === null ? { SIGINT: 130, SIGTERM: 143 }[signal] : signal);
  expect(await readdir(folder)).toEqual([]);
});
