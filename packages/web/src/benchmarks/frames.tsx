/**
 * What every frame cost: a map of stages over frames, lanes of work and machine under it, the picture of the frame beside it.
 * Pointing scrubs, a click pins, arrow keys step; the player and this view show the same frame.
 */
import { NativeSelect, SegmentedControl } from "@mantine/core";
import { formatCount, formatCounted, formatDuration, formatNumber } from "@volumark/measure";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { ChartCanvas, type ChartPoint, type Surface } from "../charts/chart-canvas.tsx";
import charts from "../charts/charts.module.css";
import {
  AXIS_HEIGHT,
  columnAt,
  drawFrames,
  drawFramesOver,
  framesHeight,
  LANE_HEIGHT,
  MARKS_HEIGHT,
  PAUSE,
  ROW_HEIGHT,
} from "../charts/draw-frames.ts";
import { Figure } from "../charts/figure.tsx";
import { HeatLegend } from "../charts/heat-legend.tsx";
import { Swatch } from "../charts/swatch.tsx";
import type { MarkedFrame } from "../shaping/analysis.ts";
import { greatestRows } from "../shaping/columns.ts";
import { type FrameTable, frameTable, knownView, type PassChoice, rowOf } from "../shaping/frame-table.ts";
import type { HeatMode } from "../shaping/heat.ts";
import { type FrameLane, frameLanes } from "../shaping/lanes.ts";
import classes from "./benchmarks.module.css";
import { FrameCard } from "./frame-card.tsx";
import { type FrameDrawingInput, frameDrawing } from "./frame-drawing.ts";
import { FramePicture } from "./frame-picture.tsx";
import { MarkedList } from "./marked-list.tsx";
import { laneText, nsOf } from "./quantities.ts";
import type { TabProps } from "./tab-props.ts";

export function Frames(props: TabProps) {
  const { run } = props;
  const [pass, setPass] = useState<PassChoice>("typical");
  const table = useMemo(() => frameTable(run.record, pass), [run.record, pass]);
  if (!table) return <p className="quiet">No frame was finished: {knownView(run.record).missing.join(" ")}</p>;
  return <FramesOf {...props} table={table} pass={pass} onPass={setPass} />;
}

interface FramesOfProps extends TabProps {
  readonly table: FrameTable;
  readonly pass: PassChoice;
  readonly onPass: (pass: PassChoice) => void;
}

/** Fewer frames than this are not zoomed into. */
const LEAST_SHOWN = 8;

