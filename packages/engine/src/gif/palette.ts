/**
 * One palette for a whole animation, chosen from a few probe pictures.
 *
 * A single table lets every frame be indexed and compressed alone, and unchanged pixels keep their index from frame to
 * frame. Colours are weighed by their pixels: the few that cover much of the picture (a background) are pinned and come
 * out exact, the rest is split by variance (`split.ts`) and refined (`refine.ts`).
 */
import { EngineError } from "../errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { coarsen, countColors, type Histogram, type Pixels } from "./histogram.ts";
import type { Palette } from "./indexed.ts";
import { refineColors } from "./refine.ts";
import { splitColors } from "./split.ts";

export interface PaletteOptions {
  /** Most colours in the palette, 1 to 255. */
  readonly maxColors?: number;
  /** Counts the pixels by kernel, in arena scratch; the same palette. */
  readonly kernels?: Kernels;
}

export const PALETTE_DEFAULTS = { maxColors: 255 } as const;

/** A colour with at least this share of all pixels is kept exactly. */
const PINNED_SHARE = 1 / 64;
/** Distinct colours that the quantiser works on; more are joined with their neighbours first. */
const MOST_DISTINCT = 32768;

/**
 * Chooses at most `maxColors` colours for pictures like the probes.
 *
 * `pictures` × RGBA, any sizes, alpha ignored. Exact when they hold at most `maxColors` distinct colours. Colours come
 * sorted by brightness (r + g + b), then by value. The same pixels give the same palette on every engine, whatever the
 * order of the pictures. Driven by pixels that differ from their left neighbour, and by distinct colours.
 * Throws `invalid-input` when there is no pixel or `maxColors` is out of range.
 */
export function choosePalette(pictures: Iterable<Pixels>, options: PaletteOptions = {}): Palette {
  const maxColors = options.maxColors ?? PALETTE_DEFAULTS.maxColors;
  if (!Number.isInteger(maxColors) || maxColors < 1 || maxColors > 255) {
    throw new EngineError(
      "invalid-input",
      `choosePalette: maxColors is ${maxColors} and must be a whole number from 1 to 255. Leave it out for 255.`,
      { least: 1, most: 255, value: maxColors },
    );
  }
  return paletteOf(countColors(pictures, options.kernels), maxColors);
}

/** Places in the palette that are kept for shared colours, at least. */
const LEAST_SHARED = 48;
/** How much more a pixel of an exact colour counts, where there is no room for all of them. */
const EXACT_WEIGHT = 100;

/**
 * A palette for pictures whose colours are known without looking at one: the `exact` colours, of which most pixels are, as
 * they are, and the places that are left shared out among the `others` by variance. Both 0xRRGGBB, each colour once.
 * Where the exact ones leave fewer than 48 places, all are shared out, and an exact colour weighs as much as 100 others.
 */
export function paletteAround(exact: Uint32Array, others: Uint32Array): Palette {
  const maxColors = PALETTE_DEFAULTS.maxColors;
  if (exact.length + Math.min(others.length, LEAST_SHARED) > maxColors) {
    const weights = new Map<number, number>();
    for (const color of others) weights.set(color, 1);
    for (const color of exact) weights.set(color, EXACT_WEIGHT);
    const colors = Uint32Array.from(weights.keys()).sort();
    const counts = Float64Array.from(colors, (color) => weights.get(color)!);
    return paletteOf({ colors, counts, pixelCount: counts.reduce((sum, count) => sum + count, 0) }, maxColors);
  }
  const rest = { colors: others, counts: new Float64Array(others.length).fill(1), pixelCount: others.length };
  const means = splitColors(rest, maxColors - exact.length);
  const colors = new Uint8Array(exact.length * 3 + means.length);
  colors.set(bytesOf(exact));
  colors.set(means, exact.length * 3);
  return sortedPalette(colors);
}

/** The palette of a histogram; see `choosePalette`. */
export function paletteOf(histogram: Histogram, maxColors: number): Palette {
  if (histogram.colors.length === 0) {
    throw new EngineError(
      "invalid-input",
      "choosePalette: the pictures hold 0 pixels and at least 1 is needed. Give one picture or more.",
      { pixelCount: 0 },
    );
  }
  if (histogram.colors.length <= maxColors) return sortedPalette(bytesOf(histogram.colors));
  const pins = pinnedColors(histogram, maxColors);
  const colors = new Uint8Array(maxColors * 3);
  colors.set(bytesOf(pins));
  const rest = coarsen(without(histogram, pins), MOST_DISTINCT);
  const means = maxColors > pins.length ? splitColors(rest, maxColors - pins.length) : new Uint8Array(0);
  colors.set(means, pins.length * 3);
  const used = colors.subarray(0, pins.length * 3 + means.length);
  refineColors(rest, used, pins.length);
  return sortedPalette(used);
}

/** Colours that cover at least `PINNED_SHARE` of the pixels, the most frequent first; at most `most`. */
function pinnedColors(histogram: Histogram, most: number): Uint32Array {
  const { colors, counts, pixelCount } = histogram;
  const pins: number[] = [];
  for (let i = 0; i < colors.length; i++) if (counts[i] >= pixelCount * PINNED_SHARE) pins.push(i);
  pins.sort((a, b) => counts[b] - counts[a] || a - b);
  return Uint32Array.from(pins.slice(0, most), (i) => colors[i]);
}

function without(histogram: Histogram, pins: Uint32Array): Histogram {
  const gone = new Set(pins);
  const keep: number[] = [];
  for (let i = 0; i < histogram.colors.length; i++) if (!gone.has(histogram.colors[i])) keep.push(i);
  const counts = Float64Array.from(keep, (i) => histogram.counts[i]);
  let pixelCount = 0;
  for (const count of counts) pixelCount += count;
  return { colors: Uint32Array.from(keep, (i) => histogram.colors[i]), counts, pixelCount };
}

function bytesOf(colors: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(colors.length * 3);
  for (let i = 0; i < colors.length; i++) {
    bytes[i * 3] = colors[i] >> 16;
    bytes[i * 3 + 1] = colors[i] >> 8;
    bytes[i * 3 + 2] = colors[i];
  }
  return bytes;
}

/** Sorts by brightness and drops colours that came out twice. */
function sortedPalette(colors: Uint8Array): Palette {
  const keys = new Set<number>();
  for (let i = 0; i < colors.length; i += 3) {
    const sum = colors[i] + colors[i + 1] + colors[i + 2];
    keys.add(sum * 0x1000000 + ((colors[i] << 16) | (colors[i + 1] << 8) | colors[i + 2]));
  }
  const order = Float64Array.from(keys).sort();
  const sorted = bytesOf(Uint32Array.from(order, (key) => key % 0x1000000));
  return { colors: sorted, size: order.length, transparentIndex: order.length };
}
