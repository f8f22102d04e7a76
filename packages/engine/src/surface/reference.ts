/**
 * Marching cubes over bricks, written to be read. The kernel in `kernels/surface.ts` must give the same bits.
 *
 * A vertex belongs to the brick in which the lower end of its edge has local index 0 … 6 on all three axes; every sample
 * of the grid has exactly one such brick. The order is part of the contract:
 *
 * - vertices by brick, then axis of the edge (x, y, z), then lower end (z, y, x);
 * - with the trilinear topology, vertices in the interior of cells come after the edge vertices of their brick, by cell
 *   (z, y, x), then as in the trilinear table;
 * - triangles by brick, then cell (z, y, x), then as in the case table or the trilinear table.
 *
 * A sample below 0 is inside; a sample equal to 0, of either sign, is outside. So is a saddle value that decides a face.
 */
import { BRICK_CELLS, BRICK_SAMPLES, BRICK_VOLUME, type Bricks } from "../field/field.ts";
import { CASE_STRIDE, caseTable, edgeAxis, edgeBase } from "./cases.ts";
import type { SurfaceForm } from "./form.ts";
import { checkBricks, SNAP_DISTANCE, samplePosition, unsoundBrick } from "./grid.ts";
import { decideCell } from "./trilinear.ts";
import { CENTRE, MOST_CENTRES, trilinearTable, UNAMBIGUOUS } from "./trilinear-cases.ts";
import { weldMesh } from "./weld.ts";

/** A mesh without normals; see `Mesh` for the layout of the arrays. */
export interface SurfaceShape {
  readonly vertexCount: number;
  readonly triangleCount: number;
  readonly positions: Float32Array;
  readonly indices: Uint32Array;
  readonly activeCellCount: number;
}

const OWNED = BRICK_CELLS ** 3;
const NO_VERTEX = 0xffffffff;
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const SAMPLE_STEP = [1, BRICK_SAMPLES, BRICK_SAMPLES * BRICK_SAMPLES] as const;

/**
 * The surface where the samples change sign, as an indexed mesh.
 * Cost: 4 KiB of working memory a brick. Throws `invalid-input` for bricks that are unsorted or do not fit together.
 */
export function extractSurfaceReference(bricks: Bricks, form: SurfaceForm = {}): SurfaceShape {
  checkBricks(bricks);
  const trilinear = form.topology === "trilinear";
  const vertices: Vertices = {
    positions: [],
    onEdges: new Uint32Array(bricks.count * 3 * OWNED).fill(NO_VERTEX),
    inCells: new Map(),
  };
  for (let brick = 0; brick < bricks.count; brick++) {
    placeOnEdges(bricks, brick, form.weld === true, vertices);
    if (trilinear) placeInCells(bricks, brick, vertices);
  }
  const { indices, activeCellCount } = joinTriangles(bricks, trilinear, vertices);
  const whole = { positions: Float32Array.from(vertices.positions), indices: Uint32Array.from(indices) };
  const { positions, indices: triangles } = form.weld ? weldMesh(whole, bricks.dimension) : whole;
  return {
    vertexCount: positions.length / 3,
    triangleCount: triangles.length / 3,
    positions,
    indices: triangles,
    activeCellCount,
  };
}

interface Vertices {
  /** xyz for each vertex. */
  readonly positions: number[];
  /** Number of the vertex on an edge, at (brick · 3 + axis) · 343 + x + 7 y + 49 z. */
  readonly onEdges: Uint32Array;
  /** Number of the first vertex in a cell, by brick · 343 + x + 7 y + 49 z. */
  readonly inCells: Map<number, number>;
}

