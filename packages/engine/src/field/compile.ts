/**
 * Compiles a scene into a field program: once for the scene, for all times.
 *
 * Smooth joins use the cubic smooth minimum (I. Quilez, https://iquilezles.org/articles/smin/):
 * `min(a, b) − h³ k / 6` with `h = max(k − |a − b|, 0) / k`, children joined from left to right.
 */
import { EngineError } from "../errors.ts";
import type { Parameters } from "../scene/evaluate.ts";
import type { Animated, OperatorNode, SceneNode, SceneSpec, ShapeNode } from "../scene/spec.ts";
import { differentiate, normalise } from "./differentiate.ts";
import { Frame } from "./frame.ts";
import { type FieldProgram, ProgramBuilder, type Register } from "./program.ts";
import { cosineTurns, shapeField, sineTurns } from "./shapes.ts";
import { LEAST_LENGTH, MOST_LENGTH, type Term, Terms } from "./terms.ts";

/** A scene ready to be evaluated; holds for all times and dimensions. */
export interface CompiledScene {
  /** One output: the field. */
  readonly value: FieldProgram;
  /** Three outputs: the unit normal; (0, 1, 0) where the gradient vanishes. */
  readonly normal: FieldProgram;
  /** How many constants both programs share. */
  readonly constantCount: number;
  /** For each constant whether it may change with time or dimension. */
  readonly varies: Uint8Array;
  /** The slot of a constant that is +0 at all times, if there is one. */
  readonly zero: number | undefined;
  /**
   * Writes the constants of a moment.
   * @param time seconds
   * @param dimension samples along an axis; only scenes that are `closed` depend on it
   * @param target receives `constantCount` numbers, one every `stride`
   */
  constantsInto(time: number, dimension: number, target: Float32Array | Float64Array, stride?: number): void;
}

/**
 * Compiles a scene. Time grows with its nodes, below a millisecond for a hundred.
 * Throws `invalid-scene` where it refers to a parameter that is not there.
 */
export function compileScene(scene: SceneSpec): CompiledScene {
  const parameters: Parameters = scene.parameters ?? {};
  const builder = new ProgramBuilder(new Terms(parameters));
  const root = nodeField(scene.root, Frame.world(builder));
  const output = scene.closed === true ? capped(builder, root) : root;
  const value = builder.finish([output]);
  const normal = builder.finish(normalise(builder, differentiate(builder, output)));
  const { slots, terms } = builder;
  const zero = slots.findIndex((term) => terms.isFixed(term) && Object.is(terms.value(term), 0));
  return {
    value,
    normal,
    constantCount: slots.length,
    varies: Uint8Array.from(slots, (term) => (terms.isFixed(term) ? 0 : 1)),
    zero: zero < 0 ? undefined : zero,
    constantsInto(time, dimension, target, stride = 1) {
      terms.evaluate(time, dimension);
      for (let i = 0; i < slots.length; i++) target[i * stride] = terms.value(slots[i]);
    },
  };
}

/** Cut off half a voxel inside the outermost samples: by `|x|, |y|, |z| ≤ 1 − 2 / dimension`. */
function capped(b: ProgramBuilder, field: Register): Register {
  const { terms } = b;
  const face = terms.subtract(terms.literal(1), terms.divide(terms.literal(2), terms.dimension()));
  const beyond = [b.x, b.y, b.z].map((axis) => b.subtract(b.absolute(axis), b.constant(face)));
  return b.maximum(b.largest(...beyond), field);
}

function nodeField(node: SceneNode, frame: Frame): Register {
  const b = frame.builder;
  switch (node.type) {
    case "union":
    case "intersection":
    case "difference":
      return joinField(node, frame);
    case "translate":
      return nodeField(node.child, frame.translated(node.by));
    case "rotate":
      return nodeField(node.child, frame.rotated(node.axis, node.angle));
    case "scale":
      return nodeField(node.child, frame.scaled(node.factor));
    case "repeat":
      return nodeField(node.child, repeated(node, frame));
    case "twist":
      return nodeField(node.child, twisted(node.rate, frame));
    case "shell": {
      const half = b.terms.multiply(frame.length(node.thickness), b.terms.literal(0.5));
      return b.subtract(b.absolute(nodeField(node.child, frame)), b.constant(half));
    }
    case "offset":
      return b.subtract(nodeField(node.child, frame), b.constant(frame.length(node.distance)));
    default:
      return shapeField(node satisfies ShapeNode, frame);
  }
}

