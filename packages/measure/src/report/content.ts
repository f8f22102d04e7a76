/**
 * What the final report says, before it is laid out: the same sections, in the same order, for terminal and Markdown.
 *
 * Guaranteed: every section is there, and says in a few words why it has nothing where it has nothing.
 */
import type { RunRecord, SensorSeries } from "../record/schema.ts";
import { sum } from "../statistics/mean.ts";
import { quantileOfSorted, sorted } from "../statistics/quantile.ts";
import { bar, sparkline } from "../text/chart.ts";
import type { TableColumn } from "../text/layout.ts";
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  formatShare,
  MISSING,
} from "../text/number.ts";
import { causeOf, NOTABLE, workedNs } from "./cause.ts";
import { gradeRun, instrumentNs } from "./grade.ts";

export type Mark = "strong" | "good" | "bad" | "warn" | "dim" | "accent";

export interface Line {
  readonly text: string;
  readonly mark?: Mark;
  /** Not to be broken: a chart. */
  readonly whole?: boolean;
  /** A command or a hash, in Markdown set as code. */
  readonly code?: boolean;
  /** Where lines must go, those with the highest number go first; 0 (default) never goes. */
  readonly spare?: number;
}

/** A column of the stage table; where it does not fit, those with the highest `spare` go first. */
export interface StageColumn extends TableColumn {
  readonly spare?: number;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly table?: {
    readonly columns: readonly StageColumn[];
    readonly rows: readonly (readonly string[])[];
    readonly marks: readonly (Mark | undefined)[];
  };
  readonly after?: readonly Line[];
}

export interface ContentOptions {
  /** Columns for the body of a section. */
  readonly width: number;
  readonly unicode: boolean;
}

interface StageRow {
  readonly name: string;
  readonly ns: readonly number[];
  /** Work in the same order, and what one is called. */
  readonly work?: readonly number[];
  readonly unit?: string;
}

const WORST_FRAMES = 3;
/** Digits of a hash that are shown; the record has all. */
const HASH_DIGITS = 16;
const MIB = 2 ** 20;

export function reportContent(record: RunRecord, { width, unicode }: ContentOptions): Section[] {
  const style = { unicode };
  const worked = workedNs(record);
  return [
    answer(record, unicode),
    grade(record, style),
    rightness(record, unicode),
    stages(record, width, style),
    shape(record, worked, width, style),
    warmUp(record, worked, style),
    machine(record, unicode, style),
    energy(record),
    {
      title: "Stability",
      lines: [{ text: "one pass: nothing to compare with; no canary was run between passes", mark: "dim", spare: 6 }],
    },
    warnings(record),
    again(record, unicode),
  ];
}

function answer(record: RunRecord, unicode: boolean): Section {
  const { performance_metrics: metrics, simulation_settings: asked } = record.benchmark_data;
  const style = { unicode };
  const times = unicode ? "×" : "x";
  const [width, height] = record.resolution;
  const frames = formatCounted(record.frame_count, "frame");
  const dimension = `dimension ${formatCount(asked.dimension)}`;
  const of = `${formatCount(record.frame_count)} of ${formatCounted(asked.num_frames, "frame")}`;
  const isAre = asked.num_frames === 1 ? "is" : "are";
  if (record.error !== undefined) {
    return { title: "Failed", lines: [{ text: `${record.error} (${of} ${isAre} in the GIF)`, mark: "bad" }] };
  }
  const { stopped } = record.run;
  if (stopped) {
    const lines: Line[] = [
      { text: `${of} ${isAre} finished and kept; ${stopped.reason} stopped the run.`, mark: "warn" },
    ];
    if (record.frame_count > 0) {
      lines.push({
        text:
          `${width}${times}${height} at ${dimension}, ${formatDuration(metrics.total_time * 1e9, style)} on ` +
          `${formatCounted(record.run.lanes, "lane")}, ${formatBytes(record.file_size_bytes)} of GIF.`,
      });
    }
    return { title: "Stopped", lines };
  }
  if (record.frame_count === 0) return { title: "Answer", lines: [{ text: "no frame was made", mark: "bad" }] };
  const slowest = stageRows(record)
    .map(({ name, ns }) => ({ name, total: sum(ns) }))
    .sort((a, b) => b.total - a.total)[0]!;
  const share = slowest.total / sum(record.run.frames.wallNs);
  return {
    title: "Answer",
    lines: [
      {
        text:
          `${frames} ${width}${times}${height} at ${dimension} in ${formatDuration(metrics.total_time * 1e9, style)} on ` +
          `${formatCounted(record.run.lanes, "lane")} (${formatNumber(metrics.effective_fps)} frames/s; one pass, no interval), ` +
          `${formatBytes(record.file_size_bytes)} of GIF. Slowest stage: ${slowest.name}, ${formatShare(share)}.`,
        mark: "strong",
      },
    ],
  };
}

