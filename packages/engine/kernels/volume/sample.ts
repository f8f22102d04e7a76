/**
 * One sample of a source, of whatever kind, less the level and negative inside.
 */
import { F32, KIND, LAYER_BYTES, LEVEL, NEGATE, NX, SOURCE, U8 } from "./job-layout";

export function sampleAt(job: usize, x: i32, y: i32, z: i32): f32 {
  const kind = load<i32>(job, KIND);
  const at = <usize>(x + load<i32>(job, NX) * y);
  const layer = load<usize>(job, SOURCE) + <usize>z * load<usize>(job, LAYER_BYTES);
  const value: f32 =
    kind == F32
      ? load<f32>(layer + (at << 2))
      : kind == U8
        ? <f32>load<u8>(layer + at)
        : <f32>load<u16>(layer + (at << 1));
  return reinterpret<f32>(reinterpret<i32>(value - load<f32>(job, LEVEL)) ^ load<i32>(job, NEGATE));
}
