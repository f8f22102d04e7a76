/** Shares of a whole as one stacked bar, names inside where they fit. */
import type { Surface } from "./chart-canvas.tsx";
import { fillPart } from "./draw-part.ts";

export interface Share {
  readonly part: string;
  /** 0 to 1. */
  readonly share: number;
  /** Written inside where there is room. */
  readonly text: string;
}

export const BAR_HEIGHT = 40;

/** Left edges of the shares, CSS pixels, and the right edge of the last one. */
export function shareEdges(shares: readonly Share[], width: number): number[] {
  const total = shares.reduce((sum, { share }) => sum + Math.max(0, share), 0);
  let at = 0;
  return [0, ...shares.map(({ share }) => (at += total > 0 ? (Math.max(0, share) / total) * width : 0))];
}

export function drawShares(surface: Surface, shares: readonly Share[]): void {
  const { context, width, height, palette } = surface;
  const edges = shareEdges(shares, width);
  context.textBaseline = "middle";
  for (const [i, { part, text }] of shares.entries()) {
    const [left, right] = [edges[i]!, edges[i + 1]!];
    if (right - left < 0.25) continue;
    fillPart(surface, part, left, 0, Math.max(0.5, right - left - 1), height);
    context.font = context.font.replace(/^.*?11px/, "600 11px");
    const wide = context.measureText(text).width + 12;
    if (right - left < wide + 6) continue;
    context.fillStyle = palette.panel;
    context.globalAlpha = 0.9;
    context.beginPath();
    context.roundRect(left + 5, height / 2 - 9, wide, 18, 3);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = palette.text;
    context.fillText(text, left + 11, height / 2 + 0.5);
  }
}