function grade(record: RunRecord, style: { unicode: boolean }): Section {
  const { letter, limited, checks } = gradeRun(record, style);
  const arrow = style.unicode ? "→" : "->";
  const of = (state: string) => checks.filter((check) => check.state === state);
  const [held, failed, unknown] = [of("holds"), of("fails"), of("unknown")];
  const parts = [`${held.length} of ${checks.length} checks hold`];
  if (failed.length > 0) parts.push(`${failed.length} ${failed.length === 1 ? "fails" : "fail"}`);
  if (unknown.length > 0) parts.push(`${unknown.length} not known`);
  const lines: Line[] = [
    {
      text: `${letter}${limited ? ", a limited run" : ""}: ${parts.join(", ")}`,
      mark: letter === "A" || letter === "B" ? "good" : letter === "C" ? "warn" : "bad",
    },
  ];
  const weightiestFirst = failed.toSorted((a, b) => (a.cap < b.cap ? 1 : a.cap > b.cap ? -1 : 0));
  for (const { code, state, cap, evidence, action } of [...weightiestFirst, ...unknown]) {
    const limit = cap === "D" ? "D" : `at best ${cap}`;
    lines.push({
      text: `${code} ${state === "fails" ? "fails" : "not known"}, ${limit}: ${evidence} ${arrow} ${action}`,
      spare: cap === "D" ? 0 : 1,
    });
  }
  if (held.length > 0) lines.push({ text: `hold: ${held.map(({ code }) => code).join(", ")}`, mark: "dim", spare: 3 });
  return { title: "Grade", lines };
}

function rightness({ run, benchmark_data, frame_count, file_size_bytes }: RunRecord, unicode: boolean): Section {
  const asked = benchmark_data.simulation_settings.num_frames;
  const complete = frame_count >= asked || run.stopped !== undefined;
  const gif = frame_count > 0 ? `GIF ${hashText(run.outputHash, unicode)}` : "no GIF";
  const lines: Line[] = [
    {
      text: `${formatCount(frame_count)} of ${formatCounted(asked, "frame")}, ${formatBytes(file_size_bytes)}; ${gif}`,
      ...(complete ? {} : { mark: "bad" as const }),
    },
  ];
  // Whether the frames are all there stands in the first line.
  const checks = run.checks.filter(({ name }) => name !== "frames");
  const list = (passed: boolean | null) =>
    checks
      .filter((check) => check.passed === passed)
      .map(({ name, evidence }) => `${name} (${evidence})`)
      .join("; ");
  const [wrong, right, unknown] = [list(false), list(true), list(null)];
  if (wrong !== "") lines.push({ text: `WRONG: ${wrong}`, mark: "bad" });
  if (right !== "") lines.push({ text: right, mark: "good", spare: 2 });
  if (unknown !== "") lines.push({ text: `not checked: ${unknown}`, mark: "dim", spare: 3 });
  if (checks.length === 0)
    lines.push({ text: "not checked: mesh closed and oriented, GIF decoded and compared", mark: "dim", spare: 3 });
  return { title: "Result", lines };
}

