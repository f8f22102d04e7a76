/** Marks of an axis: round numbers, each with its unit, as many as there is room for. */
import { formatCount } from "@volumark/measure";
import type { Surface } from "./chart-canvas.tsx";

/** Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about `wanted` of them; with `whole`, whole numbers. */
export function ticks(low: number, high: number, wanted: number, whole = false): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(low) ? [low] : [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

const PX_PER_TICK = 90;

export interface AxisOptions {
  /** CSS pixels from the top, where the line is. */
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly text: (value: number) => string;
  /** CSS pixels from the left. */
  readonly at: (value: number) => number;
  readonly whole?: boolean;
}

/** A horizontal axis with its labels under it, none of which is cut off. */
export function drawAxis(surface: Surface, { y, low, high, text, at, whole = false }: AxisOptions): void {
  const { context, width, palette } = surface;
  context.fillStyle = palette.quiet;
  context.strokeStyle = palette.line;
  context.textBaseline = "top";
  context.lineWidth = 1;
  let free = Number.NEGATIVE_INFINITY;
  for (const value of ticks(low, high, Math.max(1, width / PX_PER_TICK), whole)) {
    const x = at(value);
    const label = text(value);
    const wide = context.measureText(label).width;
    const left = Math.min(Math.max(0, x - wide / 2), width - wide);
    if (left < free || x < -1 || x > width + 1) continue;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, y);
    context.lineTo(Math.round(x) + 0.5, y + 4);
    context.stroke();
    context.fillText(label, left, y + 6);
    free = left + wide + 8;
  }
}

export function frameText(value: number): string {
  return formatCount(value);
}
