/**
 * Samples of the source to bricks, negative inside. A brick that lies in the source is copied by rows of 8 samples; one
 * that reaches out goes on with the outermost samples, outside.
 */
import {
  F32,
  KIND,
  LAYER_BYTES,
  LEVEL,
  NEGATE,
  NX,
  NY,
  NZ,
  OFFSET_X,
  OFFSET_Y,
  OFFSET_Z,
  SOURCE,
  U8,
} from "./job-layout";
import { sampleAt } from "./sample";

/** Writes the 512 samples of each brick, negative inside. */
export function fill(job: usize, coordinates: usize, count: i32, samples: usize): void {
  const kind = load<i32>(job, KIND);
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  const shift: usize = kind == F32 ? 2 : kind == U8 ? 0 : 1;
  const level = f32x4.splat(load<f32>(job, LEVEL));
  const negate = i32x4.splat(load<i32>(job, NEGATE));
  const rowStep = (<usize>nx) << shift;
  const layerStep = load<usize>(job, LAYER_BYTES);
  const source = load<usize>(job, SOURCE);
  for (let i = 0; i < count; i++) {
    const x0 = 7 * <i32>load<u16>(coordinates) - load<i32>(job, OFFSET_X);
    const y0 = 7 * <i32>load<u16>(coordinates, 2) - load<i32>(job, OFFSET_Y);
    const z0 = 7 * <i32>load<u16>(coordinates, 4) - load<i32>(job, OFFSET_Z);
    coordinates += 6;
    if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 8 > nx || y0 + 8 > ny || z0 + 8 > nz) {
      fillAtEdge(job, x0, y0, z0, samples);
      samples += 2048;
      continue;
    }
    let layer = source + <usize>z0 * layerStep + <usize>y0 * rowStep + ((<usize>x0) << shift);
    for (let z = 0; z < 8; z++) {
      let row = layer;
      for (let y = 0; y < 8; y++) {
        let a: v128;
        let b: v128;
        if (kind == F32) {
          a = v128.load(row);
          b = v128.load(row, 16);
        } else {
          const words = kind == U8 ? v128.load_ext<u8>(row) : v128.load(row);
          a = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
          b = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words));
        }
        v128.store(samples, v128.xor(f32x4.sub(a, level), negate));
        v128.store(samples, v128.xor(f32x4.sub(b, level), negate), 16);
        samples += 32;
        row += rowStep;
      }
      layer += layerStep;
    }
  }
}

/** Where the source ends, its outermost samples go on with the sign of the outside. */
function fillAtEdge(job: usize, x0: i32, y0: i32, z0: i32, samples: usize): void {
  const nx = load<i32>(job, NX);
  const ny = load<i32>(job, NY);
  const nz = load<i32>(job, NZ);
  for (let z = z0; z < z0 + 8; z++) {
    const sz = min(max(z, 0), nz - 1);
    for (let y = y0; y < y0 + 8; y++) {
      const sy = min(max(y, 0), ny - 1);
      for (let x = x0; x < x0 + 8; x++) {
        const sx = min(max(x, 0), nx - 1);
        const value = sampleAt(job, sx, sy, sz);
        store<f32>(samples, sx == x && sy == y && sz == z ? value : abs(value));
        samples += 4;
      }
    }
  }
}