function stageRows({ run, resolution }: RunRecord): StageRow[] {
  const { frames, counts } = run;
  const allPixels = frames.frame.map(() => resolution[0] * resolution[1]);
  return [
    { name: "field", ns: frames.fieldNs, work: counts.samples, unit: "sample" },
    { name: "surface", ns: frames.surfaceNs, work: counts.activeCells, unit: "cell" },
    { name: "picture", ns: frames.pictureNs, work: counts.shadedPixels, unit: "shaded px" },
    { name: "convert", ns: frames.convertNs, work: allPixels, unit: "px" },
    { name: "encode", ns: frames.encodeNs, work: counts.gifBytes, unit: "GIF byte" },
  ];
}

function stages(record: RunRecord, width: number, style: { unicode: boolean }): Section {
  const { frames } = record.run;
  if (frames.frame.length === 0) return { title: "Stages", lines: [{ text: "no frame was finished", mark: "dim" }] };
  const wall = sum(frames.wallNs);
  const withBar = width >= 100;
  const rows: string[][] = [];
  const marks: (Mark | undefined)[] = [];
  const add = ({ name, ns, work, unit }: StageRow, mark?: Mark) => {
    const order = sorted(ns);
    const total = sum(ns);
    const units = work ? sum(work) : 0;
    const worst = ns.indexOf(order[order.length - 1]!);
    rows.push([
      name,
      formatDuration(quantileOfSorted(order, 0.5), style),
      formatShare(total / wall),
      formatDuration(quantileOfSorted(order, 0.95), style),
      formatDuration(ns[worst]!, style),
      formatCount(frames.frame[worst]!),
      unit ? (units > 0 ? `${formatNumber(total / units)} ns/${unit}` : MISSING) : "",
      ...(withBar ? [bar(total / wall, 20, style)] : []),
    ]);
    marks.push(mark);
  };
  for (const row of stageRows(record)) add(row);
  add({ name: "wait", ns: frames.waitNs }, "dim");
  add({ name: "instruments", ns: frames.instrumentsNs }, "dim");
  add({ name: "unaccounted", ns: frames.unaccountedNs }, "dim");
  add({ name: "frame", ns: frames.wallNs }, "strong");
  const columns: StageColumn[] = [
    { title: "stage" },
    { title: "median", align: "right" },
    { title: "share", align: "right" },
    { title: "p95", align: "right", spare: 3 },
    { title: "worst", align: "right", spare: 1 },
    { title: "frame", align: "right", spare: 2 },
    { title: "per unit of work", spare: 4 },
    ...(withBar ? [{ title: "share of all frames", spare: 5 }] : []),
  ];
  return { title: "Stages", lines: [], table: { columns, rows, marks }, after: [instruments(record, style)] };
}

function instruments(record: RunRecord, style: { unicode: boolean }): Line {
  const { run, benchmark_data } = record;
  const cost = instrumentNs(record);
  const total = benchmark_data.performance_metrics.total_time * 1e9;
  const counted = run.instruments.timerCalls > 0 || run.instruments.samples > 0;
  const text = counted
    ? `instruments is the hash of each frame; reading clock and sensors took ${formatDuration(cost, style)} more, ` +
      `${formatShare(total > 0 ? cost / total : Number.NaN)} of the run ` +
      `(${formatCounted(run.instruments.timerCalls, "clock reading")}, ${formatCounted(run.instruments.samples, "sample")})`
    : "instruments is the hash of each frame; what reading clock and sensors cost was not recorded";
  return { text, mark: "dim", spare: 4 };
}

