/** The frames that stand out, the worst first, each with its cause. */
import { FAR, formatCount, formatDuration, formatNumber } from "@volumark/measure";
import type { Analysis, MarkedFrame } from "../shaping/analysis.ts";
import classes from "./benchmarks.module.css";
import { MEANINGS, SIGNS } from "./causes.ts";

export interface MarkedListProps {
  readonly marked: readonly MarkedFrame[];
  /** How many stand out in all. */
  readonly all: number;
  /** Those of single passes, by cause. */
  readonly single: Analysis["single"];
  readonly pinned: number | null;
  readonly onPin: (frame: number) => void;
}

const MOST_LISTED = 12;

export function MarkedList({ marked, all, single, pinned, onPin }: MarkedListProps) {
  return (
    <section className={classes.section}>
      <h3>
        Frames that stand out
        {marked.length > 0 ? `, n = ${formatCount(Math.max(all, marked.length))}, worst first` : ""}
      </h3>
      {marked.length === 0 ? (
        <p className="quiet">None took far longer than the others.</p>
      ) : (
        <ul className={classes.marked}>
          {marked.slice(0, MOST_LISTED).map(({ frame, ns, usualNs, cause, evidence }) => (
            <li key={frame} data-pinned={frame === pinned}>
              <span className={classes.mark} data-state="fails" aria-hidden="true">
                {SIGNS[cause]}
              </span>
              <div>
                <button type="button" className={classes.link} onClick={() => onPin(frame)}>
                  frame {formatCount(frame)}
                </button>{" "}
                {formatDuration(ns)}, {formatNumber(ns / usualNs)} × the usual
                <br />
                <b>{cause}</b> <span className="quiet">{evidence ?? MEANINGS[cause]}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
      {marked.length > MOST_LISTED && (
        <p className="quiet">{formatCount(marked.length - MOST_LISTED)} more are marked in the map</p>
      )}
      {single.length > 0 && (
        <p className={classes.note}>
          In one pass only, {formatCount(single.reduce((sum, [, count]) => sum + count, 0))} more took over {FAR} × the
          same frame of the others: {single.map(([cause, count]) => `${cause} ${formatCount(count)}`).join(", ")}.
          Choose a pass to see them.
        </p>
      )}
    </section>
  );
}
