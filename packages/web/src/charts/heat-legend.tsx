/** What the colours of the map mean, with their unit. */
import { formatDuration } from "@volumark/measure";
import { useCallback } from "react";
import { type HeatMap, REACH } from "../shaping/heat.ts";
import { ChartCanvas, type Surface } from "./chart-canvas.tsx";
import classes from "./charts.module.css";
import { legendColours } from "./draw-frames.ts";

const STEPS = 33;

export function HeatLegend({ map: { mode, leastNs, mostNs } }: { readonly map: HeatMap }) {
  const draw = useCallback(
    ({ context, width, height, palette }: Surface) => {
      const colours = legendColours(mode === "relative" ? palette.diverging : palette.sequential, STEPS);
      for (const [i, colour] of colours.entries()) {
        context.fillStyle = colour;
        context.fillRect((i * width) / STEPS, 0, width / STEPS + 1, height);
      }
      context.strokeStyle = palette.line;
      context.strokeRect(0.5, 0.5, width - 1, height - 1);
    },
    [mode],
  );
  const [low, middle, high] =
    mode === "relative"
      ? [`▼ ${1 / REACH} × or less`, "median of the stage", `▲ ${REACH} × or more`]
      : [
          `${formatDuration(leastNs)} or less`,
          `${formatDuration(Math.sqrt(leastNs * mostNs))}`,
          formatDuration(mostNs),
        ];
  return (
    <div className={classes.legend}>
      <span>{low}</span>
      <ChartCanvas height={12} label={`Colours from ${low} over ${middle} to ${high}`} draw={draw} />
      <span>{high}</span>
      <span className={classes.legendMiddle}>middle: {middle}</span>
    </div>
  );
}