function shape(record: RunRecord, worked: Float64Array, width: number, style: { unicode: boolean }): Section {
  const { frame, startNs } = record.run.frames;
  if (worked.length === 0) return { title: "Frames", lines: [{ text: "no frame was finished", mark: "dim" }] };
  if (worked.length === 1) {
    const text = `one frame, ${formatDuration(worked[0]!, style)}, waiting left out: nothing to compare it with`;
    return { title: "Frames", lines: [{ text, spare: 3 }] };
  }
  const order = sorted(worked);
  const middle = quantileOfSorted(order, 0.5);
  const span = `${formatDuration(order[0]!, style)} to ${formatDuration(order[order.length - 1]!, style)}, waiting left out`;
  const lines: Line[] = [
    { text: sparkline(worked, Math.min(width, 100), style), mark: "accent", whole: true, spare: 2 },
    { text: span, mark: "dim", spare: 3 },
  ];
  const worst = Array.from(worked, (ns, i) => ({ ns, i })).sort((a, b) => b.ns - a.ns || startNs[a.i]! - startNs[b.i]!);
  for (const { ns, i } of worst.slice(0, WORST_FRAMES)) {
    if (ns < middle * NOTABLE) break;
    const { cause, evidence } = causeOf(record, i, worked, style);
    lines.push({
      spare: 2,
      text: `frame ${formatCount(frame[i]!)}: ${formatDuration(ns, style)}, ${formatNumber(ns / middle)} ${style.unicode ? "×" : "x"} the median; ${cause}: ${evidence}`,
    });
  }
  const notable = worst.filter(({ ns }) => ns >= middle * NOTABLE).length;
  if (notable < WORST_FRAMES && worst.length > notable) {
    const within = formatShare(worst[notable]!.ns / middle - 1);
    lines.push({
      text: `${notable > 0 ? "all others" : "all frames"} take at most ${within} longer than the median`,
      mark: "dim",
      spare: 3,
    });
  }
  return { title: "Frames", lines };
}

function warmUp({ run }: RunRecord, worked: Float64Array, style: { unicode: boolean }): Section {
  const { startUpNs, compileNs, paletteNs, finishNs } = run.overheads;
  const parts: string[] = [];
  const say = (what: string, ns: number | null | undefined) => {
    parts.push(`${what} ${typeof ns === "number" ? formatDuration(ns, style) : "not measured"}`);
  };
  let first = -1;
  for (let i = 0; i < worked.length; i++)
    if (first < 0 || run.frames.startNs[i]! < run.frames.startNs[first]!) first = i;
  say("start-up", startUpNs);
  say("compile", compileNs);
  say("palette", paletteNs);
  say("first frame", first < 0 ? null : worked[first]!);
  if (first >= 0 && typeof startUpNs === "number") say("nothing to first frame", startUpNs + worked[first]!);
  say("finish", finishNs);
  return { title: "Warm-up", lines: [{ text: `${parts.join("; ")}. Steady state: needs more passes.`, spare: 4 }] };
}

function machine({ run, benchmark_data }: RunRecord, unicode: boolean, style: { unicode: boolean }): Section {
  const { cpu, memory, gpu, platform } = benchmark_data.system_info;
  const { environment, sensors, events } = run;
  const frequency = cpu.frequency > 0 ? `${formatCount(cpu.frequency)} MHz (stated)` : "clock not known";
  const system = [
    datum(environment, "system", "distribution") ?? `${platform.system}`,
    `${platform.runtime} ${platform.runtime_version}`,
  ];
  const virtual = datum(environment, "system", "virtualMachine");
  const container = datum(environment, "system", "container");
  if (virtual && virtual !== "none") system.push(`virtual machine (${virtual})`);
  if (container && container !== "none") system.push(`container (${container})`);
  const lines: Line[] = [
    {
      spare: 3,
      text: `${cpu.name}, ${formatCounted(cpu.cores, "core")}, ${formatCounted(cpu.threads, "thread")}, ${frequency}, ${cpu.architecture}; ${formatBytes(memory.total)} of memory`,
    },
    { text: system.join("; "), spare: 5 },
    gpu.name === "Unknown"
      ? { text: `GPU: none seen${reasonOf(environment, "gpu")}`, mark: "dim", spare: 5 }
      : { text: `GPU: ${gpu.name}, ${formatBytes(gpu.memory_total * MIB)}`, spare: 5 },
  ];
  const seen: string[] = [`CPU ${formatShare(cpu.utilization / 100)} busy`];
  const add = (name: string, say: (values: readonly number[]) => string) => {
    const sensor = sensors.find((candidate) => candidate.name === name);
    if (sensor?.available && sensor.v.length > 0) seen.push(say(sensor.v));
  };
  add("cpu.steal", (v) => `steal up to ${formatShare(largest(v) / 100)}`);
  add("pressure.cpu.some", (v) => `CPU pressure up to ${formatShare(largest(v) / 100)}`);
  add("cgroup.throttled", (v) => `throttled up to ${formatShare(largest(v) / 100)}`);
  add("process.rssPeak", (v) => `peak memory ${formatBytes(largest(v))}`);
  add(
    "cpu.frequency",
    (v) => `clock ${formatCount(-largest(v.map((value) => -value)))} to ${formatCount(largest(v))} MHz`,
  );
  const hottest = largest(
    sensors.filter(({ name, available }) => available && name.startsWith("temperature")).flatMap(({ v }) => v),
  );
  if (Number.isFinite(hottest)) seen.push(`${formatNumber(hottest)} ${unicode ? "°C" : "C"} at most`);
  const collections = events.filter(({ kind }) => kind === "gc");
  const collected = formatDuration(sum(collections.map(({ durationNs }) => durationNs)), style);
  seen.push(
    collections.length > 0
      ? `${formatCounted(collections.length, "garbage collection")}, ${collected}`
      : "no garbage collection seen",
  );
  lines.push({ text: seen.join("; "), spare: 4 });
  return { title: "Machine", lines };
}

