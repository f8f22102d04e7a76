/** Everything that the map of the frames draws at one width, from the shaped data: no DOM here. */
import type { FrameMark, FramesDrawing, LaneColumns } from "../charts/draw-frames.ts";
import type { MarkedFrame } from "../shaping/analysis.ts";
import { columnsOver, extremesOf } from "../shaping/columns.ts";
import { type FrameTable, rowOf } from "../shaping/frame-table.ts";
import { type HeatMode, heatMap } from "../shaping/heat.ts";
import type { FrameLane } from "../shaping/lanes.ts";
import { SIGNS } from "./causes.ts";

export interface FrameDrawingInput {
  readonly table: FrameTable;
  readonly lanes: readonly FrameLane[];
  readonly marked: readonly MarkedFrame[];
  readonly mode: HeatMode;
  /** Rows that are shown: `first` to `end`, not included. */
  readonly first: number;
  readonly end: number;
  /** CSS pixels: never more columns than these. */
  readonly width: number;
}

/** Lanes whose scale does not begin at 0: their changes are what matters. */
const FLOATING = new Set(["memory", "clock", "triangles"]);

export function frameDrawing({ table, lanes, marked, mode, first, end, width }: FrameDrawingInput): FramesDrawing {
  const columns = columnsOver(first, end, Math.max(1, width));
  const marks = marked
    .map(({ frame, cause }): FrameMark => ({ row: rowOf(table, frame), sign: SIGNS[cause] }))
    .filter(({ row }) => row >= 0)
    .sort((a, b) => a.row - b.row);
  return {
    map: heatMap(table, columns, mode),
    lanes: lanes.map((lane) => laneColumns(lane)),
    marks,
    frame: table.frame,
  };

  function laneColumns({ name, values, unit, least, most }: FrameLane): LaneColumns {
    if (!values || Number.isNaN(most)) return { name, least: null, most: null, top: 1, bottom: 0 };
    const top = unit === "%" ? Math.max(100, most) : Math.max(most, 1);
    const bottom = FLOATING.has(name) && least > 0 && least < most ? least - (most - least) * 0.15 : 0;
    return { name, ...extremesOf(columns, values), top, bottom: Math.max(0, bottom) };
  }
}
