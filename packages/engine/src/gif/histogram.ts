/**
 * The distinct colours of some pictures, each with the number of its pixels.
 *
 * Runs of equal pixels, most of a rendered picture, cost one comparison a pixel; the rest goes through an
 * open-addressing table that doubles when it is half full. The result is ordered by colour, so it does not depend on
 * the order of the pictures.
 */
import type { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import type { GifKernels } from "./gif-kernels.ts";

/** Anything with RGBA pixels: four bytes each, alpha not looked at. */
export type Pixels = Pick<Picture, "rgba">;

export interface Histogram {
  /** Distinct colours as 0xRRGGBB, ascending. */
  readonly colors: Uint32Array;
  /** Pixels of each colour. */
  readonly counts: Float64Array;
  /** Sum of `counts`. */
  readonly pixelCount: number;
}

const FIRST_SLOTS = 1 << 13;

/** Pairs of words in the kernel's table: 256 KiB. */
const KERNEL_SLOTS = 1 << 15;

/** Counts the colours of all pictures together. Driven by the pixels that differ from their left neighbour. */
export function countColors(pictures: Iterable<Pixels>, kernels?: Kernels): Histogram {
  return kernels ? countByKernel(pictures, kernels) : countByReference(pictures);
}

function countByReference(pictures: Iterable<Pixels>): Histogram {
  let table = createTable(FIRST_SLOTS);
  let pixelCount = 0;
  for (const { rgba } of pictures) {
    const end = rgba.length & ~3;
    pixelCount += end >> 2;
    let color = -1;
    let run = 0;
    for (let i = 0; i < end; i += 4) {
      const next = (rgba[i] << 16) | (rgba[i + 1] << 8) | rgba[i + 2];
      if (next !== color) {
        if (run > 0) table = add(table, color, run);
        color = next;
        run = 0;
      }
      run++;
    }
    if (run > 0) table = add(table, color, run);
  }
  return sorted(table, pixelCount);
}

/** The kernel counts into a table of fixed size in arena scratch, which is emptied into a growing one when half full. */
function countByKernel(pictures: Iterable<Pixels>, kernels: Kernels): Histogram {
  const { arena } = kernels;
  const kernel = kernels.room<GifKernels>("gif");
  let table = createTable(FIRST_SLOTS);
  let pixelCount = 0;
  for (const { rgba } of pictures) {
    const mark = arena.mark();
    const count = rgba.length >> 2;
    pixelCount += count;
    const inPlace = arena.holds(rgba) ? rgba.byteOffset : 0;
    const pixels = inPlace || arena.allocate(rgba.length);
    const pairs = arena.allocate(KERNEL_SLOTS * 8);
    const done = arena.allocate(4);
    if (!inPlace) arena.u8(pixels, rgba.length).set(rgba);
    for (let at = 0; at < count; ) {
      arena.u8(pairs, KERNEL_SLOTS * 8).fill(0);
      kernel.countPixels(pixels + at * 4, count - at, pairs, KERNEL_SLOTS - 1, 0, done);
      at += arena.u32(done, 1)[0];
      const words = arena.u32(pairs, KERNEL_SLOTS * 2);
      for (let i = 0; i < words.length; i += 2) {
        const word = words[i];
        if (word === 0) continue;
        table = add(table, ((word & 255) << 16) | (word & 0xff00) | ((word >>> 16) & 255), words[i + 1]);
      }
    }
    arena.release(mark);
  }
  return sorted(table, pixelCount);
}

/**
 * Joins neighbouring colours into cells of 2, 4, 8 … steps a channel until at most `limit` are left; each cell is
 * represented by its mean. Keeps the work on noise within bounds; rendered pictures are far below any sensible limit.
 */
export function coarsen(histogram: Histogram, limit: number): Histogram {
  const { colors, counts, pixelCount } = histogram;
  if (colors.length <= limit) return histogram;
  for (let shift = 1; ; shift++) {
    const mask = (255 >> shift) << shift;
    const cells = new Map<number, { weight: number; red: number; green: number; blue: number }>();
    for (let i = 0; i < colors.length; i++) {
      const color = colors[i];
      const key = color & (mask * 0x10101);
      let cell = cells.get(key);
      if (!cell) {
        cell = { weight: 0, red: 0, green: 0, blue: 0 };
        cells.set(key, cell);
        if (cells.size > limit && shift < 8) break;
      }
      cell.weight += counts[i];
      cell.red += counts[i] * (color >> 16);
      cell.green += counts[i] * ((color >> 8) & 255);
      cell.blue += counts[i] * (color & 255);
    }
    if (cells.size > limit && shift < 8) continue;
    let table = createTable(FIRST_SLOTS);
    for (const { weight, red, green, blue } of cells.values()) {
      const mean = (round(red / weight) << 16) | (round(green / weight) << 8) | round(blue / weight);
      table = add(table, mean, weight);
    }
    return sorted(table, pixelCount);
  }
}

interface Table {
  /** Colour + 1; 0 is a free slot. */
  readonly keys: Uint32Array;
  readonly counts: Float64Array;
  used: number;
}

function createTable(slots: number): Table {
  return { keys: new Uint32Array(slots), counts: new Float64Array(slots), used: 0 };
}

/** Adds to a colour's count and returns the table, which is a new one when the old one was half full. */
function add(table: Table, color: number, count: number): Table {
  const { keys, counts } = table;
  const mask = keys.length - 1;
  let slot = (Math.imul(color, 0x9e3779b1) >>> 15) & mask;
  while (keys[slot] !== 0) {
    if (keys[slot] === color + 1) {
      counts[slot] += count;
      return table;
    }
    slot = (slot + 1) & mask;
  }
  keys[slot] = color + 1;
  counts[slot] = count;
  if (++table.used * 2 <= keys.length) return table;
  let larger = createTable(keys.length * 2);
  for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) larger = add(larger, keys[i] - 1, counts[i]);
  return larger;
}

function sorted(table: Table, pixelCount: number): Histogram {
  const { keys, counts } = table;
  // Colour and slot in one exact number, so that a typed array sorts them without a comparison function.
  const order = new Float64Array(table.used);
  let used = 0;
  for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) order[used++] = (keys[i] - 1) * 0x10000000 + i;
  order.sort();
  const colors = new Uint32Array(used);
  const sortedCounts = new Float64Array(used);
  for (let i = 0; i < used; i++) {
    colors[i] = Math.floor(order[i] / 0x10000000);
    sortedCounts[i] = counts[order[i] % 0x10000000];
  }
  return { colors, counts: sortedCounts, pixelCount };
}

function round(value: number): number {
  return Math.floor(value + 0.5);
}
