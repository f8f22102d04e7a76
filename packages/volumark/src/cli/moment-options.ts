/**
 * The options that `volumark mesh` and `volumark frame` share: their text, and what they mean.
 *
 * Everything that can be wrong with them is found here, before any work; each finding is one sentence.
 */
import { type Backend, LIMITS, SETTINGS_DEFAULTS, sceneDimension } from "@volumark/engine";
import type { MomentSettings } from "../export/moment.ts";
import { planTarget, type Target } from "../export/target.ts";
import { OutputError } from "../job/output-paths.ts";
import { BACKENDS, RUN_DEFAULTS, readSceneOptions, refuseTwoScenes, type SceneOptionTexts } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice, readDecimal, readResolution, readWhole } from "./values.ts";
import { ownDimension, readVolumeOptions } from "./volume-options.ts";

/** What stood on the command line; text as typed, undefined where the option was not given. */
export interface MomentOptionTexts extends SceneOptionTexts {
  readonly time?: string;
  readonly dimension?: string;
  /** Of `frame` only. */
  readonly resolution?: string;
  /** Of `mesh` only. */
  readonly topology?: string;
  readonly weld?: boolean;
  readonly closed?: boolean;
  readonly backend?: string;
  readonly repeat?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** What is to be made and how, checked. */
export interface MomentRequest<Ending extends string> {
  readonly settings: MomentSettings;
  readonly target: Target<Ending>;
  /** How often the stages run. */
  readonly passes: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Seconds. */
export const TIME_RANGE = { least: 0, most: 1e6 } as const;
/** A volume without a scene of its own is seen from a camera that goes around it in this time. */
const TURNTABLE_SECONDS = 8;
const TOPOLOGIES = ["classic", "trilinear"] as const;
export const PASSES_RANGE = { least: 1, most: 1000 } as const;

/** Reads all options but those of the file's contents. Throws `UsageError` for the first that is wrong. */
export async function readMomentOptions<Ending extends string>(
  texts: MomentOptionTexts,
  kind: "mesh" | "frame",
  endings: readonly Ending[],
): Promise<MomentRequest<Ending>> {
  refuseTwoScenes(texts);
  const range = (name: "dimension" | "width" | "height") => ({ least: LIMITS[name][0], most: LIMITS[name][1] });
  const { width, height } = SETTINGS_DEFAULTS;
  const time = texts.time === undefined ? TIME_RANGE.least : readDecimal("--time", texts.time, TIME_RANGE);
  const asked = texts.dimension === undefined ? null : readWhole("--dimension", texts.dimension, range("dimension"));
  const size =
    kind === "mesh"
      ? null
      : texts.resolution === undefined
        ? { width, height }
        : readResolution("--resolution", texts.resolution, range("width"), range("height"));
  const backend: Backend =
    texts.backend === undefined ? RUN_DEFAULTS.backend : readChoice("--backend", texts.backend, BACKENDS);
  const topology = texts.topology === undefined ? TOPOLOGIES[0] : readChoice("--topology", texts.topology, TOPOLOGIES);
  const passes = texts.repeat === undefined ? 1 : readWhole("--repeat", texts.repeat, PASSES_RANGE);
  const target = readTarget(texts.out, endings);
  const named = await readSceneOptions(texts, TURNTABLE_SECONDS);
  const scene = texts.closed ? { ...named, closed: true } : named;
  const volume = await readVolumeOptions(texts, { closed: scene.closed ?? false });
  const dimension = asked ?? (volume ? ownDimension(volume) : sceneDimension(scene));
  return {
    settings: {
      scene,
      ...(volume ? { volume } : {}),
      time,
      dimension,
      backend,
      form: { topology, weld: texts.weld ?? false },
      size,
    },
    target,
    passes,
    json: texts.json ?? false,
    quiet: texts.quiet ?? false,
  };
}

function readTarget<Ending extends string>(out: string | undefined, endings: readonly Ending[]): Target<Ending> {
  try {
    return planTarget(out, endings);
  } catch (error) {
    if (error instanceof OutputError) throw new UsageError(error.message);
    throw error;
  }
}
