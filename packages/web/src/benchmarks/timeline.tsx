/** The run on a clock: what each lane did when, waiting for others included. Drag, wheel, fingers or keys move and zoom. */
import { formatCount, formatCounted, formatDuration } from "@volumark/measure";
import { useCallback, useMemo, useState } from "react";
import { ChartCanvas, type Surface } from "../charts/chart-canvas.tsx";
import charts from "../charts/charts.module.css";
import {
  drawSpanOver,
  drawSpans,
  SPAN_AXIS_HEIGHT,
  SPAN_ROW_HEIGHT,
  type SpanPoint,
  type SpanWindow,
  spanAt,
  spansHeight,
} from "../charts/draw-spans.ts";
import { Figure } from "../charts/figure.tsx";
import { Swatch } from "../charts/swatch.tsx";
import { knownView } from "../shaping/frame-table.ts";
import { SPAN_KINDS, type SpanTable, spanTable } from "../shaping/spans.ts";
import classes from "./benchmarks.module.css";
import type { TabProps } from "./tab-props.ts";

export function Timeline(props: TabProps) {
  const { record } = props.run;
  const table = useMemo(() => spanTable(record), [record]);
  if (!table) return <p className="quiet">No frame was finished: {knownView(record).missing.join(" ")}</p>;
  return <TimelineOf {...props} table={table} />;
}

/** ns; closer makes no sense for a clock of nanoseconds. */
const LEAST_NS = 2000;
const EDGE = 0.01;

