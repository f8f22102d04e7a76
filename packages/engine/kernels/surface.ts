/**
 * Marching cubes over bricks. The readable twin is src/surface/reference.ts; both give the same bits.
 *
 * The signs of a slice of 8 × 8 samples are one word m of 64 bits, bit x + 8 y, set where the sample is below 0:
 *
 *      crossed edges along x: m ^ (m >> 1)      along y: m ^ (m >> 8)      along z: m ^ (next slice)
 *
 * Bits of edges that another brick owns, or that leave the grid, are masked away. The number of a vertex is the vertex
 * base of its brick + the count before its axis and slice + the population count of the mask below its bit.
 *
 * `count` reads the samples of a brick once, while they are in the cache: signs, counts, vertices. `emit` needs the
 * signs alone: it joins the vertices to triangles, in an array of exactly the right size.
 *
 *      record of a brick, 192 bytes
 *        0  u64 × 8   signs of the slices z = 0 … 7
 *       64  u64       valid edges along x in a slice (of slices z < slices)
 *       72  u64       valid edges along y
 *       80  u64       valid edges along z (of slices z < cellSlices)
 *       88  u64       valid cells (of slices z < cellSlices)
 *       96  u16 × 24  vertices of the brick before axis a and slice z, at 8 a + z
 *      144  u32       number of the first vertex
 *      148  u32       number of the first triangle
 *      152  u32       key: bx + by · stride + bz · stride²
 *      156  u16 × 3   bx, by, bz
 *      162  u8, u8    slices, cellSlices: owned samples and cells along z that lie in the grid, 0 … 7
 *      164  u16       cells whose signs do not say it all; 0 for the classic topology
 *      168  u32       number of the first vertex in the interior of a cell
 *      172  u32       number after the last vertex
 *      176  u32       reasons to weld
 *
 *      vertex numbers while a brick is emitted, u32: 512 axis + x + 8 y + 64 z of the lower end of the edge, 0 … 7 each;
 *      at 512 (3 + k) + x + 8 y + 64 z the vertices in the interior of that cell, k = 0 … 2
 *
 * A case is a word: triangles, and 65536 where its signs do not say it all. The sum of the cases of a brick tells whether any
 * of its cells needs a second look; no other brick costs more than with the classic topology. The second look reads the
 * eight samples, once to count and once to emit (see src/surface/trilinear.ts).
 *
 *      variants: the table of src/surface/trilinear-cases.ts
 *        0    u16 × 256  first entry of a case, 0xffff where the signs say it all
 *        512  u32 each   entries: triangles in bits 0 … 4, interior vertices in bits 5 and 6, byte offset of their edges >> 1
 *                        in bits 8 …
 *        …    u16 each   edges, as in `caseEdges`
 */

export { closeUp, movePositions, number, renumber, sharing, touching } from "./weld";

const RECORD: usize = 192;
const VALID_X: usize = 64;
const VALID_Y: usize = 72;
const VALID_Z: usize = 80;
const VALID_CELLS: usize = 88;
const BEFORE: usize = 96;
const FIRST_VERTEX: usize = 144;
const FIRST_TRIANGLE: usize = 148;
const KEY: usize = 152;
const COORDINATES: usize = 156;
const SLICES: usize = 162;
const CELL_SLICES: usize = 163;
const FLAGGED: usize = 164;
const FIRST_CENTRE: usize = 168;
const END_VERTEX: usize = 172;
const SUSPECTS: usize = 176;

const COLUMN: u64 = 0x0101010101010101;
const BRICK_BYTES: usize = 2048;
const SLICE_BYTES: usize = 256;
const CASE_BYTES: usize = 32;
/** Most vertices of a brick: all edges that it owns, and three in the interior of each cell. */
const MOST_VERTICES: u32 = 6 * 343;
/** Byte offset in the vertex numbers from an edge along x of a cell to the first vertex in its interior. */
const CENTRE: usize = 6144;
const ENTRIES: usize = 512;
/** World units; see src/surface/grid.ts. */
const SNAP: f32 = 1.0 / 2097152.0;

