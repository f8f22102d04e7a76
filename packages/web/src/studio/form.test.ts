import { execFileSync } from "node:child_process";
import { completeSettings, PRESETS, SETTINGS_DEFAULTS, sceneDimension } from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { runRequestSchema } from "volumark/api";
import {
  commandOf,
  type Form,
  formOf,
  type Preset,
  problemsOf,
  requestOf,
  sceneOf,
  withField,
  withPreset,
} from "./form.ts";
import { shellCommand } from "./shell-command.ts";

const presets: readonly Preset[] = PRESETS.map((scene) => ({
  name: scene.name,
  description: scene.description ?? "",
  dimension: sceneDimension(scene),
  parameters: Object.keys(scene.parameters ?? {}),
  scene: { ...scene },
}));
const seed = presets[0]!;
const form = (search: Parameters<typeof formOf>[0]): Form => formOf(search, presets)!;

describe("the form", () => {
  test("without an address holds the first preset and the defaults", () => {
    expect(form({})).toEqual({
      preset: seed,
      sizes: { ...SETTINGS_DEFAULTS, dimension: 32 },
      parameters: { torusAltitude: -0.5, torusMajorRadius: 0.5, torusMinorRadius: 0.1, smoothMinRadius: 0.5 },
      lanes: null,
      passes: 1,
      verify: false,
      from: null,
      backend: null,
      machine: null,
    });
    expect(formOf({}, [])).toBeNull();
  });

  test("takes the preset's own dimension, and no parameter that the preset has not", () => {
    const gyroid = form({ preset: "gyroid", torusAltitude: 1 });
    expect(gyroid.sizes.dimension).toBe(96);
    expect(gyroid.parameters).toEqual({});
  });

  test("an unknown preset in the address is the first one, not an error", () => {
    expect(form({ preset: "no such" }).preset).toBe(seed);
  });

  test("a default stands in no address", () => {
    expect(withField(seed, "dimension", 32)).toEqual({ dimension: undefined });
    expect(withField(seed, "dimension", 64)).toEqual({ dimension: 64 });
    expect(withField(seed, "lanes", null)).toEqual({ lanes: undefined });
    expect(withField(seed, "torusAltitude", -0.5)).toEqual({ torusAltitude: undefined });
  });

  test("another preset keeps the size and forgets dimension and parameters of the one before", () => {
    const search = { preset: "seed", dimension: 40, frames: 12, torusAltitude: 0, verify: true };
    expect(withPreset(search, presets[1]!, false)).toEqual({ preset: "gyroid", frames: 12, verify: true });
    expect(withPreset(search, seed, true)).toEqual({ frames: 12, verify: true });
  });
});

describe("what is asked for", () => {
  test.each(presets.map((preset) => [preset.name]))("%s: the request is one that the service takes", (name) => {
    const request = requestOf(form({ preset: name, lanes: 2, passes: 3, verify: true, torusAltitude: 0.25 }));
    expect(runRequestSchema.safeParse(request).error).toBeUndefined();
    expect(request.settings.scene).toBe(name);
    expect(request.options).toEqual({ pictures: true, lanes: 2, passes: 3, verify: true });
  });

  test("parameters are named only where they differ, and the live view's scene has them all", () => {
    const changed = form({ torusAltitude: 0.25 });
    expect(requestOf(changed).settings.parameters).toEqual({ torusAltitude: 0.25 });
    expect(requestOf(form({})).settings).not.toHaveProperty("parameters");
    expect(sceneOf(changed).parameters).toEqual({ ...(seed.scene.parameters as object), torusAltitude: 0.25 });
  });
});

