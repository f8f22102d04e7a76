/**
 * A camera as the numbers that the projection multiplies with, rounded to single precision once.
 *
 * ```
 *            up                 view space: x right, y up, z forward (depth, positive in front)
 *             │   forward       pixel x = width / 2 + focal · x / z
 *             │  ╱              pixel y = height / 2 − focal · y / z      top row first
 *       eye   │ ╱               pixel i covers i to i + 1
 *             └──── right
 * ```
 */
import { EngineError } from "../errors.ts";
import { tangentDegrees } from "../portable/trig.ts";
import type { Camera } from "./picture.ts";
import { SUBPIXELS } from "./samples.ts";

/** What is nearer than this (world units of depth) is cut away. */
const NEAR_DEPTH = 1 / 128;
/** Triangles are clipped this far (pixels) from the middle of the picture, so that fixed-point numbers stay small. */
const GUARD_PIXELS = 8192;
/** Narrowest and widest vertical field of view, degrees. */
const FIELD_OF_VIEW_LIMITS = [0.001, 179] as const;

/** Where each number lies in the array that `viewOf` gives. */
export const VIEW = {
  right: 0,
  up: 3,
  forward: 6,
  eye: 9,
  /** Focal length in 1/256 pixel. */
  focal: 12,
  /** Middle of the picture in 1/256 pixel, and one half for rounding. */
  middleX: 13,
  middleY: 14,
  near: 15,
  /** A point is within the guard band where |x| ≤ guard · z and |y| ≤ guard · z. */
  guard: 16,
  length: 20,
} as const;

type Vector = readonly [number, number, number];

/**
 * The view of a camera on a picture of that size, laid out as `VIEW` says.
 * A direction parallel to `up` takes the z axis as up instead (looking down: −z is at the top of the picture), and the
 * y axis where the direction is along z. Throws `invalid-input` for a camera that looks nowhere.
 */
export function viewOf(camera: Camera, width: number, height: number): Float32Array {
  const { position, direction, up, verticalFieldOfView } = camera;
  if (!position.every(Number.isFinite))
    throw refuse(`position must be finite numbers, got (${position.join(", ")})`, "position");
  const forward = unit(direction);
  if (!forward) throw refuse(`direction must have a length, got (${direction.join(", ")})`, "direction");
  const [narrowest, widest] = FIELD_OF_VIEW_LIMITS;
  if (!(verticalFieldOfView >= narrowest && verticalFieldOfView <= widest)) {
    throw refuse(
      `verticalFieldOfView must be from ${narrowest} to ${widest} degrees, got ${verticalFieldOfView}`,
      "verticalFieldOfView",
    );
  }
  const right = rightOf(forward, up);
  const realUp = cross(right, forward);
  const focal = height / 2 / tangentDegrees(verticalFieldOfView / 2);
  const view = new Float32Array(VIEW.length);
  view.set(right, VIEW.right);
  view.set(realUp, VIEW.up);
  view.set(forward, VIEW.forward);
  view.set(position, VIEW.eye);
  view[VIEW.focal] = focal * SUBPIXELS;
  view[VIEW.middleX] = (width / 2) * SUBPIXELS + 0.5;
  view[VIEW.middleY] = (height / 2) * SUBPIXELS + 0.5;
  view[VIEW.near] = NEAR_DEPTH;
  view[VIEW.guard] = GUARD_PIXELS / focal;
  return view;
}

function rightOf(forward: Vector, up: Vector): Vector {
  const given = unit(up);
  if (given) {
    const right = cross(forward, given);
    // Below a sine of 1e-6 the direction of the cross product is rounding error.
    if (dot(right, right) > 1e-12) return unit(right) as Vector;
    const turned = unit(cross(forward, [0, 0, dot(forward, given) < 0 ? -1 : 1]));
    if (turned && Math.abs(forward[2]) < 0.999) return turned;
  }
  return unit(cross(forward, [0, 1, 0])) ?? (unit(cross(forward, [0, 0, forward[1] < 0 ? -1 : 1])) as Vector);
}

function unit(v: Vector): Vector | null {
  const largest = Math.max(Math.abs(v[0]), Math.abs(v[1]), Math.abs(v[2]));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return null;
  const [x, y, z] = [v[0] / largest, v[1] / largest, v[2] / largest];
  const length = Math.sqrt(x * x + y * y + z * z);
  return [x / length, y / length, z / length];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function refuse(what: string, field: string): EngineError {
  return new EngineError("invalid-input", `camera: ${what}. Change the camera of the scene.`, { field });
}
