/**
 * The second pass joins the vertices to triangles, in an array of exactly the right size. It needs the signs alone. The
 * records are in the order of their keys, so those of the neighbours are found by three places that only move forwards.
 */
import { takeX, takeXY, takeXZ, takeY, takeYZ, takeZ } from "./neighbours";
import { numberVertices } from "./numbers";
import { BRICK_BYTES, CELL_SLICES, FIRST_TRIANGLE, FLAGGED, KEY, RECORD, VALID_CELLS } from "./record-layout";
import { writeMixedTriangles, writeTriangles } from "./triangles";

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
