/**
 * The surface of a volume at its own samples: marching cubes of the grid, whatever its proportions.
 *
 * The bricks of the grid go through the same extraction as those of a field. Then the faces that close the surface at the
 * end of the samples are taken away where the border is open, and the vertices are moved to their place in the world.
 *
 * A grid may also be worked on in slabs of brick layers, each by its own thread:
 *
 * ```
 *   slab [from, to) extracts its layers and the next one     vertices   own … | those of layer `to` … | (dropped)
 *   and a sealing one (see scan.ts)                          triangles  own … | (dropped)
 * ```
 * Vertices are numbered brick by brick, so those of layer `to` are, in the same order, the first ones of the next slab:
 * adding the number of vertices of all slabs before makes every index right, and the joined mesh is that of the whole.
 */
import { EngineError } from "../errors.ts";
import { Kernels } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import { caseTable } from "../surface/cases.ts";
import { createSurfaceWorkspace, extractSurfaceInto, type SurfaceWorkspace } from "../surface/extract.ts";
import type { Mesh } from "../surface/mesh.ts";
import { isIsotropic, triple, type VolumeGrid, type VolumePlacement, volumeGrid, volumePlacement } from "./grid.ts";
import { reserveNormals, volumeNormalsInto } from "./normals.ts";
import { type ScannedBricks, scanBricks } from "./scan.ts";
import { type VolumeExports, VolumeSource } from "./source.ts";
import { checkVolume, type Volume, type VolumeOptions } from "./volume.ts";

export interface VolumeMeshOptions extends VolumeOptions {
  /** Whether normals are computed, for which the samples are copied into the memory of the kernels. Default false. */
  readonly normals?: boolean;
}

/** Tables of the extraction; made by `createVolumeWorkspace`. */
export interface VolumeWorkspace {
  readonly kernels: Kernels;
  readonly surface: SurfaceWorkspace;
  /** Byte offset of the triangle counts of the 256 cases. */
  readonly caseCounts: number;
}

/** A part of the surface of a volume. */
export interface VolumeSlab extends Mesh {
  /** Own vertices: the length of `positions` and `normals`. `indices` go on into the next slab. */
  readonly vertexCount: number;
}

let ownKernels: Kernels | undefined;

/** Tables, written to the arena once: about 15 KiB. */
export function createVolumeWorkspace(kernels: Kernels): VolumeWorkspace {
  const caseCounts = kernels.arena.allocate(256);
  kernels.arena.u8(caseCounts, 256).set(caseTable().counts);
  return { kernels, surface: createSurfaceWorkspace(kernels), caseCounts };
}

/**
 * The surface of a volume as an indexed mesh in arrays of its own.
 *
 * World space: the longest side of the box of samples fills −1 … 1, the others keep their proportion; triangles
 * counter-clockwise seen from outside. Vertices and triangles are those of marching cubes on the grid, in the order of
 * `extractSurface`. Cost: one pass over the samples at the speed of memory, then about 10 ns a triangle and 40 ns a normal (V8 of
 * Node 20, November 2026).
 * Throws `invalid-input` for wrong sizes and for samples that are not finite, `out-of-memory`.
 */
export function extractVolume(volume: Volume, options: VolumeMeshOptions & { readonly kernels?: Kernels }): Mesh {
  ownKernels ??= new Kernels();
  const kernels = options.kernels ?? ownKernels;
  const mark = kernels.arena.mark();
  try {
    const mesh = extractVolumeInto(createVolumeWorkspace(kernels), volume, options);
    const { vertexCount, triangleCount, activeCellCount } = mesh;
    return {
      vertexCount,
      triangleCount,
      activeCellCount,
      positions: mesh.positions.slice(),
      normals: mesh.normals.slice(),
      indices: mesh.indices.slice(),
    };
  } finally {
    kernels.arena.release(mark);
  }
}

/** The same, left in the arena of the workspace: valid until that is released to a mark from before. */
export function extractVolumeInto(workspace: VolumeWorkspace, volume: Volume, options: VolumeMeshOptions): Mesh {
  return extractVolumeSlab(workspace, volume, 0, volumeLayerCount(volume, options), options);
}

/** How many layers of bricks a volume has: slabs are made of whole layers. */
export function volumeLayerCount(volume: Volume, options: VolumeOptions): number {
  const { border } = checkVolume(volume, options);
  const grid = volumeGrid(volume.dimensions, border === "closed");
  return grid.highBrick[2] - grid.lowBrick[2] + 1;
}

/**
 * The part of the surface in the brick layers `[from, to)`, left in the arena of the workspace.
 * Slabs that follow each other, joined by `joinSlabs` or `writeSlab`, are the whole mesh, bit for bit.
 * Throws `invalid-input` for layers that are not there, and as `extractVolume` does.
 */