/** Bytes of working memory a brick. */
export function recordBytes(): usize {
  return RECORD;
}

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

/**
 * Writes the indices. Returns −1, or the first brick whose last layer does not fit the brick that owns it.
 * `numbers`: 6 × 512 u32, may hold anything. `caseEdges`: u16 byte offsets into `numbers`, 16 a case.
 */
export function emit(
  samples: usize,
  brickCount: u32,
  stride: u32,
  cases: usize,
  caseEdges: usize,
  variants: usize,
  records: usize,
  numbers: usize,
  indices: usize,
): i32 {
  const end = records + <usize>brickCount * RECORD;
  const square = stride * stride;
  // First records whose key is not below that of the neighbour along y, along z, along y and z.
  let rowY = records;
  let rowZ = records;
  let rowYZ = records;
  for (let record = records; record < end; record += RECORD) {
    if (hasCells(record)) {
      numberVertices(record, numbers);
      const key = load<u32>(record, KEY);
      rowY = seek(rowY, end, key + stride);
      rowZ = seek(rowZ, end, key + square);
      rowYZ = seek(rowYZ, end, key + square + stride);
      const fits =
        takeX(record, recordWith(record + RECORD, end, key + 1), numbers) &
        takeY(record, recordWith(rowY, end, key + stride), numbers) &
        takeZ(record, recordWith(rowZ, end, key + square), numbers) &
        takeXY(record, recordNear(rowY, end, key + stride + 1), numbers) &
        takeXZ(record, recordNear(rowZ, end, key + square + 1), numbers) &
        takeYZ(record, recordWith(rowYZ, end, key + square + stride), numbers);
      if (!fits) return <i32>((record - records) / RECORD);
      const out = indices + 12 * <usize>load<u32>(record, FIRST_TRIANGLE);
      if (load<u16>(record, FLAGGED) == 0) writeTriangles(record, cases, caseEdges, numbers, out);
      else writeMixedTriangles(samples, record, cases, caseEdges, variants, numbers, out);
    }
    samples += BRICK_BYTES;
  }
  return -1;
}

/**
 * With a floating-point type for `Snap`, vertices nearer than SNAP to a sample are put on it; returns how many there are.
 * With an integer type nothing is looked at.
 */
function writeVertices<Snap>(samples: usize, record: usize, axis: usize, steps: usize, out: usize): u32 {
  let suspects: u32 = 0;
  const x0 = <usize>load<u16>(record, COORDINATES) * 28;
  const y0 = <usize>load<u16>(record, COORDINATES + 2) * 28;
  const z0 = <usize>load<u16>(record, COORDINATES + 4) * 28;
  const placeX = axis + x0;
  const placeY = axis + y0;
  const placeZ = axis + z0;
  const stepX = steps + x0;
  const stepY = steps + y0;
  const stepZ = steps + z0;
  const slices: usize = load<u8>(record, SLICES);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);

  const validX = load<u64>(record, VALID_X);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    let mask = (m ^ (m >> 1)) & validX;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 4));
      const x = (bit & 7) << 2;
      let p = load<f32>(placeX + x) + t * load<f32>(stepX + x);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeX + x);
        const high = load<f32>(placeX + x, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p);
      store<f32>(out, load<f32>(placeY + ((bit >> 3) << 2)), 4);
      store<f32>(out, load<f32>(placeZ + (z << 2)), 8);
      out += 12;
    }
  }
  const validY = load<u64>(record, VALID_Y);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    let mask = (m ^ (m >> 8)) & validY;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 32));
      const y = (bit >> 3) << 2;
      store<f32>(out, load<f32>(placeX + ((bit & 7) << 2)));
      let p = load<f32>(placeY + y) + t * load<f32>(stepY + y);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeY + y);
        const high = load<f32>(placeY + y, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p, 4);
      store<f32>(out, load<f32>(placeZ + (z << 2)), 8);
      out += 12;
    }
  }
  const validZ = load<u64>(record, VALID_Z);
  for (let z: usize = 0; z < cellSlices; z++) {
    let mask = (load<u64>(record + 8 * z) ^ load<u64>(record + 8 * z, 8)) & validZ;
    const z4 = z << 2;
    while (mask != 0) {
      const bit = <usize>ctz<u64>(mask);
      mask &= mask - 1;
      const at = (bit << 2) + z * SLICE_BYTES;
      const a = load<f32>(samples + at);
      const t = a / (a - load<f32>(samples + at, 256));
      store<f32>(out, load<f32>(placeX + ((bit & 7) << 2)));
      store<f32>(out, load<f32>(placeY + ((bit >> 3) << 2)), 4);
      let p = load<f32>(placeZ + z4) + t * load<f32>(stepZ + z4);
      if (isFloat<Snap>()) {
        const low = load<f32>(placeZ + z4);
        const high = load<f32>(placeZ + z4, 4);
        if (p < low + SNAP || p > high - SNAP) {
          p = p < low + SNAP ? low : high;
          suspects++;
        }
      }
      store<f32>(out, p, 8);
      out += 12;
    }
  }
  return suspects;
}

