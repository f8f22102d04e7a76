/**
 * The options of `volumark run`: their text, and the settings they mean.
 *
 * Everything that can be wrong with a command line is found here, before any work; each finding is one sentence.
 */
import type { AnimationSettings, SceneSpec } from "@volumark/engine";
import * as engine from "@volumark/engine";
import { OPTION_RANGES, PARAMETER_RANGES } from "../api/ranges.ts";
import { MOST_PASSES, PASS_PLAN_DEFAULTS, type PassPlan } from "../job/pass-plan.ts";
import { readSceneFile } from "./scene-file.ts";
import { UsageError } from "./usage-error.ts";
import { quoted, readChoice, readDecimal, readResolution, readShare, readWhole } from "./values.ts";
import { ownDimension, readVolumeOptions, type VolumeOptionTexts } from "./volume-options.ts";

/** Which scene, on the command line; text as typed, undefined where the option was not given. */
export interface SceneOptionTexts extends VolumeOptionTexts {
  readonly preset?: string;
  readonly scene?: string;
  readonly torusAltitude?: string;
  readonly torusMajorRadius?: string;
  readonly torusMinorRadius?: string;
  readonly smoothMinRadius?: string;
}

/** What stood on the command line of `run`. */
export interface RunOptionTexts extends SceneOptionTexts {
  readonly dimension?: string;
  readonly resolution?: string;
  readonly frames?: string;
  readonly fps?: string;
  readonly lanes?: string;
  readonly backend?: string;
  readonly passes?: string;
  readonly until?: string;
  readonly maxSeconds?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly gifOutput?: boolean;
  readonly quiet?: boolean;
  readonly verify?: boolean;
  readonly color?: boolean;
  readonly preview?: boolean;
  readonly store?: boolean;
  readonly server?: string;
  readonly key?: string;
  readonly machine?: string;
}

/** What is to be made and how, checked. */
export interface RunRequest {
  readonly settings: AnimationSettings;
  /** The options that say what is made, as they were typed, by their names. */
  readonly made: Readonly<Record<string, string>>;
  /** As asked for; null where the machine decides. */
  readonly lanes: number | null;
  readonly backend: "wasm" | "reference";
  readonly plan: PassPlan;
  readonly out: string;
  readonly json: boolean;
  readonly gifOutput: boolean;
  readonly quiet: boolean;
  readonly verify: boolean;
  readonly color: boolean;
  readonly preview: boolean;
  readonly store: boolean;
}

export const RUN_DEFAULTS = { out: "out", backend: "wasm" } as const;
/** Most worker threads. */
export const MOST_LANES = OPTION_RANGES.lanes[1];
export const BACKENDS = ["wasm", "reference"] as const;

/** Options that set a parameter of the scene; world units, in which the grid is 2 wide. */
export const SCENE_OPTIONS = [
  parameterOption("--torus-altitude", "torusAltitude"),
  parameterOption("--torus-major-radius", "torusMajorRadius"),
  parameterOption("--torus-minor-radius", "torusMinorRadius"),
  parameterOption("--smooth-min-radius", "smoothMinRadius"),
] as const;

function parameterOption<Key extends keyof typeof PARAMETER_RANGES>(option: `--${string}`, key: Key) {
  const [least, most] = PARAMETER_RANGES[key];
  return { option, key, range: { least, most } };
}

/** Reads all options. Throws `UsageError` for the first that is wrong. */
export async function readRunOptions(texts: RunOptionTexts): Promise<RunRequest> {
  const { LIMITS, SETTINGS_DEFAULTS } = engine;
  const range = (name: keyof typeof LIMITS) => ({ least: LIMITS[name][0], most: LIMITS[name][1] });

  refuseTwoScenes(texts);
  if (texts.json && texts.gifOutput) {
    throw new UsageError("--json and --gif-output both claim standard output; give one of them");
  }
  const asked = texts.dimension === undefined ? null : readWhole("--dimension", texts.dimension, range("dimension"));
  const { width, height } =
    texts.resolution === undefined
      ? SETTINGS_DEFAULTS
      : readResolution("--resolution", texts.resolution, range("width"), range("height"));
  const frames =
    texts.frames === undefined ? SETTINGS_DEFAULTS.frames : readWhole("--frames", texts.frames, range("frames"));
  const fps = texts.fps === undefined ? SETTINGS_DEFAULTS.fps : readDecimal("--fps", texts.fps, range("fps"));
  const lanes = texts.lanes === undefined ? null : readWhole("--lanes", texts.lanes, { least: 1, most: MOST_LANES });
  const backend = texts.backend === undefined ? RUN_DEFAULTS.backend : readChoice("--backend", texts.backend, BACKENDS);
  const scene = await readSceneOptions(texts, frames / fps);
  const volume = await readVolumeOptions(texts, { closed: scene.closed ?? false });
  const dimension = asked ?? (volume ? ownDimension(volume) : engine.sceneDimension(scene));
  const settings: AnimationSettings = { scene, dimension, width, height, frames, fps, ...(volume ? { volume } : {}) };
  engine.checkSettings(settings);
  return {
    settings,
    made: madeOptions(texts),
    lanes,
    backend,
    plan: readPlan(texts),
    out: texts.out ?? RUN_DEFAULTS.out,
    json: texts.json ?? false,
    gifOutput: texts.gifOutput ?? false,
    quiet: texts.quiet ?? false,
    verify: texts.verify ?? false,
    color: texts.color ?? true,
    preview: texts.preview ?? true,
    store: texts.store ?? true,
  };
}

