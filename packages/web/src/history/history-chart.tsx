/** Runs in the order in which they were made, at even distances: a dot each, a line for each level, a mark for each step. */
import { formatDuration, type History, median } from "@volumark/measure";
import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useState } from "react";
import { type Brush, useCanvas } from "../compare/use-canvas.ts";
import classes from "./history.module.css";
import { type HistoryPoint, historyRange, type Level, levelsOf } from "./history-series.ts";

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
    (brush: Brush) => drawHistory(brush, { points, history, levels, current, at }),
    [points, history, levels, current, at],
  );
  const canvas = useCanvas(draw);
  if (points.length === 0) return null;

  const last = points.length - 1;
  const indexUnder = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return Math.min(last, Math.max(0, Math.round(share * last)));
  };
  const index = at ?? last;
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last };
    if (event.key === "Enter") onOpen(points[index]!);
    else if (steps[event.key] !== undefined) setAt(Math.min(last, Math.max(0, steps[event.key]!)));
    else return;
    event.preventDefault();
  };
  const point = points[index]!;
  const reading = `${point.startedAt.slice(0, 16).replace("T", " ")}: ${formatDuration(point.ns)}`;
  return (
    <div>
      <div
        className={classes.chart}
        role="slider"
        tabIndex={0}
        aria-label={`${stage} of each run; Enter opens it`}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={index + 1}
        aria-valuetext={reading}
        data-own-keys
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setAt(indexUnder(event))}
        onPointerLeave={() => setAt(null)}
        onClick={() => onOpen(point)}
      >
        <canvas ref={canvas} />
      </div>
      <p className={classes.reading}>
        {at === null
          ? `n = ${points.length} runs, medians of a pass; no interval is stored with them. Click one to open it.`
          : `run ${index + 1} of ${points.length}, ${reading}${point.acknowledged === null ? "" : `, acknowledged: ${point.acknowledged}`}`}
      </p>
    </div>
  );
}

interface Drawn {
  readonly points: readonly HistoryPoint[];
  readonly history: History;
  readonly levels: readonly Level[];
  readonly current: string | null;
  readonly at: number | null;
}

function drawHistory({ context, width, height, color }: Brush, { points, history, levels, current, at }: Drawn): void {
  const [least, most] = historyRange(points);
  const [plotWidth, plotHeight] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  const last = Math.max(1, points.length - 1);
  const x = (index: number) => LEFT + (points.length > 1 ? (index / last) * plotWidth : plotWidth / 2);
  const y = (ns: number) => TOP + (1 - (ns - least) / (most - least)) * plotHeight;

  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (const tick of niceTicks(least, most)) {
    context.strokeStyle = color("--line");
    line(context, LEFT, y(tick), LEFT + plotWidth, y(tick));
    context.fillStyle = color("--quiet");
    context.fillText(formatDuration(tick), LEFT - 8, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(points[0]!.startedAt.slice(0, 10), LEFT, height - 6);
  context.textAlign = "right";
  if (points.length > 1)
    context.fillText(points[points.length - 1]!.startedAt.slice(0, 10), LEFT + plotWidth, height - 6);

  context.strokeStyle = color("--accent");
  context.lineWidth = 2;
  for (const { from, to, ns } of levels) line(context, x(from), y(ns), x(Math.max(from, to - 1)), y(ns));
  for (const { index, change } of history.steps) {
    const known = points[index]?.acknowledged != null;
    context.strokeStyle = known ? color("--quiet") : change > 0 ? color("--bad") : color("--good");
    context.lineWidth = 1.5;
    context.setLineDash(known ? [3, 4] : []);
    const between = (x(index - 1) + x(index)) / 2;
    line(context, between, TOP, between, TOP + plotHeight);
    context.setLineDash([]);
    context.fillStyle = context.strokeStyle;
    context.textAlign = "center";
    context.fillText(change > 0 ? "▲" : "▼", between, TOP - 2);
  }
  const size = Math.min(3.5, Math.max(1.5, plotWidth / points.length / 3));
  for (const [i, point] of points.entries()) {
    context.fillStyle = point.id === current ? color("--accent") : color("--text");
    context.beginPath();
    context.arc(x(i), y(point.ns), point.id === current ? size + 2 : size, 0, 2 * Math.PI);
    context.fill();
    if (point.acknowledged !== null) {
      context.strokeStyle = color("--quiet");
      context.lineWidth = 1;
      context.beginPath();
      context.arc(x(i), y(point.ns), size + 4, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  if (at !== null) {
    context.strokeStyle = color("--text");
    context.lineWidth = 1;
    line(context, x(at), TOP, x(at), TOP + plotHeight);
    context.beginPath();
    context.arc(x(at), y(points[at]!.ns), 6, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** Three to six round values within the range. */
function niceTicks(least: number, most: number): number[] {
  const rough = (most - least) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.ceil(least / step) * step; tick <= most; tick += step) ticks.push(tick);
  return ticks;
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
