/** The frames that stand out, the worst first, each with its cause. */
import { formatCount, formatDuration, formatNumber } from "@volumark/measure";
import type { MarkedFrame } from "../shaping/analysis.ts";
import classes from "./benchmarks.module.css";
import { MEANINGS, SIGNS } from "./causes.ts";

export interface MarkedListProps {
  readonly marked: readonly MarkedFrame[];
  /** How many stand out in all. */
  readonly all: number;
  readonly pinned: number | null;
  readonly onPin: (frame: number) => void;
}

const MOST_LISTED = 12;

export function MarkedList({ marked, all, pinned, onPin }: MarkedListProps) {
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
    </section>
  );
}
