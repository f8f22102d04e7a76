/** The charts below the map of the frames: stages over frames, passes, sensors over time. */
import type { RunEvent, RunRecord, SensorSeries } from "../../record/schema.ts";
import type { MedianInterval } from "../../statistics/bootstrap.ts";
import { median, quantileOfSorted, sorted } from "../../statistics/quantile.ts";
import { formatCount, formatDuration, formatShare } from "../../text/number.ts";
import { PARTS, type PassView, type RecordView } from "../view.ts";
import { averages, type Column, type Typical } from "./columns.ts";
import { sensorText } from "./frames.ts";
import { type Html, html } from "./html.ts";
import { plot, roundUp, scale, short, steppedArea } from "./plot.ts";

/** Points of a line; more are drawn as the least and the greatest of their neighbours. */
const MOST_POINTS = 240;
/** Columns higher than this times the 0.9-quantile are cut off, so that one slow start does not flatten all others. */
const FAR = 3;
/** So few samples are dots. */
const FEW = 12;

/** Times of the parts stacked upon one another, over the frames. */
export function stageChart(typical: Typical, columns: readonly Column[]): Html {
  const parts = PARTS.flatMap((part) => {
    const ns = typical.parts[part];
    return ns ? [{ part, ns: averages(columns, ns).map((value) => Math.max(0, value)) }] : [];
  });
  const heights: number[][] = [];
  let total = columns.map(() => 0);
  for (const { ns } of parts) {
    total = total.map((below, c) => below + ns[c]!);
    heights.push(total);
  }
  const order = sorted(total);
  const most = order[order.length - 1]!;
  const top = roundUp(Math.min(most, FAR * quantileOfSorted(order, 0.9)));
  const beyond = total.filter((height) => height > top).length;
  // From the highest to the lowest: each is painted over what reaches above it.
  const shapes = parts
    .map(({ part }, p) => html`<path class="${part}" d="${steppedArea(heights[p]!, top)}"/>`)
    .reverse();
  const count = typical.frame.length;
  const of =
    count > columns.length ? `mean of ${perColumn(count, columns.length)} frames a column` : "a column a frame";
  const cut = beyond > 0 ? `; ${beyond} cut off at the top, the highest ${formatDuration(most)}` : "";
  const passes = typical.passes > 1 ? `, median of ${typical.passes} passes` : "";
  return html`<figure>
<figcaption><b>Time of a frame by stage</b> <span>${unitOf(top)}, n = ${formatCount(count)} frames, ${of}${passes}; lower is better${cut}</span></figcaption>
<div class="chart tall">${scale([formatDuration(top), formatDuration(top / 2), "0"])}<div class="plot frames">${plot(columns.length, `Stacked times of the stages over ${count} frames, at most ${formatDuration(most)}`, shapes)}</div></div>
<div class="axis">${frameLabels(typical.frame)}</div>
<ul class="legend">${parts.map(({ part }) => html`<li class="${part}">${part}</li>`)}</ul>
</figure>`;
}

/** First, middle and last frame, to stand under a plot. */
export function frameLabels(frame: readonly number[]): Html {
  const last = frame.length - 1;
  const middle = last > 3 ? html`<span>${frame[Math.round(last / 2)]}</span>` : null;
  return html`<span>frame ${frame[0]}</span>${middle}${last > 0 ? html`<span>${frame[last]}</span>` : null}`;
}

/** How long each pass took, the warm-up and the interval of the median marked; nothing where there was one. */
export function passChart({ passes }: RecordView, interval: MedianInterval | null = null): Html | null {
  if (passes.length < 2) return null;
  const steady = passes.filter(({ warmUp }) => !warmUp).map(({ totalNs }) => totalNs);
  const totals = passes.map(({ totalNs }) => totalNs);
  const { low, high } = range(totals);
  const room = (high - low || high || 1) * 0.08;
  const bottom = Math.max(0, low - room);
  const y = (ns: number) => short((1 - (ns - bottom) / (high + room - bottom)) * 100);
  const dots = (wanted: (pass: PassView) => boolean) => dotPath(passes, wanted, y);
  const middle = steady.length > 0 ? median(steady) : null;
  const warm = passes.length - steady.length;
  const line = middle === null ? null : html`<path class="median" d="M${warm} ${y(middle)}H${passes.length}"/>`;
  const band =
    interval === null || interval.low === null || interval.high === null
      ? null
      : html`<path class="band" d="M${warm} ${y(interval.high)}H${passes.length}V${y(interval.low)}H${warm}z"/>`;
  const what = `${passes.length} passes from ${formatDuration(low)} to ${formatDuration(high)}, ${warm} of them warm-up`;
  return html`<figure>
<figcaption><b>Passes</b> <span>${unitOf(high)} for the whole animation, n = ${formatCount(passes.length)}; lower is better${bottom > 0 && "; the scale does not begin at 0"}</span></figcaption>
<div class="chart">${scale([formatDuration(high + room), formatDuration(bottom)])}<div class="plot">${plot(
    passes.length,
    what,
    [
      ...(band ? [band] : []),
      ...(line ? [line] : []),
      html`<path class="dots warm" d="${dots(({ warmUp }) => warmUp)}"/>`,
      html`<path class="dots hole" d="${dots(({ warmUp }) => warmUp)}"/>`,
      html`<path class="dots" d="${dots(({ warmUp }) => !warmUp)}"/>`,
    ],
  )}</div></div>
<div class="axis"><span>pass 1</span><span>${passes.length}</span></div>
<ul class="legend"><li class="steady">steady state, n = ${formatCount(steady.length)}${middle === null ? null : `, median ${formatDuration(middle)} (line)${band && interval ? `, its ${formatShare(interval.level)} interval ${formatDuration(interval.low)} to ${formatDuration(interval.high)} (band)` : ""}`}</li>${warm > 0 ? html`<li class="warm">warm-up, n = ${formatCount(warm)}: kept, not counted</li>` : null}</ul>
</figure>`;
}