/** Numbers the vertices of the brick itself. */
function numberVertices(record: usize, numbers: usize): void {
  const slices: usize = load<u8>(record, SLICES);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);
  let number = load<u32>(record, FIRST_VERTEX);
  const validX = load<u64>(record, VALID_X);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    number = takeInOrder((m ^ (m >> 1)) & validX, numbers + z * SLICE_BYTES, number);
  }
  const validY = load<u64>(record, VALID_Y);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(record + 8 * z);
    number = takeInOrder((m ^ (m >> 8)) & validY, numbers + z * SLICE_BYTES + 2048, number);
  }
  const validZ = load<u64>(record, VALID_Z);
  for (let z: usize = 0; z < cellSlices; z++) {
    const crossed = (load<u64>(record + 8 * z) ^ load<u64>(record + 8 * z, 8)) & validZ;
    number = takeInOrder(crossed, numbers + z * SLICE_BYTES + 4096, number);
  }
}

function writeTriangles(record: usize, cases: usize, caseEdges: usize, numbers: usize, out: usize): void {
  const validCells = load<u64>(record, VALID_CELLS);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);
  let lower = load<u64>(record);
  let lowerAny = anyOfFour(lower);
  let lowerAll = allOfFour(lower);
  for (let z: usize = 0; z < cellSlices; z++) {
    const upper = load<u64>(record + 8 * z, 8);
    const upperAny = anyOfFour(upper);
    const upperAll = allOfFour(upper);
    let active = (lowerAny | upperAny) & ~(lowerAll & upperAll) & validCells;
    while (active != 0) {
      const bit = ctz<u64>(active);
      active &= active - 1;
      const which = caseOfCell(lower, upper, bit);
      const cell = numbers + ((<usize>bit) << 2) + z * SLICE_BYTES;
      let edges = caseEdges + which * CASE_BYTES;
      const last = out + 12 * <usize>load<u32>(cases + (which << 2));
      while (out < last) {
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges)));
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges, 2)), 4);
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges, 4)), 8);
        edges += 6;
        out += 12;
      }
    }
    lower = upper;
    lowerAny = upperAny;
    lowerAll = upperAll;
  }
}

/** The same for a brick that has cells with variants. Its interior vertices are numbered on the way. */
function writeMixedTriangles(
  samples: usize,
  record: usize,
  cases: usize,
  caseEdges: usize,
  variants: usize,
  numbers: usize,
  out: usize,
): void {
  const validCells = load<u64>(record, VALID_CELLS);
  const cellSlices: usize = load<u8>(record, CELL_SLICES);
  let centre = load<u32>(record, FIRST_CENTRE);
  for (let z: usize = 0; z < cellSlices; z++) {
    const lower = load<u64>(record + 8 * z);
    const upper = load<u64>(record + 8 * z, 8);
    let active = (anyOfFour(lower) | anyOfFour(upper)) & ~(allOfFour(lower) & allOfFour(upper)) & validCells;
    while (active != 0) {
      const bit = ctz<u64>(active);
      active &= active - 1;
      const which = caseOfCell(lower, upper, bit);
      const place = ((<usize>bit) << 2) + z * SLICE_BYTES;
      const cell = numbers + place;
      let edges = caseEdges + which * CASE_BYTES;
      let last = out + 12 * <usize>(load<u32>(cases + (which << 2)) & 0xffff);
      if (load<u16>(variants + (which << 1)) != 0xffff) {
        const entry = variantOf(samples + place, <u32>which, variants);
        edges = variants + ((<usize>(entry >> 8)) << 1);
        last = out + 12 * <usize>(entry & 31);
        for (let k: usize = 0; k < ((entry >> 5) & 3); k++) store<u32>(cell + 2048 * k, centre++, CENTRE);
      }
      while (out < last) {
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges)));
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges, 2)), 4);
        store<u32>(out, load<u32>(cell + <usize>load<u16>(edges, 4)), 8);
        edges += 6;
        out += 12;
      }
    }
  }
}

