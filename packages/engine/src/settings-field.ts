/** What fills the grid of an animation: its scene, or a volume in the scene's place. */
import { createSceneField, type FieldModules, type SceneField } from "./field/index.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { AnimationSettings } from "./settings.ts";
import { createStandInField } from "./volume/stand-in.ts";

/** The part of the settings that says what is in the grid. */
export type FieldSettings = Pick<AnimationSettings, "scene" | "volume" | "dimension">;

export interface SettingsFieldOptions {
  readonly kernels: Kernels;
  readonly backend?: "wasm" | "reference";
  /** Samples along an axis that will be asked for most; default that of the settings. */
  readonly dimension?: number;
  /** Field modules compiled elsewhere. */
  readonly modules?: FieldModules;
}

/** Its memory stays reserved until the caller releases a mark taken before. */
export function createSettingsField(settings: FieldSettings, options: SettingsFieldOptions): SceneField {
  const { kernels, backend = "wasm", dimension = settings.dimension, modules } = options;
  if (settings.volume) return createStandInField(kernels, settings.volume);
  return createSceneField(settings.scene, { kernels, backend, dimension, ...(modules ? { modules } : {}) });
}