function FramesOf({ run, analysis, table, pass, onPass, frame, onFrame, onHover, playhead }: FramesOfProps) {
  const count = table.frame.length;
  const [mode, setMode] = useState<HeatMode>("relative");
  const [range, setRange] = useState<readonly [number, number]>([0, count]);
  const [hovered, setHovered] = useState<number | null>(null);
  const [width, setWidth] = useState(0);
  /** Where the player was before the pointer came. */
  const before = useRef<number | null>(null);
  const lanes = useMemo(() => frameLanes(run.record, table), [run.record, table]);
  const marked = useMemo(() => marksOf(analysis?.marked ?? [], pass), [analysis, pass]);
  const [first, end] = range[1] <= count ? range : [0, count];
  const input = useMemo(
    (): FrameDrawingInput => ({ table, lanes, marked, mode, first, end, width }),
    [table, lanes, marked, mode, first, end, width],
  );
  const drawing = useMemo(() => frameDrawing(input), [input]);
  const slowest = useMemo(() => greatestRows(drawing.map.columns, table.wallNs), [drawing, table]);
  const [card, setCard] = useCard(frame, hovered !== null);
  const pinned = card === null ? null : nullIfNone(rowOf(table, card));
  const shown = hovered ?? pinned;

  const summary = useMemo(() => summaryOf(table, marked), [table, marked]);
  const numbers = useMemo(() => dataTable(table, lanes), [table, lanes]);
  const draw = useCallback((surface: Surface) => drawFrames(surface, drawing), [drawing]);
  const over = useCallback(
    (surface: Surface) =>
      drawFramesOver(surface, drawing, {
        hovered,
        pinned,
        playing: playhead ? nullIfNone(rowOf(table, playhead.frame())) : null,
      }),
    [drawing, hovered, pinned, playhead, table],
  );
  const rowAt = ({ x, width: wide }: ChartPoint) => slowest[columnAt(drawing.map, wide, x)] ?? 0;
  const pin = (row: number | null) => {
    const number = row === null ? null : table.frame[row]!;
    before.current = number;
    setCard(number);
    onFrame(number);
  };
  const zoom = (factor: number, around: number) => setRange(zoomed([first, end], count, factor, around));
  const hover = (row: number | null) => {
    if (row !== null && hovered === null) before.current = card ?? playhead?.frame() ?? null;
    setHovered(row);
    onHover?.(row === null ? null : table.frame[row]!);
    // A look leaves the player where it was.
    if (row === null && before.current !== null) playhead?.set(before.current);
  };
  const steps = stepsOf(count);
  const middle = shown ?? Math.floor((first + end) / 2);

  const next = (by: 1 | -1) => {
    const rows = marked.map(({ frame: number }) => rowOf(table, number)).filter((row) => row >= 0);
    const from = pinned ?? (by > 0 ? -1 : count);
    const ahead = rows.filter((row) => (by > 0 ? row > from : row < from)).sort((a, b) => by * (a - b));
    if (ahead.length > 0) pin(ahead[0]!);
  };
  useKeys("Frames", [
    { key: "n", label: "Next frame that stands out", run: () => next(1) },
    { key: "p", label: "The one before", run: () => next(-1) },
    {
      key: "m",
      label: "Colours: relative or absolute",
      run: () => setMode(mode === "relative" ? "absolute" : "relative"),
    },
  ]);

  const names = [...drawing.map.rows.map(({ name }) => name)];
  const many = knownView(run.record).passes.length;
  const about = `${mode === "relative" ? "colour: time beside the stage's own median" : "colour: time, one scale for all stages"}, n = ${formatCount(count)} frames${
    table.passes > 1 ? `, each the median of ${table.passes} steady passes` : ""
  }${drawing.map.columns.count < end - first ? `; a column is the furthest of ${formatCount(Math.ceil((end - first) / drawing.map.columns.count))} frames` : ""}`;
  return (
    <div className={classes.frames}>
      <div className={classes.mapCell}>
        <Figure
          title="Stages over frames"
          about={about}
          lowerIsBetter
          summary={summary}
          table={numbers}
          controls={
            <>
              {many > 1 && (
                <NativeSelect
                  size="xs"
                  aria-label="Pass"
                  value={String(pass)}
                  onChange={({ currentTarget }) =>
                    onPass(currentTarget.value === "typical" ? "typical" : Number(currentTarget.value))
                  }
                  data={passOptions(run.record)}
                />
              )}
              <SegmentedControl
                size="xs"
                aria-label="Colours"
                value={mode}
                onChange={(next) => setMode(next as HeatMode)}
                data={[
                  { value: "relative", label: "Relative" },
                  { value: "absolute", label: "Absolute" },
                ]}
              />
              {count > LEAST_SHOWN && (
                <span className={classes.buttons}>
                  <button
                    type="button"
                    className={charts.button}
                    aria-label="Show fewer frames"
                    onClick={() => zoom(2, middle)}
                  >
                    +
                  </button>
                  <button
                    type="button"
                    className={charts.button}
                    aria-label="Show more frames"
                    onClick={() => zoom(0.5, middle)}
                  >
                    −
                  </button>
                  <button
                    type="button"
                    className={charts.button}
                    disabled={first === 0 && end === count}
                    onClick={() => setRange([0, count])}
                  >
                    All
                  </button>
                </span>
              )}
            </>
          }
        >
          <HeatLegend map={drawing.map} />
          <div className={classes.map}>
            <div
              className={classes.names}
              style={{ paddingTop: MARKS_HEIGHT, paddingBottom: AXIS_HEIGHT }}
              aria-hidden="true"
            >
              {names.map((name) => (
                <div key={name} style={{ height: ROW_HEIGHT }} className={classes.name}>
                  {name !== "frame" && <Swatch part={name} />}
                  <span>{name}</span>
                </div>
              ))}
              <div style={{ height: PAUSE }} />
              {lanes.map(({ name, label }) => (
                <div key={name} style={{ height: LANE_HEIGHT }} className={classes.name}>
                  <span>{label}</span>
                </div>
              ))}
            </div>
            <div className={classes.plot}>
              <ChartCanvas
                height={framesHeight(names.length, lanes.length)}
                label="Map of the frames. Arrow keys step through them, Page Up and Down by many, Escape lets go, plus and minus zoom"
                draw={draw}
                over={over}
                watch={playhead?.subscribe}
                onWidth={setWidth}
                slider={{
                  least: table.frame[0]!,
                  most: table.frame[count - 1]!,
                  now: table.frame[shown ?? 0]!,
                  text: shown === null ? "no frame is chosen" : frameWords(table, shown, marked),
                }}
                onPoint={(point) => hover(point ? rowAt(point) : null)}
                onPick={(point) => {
                  const row = rowAt(point);
                  pin(row === pinned ? null : row);
                }}
                onZoom={(factor, point) => zoom(factor, rowAt(point))}
                onKey={({ key }) => {
                  const step = steps[key];
                  const from = pinned ?? (playhead ? nullIfNone(rowOf(table, playhead.frame())) : null);
                  if (step !== undefined) {
                    const next = Math.max(
                      0,
                      Math.min(count - 1, from === null ? (step > 0 ? first : end - 1) : from + step),
                    );
                    pin(next);
                    if (next < first || next >= end) setRange(zoomed([first, end], count, 1, next));
                  } else if (key === "+" || key === "=") zoom(2, middle);
                  else if (key === "-") zoom(0.5, middle);
                  else if (key === "0") setRange([0, count]);
                  else if (key === "Escape" && pinned !== null) pin(null);
                  else return false;
                  return true;
                }}
              />
              {lanes.map(({ name, label, values, most, note }, l) =>
                values && most !== 0 ? null : (
                  <span
                    key={name}
                    className={classes.reason}
                    title={note}
                    style={{
                      top: MARKS_HEIGHT + names.length * ROW_HEIGHT + PAUSE + l * LANE_HEIGHT,
                      height: LANE_HEIGHT - 6,
                    }}
                  >
                    <span>
                      <span className="visually-hidden">{label}: </span>
                      {values ? "none" : `not available: ${note}`}
                    </span>
                  </span>
                ),
              )}
            </div>
            <div className={classes.values} style={{ paddingTop: 0, paddingBottom: AXIS_HEIGHT }}>
              <div style={{ height: MARKS_HEIGHT }} className={classes.valuesHead}>
                {shown === null ? "median" : `frame ${formatCount(table.frame[shown]!)}`}
              </div>
              {drawing.map.rows.map(({ name, medianNs }) => (
                <div key={name} style={{ height: ROW_HEIGHT }}>
                  <span className="visually-hidden">{name} </span>
                  {formatDuration(shown === null ? medianNs : nsOf(table, name, shown))}
                </div>
              ))}
              <div style={{ height: PAUSE }} />
              {lanes.map((lane) => (
                <div key={lane.name} style={{ height: LANE_HEIGHT }} className={classes.laneValue}>
                  <span className="visually-hidden">{lane.label} </span>
                  <span>{laneText(lane, shown)}</span>
                  <small>{lane.values ? (lane.lowerIsBetter ? "↓" : "↑") : ""}</small>
                </div>
              ))}
            </div>
          </div>
          <p className={classes.note}>
            Point to look; click or press ← → to pin. ▼ above the map marks a frame that took far longer than usual.
          </p>
          <div className={classes.below}>
            <MarkedList
              marked={marked}
              all={pass === "typical" ? (analysis?.standOut ?? 0) : marked.length}
              single={pass === "typical" ? (analysis?.single ?? []) : []}
              pinned={card}
              onPin={(number) => pin(nullIfNone(rowOf(table, number)))}
            />
          </div>
        </Figure>
      </div>
      <div className={classes.look}>
        <FramePicture run={run} frame={shown === null ? null : table.frame[shown]!} playhead={playhead} />
      </div>
      <aside className={classes.side} aria-label="The pinned frame">
        <FrameCard
          run={run}
          table={table}
          lanes={lanes}
          row={pinned}
          marked={marked}
          typical={pass === "typical"}
          onClose={() => pin(null)}
        />
      </aside>
    </div>
  );
}

