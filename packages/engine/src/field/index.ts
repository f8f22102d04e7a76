/** The field room: a volume as something that can be sampled near its surface. */
export { type CompiledScene, compileScene } from "./compile.ts";
export * from "./field.ts";
export { fieldFromArray } from "./from-array.ts";
export { CALLBACK_FIELD_DEFAULTS, type CallbackFieldOptions, fieldFromCallback } from "./from-callback.ts";
export { type FieldBound, fieldBound, lipschitzBound } from "./lipschitz.ts";
export { compileFieldModules, type FieldModules } from "./modules.ts";
export type { FieldProgram } from "./program.ts";
export { createSceneField, SCENE_FIELD_DEFAULTS, type SceneField, type SceneFieldOptions } from "./scene-field.ts";
