/** The scene room: the volume as data. */
export * from "./builder.ts";
export { type Parameters, valueAt, vectorAt } from "./evaluate.ts";
export {
  CAMERA_DEFAULTS,
  CAMERA_FIELDS,
  type FieldKind,
  type FieldRule,
  LEAST_SPACING,
  LOOK_DEFAULTS,
  LOOK_FIELDS,
  NODE_FIELDS,
  SCENE_KEYS,
  SCENE_LIMITS,
  WAVE_FIELDS,
} from "./fields.ts";
export { sceneHash } from "./hash.ts";
export { withParameters } from "./parameters.ts";
export { PRESETS, preset, presetNames } from "./presets.ts";
export { type Range, rangeOf } from "./range.ts";
export { MOST_SCENE_BYTES, parseScene, readScene } from "./read.ts";
export { NODE_TYPES } from "./read-node.ts";
export * from "./spec.ts";
export { turntableScene } from "./turntable.ts";
