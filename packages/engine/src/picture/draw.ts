/**
 * Mesh to picture: perspective, four coverage samples a pixel, smooth shading, edges blended in linear light.
 *
 * Project every vertex once → select the triangles that may show → clip the few that need it → for each band of rows:
 * nearest triangle at each sample, then one shading for each pixel and triangle in it. Shading after visibility, so its
 * cost is that of the pixels seen and not of the triangles drawn; bands, so that memory stays small at any resolution.
 */
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import { LIMITS } from "../limits.ts";
import type { Mesh } from "../surface/mesh.ts";
import { createKernelPainter } from "./kernel.ts";
import type { Painter } from "./painter.ts";
import type { Camera, Picture } from "./picture.ts";
import { createReferencePainter } from "./reference.ts";
import type { Look } from "./shade.ts";
import { viewOf } from "./view.ts";

/** Kernels of WebAssembly, or their readable twins: the same pixels, another speed. */
export type PictureBackend = "wasm" | "reference";

export interface PictureWorkspaceOptions {
  /** Pixels, 1 to 4096 each. */
  readonly width: number;
  readonly height: number;
  /** Default `wasm`. */
  readonly backend?: PictureBackend;
}

export interface DrawOptions extends PictureWorkspaceOptions {
  /** Kernels to draw with; new ones where left out. */
  readonly kernels?: Kernels;
}

/** Memory for pictures of one size, to be used again and again. */
export interface PictureWorkspace {
  readonly width: number;
  readonly height: number;
  readonly painter: Painter;
}

/**
 * Reserves the pixels and a band of samples in the arena: 4 bytes a pixel, and 2.2 MiB at most.
 * Throws `invalid-input` for a size that is not a whole number from 1 to 4096.
 */
export function createPictureWorkspace(kernels: Kernels, options: PictureWorkspaceOptions): PictureWorkspace {
  const { width, height, backend = "wasm" } = options;
  checkSize("width", width);
  checkSize("height", height);
  const painter =
    backend === "wasm" ? createKernelPainter(kernels, width, height) : createReferencePainter(width, height);
  return { width, height, painter };
}

/**
 * Draws a mesh over the background of the look. Both sides of a triangle are drawn.
 * The picture is valid until the workspace draws again. A mesh whose arrays lie in the arena is read in place; other
 * arrays are copied. Scratch (16 bytes a vertex, 8 a triangle) is taken from the arena and given back at the end.
 * Cost: about one step a vertex and triangle, a few a sample covered, and most for each pixel shaded.
 * Throws `invalid-input` for arrays shorter than the counts say, a triangle that names a vertex that is not there, or a
 * camera that looks nowhere; `out-of-memory`.
 */
export function drawMeshInto(workspace: PictureWorkspace, mesh: Mesh, camera: Camera, look: Look): Picture {
  checkMesh(mesh);
  return workspace.painter.paint(mesh, viewOf(camera, workspace.width, workspace.height), look);
}

/** As `drawMeshInto`, with memory of its own: the picture stays valid. */
export function drawMesh(mesh: Mesh, camera: Camera, look: Look, options: DrawOptions): Picture {
  const kernels = options.kernels ?? new Kernels();
  const mark = kernels.arena.mark();
  try {
    const picture = drawMeshInto(createPictureWorkspace(kernels, options), mesh, camera, look);
    const { width, height, rgba, shadedPixelCount } = picture;
    return { width, height, rgba: rgba.slice(), shadedPixelCount };
  } finally {
    kernels.arena.release(mark);
  }
}

function checkMesh(mesh: Mesh): void {
  const { vertexCount, triangleCount } = mesh;
  const needs = [
    ["positions", mesh.positions.length, 3 * vertexCount],
    ["normals", mesh.normals.length, 3 * vertexCount],
    ["indices", mesh.indices.length, 3 * triangleCount],
  ] as const;
  for (const [name, has, needed] of needs) {
    if (!(Number.isInteger(needed) && needed >= 0 && has >= needed)) {
      throw new EngineError(
        "invalid-input",
        `draw: ${name} must hold ${needed} numbers for the counts of the mesh, got ${has}. Check the mesh.`,
        { array: name, needed, has },
      );
    }
  }
}

function checkSize(name: "width" | "height", value: number): void {
  const [least, most] = LIMITS[name];
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new EngineError(
      "invalid-input",
      `picture: ${name} must be a whole number from ${least} to ${most}, got ${value}.`,
      {
        setting: name,
        least,
        most,
        value,
      },
    );
  }
}
