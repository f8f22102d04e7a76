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
 *
 *      edge numbers while a brick is emitted, u32: 512 axis + x + 8 y + 64 z of the lower end, 0 … 7 each
 */

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

const COLUMN: u64 = 0x0101010101010101;
const BRICK_BYTES: usize = 2048;
const SLICE_BYTES: usize = 256;
const CASE_BYTES: usize = 32;
/** Most vertices of a brick: all edges that it owns. */
const MOST_VERTICES: u32 = 3 * 343;

/** Bytes of working memory a brick. */
export function recordBytes(): usize {
  return RECORD;
}

/**
 * Writes the record and the positions of each brick from `brick` on, as long as the next one is sure to fit: `room` is
 * the number of vertices that `positions` holds. Returns the brick to go on with, `brickCount` when all are done.
 *
 * `totals` (u32: vertices, triangles, active cells) must be 0 at the start and goes on from call to call. `records` has
 * room for brickCount + 1; the last one is left empty and stands for every neighbour that is not there.
 * `axis`: room for 2 (dimension + 8) floats, filled here.
 */
export function count(
  samples: usize,
  coordinates: usize,
  brick: u32,
  brickCount: u32,
  dimension: i32,
  stride: u32,
  caseCounts: usize,
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

    if (before != 0) writeVertices(samples, record, axis, steps, positions + 12 * <usize>vertices);
    vertices += before;
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
        triangles += load<u8>(caseCounts + caseOfCell(lower, upper, ctz<u64>(active)));
        active &= active - 1;
      }
      lower = upper;
      lowerAny = upperAny;
      lowerAll = upperAll;
    }

    samples += BRICK_BYTES;
    coordinates += 6;
    record += RECORD;
  }
  memory.fill(record, 0, RECORD);
  store<u32>(totals, vertices);
  store<u32>(totals, triangles, 4);
  store<u32>(totals, cells, 8);
  return brick;
}

/**
 * Writes the indices. Returns −1, or the first brick whose last layer does not fit the brick that owns it.
 * `numbers`: 3 × 512 u32, may hold anything. `caseEdges`: u16 byte offsets into `numbers`, 16 a case.
 */
export function emit(
  brickCount: u32,
  stride: u32,
  caseCounts: usize,
  caseEdges: usize,
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
      writeTriangles(record, caseCounts, caseEdges, numbers, indices + 12 * <usize>load<u32>(record, FIRST_TRIANGLE));
    }
  }
  return -1;
}

function writeVertices(samples: usize, record: usize, axis: usize, steps: usize, out: usize): void {
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
      store<f32>(out, load<f32>(placeX + x) + t * load<f32>(stepX + x));
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
      store<f32>(out, load<f32>(placeY + y) + t * load<f32>(stepY + y), 4);
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
      store<f32>(out, load<f32>(placeZ + z4) + t * load<f32>(stepZ + z4), 8);
      out += 12;
    }
  }
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

function writeTriangles(record: usize, caseCounts: usize, caseEdges: usize, numbers: usize, out: usize): void {
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
      const last = out + 12 * <usize>load<u8>(caseCounts + which);
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
