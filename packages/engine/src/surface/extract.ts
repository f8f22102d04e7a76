/**
 * Surface extraction by the kernel (or by its readable twin): bricks in, indexed mesh out.
 *
 * The first pass goes over the samples: it turns signs into bit masks, counts, and writes the vertices behind each other.
 * Then the triangles are reserved at their exact size, and the second pass writes them from the bit masks alone.
 * Work and memory follow the number of bricks.
 */
import { BRICK_VOLUME, type Bricks, bricksPerAxis } from "../field/field.ts";
import { Kernels } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import { CASE_STRIDE, caseTable, edgeAxis, edgeBase } from "./cases.ts";
import type { SurfaceForm } from "./form.ts";
import { checkBricks, unsoundBrick } from "./grid.ts";
import type { Mesh } from "./mesh.ts";
import { extractSurfaceReference } from "./reference.ts";
import { CENTRE, trilinearTable, UNAMBIGUOUS } from "./trilinear-cases.ts";
import { weldStored } from "./weld.ts";
import { openForWelding } from "./weld-store.ts";

export interface SurfaceWorkspaceOptions extends SurfaceForm {
  /** Kernel or readable twin; the same bits. Default `"wasm"`. */
  readonly backend?: "wasm" | "reference";
}

export interface SurfaceOptions {
  /**
   * Fills `normals` (unit xyz for each vertex, pointing outside), usually with the field's `normalsInto`. Without it the
   * mesh has no normals: that array is empty.
   */
  readonly normals?: (positions: Float32Array, normals: Float32Array) => void;
}

export interface ExtractSurfaceOptions extends SurfaceOptions, SurfaceWorkspaceOptions {
  /** Whose memory is worked in; nothing stays there. Default: kernels that the module keeps for such calls. */
  readonly kernels?: Kernels;
}

/** Tables and scratch memory of a lane; made by `createSurfaceWorkspace`. */
export interface SurfaceWorkspace {
  readonly kernels: Kernels;
  readonly backend: "wasm" | "reference";
  readonly form: Required<SurfaceForm>;
  /** Byte offsets in the arena of the kernels; `variants` is 0 for the classic topology. */
  readonly cases: number;
  readonly caseEdges: number;
  readonly variants: number;
  readonly numbers: number;
  readonly totals: number;
}

interface SurfaceExports {
  recordBytes(): number;
  count(
    samples: number,
    coordinates: number,
    brick: number,
    brickCount: number,
    dimension: number,
    stride: number,
    cases: number,
    variants: number,
    weld: boolean,
    records: number,
    axis: number,
    positions: number,
    room: number,
    totals: number,
  ): number;
  emit(
    samples: number,
    brickCount: number,
    stride: number,
    cases: number,
    caseEdges: number,
    variants: number,
    records: number,
    numbers: number,
    indices: number,
  ): number;
}

/** Vertices of a brick at the most, and usually. */
const MOST_VERTICES = 6 * 343;
const USUAL_VERTICES = 52;
/** Words of a brick's record: number of its first vertex, of the vertex after its last one, and reasons to weld. */
const RECORD_VERTEX = 36;
const RECORD_VERTEX_END = 43;
const RECORD_SUSPECTS = 44;
/** The word of a case whose signs do not say it all: no triangles, and one cell to be looked at again. */
const AMBIGUOUS_CASE = 0x10000;

let ownKernels: Kernels | undefined;

function sharedKernels(): Kernels {
  ownKernels ??= new Kernels();
  return ownKernels;
}

/**
 * The surface where the samples of `bricks` change sign, as an indexed mesh in arrays of its own.
 *
 * Positions in world space, −1 to 1; triangles counter-clockwise seen from outside, where the field is positive. A sample
 * equal to 0 is outside. Vertices are shared by all triangles around them, across bricks too. The mesh is closed except
 * where the surface leaves the grid. The order of vertices and triangles is fixed (see `extractSurfaceReference`).
 * `topology` and `weld` ask for more; see `SurfaceForm`.
 * Cost: one pass over the samples, and about 7 ns a triangle in all (V8 of Node 20, November 2026).
 * Throws `invalid-input` for bricks that are unsorted or do not fit together, `out-of-memory`.
 */
export function extractSurface(bricks: Bricks, options: ExtractSurfaceOptions = {}): Mesh {
  const { backend = "wasm", normals } = options;
  const shape = backend === "reference" ? extractSurfaceReference(bricks, options) : extractByKernel(bricks, options);
  const normalArray = new Float32Array(normals ? shape.positions.length : 0);
  normals?.(shape.positions, normalArray);
  return { ...shape, normals: normalArray };
}

function extractByKernel(bricks: Bricks, options: ExtractSurfaceOptions): Omit<Mesh, "normals"> {
  const used = options.kernels ?? sharedKernels();
  const mark = used.arena.mark();
  try {
    const mesh = extractSurfaceInto(createSurfaceWorkspace(used, options), bricks);
    const { vertexCount, triangleCount, activeCellCount } = mesh;
    return {
      vertexCount,
      triangleCount,
      activeCellCount,
      positions: mesh.positions.slice(),
      indices: mesh.indices.slice(),
    };
  } finally {
    used.arena.release(mark);
  }
}

