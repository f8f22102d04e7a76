/** Runs in the order in which they were made, at even distances: a dot with its interval each, a line for each level, a mark for each step. */
import { formatDuration, type History, median } from "@volumark/measure";
import { useCallback, useMemo, useState } from "react";
import { ticks } from "../charts/axis.ts";
import { ChartCanvas, type ChartPoint, type Surface } from "../charts/chart-canvas.tsx";
import classes from "./history.module.css";
import {
  type HistoryPoint,
  historyRange,
  intervalText,
  type Level,
  levelsOf,
  unknownIntervals,
} from "./history-series.ts";

export interface HistoryChartProps {
  readonly points: readonly HistoryPoint[];
  readonly history: History;
  readonly stage: string;
  /** Id of the run that is marked; null for none. */
  readonly current: string | null;
  readonly onOpen: (point: HistoryPoint) => void;
}

const LEFT = 68;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 22;

export function HistoryChart({ points, history, stage, current, onOpen }: HistoryChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const levels = useMemo(
    () => levelsOf(points.length, history, (from, to) => median(points.slice(from, to).map(({ ns }) => ns))),
    [points, history],
  );
  const draw = useCallback(
    (surface: Surface) => drawHistory(surface, { points, history, levels, current }),
    [points, history, levels, current],
  );
  const over = useCallback((surface: Surface) => drawMark(surface, points, at), [points, at]);
  if (points.length === 0) return null;

  const last = points.length - 1;
  const indexUnder = ({ x, width }: ChartPoint) => {
    const share = (x - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return Math.min(last, Math.max(0, Math.round(share * last)));
  };
  const index = at ?? last;
  const onKey = ({ key }: { readonly key: string }) => {
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last };
    const next = steps[key];
    if (key === "Enter") onOpen(points[index]!);
    else if (next !== undefined) setAt(Math.min(last, Math.max(0, next)));
    return key === "Enter" || next !== undefined;
  };
  const point = points[index]!;
  const reading = `${point.startedAt.slice(0, 16).replace("T", " ")}: ${formatDuration(point.ns)}, ${intervalText(point)}`;
  const known = point.acknowledged === null ? "" : `, acknowledged: ${point.acknowledged}`;
  return (
    <div>
      <ChartCanvas
        height={260}
        label={`${stage} of each run; Enter opens it`}
        draw={draw}
        over={over}
        onPoint={(place) => setAt(place && indexUnder(place))}
        onPick={(place) => onOpen(points[indexUnder(place)]!)}
        onKey={onKey}
        slider={{ least: 1, most: points.length, now: index + 1, text: reading }}
      />
      <p className={classes.reading}>
        {at === null
          ? `n = ${points.length} runs. Click one to open it.`
          : `run ${index + 1} of ${points.length}, ${reading}${known}`}
      </p>
      <p className={classes.reading}>
        A dot is the median over the passes of a run, its line the 95 % interval. {unknownIntervals(points)}Whether two
        runs really differ is said by Compare.
      </p>
    </div>
  );
}

interface Drawn {
  readonly points: readonly HistoryPoint[];
  readonly history: History;
  readonly levels: readonly Level[];
  readonly current: string | null;
}

function plotOf({ width, height }: Surface, points: readonly HistoryPoint[]) {
  const [least, most] = historyRange(points);
  const [plotWidth, plotHeight] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  const last = Math.max(1, points.length - 1);
  return {
    least,
    most,
    right: LEFT + plotWidth,
    bottom: TOP + plotHeight,
    x: (index: number) => LEFT + (points.length > 1 ? (index / last) * plotWidth : plotWidth / 2),
    y: (ns: number) => TOP + (1 - (ns - least) / (most - least)) * plotHeight,
  };
}

function drawHistory(surface: Surface, { points, history, levels, current }: Drawn): void {
  const { context, height, palette } = surface;
  const { least, most, right, bottom, x, y } = plotOf(surface, points);
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (const tick of ticks(least, most, 6)) {
    context.strokeStyle = palette.line;
    line(context, LEFT, y(tick), right, y(tick));
    context.fillStyle = palette.quiet;
    context.fillText(formatDuration(tick), LEFT - 8, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  const [first, last] = [points[0]!, points[points.length - 1]!].map(({ startedAt }) => startedAt) as [string, string];
  // Within one day the times tell them apart.
  const shown = (time: string) => time.slice(0, first.slice(0, 10) === last.slice(0, 10) ? 16 : 10).replace("T", " ");
  context.fillText(shown(first), LEFT, height - 6);
  context.textAlign = "right";
  if (points.length > 1) context.fillText(shown(last), right, height - 6);

  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  for (const { from, to, ns } of levels) line(context, x(from), y(ns), x(Math.max(from, to - 1)), y(ns));
  context.lineWidth = 1.5;
  context.textAlign = "center";
  for (const { index, change } of history.steps) {
    const known = points[index]?.acknowledged != null;
    const color = known ? palette.quiet : change > 0 ? palette.bad : palette.accent;
    const between = (x(index - 1) + x(index)) / 2;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.setLineDash(known ? [3, 4] : []);
    line(context, between, TOP, between, bottom);
    context.setLineDash([]);
    context.fillText(change > 0 ? "▲" : "▼", between, TOP - 2);
  }
  drawIntervals(surface, points, current);
  const size = Math.min(3.5, Math.max(1.5, (right - LEFT) / points.length / 3));
  context.lineWidth = 1;
  for (const [i, point] of points.entries()) {
    const own = point.id === current;
    context.fillStyle = own ? palette.accent : palette.text;
    dot(context, x(i), y(point.ns), own ? size + 2 : size);
    context.fill();
    if (point.acknowledged === null) continue;
    context.strokeStyle = palette.quiet;
    dot(context, x(i), y(point.ns), size + 4);
    context.stroke();
  }
}

/** What reaches beyond the axis is cut there, and has no end. */
function drawIntervals(surface: Surface, points: readonly HistoryPoint[], current: string | null): void {
  const { context, palette } = surface;
  const { right, bottom, x, y } = plotOf(surface, points);
  const cap = Math.min(3, (right - LEFT) / points.length / 3);
  context.lineWidth = 1;
  for (const [i, { id, lowNs, highNs }] of points.entries()) {
    if (lowNs === null || highNs === null) continue;
    const [low, high] = [y(lowNs), y(highNs)];
    context.strokeStyle = id === current ? palette.accent : palette.quiet;
    line(context, x(i), Math.max(TOP, high), x(i), Math.min(bottom, low));
    for (const end of [low, high])
      if (cap >= 1 && end >= TOP && end <= bottom) line(context, x(i) - cap, end, x(i) + cap, end);
  }
}

function drawMark(surface: Surface, points: readonly HistoryPoint[], at: number | null): void {
  const point = at === null ? undefined : points[at];
  if (at === null || !point) return;
  const { context, palette } = surface;
  const { x, y, bottom } = plotOf(surface, points);
  context.strokeStyle = palette.text;
  context.lineWidth = 1;
  line(context, x(at), TOP, x(at), bottom);
  dot(context, x(at), y(point.ns), 6);
  context.stroke();
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
