/** Charts in one line of text. */
import type { NumberStyle } from "./number.ts";

export interface SparklineStyle extends NumberStyle {
  /** The value that is drawn lowest; default 0. */
  readonly least?: number;
}

const LEVELS = [..."▁▂▃▄▅▆▇█"];
const ASCII_LEVELS = [..."_.,-=+*#"];
const EIGHTHS = ["", ..."▏▎▍▌▋▊▉"];

/**
 * One character a value, from `least` (lowest) to the largest value (highest). More values than `width` are grouped, and the
 * largest of a group is drawn, so that no peak is lost. Missing values and those below `least` draw as it.
 */
export function sparkline(
  values: ArrayLike<number>,
  width: number,
  { unicode = true, least = 0 }: SparklineStyle = {},
): string {
  const levels = unicode ? LEVELS : ASCII_LEVELS;
  const cells = Math.min(values.length, Math.max(1, Math.floor(width)));
  let most = least;
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!;
  let line = "";
  for (let cell = 0; cell < cells; cell++) {
    const from = Math.floor((cell * values.length) / cells);
    const to = Math.floor(((cell + 1) * values.length) / cells);
    let value = least;
    for (let i = from; i < to; i++) if (values[i]! > value) value = values[i]!;
    const level = most > least ? Math.ceil(((value - least) / (most - least)) * levels.length) - 1 : 0;
    line += levels[Math.min(levels.length - 1, Math.max(0, level))];
  }
  return line;
}

/** A bar of `share` (0 to 1) of `width`, not padded. */
export function bar(share: number, width: number, { unicode = true }: NumberStyle = {}): string {
  const filled = Math.min(1, Math.max(0, share || 0)) * width;
  if (!unicode) return "#".repeat(Math.round(filled));
  const eighths = Math.round(filled * 8);
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}
