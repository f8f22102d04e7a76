import { LIMITS, PRESETS, SETTINGS_DEFAULTS } from "@volumark/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MESH_ENDINGS } from "../export/format.ts";
import { NO_HANDLERS } from "./fixtures/no-handlers.ts";
import { type MomentOptionTexts, PASSES_RANGE, readMomentOptions, TIME_RANGE } from "./moment-options.ts";
import { buildProgram } from "./program.ts";
import { RUN_DEFAULTS, SCENE_OPTIONS } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";

const mesh = (texts: MomentOptionTexts) => readMomentOptions({ out: "x.glb", ...texts }, "mesh", MESH_ENDINGS);
const frame = (texts: MomentOptionTexts) => readMomentOptions({ out: "x.png", ...texts }, "frame", ["png"]);

test("without --dimension a scene is drawn with its own, and with it as asked", async () => {
  const lattice = PRESETS.find(({ name }) => name === "lattice");
  expect(lattice?.dimension).toBeGreaterThan(SETTINGS_DEFAULTS.dimension);
  expect((await frame({ preset: "lattice" })).settings.dimension).toBe(lattice?.dimension);
  expect((await mesh({ preset: "lattice", dimension: "16" })).settings.dimension).toBe(16);
});

test("only a file is needed: the rest is the seed scene at its beginning", async () => {
  const common = { scene: PRESETS[0], time: 0, dimension: SETTINGS_DEFAULTS.dimension, backend: "wasm" };
  const form = { topology: "classic", weld: false };
  expect((await mesh({})).settings).toEqual({ ...common, form, size: null });
  const { width, height } = SETTINGS_DEFAULTS;
  expect(await frame({})).toMatchObject({
    settings: { ...common, size: { width, height } },
    passes: 1,
    json: false,
    quiet: false,
  });
});

test("every option reaches its setting", async () => {
  const request = await frame({
    time: "1e6",
    dimension: "2048",
    resolution: "4096x1",
    backend: "reference",
    repeat: "1000",
    json: true,
    quiet: true,
    torusAltitude: "-0.25",
  });
  expect(request).toMatchObject({
    settings: { time: 1e6, dimension: 2048, size: { width: 4096, height: 1 }, backend: "reference" },
    passes: 1000,
    json: true,
    quiet: true,
    target: { ending: "png" },
  });
  expect(request.settings.scene.parameters).toMatchObject({ torusAltitude: -0.25 });
});

test("the form of the mesh is what was asked for, and a closed one is a property of the scene", async () => {
  const { settings } = await mesh({ topology: "trilinear", weld: true, closed: true });
  expect(settings.form).toEqual({ topology: "trilinear", weld: true });
  expect(settings.scene).toEqual({ ...PRESETS[0], closed: true });
  await expect(mesh({ topology: "mc33" })).rejects.toThrow('--topology must be classic or trilinear, got "mc33"');
});

test.each(["-1", "-1e-9", "1000000.1", "1e7", "1e999", "NaN", "Infinity", "-Infinity", "", " 1", "0x1", "1s", "1,5"])(
  "the time %j is refused",
  async (time) => {
    await expect(mesh({ time })).rejects.toThrow(/^--time must be a number from 0 to 1000000, got /);
  },
);

test.each(["0", "-0", "0.5", ".5", "1000000", "1e-300"])("the time %j is taken", async (time) => {
  expect((await mesh({ time })).settings.time).toBe(Math.abs(Number(time)));
});

test("whatever stands on the command line, it is a request or one line that says what is wrong", async () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.double().map(String),
      fc.constantFrom("seed", "wasm", "x.glb", "0", "-0", "1e3", "", "--", "__proto__", "512x384"),
    ),
    { nil: undefined },
  );
  const names = ["preset", "time", "dimension", "backend", "repeat", "out", "torusAltitude"] as const;
  await fc.assert(
    fc.asyncProperty(fc.record(Object.fromEntries(names.map((name) => [name, text]))), async (given) => {
      const only = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      try {
        expect((await mesh(only)).settings.time).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).toMatch(/^--[a-z-]+ [^\n\r]{1,400}$/);
      }
    }),
    { seed: 12, numRuns: 500 },
  );
});

test.each(["mesh", "frame"])("the help of %s gives the limits and defaults that are checked", (name) => {
  const program = buildProgram(NO_HANDLERS);
  const options = program.commands.find((command) => command.name() === name)?.options ?? [];
  const text = (name: string) => options.find(({ long }) => long === `--${name}`)?.description ?? "";
  const range = ([least, most]: readonly number[]) => `${least} to ${most}`;
  expect(text("preset")).toContain(`default: ${PRESETS[0]?.name}`);
  expect(text("dimension")).toContain(`${range(LIMITS.dimension)} (default: ${SETTINGS_DEFAULTS.dimension})`);
  expect(text("time")).toContain(`${range([TIME_RANGE.least, TIME_RANGE.most])} (default: ${TIME_RANGE.least})`);
  expect(text("repeat")).toContain(`${range([PASSES_RANGE.least, PASSES_RANGE.most])} (default: 1)`);
  expect(text("backend")).toContain(`default: ${RUN_DEFAULTS.backend}`);
  for (const ending of name === "mesh" ? MESH_ENDINGS : ["png"]) expect(text("out")).toContain(`.${ending}`);
  for (const { option, key } of SCENE_OPTIONS)
    expect(text(option.slice(2))).toContain(`seed: ${PRESETS[0]?.parameters?.[key]}`);
  if (name === "frame") {
    expect(text("resolution")).toContain(`${SETTINGS_DEFAULTS.width}x${SETTINGS_DEFAULTS.height}`);
    expect(text("resolution")).toContain(`${LIMITS.width[1]}x${LIMITS.height[1]}`);
  } else expect(text("resolution")).toBe("");
});
