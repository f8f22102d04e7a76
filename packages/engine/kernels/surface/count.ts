/**
 * The first of two passes. It reads the samples of a brick once, while they are in the cache: signs, counts, vertices.
 *
 * A case is a word: triangles, and 65536 where its signs do not say it all. The sum of the cases of a brick tells whether any
 * of its cells needs a second look; no other brick costs more than with the classic topology. The second look reads the
 * eight samples, once to count and once to emit (see src/surface/trilinear.ts).
 */
import { resolveBrick } from "./interior";
import {
  BEFORE,
  BRICK_BYTES,
  CELL_SLICES,
  COORDINATES,
  END_VERTEX,
  FIRST_CENTRE,
  FIRST_TRIANGLE,
  FIRST_VERTEX,
  FLAGGED,
  KEY,
  RECORD,
  SLICE_BYTES,
  SLICES,
  SUSPECTS,
  VALID_CELLS,
  VALID_X,
  VALID_Y,
  VALID_Z,
} from "./record-layout";
import { allOfFour, anyOfFour, caseOfCell, rectangle, signsOfSlice } from "./signs";
import { writeVertices } from "./vertices";

/** Most vertices of a brick: all edges that it owns, and three in the interior of each cell. */
const MOST_VERTICES: u32 = 6 * 343;

/**
 * Writes the record and the positions of each brick from `brick` on, as long as the next one is sure to fit: `room` is
 * the number of vertices that `positions` holds. Returns the brick to go on with, `brickCount` when all are done.
 *
 * `totals` (u32: vertices, triangles, active cells, reasons to weld) must be 0 at the start and goes on from call to call. `records` has
 * room for brickCount + 1; the last one is left empty and stands for every neighbour that is not there.
 * `axis`: room for 2 (dimension + 8) floats, filled here. `variants`: 0 for the classic topology. `weld`: vertices near
 * a sample are put on it, and what needs welding is counted.
 */