export function extractVolumeSlab(
  workspace: VolumeWorkspace,
  volume: Volume,
  from: number,
  to: number,
  options: VolumeMeshOptions,
): VolumeSlab {
  const { kernels } = workspace;
  const { arena } = kernels;
  const resolved = checkVolume(volume, options);
  const closed = resolved.border === "closed";
  const grid = volumeGrid(volume.dimensions, closed);
  const layers = grid.highBrick[2] - grid.lowBrick[2] + 1;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= layers)) {
    throw new EngineError(
      "invalid-input",
      `extractVolumeSlab: there are layers 0 to ${layers}, asked for ${from} to ${to}. Ask for layers that are there.`,
      { from, to, layers },
    );
  }
  const firstBrick = grid.lowBrick[2] + from;
  const endBrick = grid.lowBrick[2] + to;
  const source = new VolumeSource(
    kernels,
    volume,
    grid,
    resolved,
    options.normals === true ? layersFor(grid, firstBrick, endBrick) : undefined,
  );
  const normalRoom = reserveNormals(source);
  const scanned = scanBricks(source, firstBrick, endBrick);
  const { bricks } = scanned;
  const surface = extractSurfaceInto(workspace.surface, bricks);
  const beyond = tallyBeyond(workspace, source.exports, grid, scanned);
  const mesh = new SlabMesh(source, surface.positions.byteOffset, surface.indices.byteOffset, {
    all: surface.vertexCount,
    own: surface.vertexCount - beyond.vertices,
    allTriangles: surface.triangleCount,
    ownTriangles: surface.triangleCount - beyond.triangles,
    cells: surface.activeCellCount - beyond.cells,
  });
  const isClipped = !closed && grid.dimensions.some((n) => n !== grid.dimension);
  if (isClipped) clip(workspace, source.exports, grid, scanned, mesh);

  const placement = volumePlacement(volume, grid, closed);
  if (!isIsotropic(volume)) moveToWorld(source.exports, arena, grid, placement, mesh);
  if (options.normals === true) {
    mesh.normalsPointer = arena.allocate(mesh.vertexCount * 12);
    mesh.hasNormals = true;
    const lowest = triple(() => (closed ? -1 : 0));
    const highest = triple((k) => grid.dimensions[k] - (closed ? 0 : 1));
    volumeNormalsInto(source, { placement, lowest, highest }, normalRoom, mesh.positions, mesh.normals);
  }
  return mesh;
}

/** One mesh of slabs that follow each other, in arrays of its own. */
export function joinSlabs(slabs: readonly VolumeSlab[]): Mesh {
  const sum = (of: (slab: VolumeSlab) => number) => slabs.reduce((total, slab) => total + of(slab), 0);
  const vertexCount = sum((slab) => slab.vertexCount);
  const triangleCount = sum((slab) => slab.triangleCount);
  const positions = new Float32Array(vertexCount * 3);
  const normals = new Float32Array(sum((slab) => slab.normals.length));
  const indices = new Uint32Array(triangleCount * 3);
  let vertex = 0;
  let triangle = 0;
  for (const slab of slabs) {
    writeSlab(slab, vertex, triangle, { positions, normals, indices });
    vertex += slab.vertexCount;
    triangle += slab.triangleCount;
  }
  return {
    vertexCount,
    triangleCount,
    activeCellCount: sum((slab) => slab.activeCellCount),
    positions,
    normals,
    indices,
  };
}

/** Arrays of a whole mesh; they may be shared by threads that write different slabs at the same time. */
export interface MeshTarget {
  readonly positions: Float32Array;
  /** Empty where there are no normals. */
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
}

/**
 * Copies a slab to its place in a whole mesh.
 * @param vertexBase vertices of all slabs before it
 * @param triangleBase triangles of all slabs before it
 */
export function writeSlab(slab: VolumeSlab, vertexBase: number, triangleBase: number, target: MeshTarget): void {
  target.positions.set(slab.positions, vertexBase * 3);
  if (slab.normals.length > 0) target.normals.set(slab.normals, vertexBase * 3);
  if (vertexBase === 0) {
    target.indices.set(slab.indices, triangleBase * 3);
    return;
  }
  if (slab instanceof SlabMesh) {
    slab.shift(vertexBase);
    target.indices.set(slab.indices, triangleBase * 3);
    slab.shift(-vertexBase);
    return;
  }
  const { indices } = slab;
  const to = target.indices.subarray(triangleBase * 3, triangleBase * 3 + indices.length);
  for (let i = 0; i < to.length; i++) to[i] = indices[i] + vertexBase;
}

interface SlabCounts {
  all: number;
  own: number;
  allTriangles: number;
  ownTriangles: number;
  cells: number;
}

