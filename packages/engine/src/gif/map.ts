/**
 * Every pixel gets the palette colour nearest to it.
 *
 * Animations hold few distinct colours, so the answer for each is remembered; the kernel behind `workspace.ts` does the
 * same with a cache that lives as long as the animation, and four colours a step when it has to search.
 */
import type { Picture } from "../picture/picture.ts";
import { checkPalette } from "./container.ts";
import type { IndexedPicture, Palette } from "./indexed.ts";

/**
 * Writes `picture` with the colours of `palette`: squared distance in RGB, the lowest index among equals.
 *
 * Alpha is not looked at. Driven by distinct colours × palette size. Reference of the kernel `indexPixels`.
 */
export function indexPicture(picture: Picture, palette: Palette): IndexedPicture {
  checkPalette(palette);
  const { width, height, rgba } = picture;
  const indices = new Uint8Array(width * height);
  const known = new Map<number, number>();
  let color = -1;
  let index = 0;
  for (let i = 0; i < indices.length; i++) {
    const next = (rgba[i * 4] << 16) | (rgba[i * 4 + 1] << 8) | rgba[i * 4 + 2];
    if (next !== color) {
      color = next;
      const found = known.get(color);
      index = found ?? nearestColor(palette, color);
      if (found === undefined) known.set(color, index);
    }
    indices[i] = index;
  }
  return { width, height, indices };
}

/** Index of the palette colour nearest to 0xRRGGBB. */
function nearestColor({ colors, size }: Palette, color: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let p = 0; p < size; p++) {
    const dr = (color >> 16) - colors[p * 3];
    const dg = ((color >> 8) & 255) - colors[p * 3 + 1];
    const db = (color & 255) - colors[p * 3 + 2];
    const distance = dr * dr + dg * dg + db * db;
    if (distance >= least) continue;
    least = distance;
    best = p;
  }
  return best;
}
