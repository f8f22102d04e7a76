/**
 * The map of the frames: marks of outliers on top, a row of cells for each stage, a lane for each thing beside them, the axis
 * of frames at the bottom. Everything shares one axis, so that a column is one moment from top to bottom.
 */
import { columnOf } from "../shaping/columns.ts";
import type { HeatMap } from "../shaping/heat.ts";
import { drawAxis, frameText } from "./axis.ts";
import type { Surface } from "./chart-canvas.tsx";
import { cssColour } from "./palette.ts";

export const MARKS_HEIGHT = 20;
export const ROW_HEIGHT = 24;
export const LANE_HEIGHT = 34;
export const AXIS_HEIGHT = 22;
/** Between the map and the lanes. */
export const PAUSE = 12;
/** Cells at least so wide and this far from the median have an arrow too: colour is not the only one that says it. */
const ARROW_PX = 7;
const ARROW_LEVEL = 0.29;

export interface LaneColumns {
  readonly name: string;
  /** Least and greatest of each column; null where nothing is known. */
  readonly least: Float64Array | null;
  readonly most: Float64Array | null;
  /** Upper end of its scale, which begins at 0 or, with `floating`, at its least value. */
  readonly top: number;
  readonly bottom: number;
}

export interface FrameMark {
  /** Row among the frames. */
  readonly row: number;
  /** One character for its cause. */
  readonly sign: string;
}

export interface FramesDrawing {
  readonly map: HeatMap;
  readonly lanes: readonly LaneColumns[];
  readonly marks: readonly FrameMark[];
  /** Numbers of the frames, for the axis. */
  readonly frame: Float64Array;
}

export function framesHeight(rows: number, lanes: number): number {
  return MARKS_HEIGHT + rows * ROW_HEIGHT + PAUSE + lanes * LANE_HEIGHT + AXIS_HEIGHT;
}

export function drawFrames(surface: Surface, drawing: FramesDrawing): void {
  drawMarks(surface, drawing);
  drawCells(surface, drawing.map);
  drawLanes(surface, drawing);
  const { columns } = drawing.map;
  const { height } = surface;
  const first = columns.from[0] ?? 0;
  const end = columns.from[columns.count] ?? 0;
  const { frame } = drawing;
  drawAxis(surface, {
    y: height - AXIS_HEIGHT + 2,
    low: frame[first] ?? 0,
    high: frame[Math.max(first, end - 1)] ?? 0,
    at: (number) => xOfRow(drawing.map, surface.width, first + (number - (frame[first] ?? 0))),
    text: frameText,
    whole: true,
  });
}

/** The middle of a row, CSS pixels. */
export function xOfRow({ columns: { count, from } }: HeatMap, width: number, row: number): number {
  const first = from[0] ?? 0;
  const rows = Math.max(1, (from[count] ?? 0) - first);
  return ((row - first + 0.5) / rows) * width;
}

/** The column that is drawn at an x, clamped to what there is. */
export function columnAt({ columns: { count } }: HeatMap, width: number, x: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((x / Math.max(1, width)) * count)));
}

function drawMarks(surface: Surface, { map, marks }: FramesDrawing): void {
  const { context, width, palette } = surface;
  let free = Number.NEGATIVE_INFINITY;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const { row, sign } of marks) {
    if (columnOf(map.columns, row) < 0) continue;
    const x = xOfRow(map, width, row);
    context.fillStyle = palette.bad;
    context.beginPath();
    context.moveTo(x - 4, MARKS_HEIGHT - 7);
    context.lineTo(x + 4, MARKS_HEIGHT - 7);
    context.lineTo(x, MARKS_HEIGHT - 1);
    context.fill();
    if (x < free || x < 5 || x > width - 5) continue;
    context.fillText(sign, x, 1);
    free = x + 10;
  }
  context.textAlign = "left";
}