/**
 * Counts the triangles of cells with variants and writes their interior vertices. Returns the triangles in bits 0 … 12, the
 * vertices in bits 13 … 23, and in bit 24, if `weld` is set, whether an interior vertex needs welding.
 */
function resolveBrick(
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

/*
 * The decisions of an ambiguous cell; the comments of src/surface/trilinear.ts hold here.
 */

/** The entry of a cell whose lowest sample lies at `cell`. */
function variantOf(cell: usize, mask: u32, variants: usize): u32 {
  const v0 = <f64>load<f32>(cell);
  const v1 = <f64>load<f32>(cell, 4);
  const v2 = <f64>load<f32>(cell, 32);
  const v3 = <f64>load<f32>(cell, 36);
  const v4 = <f64>load<f32>(cell, 256);
  const v5 = <f64>load<f32>(cell, 260);
  const v6 = <f64>load<f32>(cell, 288);
  const v7 = <f64>load<f32>(cell, 292);
  // Bits of the diagonals of each face; `weight` is 3 · 2 ^ (ambiguous faces so far).
  let weight: u32 = 3;
  let index: u32 = load<u16>(variants + (mask << 1));
  let signs = mask & 0x55;
  if (signs == 0x41 || signs == 0x14) {
    if (signs == 0x41 ? v0 * v6 > v4 * v2 : v4 * v2 > v0 * v6) index += weight;
    weight <<= 1;
  }
  signs = mask & 0xaa;
  if (signs == 0x82 || signs == 0x28) {
    if (signs == 0x82 ? v1 * v7 > v3 * v5 : v3 * v5 > v1 * v7) index += weight;
    weight <<= 1;
  }
  signs = mask & 0x33;
  if (signs == 0x21 || signs == 0x12) {
    if (signs == 0x21 ? v0 * v5 > v1 * v4 : v1 * v4 > v0 * v5) index += weight;
    weight <<= 1;
  }
  signs = mask & 0xcc;
  if (signs == 0x84 || signs == 0x48) {
    if (signs == 0x84 ? v2 * v7 > v6 * v3 : v6 * v3 > v2 * v7) index += weight;
    weight <<= 1;
  }
  signs = mask & 0x0f;
  if (signs == 0x09 || signs == 0x06) {
    if (signs == 0x09 ? v0 * v3 > v2 * v1 : v2 * v1 > v0 * v3) index += weight;
    weight <<= 1;
  }
  signs = mask & 0xf0;
  if (signs == 0x90 || signs == 0x60) {
    if (signs == 0x90 ? v4 * v7 > v5 * v6 : v5 * v6 > v4 * v7) index += weight;
  }
  let tunnel = sweep(v0, v4, v3, v7, v1, v5, v2, v6);
  if (tunnel == 0) tunnel = sweep(v1, v5, v2, v6, v0, v4, v3, v7);
  return load<u32>(variants + ((<usize>(index + tunnel)) << 2), ENTRIES);
}

/** 1 where a sweep along z finds edges p and r joined in its middle only, 2 where it finds s and u so, else 0. */
function sweep(p0: f64, p1: f64, r0: f64, r1: f64, s0: f64, s1: f64, u0: f64, u1: f64): u32 {
  if (!((p0 < 0 || p1 < 0) && (r0 < 0 || r1 < 0) && !(s0 < 0 && s1 < 0) && !(u0 < 0 && u1 < 0))) return 0;
  const q0 = p0 * r0 - s0 * u0;
  const q1 = p1 * r1 - s1 * u1;
  const m = (p0 * r1 + p1 * r0 - s0 * u1 - s1 * u0) / 2;
  let lowN: f64 = 0;
  let lowD: f64 = 1;
  let lowJoined = q0 > 0;
  let highN: f64 = 1;
  let highD: f64 = 0;
  let highJoined = q1 > 0;
  if (s0 < 0) {
    lowN = -s0;
    lowD = s1;
    lowJoined = true;
  }
  if (u0 < 0 && -u0 * lowD >= lowN * u1) {
    lowN = -u0;
    lowD = u1;
    lowJoined = true;
  }
  if (!(p0 < 0) && p0 * lowD >= lowN * -p1) {
    lowN = p0;
    lowD = -p1;
    lowJoined = false;
  }
  if (!(r0 < 0) && r0 * lowD >= lowN * -r1) {
    lowN = r0;
    lowD = -r1;
    lowJoined = false;
  }
  if (s1 < 0) {
    highN = s0;
    highD = -s1;
    highJoined = true;
  }
  if (u1 < 0 && u0 * highD <= highN * -u1) {
    highN = u0;
    highD = -u1;
    highJoined = true;
  }
  if (!(p1 < 0) && -p0 * highD <= highN * p1) {
    highN = -p0;
    highD = p1;
    highJoined = false;
  }
  if (!(r1 < 0) && -r0 * highD <= highN * r1) {
    highN = -r0;
    highD = r1;
    highJoined = false;
  }
  if (lowJoined !== highJoined || !(lowN * highD < highN * lowD)) return 0;

  // q(z) = q0 (1 − z)² + 2 m z (1 − z) + q1 z² > 0 where p and r are joined; its slope at both ends, and its discriminant.
  const slopeLow = (m - q0) * lowD + (q1 - m) * lowN;
  const slopeHigh = (m - q0) * highD + (q1 - m) * highN;
  if (lowJoined) return slopeLow < 0 && slopeHigh > 0 && m * m >= q0 * q1 ? 2 : 0;
  return slopeLow > 0 && slopeHigh < 0 && m * m > q0 * q1 ? 1 : 0;
}

/*
 * The six functions below fetch the numbers of the edges on the last layer (local index 7) from the brick that owns
 * them, where they have index 0. `there` is the empty record where that brick is missing. Each returns false where the
 * crossings of this brick and of that brick differ, so that no number is used that was not written.
 */

/** Edges along y and z at x = 7. */
function takeX(here: usize, there: usize, numbers: usize): bool {
  if (!(load<u64>(here, VALID_CELLS) & 0x40)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const slices: usize = load<u8>(here, SLICES);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  const validHereY = load<u64>(here, VALID_Y) & COLUMN;
  const validThereY = load<u64>(there, VALID_Y);
  const validHereZ = load<u64>(here, VALID_Z) & COLUMN;
  const validThereZ = load<u64>(there, VALID_Z);
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(here + 8 * z);
    const n = load<u64>(there + 8 * z);
    const crossed = (n ^ (n >> 8)) & validThereY;
    let mask = crossed & COLUMN;
    if ((((m ^ (m >> 8)) >> 7) & validHereY) != mask) return false;
    if (mask != 0) {
      const base = first + load<u16>(there + 2 * z, BEFORE + 16);
      const row = numbers + z * SLICE_BYTES;
      do {
        const bit = ctz<u64>(mask);
        store<u32>(row + ((<usize>bit) << 2), base + <u32>popcnt<u64>(crossed & (((<u64>1) << bit) - 1)), 2048 + 28);
        mask &= mask - 1;
      } while (mask != 0);
    }
    if (z < cellSlices) {
      const between = (n ^ load<u64>(there + 8 * z, 8)) & validThereZ;
      mask = between & COLUMN;
      if ((((m ^ load<u64>(here + 8 * z, 8)) >> 7) & validHereZ) != mask) return false;
      if (mask != 0) {
        const base = first + load<u16>(there + 2 * z, BEFORE + 32);
        const row = numbers + z * SLICE_BYTES;
        do {
          const bit = ctz<u64>(mask);
          store<u32>(row + ((<usize>bit) << 2), base + <u32>popcnt<u64>(between & (((<u64>1) << bit) - 1)), 4096 + 28);
          mask &= mask - 1;
        } while (mask != 0);
      }
    }
  }
  return true;
}

/** Edges along x and z at y = 7. */
function takeY(here: usize, there: usize, numbers: usize): bool {
  if (!((load<u64>(here, VALID_CELLS) >> 48) & 1)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const slices: usize = load<u8>(here, SLICES);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  // The lowest rows of both bricks cover the same range of x.
  const validX = load<u64>(here, VALID_X) & 0xff;
  const validZ = load<u64>(here, VALID_Z) & 0xff;
  for (let z: usize = 0; z < slices; z++) {
    const m = load<u64>(here + 8 * z);
    const n = load<u64>(there + 8 * z);
    let mask = (n ^ (n >> 1)) & validX;
    if ((((m ^ (m >> 1)) >> 56) & validX) != mask) return false;
    if (mask != 0) {
      takeInOrder(mask, numbers + z * SLICE_BYTES + 224, first + load<u16>(there + 2 * z, BEFORE));
    }
    if (z < cellSlices) {
      mask = (n ^ load<u64>(there + 8 * z, 8)) & validZ;
      if ((((m ^ load<u64>(here + 8 * z, 8)) >> 56) & validZ) != mask) return false;
      if (mask != 0) {
        takeInOrder(mask, numbers + z * SLICE_BYTES + 4096 + 224, first + load<u16>(there + 2 * z, BEFORE + 32));
      }
    }
  }
  return true;
}

/** Edges along x and y at z = 7. */
function takeZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const validX = load<u64>(here, VALID_X);
  const validY = load<u64>(here, VALID_Y);
  let mask = (n ^ (n >> 1)) & validX;
  if (((m ^ (m >> 1)) & validX) != mask) return false;
  takeInOrder(mask, numbers + 1792, first);
  mask = (n ^ (n >> 8)) & validY;
  if (((m ^ (m >> 8)) & validY) != mask) return false;
  takeInOrder(mask, numbers + 2048 + 1792, first + load<u16>(there, BEFORE + 16));
  return true;
}

/** Edges along z at x = 7, y = 7. */
function takeXY(here: usize, there: usize, numbers: usize): bool {
  if (!((load<u64>(here, VALID_CELLS) >> 54) & 1)) return true;
  const first = load<u32>(there, FIRST_VERTEX);
  const cellSlices: usize = load<u8>(here, CELL_SLICES);
  for (let z: usize = 0; z < cellSlices; z++) {
    const crossed = (load<u64>(there + 8 * z) ^ load<u64>(there + 8 * z, 8)) & 1;
    if ((load<u64>(here + 8 * z) ^ load<u64>(here + 8 * z, 8)) >> 63 != crossed) return false;
    if (crossed) store<u32>(numbers + z * SLICE_BYTES, first + load<u16>(there + 2 * z, BEFORE + 32), 4096 + 252);
  }
  return true;
}

/** Edges along y at x = 7, z = 7. */
function takeXZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7 || !(load<u64>(here, VALID_CELLS) & 0x40)) return true;
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const crossed = (n ^ (n >> 8)) & load<u64>(there, VALID_Y);
  let mask = crossed & COLUMN;
  if ((((m ^ (m >> 8)) >> 7) & load<u64>(here, VALID_Y) & COLUMN) != mask) return false;
  const base = load<u32>(there, FIRST_VERTEX) + load<u16>(there, BEFORE + 16);
  while (mask != 0) {
    const bit = ctz<u64>(mask);
    store<u32>(
      numbers + ((<usize>bit) << 2),
      base + <u32>popcnt<u64>(crossed & (((<u64>1) << bit) - 1)),
      2048 + 1792 + 28,
    );
    mask &= mask - 1;
  }
  return true;
}