/** Places the vertices on the edges that the brick owns. `snap`: vertices near a sample are put on it. */
function placeOnEdges(bricks: Bricks, brick: number, snap: boolean, { positions, onEdges }: Vertices): void {
  const { dimension, coordinates, samples } = bricks;
  const at = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    for (let local = 0; local < OWNED; local++) {
      const x = local % BRICK_CELLS;
      const y = Math.floor(local / BRICK_CELLS) % BRICK_CELLS;
      const z = Math.floor(local / (BRICK_CELLS * BRICK_CELLS));
      at[0] = coordinates[brick * 3] * BRICK_CELLS + x;
      at[1] = coordinates[brick * 3 + 1] * BRICK_CELLS + y;
      at[2] = coordinates[brick * 3 + 2] * BRICK_CELLS + z;
      if (Math.max(at[0], at[1], at[2]) >= dimension || at[axis] + 1 >= dimension) continue;
      const low = brick * BRICK_VOLUME + x + BRICK_SAMPLES * (y + BRICK_SAMPLES * z);
      const a = samples[low];
      const b = samples[low + SAMPLE_STEP[axis]];
      if (a < 0 === b < 0) continue;
      onEdges[(brick * 3 + axis) * OWNED + local] = positions.length / 3;
      for (let k = 0; k < 3; k++) {
        const p = samplePosition(at[k], dimension);
        const end = samplePosition(at[k] + 1, dimension);
        const place = k === axis ? crossing(p, end, a, b) : p;
        positions.push(snap && k === axis ? snapped(place, p, end) : place);
      }
    }
  }
}

function snapped(place: number, low: number, high: number): number {
  if (place < Math.fround(low + SNAP_DISTANCE)) return low;
  return place > Math.fround(high - SNAP_DISTANCE) ? high : place;
}

/** Places the vertices in the interior of cells: each is the mean of the polygon around it. */
function placeInCells(bricks: Bricks, brick: number, { positions, inCells }: Vertices): void {
  const { dimension, coordinates, samples } = bricks;
  forEachCell(bricks, brick, (x, y, z, base, mask) => {
    const triangles = trianglesOf(mask, samples, base);
    for (let centre = CENTRE; centre < CENTRE + MOST_CENTRES; centre++) {
      const sums = [0, 0, 0];
      let corners = 0;
      for (let i = 0; i < triangles.length; i += 3) {
        if (triangles[i] !== centre) continue;
        const axis = edgeAxis(triangles[i + 1]);
        const low = edgeBase(triangles[i + 1]);
        const a = samples[base + cornerOffset(low)];
        const b = samples[base + cornerOffset(low | (1 << axis))];
        [x, y, z].forEach((cell, k) => {
          const at = coordinates[brick * 3 + k] * BRICK_CELLS + cell + ((low >> k) & 1);
          const p = samplePosition(at, dimension);
          sums[k] += k === axis ? crossing(p, samplePosition(at + 1, dimension), a, b) : p;
        });
        corners++;
      }
      if (corners === 0) break;
      if (centre === CENTRE) inCells.set(cellKey(brick, x, y, z), positions.length / 3);
      for (const sum of sums) positions.push(Math.fround(sum / corners));
    }
  });
}

/** Edge numbers, and centres, of the triangles of a cell in the trilinear topology. */
function trianglesOf(mask: number, samples: Float32Array, base: number): Uint8Array {
  const { first, starts, ends, edges } = trilinearTable();
  if (first[mask] === UNAMBIGUOUS) return classicTrianglesOf(mask);
  const corners = CORNERS.map((corner) => samples[base + cornerOffset(corner)]);
  const entry = first[mask] + decideCell(mask, corners);
  return edges.subarray(3 * starts[entry], 3 * ends[entry]);
}

function classicTrianglesOf(mask: number): Uint8Array {
  const { counts, edges } = caseTable();
  return edges.subarray(mask * CASE_STRIDE, mask * CASE_STRIDE + 3 * counts[mask]);
}

/** Where the line from (`low`, `a`) to (`high`, `b`) meets 0, in single precision. */
function crossing(low: number, high: number, a: number, b: number): number {
  const t = Math.fround(a / Math.fround(a - b));
  return Math.fround(low + Math.fround(t * Math.fround(high - low)));
}

