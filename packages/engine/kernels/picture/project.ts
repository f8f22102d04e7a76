/**
 * Vertices to the screen; the readable twin is src/picture/project.ts. A vector of four holds four vertices.
 */

export function projectVertices(positions: usize, count: u32, view: usize, screen: usize): void {
  const r0 = v128.load_splat<f32>(view);
  const r1 = v128.load_splat<f32>(view, 4);
  const r2 = v128.load_splat<f32>(view, 8);
  const u0 = v128.load_splat<f32>(view, 12);
  const u1 = v128.load_splat<f32>(view, 16);
  const u2 = v128.load_splat<f32>(view, 20);
  const f0 = v128.load_splat<f32>(view, 24);
  const f1 = v128.load_splat<f32>(view, 28);
  const f2 = v128.load_splat<f32>(view, 32);
  const eyeX = v128.load_splat<f32>(view, 36);
  const eyeY = v128.load_splat<f32>(view, 40);
  const eyeZ = v128.load_splat<f32>(view, 44);
  const focal = v128.load_splat<f32>(view, 48);
  const middleX = v128.load_splat<f32>(view, 52);
  const middleY = v128.load_splat<f32>(view, 56);
  const near = v128.load_splat<f32>(view, 60);
  const guard = v128.load_splat<f32>(view, 64);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const farthest = f32x4.splat(<f32>1125899906842624.0);

  for (let i: u32 = 0; i < count; i += 4) {
    // Four vertices, transposed:  a = x0 y0 z0 x1   b = y1 z1 x2 y2   c = z2 x3 y3 z3
    let a: v128, b: v128, c: v128;
    const rest = count - i;
    const from = positions + <usize>i * 12;
    if (rest >= 4) {
      a = v128.load(from);
      b = v128.load(from, 16);
      c = v128.load(from, 32);
    } else {
      const p1 = from + (rest > 1 ? 12 : 0);
      const p2 = from + (rest > 2 ? 24 : 0);
      a = f32x4(load<f32>(from), load<f32>(from, 4), load<f32>(from, 8), load<f32>(p1));
      b = f32x4(load<f32>(p1, 4), load<f32>(p1, 8), load<f32>(p2), load<f32>(p2, 4));
      c = f32x4(load<f32>(p2, 8), 0, 0, 0);
    }
    const px = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 3, 6, 0), c, 0, 1, 2, 5);
    const py = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 1, 4, 7, 0), c, 0, 1, 2, 6);
    const pz = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 5, 0, 0), c, 0, 1, 4, 7);

    const dx = f32x4.sub(px, eyeX);
    const dy = f32x4.sub(py, eyeY);
    const dz = f32x4.sub(pz, eyeZ);
    const x = f32x4.add(f32x4.add(f32x4.mul(r0, dx), f32x4.mul(r1, dy)), f32x4.mul(r2, dz));
    const y = f32x4.add(f32x4.add(f32x4.mul(u0, dx), f32x4.mul(u1, dy)), f32x4.mul(u2, dz));
    const z = f32x4.add(f32x4.add(f32x4.mul(f0, dx), f32x4.mul(f1, dy)), f32x4.mul(f2, dz));

    const reach = f32x4.mul(guard, z);
    let inside = v128.and(f32x4.ge(f32x4.sub(z, near), zero), f32x4.ge(f32x4.sub(reach, f32x4.abs(x)), zero));
    inside = v128.and(inside, f32x4.ge(f32x4.sub(reach, f32x4.abs(y)), zero));
    const size = f32x4.add(f32x4.add(f32x4.abs(x), f32x4.abs(y)), f32x4.abs(z));
    inside = v128.and(inside, f32x4.lt(size, farthest));
    let flags = i32x4.splat(0);
    if (!i32x4.all_true(inside)) {
      flags = beyond(f32x4.sub(z, near), 1);
      flags = v128.or(flags, beyond(f32x4.add(reach, x), 2));
      flags = v128.or(flags, beyond(f32x4.sub(reach, x), 4));
      flags = v128.or(flags, beyond(f32x4.sub(reach, y), 8));
      flags = v128.or(flags, beyond(f32x4.add(reach, y), 16));
      flags = v128.or(flags, v128.andnot(i32x4.splat(32), f32x4.lt(size, farthest)));
    }

    const inverse = f32x4.div(one, z);
    const across = f32x4.add(f32x4.mul(f32x4.mul(x, inverse), focal), middleX);
    const down = f32x4.sub(middleY, f32x4.mul(f32x4.mul(y, inverse), focal));
    const sx = i32x4.trunc_sat_f32x4_s(f32x4.floor(across));
    const sy = i32x4.trunc_sat_f32x4_s(f32x4.floor(down));

    const xyLow = v128.shuffle<i32>(sx, sy, 0, 4, 1, 5);
    const xyHigh = v128.shuffle<i32>(sx, sy, 2, 6, 3, 7);
    const zfLow = v128.shuffle<i32>(inverse, flags, 0, 4, 1, 5);
    const zfHigh = v128.shuffle<i32>(inverse, flags, 2, 6, 3, 7);
    const to = screen + ((<usize>i) << 4);
    v128.store(to, v128.shuffle<i64>(xyLow, zfLow, 0, 2));
    if (rest > 1) v128.store(to, v128.shuffle<i64>(xyLow, zfLow, 1, 3), 16);
    if (rest > 2) v128.store(to, v128.shuffle<i64>(xyHigh, zfHigh, 0, 2), 32);
    if (rest > 3) v128.store(to, v128.shuffle<i64>(xyHigh, zfHigh, 1, 3), 48);
  }
}

function beyond(insideBy: v128, flag: i32): v128 {
  return v128.andnot(i32x4.splat(flag), f32x4.ge(insideBy, f32x4.splat(0)));
}
