/**
 * A scene as data: a tree of shapes and operators, a camera and a look, in JSON.
 *
 * World space is right-handed, +y up; the grid spans −1 to 1 on each axis. The field of every node is negative inside.
 * Angles are degrees, times seconds, frequencies hertz, colours sRGB with channels 0 to 1.
 * What is valid is decided by `readScene`; these types only say the shape.
 */

/** The scene format that this engine writes; it reads this one and every earlier one. */
export const SCENE_SCHEMA = "volumark.scene/1";

/** A number that may change with time `t` (seconds), or refer to a named parameter of the scene. */
export type Animated = number | WaveValue | KeyframesValue | ParameterValue;

/** `offset + amplitude · sin(2π · frequency · t + phase)`; frequency in hertz (default 1), phase in degrees (default 0), offset default 0. */
export interface WaveValue {
  readonly wave: {
    readonly amplitude: number;
    readonly frequency?: number;
    readonly phase?: number;
    readonly offset?: number;
  };
}

/** Values at increasing times in seconds; held before the first and after the last. `smooth` (default) eases by 3u² − 2u³. */
export interface KeyframesValue {
  readonly keyframes: readonly (readonly [time: number, value: number])[];
  readonly easing?: "linear" | "smooth" | "step";
}

/** The value of `SceneSpec.parameters[name]`, which a run may override. */
export interface ParameterValue {
  readonly parameter: string;
}

export type AnimatedVector = readonly [x: Animated, y: Animated, z: Animated];

/** Shapes. Each is centred at the origin; axis-bound ones lie along y. Distances are exact unless said otherwise. */
export type ShapeNode =
  | { readonly type: "sphere"; readonly radius: Animated }
  | { readonly type: "box"; readonly halfExtents: AnimatedVector }
  /** `halfExtents` include the rounding. */
  | { readonly type: "roundedBox"; readonly halfExtents: AnimatedVector; readonly radius: Animated }
  | { readonly type: "torus"; readonly majorRadius: Animated; readonly minorRadius: Animated }
  | { readonly type: "cylinder"; readonly radius: Animated; readonly halfHeight: Animated }
  /** `halfHeight` is half the length of the segment between the centres of the two caps. */
  | { readonly type: "capsule"; readonly radius: Animated; readonly halfHeight: Animated }
  /** Base disc of `radius` at y = −halfHeight, tip at y = +halfHeight. */
  | { readonly type: "cone"; readonly radius: Animated; readonly halfHeight: Animated }
  /** Half space `dot(p, normal) < offset`; the normal is normalised. */
  | { readonly type: "plane"; readonly normal: AnimatedVector; readonly offset?: Animated }
  /** Sheet of `thickness` around the gyroid surface of period `period`; a bound, not an exact distance. */
  | { readonly type: "gyroid"; readonly period: Animated; readonly thickness: Animated };

/** Operators. A smooth radius of 0, the default, is the sharp one. */
export type OperatorNode =
  | { readonly type: "union"; readonly children: readonly SceneNode[]; readonly smoothRadius?: Animated }
  | { readonly type: "intersection"; readonly children: readonly SceneNode[]; readonly smoothRadius?: Animated }
  /** The first child without all the others. */
  | { readonly type: "difference"; readonly children: readonly SceneNode[]; readonly smoothRadius?: Animated }
  | { readonly type: "translate"; readonly by: AnimatedVector; readonly child: SceneNode }
  /** Right-handed turn about one axis. */
  | { readonly type: "rotate"; readonly axis: "x" | "y" | "z"; readonly angle: Animated; readonly child: SceneNode }
  /** With three factors the field is scaled by the least, which keeps it a bound. */
  | { readonly type: "scale"; readonly factor: Animated | AnimatedVector; readonly child: SceneNode }
  /**
   * Copies along the axes, `spacing` apart (0: none on that axis), each the mirror image of its neighbour, so that the
   * field has no jump where two copies meet. `count` copies on each side of the middle one; without it, without end.
   */
  | {
      readonly type: "repeat";
      readonly spacing: AnimatedVector;
      readonly count?: readonly [number, number, number];
      readonly child: SceneNode;
    }
  /** Turns by `rate` degrees for each unit of y. */
  | { readonly type: "twist"; readonly rate: Animated; readonly child: SceneNode }
  /** Hollows: the points within `thickness / 2` of the surface. */
  | { readonly type: "shell"; readonly thickness: Animated; readonly child: SceneNode }
  /** Grows by `distance` (shrinks where negative). */
  | { readonly type: "offset"; readonly distance: Animated; readonly child: SceneNode };

export type SceneNode = ShapeNode | OperatorNode;

/** Perspective camera: where it is, where it looks, what is up; vertical field of view in degrees. Defaults in `fields.ts`. */
export interface CameraSpec {
  readonly position?: AnimatedVector;
  /** Default: towards the origin, at every moment. */
  readonly direction?: AnimatedVector;
  readonly up?: readonly [number, number, number];
  readonly verticalFieldOfView?: Animated;
}

/** Colours and lights; defaults in `fields.ts`. Colours are sRGB, 0 to 1; light directions point from the surface to the light, in world space. */
export interface LookSpec {
  readonly surfaceColor?: readonly [number, number, number];
  readonly backgroundColor?: readonly [number, number, number];
  /** Intensities in linear light. */
  readonly keyDirection?: readonly [number, number, number];
  readonly key?: number;
  readonly fillDirection?: readonly [number, number, number];
  readonly fill?: number;
  readonly ambient?: number;
}

export interface SceneSpec {
  readonly schema: typeof SCENE_SCHEMA;
  readonly name: string;
  readonly description?: string;
  /** Named numbers with their defaults, for `{ "parameter": name }`. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly root: SceneNode;
  readonly camera: CameraSpec;
  readonly look: LookSpec;
  /** Samples along each axis that show the scene well, 4 to 2048, for runs that name no dimension. Default 32. */
  readonly dimension?: number;
  /** Caps the surface at the bounds of the grid, so that the mesh is closed. Default false. */
  readonly closed?: boolean;
}
