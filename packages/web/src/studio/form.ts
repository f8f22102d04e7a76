/**
 * The form as data: what it holds is what stands in the address over the defaults of the scene, and from that come the
 * request, the problems and the command line that does the same.
 */
import { LIMITS, type SceneSpec, SETTINGS_DEFAULTS } from "@volumark/engine";
import { formatCount } from "@volumark/measure";
import { type Answer, type BodyOf, OPTION_RANGES, PARAMETER_RANGES } from "volumark/api";
import { type FormSearch, PARAMETERS, type ParameterName } from "../app/search.ts";
import { shellCommand } from "./shell-command.ts";

export type Preset = Answer<"listPresets">["presets"][number];
export type SizeName = "dimension" | "width" | "height" | "frames" | "fps";
export type OptionName = "lanes" | "passes";
export type FieldName = SizeName | OptionName | ParameterName;
/** A sentence for each field that is wrong, and for the scene. */
export type Problems = Readonly<Partial<Record<FieldName | "scene", string>>>;

export interface FieldSpec {
  readonly name: FieldName;
  readonly label: string;
  /** Behind the number. */
  readonly unit: string;
  /** What the slider reaches; the number may go further. */
  readonly slider: readonly [least: number, most: number, step: number];
  readonly range: readonly [least: number, most: number];
  readonly whole: boolean;
}

export interface Form {
  /** Or the scene of a run in its place. */
  readonly preset: Preset;
  /** The run whose scene it is; null of a preset. */
  readonly from: string | null;
  readonly sizes: Readonly<Record<SizeName, number>>;
  /** Null: the server decides. */
  readonly lanes: number | null;
  readonly passes: number;
  readonly verify: boolean;
  readonly backend: "reference" | null;
  /** Label of the worker that may make it; null: any. */
  readonly machine: string | null;
  /** Those of the preset, with its own values where none was chosen. */
  readonly parameters: Readonly<Partial<Record<ParameterName, number>>>;
}

const size = (
  name: SizeName,
  label: string,
  unit: string,
  slider: FieldSpec["slider"],
  whole = name !== "fps",
): FieldSpec => ({ name, label, unit, slider, range: LIMITS[name], whole });

export const SIZE_FIELDS: readonly FieldSpec[] = [
  size("dimension", "Dimension", "samples", [8, 256, 8]),
  size("width", "Width", "px", [64, 1280, 16]),
  size("height", "Height", "px", [48, 960, 16]),
  size("frames", "Frames", "frames", [1, 300, 1]),
  size("fps", "Rate", "fps", [1, 60, 1]),
];

export const OPTION_FIELDS: readonly FieldSpec[] = [
  { name: "passes", label: "Passes", unit: "passes", slider: [1, 30, 1], range: OPTION_RANGES.passes, whole: true },
  { name: "lanes", label: "Lanes", unit: "lanes", slider: [1, 16, 1], range: OPTION_RANGES.lanes, whole: true },
];

export const PARAMETER_FIELDS: Readonly<Record<ParameterName, FieldSpec>> = {
  torusAltitude: parameter("torusAltitude", "Ring height", [-1, 1, 0.01]),
  torusMajorRadius: parameter("torusMajorRadius", "Ring radius", [0.05, 1, 0.01]),
  torusMinorRadius: parameter("torusMinorRadius", "Ring thickness", [0.01, 0.5, 0.01]),
  smoothMinRadius: parameter("smoothMinRadius", "Joint", [0, 1.5, 0.01]),
};

/** What the form holds; null where there is no preset at all. `scene` is that of the run which `from` names, once it is known. */
export function formOf(search: FormSearch, presets: readonly Preset[], scene: Preset | null = null): Form | null {
  const preset = scene ?? presets.find(({ name }) => name === search.preset) ?? presets[0];
  if (!preset) return null;
  const defaults = defaultSizes(preset);
  const sizes = { ...defaults };
  for (const name of Object.keys(defaults) as SizeName[]) sizes[name] = search[name] ?? defaults[name];
  const parameters: Partial<Record<ParameterName, number>> = {};
  for (const name of parameterNames(preset)) parameters[name] = search[name] ?? ownParameter(preset, name);
  return {
    preset,
    from: scene === null ? null : (search.from ?? null),
    sizes,
    parameters,
    lanes: search.lanes ?? null,
    passes: search.passes ?? 1,
    verify: search.verify ?? false,
    backend: search.backend ?? null,
    machine: search.machine ?? null,
  };
}

/** The value of a field; null of lanes that the server decides on. */
export function fieldValue(form: Form, name: FieldName): number | null {
  if (name === "lanes" || name === "passes") return form[name];
  return isParameter(name) ? (form.parameters[name] ?? null) : form.sizes[name];
}

export function defaultOf(preset: Preset, name: FieldName): number | null {
  if (name === "lanes") return null;
  if (name === "passes") return 1;
  return isParameter(name) ? ownParameter(preset, name) : defaultSizes(preset)[name];
}

/** What the address holds after a change; a default stands in no address. */
export function withField(
  preset: Preset,
  name: FieldName,
  value: number | null,
): { [K in FieldName]?: number | undefined } {
  return { [name]: value === null || value === defaultOf(preset, name) ? undefined : value };
}

/** What the address holds of the form after another preset was chosen: what was chosen stays, where that preset has it. */
export function withPreset(search: FormSearch, preset: Preset, isFirst: boolean): FormSearch {
  const { dimension: _, preset: __, from: ___, ...rest } = search;
  const kept: Record<string, unknown> = { ...rest };
  for (const name of PARAMETERS) delete kept[name];
  return { ...kept, ...(isFirst ? {} : { preset: preset.name }) };
}

