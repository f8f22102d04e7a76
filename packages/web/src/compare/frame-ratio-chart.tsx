/** The ratio of each frame on a logarithmic axis. Many frames are drawn as the least and the most of each pixel column. */
import { useCallback, useState } from "react";
import { ChartCanvas, type ChartPoint, type Surface } from "../charts/chart-canvas.tsx";
import classes from "./compare.module.css";
import type { FrameRatios } from "./frame-ratios.ts";
import { type RatioAxis, ratioAxis, ratioText } from "./ratio-axis.ts";

export interface FrameRatioChartProps {
  readonly ratios: FrameRatios;
  readonly stage: string;
  readonly onFrame: (frame: number) => void;
}

const LEFT = 44;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;

export function FrameRatioChart({ ratios, stage, onFrame }: FrameRatioChartProps) {
  const { frames, ratios: values, median } = ratios;
  const [at, setAt] = useState<number | null>(null);
  const draw = useCallback((surface: Surface) => drawRatios(surface, ratios), [ratios]);
  const over = useCallback((surface: Surface) => drawMark(surface, ratios, at), [ratios, at]);
  if (frames.length === 0) return <p className="quiet">No frame is in both runs.</p>;

  const last = frames.length - 1;
  const indexUnder = ({ x, width }: ChartPoint) => {
    const share = (x - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return Math.min(last, Math.max(0, Math.round(share * last)));
  };
  const index = at ?? 0;
  const onKey = ({ key }: { readonly key: string }) => {
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last };
    const next = steps[key];
    if (key === "Enter") onFrame(frames[index]!);
    else if (next !== undefined) setAt(Math.min(last, Math.max(0, next)));
    return key === "Enter" || next !== undefined;
  };
  const reading = `frame ${frames[index]}: ${ratioText(values[index] ?? null)}`;
  const known = values.filter((value) => value !== null).length;
  const far = ratios.outlying.length > 0 ? `, ${ratios.outlying.length} far from it` : "";
  return (
    <div>
      <ChartCanvas
        height={180}
        label={`Ratio of each frame, ${stage}; Enter shows its pictures`}
        draw={draw}
        over={over}
        onPoint={(point) => setAt(point && indexUnder(point))}
        onPick={(point) => onFrame(frames[indexUnder(point)]!)}
        onKey={onKey}
        slider={{ least: frames[0]!, most: frames[last]!, now: frames[index]!, text: reading }}
      />
      <p className={classes.reading}>
        {at === null
          ? `${stage}, n = ${known} frames, median ${ratioText(median)}${far}. Click a frame for its pictures.`
          : reading}
      </p>
    </div>
  );
}

interface Plot {
  readonly axis: RatioAxis;
  readonly x: (index: number) => number;
  readonly y: (ratio: number) => number;
  readonly right: number;
  readonly bottom: number;
}

function plotOf({ width, height }: Surface, { frames, ratios }: FrameRatios): Plot {
  const axis = ratioAxis(ratios);
  const [plotWidth, plotHeight] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  return {
    axis,
    x: (index) => LEFT + (frames.length > 1 ? (index / (frames.length - 1)) * plotWidth : plotWidth / 2),
    y: (ratio) => TOP + (1 - axis.at(ratio)) * plotHeight,
    right: LEFT + plotWidth,
    bottom: TOP + plotHeight,
  };
}

function drawRatios(surface: Surface, shown: FrameRatios): void {
  const { context, height, palette } = surface;
  const { frames, ratios, median } = shown;
  const { axis, x, y, right } = plotOf(surface, shown);
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (const tick of axis.ticks) {
    context.strokeStyle = tick === 1 ? palette.quiet : palette.line;
    line(context, LEFT, y(tick), right, y(tick));
    context.fillStyle = palette.quiet;
    context.fillText(`${Number(tick.toFixed(2))} ×`, LEFT - 6, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(`frame ${frames[0]}`, LEFT, height - 6);
  context.textAlign = "right";
  context.fillText(`${frames[frames.length - 1]}`, right, height - 6);

  context.fillStyle = palette.accent;
  context.strokeStyle = palette.accent;
  if (frames.length <= (right - LEFT) / 3) {
    for (const [i, ratio] of ratios.entries()) {
      if (ratio === null) continue;
      context.beginPath();
      context.arc(x(i), y(ratio), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  } else drawColumns(context, ratios, x, y);
  if (median === null) return;
  context.setLineDash([5, 4]);
  line(context, LEFT, y(median), right, y(median));
  context.setLineDash([]);
}

function drawMark(surface: Surface, shown: FrameRatios, at: number | null): void {
  const ratio = at === null ? null : (shown.ratios[at] ?? null);
  if (at === null || ratio === null) return;
  const { context, palette } = surface;
  const { x, y, bottom } = plotOf(surface, shown);
  context.strokeStyle = palette.text;
  context.lineWidth = 1;
  line(context, x(at), TOP, x(at), bottom);
  context.beginPath();
  context.arc(x(at), y(ratio), 4, 0, 2 * Math.PI);
  context.stroke();
}

/** One stroke a pixel column from its least to its most. */
function drawColumns(
  context: CanvasRenderingContext2D,
  ratios: readonly (number | null)[],
  x: (index: number) => number,
  y: (ratio: number) => number,
): void {
  let column = -1;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  const flush = () => {
    if (most > 0) line(context, column + 0.5, y(most) - 0.5, column + 0.5, y(least) + 0.5);
  };
  for (const [i, ratio] of ratios.entries()) {
    if (ratio === null) continue;
    const here = Math.floor(x(i));
    if (here !== column) {
      flush();
      [column, least, most] = [here, ratio, ratio];
    } else {
      least = Math.min(least, ratio);
      most = Math.max(most, ratio);
    }
  }
  flush();
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
