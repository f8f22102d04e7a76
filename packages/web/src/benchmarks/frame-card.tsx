/** The card of the frame that is pinned: what it took beside the usual, its work, and why it took longer. */
import { formatCount, formatDuration, formatNumber } from "@volumark/measure";
import charts from "../charts/charts.module.css";
import { Swatch } from "../charts/swatch.tsx";
import type { LoadedRun } from "../service/run-source.ts";
import type { MarkedFrame } from "../shaping/analysis.ts";
import type { FrameTable } from "../shaping/frame-table.ts";
import type { FrameLane } from "../shaping/lanes.ts";
import classes from "./benchmarks.module.css";
import { MEANINGS, SIGNS } from "./causes.ts";
import { changeText, laneText } from "./quantities.ts";
import { useCause } from "./use-analysis.ts";

export interface FrameCardProps {
  readonly run: LoadedRun;
  readonly table: FrameTable;
  readonly lanes: readonly FrameLane[];
  /** The row that is pinned; null: none is. */
  readonly row: number | null;
  readonly marked: readonly MarkedFrame[];
  /** Whether the frames are medians over passes, or of the only pass. */
  readonly typical: boolean;
  readonly onClose: () => void;
}

export function FrameCard({ run, table, lanes, row, marked, typical, onClose }: FrameCardProps) {
  const cause = useCause(run.record, typical ? row : null);
  const usualNs = table.workedMedianNs;
  if (row === null) return <p className="quiet">Click a column of the map, or press → in it, to pin its frame.</p>;
  const number = table.frame[row]!;
  const worked = table.workedNs[row]!;
  const mark = marked.find(({ frame }) => frame === number);
  const slow = worked >= usualNs * 1.1 || mark !== undefined;
  const label = mark ?? (slow ? cause.value : null);
  return (
    <section className={classes.card} aria-label={`Frame ${number}, pinned`}>
      <header className={classes.cardHead}>
        <h3>Frame {formatCount(number)}</h3>
        <button type="button" className={charts.button} onClick={onClose} title="Escape">
          Let go
        </button>
      </header>
      <p className={classes.big}>{formatDuration(table.wallNs[row]!)}</p>
      <p className={classes.note}>
        {table.wallNs[row] === worked ? "" : `${formatDuration(worked)} without waiting, `}
        {formatNumber(worked / usualNs)} × the median frame
      </p>
      {label ? (
        <p className={classes.cause}>
          <b>
            <span aria-hidden="true">{SIGNS[label.cause]}</span> {label.cause}
          </b>{" "}
          {label.evidence ?? MEANINGS[label.cause]}
        </p>
      ) : (
        <p className="quiet">{slow ? "Looking for the cause …" : "Within a tenth of the median frame, or quicker."}</p>
      )}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">stage</th>
            <th scope="col">time ↓</th>
            <th scope="col">to median</th>
          </tr>
        </thead>
        <tbody>
          {table.parts.map(({ part, ns, medianNs }) => (
            <tr key={part}>
              <th scope="row">
                <Swatch part={part} /> {part}
              </th>
              <td>{formatDuration(ns[row]!)}</td>
              <td>{changeText(ns[row]!, medianNs)}</td>
            </tr>
          ))}
          {lanes
            .filter(({ values }) => values)
            .map((lane) => (
              <tr key={lane.name}>
                <th scope="row">{lane.label}</th>
                <td>{laneText(lane, row)}</td>
                <td />
              </tr>
            ))}
          {table.lane && (
            <tr>
              <th scope="row">made on</th>
              <td>lane {formatCount(table.lane[row]!)}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      <p className={classes.note}>
        {table.passes > 1 ? `Times: median of n = ${table.passes} passes` : "Times: n = 1 pass"}; lanes and sensors of
        pass {table.shown + 1}; medians over n = {formatCount(table.frame.length)} frames.
      </p>
    </section>
  );
}
