/**
 * A run's settings as words of the address, so that the form holds them again: shared or reloaded, it is filled the same.
 *
 * What the form has no field for stands in the address too and is named beside the fields: the back end, the worker that is
 * asked for, and a scene that is no preset, which is taken from the run that `from` names.
 */
import type { SceneSpec } from "@volumark/engine";
import { passesOf, type RunRecord } from "@volumark/measure";
import type { RunView } from "volumark/api";
import { type FormSearch, PARAMETERS } from "../app/search.ts";
import type { LoadedRun } from "../service/run-source.ts";
import { defaultOf, type FieldName, type Preset, type SizeName } from "./form.ts";
import { sceneIn } from "./settings-scene.ts";

export interface MadeRun {
  readonly scene: SceneSpec;
  readonly sizes: Readonly<Record<SizeName, number>>;
  /** Null: the machine decided. */
  readonly lanes: number | null;
  readonly passes: number;
  readonly verify: boolean;
  readonly backend: string | null;
  /** The label that its worker had to have. */
  readonly machine: string | null;
}

/** What a run was made with, from the run as the service has it or from its record; a sentence where that can't be made here. */
export function madeOf(run: RunView | null, record: LoadedRun["record"] | null): MadeRun | string {
  const own = record !== null && "run" in record ? (record as RunRecord) : null;
  const settings = run?.settings ?? own?.run.settings ?? null;
  if (settings === null) return "Its record does not say its settings as this program has them.";
  if ("volume" in settings) return "It was made from a volume's file, which only the command line reads.";
  const scene = sceneIn(settings);
  const { dimension, width, height, frames, fps } = settings as Readonly<Record<string, unknown>>;
  const sizes = { dimension, width, height, frames, fps };
  if (!scene || !isNumbers(sizes)) return "Its settings are not complete.";
  const options = run?.settings ? run.options : own ? optionsOf(own) : {};
  const { lanes, passes, backend } = options;
  return {
    scene,
    sizes,
    lanes: typeof lanes === "number" ? lanes : null,
    passes: typeof passes === "number" ? passes : 1,
    verify: options.verify === true,
    backend: typeof backend === "string" && backend !== "wasm" ? backend : null,
    machine: run?.machine ?? null,
  };
}

/** The form's words for it; `word` names the run in an address. */
export function searchOf(made: MadeRun, word: string, presets: readonly Preset[]): FormSearch {
  const preset = presets.find((one) => isScene(one, made.scene));
  const base = preset ?? sceneAsPreset(made.scene, made.sizes.dimension);
  const fields: Partial<Record<FieldName, number | null>> = { ...made.sizes, lanes: made.lanes, passes: made.passes };
  for (const name of PARAMETERS) {
    const value = made.scene.parameters?.[name];
    if (preset && value !== undefined) fields[name] = value;
  }
  const words = Object.entries(fields).filter(
    ([name, value]) => value !== null && value !== defaultOf(base, name as FieldName),
  );
  return {
    ...(preset ? (preset === presets[0] ? {} : { preset: preset.name }) : { from: word }),
    ...(Object.fromEntries(words) as FormSearch),
    ...(made.verify ? { verify: true } : {}),
    ...(made.backend === "reference" ? { backend: made.backend } : {}),
    ...(made.machine === null ? {} : { machine: made.machine }),
  };
}

/** A scene of a run in the place of a preset. */
export function sceneAsPreset(scene: SceneSpec, dimension: number): Preset {
  const { name, description = "", parameters = {} } = scene;
  return { name, description, dimension, parameters: Object.keys(parameters), scene: { ...scene } };
}

/** Whether the scene is this preset, but for the values of its parameters. */
function isScene(preset: Preset, scene: SceneSpec): boolean {
  const own = preset.scene as unknown as SceneSpec;
  const names = ({ parameters = {} }: SceneSpec) => Object.keys(parameters).sort().join();
  if (names(own) !== names(scene)) return false;
  const unshown = Object.entries(scene.parameters ?? {}).some(
    ([name, value]) => !(PARAMETERS as readonly string[]).includes(name) && value !== own.parameters?.[name],
  );
  return !unshown && sameText({ ...own, parameters: 0 }) === sameText({ ...scene, parameters: 0 });
}

/** JSON with its keys in order: scenes that say the same have the same. */
function sameText(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function optionsOf(record: RunRecord): Readonly<Record<string, unknown>> {
  const { lanes, backend, checks } = record.run;
  const verify = checks.some(({ name, passed }) => name === "mesh closed and oriented" && passed !== null);
  return { lanes, backend, verify, passes: Math.max(1, passesOf(record).length) };
}

function isNumbers<Name extends string>(values: Record<Name, unknown>): values is Record<Name, number> {
  return Object.values(values).every((value) => typeof value === "number");
}