/**
 * Tables of the extraction, written to the arena once. They stay until the arena is released to a mark from before.
 * About 23 KiB, and 32 KiB more for the trilinear topology.
 */
export function createSurfaceWorkspace(kernels: Kernels, options: SurfaceWorkspaceOptions = {}): SurfaceWorkspace {
  const { arena } = kernels;
  const { backend = "wasm", topology = "classic", weld = false } = options;
  const cases = arena.allocate(256 * 4);
  const caseEdges = arena.allocate(256 * CASE_STRIDE * 2);
  const numbers = arena.allocate(6 * BRICK_VOLUME * 4);
  const totals = arena.allocate(16);
  const variants = topology === "trilinear" ? placeVariants(arena) : 0;
  const { counts, edges } = caseTable();
  const offsets = new Uint16Array(arena.memory.buffer, caseEdges, 256 * CASE_STRIDE);
  for (let i = 0; i < offsets.length; i++) offsets[i] = edgeOffset(edges[i]);
  const words = arena.u32(cases, 256);
  words.set(counts);
  if (variants > 0) {
    trilinearTable().first.forEach((entry, mask) => {
      if (entry !== UNAMBIGUOUS) words[mask] = AMBIGUOUS_CASE;
    });
  }
  return { kernels, backend, form: { topology, weld }, cases, caseEdges, variants, numbers, totals };
}

/** The trilinear table as the kernel reads it: first entries, entries, edges. */
function placeVariants(arena: Arena): number {
  const { first, starts, ends, edges } = trilinearTable();
  const variants = arena.allocate(512 + 4 * starts.length + 2 * edges.length);
  new Uint16Array(arena.memory.buffer, variants, 256).set(first);
  const entries = arena.u32(variants + 512, starts.length);
  const firstEdge = 256 + 2 * starts.length;
  for (let entry = 0; entry < entries.length; entry++) {
    let centres = 0;
    for (let i = 3 * starts[entry]; i < 3 * ends[entry]; i++) centres = Math.max(centres, edges[i] - CENTRE + 1);
    entries[entry] = (ends[entry] - starts[entry]) | (centres << 5) | ((firstEdge + 3 * starts[entry]) << 8);
  }
  const offsets = new Uint16Array(arena.memory.buffer, variants + 2 * firstEdge, edges.length);
  for (let i = 0; i < edges.length; i++) offsets[i] = edgeOffset(edges[i]);
  return variants;
}

/** Byte offset of the number of an edge, or of a centre, from the number of the cell's first edge along x. */
function edgeOffset(edge: number): number {
  if (edge >= CENTRE) return 4 * BRICK_VOLUME * (3 + edge - CENTRE);
  const low = edgeBase(edge);
  return 4 * (edgeAxis(edge) * BRICK_VOLUME + (low & 1) + 8 * ((low >> 1) & 1) + 64 * (low >> 2));
}

/**
 * The same surface as `extractSurface`, left in the arena of the workspace: the arrays of the mesh are views made anew
 * each time they are read, valid until the caller releases the arena to a mark from before the call.
 * Bricks that lie in the same arena are read in place, others are copied in. `normals` is called with views into the
 * arena, too, and may allocate.
 * Throws `invalid-input` for bricks that are unsorted or do not fit together, `out-of-memory`.
 */
export function extractSurfaceInto(workspace: SurfaceWorkspace, bricks: Bricks, options: SurfaceOptions = {}): Mesh {
  const { arena } = workspace.kernels;
  const mesh = workspace.backend === "reference" ? runReference(workspace, bricks) : runKernel(workspace, bricks);
  if (options.normals) {
    mesh.normalsPointer = arena.allocate(mesh.vertexCount * 12);
    mesh.hasNormals = true;
    options.normals(mesh.positions, mesh.normals);
  }
  return mesh;
}

type MeshCounts = Pick<Mesh, "vertexCount" | "triangleCount" | "activeCellCount">;

/** A mesh in the arena: pointers that are kept, views that are not. */
class ArenaMesh implements Mesh {
  readonly vertexCount: number;
  readonly triangleCount: number;
  readonly activeCellCount: number;
  readonly positionsPointer: number;
  readonly indicesPointer: number;
  normalsPointer = 0;
  hasNormals = false;
  readonly #arena: Arena;

  constructor(arena: Arena, counts: MeshCounts, positionsPointer: number, indicesPointer: number) {
    this.#arena = arena;
    this.vertexCount = counts.vertexCount;
    this.triangleCount = counts.triangleCount;
    this.activeCellCount = counts.activeCellCount;
    this.positionsPointer = positionsPointer;
    this.indicesPointer = indicesPointer;
  }
  get positions(): Float32Array<ArrayBuffer> {
    return this.#arena.f32(this.positionsPointer, this.vertexCount * 3);
  }
  get normals(): Float32Array<ArrayBuffer> {
    return this.#arena.f32(this.normalsPointer, this.hasNormals ? this.vertexCount * 3 : 0);
  }
  get indices(): Uint32Array<ArrayBuffer> {
    return this.#arena.u32(this.indicesPointer, this.triangleCount * 3);
  }
}