describe("problems are said as they are typed", () => {
  test("the defaults have none", () => {
    for (const preset of presets) expect(problemsOf(form({ preset: preset.name }))).toEqual({});
  });

  test("a setting outside its range has the engine's sentence", () => {
    expect(problemsOf(form({ dimension: 3, fps: 0, frames: 1.5 }))).toEqual({
      dimension: "dimension must be a whole number from 4 to 2048, got 3",
      fps: "fps must be a number from 0.1 to 100, got 0",
      frames: "frames must be a whole number from 1 to 100000, got 1.5",
    });
  });

  test("whatever the engine says of a setting is said here, word for word", () => {
    for (const name of ["dimension", "width", "height", "frames", "fps"] as const) {
      for (const value of [-1, 0, 0.05, 0.1, 1, 3, 3.5, 4, 100, 100.5, 2048, 2049, 4096, 4097, 100_000, 100_001]) {
        let said: string | undefined;
        try {
          completeSettings({ scene: "seed", [name]: value });
        } catch (error) {
          said = (error as Error).message;
        }
        expect(problemsOf(form({ [name]: value }))[name]).toBe(said);
      }
    }
  });

  test("so have options and parameters, at their exact ends", () => {
    expect(problemsOf(form({ lanes: 256, passes: 1000, torusAltitude: -4 }))).toEqual({});
    expect(Object.keys(problemsOf(form({ lanes: 257, passes: 0, torusAltitude: -4.01 })))).toEqual([
      "passes",
      "lanes",
      "torusAltitude",
    ]);
    expect(problemsOf(form({ torusMinorRadius: 0.5 })).torusMinorRadius).toContain("no hole");
  });

  test("what is more than this server allows is said with both numbers", () => {
    const limits = { mostDimension: 512, mostFrames: 100, mostPixels: 10_000, mostPasses: 2 };
    const problems = problemsOf(form({ dimension: 513, frames: 101, passes: 3 }), limits);
    expect(problems.dimension).toBe("dimension is 513 and this server allows 512. Lower it.");
    expect(problems.height).toMatch(/^width times height is 196\s608 and this server allows 10\s000\. Lower it\.$/);
    expect(Object.keys(problems).sort()).toEqual(["dimension", "frames", "height", "passes"]);
  });

  test("whatever passes here, the schema takes: each field at and beyond its ends", () => {
    for (const name of [
      "dimension",
      "width",
      "height",
      "frames",
      "fps",
      "lanes",
      "passes",
      "torusAltitude",
      "smoothMinRadius",
    ] as const) {
      for (const value of [-5, -4, 0, 0.001, 0.1, 1, 4, 4.5, 100, 256, 257, 2048, 2049, 10_000, 100_000, 100_001]) {
        const one = form({ [name]: value });
        const here = problemsOf(one)[name] === undefined;
        const path = (issue: { path: PropertyKey[] }) => issue.path.at(-1) === name;
        const there = !runRequestSchema.safeParse(requestOf(one)).error?.issues.some(path);
        expect([name, value, here]).toEqual([name, value, there]);
      }
    }
  });
});

describe("the command that does the same", () => {
  test("names what differs from the defaults, negative numbers behind an equals sign", () => {
    expect(commandOf(form({}))).toBe("volumark run --preset seed");
    expect(
      commandOf(
        form({
          dimension: 64,
          width: 320,
          fps: 12.5,
          frames: 10,
          torusAltitude: -0.25,
          lanes: 2,
          passes: 5,
          verify: true,
        }),
      ),
    ).toBe(
      "volumark run --preset seed --dimension 64 --resolution 320x384 --frames 10 --fps 12.5 --torus-altitude=-0.25 --lanes 2 --passes 5 --verify",
    );
  });

  test("a shell reads back what was meant, whatever stands in a word", () => {
    const words = [
      "printf",
      "%s\\n",
      "plain",
      "two words",
      "it's",
      "$(touch x)",
      "`x`",
      'a"b',
      "a;b",
      "*",
      "",
      "ü",
      "-x",
    ];
    const said = execFileSync("sh", ["-c", shellCommand(words)], { encoding: "utf8" });
    expect(said).toBe(`${words.slice(2).join("\n")}\n`);
  });
});