/** What is wrong with each field, as a sentence; empty where nothing is. `limits` are those of the server. */
export function problemsOf(
  form: Form,
  limits: Readonly<Record<string, number>> = {},
): Partial<Record<FieldName, string>> {
  const problems: Partial<Record<FieldName, string>> = {};
  const { sizes, passes } = form;
  // The engine's own words, which are the server's too; the engine itself would be a tenth of the page.
  for (const { name, range, whole } of [...SIZE_FIELDS, ...OPTION_FIELDS, ...parameterFields(form.preset)]) {
    const value = fieldValue(form, name);
    const [least, most] = range;
    if (value === null || (value >= least && value <= most && (!whole || Number.isInteger(value)))) continue;
    problems[name] = `${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}, got ${value}`;
  }
  const { torusMajorRadius: major, torusMinorRadius: minor } = form.parameters;
  if (major !== undefined && minor !== undefined && minor >= major) {
    problems.torusMinorRadius ??= `torusMinorRadius must be less than the major radius ${major}, or the torus has no hole, got ${minor}`;
  }
  for (const [limit, name, value] of [
    ["mostDimension", "dimension", sizes.dimension],
    ["mostFrames", "frames", sizes.frames],
    ["mostPasses", "passes", passes],
    ["mostPixels", "height", sizes.width * sizes.height],
  ] as const) {
    const most = limits[limit];
    if (most === undefined || value <= most) continue;
    const what = name === "height" ? "width times height" : name;
    problems[name] ??= `${what} is ${formatCount(value)} and this server allows ${formatCount(most)}. Lower it.`;
  }
  return problems;
}

export function requestOf(form: Form): BodyOf<"submitRun"> {
  const { preset, from, lanes, passes, verify, backend, machine } = form;
  const parameters = chosenParameters(form);
  return {
    settings: {
      scene: from === null ? preset.name : (preset.scene as unknown as SceneSpec),
      ...form.sizes,
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    },
    options: {
      pictures: true,
      ...(lanes === null ? {} : { lanes }),
      ...(passes === 1 ? {} : { passes }),
      ...(verify ? { verify } : {}),
      ...(backend === null ? {} : { backend }),
    },
    ...(machine === null ? {} : { machine }),
  };
}

/** The command that makes the same animation in a terminal, ready to be pasted into a POSIX shell. */
export function commandOf(form: Form): string {
  const { preset, from, sizes, lanes, passes, verify, backend } = form;
  const own = defaultSizes(preset);
  const differs = (name: SizeName) => sizes[name] !== own[name];
  return shellCommand([
    "volumark",
    "run",
    ...(from === null ? ["--preset", preset.name] : ["--scene", sceneFileName(preset)]),
    ...(differs("dimension") ? ["--dimension", String(sizes.dimension)] : []),
    ...(differs("width") || differs("height") ? ["--resolution", `${sizes.width}x${sizes.height}`] : []),
    ...(differs("frames") ? ["--frames", String(sizes.frames)] : []),
    ...(differs("fps") ? ["--fps", String(sizes.fps)] : []),
    // A negative number behind a space would read as an option.
    ...Object.entries(chosenParameters(form)).map(
      ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`,
    ),
    ...(lanes === null ? [] : ["--lanes", String(lanes)]),
    ...(passes === 1 ? [] : ["--passes", String(passes)]),
    ...(verify ? ["--verify"] : []),
    ...(backend === null ? [] : ["--backend", backend]),
  ]);
}

/** What the file is called in which the scene of a run is saved for the command line. */
export function sceneFileName({ name }: Preset): string {
  return `${name.replace(/[^\w-]+/g, "-").slice(0, 60) || "scene"}.json`;
}

/** The preset's scene with the parameters of the form, for the live view. */
export function sceneOf(form: Form): SceneSpec {
  const scene = form.preset.scene as unknown as SceneSpec;
  return scene.parameters ? { ...scene, parameters: { ...scene.parameters, ...form.parameters } } : scene;
}

export function parameterFields(preset: Preset): readonly FieldSpec[] {
  return parameterNames(preset).map((name) => PARAMETER_FIELDS[name]);
}

function parameterNames(preset: Preset): readonly ParameterName[] {
  return PARAMETERS.filter((name) => preset.parameters.includes(name));
}

function chosenParameters({ preset, parameters }: Form): Partial<Record<ParameterName, number>> {
  const chosen: Partial<Record<ParameterName, number>> = {};
  for (const name of parameterNames(preset)) {
    const value = parameters[name];
    if (value !== undefined && value !== ownParameter(preset, name)) chosen[name] = value;
  }
  return chosen;
}

function ownParameter(preset: Preset, name: ParameterName): number {
  const { parameters } = preset.scene as { readonly parameters?: Readonly<Record<string, number>> };
  return parameters?.[name] ?? 0;
}

function defaultSizes({ dimension }: Preset): Record<SizeName, number> {
  const { width, height, frames, fps } = SETTINGS_DEFAULTS;
  return { dimension, width, height, frames, fps };
}

function isParameter(name: FieldName): name is ParameterName {
  return (PARAMETERS as readonly string[]).includes(name);
}

function parameter(name: ParameterName, label: string, slider: FieldSpec["slider"]): FieldSpec {
  return { name, label, unit: "units", slider, range: PARAMETER_RANGES[name], whole: false };
}
