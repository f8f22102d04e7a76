/**
 * The map of the frames: a row for each stage and for what else is known of each frame, a column for each frame.
 *
 * Every row has its own scale, from nothing to the greatest value of the row, in eight steps of one colour. What the rows say
 * of a column is also given as text, for the page's script to show where somebody points.
 */
import type { RunRecord } from "../../record/schema.ts";
import { median, sorted } from "../../statistics/quantile.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, MISSING } from "../../text/number.ts";
import { PARTS, type PassView } from "../view.ts";
import { type Column, greatest, type PassStrips, type Typical } from "./columns.ts";
import { type Html, html } from "./html.ts";
import { boxes, plot } from "./plot.ts";

export interface FrameMap {
  readonly rows: Html;
  /** For each row the texts of its columns. */
  readonly texts: readonly (readonly string[])[];
}

interface Row {
  readonly name: string;
  /** Class of the colour. */
  readonly tone: string;
  /** One a column; NaN where nothing is known. */
  readonly values: readonly number[];
  readonly text: (value: number) => string;
  /** What stands at the right while no column is chosen; default the median of all frames. */
  readonly typical?: string;
  /** Present or not: there is no greatest value to name. */
  readonly marks?: true;
}

const LEVELS = 8;
/** More lanes share one row. */
const MOST_LANE_ROWS = 8;
const MOST_SENSOR_ROWS = 6;
/** Share of the greatest value; less cannot be seen in a row. */
const LEAST_CHANGE = 0.05;

/** `strips`: of many passes, one of which has a row of its own that the page's script can change. */
export function frameMap(
  typical: Typical,
  columns: readonly Column[],
  own: RunRecord | null,
  strips: PassStrips | null = null,
): FrameMap {
  const rows: Row[] = [
    {
      name: "frame",
      tone: "frame",
      values: greatest(columns, typical.wallNs),
      text: formatDuration,
      typical: formatDuration(median(typical.wallNs)),
    },
  ];
  if (strips) {
    const { values, passes, shown } = strips;
    rows.push({ name: `pass ${passes[shown]}`, tone: "single", values, text: formatDuration });
  }
  for (const part of PARTS) {
    const ns = typical.parts[part];
    // A clock that steps makes what is unaccounted for negative; its size is what matters here.
    const sizes = ns && (part === "unaccounted" ? ns.map(Math.abs) : ns);
    if (sizes)
      rows.push({
        name: part,
        tone: part,
        values: greatest(columns, sizes),
        text: formatDuration,
        typical: formatDuration(median(sizes)),
      });
  }
  rows.push(...laneRows(typical.pass, columns));
  if (own) rows.push(...eventRows(own, typical.pass, columns), ...sensorRows(own, typical.pass, columns));
  return {
    rows: html`${rows.map((row) => drawRow(row, columns.length))}`,
    texts: rows.map(({ values, text }) => values.map((value) => (Number.isNaN(value) ? MISSING : text(value)))),
  };
}

function drawRow({ name, tone, values, text, typical, marks }: Row, count: number): Html {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  const level = (c: number) => (most > 0 && values[c]! > 0 ? Math.ceil((values[c]! / most) * LEVELS) : 0);
  const shapes: Html[] = [];
  for (let step = 1; step <= LEVELS; step++) {
    const path = boxes(count, (c) => level(c) === step);
    if (path !== "") shapes.push(html`<path d="${path}" opacity="${step / LEVELS}"/>`);
  }
  const known = values.filter((value) => !Number.isNaN(value));
  const usual = typical ?? (known.length > 0 ? text(median(known)) : MISSING);
  const full = marks ? "" : text(most);
  return html`<div class="row ${tone}"><span class="name" title="${name}">${name}</span><span class="full">${full}</span><div class="plot">${plot(count, marks ? `${name}: ${usual}` : `${name}: median ${usual}, at most ${full}`, shapes)}</div><span class="value" data-usual="${usual}">${usual}</span></div>
`;
}

