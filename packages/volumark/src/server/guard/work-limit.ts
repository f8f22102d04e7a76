/**
 * How much one run may ask for, found out before it is queued.
 *
 * The time is estimated from counts that are known without making a frame, or, where their bound is too much, from a coarse
 * look at the scene (some milliseconds). Within a factor of three for the presets; more for scenes of many nodes, which are
 * not looked at, since that alone would take a second of the server's time.
 */
import { type AnimationSettings, estimateWork, Kernels, type SceneNode } from "@volumark/engine";
import type { JobOptions } from "../../queue/job-types.ts";
import { ProblemError } from "../answer-problem.ts";
import type { ServerLimits } from "../limits.ts";

/** Nanoseconds of one lane, rounded up from what presets and scenes of 2000 nodes take (Node 20, one core of an x86-64 server, 2026-11). */
const COST_NS = { frame: 200_000, node: 100_000, brickNode: 500, vertex: 30, vertexNode: 12, triangle: 80, pixel: 45 };
/** The evaluator in plain TypeScript takes about so many times as long; decoding every frame again adds so much. */
const REFERENCE_FACTOR = 30;
const VERIFY_FACTOR = 1.5;

/** Cells along a brick: eight samples, the last of them shared with the next one. */
const BRICK_CELLS = 7;
/** Of a cell: three edges of its own, five triangles. */
const MOST_VERTICES_PER_CELL = 3;
const MOST_TRIANGLES_PER_CELL = 5;
/** Of a scene that is not looked at: surface as in one of a thousand spheres strewn over the grid. */
const MANY = { bricks: 16, vertices: 10, triangles: 20 } as const;
/** With more nodes a scene is not looked at. */
const MOST_PROBED_NODES = 64;
const PROBE_DIMENSION = 32;
/** With so many bricks of all, the surface is everywhere and grows with the volume. */
const FULL = 0.9;

interface Counts {
  readonly bricks: number;
  readonly vertices: number;
  readonly triangles: number;
}

/** Throws `too-much-work` with both numbers and the setting to lower. */
export function checkWork(settings: AnimationSettings, options: JobOptions, limits: ServerLimits): void {
  const { dimension, frames, width, height, scene } = settings;
  const { passes = 1 } = options;
  const nodes = countNodes(scene.root);
  const most = (value: number, limit: number, field: string, what: string, advice: string) => {
    if (value <= limit) return;
    throw tooMuch(`${what} ${value}, and this server allows ${limit}. ${advice}`, field, { value, limit });
  };
  most(nodes, limits.mostNodes, "settings.scene", "The number of the scene's nodes is", "Use fewer shapes, or repeat.");
  most(dimension, limits.mostDimension, "settings.dimension", "dimension is", "Lower it.");
  most(frames, limits.mostFrames, "settings.frames", "frames is", "Lower it.");
  most(width * height, limits.mostPixels, "settings.width", "width × height is", "Lower one of them.");
  most(passes, limits.mostPasses, "options.passes", "passes is", "Lower it.");
  const seconds = estimateSeconds(settings, options, limits.mostSeconds);
  if (seconds <= limits.mostSeconds) return;
  const lower = heaviest(settings, passes);
  throw tooMuch(
    `The run would take about ${roundUp(seconds)} s on one lane, and this server allows ${limits.mostSeconds} s. Lower ${lower}.`,
    lower,
    { estimatedSeconds: roundUp(seconds), mostSeconds: limits.mostSeconds },
  );
}

/** Of one lane. Below `enough` it is a bound, above it an estimate. */
export function estimateSeconds(settings: AnimationSettings, options: JobOptions, enough: number): number {
  const { frames } = settings;
  const { passes = 1, backend, verify = false } = options;
  const factor = (backend === "reference" ? REFERENCE_FACTOR : 1) * (verify ? VERIFY_FACTOR : 1);
  const nodes = countNodes(settings.scene.root);
  const seconds = (counts: Counts) => (frameNs(settings, nodes, counts) * factor * frames * passes) / 1e9;
  const bound = seconds(boundOf(settings));
  if (bound <= enough) return bound;
  return Math.min(bound, seconds(nodes > MOST_PROBED_NODES ? manyOf(settings) : probe(settings)));
}

/** A node with all under it. */
export function countNodes(node: SceneNode): number {
  let count = 0;
  const open: SceneNode[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count++;
    if ("child" in next) open.push(next.child);
    if ("children" in next) open.push(...next.children);
  }
  return count;
}

function frameNs({ width, height }: AnimationSettings, nodes: number, { bricks, vertices, triangles }: Counts): number {
  return (
    COST_NS.frame +
    nodes * (COST_NS.node + COST_NS.brickNode * bricks) +
    vertices * (COST_NS.vertex + COST_NS.vertexNode * nodes) +
    triangles * COST_NS.triangle +
    width * height * COST_NS.pixel
  );
}

function boundOf({ dimension }: AnimationSettings): Counts {
  const cells = dimension ** 3;
  return {
    bricks: allBricks(dimension),
    vertices: MOST_VERTICES_PER_CELL * cells,
    triangles: MOST_TRIANGLES_PER_CELL * cells,
  };
}

function allBricks(dimension: number): number {
  return Math.ceil((dimension - 1) / BRICK_CELLS) ** 3;
}

function manyOf({ dimension }: AnimationSettings): Counts {
  const area = dimension ** 2;
  return {
    bricks: (MANY.bricks * area) / BRICK_CELLS ** 2,
    vertices: MANY.vertices * area,
    triangles: MANY.triangles * area,
  };
}

function probe(settings: AnimationSettings): Counts {
  const dimension = Math.min(settings.dimension, PROBE_DIMENSION);
  const { bricks, vertices, triangles } = estimateWork({ ...settings, dimension, width: 1, height: 1 }, new Kernels());
  const full = bricks >= FULL * allBricks(dimension);
  const growth = (settings.dimension / dimension) ** (full ? 3 : 2);
  return { bricks: bricks * growth, vertices: vertices * growth, triangles: triangles * growth };
}

/** The setting that is the most times what a usual run has. */
function heaviest({ dimension, frames, width, height }: AnimationSettings, passes: number): string {
  const times: readonly (readonly [field: string, times: number])[] = [
    ["settings.frames", frames / 100],
    ["options.passes", passes / 10],
    ["settings.dimension", (dimension / 64) ** 2],
    ["settings.width", (width * height) / 1e6],
  ];
  return times.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

function tooMuch(detail: string, field: string, data: Readonly<Record<string, number>>): ProblemError {
  return new ProblemError("too-much-work", detail, { field, data });
}

/** Two digits: it is an estimate. */
function roundUp(seconds: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(seconds)) - 1);
  return Math.ceil(seconds / step) * step;
}
