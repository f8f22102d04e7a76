/**
 * A run as one long table, RFC 4180: a line for each number, for spreadsheets, R and pandas.
 *
 * Columns, always these eight and in this order; a column that does not apply is empty:
 * - `run_id`    of the run; empty in a record of another program.
 * - `pass`      from 1, warm-up included.
 * - `frame`     from 0.
 * - `lane`      from 0.
 * - `time_ns`   since the start of the run: the start of a frame, pass or event, the time of a sample.
 * - `quantity`  what was measured; a dot stands between a group and its member.
 * - `unit`      of `value`: `ns`, `s`, `bytes`, `px`, `1` for pure numbers, `bool` (0 or 1), or the sensor's own.
 * - `value`     a decimal number, with all its digits, a point, and no grouping.
 *
 * Quantities: of a frame `wall`, `field`, `surface`, `picture`, `convert`, `encode`, `wait`, `instruments`, `unaccounted` and
 * its work (`bricks`, `samples`, …; the same in every pass, so `pass` is empty); of a pass `pass.total`, `pass.canary`,
 * `pass.warm_up`; of a moment `sensor.…` and `event.…` (its duration); of the run `metric.…`, `overhead.…`, `derived.…`.
 * Text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break) has an apostrophe before it,
 * as https://owasp.org/www-community/attacks/CSV_Injection has it. What is null in the record has no line. Seconds of another program's frames stay seconds.
 * Source: https://www.rfc-editor.org/rfc/rfc4180 (lines end in CRLF, the first one names the columns).
 */
import type { ForeignRecord, RunRecord } from "../record/schema.ts";
import { isOwn, PARTS, viewOf } from "./view.ts";

const COLUMNS = ["run_id", "pass", "frame", "lane", "time_ns", "quantity", "unit", "value"] as const;

const COUNT_UNITS = {
  bricks: "1",
  samples: "1",
  activeCells: "1",
  vertices: "1",
  triangles: "1",
  shadedPixels: "px",
  gifBytes: "bytes",
} as const;

const METRIC_UNITS: Readonly<Record<string, string>> = { frame_count: "1", effective_fps: "1/s" };

const FOREIGN_COLUMNS = {
  individual_frame_times: "wall",
  field_generation_times: "field",
  marching_cubes_times: "surface",
  rendering_times: "picture",
} as const;

/** Where a number belongs; what does not apply is left out. */
interface Place {
  readonly pass?: number;
  readonly frame?: number | undefined;
  readonly lane?: number | null | undefined;
  readonly timeNs?: number | null | undefined;
}

/** The whole table as one text. A frame of a pass takes about 9 lines of 60 to 90 characters. */
export function longCsv(record: RunRecord | ForeignRecord): string {
  return [...longCsvPieces(record)].join("");
}

/** The same text in pieces of whole lines, to be written one after the other. */
export function* longCsvPieces(record: RunRecord | ForeignRecord): Generator<string> {
  yield `${COLUMNS.join(",")}\r\n`;
  const id = cell(isOwn(record) ? record.run.id : "");
  const line = (quantity: string, unit: string, value: number, { pass, frame, lane, timeNs }: Place = {}) =>
    `${id},${pass ?? ""},${frame ?? ""},${lane ?? ""},${timeNs ?? ""},${cell(quantity)},${cell(unit)},${value}\r\n`;

  for (const [name, value] of Object.entries(record.benchmark_data.performance_metrics))
    if (typeof value === "number") yield line(`metric.${name}`, METRIC_UNITS[name] ?? "s", value);
  yield line("metric.file_size", "bytes", record.file_size_bytes);
  if (!isOwn(record)) {
    for (const [key, quantity] of Object.entries(FOREIGN_COLUMNS)) {
      const values = record.benchmark_data[key as keyof typeof FOREIGN_COLUMNS];
      for (let i = 0; i < values.length; i++) yield line(quantity, "s", values[i]!, { pass: 1, frame: i });
    }
    return;
  }

  const { run } = record;
  for (const [name, value] of Object.entries(run.overheads))
    if (typeof value === "number") yield line(`overhead.${name.replace(/Ns$/, "")}`, "ns", value);
  for (const [name, value] of Object.entries(run.instruments)) {
    if (typeof value !== "number") continue;
    yield line(`instruments.${name.replace(/Ns$/, "")}`, name.endsWith("Ns") ? "ns" : "1", value);
  }
  yield line("timer.resolution", "ns", run.timer.resolutionNs);
  yield line("timer.cost", "ns", run.timer.costNs);
  for (const [name, { value, unit }] of Object.entries(run.derived))
    if (value !== null) yield line(`derived.${name}`, unit, value);

  for (const [p, { startNs, totalNs, warmUp, canaryNs, ...columns }] of viewOf(record).passes.entries()) {
    const pass = p + 1;
    yield line("pass.total", "ns", totalNs, { pass, timeNs: startNs });
    if (canaryNs !== null) yield line("pass.canary", "ns", canaryNs, { pass });
    yield line("pass.warm_up", "bool", warmUp ? 1 : 0, { pass });
    for (let i = 0; i < columns.frame.length; i++) {
      const place = {
        pass,
        frame: columns.frame[i],
        lane: columns.lane?.[i],
        timeNs: columns.frameStartNs?.[i],
      };
      let lines = line("wall", "ns", columns.wallNs[i]!, place);
      for (const part of PARTS) {
        const ns = columns.parts[part]?.[i];
        if (ns !== undefined) lines += line(part, "ns", ns, place);
      }
      yield lines;
    }
  }
  for (const [i, frame] of run.frames.frame.entries()) {
    let lines = "";
    for (const [count, unit] of Object.entries(COUNT_UNITS)) {
      const value = run.counts[count as keyof typeof COUNT_UNITS][i];
      if (value !== undefined) lines += line(count, unit, value, { frame });
    }
    yield lines;
  }
  for (const { name, unit, tNs, v } of run.sensors)
    for (let i = 0; i < v.length; i++) yield line(`sensor.${name}`, unit, v[i]!, { timeNs: tNs[i] });
  for (const { kind, startNs, durationNs, lane } of run.events)
    yield line(`event.${kind}`, "ns", durationNs, { lane, timeNs: startNs });
}

/** A field as RFC 4180 takes it: quoted where it holds a comma, a quote or a line break, quotes doubled. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