/** A slab in the arena: pointers that are kept, views that are not. */
class SlabMesh implements VolumeSlab {
  readonly positionsPointer: number;
  readonly indicesPointer: number;
  readonly counts: SlabCounts;
  normalsPointer = 0;
  hasNormals = false;
  readonly #arena: Arena;
  readonly #exports: VolumeExports;

  constructor(
    { kernels, exports }: VolumeSource,
    positionsPointer: number,
    indicesPointer: number,
    counts: SlabCounts,
  ) {
    this.#arena = kernels.arena;
    this.#exports = exports;
    this.positionsPointer = positionsPointer;
    this.indicesPointer = indicesPointer;
    this.counts = counts;
  }
  get vertexCount(): number {
    return this.counts.own;
  }
  get triangleCount(): number {
    return this.counts.ownTriangles;
  }
  get activeCellCount(): number {
    return this.counts.cells;
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
  /** Adds a number to all indices. */
  shift(base: number): void {
    this.#exports.shift(this.indicesPointer, this.triangleCount * 3, base);
  }
}

/** Layers of samples that the normals of some layers of bricks look at: two more on each side. */
function layersFor(grid: VolumeGrid, firstBrick: number, endBrick: number): [number, number] {
  const first = firstBrick * 7 - grid.offset[2] - 2;
  const end = (endBrick + 2) * 7 + 1 - grid.offset[2] + 2;
  return [Math.max(0, first), Math.min(grid.dimensions[2], end)];
}

/** What the bricks that are not the slab's own have: theirs are the last vertices and triangles of the mesh. */
function tallyBeyond(
  workspace: VolumeWorkspace,
  exports: VolumeExports,
  grid: VolumeGrid,
  { bricks, ownCount }: ScannedBricks,
) {
  const limits = [0, grid.dimension, 0, grid.dimension, 0, grid.dimension];
  return tally(workspace, exports, bricks, ownCount, bricks.count, limits);
}

function tally(
  { kernels: { arena }, caseCounts }: VolumeWorkspace,
  exports: VolumeExports,
  bricks: ScannedBricks["bricks"],
  from: number,
  to: number,
  limits: readonly number[],
): { vertices: number; triangles: number; cells: number } {
  const mark = arena.mark();
  const box = arena.allocate(24);
  const totals = arena.allocate(12);
  arena.i32(box, 6).set(limits);
  arena.u32(totals, 3).fill(0);
  exports.tally(
    bricks.coordinatesPointer + from * 6,
    bricks.samplesPointer + from * 2048,
    to - from,
    box,
    caseCounts,
    totals,
  );
  const [vertices, triangles, cells] = arena.u32(totals, 3);
  arena.release(mark);
  return { vertices, triangles, cells };
}

/** Takes away what lies beyond the samples, a face half a step outside. */
function clip(
  workspace: VolumeWorkspace,
  exports: VolumeExports,
  grid: VolumeGrid,
  { bricks, ownCount: own }: ScannedBricks,
  mesh: SlabMesh,
): void {
  const { arena } = workspace.kernels;
  const { dimension, offset, dimensions } = grid;
  const { counts } = mesh;
  const mark = arena.mark();
  const box = arena.allocate(24);
  const totals = arena.allocate(16);
  const numbers = arena.allocate(counts.all * 4);
  const limits: number[] = [];
  for (let k = 0; k < 3; k++) {
    // A quarter of a step beyond the outermost samples.
    const place = (index: number) => (2 * (index + offset[k] + 0.5)) / dimension - 1;
    arena.f32(box + 8 * k, 2).set([place(-0.25), place(dimensions[k] - 0.75)]);
    limits.push(offset[k], offset[k] + dimensions[k]);
  }
  arena.u32(totals, 4).set([counts.all, counts.own, counts.allTriangles, counts.ownTriangles]);
  exports.clip(mesh.positionsPointer, numbers, mesh.indicesPointer, box, totals);
  [counts.all, counts.own, counts.allTriangles, counts.ownTriangles] = arena.u32(totals, 4);
  arena.release(mark);
  counts.cells = tally(workspace, exports, bricks, 0, own, limits).cells;
}

function moveToWorld(
  exports: VolumeExports,
  arena: Arena,
  { dimension, offset }: VolumeGrid,
  { step, origin }: VolumePlacement,
  mesh: SlabMesh,
): void {
  const mark = arena.mark();
  const frame = arena.allocate(48);
  for (let k = 0; k < 3; k++) {
    // index = ((p + 1) · dimension − 1) / 2 − offset
    const scale = (step[k] * dimension) / 2;
    arena.f64(frame + 16 * k, 2).set([scale, (step[k] * (dimension - 1)) / 2 - step[k] * offset[k] + origin[k]]);
  }
  exports.place(mesh.positionsPointer, mesh.counts.own, frame);
  arena.release(mark);
}
