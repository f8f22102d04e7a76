/**
 * sRGB to linear light and back, the same bits on every engine (IEC 61966-2-1; https://www.w3.org/Graphics/Color/sRGB).
 *
 * `Math.pow` may differ in the last bit between engines, so the exponent 2.4 is taken apart: x^2.4 = x² · (x²)^(1/5), and
 * the fifth root comes from Newton's iteration. The way back to 8 bits needs no power at all: a search in the 255 linear
 * values at which the rounded code changes is exact by construction.
 */

/** Linear light, 0 to 1, of an sRGB channel, 0 to 1. Values outside are clamped. */
export function linearFromSrgb(channel: number): number {
  const c = channel > 0 ? Math.min(channel, 1) : 0;
  if (c <= 0.04045) return c / 12.92;
  const x = (c + 0.055) / 1.055;
  const square = x * x;
  return square * fifthRoot(square);
}

/** The sRGB code, 0 to 255, nearest to a linear channel; exactly half-way goes up. Values outside 0 to 1 are clamped. */
export function srgb8FromLinear(linear: number): number {
  let low = 0;
  let high = 255;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (linear >= CODE_BEGINS[middle]) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * As `srgb8FromLinear` before rounding: 0 to 255, straight lines between the codes.
 * `below`, 0 to 254: the greatest code whose linear light is not above `linear`.
 */
export function srgbCodeBetween(below: number, linear: number): number {
  const start = LINEAR_OF_CODE[below];
  const code = below + (linear - start) / (LINEAR_OF_CODE[below + 1] - start);
  return code > 0 ? Math.min(code, 255) : 0;
}

/** Linear light of each sRGB code. */
export const LINEAR_OF_CODE: Float64Array = Float64Array.from({ length: 256 }, (_, code) => linearFromSrgb(code / 255));

/** The least linear value that rounds to each code. */
const CODE_BEGINS = Float64Array.from({ length: 256 }, (_, code) => linearFromSrgb((code - 0.5) / 255));

/** Newton from above, which falls to the root and stays; 0.0005 ≤ value ≤ 1 needs 12 steps at most. */
function fifthRoot(value: number): number {
  let root = 1;
  for (let step = 0; step < 16; step++) {
    const square = root * root;
    root = (4 * root + value / (square * square)) / 5;
  }
  return root;
}