/** Edges along x at y = 7, z = 7. */
function takeYZ(here: usize, there: usize, numbers: usize): bool {
  if (load<u8>(here, CELL_SLICES) != 7 || !((load<u64>(here, VALID_CELLS) >> 48) & 1)) return true;
  const m = load<u64>(here, 56);
  const n = load<u64>(there);
  const validX = load<u64>(here, VALID_X) & 0xff;
  const mask = (n ^ (n >> 1)) & validX;
  if ((((m ^ (m >> 1)) >> 56) & validX) != mask) return false;
  takeInOrder(mask, numbers + 1792 + 224, load<u32>(there, FIRST_VERTEX));
  return true;
}

/** Numbers the set bits of `mask` from `number` on, and returns the next number. */
function takeInOrder(mask: u64, numbers: usize, number: u32): u32 {
  while (mask != 0) {
    store<u32>(numbers + ((<usize>ctz<u64>(mask)) << 2), number++);
    mask &= mask - 1;
  }
  return number;
}

function hasCells(record: usize): bool {
  return load<u64>(record, VALID_CELLS) != 0 && load<u8>(record, CELL_SLICES) != 0;
}

/** The first record from `record` on whose key is not below `key`. */
function seek(record: usize, end: usize, key: u32): usize {
  while (record < end && load<u32>(record, KEY) < key) record += RECORD;
  return record;
}

