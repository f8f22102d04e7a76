/**
 * Bricks of another grid than the source's, trilinear between its samples; the readable twin is in src/volume/resample.ts.
 * Only here the bricks are filled before it is known which have a sign change: `keep` (kernels/volume/keep.ts) comes after.
 */
import { F32, KIND, LEVEL, NEGATE, NX, NY, NZ, U8 } from "./job-layout";

/**
 * Writes the samples of bricks of another grid, trilinear between those of the source.
 *
 *      tables of the axes, 16 bytes for each grid index:
 *        0  i32  index of the lower sample, −1 … n    8  f64  fraction towards the next one
 *
 * `layers`: for each z of the brick the pointers of two source layers, u32; so that not all layers need to be there.
 */
export function resample(
  job: usize,
  coordinates: usize,
  count: i32,
  tableX: usize,
  tableY: usize,
  tableZ: usize,
  layers: usize,
  samples: usize,
): void {
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  for (let i = 0; i < count; i++) {
    const columns = tableX + <usize>load<u16>(coordinates) * 112;
    const rows = tableY + <usize>load<u16>(coordinates, 2) * 112;
    const depths = tableZ + <usize>load<u16>(coordinates, 4) * 112;
    coordinates += 6;
    for (let z: usize = 0; z < 8; z++) {
      const iz = load<i32>(depths + 16 * z);
      const tz = load<f64>(depths + 16 * z, 8);
      const lower = load<usize>(layers + 8 * z);
      const upper = load<usize>(layers + 8 * z, 4);
      const outLower = iz < 0 || iz >= nz;
      const outUpper = iz + 1 < 0 || iz + 1 >= nz;
      for (let y: usize = 0; y < 8; y++) {
        const iy = load<i32>(rows + 16 * y);
        const ty = load<f64>(rows + 16 * y, 8);
        const y0 = min(max(iy, 0), ny - 1);
        const y1 = min(max(iy + 1, 0), ny - 1);
        const outY0 = iy != y0;
        const outY1 = iy + 1 != y1;
        for (let x: usize = 0; x < 8; x++) {
          const ix = load<i32>(columns + 16 * x);
          const tx = load<f64>(columns + 16 * x, 8);
          const x0 = min(max(ix, 0), nx - 1);
          const x1 = min(max(ix + 1, 0), nx - 1);
          const outX0 = ix != x0;
          const outX1 = ix + 1 != x1;
          const a = lineAt(job, kind, lower, y0 * nx, x0, x1, outLower || outY0, outX0, outX1, tx);
          const b = lineAt(job, kind, lower, y1 * nx, x0, x1, outLower || outY1, outX0, outX1, tx);
          const c = lineAt(job, kind, upper, y0 * nx, x0, x1, outUpper || outY0, outX0, outX1, tx);
          const d = lineAt(job, kind, upper, y1 * nx, x0, x1, outUpper || outY1, outX0, outX1, tx);
          const ab = a * (1 - ty) + b * ty;
          const cd = c * (1 - ty) + d * ty;
          store<f32>(samples, toSingle(ab * (1 - tz) + cd * tz));
          samples += 4;
        }
      }
    }
  }
}

function lineAt(
  job: usize,
  kind: i32,
  layer: usize,
  row: i32,
  x0: i32,
  x1: i32,
  out: bool,
  out0: bool,
  out1: bool,
  t: f64,
): f64 {
  const a = valueIn(job, kind, layer, row + x0);
  const b = valueIn(job, kind, layer, row + x1);
  return <f64>(out || out0 ? abs(a) : a) * (1 - t) + <f64>(out || out1 ? abs(b) : b) * t;
}

function valueIn(job: usize, kind: i32, layer: usize, index: i32): f32 {
  const at = <usize>index;
  const value: f32 =
    kind == F32
      ? load<f32>(layer + (at << 2))
      : kind == U8
        ? <f32>load<u8>(layer + at)
        : <f32>load<u16>(layer + (at << 1));
  return reinterpret<f32>(reinterpret<i32>(value - load<f32>(job, LEVEL)) ^ load<i32>(job, NEGATE));
}

/** Rounded to single precision, where what is below 0 stays below 0. */
function toSingle(value: f64): f32 {
  const single = <f32>value;
  return value < 0 && single == 0 ? reinterpret<f32>(0x80000001) : single;
}