function drawCells(surface: Surface, { rows, columns, mode }: HeatMap): void {
  const { context, width, palette } = surface;
  const { count } = columns;
  if (count === 0) return;
  const scale = mode === "relative" ? palette.diverging : palette.sequential;
  const unknown = 0;
  const image = new ImageData(count, rows.length);
  const pixels = new Uint32Array(image.data.buffer);
  for (const [r, { level }] of rows.entries()) {
    for (let c = 0; c < count; c++) {
      const value = level[c]!;
      pixels[r * count + c] = Number.isNaN(value) ? unknown : scale[Math.round(value * 255)]!;
    }
  }
  const tile = new OffscreenCanvas(count, rows.length);
  tile.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  for (let r = 0; r < rows.length; r++) {
    const y = MARKS_HEIGHT + r * ROW_HEIGHT;
    context.fillStyle = palette.sunken;
    context.fillRect(0, y, width, ROW_HEIGHT - 2);
    context.drawImage(tile, 0, r, count, 1, 0, y, width, ROW_HEIGHT - 2);
  }
  const wide = width / count;
  if (wide < ARROW_PX) return;
  context.fillStyle = palette.panel;
  for (let c = 1; c < count; c++)
    context.fillRect(Math.round(c * wide) - 0.5, MARKS_HEIGHT, 1, rows.length * ROW_HEIGHT);
  if (mode === "absolute") return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const { font } = context;
  context.font = font.replace(/\d+px/, "9px");
  for (const [r, { level }] of rows.entries()) {
    for (let c = 0; c < count; c++) {
      const from = level[c]! - 0.5;
      if (!(Math.abs(from) >= ARROW_LEVEL)) continue;
      context.fillStyle = Math.abs(from) > 0.32 ? palette.panel : palette.text;
      context.fillText(from > 0 ? "▲" : "▼", (c + 0.5) * wide, MARKS_HEIGHT + r * ROW_HEIGHT + ROW_HEIGHT / 2 - 1);
    }
  }
  context.font = font;
  context.textAlign = "left";
}

function drawLanes(surface: Surface, { map, lanes }: FramesDrawing): void {
  const { context, width, palette } = surface;
  const wide = width / Math.max(1, map.columns.count);
  const top = MARKS_HEIGHT + map.rows.length * ROW_HEIGHT + PAUSE;
  for (const [l, { name, least, most, top: full, bottom }] of lanes.entries()) {
    const colour = name === "gc" || name === "steal" ? palette.bad : palette.stage.field!;
    const y = top + l * LANE_HEIGHT;
    const height = LANE_HEIGHT - 6;
    context.fillStyle = palette.sunken;
    context.fillRect(0, y, width, height);
    if (!least || !most) {
      context.strokeStyle = palette.line;
      context.setLineDash([3, 4]);
      context.beginPath();
      context.moveTo(0, y + height / 2);
      context.lineTo(width, y + height / 2);
      context.stroke();
      context.setLineDash([]);
      continue;
    }
    const span = full - bottom || 1;
    const at = (value: number) => y + height - 1 - ((value - bottom) / span) * (height - 3);
    context.fillStyle = colour;
    // The area up to the least of a column, and a lighter bar from there to its greatest.
    for (const [values, alpha] of [
      [most, 0.35],
      [least, 0.45],
    ] as const) {
      context.globalAlpha = alpha;
      for (let c = 0; c < values.length; c++) {
        const value = values[c]!;
        // Nothing of it is no bar, not a line at the bottom.
        if (!(value > 0)) continue;
        const from = Math.min(at(value), y + height - 1);
        context.fillRect(c * wide, from, Math.max(0.5, wide - (wide > 7 ? 1 : 0)), y + height - from);
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    let pen = false;
    for (let c = 0; c < most.length; c++) {
      const value = most[c]!;
      if (!(value > 0)) {
        pen = false;
        continue;
      }
      if (pen) context.lineTo(c * wide, at(value));
      else context.moveTo(c * wide, at(value));
      context.lineTo((c + 1) * wide, at(value));
      pen = true;
    }
    context.stroke();
  }
}

export interface FramesOver {
  /** Rows among the frames; null where there is none. */
  readonly hovered: number | null;
  readonly pinned: number | null;
  readonly playing: number | null;
}

export function drawFramesOver(
  surface: Surface,
  { map }: FramesDrawing,
  { hovered, pinned, playing }: FramesOver,
): void {
  const { context, width, height, palette } = surface;
  const bottom = height - AXIS_HEIGHT;
  const wide = Math.max(2, width / Math.max(1, map.columns.count));
  const edge = (row: number) => {
    const column = columnOf(map.columns, row);
    return column < 0 ? null : column * (width / map.columns.count);
  };
  const at = playing === null ? null : edge(playing);
  if (at !== null) {
    context.strokeStyle = palette.text;
    context.globalAlpha = 0.55;
    context.lineWidth = 1.5;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(at + wide / 2, MARKS_HEIGHT - 4);
    context.lineTo(at + wide / 2, bottom);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  for (const [row, colour, line] of [
    [pinned, palette.accent, 2],
    [hovered, palette.text, 1.25],
  ] as const) {
    const left = row === null ? null : edge(row);
    if (left === null) continue;
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(left + 0.5 - 1, MARKS_HEIGHT - 2, wide + 1, bottom - MARKS_HEIGHT + 2);
  }
}

/** CSS colours from one end of the scale to the other, for a legend. */
export function legendColours(scale: Uint32Array, count: number): string[] {
  return Array.from({ length: count }, (_, i) => cssColour(scale[Math.round((i / (count - 1)) * 255)]!));
}