function TimelineOf({ table, frame, onFrame }: TabProps & { readonly table: SpanTable }) {
  const all = useMemo((): SpanWindow => {
    const margin = (table.endNs - table.startNs || 1) * EDGE;
    return { from: table.startNs - margin, to: table.endNs + margin };
  }, [table]);
  const [window, setWindow] = useState(all);
  const [point, setPoint] = useState<SpanPoint | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const pinned = useMemo(() => (frame === null ? null : spansOfFrame(table, frame)), [table, frame]);
  const draw = useCallback((surface: Surface) => drawSpans(surface, table, window), [table, window]);
  const over = useCallback(
    (surface: Surface) => drawSpanOver(surface, table, window, point, cursor, pinned),
    [table, window, point, cursor, pinned],
  );
  const move = (next: SpanWindow) => setWindow(within(next, all));
  const shift = (share: number) =>
    setWindow((now) =>
      within({ from: now.from + share * (now.to - now.from), to: now.to + share * (now.to - now.from) }, all),
    );
  const zoom = (factor: number, share = 0.5) =>
    setWindow((now) => {
      const wide = Math.max(LEAST_NS, (now.to - now.from) / factor);
      const at = now.from + share * (now.to - now.from);
      return within({ from: at - share * wide, to: at + (1 - share) * wide }, all);
    });
  const numbers = useMemo(() => spanRows(table), [table]);
  const kinds = useMemo(() => kindsOf(table), [table]);
  return (
    <Figure
      title="Lanes over time"
      about={`${formatDuration(window.to - window.from)} of ${formatDuration(all.to - all.from)} shown, since the first span; n = ${formatCount(table.frames)} frames in ${formatCounted(table.passes, "pass")}`}
      summary={`${table.rows.length} rows: ${table.rows.map(({ label, start }) => `${label} with ${start.length} spans`).join(", ")}.`}
      table={numbers}
      controls={
        <span className={classes.buttons}>
          {pinned && (
            <button type="button" className={charts.button} onClick={() => move(around(pinned))}>
              Frame {frame}
            </button>
          )}
          <button type="button" className={charts.button} aria-label="Zoom in" onClick={() => zoom(2)}>
            +
          </button>
          <button type="button" className={charts.button} aria-label="Zoom out" onClick={() => zoom(0.5)}>
            −
          </button>
          <button type="button" className={charts.button} aria-label="Earlier" onClick={() => shift(-0.4)}>
            ◀
          </button>
          <button type="button" className={charts.button} aria-label="Later" onClick={() => shift(0.4)}>
            ▶
          </button>
          <button type="button" className={charts.button} onClick={() => setWindow(all)}>
            All
          </button>
        </span>
      }
    >
      <ul className={classes.kinds} aria-label="What the colours are">
        {kinds.map((kind) => (
          <li key={kind}>
            <Swatch part={kind} /> {kind === "wait" ? "wait (in the queue for another lane)" : kind}
          </li>
        ))}
      </ul>
      <div className={classes.timeline}>
        <div className={classes.names} style={{ paddingBottom: SPAN_AXIS_HEIGHT }} aria-hidden="true">
          {table.rows.map(({ label }) => (
            <div key={label} style={{ height: SPAN_ROW_HEIGHT }} className={classes.name}>
              <span>{label}</span>
            </div>
          ))}
        </div>
        <ChartCanvas
          height={spansHeight(table)}
          label="Lanes over time. Left and right move, plus and minus zoom, up and down zoom too, Home shows all, comma and full stop go from frame to frame"
          draw={draw}
          over={over}
          onPoint={(at) => {
            setCursor(at?.x ?? null);
            setPoint(at ? spanAt(table, window, at.x, at.y, at.width) : null);
          }}
          onPick={(at) => {
            const found = spanAt(table, window, at.x, at.y, at.width);
            const number = found ? table.rows[found.row]!.frame[found.index]! : -1;
            if (number >= 0) onFrame(number);
          }}
          onDrag={(dx, width) => shift(-dx / width)}
          onZoom={(factor, at) => zoom(factor, at.x / at.width)}
          onKey={({ key }) => {
            if (key === "ArrowLeft") shift(-0.15);
            else if (key === "ArrowRight") shift(0.15);
            else if (key === "PageUp") shift(-0.9);
            else if (key === "PageDown") shift(0.9);
            else if (key === "+" || key === "=" || key === "ArrowUp") zoom(1.5);
            else if (key === "-" || key === "ArrowDown") zoom(1 / 1.5);
            else if (key === "Home" || key === "0") setWindow(all);
            else if (key === "," || key === ".") {
              const next = Math.max(0, (frame ?? -1) + (key === "." ? 1 : -1));
              const spans = spansOfFrame(table, next);
              if (!spans) return false;
              onFrame(next);
              move(around(spans));
            } else return false;
            return true;
          }}
        />
      </div>
      <p className={classes.readout} aria-live="off">
        {point
          ? spanWords(table, point)
          : "Point at a span for its numbers; click pins its frame. Wheel zooms once the chart has the focus, or with Ctrl."}
      </p>
      {table.notes.map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
    </Figure>
  );
}

function within({ from, to }: SpanWindow, all: SpanWindow): SpanWindow {
  const wide = Math.min(to - from, all.to - all.from);
  const start = Math.max(all.from, Math.min(all.to - wide, from));
  return { from: start, to: start + wide };
}

function around({ from, to }: SpanWindow): SpanWindow {
  const margin = (to - from) / 2;
  return { from: from - margin, to: to + margin };
}

/** The first time that a frame was made. */
function spansOfFrame({ rows }: SpanTable, frame: number): SpanWindow | null {
  for (const { frame: numbers, start, end } of rows) {
    const first = numbers.indexOf(frame);
    if (first < 0) continue;
    let last = first;
    while (last + 1 < numbers.length && numbers[last + 1] === frame) last++;
    return { from: start[first]!, to: end[last]! };
  }
  return null;
}

function kindsOf({ rows }: SpanTable): string[] {
  const seen = new Set<number>();
  for (const { kind } of rows) for (const one of kind) seen.add(one);
  return SPAN_KINDS.filter((kind, k) => seen.has(k) && kind !== "pass");
}

function spanWords({ rows, startNs }: SpanTable, { row, index }: SpanPoint): string {
  const { label, start, end, kind, frame, pass } = rows[row]!;
  const name = SPAN_KINDS[kind[index]!]!;
  const parts = [label];
  if (pass[index]! >= 0) parts.push(`pass ${pass[index]! + 1}`);
  if (frame[index]! >= 0) parts.push(`frame ${frame[index]}`);
  if (name !== "pass") parts.push(name);
  return `${parts.join(" · ")}: ${formatDuration(end[index]! - start[index]!)}, from ${formatDuration(start[index]! - startNs)} on`;
}

function spanRows(table: SpanTable) {
  const { rows, startNs } = table;
  const first = rows.map(() => 0);
  let count = 0;
  for (const [r, { start }] of rows.entries()) {
    first[r] = count;
    count += start.length;
  }
  return {
    columns: ["lane", "pass", "frame", "what", "from", "time"],
    count,
    row: (i: number) => {
      let r = first.length - 1;
      while (first[r]! > i) r--;
      const { label, start, end, kind, frame, pass } = rows[r]!;
      const at = i - first[r]!;
      return [
        label,
        pass[at]! < 0 ? "–" : String(pass[at]! + 1),
        frame[at]! < 0 ? "–" : formatCount(frame[at]!),
        SPAN_KINDS[kind[at]!]!,
        formatDuration(start[at]! - startNs),
        formatDuration(end[at]! - start[at]!),
      ];
    },
  };
}
