/**
 * One ratio with its interval on the shared axis: the band in which a difference does not count, the whisker, the dot.
 * Drawn as boxes at shares of the width, so that it is sharp and fits at every size; said in words by whoever shows it.
 */
import type { CSSProperties } from "react";
import classes from "./compare.module.css";
import type { RatioAxis } from "./ratio-axis.ts";
import type { Tone } from "./verdict-words.ts";

export interface RatioWhiskerProps {
  readonly axis: RatioAxis;
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly bandLow: number;
  readonly bandHigh: number;
  readonly tone: Tone;
  readonly certain: boolean;
}

export function RatioWhisker({ axis, ratio, low, high, bandLow, bandHigh, tone, certain }: RatioWhiskerProps) {
  return (
    <span className={classes.whisker} aria-hidden="true" data-tone={tone} data-certain={certain}>
      {axis.ticks.map((tick) => (
        <span
          key={tick}
          className={tick === 1 ? classes.even : classes.tick}
          style={{ left: percent(axis.at(tick)) }}
        />
      ))}
      <span className={classes.band} style={between(axis, bandLow, bandHigh)} />
      {low !== null && high !== null && <span className={classes.line} style={between(axis, low, high)} />}
      {ratio !== null && (
        <span
          className={classes.dot}
          data-beyond={axis.beyond(ratio) || undefined}
          style={{ left: percent(axis.at(ratio)) }}
        />
      )}
    </span>
  );
}

/** The axis' own row: its ticks in words. */
export function RatioTicks({ axis }: { readonly axis: RatioAxis }) {
  return (
    <span className={classes.ticks} aria-hidden="true">
      {axis.ticks.map((tick) => (
        <span key={tick} className={classes.tickText} style={{ left: percent(axis.at(tick)) }}>
          {tick >= 1 ? Number(tick.toFixed(2)) : tick >= 0.1 ? Number(tick.toFixed(2)) : tick.toFixed(3)}
        </span>
      ))}
    </span>
  );
}

function between(axis: RatioAxis, from: number, to: number): CSSProperties {
  const left = axis.at(from);
  return { left: percent(left), width: percent(axis.at(to) - left) };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}
