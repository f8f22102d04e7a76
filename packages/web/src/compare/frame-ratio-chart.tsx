/** The ratio of each frame on a logarithmic axis. Many frames are drawn as the least and the most of each pixel column. */
import { type KeyboardEvent, type PointerEvent, useCallback, useState } from "react";
import classes from "./compare.module.css";
import type { FrameRatios } from "./frame-ratios.ts";
import { ratioAxis, ratioText } from "./ratio-axis.ts";
import { type Brush, useCanvas } from "./use-canvas.ts";

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
  const draw = useCallback((brush: Brush) => drawRatios(brush, ratios, at), [ratios, at]);
  const canvas = useCanvas(draw);
  if (frames.length === 0) return <p className="quiet">No frame is in both runs.</p>;

  const indexUnder = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return Math.min(frames.length - 1, Math.max(0, Math.round(share * (frames.length - 1))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const here = at ?? 0;
    const steps: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowLeft: here - 1,
      Home: 0,
      End: frames.length - 1,
    };
    if (event.key === "Enter") onFrame(frames[here]!);
    else if (steps[event.key] !== undefined) setAt(Math.min(frames.length - 1, Math.max(0, steps[event.key]!)));
    else return;
    event.preventDefault();
  };
  const index = at ?? 0;
  const reading = `frame ${frames[index]}: ${ratioText(values[index] ?? null)}`;
  return (
    <div className={classes.chart}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`Ratio of each frame, ${stage}`}
        aria-valuemin={frames[0]!}
        aria-valuemax={frames[frames.length - 1]!}
        aria-valuenow={frames[index]!}
        aria-valuetext={reading}
        data-own-keys
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setAt(indexUnder(event))}
        onPointerLeave={() => setAt(null)}
        onClick={() => onFrame(frames[index]!)}
      >
        <canvas ref={canvas} />
      </div>
      <p className={classes.reading}>
        {at === null
          ? `${stage}, n = ${values.filter((value) => value !== null).length} frames, median ${ratioText(median)}${ratios.outlying.length > 0 ? `, ${ratios.outlying.length} far from it` : ""}. Click a frame for its pictures.`
          : reading}
      </p>
    </div>
  );
}

function drawRatios(
  { context, width, height, color }: Brush,
  { frames, ratios, median }: FrameRatios,
  at: number | null,
) {
  const axis = ratioAxis(ratios);
  const [plotWidth, plotHeight] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  const y = (ratio: number) => TOP + (1 - axis.at(ratio)) * plotHeight;
  const x = (index: number) => LEFT + (frames.length > 1 ? (index / (frames.length - 1)) * plotWidth : plotWidth / 2);

  context.fillStyle = color("--quiet");
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of axis.ticks) {
    context.strokeStyle = tick === 1 ? color("--quiet") : color("--line");
    context.lineWidth = 1;
    line(context, LEFT, y(tick), LEFT + plotWidth, y(tick));
    context.fillText(`${Number(tick.toFixed(2))}`, LEFT - 6, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(`frame ${frames[0]}`, LEFT, height - 6);
  context.textAlign = "right";
  context.fillText(`${frames[frames.length - 1]}`, LEFT + plotWidth, height - 6);

  context.fillStyle = color("--accent");
  context.strokeStyle = color("--accent");
  if (frames.length <= plotWidth / 3) {
    for (const [i, ratio] of ratios.entries()) {
      if (ratio === null) continue;
      context.beginPath();
      context.arc(x(i), y(ratio), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  } else drawColumns(context, ratios, x, y);
  if (median !== null) {
    context.setLineDash([5, 4]);
    line(context, LEFT, y(median), LEFT + plotWidth, y(median));
    context.setLineDash([]);
  }
  const ratio = at === null ? null : (ratios[at] ?? null);
  if (at !== null && ratio !== null) {
    context.strokeStyle = color("--text");
    line(context, x(at), TOP, x(at), TOP + plotHeight);
    context.beginPath();
    context.arc(x(at), y(ratio), 4, 0, 2 * Math.PI);
    context.stroke();
  }
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
