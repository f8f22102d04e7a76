/**
 * The map of stages over frames as numbers to colour: each cell the time of a stage in a frame, as it is or beside that stage's
 * own median. Where a column stands for several frames it shows the one furthest from the median.
 */
import { type Columns, extremesOf, furthestOf } from "./columns.ts";
import type { FrameTable } from "./frame-table.ts";

export type HeatMode = "relative" | "absolute";

export interface HeatRow {
  readonly name: string;
  readonly medianNs: number;
  /** ns, one a column. */
  readonly ns: Float64Array;
  /** 0 to 1, where on the scale of colours it lies: ½ is the median where it is relative. NaN where nothing is known. */
  readonly level: Float32Array;
}

export interface HeatMap {
  readonly rows: readonly HeatRow[];
  readonly columns: Columns;
  readonly mode: HeatMode;
  /** ns at the two ends of an absolute scale, which is logarithmic; a relative one goes from 1 / `reach` to `reach`. */
  readonly leastNs: number;
  readonly mostNs: number;
}

/** Times the median at which the colour of a relative map is full. */
export const REACH = 2;
/** Of the greatest time: less is drawn as that, so that stages of nothing don't take up the scale. */
const FLOOR = 1 / 1000;

export function heatMap(table: FrameTable, columns: Columns, mode: HeatMode): HeatMap {
  const named = [
    { name: "frame", ns: table.wallNs, medianNs: table.wallMedianNs },
    ...table.parts.map(({ part, ns, medianNs }) => ({
      name: part as string,
      // What is unaccounted for may be negative where the clock steps: its size is what matters.
      ns: part === "unaccounted" ? ns.map(Math.abs) : ns,
      medianNs: Math.abs(medianNs),
    })),
  ];
  const cells = named.map(({ name, ns, medianNs }) => ({
    name,
    medianNs,
    ns: mode === "relative" ? furthestOf(columns, ns, medianNs) : extremesOf(columns, ns).most,
  }));
  let mostNs = 0;
  for (const { ns } of cells) for (const value of ns) if (value > mostNs) mostNs = value;
  const leastNs = mostNs * FLOOR;
  const logSpan = Math.log(1 / FLOOR);
  const rows = cells.map(({ name, medianNs, ns }): HeatRow => {
    const level = new Float32Array(ns.length);
    for (let c = 0; c < ns.length; c++) {
      const value = ns[c]!;
      if (mode === "relative")
        level[c] = medianNs > 0 ? clamp(0.5 + Math.log(Math.max(value, 1) / medianNs) / (2 * Math.log(REACH))) : 0.5;
      else level[c] = mostNs > 0 ? clamp(Math.log(Math.max(value, leastNs) / leastNs) / logSpan) : 0;
      if (Number.isNaN(value)) level[c] = Number.NaN;
    }
    return { name, medianNs, ns, level };
  });
  return { rows, columns, mode, leastNs, mostNs };
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
