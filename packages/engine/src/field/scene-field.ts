/** A scene as a field that can be moved through time, by one of two back ends. */
import { Kernels } from "../kernels/kernels.ts";
import type { SceneSpec } from "../scene/spec.ts";
import { compileScene } from "./compile.ts";
import type { Field } from "./field.ts";
import type { FieldModules } from "./modules.ts";
import { ReferenceSceneField } from "./reference-field.ts";
import { WasmSceneField } from "./wasm.ts";

/** A volume that changes with time. */
export interface SceneField {
  /** The volume at a time in seconds. It is one object that moves: what an earlier call gave shows the new time too. */
  at(time: number): Field;
}

export interface SceneFieldOptions {
  /** Samples along an axis that the field is prepared for, 4 to 2048; another number may be sampled too. */
  readonly dimension?: number;
  /** Where the bricks and everything around them live; without it the field gets a memory of its own. */
  readonly kernels?: Kernels;
  /** `reference` is the plain evaluator: the same bits, some twenty times slower. */
  readonly backend?: "wasm" | "reference";
  /** Modules compiled elsewhere by `compileFieldModules`. */
  readonly modules?: FieldModules;
}

export const SCENE_FIELD_DEFAULTS = { dimension: 32, backend: "wasm" } as const;

/**
 * A scene as a field. Created once for an animation; compiling takes about a millisecond, and what lasts is allocated
 * in the arena of the kernels now (about 50 KB). A scene too large for a module (thousands of nodes) is evaluated by
 * shorter programs, block by block; its normals by the reference, which is slow. Bricks are allocated where that arena
 * stands when they are sampled.
 * Throws `invalid-scene` where the scene refers to a parameter that is not there.
 */
export function createSceneField(scene: SceneSpec, options: SceneFieldOptions = {}): SceneField {
  const { dimension, backend } = { ...SCENE_FIELD_DEFAULTS, ...options };
  const compiled = compileScene(scene);
  if (backend === "wasm") {
    const kernels = options.kernels ?? new Kernels();
    return new WasmSceneField(scene, compiled, kernels, dimension, options.modules);
  }
  return new ReferenceSceneField(scene, compiled, dimension);
}
