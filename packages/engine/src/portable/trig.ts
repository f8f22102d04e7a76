/**
 * Sine and cosine with the same bits on every engine.
 *
 * `Math.sin` may differ in the last bit from one engine to the next, which would change pixels. Here everything is
 * additions, multiplications and comparisons of doubles, whose results IEEE 754 fixes.
 *
 * The angle is brought to [−π/4, π/4] by subtracting a whole number of quarter turns (π/2 is kept as three doubles, the
 * first two with 33 significant bits, so that their products with a count of up to 20 bits are exact; after Cody and
 * Waite, "Software Manual for the Elementary Functions", 1980). There the Taylor series to degree 17 and 18 is exact
 * to less than half a unit in the last place. Degrees and turns are reduced without any rounding.
 */

const QUARTER_TURN = Math.PI / 2;
/** π/2 = A + B + C; A and B have 33 significant bits. */
const QUARTER_A = 1.5707963267341256;
const QUARTER_B = 6.077100506303966e-11;
const QUARTER_C = 2.0222662487959506e-21;
/** Up to here the products `count · QUARTER_A` and `count · QUARTER_B` are exact. */
const MOST_QUARTERS = 2 ** 20;
const RADIANS_PER_DEGREE = Math.PI / 180;
const RADIANS_PER_TURN = 2 * Math.PI;

/**
 * Sine of an angle in radians.
 * Error below 1e-15 for |x| < 1e5; beyond 1.6e6 the error grows with |x| (about |x| · 4e-17). NaN for what is not finite.
 */
export function sine(radians: number): number {
  return ofRadians(radians, 0);
}

/** Cosine of an angle in radians; accuracy as `sine`. */
export function cosine(radians: number): number {
  return ofRadians(radians, 1);
}

/** Sine of an angle in degrees; exact at multiples of 90. */
export function sineDegrees(degrees: number): number {
  return ofDegrees(degrees, 0);
}

/** Cosine of an angle in degrees; exact at multiples of 90. */
export function cosineDegrees(degrees: number): number {
  return ofDegrees(degrees, 1);
}

/** Tangent of an angle in degrees; Infinity at odd multiples of 90. */
export function tangentDegrees(degrees: number): number {
  return ofDegrees(degrees, 0) / ofDegrees(degrees, 1);
}

/** Sine of an angle in whole turns; exact at multiples of a quarter. */
export function sineTurns(turns: number): number {
  const rest = turns % 1;
  const quarters = Math.floor(rest * 4 + 0.5);
  return ofQuadrant(quarters, (rest - quarters / 4) * RADIANS_PER_TURN);
}

/** `quarters`: how many quarter turns to add to the angle (1 makes a cosine of the sine). */
function ofRadians(radians: number, quarters: number): number {
  let x = radians;
  let count = Math.floor(x / QUARTER_TURN + 0.5);
  if (!(Math.abs(count) < MOST_QUARTERS)) {
    x %= RADIANS_PER_TURN;
    count = Math.floor(x / QUARTER_TURN + 0.5);
  }
  const r = x - count * QUARTER_A - count * QUARTER_B - count * QUARTER_C;
  return ofQuadrant(count + quarters, r);
}

function ofDegrees(degrees: number, quarters: number): number {
  const rest = degrees % 360;
  const count = Math.floor(rest / 90 + 0.5);
  return ofQuadrant(count + quarters, (rest - count * 90) * RADIANS_PER_DEGREE);
}

/** Sine of `count` quarter turns and `r`, |r| ≤ π/4; never −0. */
function ofQuadrant(count: number, r: number): number {
  const quadrant = count & 3;
  const value = quadrant & 1 ? cosineSeries(r) : sineSeries(r);
  return (quadrant & 2 ? -value : value) + 0;
}

/** r − r³/3! + r⁵/5! − … r¹⁷/17! */
function sineSeries(r: number): number {
  const z = r * r;
  let sum = 1 / 355687428096000;
  sum = sum * z - 1 / 1307674368000;
  sum = sum * z + 1 / 6227020800;
  sum = sum * z - 1 / 39916800;
  sum = sum * z + 1 / 362880;
  sum = sum * z - 1 / 5040;
  sum = sum * z + 1 / 120;
  sum = sum * z - 1 / 6;
  return r + r * z * sum;
}

/** 1 − r²/2! + r⁴/4! − … r¹⁸/18!, with the rounding of 1 − r²/2 made good. */
function cosineSeries(r: number): number {
  const z = r * r;
  let sum = -1 / 6402373705728000;
  sum = sum * z + 1 / 20922789888000;
  sum = sum * z - 1 / 87178291200;
  sum = sum * z + 1 / 479001600;
  sum = sum * z - 1 / 3628800;
  sum = sum * z + 1 / 40320;
  sum = sum * z - 1 / 720;
  sum = sum * z + 1 / 24;
  const half = z / 2;
  const lead = 1 - half;
  return lead + (1 - lead - half + z * z * sum);
}