/** `record` where it has that key, else the empty record at `end`. */
function recordWith(record: usize, end: usize, key: u32): usize {
  return record < end && load<u32>(record, KEY) == key ? record : end;
}

/** The same, where the key may be that of `record` or of the one after it. */
function recordNear(record: usize, end: usize, key: u32): usize {
  return record < end && load<u32>(record, KEY) == key ? record : recordWith(record + RECORD, end, key);
}

/** Signs of 8 × 8 samples: bit i is set where sample i is below 0 (−0 and NaN are not). */
function signsOfSlice(samples: usize): u64 {
  return (
    signsOfRows(samples) |
    (signsOfRows(samples + 64) << 16) |
    (signsOfRows(samples + 128) << 32) |
    (signsOfRows(samples + 192) << 48)
  );
}

/** Signs of two rows of 8 samples, 16 bits. */
function signsOfRows(samples: usize): u64 {
  const zero = f32x4.splat(0);
  const a = v128.lt<f32>(v128.load(samples), zero);
  const b = v128.lt<f32>(v128.load(samples, 16), zero);
  const c = v128.lt<f32>(v128.load(samples, 32), zero);
  const d = v128.lt<f32>(v128.load(samples, 48), zero);
  const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
  return <u64>(<u32>i8x16.bitmask(bytes));
}