/**
 * The frame whose card is open: what the address named when this was opened, what was clicked since, and what the player went
 * to while a card was open. A frame that is only looked at is not pinned.
 */
function useCard(frame: number | null, looking: boolean) {
  const [card, setCard] = useState(frame);
  const now = useRef({ card, looking });
  now.current = { card, looking };
  useEffect(() => {
    if (frame !== null && now.current.card !== null && !now.current.looking) setCard(frame);
  }, [frame]);
  return [card, setCard] as const;
}

function marksOf(marked: readonly MarkedFrame[], pass: PassChoice): readonly MarkedFrame[] {
  return marked.filter((mark) => (pass === "typical" ? mark.pass === null : mark.pass === pass));
}

function nullIfNone(row: number): number | null {
  return row < 0 ? null : row;
}

function stepsOf(count: number): Readonly<Record<string, number>> {
  const page = Math.max(10, Math.round(count / 20));
  return { ArrowLeft: -1, ArrowRight: 1, PageUp: -page, PageDown: page, Home: -count, End: count };
}

/** A range that is `factor` times narrower, with `around` in it. */
function zoomed(
  [first, end]: readonly [number, number],
  count: number,
  factor: number,
  around: number,
): [number, number] {
  const wide = Math.max(Math.min(LEAST_SHOWN, count), Math.min(count, Math.round((end - first) / factor)));
  const share = end > first ? (around - first + 0.5) / (end - first) : 0.5;
  const inside = share >= 0 && share <= 1 ? share : 0.5;
  const from = Math.max(0, Math.min(count - wide, Math.round(around + 0.5 - inside * wide)));
  return [from, from + wide];
}

