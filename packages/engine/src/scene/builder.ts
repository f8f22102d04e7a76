/**
 * Small constructors for scene nodes, so that a scene reads like what it is:
 *
 * ```ts
 * union([translate([0, 1, 0], sphere({ radius: 0.3 })), box({ halfExtents: [1, 0.1, 1] })], { smoothRadius: 0.2 })
 * ```
 * They only build data; what is valid is decided by `readScene`.
 */
import type { Animated, AnimatedVector, KeyframesValue, ParameterValue, SceneNode, WaveValue } from "./spec.ts";

type Node<Type extends SceneNode["type"]> = Extract<SceneNode, { type: Type }>;
/** The fields of a node without its type and its child. */
type Fields<Type extends SceneNode["type"]> = Omit<Node<Type>, "type" | "child" | "children">;

/** How strongly the parts of a union, intersection or difference run into each other. */
export interface JoinOptions {
  readonly smoothRadius?: Animated;
}

/** `offset + amplitude · sin(2π · frequency · t + phase)`; hertz, degrees. */
export const wave = (fields: WaveValue["wave"]): WaveValue => ({ wave: fields });

/** Values at times in seconds, eased smoothly unless it says otherwise. */
export const keyframes = (
  points: KeyframesValue["keyframes"],
  easing?: NonNullable<KeyframesValue["easing"]>,
): KeyframesValue => (easing ? { keyframes: points, easing } : { keyframes: points });

/** 0 at t = 0, then growing by `rate` a second for ten minutes: for what turns or flows without end. */
export const drift = (rate: number): KeyframesValue =>
  keyframes(
    [
      [0, 0],
      [600, 600 * rate],
    ],
    "linear",
  );

/** The value of a named parameter of the scene. */
export const parameter = (name: string): ParameterValue => ({ parameter: name });

export const sphere = (fields: Fields<"sphere">): Node<"sphere"> => ({ type: "sphere", ...fields });
export const box = (fields: Fields<"box">): Node<"box"> => ({ type: "box", ...fields });
export const roundedBox = (fields: Fields<"roundedBox">): Node<"roundedBox"> => ({ type: "roundedBox", ...fields });
export const torus = (fields: Fields<"torus">): Node<"torus"> => ({ type: "torus", ...fields });
export const cylinder = (fields: Fields<"cylinder">): Node<"cylinder"> => ({ type: "cylinder", ...fields });
export const capsule = (fields: Fields<"capsule">): Node<"capsule"> => ({ type: "capsule", ...fields });
export const cone = (fields: Fields<"cone">): Node<"cone"> => ({ type: "cone", ...fields });
export const plane = (fields: Fields<"plane">): Node<"plane"> => ({ type: "plane", ...fields });
export const gyroid = (fields: Fields<"gyroid">): Node<"gyroid"> => ({ type: "gyroid", ...fields });

export const union = (children: readonly SceneNode[], options: JoinOptions = {}): Node<"union"> => ({
  type: "union",
  ...options,
  children,
});
export const intersection = (children: readonly SceneNode[], options: JoinOptions = {}): Node<"intersection"> => ({
  type: "intersection",
  ...options,
  children,
});
/** The first child without all the others. */
export const difference = (children: readonly SceneNode[], options: JoinOptions = {}): Node<"difference"> => ({
  type: "difference",
  ...options,
  children,
});

export const translate = (by: AnimatedVector, child: SceneNode): Node<"translate"> => ({
  type: "translate",
  by,
  child,
});
/** Right-handed turn about one axis, in degrees. */
export const rotate = (axis: "x" | "y" | "z", angle: Animated, child: SceneNode): Node<"rotate"> => ({
  type: "rotate",
  axis,
  angle,
  child,
});
export const scale = (factor: Animated | AnimatedVector, child: SceneNode): Node<"scale"> => ({
  type: "scale",
  factor,
  child,
});
export const repeat = (fields: Fields<"repeat">, child: SceneNode): Node<"repeat"> => ({
  type: "repeat",
  ...fields,
  child,
});
/** Turns by `rate` degrees for each unit of y. */
export const twist = (rate: Animated, child: SceneNode): Node<"twist"> => ({ type: "twist", rate, child });
/** Hollows: keeps the points within `thickness / 2` of the surface. */
export const shell = (thickness: Animated, child: SceneNode): Node<"shell"> => ({ type: "shell", thickness, child });
/** Grows by `distance`, shrinks where it is negative. */
export const offset = (distance: Animated, child: SceneNode): Node<"offset"> => ({ type: "offset", distance, child });
