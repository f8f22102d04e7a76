/** Shares of a whole as one stacked bar, names inside where they fit. */
import type { Surface } from "./chart-canvas.tsx";
import { fillPart } from "./draw-part.ts";
import { type Share, shareEdges } from "./share-edges.ts";

export const BAR_HEIGHT = 40;

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
