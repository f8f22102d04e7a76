/**
 * Vertices in the interior of cells, which some variants of the trilinear topology have.
 */
import { variantOf } from "./ambiguous";
import { CENTRE } from "./numbers";
import { CELL_SLICES, COORDINATES, VALID_CELLS } from "./record-layout";
import { allOfFour, anyOfFour, caseOfCell } from "./signs";

/**
 * Counts the triangles of cells with variants and writes their interior vertices. Returns the triangles in bits 0 … 12, the
 * vertices in bits 13 … 23, and in bit 24, if `weld` is set, whether an interior vertex needs welding.
 */
export function resolveBrick(
  samples: usize,
  record: usize,
  variants: usize,
  weld: bool,
  axis: usize,
  steps: usize,
  out: usize,
): u32 {
  const validCells = load<u64>(record, VALID_CELLS);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);
  let sum: u32 = 0;
  let suspect: u32 = 0;
  for (let z: usize = 0; z < cellSlices; z++) {
    const lower = load<u64>(record + 8 * z);
    const upper = load<u64>(record + 8 * z, 8);
    let active = (anyOfFour(lower) | anyOfFour(upper)) & ~(allOfFour(lower) & allOfFour(upper)) & validCells;
    while (active != 0) {
      const bit = ctz<u64>(active);
      active &= active - 1;
      const which = caseOfCell(lower, upper, bit);
      if (load<u16>(variants + (which << 1)) == 0xffff) continue;
      const cell = <usize>bit + 64 * z;
      const entry = variantOf(samples + (cell << 2), <u32>which, variants);
      sum += entry & 31;
      const centres = (entry >> 5) & 3;
      if (centres != 0) {
        suspect |= writeCentres(samples, record, cell, entry, variants, weld, axis, steps, out);
        sum += centres << 13;
        out += 12 * <usize>centres;
      }
    }
  }
  return sum | (suspect << 24);
}

/**
 * Each interior vertex of a cell is the mean of the polygon around it: the second corners of its triangles.
 * Returns 1 where `weld` is set and one of them may lie on another vertex or has a triangle without area, else 0.
 */
function writeCentres(
  samples: usize,
  record: usize,
  cell: usize,
  entry: u32,
  variants: usize,
  weld: bool,
  axis: usize,
  steps: usize,
  out: usize,
): u32 {
  const x = axis + ((<usize>load<u16>(record, COORDINATES) * 7 + (cell & 7)) << 2);
  const y = axis + ((<usize>load<u16>(record, COORDINATES + 2) * 7 + ((cell >> 3) & 7)) << 2);
  const z = axis + ((<usize>load<u16>(record, COORDINATES + 4) * 7 + (cell >> 6)) << 2);
  const toSteps = steps - axis;
  const low = samples + (cell << 2);
  let edges = variants + ((<usize>(entry >> 8)) << 1);
  const end = edges + 6 * <usize>(entry & 31);
  const start = out;
  let suspect: u32 = 0;
  while (edges < end) {
    const centre = <usize>load<u16>(edges);
    if (centre < CENTRE) {
      edges += 6;
      continue;
    }
    const first = edges;
    let corners: f64 = 0;
    let sumX: f64 = 0;
    let sumY: f64 = 0;
    let sumZ: f64 = 0;
    do {
      const edge = <usize>load<u16>(edges, 2) >> 2;
      sumX += <f64>coordinateOnEdge(low, edge, 0, x, toSteps);
      sumY += <f64>coordinateOnEdge(low, edge, 1, y, toSteps);
      sumZ += <f64>coordinateOnEdge(low, edge, 2, z, toSteps);
      corners += 1;
      edges += 6;
    } while (edges < end && <usize>load<u16>(edges) == centre);
    const meanX = <f32>(sumX / corners);
    const meanY = <f32>(sumY / corners);
    const meanZ = <f32>(sumZ / corners);
    store<f32>(out, meanX);
    store<f32>(out, meanY, 4);
    store<f32>(out, meanZ, 8);
    if (weld) {
      // On a face it may meet the interior vertex of the neighbour, elsewhere one of this cell.
      if (isEnd(meanX, x) || isEnd(meanY, y) || isEnd(meanZ, z)) suspect = 1;
      for (let other = start; other < out; other += 12) {
        if (load<f32>(other) == meanX && load<f32>(other, 4) == meanY && load<f32>(other, 8) == meanZ) suspect = 1;
      }
    }
    out += 12;
    if (!weld) continue;
    for (let triangle = first; triangle < edges; triangle += 6) {
      const from = <usize>load<u16>(triangle, 2) >> 2;
      const to = <usize>load<u16>(triangle, 4) >> 2;
      const ux = <f64>coordinateOnEdge(low, from, 0, x, toSteps) - <f64>meanX;
      const uy = <f64>coordinateOnEdge(low, from, 1, y, toSteps) - <f64>meanY;
      const uz = <f64>coordinateOnEdge(low, from, 2, z, toSteps) - <f64>meanZ;
      const vx = <f64>coordinateOnEdge(low, to, 0, x, toSteps) - <f64>meanX;
      const vy = <f64>coordinateOnEdge(low, to, 1, y, toSteps) - <f64>meanY;
      const vz = <f64>coordinateOnEdge(low, to, 2, z, toSteps) - <f64>meanZ;
      if (uy * vz == uz * vy && uz * vx == ux * vz && ux * vy == uy * vx) suspect = 1;
    }
  }
  return suspect;
}

/** Whether a coordinate is that of the lower or the upper end of a cell. */
function isEnd(value: f32, place: usize): bool {
  return value == load<f32>(place) || value == load<f32>(place, 4);
}

/**
 * Coordinate `k` of the vertex on an edge (512 axis + x + 8 y + 64 z) of the cell whose lowest sample lies at `low` and
 * whose lowest place is at `place`.
 */
function coordinateOnEdge(low: usize, edge: usize, k: usize, place: usize, toSteps: usize): f32 {
  place += ((edge >> (3 * k)) & 7) << 2;
  const along = edge >> 9;
  if (along != k) return load<f32>(place);
  const sample = low + ((edge & 511) << 2);
  const a = load<f32>(sample);
  const t = a / (a - load<f32>(sample + ((<usize>4) << (3 * along))));
  return load<f32>(place) + t * load<f32>(place + toSteps);
}
