/** A value as a dot on the whisker of its interval; the scale begins at 0. */
import type { Surface } from "./chart-canvas.tsx";
import { partColour } from "./palette.ts";

export interface IntervalDot {
  readonly part: string;
  readonly value: number;
  /** Null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** The value at the right end. */
  readonly most: number;
}

const MARGIN = 5;

export function drawInterval({ context, width, height, palette }: Surface, dot: IntervalDot): void {
  const x = (value: number) => MARGIN + (dot.most > 0 ? Math.max(0, value) / dot.most : 0) * (width - 2 * MARGIN);
  const middle = height / 2;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(MARGIN, height - 0.5);
  context.lineTo(width - MARGIN, height - 0.5);
  context.stroke();
  context.strokeStyle = partColour(palette, dot.part);
  context.fillStyle = context.strokeStyle;
  if (dot.low !== null && dot.high !== null) {
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x(dot.low), middle);
    context.lineTo(x(dot.high), middle);
    for (const end of [dot.low, dot.high]) {
      context.moveTo(x(end), middle - 4);
      context.lineTo(x(end), middle + 4);
    }
    context.stroke();
  }
  context.beginPath();
  context.arc(x(dot.value), middle, 3.5, 0, 7);
  context.fill();
}
