/**
 * Which variant a cell has whose signs do not say it all; the comments of src/surface/trilinear.ts hold here.
 *
 *      variants: the table of src/surface/trilinear-cases.ts
 *        0    u16 × 256  first entry of a case, 0xffff where the signs say it all
 *        512  u32 each   entries: triangles in bits 0 … 4, interior vertices in bits 5 and 6, byte offset of their edges >> 1
 *                        in bits 8 …
 *        …    u16 each   edges, as in `caseEdges`
 */

const ENTRIES: usize = 512;

/** The entry of a cell whose lowest sample lies at `cell`. */
export function variantOf(cell: usize, mask: u32, variants: usize): u32 {
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