function frameWords(table: FrameTable, row: number, marked: readonly MarkedFrame[]): string {
  const number = table.frame[row]!;
  const mark = marked.find(({ frame }) => frame === number);
  const parts = table.parts.map(({ part, ns }) => `${part} ${formatDuration(ns[row]!)}`).join(", ");
  return `frame ${number}: ${formatDuration(table.wallNs[row]!)}; ${parts}${mark ? `; outlier, ${mark.cause}` : ""}`;
}

function passOptions(record: TabProps["run"]["record"]) {
  const { passes } = knownView(record);
  const steady = passes.filter(({ warmUp }) => !warmUp).length;
  return [
    { value: "typical", label: `Median of ${formatCounted(steady, "steady pass")}` },
    ...passes.map(({ totalNs, warmUp }, p) => ({
      value: String(p),
      label: `Pass ${p + 1}, ${formatDuration(totalNs)}${warmUp ? ", warm-up" : ""}`,
    })),
  ];
}

function summaryOf(table: FrameTable, marked: readonly MarkedFrame[]): string {
  let slowest = 0;
  for (let i = 1; i < table.wallNs.length; i++) if (table.wallNs[i]! > table.wallNs[slowest]!) slowest = i;
  const out = marked
    .slice(0, 5)
    .map(({ frame, ns, usualNs, cause }) => `frame ${frame} ${formatNumber(ns / usualNs)} times the usual, ${cause}`);
  return `${formatCount(table.frame.length)} frames; the slowest is frame ${table.frame[slowest]} with ${formatDuration(table.wallNs[slowest]!)}. ${
    out.length > 0 ? `Outliers: ${out.join("; ")}.` : "No outliers."
  }`;
}

function dataTable(table: FrameTable, lanes: readonly FrameLane[]) {
  const known = lanes.filter(({ values }) => values);
  return {
    columns: ["frame", "wall", ...table.parts.map(({ part }) => part), ...known.map(({ label }) => label)],
    count: table.frame.length,
    row: (i: number) => [
      formatCount(table.frame[i]!),
      formatDuration(table.wallNs[i]!),
      ...table.parts.map(({ ns }) => formatDuration(ns[i]!)),
      ...known.map((lane) => laneText(lane, i)),
    ],
  };
}