/** A dot a pass; where there are more than can be told apart, a line from the least to the greatest of some. */
function dotPath(passes: readonly PassView[], wanted: (pass: PassView) => boolean, y: (ns: number) => string): string {
  const group = Math.ceil(passes.length / MOST_POINTS);
  let path = "";
  for (let from = 0; from < passes.length; from += group) {
    const here = passes.slice(from, from + group).filter(wanted);
    if (here.length === 0) continue;
    const { low, high } = range(here.map(({ totalNs }) => totalNs));
    path += `M${short(from + Math.min(group, passes.length - from) / 2)} ${y(high)}V${y(low)}${high === low ? "h.01" : ""}`;
  }
  return path;
}

/** What the sensors saw, one line each on the same axis of time, with what was not available and why. */
export function sensorCharts({ run }: RunRecord): Html {
  const seen = run.sensors.filter(({ available, v }) => available && v.length > 0);
  const unseen = run.sensors.filter(({ available, v }) => !available || v.length === 0);
  const end = (of: readonly number[], add: readonly number[]) => of.map((ns, i) => ns + add[i]!);
  const moments = [
    ...run.frames.startNs,
    ...end(run.frames.startNs, run.frames.wallNs),
    ...(run.passes ?? []).flatMap(({ startNs, totalNs }) => [startNs, startNs + totalNs]),
    ...seen.flatMap(({ tNs }) => [tNs[0]!, tNs[tNs.length - 1]!]),
  ];
  const { low, high } = range(moments.length > 0 ? moments : [0]);
  const span = high - low || 1;
  const x = (ns: number) => ((ns - low) / span) * 1000;
  const kinds = [...new Set(run.events.map(({ kind }) => kind))].sort();
  return html`${
    seen.length + kinds.length === 0
      ? html`<p class="dim">No sensor was read.</p>`
      : html`<div class="sensors">
${seen.map((sensor) => sensorRow(sensor, x))}${kinds.map((kind) => eventRow(kind, run.events, x))}<div class="axis"><span>${formatDuration(low)} after the start</span><span>${formatDuration(high)}</span></div>
</div>`
  }
${
  unseen.length > 0 &&
  html`<details><summary>Not available: ${formatCount(unseen.length)}</summary><dl>${unseen.map(
    ({ name, reason }) => html`<dt>${name}</dt><dd>${reason ?? "it gave no sample"}</dd>`,
  )}</dl></details>`
}`;
}

function sensorRow({ name, unit, source, periodMs, tNs, v }: SensorSeries, x: (ns: number) => number): Html {
  const { low, high } = range(v);
  const bottom = Math.min(0, low);
  const top = high > bottom ? high : bottom + 1;
  const y = (value: number) => short(86 - ((value - bottom) / (top - bottom)) * 72);
  const group = Math.ceil(v.length / (MOST_POINTS / 2));
  let path = "";
  for (let from = 0; from < v.length; from += group) {
    const to = Math.min(from + group, v.length);
    const { low: least, high: most } = range(v.slice(from, to));
    path += `${path === "" ? "M" : "L"}${short(x(tNs[from]!))} ${y(most)}${most > least ? `V${y(least)}` : ""}`;
  }
  const dots = v.length > FEW ? "" : v.map((value, i) => `M${short(x(tNs[i]!))} ${y(value)}h.01`).join("");
  const values = low === high ? sensorText(low, unit) : `${sensorText(low, unit)} – ${sensorText(high, unit)}`;
  const about = `${source}, n = ${formatCount(v.length)}, every ${formatDuration(periodMs * 1e6)}`;
  return html`<div class="row sensor" title="${about}"><span class="name">${name}</span><div class="plot">${plot(1000, `${name}: ${values}; ${about}`, [html`<path class="line" d="${path}"/>`, html`<path class="dots samples" d="${dots}"/>`])}</div><span class="value">${values}<small>n = ${formatCount(v.length)}</small></span></div>
`;
}

function eventRow(kind: string, events: readonly RunEvent[], x: (ns: number) => number): Html {
  const here = events.filter((event) => event.kind === kind);
  const cells = new Set(here.map(({ startNs }) => Math.round(x(startNs))));
  const path = [...cells]
    .sort((a, b) => a - b)
    .map((at) => `M${at} 10v80`)
    .join("");
  let ns = 0;
  for (const { durationNs } of here) ns += durationNs;
  return html`<div class="row event"><span class="name">${kind}</span><div class="plot">${plot(1000, `${kind}: ${here.length} events, ${formatDuration(ns)} together`, [html`<path class="line" d="${path}"/>`])}</div><span class="value">${formatDuration(ns)}<small>n = ${formatCount(here.length)}</small></span></div>
`;
}

function range(values: readonly number[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function unitOf(ns: number): string {
  return formatDuration(ns).replace(/^[\d\s.]+/, "");
}

export function perColumn(frames: number, columns: number): string {
  const least = Math.floor(frames / columns);
  const most = Math.ceil(frames / columns);
  return least === most ? `${least}` : `${least} to ${most}`;
}
