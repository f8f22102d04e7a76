import { LIMITS, PRESETS, SETTINGS_DEFAULTS, settingsHash } from "@volumark/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_HANDLERS } from "./fixtures/no-handlers.ts";
import { buildProgram } from "./program.ts";
import { MOST_LANES, RUN_DEFAULTS, readRunOptions, SCENE_OPTIONS } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";

test("no option at all is the seed animation", async () => {
  const { settings, lanes, backend, out } = await readRunOptions({});
  expect(settings).toEqual({ ...SETTINGS_DEFAULTS, scene: PRESETS[0] });
  expect([lanes, backend, out]).toEqual([null, "wasm", "out"]);
});

test("without --dimension a scene is drawn with its own, and with it as asked", async () => {
  const gyroid = PRESETS.find(({ name }) => name === "gyroid");
  expect(gyroid?.dimension).toBeGreaterThan(SETTINGS_DEFAULTS.dimension);
  expect((await readRunOptions({ preset: "gyroid" })).settings.dimension).toBe(gyroid?.dimension);
  expect((await readRunOptions({ preset: "gyroid", dimension: "16" })).settings.dimension).toBe(16);
});

test("every option reaches its setting", async () => {
  const { settings, ...how } = await readRunOptions({
    preset: "seed",
    dimension: "64",
    resolution: "320x200",
    frames: "12",
    fps: "12.5",
    torusAltitude: "-.25",
    torusMajorRadius: "0.6",
    torusMinorRadius: "0.2",
    smoothMinRadius: "0",
    lanes: "3",
    passes: "7",
    backend: "reference",
    out: "x.gif",
    json: true,
    quiet: true,
    verify: true,
    color: false,
    preview: false,
    store: false,
  });
  expect(settings).toMatchObject({ dimension: 64, width: 320, height: 200, frames: 12, fps: 12.5 });
  expect(settings.scene.parameters).toEqual({
    torusAltitude: -0.25,
    torusMajorRadius: 0.6,
    torusMinorRadius: 0.2,
    smoothMinRadius: 0,
  });
  expect(how).toEqual({
    made: {
      "--preset": "seed",
      "--dimension": "64",
      "--resolution": "320x200",
      "--frames": "12",
      "--fps": "12.5",
      "--torus-altitude": "-.25",
      "--torus-major-radius": "0.6",
      "--torus-minor-radius": "0.2",
      "--smooth-min-radius": "0",
    },
    lanes: 3,
    backend: "reference",
    plan: { kind: "fixed", count: 7 },
    out: "x.gif",
    json: true,
    gifOutput: false,
    quiet: true,
    verify: true,
    color: false,
    preview: false,
    store: false,
  });
});

test("an option set to its default changes nothing that decides a byte", async () => {
  const plain = await readRunOptions({});
  const spelled = await readRunOptions({
    torusAltitude: "-0.5",
    dimension: "32",
    resolution: "512x384",
    smoothMinRadius: ".5",
  });
  expect(settingsHash(spelled.settings)).toBe(settingsHash(plain.settings));
});

test("a preset is found by every name that is listed", async () => {
  for (const scene of PRESETS) expect((await readRunOptions({ preset: scene.name })).settings.scene).toEqual(scene);
});

test("a value that is wrong is found although the scene file is missing, and before it is read", async () => {
  await expect(readRunOptions({ scene: "/missing.json", dimension: "0" })).rejects.toThrow(/^--dimension /);
});

test("radii are compared with each other as they will be used", async () => {
  await expect(readRunOptions({ torusMinorRadius: "0.5" })).rejects.toThrow(UsageError);
  await expect(readRunOptions({ torusMinorRadius: "0.5", torusMajorRadius: "0.6" })).resolves.toBeDefined();
});

test("whatever stands on the command line, it is settings or one line that says what is wrong", async () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.integer().map(String),
      fc.double().map(String),
      fc.constantFrom("512x384", "seed", "wasm", "0", "-0", "1e3", "", "--", "__proto__", "constructor"),
    ),
    { nil: undefined },
  );
  const names = ["preset", "dimension", "resolution", "frames", "fps", "lanes", "backend", "torusAltitude"] as const;
  const others = ["torusMajorRadius", "torusMinorRadius", "smoothMinRadius"] as const;
  const texts = fc.record(Object.fromEntries([...names, ...others].map((name) => [name, text])));
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      const only = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      try {
        const { settings } = await readRunOptions(only);
        expect(settingsHash(settings)).toMatch(/^[0-9a-f]{64}$/);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).toMatch(/^--[a-z-]+ [^\n\r]{1,400}$/);
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("the help gives the limits and defaults that are checked", () => {
  const program = buildProgram(NO_HANDLERS);
  const options = program.commands.find((command) => command.name() === "run")?.options ?? [];
  const text = (name: string) => options.find(({ long }) => long === `--${name}`)?.description ?? "";
  const range = ([least, most]: readonly number[]) => `${least} to ${most}`;
  expect(text("preset")).toContain(`default: ${PRESETS[0]?.name}`);
  expect(text("dimension")).toContain(`${range(LIMITS.dimension)} (default: ${SETTINGS_DEFAULTS.dimension})`);
  expect(text("frames")).toContain(`${range(LIMITS.frames)} (default: ${SETTINGS_DEFAULTS.frames})`);
  expect(text("fps")).toContain(`${range(LIMITS.fps)} (default: ${SETTINGS_DEFAULTS.fps})`);
  expect(text("lanes")).toContain(`1 to ${MOST_LANES}`);
  expect(text("out")).toContain(`default: ${RUN_DEFAULTS.out}`);
  expect(text("backend")).toContain(`default: ${RUN_DEFAULTS.backend}`);
  expect(text("resolution")).toContain(
    `${LIMITS.width[0]}x${LIMITS.height[0]} to ${LIMITS.width[1]}x${LIMITS.height[1]} (default: ${SETTINGS_DEFAULTS.width}x${SETTINGS_DEFAULTS.height})`,
  );
  for (const { option, key, range: limits } of SCENE_OPTIONS) {
    expect(text(option.slice(2))).toContain(`seed: ${PRESETS[0]?.parameters?.[key]}`);
    if (key !== "torusMinorRadius") expect(text(option.slice(2))).toContain(range([limits.least, limits.most]));
  }
});
