/**
 * How fast a field can change: the proof behind leaving space out.
 *
 * A field with Lipschitz bound L obeys |f(p) − f(q)| ≤ L |p − q|, so that a block whose centre value exceeds L times its
 * half diagonal has one sign throughout (J. C. Hart, 1996, https://doi.org/10.1007/s003710050084).
 *
 * | node                                                        | bound                                              |
 * |-------------------------------------------------------------|----------------------------------------------------|
 * | every shape                                                 | 1                                                  |
 * | union, intersection, difference, smooth or not              | the largest of the children: the gradient of the   |
 * |                                                             | cubic smooth minimum is a mean of both gradients   |
 * | translate, rotate, repeat (mirrored), shell, offset         | that of the child                                  |
 * | scale                                                       | that of the child: lengths grow by the least factor|
 * | twist by ω radians a unit, r from the axis at most          | child · (s + √(s² + 4)) / 2 with s = ω r           |
 *
 * The twist's factor is the larger singular value of a shear by s. How far from its axis a twist is seen follows from
 * the bounds of the grid, carried down through the nodes above it.
 *
 * These bounds hold for real numbers. The field is computed in single precision, so every node also states how far its
 * computed value may be from the real one (`rounding`), from the magnitudes of coordinates and lengths that it handles.
 */

import { cosineDegrees, sineDegrees } from "../portable/trig.ts";
import { valueAt } from "../scene/evaluate.ts";
import type { Animated, SceneNode, SceneSpec } from "../scene/spec.ts";
import { LEAST_LENGTH, MOST_LENGTH } from "./terms.ts";

/** What is known of a field on the grid. */
export interface FieldBound {
  /** |f(p) − f(q)| ≤ lipschitz · |p − q| for p, q in [−1, 1]³. */
  readonly lipschitz: number;
  /** |computed f(p) − f(p)| ≤ rounding. */
  readonly rounding: number;
}

/** Half a unit in the last place of 1 in single precision. */
const EPSILON = 2 ** -24;
/** Roundings on the longest way through a shape or a map, each at most EPSILON of the magnitudes there; with room. */
const ROUNDINGS = 32;

/** The part of space that a node sees, in its own axes and in grid units. */
interface View {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  /** Grid units in one unit of the node. */
  readonly unit: number;
  /** At least every magnitude on the way from the coordinates that the last nonlinear map gave to those of the node. */
  readonly reach: number;
  /** How far computed coordinates may be from real ones because of nonlinear maps above. */
  readonly error: number;
}

/** The Lipschitz bound of a scene's field on the grid at a time in seconds. */
export function lipschitzBound(scene: SceneSpec, time: number): number {
  return fieldBound(scene, time).lipschitz;
}

/** The Lipschitz bound and the rounding error of a scene's field on the grid at a time in seconds. */
export function fieldBound(scene: SceneSpec, time: number): FieldBound {
  const view: View = { low: [-1, -1, -1], high: [1, 1, 1], unit: 1, reach: 2, error: 0 };
  const value = (animated: Animated) => {
    const v = valueAt(animated, time, scene.parameters ?? {});
    return Number.isFinite(v) ? v : 0;
  };
  const bound = nodeBound(scene.root, view, value);
  if (scene.closed !== true) return bound;
  return { lipschitz: Math.max(bound.lipschitz, 1), rounding: Math.max(bound.rounding, 4 * EPSILON) };
}

type Value = (animated: Animated) => number;

function nodeBound(node: SceneNode, view: View, value: Value): FieldBound {
  const length = (animated: Animated) => bounded(value(animated)) * view.unit;
  const shape = (...sizes: Animated[]): FieldBound => ({
    lipschitz: 1,
    rounding:
      view.error + ROUNDINGS * EPSILON * sizes.reduce<number>((sum, size) => sum + Math.abs(length(size)), view.reach),
  });
  switch (node.type) {
    case "sphere":
      return shape(node.radius);
    case "box":
      return shape(...node.halfExtents);
    case "roundedBox":
      return shape(...node.halfExtents, node.radius);
    case "torus":
      return shape(node.majorRadius, node.minorRadius);
    case "cylinder":
    case "capsule":
    case "cone":
      return shape(node.radius, node.halfHeight);
    case "plane":
      return shape(node.offset ?? 0);
    case "gyroid":
      return shape(node.period, node.thickness);
    case "union":
    case "intersection":
    case "difference": {
      const parts = node.children.map((child) => nodeBound(child, view, value));
      const own = node.smoothRadius === undefined ? 0 : Math.abs(length(node.smoothRadius));
      return {
        lipschitz: Math.max(...parts.map((part) => part.lipschitz)),
        // A join adds little to what its parts carry: one rounding of values and bulge each.
        rounding: Math.max(...parts.map((part) => part.rounding)) * 1.25 + ROUNDINGS * EPSILON * own * parts.length,
      };
    }
    case "translate":
      return nodeBound(node.child, translated(view, node.by.map(length)), value);
    case "rotate":
      return nodeBound(node.child, rotated(view, node.axis, value(node.angle)), value);
    case "scale": {
      const given = Array.isArray(node.factor) ? (node.factor as readonly Animated[]) : [node.factor as Animated];
      return nodeBound(node.child, scaled(view, given.map(value)), value);
    }
    case "repeat":
      return nodeBound(node.child, repeated(view, node.spacing.map(length), node.count), value);
    case "twist": {
      const rate = (bounded(value(node.rate)) * (Math.PI / 180)) / view.unit;
      const radius = Math.sqrt(farthest(view, 0) ** 2 + farthest(view, 2) ** 2);
      const shear = Math.abs(rate) * radius;
      const slope = (shear + Math.sqrt(shear * shear + 4)) / 2;
      const child = nodeBound(node.child, twisted(view, radius, slope, Math.abs(rate) * farthest(view, 1)), value);
      return { lipschitz: slope * child.lipschitz, rounding: child.rounding };
    }
    case "shell": {
      const child = nodeBound(node.child, view, value);
      return { ...child, rounding: child.rounding + 2 * EPSILON * (Math.abs(length(node.thickness)) + view.reach) };
    }
    case "offset": {
      const child = nodeBound(node.child, view, value);
      return { ...child, rounding: child.rounding + 2 * EPSILON * (Math.abs(length(node.distance)) + view.reach) };
    }
  }
}