/** How `run` ends. Throws `UsageError`. */
export function readPlan(texts: RunOptionTexts): PassPlan {
  const count = texts.passes === undefined ? 1 : readWhole("--passes", texts.passes, { least: 1, most: MOST_PASSES });
  return count === 1 ? { kind: "once" } : { kind: "fixed", count };
}

/** How `bench` ends. Throws `UsageError`. */
export function readUntilPlan({ until, maxSeconds }: RunOptionTexts): PassPlan {
  return {
    kind: "until",
    target: until === undefined ? PASS_PLAN_DEFAULTS.target : readShare("--until", until, { least: 0.1, most: 50 }),
    mostSeconds:
      maxSeconds === undefined
        ? PASS_PLAN_DEFAULTS.mostSeconds
        : readDecimal("--max-seconds", maxSeconds, { least: 1, most: 86_400 }),
  };
}

const MADE_KEYS = [
  ...(["preset", "scene", "volume", "level", "inside", "size", "type", "spacing", "endian"] as const),
  ...(["dimension", "resolution", "frames", "fps"] as const),
  ...SCENE_OPTIONS.map(({ key }) => key),
];

function madeOptions(texts: RunOptionTexts): Record<string, string> {
  const made: Record<string, string> = {};
  for (const key of MADE_KEYS) {
    const text = texts[key];
    if (text !== undefined) made[`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`] = text;
  }
  return made;
}

/**
 * The scene that the options name, with its parameters; for a volume without one a camera that goes around it once in
 * `seconds`. Throws `UsageError`.
 */
export async function readSceneOptions(texts: SceneOptionTexts, seconds: number): Promise<SceneSpec> {
  if (texts.volume !== undefined && texts.scene === undefined && texts.preset === undefined) {
    return readSceneParameters(texts, engine.turntableScene("volume", seconds));
  }
  return readSceneParameters(texts, await readNamedScene(texts));
}

/** Found before any file is read. Throws `UsageError`. */
export function refuseTwoScenes(texts: SceneOptionTexts): void {
  if (texts.preset !== undefined && texts.scene !== undefined) {
    throw new UsageError("--preset and --scene both name what is drawn; give one of them");
  }
}

async function readNamedScene(texts: SceneOptionTexts): Promise<SceneSpec> {
  if (texts.scene !== undefined) return readSceneFile(texts.scene);
  const presets = engine.PRESETS;
  const name = texts.preset ?? presets[0]?.name ?? "";
  const found = presets.find((scene) => scene.name === name);
  if (found) return found;
  const names = presets.map((scene) => scene.name);
  const suggestion = engine.closest(name, names);
  const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
  throw new UsageError(`--preset must be one of ${names.join(", ")}, got ${quoted(name)}${hint}`);
}

function readSceneParameters(texts: SceneOptionTexts, scene: SceneSpec): SceneSpec {
  const values: Record<string, number> = {};
  for (const { option, key, range } of SCENE_OPTIONS) {
    const text = texts[key];
    if (text === undefined) continue;
    const value = readDecimal(option, text, range);
    if (!Object.hasOwn(scene.parameters ?? {}, key)) {
      const names = Object.keys(scene.parameters ?? {});
      throw new UsageError(
        `${option} sets the parameter ${key}, which the scene ${quoted(scene.name)} does not have (it has: ${names.join(", ") || "none"})`,
      );
    }
    values[key] = value;
  }
  if (Object.keys(values).length === 0) return scene;
  const { torusMajorRadius: major, torusMinorRadius: minor } = { ...scene.parameters, ...values };
  if (major !== undefined && minor !== undefined && minor >= major) {
    const culprit = values.torusMinorRadius === undefined ? "--torus-major-radius" : "--torus-minor-radius";
    throw new UsageError(
      culprit === "--torus-minor-radius"
        ? `--torus-minor-radius must be less than the major radius ${major}, or the torus has no hole, got ${minor}`
        : `--torus-major-radius must be greater than the minor radius ${minor}, or the torus has no hole, got ${major}`,
    );
  }
  try {
    return engine.withParameters(scene, values);
  } catch (error) {
    if (error instanceof engine.EngineError) throw new UsageError(error.message);
    throw error;
  }
}
