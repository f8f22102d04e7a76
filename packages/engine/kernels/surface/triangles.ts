/**
 * Triangles of a brick, from the table of cases. Bricks in which the signs of every cell say it all have a loop of their
 * own, which looks nothing else up.
 */
import { variantOf } from "./ambiguous";
import { CENTRE } from "./numbers";
import { CELL_SLICES, FIRST_CENTRE, SLICE_BYTES, VALID_CELLS } from "./record-layout";
import { allOfFour, anyOfFour, caseOfCell } from "./signs";

const CASE_BYTES: usize = 32;

/** The triangles of a brick whose cells have no variants. */
export function writeTriangles(record: usize, cases: usize, caseEdges: usize, numbers: usize, out: usize): void {
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
export function writeMixedTriangles(
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
