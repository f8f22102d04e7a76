/**
 * How much an animation will need, from a few coarse samples of its scene: asked before any work, so that what does
 * not fit can be refused with both figures.
 *
 * The surface grows with the square of the dimension. The number of bricks and triangles of a coarse grid, scaled, is
 * close for smooth scenes and too high for bricks (a coarse brick sees more surface by chance), which is the safe side.
 */
import type { Kernels } from "./kernels/kernels.ts";
import type { AnimationSettings } from "./settings.ts";
import { createSettingsField } from "./settings-field.ts";
import { createSurfaceWorkspace, extractSurfaceInto } from "./surface/index.ts";

export interface WorkEstimate {
  /** Most bricks, vertices and triangles of any probed frame, scaled to the dimension asked for. */
  readonly bricks: number;
  readonly vertices: number;
  readonly triangles: number;
  /** Bytes of kernel memory that one lane needs at most, by this estimate. */
  readonly bytes: number;
}

const PROBE_DIMENSION = 64;
const PROBES = 3;
/** Samples 512 × 4, culling and sign masks. */
const BYTES_PER_BRICK = 2048 + 512;
/** Position and normal, the same again projected. */
const BYTES_PER_VERTEX = 48;
/** Three indices, and what the rasteriser keeps. */
const BYTES_PER_TRIANGLE = 28;
/** RGBA, four samples of depth and triangle, indices of this and the frame before. */
const BYTES_PER_PIXEL = 4 + 4 * 8 + 4;
const BYTES_FIXED = 4 << 20;

/** Estimates the work of the heaviest frame. Costs a few milliseconds whatever the dimension. */
export function estimateWork(settings: AnimationSettings, kernels: Kernels): WorkEstimate {
  const { frames, fps } = settings;
  const dimension = Math.min(settings.dimension, PROBE_DIMENSION);
  const { arena } = kernels;
  const mark = arena.mark();
  const field = createSettingsField(settings, { kernels, dimension });
  const surface = createSurfaceWorkspace(kernels);
  let bricks = 0;
  let vertices = 0;
  let triangles = 0;
  for (let i = 0; i < PROBES; i++) {
    const frameMark = arena.mark();
    const moment = field.at(Math.floor(((i + 0.5) * frames) / PROBES) / fps);
    const sampled = moment.sample(dimension);
    const mesh = extractSurfaceInto(surface, sampled);
    bricks = Math.max(bricks, sampled.count);
    vertices = Math.max(vertices, mesh.vertexCount);
    triangles = Math.max(triangles, mesh.triangleCount);
    arena.release(frameMark);
  }
  arena.release(mark);
  const growth = (settings.dimension / dimension) ** 2;
  bricks = Math.ceil(bricks * growth);
  vertices = Math.ceil(vertices * growth);
  triangles = Math.ceil(triangles * growth);
  // Samples are held in kernel memory, as single-precision numbers or as they are, and once more as bricks.
  const held = settings.volume?.kind === "samples" ? settings.volume.volume.samples.byteLength : 0;
  const bytes =
    BYTES_FIXED +
    held +
    bricks * BYTES_PER_BRICK +
    vertices * BYTES_PER_VERTEX +
    triangles * BYTES_PER_TRIANGLE +
    settings.width * settings.height * BYTES_PER_PIXEL;
  return { bricks, vertices, triangles, bytes };
}

/** Bytes of kernel memory that one lane needs for its heaviest frame, by `estimateWork`. */
export function estimateMemoryBytes(settings: AnimationSettings, kernels: Kernels): number {
  return estimateWork(settings, kernels).bytes;
}
