/**
 * Accumulators to the coordinates of the bricks that have a sign change.
 */
import { GUARD } from "./accumulators";
import {
  DIMENSION,
  HIGH_X,
  HIGH_Y,
  LOW_X,
  LOW_Y,
  NX,
  NY,
  NZ,
  OFFSET_X,
  OFFSET_Y,
  OFFSET_Z,
  ROW_BYTES,
} from "./job-layout";

/** Writes (bx, by, bz), u16 each, of the bricks of layer `bz` that have a sign change; returns how many. */
export function collect(job: usize, bz: i32, any: usize, all: usize, coordinates: usize): i32 {
  const dimension = load<i32>(job, DIMENSION);
  const nx = load<i32>(job, NX);
  const offsetX = load<i32>(job, OFFSET_X);
  const lowX = load<i32>(job, LOW_X);
  const highX = load<i32>(job, HIGH_X);
  const lowY = load<i32>(job, LOW_Y);
  const highY = load<i32>(job, HIGH_Y);
  const rowBytes = load<usize>(job, ROW_BYTES);
  const edgeZ = reachesOut(bz, load<i32>(job, OFFSET_Z), load<i32>(job, NZ), dimension);
  const start = coordinates;
  for (let by = lowY; by <= highY; by++) {
    const edgeYZ = edgeZ | reachesOut(by, load<i32>(job, OFFSET_Y), load<i32>(job, NY), dimension);
    for (let bx = lowX; bx <= highX; bx++) {
      const x0 = 7 * bx - offsetX;
      const at = GUARD + (x0 >> 3);
      const left = x0 & 7;
      // Bits of samples that are there.
      let valid: u32 = x0 + 8 > nx ? (1 << (nx - x0)) - 1 : 0xff;
      if (x0 < 0) valid &= 0xff << -x0;
      const some = (<u32>load<u16>(any + at) >> left) & valid;
      if (some == 0) continue;
      if (!(edgeYZ | reachesOut(bx, offsetX, nx, dimension))) {
        if (((<u32>load<u16>(all + at) >> left) & valid) == valid) continue;
      }
      store<u16>(coordinates, <u16>bx);
      store<u16>(coordinates, <u16>by, 2);
      store<u16>(coordinates, <u16>bz, 4);
      coordinates += 6;
    }
    any += rowBytes;
    all += rowBytes;
  }
  return <i32>((coordinates - start) / 6);
}

/** Whether a brick holds grid samples that the source does not have; those are outside. */
function reachesOut(b: i32, offset: i32, n: i32, dimension: i32): bool {
  return 7 * b < offset || min(7 * b + 7, dimension - 1) >= offset + n;
}
