/** The colour and texture of a part of the frame, beside its name. */
import { useCallback } from "react";
import { ChartCanvas, type Surface } from "./chart-canvas.tsx";
import classes from "./charts.module.css";
import { fillPart } from "./draw-part.ts";

export function Swatch({ part }: { readonly part: string }) {
  const draw = useCallback((surface: Surface) => fillPart(surface, part, 0, 0, surface.width, surface.height), [part]);
  return (
    <span className={classes.swatch} aria-hidden="true">
      <ChartCanvas height={12} label="" draw={draw} />
    </span>
  );
}