function energy({ run, frame_count }: RunRecord): Section {
  const zones = run.sensors.filter(({ name }) => name === "energy" || name.startsWith("energy."));
  const read = zones.filter(({ available, v }) => available && v.length > 1);
  if (read.length === 0) {
    const reason = zones.find(({ reason }) => reason !== undefined)?.reason ?? "no energy counter was read";
    return { title: "Energy", lines: [{ text: `not available: ${reason}`, mark: "dim", spare: 5 }] };
  }
  const parts = read.map((zone: SensorSeries) => {
    const joules = zone.v[zone.v.length - 1]! - zone.v[0]!;
    const each = frame_count > 0 ? `, ${formatNumber(joules / frame_count)} J a frame` : "";
    return `${formatNumber(joules)} J (${zone.name.replace(/^energy\./, "")}${each}; ${zone.source})`;
  });
  return { title: "Energy", lines: [{ text: parts.join("; "), spare: 5 }] };
}

function warnings({ run }: RunRecord): Section {
  if (run.warnings.length === 0) return { title: "Warnings", lines: [{ text: "none", mark: "dim" }] };
  const lines: Line[] = run.warnings.map(({ code, evidence, action }) => ({
    text: `${code}: ${sentence(evidence)} ${sentence(action)}`,
    mark: "warn",
  }));
  return { title: "Warnings", lines };
}

function again({ run }: RunRecord, unicode: boolean): Section {
  const { version, commit } = run.volumark;
  return {
    title: "Again",
    lines: [
      { text: run.command.length > 0 ? run.command.map(quoted).join(" ") : "no command was recorded", code: true },
      {
        text: `version ${version}${commit ? ` (${commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1")})` : ""}, ${run.backend}; settings ${hashText(run.settingsHash, unicode)}, scene ${hashText(run.sceneHash, unicode)}`,
        mark: "dim",
        spare: 3,
      },
    ],
  };
}

function datum(environment: RunRecord["run"]["environment"], group: string, name: string): string | null {
  const entry = environment[group]?.[name];
  if (typeof entry !== "object" || entry === null || !("value" in entry)) return null;
  return typeof entry.value === "string" ? entry.value : null;
}

function reasonOf(environment: RunRecord["run"]["environment"], group: string): string {
  const reason = environment[group]?.reason;
  return typeof reason === "string" ? ` (${reason})` : "";
}

/** The first digits, which tell two results apart. */
function hashText(hash: string | null, unicode: boolean): string {
  if (hash === null) return "without a hash";
  return hash.length > HASH_DIGITS ? `${hash.slice(0, HASH_DIGITS)}${unicode ? "…" : "..."}` : hash;
}

function largest(values: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > most) most = value;
  return most;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
