/** How long each pass took: a dot a pass, hollow for the warm-up, the median as a line and its interval as a band. */
import { formatDuration } from "@volumark/measure";
import { drawAxis, ticks } from "./axis.ts";
import type { Surface } from "./chart-canvas.tsx";

export interface PassDots {
  /** ns. */
  readonly totals: Float64Array;
  /** Passes before this one are warm-up. */
  readonly warmUp: Uint8Array;
  readonly medianNs: number | null;
  readonly lowNs: number | null;
  readonly highNs: number | null;
}

const LEFT = 62;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 24;

export function passAt(x: number, width: number, count: number): number {
  const room = Math.max(1, width - LEFT - RIGHT);
  return Math.max(0, Math.min(count - 1, Math.floor(((x - LEFT) / room) * count)));
}

function layout({ totals }: PassDots, width: number, height: number) {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const ns of totals) {
    if (ns < low) low = ns;
    if (ns > high) high = ns;
  }
  const room = (high - low || high || 1) * 0.12;
  const [bottom, top] = [Math.max(0, low - room), high + room];
  const x = (pass: number) => LEFT + ((pass + 0.5) / totals.length) * (width - LEFT - RIGHT);
  const y = (ns: number) => TOP + (1 - (ns - bottom) / (top - bottom)) * (height - TOP - BOTTOM);
  return { bottom, top, x, y };
}

export function drawPasses(surface: Surface, passes: PassDots): void {
  const { context, width, height, palette } = surface;
  const { totals, warmUp, medianNs, lowNs, highNs } = passes;
  const { bottom, top, x, y } = layout(passes, width, height);
  context.textBaseline = "middle";
  for (const value of ticks(bottom, top, 5)) {
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(LEFT, Math.round(y(value)) + 0.5);
    context.lineTo(width, Math.round(y(value)) + 0.5);
    context.stroke();
    context.fillStyle = palette.quiet;
    context.textAlign = "right";
    context.fillText(formatDuration(value), LEFT - 8, y(value));
    context.textAlign = "left";
  }
  let first = 0;
  while (first < warmUp.length && warmUp[first] === 1) first++;
  const left = first < totals.length ? x(first) - (x(1) - x(0)) / 2 : LEFT;
  if (lowNs !== null && highNs !== null) {
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.18;
    // An interval may reach beyond all passes: it ends where the chart does.
    const [from, to] = [Math.max(TOP, y(highNs)), Math.min(height - BOTTOM, y(lowNs))];
    context.fillRect(left, from, width - RIGHT - left, Math.max(1, to - from));
    context.globalAlpha = 1;
  }
  if (medianNs !== null) {
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(left, y(medianNs));
    context.lineTo(width - RIGHT, y(medianNs));
    context.stroke();
  }
  const size = Math.max(1.5, Math.min(4.5, (width - LEFT) / totals.length / 2.5));
  for (let p = 0; p < totals.length; p++) {
    context.beginPath();
    context.arc(x(p), y(totals[p]!), size, 0, 7);
    context.fillStyle = warmUp[p] === 1 ? palette.panel : palette.stage.field!;
    context.fill();
    context.strokeStyle = palette.stage.field!;
    context.lineWidth = 1.5;
    context.stroke();
  }
  drawAxis(surface, {
    y: height - BOTTOM + 2,
    low: 1,
    high: totals.length,
    at: (pass) => x(pass - 1),
    text: (pass) => `pass ${pass}`,
    whole: true,
  });
}

export function drawPassPoint(surface: Surface, passes: PassDots, pass: number): void {
  const { context, width, height, palette } = surface;
  const { x, y } = layout(passes, width, height);
  context.strokeStyle = palette.text;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x(pass), y(passes.totals[pass]!), 7, 0, 7);
  context.stroke();
}
