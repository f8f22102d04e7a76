/**
 * Student's t: tails and quantiles for any degrees of freedom from 2, the same on every machine.
 *
 * With s = t / √(ν + t²) the density becomes (1 − s²)^(ν/2 − 1); with s = 1 − v² the tail runs from v = 0, where it is
 * smallest, so that a tail of 1e-12 is as right as one of 0.1. Simpson's rule; relative error below 1e-5.
 */
import { portableExp, portableLog } from "./logarithm.ts";

/** P(T > t), `t` ≥ 0, `degrees` ≥ 2. Throws `RangeError` for anything else. */
export function studentTail(t: number, degrees: number): number {
  if (!(t >= 0) || !(degrees >= 2))
    throw new RangeError(
      `take Student's tail: t must be at least 0 and the degrees at least 2, got ${t} and ${degrees}.`,
    );
  if (t === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.sqrt(degrees + t * t);
  const rest = degrees / (scale * (scale + t)); // 1 − s, without cancellation
  return (0.5 * integral(Math.sqrt(rest), degrees)) / whole(degrees);
}

/** The t with P(|T| ≤ t) = `level`; `level` from 0 to below 1, `degrees` ≥ 2. About ten tails. */
export function studentQuantile(level: number, degrees: number): number {
  if (!(level >= 0 && level < 1))
    throw new RangeError(`take Student's quantile: level must be from 0 to below 1, got ${level}.`);
  const wanted = (1 - level) / 2;
  // The tail falls and is convex, so Newton's steps from 0 approach from below and never pass the root.
  let t = 0;
  for (let step = 0; step < 60; step++) {
    const density =
      portableExp(-0.5 * (degrees + 1) * portableLog(1 + (t * t) / degrees)) /
      (2 * Math.sqrt(degrees) * whole(degrees));
    const move = (studentTail(t, degrees) - wanted) / density;
    t = Math.max(0, t + move);
    if (Math.abs(move) < 1e-9 * t) break;
  }
  return t;
}

let wholeOf = { degrees: 0, value: 0 };

/** The integral over all of [0, 1], remembered for the degrees asked for last. */
function whole(degrees: number): number {
  if (wholeOf.degrees !== degrees) wholeOf = { degrees, value: integral(1, degrees) };
  return wholeOf.value;
}

/** ∫ from 0 to `end` of 2 v (v² (2 − v²))^(ν/2 − 1) dv. */
function integral(end: number, degrees: number): number {
  const power = degrees / 2 - 1;
  const at = (v: number) => (v === 0 ? 0 : 2 * v * portableExp(power * portableLog(v * v * (2 - v * v))));
  // The more degrees, the more the integrand gathers at its end.
  const panels = 2 * Math.ceil(64 + 2 * degrees);
  const step = end / panels;
  let total = at(end);
  for (let i = 1; i < panels; i++) total += at(i * step) * (i % 2 === 1 ? 4 : 2);
  return (total * step) / 3;
}