/** The lowest `columns` bits of the lowest `rows` rows. */
function rectangle(columns: i32, rows: i32): u64 {
  return (COLUMN & (((<u64>1) << (8 * rows)) - 1)) * (((<u64>1) << columns) - 1);
}

/** Bit i: whether any of the samples i, i + 1, i + 8, i + 9 is inside. */
function anyOfFour(m: u64): u64 {
  const pair = m | (m >> 1);
  return pair | (pair >> 8);
}

/** Bit i: whether all of the samples i, i + 1, i + 8, i + 9 are inside. */
function allOfFour(m: u64): u64 {
  const pair = m & (m >> 1);
  return pair & (pair >> 8);
}

/** Case of the cell at `bit`: the corners of the lower slice in bits 0 … 3, of the upper one in bits 4 … 7. */
function caseOfCell(lower: u64, upper: u64, bit: u64): usize {
  const corners = (<u32>(lower >> bit) & 0x303) | ((<u32>(upper >> bit) & 0x303) << 4);
  return (corners | (corners >> 6)) & 0xff;
}

/** World coordinate of sample `index`; src/surface/grid.ts has the same. */
function samplePosition(index: i32, dimension: i32): f32 {
  return <f32>((2.0 * (<f64>index + 0.5)) / <f64>dimension - 1.0);
}