export function count(
  samples: usize,
  coordinates: usize,
  brick: u32,
  brickCount: u32,
  dimension: i32,
  stride: u32,
  cases: usize,
  variants: usize,
  weld: bool,
  records: usize,
  axis: usize,
  positions: usize,
  room: u32,
  totals: usize,
): u32 {
  // Place of each sample, then the step to the next one.
  const steps = axis + ((<usize>(dimension + 8)) << 2);
  for (let i = 0; i < dimension + 8; i++) {
    const here = samplePosition(i, dimension);
    store<f32>(axis + ((<usize>i) << 2), here);
    store<f32>(steps + ((<usize>i) << 2), samplePosition(i + 1, dimension) - here);
  }

  let vertices = load<u32>(totals);
  let triangles = load<u32>(totals, 4);
  let cells = load<u32>(totals, 8);
  let allSuspects = load<u32>(totals, 12);
  let record = records + <usize>brick * RECORD;
  samples += <usize>brick * BRICK_BYTES;
  coordinates += <usize>brick * 6;
  for (; brick < brickCount && vertices + MOST_VERTICES <= room; brick++) {
    for (let z: usize = 0; z < 8; z++) store<u64>(record + 8 * z, signsOfSlice(samples + z * SLICE_BYTES));

    const bx: i32 = load<u16>(coordinates);
    const by: i32 = load<u16>(coordinates, 2);
    const bz: i32 = load<u16>(coordinates, 4);
    // Owned samples and cells of the brick that lie in the grid.
    const ownX = min(7, dimension - 7 * bx);
    const ownY = min(7, dimension - 7 * by);
    const ownZ = min(7, dimension - 7 * bz);
    const cellsX = min(7, dimension - 1 - 7 * bx);
    const cellsY = min(7, dimension - 1 - 7 * by);
    const cellsZ = min(7, dimension - 1 - 7 * bz);
    const validX = rectangle(cellsX, ownY);
    const validY = rectangle(ownX, cellsY);
    const validZ = rectangle(ownX, ownY);
    const validCells = rectangle(cellsX, cellsY);

    let before: u32 = 0;
    for (let z = 0; z < 8; z++) {
      store<u16>(record + 2 * z, <u16>before, BEFORE);
      if (z < ownZ) {
        const m = load<u64>(record + 8 * z);
        before += <u32>popcnt<u64>((m ^ (m >> 1)) & validX);
      }
    }
    for (let z = 0; z < 8; z++) {
      store<u16>(record + 2 * z, <u16>before, BEFORE + 16);
      if (z < ownZ) {
        const m = load<u64>(record + 8 * z);
        before += <u32>popcnt<u64>((m ^ (m >> 8)) & validY);
      }
    }
    for (let z = 0; z < 8; z++) {
      store<u16>(record + 2 * z, <u16>before, BEFORE + 32);
      if (z < cellsZ) {
        before += <u32>popcnt<u64>((load<u64>(record + 8 * z) ^ load<u64>(record + 8 * z, 8)) & validZ);
      }
    }

    store<u64>(record, validX, VALID_X);
    store<u64>(record, validY, VALID_Y);
    store<u64>(record, validZ, VALID_Z);
    store<u64>(record, validCells, VALID_CELLS);
    store<u32>(record, vertices, FIRST_VERTEX);
    store<u32>(record, triangles, FIRST_TRIANGLE);
    store<u32>(record, (<u32>bz * stride + <u32>by) * stride + <u32>bx, KEY);
    store<u16>(record, <u16>bx, COORDINATES);
    store<u16>(record, <u16>by, COORDINATES + 2);
    store<u16>(record, <u16>bz, COORDINATES + 4);
    store<u8>(record, <u8>ownZ, SLICES);
    store<u8>(record, <u8>cellsZ, CELL_SLICES);

    let suspects: u32 = 0;
    if (before != 0) {
      const out = positions + 12 * <usize>vertices;
      if (weld) suspects = writeVertices<f32>(samples, record, axis, steps, out);
      else writeVertices<u32>(samples, record, axis, steps, out);
    }
    vertices += before;
    let sum: u32 = 0;
    let lower = load<u64>(record);
    let lowerAny = anyOfFour(lower);
    let lowerAll = allOfFour(lower);
    for (let z = 0; z < cellsZ; z++) {
      const upper = load<u64>(record + 8 * z, 8);
      const upperAny = anyOfFour(upper);
      const upperAll = allOfFour(upper);
      let active = (lowerAny | upperAny) & ~(lowerAll & upperAll) & validCells;
      cells += <u32>popcnt<u64>(active);
      while (active != 0) {
        sum += load<u32>(cases + (caseOfCell(lower, upper, ctz<u64>(active)) << 2));
        active &= active - 1;
      }
      lower = upper;
      lowerAny = upperAny;
      lowerAll = upperAll;
    }
    triangles += sum & 0xffff;
    store<u16>(record, <u16>(sum >> 16), FLAGGED);
    store<u32>(record, vertices, FIRST_CENTRE);
    if (sum >> 16 != 0) {
      const out = positions + 12 * <usize>vertices;
      const more = resolveBrick(samples, record, variants, weld, axis, steps, out);
      triangles += more & 0x1fff;
      vertices += (more >> 13) & 0x7ff;
      suspects += more >> 24;
    }
    store<u32>(record, vertices, END_VERTEX);
    store<u32>(record, suspects, SUSPECTS);
    allSuspects += suspects;

    samples += BRICK_BYTES;
    coordinates += 6;
    record += RECORD;
  }
  memory.fill(record, 0, RECORD);
  store<u32>(totals, vertices);
  store<u32>(totals, triangles, 4);
  store<u32>(totals, cells, 8);
  store<u32>(totals, allSuspects, 12);
  return brick;
}

/** World coordinate of sample `index`; src/surface/grid.ts has the same. */
function samplePosition(index: i32, dimension: i32): f32 {
  return <f32>((2.0 * (<f64>index + 0.5)) / <f64>dimension - 1.0);
}
