/**
 * What a scene file may hold, as data: the reader goes by these tables, and `docs/scenes.md` is checked against them.
 *
 * A field without a default must be there. Defaults that depend on other fields are words.
 */
import type { Limits } from "./read-value.ts";
import type { CameraSpec, LookSpec, SceneNode, SceneSpec, WaveValue } from "./spec.ts";

/** What a value is: `number` and `vector` may change with time, `constant`, `color` and `direction` may not. */
export type FieldKind =
  | "number"
  | "vector"
  | "numberOrVector"
  | "constant"
  | "color"
  | "direction"
  | "spacing"
  | "count"
  | "axis"
  | "child"
  | "children";

export interface FieldRule {
  readonly kind: FieldKind;
  /** Of each number in it. */
  readonly limits?: Limits;
  /** Empty for what has none. */
  readonly unit: "" | "world" | "°" | "°/world" | "Hz" | "linear" | "sRGB";
  /** What holds where the field is left out; undefined where it must be there. */
  readonly default?: number | string | readonly number[];
}

export type FieldRules<Of extends object> = Readonly<Record<Exclude<keyof Of, "type">, FieldRule>>;

/** Far beyond the grid (−1 to 1), and its square is still a good single-precision number. */
const ANY: Limits = [-1e6, 1e6];
/** A length that must not vanish. */
const LENGTH: Limits = [1e-6, 1e6];
const LENGTH_OR_ZERO: Limits = [0, 1e6];
/** Copies closer than this are finer than the finest grid can show. */
export const LEAST_SPACING = 0.01;
const MOST_COPIES = 10_000;

const length = { kind: "number", unit: "world", limits: LENGTH } as const;
const lengthOrZero = { ...length, limits: LENGTH_OR_ZERO } as const;
const child = { kind: "child", unit: "" } as const;
const join = { smoothRadius: { ...lengthOrZero, default: 0 }, children: { kind: "children", unit: "" } } as const;

/** The fields of each shape and operator. */
export const NODE_FIELDS: {
  readonly [Type in SceneNode["type"]]: FieldRules<Extract<SceneNode, { type: Type }>>;
} = {
  sphere: { radius: length },
  box: { halfExtents: { ...length, kind: "vector" } },
  roundedBox: { halfExtents: { ...length, kind: "vector" }, radius: lengthOrZero },
  torus: { majorRadius: length, minorRadius: length },
  cylinder: { radius: length, halfHeight: length },
  capsule: { radius: length, halfHeight: lengthOrZero },
  cone: { radius: length, halfHeight: length },
  plane: {
    normal: { kind: "vector", unit: "", limits: ANY, default: [0, 1, 0] },
    offset: { kind: "number", unit: "world", limits: ANY, default: 0 },
  },
  gyroid: { period: { ...length, limits: [0.01, 1e6] }, thickness: length },
  union: join,
  intersection: join,
  difference: join,
  translate: { by: { kind: "vector", unit: "world", limits: ANY }, child },
  rotate: { axis: { kind: "axis", unit: "", default: "y" }, angle: { kind: "number", unit: "°", limits: ANY }, child },
  scale: { factor: { kind: "numberOrVector", unit: "", limits: [0.001, 1000] }, child },
  repeat: {
    spacing: { kind: "spacing", unit: "world", limits: LENGTH_OR_ZERO },
    count: { kind: "count", unit: "", limits: [0, MOST_COPIES], default: "without end" },
    child,
  },
  twist: { rate: { kind: "number", unit: "°/world", limits: [-7200, 7200] }, child },
  shell: { thickness: length, child },
  offset: { distance: { kind: "number", unit: "world", limits: ANY }, child },
};

/** What a camera that says nothing is: in front, above and to the right, and the middle of the grid in the middle. */
export const CAMERA_DEFAULTS = {
  position: [1.8, 1.4, 3.2],
  up: [0, 1, 0],
  verticalFieldOfView: 40,
} as const satisfies CameraSpec;

export const CAMERA_FIELDS: FieldRules<CameraSpec> = {
  position: { kind: "vector", unit: "world", limits: ANY, default: CAMERA_DEFAULTS.position },
  direction: { kind: "vector", unit: "", limits: ANY, default: "to the origin" },
  up: { kind: "direction", unit: "", limits: ANY, default: CAMERA_DEFAULTS.up },
  verticalFieldOfView: {
    kind: "number",
    unit: "°",
    limits: [1, 170],
    default: CAMERA_DEFAULTS.verticalFieldOfView,
  },
};

/** What a look that says nothing is. Directions point to the light; strengths are linear light. */
export const LOOK_DEFAULTS = {
  surfaceColor: [0.86, 0.8, 0.7],
  backgroundColor: [0.94, 0.94, 0.93],
  keyDirection: [0.75, 0.6, 0.35],
  key: 1.3,
  fillDirection: [-0.6, 0.2, 0.75],
  fill: 0.18,
  ambient: 0.2,
} as const satisfies LookSpec;

const color = { kind: "color", unit: "sRGB", limits: [0, 1] } as const;
const direction = { kind: "direction", unit: "", limits: ANY } as const;
const strength = { kind: "constant", unit: "linear", limits: [0, 100] } as const;

export const LOOK_FIELDS: FieldRules<LookSpec> = {
  surfaceColor: { ...color, default: LOOK_DEFAULTS.surfaceColor },
  backgroundColor: { ...color, default: LOOK_DEFAULTS.backgroundColor },
  keyDirection: { ...direction, default: LOOK_DEFAULTS.keyDirection },
  key: { ...strength, default: LOOK_DEFAULTS.key },
  fillDirection: { ...direction, default: LOOK_DEFAULTS.fillDirection },
  fill: { ...strength, default: LOOK_DEFAULTS.fill },
  ambient: { ...strength, default: LOOK_DEFAULTS.ambient },
};

export const WAVE_FIELDS: FieldRules<WaveValue["wave"]> = {
  amplitude: { kind: "constant", unit: "", limits: ANY },
  frequency: { kind: "constant", unit: "Hz", limits: [-1000, 1000], default: 1 },
  phase: { kind: "constant", unit: "°", limits: ANY, default: 0 },
  offset: { kind: "constant", unit: "", limits: ANY, default: 0 },
};

/** The keys of a scene, in the order in which they are written. */
export const SCENE_KEYS = [
  "schema",
  "name",
  "description",
  "parameters",
  "root",
  "camera",
  "look",
  "dimension",
  "closed",
] as const satisfies readonly (keyof SceneSpec)[];

/** The name of a scene without one. */
export const DEFAULT_SCENE_NAME = "scene";

/** How much a scene may hold. */
export const SCENE_LIMITS = {
  /** As UTF-8 text. */
  bytes: 1 << 20,
  nodes: 4096,
  /** Nodes on the way from the root to a leaf. */
  depth: 64,
  parameters: 256,
  keyframes: 1024,
  nameCharacters: 64,
  descriptionCharacters: 1000,
} as const;
