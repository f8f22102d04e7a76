import {
  type AnimationInput,
  completeSettings,
  PRESETS,
  preset,
  type SceneSpec,
  sceneDimension,
  withParameters,
} from "@volumark/engine";
import { describe, expect, test } from "vitest";
import { type RunView, runRequestSchema } from "volumark/api";
import { oldRecord } from "../shaping/fixtures/records.ts";
import { type MadeRun, madeOf, sceneAsPreset, searchOf } from "./again.ts";
import { formOf, type Preset, requestOf } from "./form.ts";

const presets: readonly Preset[] = PRESETS.map((scene) => sceneAsPreset(scene, sceneDimension(scene)));
const mine: SceneSpec = { ...preset("gyroid"), name: "mine", description: "a scene of one's own" };
const submitted = (settings: object, options: object = {}, machine: string | null = null) =>
  ({ settings: completeSettings(settings as never), options, machine }) as unknown as RunView;
const made = (run: RunView) => madeOf(run, null) as MadeRun;
/** What the filled form asks for, as the service completes it. */
function asked(one: MadeRun) {
  const search = searchOf(one, "r-1", presets);
  const own = search.from === undefined ? null : sceneAsPreset(one.scene, one.sizes.dimension);
  const request = runRequestSchema.parse(requestOf(formOf(search, presets, own)!));
  const { parameters, scene, ...sizes } = request.settings;
  const spec = typeof scene === "string" ? preset(scene) : scene;
  const settings = { ...sizes, scene: withParameters(spec, parameters ?? {}) };
  return { ...request, settings: completeSettings(settings as AnimationInput) };
}

describe("a run is made again with what it was made with", () => {
  test.each([
    ["a preset as it is", { scene: "seed" }],
    ["another with all sizes", { scene: "gyroid", dimension: 40, width: 64, height: 48, frames: 3, fps: 12.5 }],
    ["a preset with other parameters", { scene: withParameters(preset("seed"), { torusAltitude: 0.25 }) }],
    ["a scene of one's own", { scene: mine, frames: 2 }],
    ["a scene that has a preset's name and another shape", { scene: { ...mine, name: "seed" } }],
  ])("%s: the same settings", (_, settings) => {
    const run = submitted(settings);
    expect(asked(made(run)).settings).toEqual(run.settings);
  });

  test("options, the back end and the worker that was asked for stay", () => {
    const options = { lanes: 2, passes: 3, verify: true, backend: "reference", pictures: true };
    const again = asked(made(submitted({ scene: "seed" }, options, "lab")));
    expect([again.options, again.machine]).toEqual([options, "lab"]);
  });

  test("what is a default stands in no address, and a scene that is no preset is named by its run", () => {
    expect(searchOf(made(submitted({ scene: "seed" }, { pictures: true })), "r-1", presets)).toEqual({});
    expect(searchOf(made(submitted({ scene: mine, dimension: 40 })), "local:7", presets)).toEqual({ from: "local:7" });
  });

  test("a record alone says it too: settings, lanes, passes, whether it was verified", () => {
    const record = oldRecord("once");
    const one = madeOf(null, record) as MadeRun;
    expect(asked(one).settings).toEqual(record.run.settings);
    expect([one.lanes, one.passes, one.verify, one.backend]).toEqual([record.run.lanes, 1, false, null]);
  });

  test("what can't be made here is a sentence", () => {
    expect(madeOf({ settings: null } as RunView, null)).toContain("does not say its settings");
    const run = submitted({ scene: "seed" });
    expect(madeOf({ ...run, settings: { ...run.settings, volume: {} } }, null)).toContain("a volume's file");
    expect(madeOf({ ...run, settings: { ...run.settings, fps: "30" } }, null)).toContain("not complete");
  });
});