function runReference({ kernels, form }: SurfaceWorkspace, bricks: Bricks): ArenaMesh {
  const { activeCellCount, ...shape } = extractSurfaceReference(bricks, form);
  return copyMesh(kernels.arena, shape, activeCellCount);
}

function copyMesh(arena: Arena, shape: Pick<Mesh, "positions" | "indices">, activeCellCount: number): ArenaMesh {
  const positions = arena.allocate(shape.positions.byteLength);
  const indices = arena.allocate(shape.indices.byteLength);
  const vertexCount = shape.positions.length / 3;
  const triangleCount = shape.indices.length / 3;
  const mesh = new ArenaMesh(arena, { vertexCount, triangleCount, activeCellCount }, positions, indices);
  mesh.positions.set(shape.positions);
  mesh.indices.set(shape.indices);
  return mesh;
}

function runKernel(workspace: SurfaceWorkspace, bricks: Bricks): ArenaMesh {
  checkBricks(bricks);
  const { kernels, form, cases, caseEdges, variants, numbers, totals } = workspace;
  const { arena } = kernels;
  const surface = kernels.room<SurfaceExports>("surface");
  const { dimension, count } = bricks;
  const { samples, coordinates } = placeInArena(arena, bricks);
  // One more than there are bricks on an axis, so that a step past the last brick never meets the first of the next row.
  const stride = bricksPerAxis(dimension) + 1;
  const records = arena.allocate((count + 1) * surface.recordBytes());
  const axis = arena.allocate(2 * 4 * (dimension + 8));

  // The positions come last in the arena, where they can grow, and give back what they do not need.
  arena.u32(totals, 4).fill(0);
  const positions = arena.mark();
  let room = 0;
  let done = 0;
  do {
    const more = Math.ceil((MOST_VERTICES + (count - done) * USUAL_VERTICES) / 4) * 4;
    arena.allocate(more * 12);
    room += more;
    done = surface.count(
      samples,
      coordinates,
      done,
      count,
      dimension,
      stride,
      cases,
      variants,
      form.weld,
      records,
      axis,
      positions,
      room,
      totals,
    );
  } while (done < count);
  const [vertexCount, triangleCount, activeCellCount, suspectCount] = arena.u32(totals, 4);
  arena.release(positions);
  arena.allocate(vertexCount * 12);
  const indices = arena.allocate(triangleCount * 12);
  const unsound = surface.emit(samples, count, stride, cases, caseEdges, variants, records, numbers, indices);
  if (unsound >= 0) throw unsoundBrick(unsound, new Uint16Array(arena.memory.buffer, coordinates, count * 3));
  const mesh = new ArenaMesh(arena, { vertexCount, triangleCount, activeCellCount }, positions, indices);
  if (suspectCount === 0) return mesh;
  const ranges = suspectRanges(workspace, surface.recordBytes(), records, count);
  const welded = weldStored(openForWelding(kernels, mesh), dimension, ranges);
  if (!welded) {
    arena.release(indices);
    arena.allocate(triangleCount * 12);
    return mesh;
  }
  const counts = {
    vertexCount: welded.positions.length / 3,
    triangleCount: welded.indices.length / 3,
    activeCellCount,
  };
  return new ArenaMesh(arena, counts, welded.positions.byteOffset, welded.indices.byteOffset);
}

/** First vertex and end of each brick that has something to weld, from its record. */
function suspectRanges({ kernels }: SurfaceWorkspace, recordBytes: number, records: number, count: number): number[] {
  const ranges: number[] = [];
  const words = kernels.arena.u32(records, (count * recordBytes) / 4);
  for (let brick = 0, at = 0; brick < count; brick++, at += recordBytes / 4) {
    if (words[at + RECORD_SUSPECTS] > 0) ranges.push(words[at + RECORD_VERTEX], words[at + RECORD_VERTEX_END]);
  }
  return ranges;
}

/** Byte offsets of the samples and coordinates, copied in where they are not in this memory already. */
function placeInArena(arena: Arena, bricks: Bricks): { samples: number; coordinates: number } {
  const { count } = bricks;
  // Where the bricks are, is noted before anything is allocated: growing the memory detaches their views.
  const samplesView = bricks.samples;
  const coordinatesView = bricks.coordinates;
  let samples = arena.holds(samplesView) ? samplesView.byteOffset : -1;
  let coordinates = arena.holds(coordinatesView) ? coordinatesView.byteOffset : -1;
  if (samples < 0) {
    samples = arena.allocate(count * BRICK_VOLUME * 4);
    arena.f32(samples, count * BRICK_VOLUME).set(samplesView.subarray(0, count * BRICK_VOLUME));
  }
  if (coordinates < 0) {
    coordinates = arena.allocate(count * 6);
    new Uint16Array(arena.memory.buffer, coordinates, count * 3).set(coordinatesView.subarray(0, count * 3));
  }
  return { samples, coordinates };
}
