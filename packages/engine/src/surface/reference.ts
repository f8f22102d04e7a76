/**
 * Marching cubes over bricks, written to be read. The kernel in `kernels/surface.ts` must give the same bits.
 *
 * A vertex belongs to the brick in which the lower end of its edge has local index 0 … 6 on all three axes; every sample
 * of the grid has exactly one such brick. The order is part of the contract:
 *
 * - vertices by brick, then axis of the edge (x, y, z), then lower end (z, y, x);
 * - triangles by brick, then cell (z, y, x), then as in the case table.
 *
 * A sample below 0 is inside; a sample equal to 0, of either sign, is outside.
 */
import { BRICK_CELLS, BRICK_SAMPLES, BRICK_VOLUME, type Bricks } from "../field/field.ts";
import { CASE_STRIDE, caseTable, edgeAxis, edgeBase } from "./cases.ts";
import { checkBricks, samplePosition, unsoundBrick } from "./grid.ts";

/** A mesh without normals; see `Mesh` for the layout of the arrays. */
export interface SurfaceShape {
  readonly vertexCount: number;
  readonly triangleCount: number;
  readonly positions: Float32Array<ArrayBuffer>;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly activeCellCount: number;
}

const OWNED = BRICK_CELLS ** 3;
const NO_VERTEX = 0xffffffff;
const SAMPLE_STEP = [1, BRICK_SAMPLES, BRICK_SAMPLES * BRICK_SAMPLES] as const;

/**
 * The surface where the samples change sign, as an indexed mesh.
 * Cost: 4 KiB of working memory a brick. Throws `invalid-input` for bricks that are unsorted or do not fit together.
 */
export function extractSurfaceReference(bricks: Bricks): SurfaceShape {
  checkBricks(bricks);
  const ids = new Uint32Array(bricks.count * 3 * OWNED).fill(NO_VERTEX);
  const positions = placeVertices(bricks, ids);
  const { indices, activeCellCount } = joinTriangles(bricks, ids);
  return {
    vertexCount: positions.length / 3,
    triangleCount: indices.length / 3,
    positions: Float32Array.from(positions),
    indices: Uint32Array.from(indices),
    activeCellCount,
  };
}

/** Writes the number of each vertex to `ids[(brick · 3 + axis) · 343 + x + 7 y + 49 z]` and returns the positions. */
function placeVertices(bricks: Bricks, ids: Uint32Array): number[] {
  const { dimension, count, coordinates, samples } = bricks;
  const positions: number[] = [];
  const at = [0, 0, 0];
  for (let brick = 0; brick < count; brick++) {
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
        ids[(brick * 3 + axis) * OWNED + local] = positions.length / 3;
        for (let k = 0; k < 3; k++) {
          const p = samplePosition(at[k], dimension);
          positions.push(k === axis ? crossing(p, samplePosition(at[k] + 1, dimension), a, b) : p);
        }
      }
    }
  }
  return positions;
}

/** Where the line from (`low`, `a`) to (`high`, `b`) meets 0, in single precision. */
function crossing(low: number, high: number, a: number, b: number): number {
  const t = Math.fround(a / Math.fround(a - b));
  return Math.fround(low + Math.fround(t * Math.fround(high - low)));
}

function joinTriangles(bricks: Bricks, ids: Uint32Array): { indices: number[]; activeCellCount: number } {
  const { dimension, count, coordinates, samples } = bricks;
  const { counts, edges } = caseTable();
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
    return ids[(owner * 3 + edgeAxis(edge)) * OWNED + local];
  };

  const indices: number[] = [];
  let activeCellCount = 0;
  for (let brick = 0; brick < count; brick++) {
    findOwners(brick);
    const cellsX = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3] * BRICK_CELLS);
    const cellsY = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3 + 1] * BRICK_CELLS);
    const cellsZ = Math.min(BRICK_CELLS, dimension - 1 - coordinates[brick * 3 + 2] * BRICK_CELLS);
    for (let z = 0; z < cellsZ; z++) {
      for (let y = 0; y < cellsY; y++) {
        for (let x = 0; x < cellsX; x++) {
          const base = brick * BRICK_VOLUME + x + BRICK_SAMPLES * (y + BRICK_SAMPLES * z);
          let mask = 0;
          for (let corner = 0; corner < 8; corner++) {
            if (samples[base + cornerOffset(corner)] < 0) mask |= 1 << corner;
          }
          const active = mask !== 0 && mask !== 255;
          if (active) activeCellCount++;
          else if (x + 1 < BRICK_CELLS && y + 1 < BRICK_CELLS && z + 1 < BRICK_CELLS) continue;
          // Every edge on the last layer must be crossed here exactly where it is crossed in the brick that owns it.
          for (let edge = 0; edge < 12; edge++) {
            const low = edgeBase(edge);
            const crossed = ((mask >> low) & 1) !== ((mask >> (low | (1 << edgeAxis(edge)))) & 1);
            if (crossed !== (vertexOn(edge, x, y, z) !== NO_VERTEX)) throw unsoundBrick(brick, coordinates);
          }
          for (let k = 0; k < 3 * counts[mask]; k++) {
            indices.push(vertexOn(edges[mask * CASE_STRIDE + k], x, y, z));
          }
        }
      }
    }
  }
  return { indices, activeCellCount };
}

function cornerOffset(corner: number): number {
  return (corner & 1) + BRICK_SAMPLES * ((corner >> 1) & 1) + BRICK_SAMPLES * BRICK_SAMPLES * (corner >> 2);
}

/** A number for a brick coordinate of at most 1023 on each axis. */
function brickKey(bx: number, by: number, bz: number): number {
  return bx + 1024 * (by + 1024 * bz);
}
