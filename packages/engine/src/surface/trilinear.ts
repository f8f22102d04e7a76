/**
 * What the eight samples of an ambiguous cell decide: which entry of the trilinear table the cell has.
 * The kernel does the same in the same order, so that both get the same bits.
 *
 * A face with inside corners a, c and outside corners b, d joins the inside corners where a · c > b · d: there the saddle
 * value of the bilinear interpolant, (a c − b d) / (a + c − b − d), is below 0. The products of two single-precision
 * samples are exact in double precision, so the answer is exact, and both cells of the face find the same. A saddle value of
 * exactly 0 is outside, like a sample of 0: the inside corners stay apart.
 *
 * Where a tunnel starts and ends along z is compared exactly, too. Whether the quadratic between has two roots is
 * subject to rounding, where the tunnel is about as wide as a rounding error; that is a matter of this one cell, and
 * leaves no hole whatever the answer. A tunnel of width 0 counts as outside.
 *
 * The face test is the asymptotic decider of G. M. Nielson, B. Hamann, 1991, https://doi.org/10.1109/VISUAL.1991.175782.
 */
import { FACE_CORNERS } from "./cases.ts";

/**
 * Added to `TrilinearTable.first[mask]`, it gives the entry of the cell.
 * @param v the samples of the eight corners, as single-precision values
 */
export function decideCell(mask: number, v: ArrayLike<number>): number {
  let decisions = 0;
  let faces = 0;
  for (const [a, b, c, d] of FACE_CORNERS) {
    const insideA = (mask >> a) & 1;
    const insideB = (mask >> b) & 1;
    if (insideA === insideB || insideA !== ((mask >> c) & 1) || insideB !== ((mask >> d) & 1)) continue;
    const ac = v[a] * v[c];
    const bd = v[b] * v[d];
    if (insideA === 1 ? ac > bd : bd > ac) decisions |= 1 << faces;
    faces++;
  }
  const tunnel =
    sweep(v[0], v[4], v[3], v[7], v[1], v[5], v[2], v[6]) || sweep(v[1], v[5], v[2], v[6], v[0], v[4], v[3], v[7]);
  return 3 * decisions + tunnel;
}

/**
 * Sweeps z from 0 to 1 over the part where the edges p and r (from p0 to p1, from r0 to r1) are inside while s and u are
 * outside. Returns 1 where p and r are joined for a while in its middle only, 2 where s and u are, else 0.
 */
function sweep(p0: number, p1: number, r0: number, r1: number, s0: number, s1: number, u0: number, u1: number): number {
  if (!((p0 < 0 || p1 < 0) && (r0 < 0 || r1 < 0) && !(s0 < 0 && s1 < 0) && !(u0 < 0 && u1 < 0))) return 0;
  const q0 = p0 * r0 - s0 * u0;
  const q1 = p1 * r1 - s1 * u1;
  const m = (p0 * r1 + p1 * r0 - s0 * u1 - s1 * u0) / 2;

  // The part goes from z = lowN / (lowN + lowD) to z = highN / (highN + highD). A crossing of s or u leaves p and r
  // joined, one of p or r leaves them apart; at equal heights they are apart.
  let lowN = 0;
  let lowD = 1;
  let lowJoined = q0 > 0;
  let highN = 1;
  let highD = 0;
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