function translated(view: View, by: readonly number[]): View {
  return {
    ...view,
    low: [view.low[0] - by[0], view.low[1] - by[1], view.low[2] - by[2]],
    high: [view.high[0] - by[0], view.high[1] - by[1], view.high[2] - by[2]],
    reach: view.reach + Math.abs(by[0]) + Math.abs(by[1]) + Math.abs(by[2]),
  };
}

/** The box around the turned box. */
function rotated(view: View, axis: "x" | "y" | "z", degrees: number): View {
  const [cosine, sine] = [cosineDegrees(degrees), sineDegrees(degrees)];
  const p = axis === "x" ? 1 : axis === "y" ? 2 : 0;
  const q = (p + 1) % 3;
  const centre = (k: number) => (view.low[k] + view.high[k]) / 2;
  const half = (k: number) => (view.high[k] - view.low[k]) / 2;
  const low: [number, number, number] = [...view.low];
  const high: [number, number, number] = [...view.high];
  const put = (k: number, middle: number, extent: number) => {
    low[k] = middle - extent;
    high[k] = middle + extent;
  };
  put(p, cosine * centre(p) + sine * centre(q), Math.abs(cosine) * half(p) + Math.abs(sine) * half(q));
  put(q, cosine * centre(q) - sine * centre(p), Math.abs(cosine) * half(q) + Math.abs(sine) * half(p));
  return { ...view, low, high };
}

function scaled(view: View, factors: readonly number[]): View {
  const magnitudes = factors.map((f) => Math.min(Math.max(Math.abs(f), LEAST_LENGTH), MOST_LENGTH));
  const least = Math.min(...magnitudes);
  const low: [number, number, number] = [...view.low];
  const high: [number, number, number] = [...view.high];
  for (let k = 0; k < 3; k++) {
    const i = factors.length === 1 ? 0 : k;
    const ratio = (least / magnitudes[i]) * (factors[i] < 0 ? -1 : 1);
    const ends = [view.low[k] * ratio, view.high[k] * ratio];
    low[k] = Math.min(...ends);
    high[k] = Math.max(...ends);
  }
  const unit = Math.min(Math.max(view.unit * least, LEAST_LENGTH), MOST_LENGTH);
  return { ...view, low, high, unit };
}

function repeated(view: View, spacing: readonly number[], count: readonly number[] | undefined): View {
  const low: [number, number, number] = [...view.low];
  const high: [number, number, number] = [...view.high];
  let largest = 0;
  for (let k = 0; k < 3; k++) {
    const copies = count?.[k] ?? Number.POSITIVE_INFINITY;
    if (spacing[k] < LEAST_LENGTH || copies <= 0) continue;
    const last = (Math.floor(copies) + 0.5) * spacing[k];
    // Within a copy, and beyond the last one on either side.
    const beyond = Math.max(0, view.high[k] - last, -view.low[k] - last);
    const half = Math.min(spacing[k] / 2 + beyond, Math.max(farthest(view, k), spacing[k] / 2));
    low[k] = -half;
    high[k] = half;
    largest = Math.max(largest, spacing[k]);
  }
  return mapped(view, low, high, view.error, ROUNDINGS * EPSILON * (view.reach + largest));
}

function twisted(view: View, radius: number, slope: number, angle: number): View {
  const low: [number, number, number] = [-radius, view.low[1], -radius];
  const high: [number, number, number] = [radius, view.high[1], radius];
  // The angle is good to its own rounding, the sine to 3e-7.
  const own = ROUNDINGS * EPSILON * (view.reach + radius * (1 + angle));
  return mapped(view, low, high, view.error * slope + own * slope, 0);
}

/** A view of coordinates that were computed in single precision, not folded into the next matrix. */
function mapped(
  view: View,
  low: readonly [number, number, number],
  high: readonly [number, number, number],
  error: number,
  own: number,
): View {
  const next = { ...view, low, high };
  return { ...next, reach: 2 * (farthest(next, 0) + farthest(next, 1) + farthest(next, 2)), error: error + own };
}

function farthest(view: View, axis: number): number {
  return Math.max(Math.abs(view.low[axis]), Math.abs(view.high[axis]));
}

function bounded(value: number): number {
  return Math.min(Math.max(value, -MOST_LENGTH), MOST_LENGTH);
}