function laneRows({ lane }: PassView, columns: readonly Column[]): Row[] {
  if (!lane) return [];
  const lanes = [...new Set(lane)].sort((a, b) => a - b);
  if (lanes.length > MOST_LANE_ROWS) {
    const values = columns.map(({ slowest }) => lane[slowest]! + 1);
    return [
      {
        name: "lane",
        tone: "lane",
        values,
        text: (value) => `lane ${value - 1}`,
        typical: `${lanes.length} lanes`,
        marks: true,
      },
    ];
  }
  return lanes.map((one): Row => {
    let made = 0;
    for (const other of lane) if (other === one) made++;
    return {
      name: `lane ${one}`,
      tone: "lane",
      values: columns.map(({ from, to }) => {
        let here = 0;
        for (let i = from; i < to; i++) if (lane[i] === one) here++;
        return here / (to - from);
      }),
      text: (share) => (share === 1 ? "here" : share === 0 ? MISSING : `${Math.round(share * 100)} %`),
      typical: `${formatCount(made)} of ${formatCount(lane.length)}`,
      marks: true,
    };
  });
}

/** A row for each kind of event: how much of it fell into each frame of the pass. */
function eventRows({ run }: RunRecord, { frameStartNs, wallNs, lane }: PassView, columns: readonly Column[]): Row[] {
  if (!frameStartNs) return [];
  return [...new Set(run.events.map(({ kind }) => kind))].sort().map((kind): Row => {
    const events = run.events.filter((event) => event.kind === kind);
    const within = frameStartNs.map((start, i) => {
      let ns = 0;
      for (const event of events) {
        if (event.lane !== null && event.lane !== lane?.[i]) continue;
        const end = Math.min(start + wallNs[i]!, event.startNs + event.durationNs);
        ns += Math.max(0, end - Math.max(start, event.startNs));
      }
      return ns;
    });
    const struck = within.filter((ns) => ns > 0).length;
    return {
      name: kind,
      tone: "event",
      values: greatest(columns, within),
      text: (ns) => (ns > 0 ? formatDuration(ns) : MISSING),
      typical: struck === 1 ? "1 frame" : `${formatCount(struck)} frames`,
    };
  });
}

/**
 * A row for each sensor that changed during the frames, amounts of memory last: one sample stands for the time since the
 * sample before.
 */
function sensorRows({ run }: RunRecord, { frameStartNs, wallNs }: PassView, columns: readonly Column[]): Row[] {
  if (!frameStartNs) return [];
  const rows: Row[] = [];
  const telling = run.sensors.filter(({ unit }) => unit !== "bytes");
  const memory = run.sensors.filter(({ unit }) => unit === "bytes");
  for (const { name, unit, available, tNs, v } of [...telling, ...memory]) {
    if (!available || rows.length === MOST_SENSOR_ROWS) continue;
    const values = columns.map(({ from, to }) => {
      let most = Number.NaN;
      for (let i = from; i < to; i++) {
        const first = firstAtOrAfter(tNs, frameStartNs[i]!);
        const last = firstAtOrAfter(tNs, frameStartNs[i]! + wallNs[i]!);
        for (let s = first; s <= last && s < v.length; s++) if (!(v[s]! <= most)) most = v[s]!;
      }
      return most;
    });
    const known = sorted(values.filter((value) => !Number.isNaN(value)));
    const [low = 0, high = 0] = [known[0], known[known.length - 1]];
    if (high - low <= Math.abs(high) * LEAST_CHANGE) continue;
    rows.push({ name, tone: "sensor", values, text: (value) => sensorText(value, unit) });
  }
  return rows;
}

/** A value of a sensor with its unit. */
export function sensorText(value: number, unit: string): string {
  if (unit === "bytes") return formatBytes(value);
  return unit === "1" ? formatNumber(value) : `${formatNumber(value)} ${unit.replace("% of one processor", "%")}`;
}

function firstAtOrAfter(ascending: readonly number[], ns: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
