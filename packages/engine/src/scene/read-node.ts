/** Reading the tree of a scene: which fields each shape and operator has, what they may be, and what must fit together. */
import { EngineError } from "../errors.ts";
import type { Parameters } from "./evaluate.ts";
import { rangeOf } from "./range.ts";
import {
  ANY,
  checkDirection,
  type Limits,
  readAnimated,
  readChoice,
  readList,
  readObject,
  readRecord,
  readVector,
  readWhole,
  refuse,
} from "./read-value.ts";
import type { Animated, AnimatedVector, SceneNode } from "./spec.ts";

/** Most nodes of one scene. */
export const MOST_SCENE_NODES = 4096;
/** Most nodes on the way from the root to a leaf. */
export const MOST_SCENE_DEPTH = 64;

/** What is known while a tree is read. */
export interface ReadContext {
  readonly parameters: Parameters;
  nodeCount: number;
}

type Field =
  | { readonly kind: "number" | "vector" | "numberOrVector"; readonly limits: Limits; readonly optional?: boolean }
  | { readonly kind: "spacing" | "count" | "axis" | "child" | "children"; readonly optional?: boolean };

/** A length that must not vanish. */
const LENGTH: Limits = [1e-6, 1e6];
const LENGTH_OR_ZERO: Limits = [0, 1e6];
/** Copies closer than this are finer than the finest grid can show. */
const LEAST_SPACING = 0.01;
const MOST_COPIES = 10_000;

const number = (limits: Limits): Field => ({ kind: "number", limits });
const vector = (limits: Limits): Field => ({ kind: "vector", limits });
const child: Field = { kind: "child" };
const join: Readonly<Record<string, Field>> = {
  smoothRadius: { kind: "number", limits: LENGTH_OR_ZERO, optional: true },
  children: { kind: "children" },
};

const FIELDS: Readonly<Record<SceneNode["type"], Readonly<Record<string, Field>>>> = {
  sphere: { radius: number(LENGTH) },
  box: { halfExtents: vector(LENGTH) },
  roundedBox: { halfExtents: vector(LENGTH), radius: number(LENGTH_OR_ZERO) },
  torus: { majorRadius: number(LENGTH), minorRadius: number(LENGTH) },
  cylinder: { radius: number(LENGTH), halfHeight: number(LENGTH) },
  capsule: { radius: number(LENGTH), halfHeight: number(LENGTH_OR_ZERO) },
  cone: { radius: number(LENGTH), halfHeight: number(LENGTH) },
  plane: { normal: vector(ANY), offset: { kind: "number", limits: ANY, optional: true } },
  gyroid: { period: number([0.01, 1e6]), thickness: number(LENGTH) },
  union: join,
  intersection: join,
  difference: join,
  translate: { by: vector(ANY), child },
  rotate: { axis: { kind: "axis" }, angle: number(ANY), child },
  scale: { factor: { kind: "numberOrVector", limits: [0.001, 1000] }, child },
  repeat: { spacing: { kind: "spacing" }, count: { kind: "count", optional: true }, child },
  twist: { rate: number([-7200, 7200]), child },
  shell: { thickness: number(LENGTH), child },
  offset: { distance: number(ANY), child },
};
/** The names of all shapes and operators. */
export const NODE_TYPES = Object.keys(FIELDS) as readonly SceneNode["type"][];

/** A node with everything under it. `depth` is 1 for the root. */
export function readNode(input: unknown, path: string, depth: number, context: ReadContext): SceneNode {
  if (depth > MOST_SCENE_DEPTH) {
    throw new EngineError(
      "scene-too-large",
      `read scene: the tree is more than ${MOST_SCENE_DEPTH} nodes deep, and ${MOST_SCENE_DEPTH} are the limit. Make it flatter.`,
      { limit: MOST_SCENE_DEPTH, path },
    );
  }
  if (++context.nodeCount > MOST_SCENE_NODES) {
    throw new EngineError(
      "scene-too-large",
      `read scene: the scene has more than ${MOST_SCENE_NODES} nodes, and ${MOST_SCENE_NODES} are the limit. Use fewer shapes, or repeat.`,
      { limit: MOST_SCENE_NODES, path },
    );
  }
  const type = readChoice(readRecord(input, path).type, `${path}.type`, NODE_TYPES);
  const fields = FIELDS[type];
  const record = readObject(input, path, ["type", ...Object.keys(fields)]);
  const node: Record<string, unknown> = { type };
  for (const [key, field] of Object.entries(fields)) {
    const value = record[key];
    if (value === undefined && field.optional) continue;
    node[key] = readField(value, `${path}.${key}`, field, depth, context);
  }
  const result = node as unknown as SceneNode;
  checkTogether(result, path, context.parameters);
  return result;
}

function readField(input: unknown, path: string, field: Field, depth: number, context: ReadContext): unknown {
  const { parameters } = context;
  switch (field.kind) {
    case "number":
      return readAnimated(input, path, field.limits, parameters);
    case "vector":
      return readVector(input, path, field.limits, parameters);
    case "numberOrVector":
      return Array.isArray(input)
        ? readVector(input, path, field.limits, parameters)
        : readAnimated(input, path, field.limits, parameters);
    case "spacing":
      return readSpacing(input, path, parameters);
    case "count":
      return readList(input, path, 3, 3, "whole numbers").map((item, i) =>
        readWhole(item, `${path}[${i}]`, [0, MOST_COPIES]),
      );
    case "axis":
      return readChoice(input, path, ["x", "y", "z"]);
    case "child":
      return readNode(input, path, depth + 1, context);
    case "children":
      return readList(input, path, 1, MOST_SCENE_NODES, "nodes").map((item, i) =>
        readNode(item, `${path}[${i}]`, depth + 1, context),
      );
  }
}

function readSpacing(input: unknown, path: string, parameters: Parameters): AnimatedVector {
  const spacing = readVector(input, path, LENGTH_OR_ZERO, parameters);
  spacing.forEach((value, i) => {
    const { least, greatest } = rangeOf(value, parameters);
    if (greatest > 0 && least < LEAST_SPACING) {
      throw refuse(`${path}[${i}]`, `must be 0 (no copies on that axis) or at least ${LEAST_SPACING}, got ${least}.`, {
        least: LEAST_SPACING,
        value: least,
      });
    }
  });
  return spacing;
}

/** What must hold between two fields, at all times (of a wave or keyframes: between their extremes). */
function checkTogether(node: SceneNode, path: string, parameters: Parameters): void {
  const least = (value: Animated) => rangeOf(value, parameters).least;
  const greatest = (value: Animated) => rangeOf(value, parameters).greatest;
  if (node.type === "torus" && !(greatest(node.minorRadius) < least(node.majorRadius))) {
    const minor = greatest(node.minorRadius);
    const major = least(node.majorRadius);
    throw refuse(
      path,
      `makes no torus: its minor radius must be less than its major radius, got ${minor} and ${major}. Lower the minor radius or raise the major one.`,
      { minorRadius: minor, majorRadius: major },
    );
  }
  if (node.type === "roundedBox") {
    const radius = greatest(node.radius);
    const halfExtent = Math.min(...node.halfExtents.map(least));
    if (radius > halfExtent) {
      throw refuse(
        path,
        `makes no rounded box: its radius must be at most its least half extent, ${halfExtent}, got ${radius}.`,
        { radius, halfExtent },
      );
    }
  }
  if (node.type === "plane") checkDirection(node.normal, `${path}.normal`, parameters);
}
