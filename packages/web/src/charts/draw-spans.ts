/**
 * Spans on a clock, a row for each lane. Spans that are wide enough are drawn with their name; of those narrower than a pixel
 * each pixel shows the kind that took most of it, as high as it is filled, so that a busy lane and an idle one look different.
 */
import { formatDuration } from "@volumark/measure";
import { SPAN_KINDS, type SpanRow, type SpanTable, spansWithin } from "../shaping/spans.ts";
import { drawAxis } from "./axis.ts";
import type { Surface } from "./chart-canvas.tsx";
import { fillPart } from "./draw-part.ts";

export const SPAN_ROW_HEIGHT = 30;
export const SPAN_AXIS_HEIGHT = 24;
const NAME_PX = 34;

export interface SpanWindow {
  /** ns since the start of the run. */
  readonly from: number;
  readonly to: number;
}

export function spansHeight({ rows }: SpanTable): number {
  return rows.length * SPAN_ROW_HEIGHT + SPAN_AXIS_HEIGHT;
}

export function drawSpans(surface: Surface, table: SpanTable, window: SpanWindow): void {
  const { context, width, height, palette } = surface;
  const scale = width / (window.to - window.from);
  const x = (ns: number) => (ns - window.from) * scale;
  for (const [r, row] of table.rows.entries()) {
    const y = r * SPAN_ROW_HEIGHT;
    context.fillStyle = palette.sunken;
    context.fillRect(0, y + 2, width, SPAN_ROW_HEIGHT - 5);
    drawRow(surface, row, y, window, scale);
  }
  drawAxis(surface, {
    y: height - SPAN_AXIS_HEIGHT + 2,
    low: window.from - table.startNs,
    high: window.to - table.startNs,
    at: (ns) => x(ns + table.startNs),
    text: (ns) => formatDuration(ns),
  });
}

function drawRow(surface: Surface, row: SpanRow, y: number, window: SpanWindow, scale: number): void {
  const { context, width, palette } = surface;
  const [first, end] = spansWithin(row, window.from, window.to);
  const kinds = SPAN_KINDS.length;
  const pixels = Math.ceil(width);
  let filled: Float32Array | null = null;
  const full = SPAN_ROW_HEIGHT - 5;
  context.textBaseline = "middle";
  for (let i = first; i < end; i++) {
    const left = (row.start[i]! - window.from) * scale;
    const right = (row.end[i]! - window.from) * scale;
    if (right < 0) continue;
    if (right - left < 1) {
      filled ??= new Float32Array(pixels * kinds);
      const at = Math.max(0, Math.min(pixels - 1, Math.floor(left)));
      filled[at * kinds + row.kind[i]!]! += right - left;
      continue;
    }
    const kind = SPAN_KINDS[row.kind[i]!]!;
    const [from, to] = [Math.max(-2, left), Math.min(width + 2, right)];
    if (kind === "pass") drawBracket(surface, from, to, y, `pass ${row.pass[i]! + 1}`);
    else {
      fillPart(surface, kind, from, y + 2, Math.max(1, to - from - (to - from > 3 ? 0.75 : 0)), full);
      const name =
        to - from > 90
          ? `${kind} · ${row.frame[i]! >= 0 ? `frame ${row.frame[i]}` : formatDuration(row.end[i]! - row.start[i]!)}`
          : kind;
      const wide = to - from > NAME_PX ? context.measureText(name).width : Number.POSITIVE_INFINITY;
      if (wide + 14 > to - from) continue;
      const start = Math.max(0, from) + 4;
      if (start + wide + 8 > to) continue;
      context.fillStyle = palette.panel;
      context.globalAlpha = 0.88;
      context.fillRect(start, y + full / 2 - 6, wide + 8, 16);
      context.globalAlpha = 1;
      context.fillStyle = palette.text;
      context.fillText(name, start + 4, y + full / 2 + 2.5);
    }
  }
  if (!filled) return;
  for (let p = 0; p < pixels; p++) {
    let [best, most, total] = [0, 0, 0];
    for (let k = 0; k < kinds; k++) {
      const part = filled[p * kinds + k]!;
      total += part;
      if (part > most) [best, most] = [k, part];
    }
    if (most === 0) continue;
    const kind = SPAN_KINDS[best]!;
    const high = full * Math.min(1, Math.max(total, 0.15));
    if (kind === "pass") drawBracket(surface, p, p + 1, y, "");
    else fillPart(surface, kind, p, y + 2 + full - high, 1, high);
  }
}

function drawBracket({ context, palette }: Surface, from: number, to: number, y: number, name: string): void {
  context.strokeStyle = palette.quiet;
  context.lineWidth = 1;
  context.strokeRect(Math.round(from) + 0.5, y + 6.5, Math.max(1, Math.round(to - from) - 1), SPAN_ROW_HEIGHT - 15);
  if (context.measureText(name).width + 10 > to - Math.max(0, from)) return;
  context.fillStyle = palette.quiet;
  context.fillText(name, Math.max(0, from) + 5, y + SPAN_ROW_HEIGHT / 2 - 0.5);
}

export interface SpanPoint {
  readonly row: number;
  readonly index: number;
}

/** The span under a point; null where there is none. */
export function spanAt(table: SpanTable, window: SpanWindow, x: number, y: number, width: number): SpanPoint | null {
  const r = Math.floor(y / SPAN_ROW_HEIGHT);
  const row = table.rows[r];
  if (!row || x < 0 || x > width) return null;
  const pixel = (window.to - window.from) / width;
  const at = window.from + x * pixel;
  const [first, end] = spansWithin(row, at - pixel, at + pixel);
  let found: SpanPoint | null = null;
  let longest = -1;
  for (let i = first; i < end; i++) {
    if (row.start[i]! > at + pixel || row.end[i]! < at - pixel) continue;
    const within = row.start[i]! <= at && row.end[i]! >= at;
    const length = (within ? 1e15 : 0) + row.end[i]! - row.start[i]!;
    if (length > longest) [found, longest] = [{ row: r, index: i }, length];
  }
  return found;
}

export function drawSpanOver(
  { context, width, height, palette }: Surface,
  table: SpanTable,
  window: SpanWindow,
  point: SpanPoint | null,
  cursor: number | null,
  pinned: SpanWindow | null,
): void {
  const shown = (ns: number) => ((ns - window.from) / (window.to - window.from)) * width;
  if (pinned) {
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.22;
    const left = shown(pinned.from);
    context.fillRect(left, 0, Math.max(3, shown(pinned.to) - left), height - SPAN_AXIS_HEIGHT);
    context.globalAlpha = 1;
  }
  if (cursor !== null) {
    context.strokeStyle = palette.quiet;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(cursor, 0);
    context.lineTo(cursor, height - SPAN_AXIS_HEIGHT);
    context.stroke();
    context.setLineDash([]);
  }
  if (!point) return;
  const row = table.rows[point.row];
  if (!row) return;
  const scale = width / (window.to - window.from);
  const left = Math.max(-2, (row.start[point.index]! - window.from) * scale);
  const right = Math.min(width + 2, (row.end[point.index]! - window.from) * scale);
  context.strokeStyle = palette.text;
  context.lineWidth = 2;
  context.strokeRect(left, point.row * SPAN_ROW_HEIGHT + 2, Math.max(2, right - left), SPAN_ROW_HEIGHT - 5);
}