function joinField(node: Extract<OperatorNode, { children: unknown }>, frame: Frame): Register {
  if (node.children.length === 0) {
    throw new EngineError("invalid-scene", `compile: a ${node.type} needs 1 child or more, got 0. Give it one.`, {
      type: node.type,
    });
  }
  const b = frame.builder;
  const { terms } = b;
  const radius = terms.cut(
    terms.least(frame.length(node.smoothRadius ?? 0), terms.literal(MOST_LENGTH)),
    terms.literal(LEAST_LENGTH),
  );
  const isUnion = node.type === "union";
  // h³ k / 6 with h = excess / k is excess³ / (6 k²), and 0 where there is no radius.
  const factor = terms.divide(terms.literal(1 / 6), terms.multiply(radius, radius));
  const join = (left: Register, right: Register): Register => {
    const plain = isUnion ? b.minimum(left, right) : b.maximum(left, right);
    if (terms.isAlways(radius, 0)) return plain;
    const excess = b.maximum(b.subtract(b.constant(radius), b.absolute(b.subtract(left, right))), b.literal(0));
    const bulge = b.multiply(b.square(excess), b.multiply(excess, b.constant(factor)));
    return isUnion ? b.subtract(plain, bulge) : b.add(plain, bulge);
  };
  const fields = node.children.map((child) => nodeField(child, frame));
  return fields.reduce((left, right) => join(left, node.type === "difference" ? b.negate(right) : right));
}

/**
 * Folds an axis like a strip of paper: `v = x − 2s ⌊x / 2s + 1/4⌋` lies in [−s/2, 3s/2), and `min(v, s − v)` is the
 * coordinate in a copy or its mirror image. With a count, what lies beyond the last copy stays in that copy.
 */
function repeated(node: Extract<OperatorNode, { type: "repeat" }>, frame: Frame): Frame {
  const b = frame.builder;
  const { terms } = b;
  const fold = (x: Register, axis: number): Register => {
    const given = frame.length(node.spacing[axis]);
    const count = node.count?.[axis];
    if (terms.isFixed(given) && terms.value(given) < LEAST_LENGTH) return x;
    if (count !== undefined && count <= 0) return x;
    const spacing = terms.orElse(terms.cut(given, terms.literal(LEAST_LENGTH)), terms.literal(MOST_LENGTH));
    const double = terms.add(spacing, spacing);
    let within = x;
    if (count !== undefined) {
      const most = terms.multiply(terms.literal(Math.floor(count) + 0.5), spacing);
      within = b.maximum(b.minimum(x, b.constant(most)), b.constant(terms.negate(most)));
    }
    const perPair = b.constant(terms.divide(terms.literal(1), double));
    const pair = b.floor(b.add(b.multiply(within, perPair), b.literal(0.25)));
    const v = b.subtract(within, b.multiply(pair, b.constant(double)));
    const folded = b.minimum(v, b.subtract(b.constant(spacing), v));
    if (count === undefined) return folded;
    const rest = b.subtract(x, within);
    return Math.floor(count) % 2 === 0 ? b.add(folded, rest) : b.subtract(folded, rest);
  };
  const [x, y, z] = frame.point();
  return Frame.at(b, [fold(x, 0), fold(y, 1), fold(z, 2)], frame.unit);
}

/** Turns every sample back about y by its angle. */
function twisted(rate: Animated, frame: Frame): Frame {
  const b = frame.builder;
  const { terms } = b;
  const degrees = terms.length(rate);
  if (terms.isAlways(degrees, 0)) return frame;
  const perUnit: Term = terms.divide(terms.multiply(degrees, terms.literal(1 / 360)), frame.unit);
  const [x, y, z] = frame.point();
  const turns = b.multiply(y, b.constant(perUnit));
  const [sine, cosine] = [sineTurns(b, turns), cosineTurns(b, turns)];
  const turnedX = b.subtract(b.multiply(x, cosine), b.multiply(z, sine));
  const turnedZ = b.add(b.multiply(x, sine), b.multiply(z, cosine));
  return Frame.at(b, [turnedX, y, turnedZ], frame.unit);
}
