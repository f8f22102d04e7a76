/** Reading the tree of a scene: which fields each shape and operator has, what they may be, and what must fit together. */
import { EngineError } from "../errors.ts";
import type { Parameters } from "./evaluate.ts";
import { type FieldRule, LEAST_SPACING, NODE_FIELDS, SCENE_LIMITS } from "./fields.ts";
import { rangeOf } from "./range.ts";
import {
  ANY,
  checkDirection,
  type Limits,
  readAnimated,
  readChoice,
  readList,
  readNumber,
  readObject,
  readRecord,
  readTriple,
  readVector,
  readWhole,
  refuse,
} from "./read-value.ts";
import type { Animated, AnimatedVector, SceneNode } from "./spec.ts";

const { nodes: MOST_SCENE_NODES, depth: MOST_SCENE_DEPTH } = SCENE_LIMITS;

/** What is known while a tree is read. */
export interface ReadContext {
  readonly parameters: Parameters;
  nodeCount: number;
}

/** The names of all shapes and operators. */
export const NODE_TYPES = Object.keys(NODE_FIELDS) as readonly SceneNode["type"][];

/** Fields whose default the tree is given, so that whoever evaluates it need not know it. */
const FILLED: ReadonlySet<string> = new Set(["axis", "normal"]);

/** A node with everything under it. `depth` is 1 for the root. */
export function readNode(input: unknown, path: string, depth: number, context: ReadContext): SceneNode {
  if (depth > MOST_SCENE_DEPTH) {
    throw new EngineError(
      "scene-too-large",
      `read scene: the tree is deeper than the ${MOST_SCENE_DEPTH} nodes that it may be. Make it flatter.`,
      { limit: MOST_SCENE_DEPTH, path },
    );
  }
  if (++context.nodeCount > MOST_SCENE_NODES) {
    throw new EngineError(
      "scene-too-large",
      `read scene: the scene has more than the ${MOST_SCENE_NODES} nodes that it may have. Use fewer shapes, or repeat.`,
      { limit: MOST_SCENE_NODES, path },
    );
  }
  const type = readChoice(readRecord(input, path).type, `${path}.type`, NODE_TYPES);
  const rules: Readonly<Record<string, FieldRule>> = NODE_FIELDS[type];
  const record = readObject(input, path, ["type", ...Object.keys(rules)]);
  const node = { type, ...readFields(record, path, rules, context, depth) };
  const result = node as unknown as SceneNode;
  checkTogether(result, path, context.parameters);
  return result;
}

/** The fields of an object by their rules; those left out stay out, but for an axis or normal, whose default is filled in. */
export function readFields(
  record: Readonly<Record<string, unknown>>,
  path: string,
  rules: Readonly<Record<string, FieldRule>>,
  context: ReadContext,
  depth = 0,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const value = record[key];
    if (value !== undefined || rule.default === undefined) {
      fields[key] = readField(value, `${path}.${key}`, rule, depth, context);
    } else if (FILLED.has(key)) {
      fields[key] = rule.default;
    }
  }
  return fields;
}

function readField(input: unknown, path: string, rule: FieldRule, depth: number, context: ReadContext): unknown {
  const { parameters } = context;
  const { kind, limits = ANY } = rule;
  switch (kind) {
    case "number":
      return readAnimated(input, path, limits, parameters);
    case "vector":
      return readVector(input, path, limits, parameters);
    case "numberOrVector":
      return Array.isArray(input)
        ? readVector(input, path, limits, parameters)
        : readAnimated(input, path, limits, parameters);
    case "constant":
      return readNumber(input, path, limits);
    case "color":
      return readTriple(input, path, limits);
    case "direction": {
      const direction = readTriple(input, path, limits);
      checkDirection(direction, path, {});
      return direction;
    }
    case "spacing":
      return readSpacing(input, path, limits, parameters);
    case "count":
      return readList(input, path, 3, 3, "whole numbers").map((item, i) => readWhole(item, `${path}[${i}]`, limits));
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

function readSpacing(input: unknown, path: string, limits: Limits, parameters: Parameters): AnimatedVector {
  const spacing = readVector(input, path, limits, parameters);
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
