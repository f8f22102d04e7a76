/**
 * How much one run may ask for, found out before it is queued.
 *
 * The time is estimated from counts that are known without making a frame, or, where their bound is too much, from a coarse
 * look at the scene: some milliseconds, and up to two seconds with 2000 nodes (Node 20, one core of an x86-64 server, 2026-11), which
 * therefore somebody else than this thread takes. Within a factor of three for the presets. Of a scene of more than 10 000
 * nodes, which a server has to be told to take, the bound counts.
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
/** With more nodes a scene is looked at elsewhere, and with more than the second not at all. */
const MOST_NODES_HERE = 64;
const MOST_NODES_PROBED = 10_000;
const PROBE_DIMENSION = 32;
/** With so many bricks of all, the surface is everywhere and grows with the volume. */
const FULL = 0.9;

/** Of one frame, at most. */
export interface SurfaceCounts {
  readonly bricks: number;
  readonly vertices: number;
  readonly triangles: number;
}

/** Looks at a scene coarsely, as `probeGrowth` does. */
export type Look = (settings: AnimationSettings) => Promise<SurfaceCounts>;

/** Throws `too-much-work` with both numbers and the setting to lower. `look` is asked where this thread should not. */
export async function checkWork(
  settings: AnimationSettings,
  options: JobOptions,
  limits: ServerLimits,
  look: Look,
): Promise<void> {
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
  const seconds = await estimateSeconds(settings, options, limits.mostSeconds, look);
  if (seconds <= limits.mostSeconds) return;
  const lower = heaviest(settings, passes);
  throw tooMuch(
    `The run would take about ${roundUp(seconds)} s on one lane, and this server allows ${limits.mostSeconds} s. Lower ${lower}.`,
    lower,
    { estimatedSeconds: roundUp(seconds), mostSeconds: limits.mostSeconds },
  );
}

/** Of one lane. Below `enough` it is a bound, above it an estimate. */
export async function estimateSeconds(
  settings: AnimationSettings,
  options: JobOptions,
  enough: number,
  look: Look,
): Promise<number> {
  const { frames } = settings;
  const { passes = 1, backend, verify = false } = options;
  const factor = (backend === "reference" ? REFERENCE_FACTOR : 1) * (verify ? VERIFY_FACTOR : 1);
  const nodes = countNodes(settings.scene.root);
  const seconds = (counts: SurfaceCounts) => (frameNs(settings, nodes, counts) * factor * frames * passes) / 1e9;
  const bound = seconds(boundOf(settings));
  if (bound <= enough || nodes > MOST_NODES_PROBED) return bound;
  return Math.min(bound, seconds(nodes > MOST_NODES_HERE ? await look(settings) : probeSurface(settings)));
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

function frameNs(
  { width, height }: AnimationSettings,
  nodes: number,
  { bricks, vertices, triangles }: SurfaceCounts,
): number {
  return (
    COST_NS.frame +
    nodes * (COST_NS.node + COST_NS.brickNode * bricks) +
    vertices * (COST_NS.vertex + COST_NS.vertexNode * nodes) +
    triangles * COST_NS.triangle +
    width * height * COST_NS.pixel
  );
}

/** More than any scene has. */
export function boundOf({ dimension }: AnimationSettings): SurfaceCounts {
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

/**
 * From a few frames on two coarse grids, for scenes of many nodes: what lies close together looks full on the coarser one, so
 * that how it grows is seen from both. Between the square and the cube of the dimension.
 */
export function probeGrowth(settings: AnimationSettings): SurfaceCounts {
  const dimensions = [PROBE_DIMENSION, 2 * PROBE_DIMENSION].map((most) => Math.min(settings.dimension, most));
  const [coarse, fine] = dimensions.map((dimension) => countsAt(settings, dimension)) as [SurfaceCounts, SurfaceCounts];
  const [from, to] = dimensions as [number, number];
  const grown = (name: keyof SurfaceCounts) => {
    const seen = from === to ? 2 : Math.log(Math.max(1, fine[name]) / Math.max(1, coarse[name])) / Math.log(to / from);
    return fine[name] * (settings.dimension / to) ** Math.min(3, Math.max(2, seen));
  };
  return { bricks: grown("bricks"), vertices: grown("vertices"), triangles: grown("triangles") };
}

function countsAt(settings: AnimationSettings, dimension: number): SurfaceCounts {
  return estimateWork({ ...settings, dimension, width: 1, height: 1 }, new Kernels());
}

/** From a few frames on a coarse grid. */
function probeSurface(settings: AnimationSettings): SurfaceCounts {
  const dimension = Math.min(settings.dimension, PROBE_DIMENSION);
  const { bricks, vertices, triangles } = countsAt(settings, dimension);
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