function joinTriangles(
  bricks: Bricks,
  trilinear: boolean,
  vertices: Vertices,
): { indices: number[]; activeCellCount: number } {
  const { count, coordinates, samples } = bricks;
  const brickAt = new Map<number, number>();
  for (let brick = 0; brick < count; brick++) {
    brickAt.set(brickKey(coordinates[brick * 3], coordinates[brick * 3 + 1], coordinates[brick * 3 + 2]), brick);
  }

  // The brick itself and its seven upper neighbours, at stepX + 2 stepY + 4 stepZ; undefined where there is none.
  const owners: (number | undefined)[] = [];
  const findOwners = (brick: number): void => {
    const [bx, by, bz] = coordinates.subarray(brick * 3, brick * 3 + 3);
    for (let step = 0; step < 8; step++) {
      owners[step] = brickAt.get(brickKey(bx + (step & 1), by + ((step >> 1) & 1), bz + (step >> 2)));
    }
  };

  /** The vertex on an edge whose lower end has local index 0 … 7, looked up in the brick that owns it. */
  const vertexOn = (edge: number, cellX: number, cellY: number, cellZ: number): number => {
    const low = edgeBase(edge);
    const x = cellX + (low & 1);
    const y = cellY + ((low >> 1) & 1);
    const z = cellZ + (low >> 2);
    const step = (x === BRICK_CELLS ? 1 : 0) | (y === BRICK_CELLS ? 2 : 0) | (z === BRICK_CELLS ? 4 : 0);
    const owner = owners[step];
    if (owner === undefined) return NO_VERTEX;
    const local = (x % BRICK_CELLS) + BRICK_CELLS * ((y % BRICK_CELLS) + BRICK_CELLS * (z % BRICK_CELLS));
    return vertices.onEdges[(owner * 3 + edgeAxis(edge)) * OWNED + local];
  };

  const indices: number[] = [];
  let activeCellCount = 0;
  for (let brick = 0; brick < count; brick++) {
    findOwners(brick);
    forEachCell(bricks, brick, (x, y, z, base, mask) => {
      const active = mask !== 0 && mask !== 255;
      if (active) activeCellCount++;
      else if (x + 1 < BRICK_CELLS && y + 1 < BRICK_CELLS && z + 1 < BRICK_CELLS) return;
      // Every edge on the last layer must be crossed here exactly where it is crossed in the brick that owns it.
      for (let edge = 0; edge < 12; edge++) {
        const low = edgeBase(edge);
        const crossed = ((mask >> low) & 1) !== ((mask >> (low | (1 << edgeAxis(edge)))) & 1);
        if (crossed !== (vertexOn(edge, x, y, z) !== NO_VERTEX)) throw unsoundBrick(brick, coordinates);
      }
      const centres = vertices.inCells.get(cellKey(brick, x, y, z)) ?? NO_VERTEX;
      for (const edge of trilinear ? trianglesOf(mask, samples, base) : classicTrianglesOf(mask)) {
        indices.push(edge < CENTRE ? vertexOn(edge, x, y, z) : centres + edge - CENTRE);
      }
    });
  }
  return { indices, activeCellCount };
}

/** Visits the cells of a brick that lie in the grid: place in the brick, index of the lowest sample, inside corners. */
function forEachCell(
  { dimension, coordinates, samples }: Bricks,
  brick: number,
  visit: (x: number, y: number, z: number, base: number, mask: number) => void,
): void {
  const cellsX = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3] * BRICK_CELLS);
  const cellsY = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3 + 1] * BRICK_CELLS);
  const cellsZ = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3 + 2] * BRICK_CELLS);
  for (let z = 0; z < cellsZ; z++) {
    for (let y = 0; y < cellsY; y++) {
      for (let x = 0; x < cellsX; x++) {
        const base = brick * BRICK_VOLUME + x + BRICK_SAMPLES * (y + BRICK_SAMPLES * z);
        let mask = 0;
        for (const corner of CORNERS) if (samples[base + cornerOffset(corner)] < 0) mask |= 1 << corner;
        visit(x, y, z, base, mask);
      }
    }
  }
}

function cellKey(brick: number, x: number, y: number, z: number): number {
  return brick * OWNED + x + BRICK_CELLS * (y + BRICK_CELLS * z);
}

function cornerOffset(corner: number): number {
  return (corner & 1) + BRICK_SAMPLES * ((corner >> 1) & 1) + BRICK_SAMPLES * BRICK_SAMPLES * (corner >> 2);
}

/** A number for a brick coordinate of at most 1023 on each axis. */
function brickKey(bx: number, by: number, bz: number): number {
  return bx + 1024 * (by + 1024 * bz);
}
