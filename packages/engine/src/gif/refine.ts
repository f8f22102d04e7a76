/**
 * Weighted k-means on whole-number colours: moves every palette colour to the mean of the colours nearest to it, until
 * nothing moves.
 *
 * Palette colours are rounded to 8 bits in every round, not at the end: a rounded mean is the best whole-number colour
 * for its group, so each round lowers the error of the palette that will really be used. The nearest colour is searched
 * outward from the same brightness: with s = r + g + b, (s₁ − s₂)² ≤ 3 · distance², which leaves a handful of candidates.
 * After Lloyd, "Least squares quantization in PCM", 1982, https://doi.org/10.1109/TIT.1982.1056489.
 */
import type { Histogram } from "./histogram.ts";

/** Rounds after which refining ends whether or not it has settled; shaded pictures settle after 5 to 25. */
const MOST_ROUNDS = 32;

/**
 * Refines `colors` (n × RGB) in place; the first `pinned` colours stay where they are. The order of the rest may change.
 * Driven by distinct colours × rounds.
 */
export function refineColors(histogram: Histogram, colors: Uint8Array, pinned: number): void {
  const size = colors.length / 3;
  const count = histogram.colors.length;
  const nearest = new Uint8Array(count);
  const errors = new Float64Array(count);
  const sums = new Float64Array(size * 4);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    assign(histogram, colors, nearest, errors);
    sums.fill(0);
    for (let i = 0; i < count; i++) {
      const color = histogram.colors[i];
      const weight = histogram.counts[i];
      const at = nearest[i] * 4;
      sums[at] += weight;
      sums[at + 1] += weight * (color >> 16);
      sums[at + 2] += weight * ((color >> 8) & 255);
      sums[at + 3] += weight * (color & 255);
    }
    let moved = false;
    for (let p = pinned; p < size; p++) {
      const weight = sums[p * 4];
      if (weight === 0) {
        // A colour that nothing uses goes where the error is largest.
        const worst = indexOfLargest(errors);
        if (errors[worst] === 0) continue;
        errors[worst] = 0;
        for (let c = 0; c < 3; c++) colors[p * 3 + c] = (histogram.colors[worst] >> (16 - 8 * c)) & 255;
        moved = true;
        continue;
      }
      for (let c = 0; c < 3; c++) {
        const mean = Math.floor(sums[p * 4 + 1 + c] / weight + 0.5);
        if (colors[p * 3 + c] === mean) continue;
        colors[p * 3 + c] = mean;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

/** For each colour of the histogram the nearest palette colour and the weighted squared distance to it. */
function assign(histogram: Histogram, palette: Uint8Array, nearest: Uint8Array, errors: Float64Array): void {
  const size = palette.length / 3;
  // Counting sort by brightness: places[first[s]] is the first palette colour at least as bright as s.
  const first = new Uint16Array(767);
  for (let p = 0; p < size; p++) first[palette[p * 3] + palette[p * 3 + 1] + palette[p * 3 + 2] + 1]++;
  for (let s = 0; s < 766; s++) first[s + 1] += first[s];
  const next = first.slice();
  const reds = new Int32Array(size);
  const greens = new Int32Array(size);
  const blues = new Int32Array(size);
  const places = new Uint8Array(size);
  for (let p = 0; p < size; p++) {
    const r = palette[p * 3];
    const g = palette[p * 3 + 1];
    const b = palette[p * 3 + 2];
    const at = next[r + g + b]++;
    reds[at] = r;
    greens[at] = g;
    blues[at] = b;
    places[at] = p;
  }
  for (let i = 0; i < histogram.colors.length; i++) {
    const color = histogram.colors[i];
    const r = color >> 16;
    const g = (color >> 8) & 255;
    const b = color & 255;
    let distance = 0x7fffffff;
    let found = 0;
    const from = first[r + g + b];
    for (let step = 1; step >= -1; step -= 2) {
      for (let at = step === 1 ? from : from - 1; at >= 0 && at < size; at += step) {
        const dr = r - reds[at];
        const dg = g - greens[at];
        const db = b - blues[at];
        const ds = dr + dg + db;
        if (ds * ds >= 3 * distance) break;
        const d = dr * dr + dg * dg + db * db;
        if (d < distance) {
          distance = d;
          found = at;
        }
      }
    }
    nearest[i] = places[found];
    errors[i] = histogram.counts[i] * distance;
  }
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
