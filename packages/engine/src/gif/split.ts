/**
 * First guess at a palette: the colours are split again and again where that lowers the squared error most.
 *
 * After Wu, "Color quantization by dynamic programming and principal analysis", ACM TOG 11 (1992)
 * https://doi.org/10.1145/146443.146475, but over the list of distinct colours instead of a coarse 32³ grid, so that
 * close shades of one material stay apart.
 */
import type { Histogram } from "./histogram.ts";

interface Box {
  /** Its colours: `order[start]` to `order[end - 1]`. */
  start: number;
  end: number;
  /** How much the weighted squared error falls when the box is split; 0 for a single colour. */
  gain: number;
  /** The split: bits to shift a colour by to get the channel, and the first value of the upper half. */
  shift: number;
  threshold: number;
}

const SHIFTS = [16, 8, 0] as const;

/** Means of at most `count` groups of the histogram's colours: `n` × RGB, n ≤ count. `count` at least 1. */
export function splitColors(histogram: Histogram, count: number): Uint8Array {
  const { colors, counts } = histogram;
  if (colors.length === 0) return new Uint8Array(0);
  const order = new Uint32Array(colors.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  const bins = new Float64Array(3 * 256 * 4);
  const boxes = [bestSplit(histogram, order, bins, 0, order.length)];
  while (boxes.length < count) {
    let best = 0;
    for (let i = 1; i < boxes.length; i++) if (boxes[i].gain > boxes[best].gain) best = i;
    const { start, end, gain, shift, threshold } = boxes[best];
    if (gain <= 0) break;
    const middle = partition(colors, order, start, end, shift, threshold);
    boxes[best] = bestSplit(histogram, order, bins, start, middle);
    boxes.push(bestSplit(histogram, order, bins, middle, end));
  }
  const means = new Uint8Array(boxes.length * 3);
  for (let b = 0; b < boxes.length; b++) {
    const sums = [0, 0, 0];
    let weight = 0;
    for (let i = boxes[b].start; i < boxes[b].end; i++) {
      const color = colors[order[i]];
      const w = counts[order[i]];
      weight += w;
      for (let c = 0; c < 3; c++) sums[c] += w * ((color >> SHIFTS[c]) & 255);
    }
    for (let c = 0; c < 3; c++) means[b * 3 + c] = Math.floor(sums[c] / weight + 0.5);
  }
  return means;
}

/** The cut of one channel that lowers the error most; the first channel, then the lowest cut, among equals. */
function bestSplit(histogram: Histogram, order: Uint32Array, bins: Float64Array, start: number, end: number): Box {
  const box: Box = { start, end, gain: 0, shift: 0, threshold: 0 };
  if (end - start < 2) return box;
  const { colors, counts } = histogram;
  // bins[channel][value] = weight and the three weighted sums of the colours that have this value in this channel.
  const least = [255, 255, 255];
  const most = [0, 0, 0];
  for (let i = start; i < end; i++) {
    const color = colors[order[i]];
    for (let c = 0; c < 3; c++) {
      const value = (color >> SHIFTS[c]) & 255;
      if (value < least[c]) least[c] = value;
      if (value > most[c]) most[c] = value;
    }
  }
  for (let c = 0; c < 3; c++) bins.fill(0, (c * 256 + least[c]) * 4, (c * 256 + most[c] + 1) * 4);
  let weight = 0;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = start; i < end; i++) {
    const color = colors[order[i]];
    const w = counts[order[i]];
    const wr = w * (color >> 16);
    const wg = w * ((color >> 8) & 255);
    const wb = w * (color & 255);
    weight += w;
    red += wr;
    green += wg;
    blue += wb;
    for (let c = 0; c < 3; c++) {
      const at = (c * 256 + ((color >> SHIFTS[c]) & 255)) * 4;
      bins[at] += w;
      bins[at + 1] += wr;
      bins[at + 2] += wg;
      bins[at + 3] += wb;
    }
  }
  for (let c = 0; c < 3; c++) {
    let w = 0;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let value = least[c]; value < most[c]; value++) {
      const at = (c * 256 + value) * 4;
      if (bins[at] === 0) continue;
      w += bins[at];
      r += bins[at + 1];
      g += bins[at + 2];
      b += bins[at + 3];
      const rest = weight - w;
      const dr = r / w - (red - r) / rest;
      const dg = g / w - (green - g) / rest;
      const db = b / w - (blue - b) / rest;
      // The error between the two halves: what splitting them takes away.
      const gain = ((w * rest) / weight) * (dr * dr + dg * dg + db * db);
      if (gain > box.gain) {
        box.gain = gain;
        box.shift = SHIFTS[c];
        box.threshold = value + 1;
      }
    }
  }
  return box;
}

/** Moves the colours below the threshold to the front and returns where the others begin. */
function partition(
  colors: Uint32Array,
  order: Uint32Array,
  start: number,
  end: number,
  shift: number,
  threshold: number,
): number {
  let middle = start;
  for (let i = start; i < end; i++) {
    const index = order[i];
    if (((colors[index] >> shift) & 255) >= threshold) continue;
    order[i] = order[middle];
    order[middle++] = index;
  }
  return middle;
}
