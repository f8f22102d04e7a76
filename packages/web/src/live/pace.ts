/**
 * How large the moving picture is drawn: as large as it is shown while that takes less than a frame of the screen may, else
 * smaller by steps; still pictures are always drawn in full.
 */
export interface Pace {
  /** Index into `SCALES`. */
  readonly step: number;
  /** Time of recent pictures, scaled to the full size, ms; null before the first. */
  readonly fullMs: number | null;
}

export const SCALES = [1, 0.75, 0.5, 0.35] as const;
export const PACE_START: Pace = { step: 0, fullMs: null };
/** For one picture, so that thirty a second leave time for the page. */
const MOST_MS = 24;
/** A step back up is taken only where there is room to spare, so that the size does not swing. */
const SPARE = 0.7;
const WEIGHT = 0.3;

/** The pace after a picture that was drawn at this scale and took so long. */
export function paced({ step, fullMs }: Pace, scale: number, ms: number): Pace {
  const seen = ms / (scale * scale);
  const full = fullMs === null ? seen : fullMs + WEIGHT * (seen - fullMs);
  const takes = (index: number) => full * (SCALES[index] ?? 1) ** 2;
  let next = step;
  while (next < SCALES.length - 1 && takes(next) > MOST_MS) next++;
  while (next > 0 && takes(next - 1) < MOST_MS * SPARE) next--;
  return { step: next, fullMs: full };
}

/** Pixels of a picture that fills a box of `boxWidth` CSS pixels with this shape, of at most `mostPixels` in all. */
export function pictureSize(
  boxWidth: number,
  density: number,
  shape: { readonly width: number; readonly height: number },
  scale: number,
  mostPixels = 960 * 720,
): { readonly width: number; readonly height: number } {
  const ratio = shape.height / shape.width;
  const wanted = Math.max(1, boxWidth * density);
  const most = Math.sqrt(mostPixels / ratio);
  const width = Math.min(wanted, most, 4096) * scale;
  return { width: Math.max(16, Math.round(width)), height: Math.min(4096, Math.max(16, Math.round(width * ratio))) };
}
