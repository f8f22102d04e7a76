/** A value as a dot on the whisker of its interval; the scale begins at 0. Boxes, not a canvas: a table has one a row. */
import type { CSSProperties } from "react";
import classes from "./charts.module.css";
import { partColour, usePalette } from "./palette.ts";

export interface IntervalMarkProps {
  /** Of the frame, for its colour. */
  readonly part: string;
  readonly value: number;
  /** Null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** The value at the right end. */
  readonly most: number;
}

export function IntervalMark({ part, value, low, high, most }: IntervalMarkProps) {
  const share = (one: number) => (most > 0 ? 100 * Math.max(0, one / most) : 0);
  return (
    <span className={classes.interval} style={{ "--ink": partColour(usePalette(), part) } as CSSProperties}>
      <span className={classes.scale}>
        {low !== null && high !== null && (
          <span className={classes.whisker} style={{ left: `${share(low)}%`, width: `${share(high) - share(low)}%` }} />
        )}
        <span className={classes.dot} style={{ left: `${share(value)}%` }} />
      </span>
    </span>
  );
}
