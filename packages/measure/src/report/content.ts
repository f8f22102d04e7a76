/**
 * What the final report says, before it is laid out: the same sections, in the same order, for terminal and Markdown.
 *
 * Guaranteed: every section is there, and says in a few words why it has nothing where it has nothing.
 */
import { compareRuns } from "../compare/compare.ts";
import { passesOf } from "../record/passes.ts";
import type { RunRecord, SensorSeries } from "../record/schema.ts";
import { sum } from "../statistics/mean.ts";
import { quantileOfSorted, sorted } from "../statistics/quantile.ts";
import { sparkline } from "../text/chart.ts";
import { formatBytes, formatCount, formatCounted, formatDuration, formatNumber, formatShare } from "../text/number.ts";
import { answer } from "./answer.ts";
import { type Cause, causeOf, causeOverPasses, FAR, NOTABLE, outliersOf, workedNs } from "./cause.ts";
import { type GradeCheck, gradeRun } from "./grade.ts";
import { stability, warmUp } from "./pass-sections.ts";
import { passesStory } from "./passes.ts";
import { stages } from "./stage-section.ts";
import type { Line, Section, Story } from "./story.ts";
import { type TypicalColumns, typicalColumns } from "./typical.ts";

export interface ContentOptions {
  /** Columns for the body of a section. */
  readonly width: number;
  readonly unicode: boolean;
  /** A run to compare with: a column of the stage table and the end of the first sentence. */
  readonly baseline?: RunRecord;
}

const WORST_FRAMES = 3;
/** Of the comparison with a baseline: fewer than `compareRuns` takes by itself, so that a report costs little. */
const BASELINE_RESAMPLES = 500;
/** Digits of a hash that are shown; the record has all. */
const HASH_DIGITS = 16;
const MIB = 2 ** 20;

export function reportContent(record: RunRecord, { width, unicode, baseline }: ContentOptions): Section[] {
  const style = { unicode };
  const story = storyOf(record, unicode, baseline);
  return [
    answer(story),
    grade(record, style),
    rightness(record, unicode),
    stages(story, width),
    shape(story, width),
    warmUp(story, width),
    machine(record, unicode, style),
    energy(record),
    stability(story),
    warnings(record),
    again(record, unicode),
  ];
}

/** The first section alone. Cost: of the passes' interval, once for a record. */
export function reportAnswer(record: RunRecord, baseline?: RunRecord): Section {
  return answer(storyOf(record, true, baseline));
}

function storyOf(record: RunRecord, unicode: boolean, baseline: RunRecord | undefined): Story {
  return {
    record,
    passes: passesStory(record),
    typical: typicalColumns(record),
    comparison: baseline ? compareRuns(baseline, record, { resamples: BASELINE_RESAMPLES }) : null,
    style: { unicode },
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
  for (const { codes, state, cap, evidence, action } of alike([...weightiestFirst, ...unknown])) {
    const code = codes.join(", ");
    const limit = cap === "D" ? "D" : `at best ${cap}`;
    lines.push({
      text: `${code} ${state === "fails" ? "fails" : "not known"}, ${limit}: ${evidence} ${arrow} ${action}`,
      spare: cap === "D" ? 0 : 1,
    });
  }
  if (held.length > 0) lines.push({ text: `hold: ${held.map(({ code }) => code).join(", ")}`, mark: "dim", spare: 3 });
  return { title: "Grade", lines };
}

/** Checks that say the same, together. */
function alike(checks: readonly GradeCheck[]): (GradeCheck & { readonly codes: string[] })[] {
  const found: (GradeCheck & { readonly codes: string[] })[] = [];
  for (const check of checks) {
    const same = found.find(
      ({ state, evidence, action }) => state === check.state && evidence === check.evidence && action === check.action,
    );
    if (same) same.codes.push(check.code);
    else found.push({ ...check, codes: [check.code] });
  }
  return found;
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

function shape({ record, typical, style }: Story, width: number): Section {
  const { frame, startNs } = typical.columns;
  const worked = workedNs(typical.columns);
  const many = typical.passes > 1;
  if (worked.length === 0) return { title: "Frames", lines: [{ text: "no frame was finished", mark: "dim" }] };
  const each = many ? `, each the median of ${formatCounted(typical.passes, "pass")}` : "";
  if (worked.length === 1) {
    const text = `one frame, ${formatDuration(worked[0]!, style)}, waiting left out: nothing to compare it with`;
    return { title: "Frames", lines: [{ text, spare: 3 }] };
  }
  const order = sorted(worked);
  const middle = quantileOfSorted(order, 0.5);
  const span = `${formatDuration(order[0]!, style)} to ${formatDuration(order[order.length - 1]!, style)}, waiting left out${each}`;
  const lines: Line[] = [
    { text: sparkline(worked, Math.min(width, 100), style), mark: "accent", whole: true, spare: 2 },
    { text: span, mark: "dim", spare: 3 },
  ];
  const worst = Array.from(worked, (ns, i) => ({ ns, i })).sort((a, b) => b.ns - a.ns || startNs[a.i]! - startNs[b.i]!);
  for (const { ns, i } of worst.slice(0, WORST_FRAMES)) {
    if (ns < middle * NOTABLE) break;
    const { cause, evidence } = many ? causeOverPasses(record, typical, i, style) : causeOf(record, i, style);
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
  if (many) lines.push(outliers(record, typical, style));
  return { title: "Frames", lines };
}

/** What befell single passes: every frame that took far longer than the same frame of the other passes, by cause. */
function outliers(record: RunRecord, typical: TypicalColumns, style: { unicode: boolean }): Line {
  const found = outliersOf(record, typical);
  const of = `${formatCounted(typical.passes * typical.columns.frame.length, "frame")} of the steady passes`;
  const than = `${FAR} ${style.unicode ? "×" : "x"} its own median`;
  if (found.length === 0) return { text: `none of the ${of} took longer than ${than}`, mark: "dim", spare: 4 };
  const causes = new Map<Cause, number>();
  for (const { cause } of found) causes.set(cause, (causes.get(cause) ?? 0) + 1);
  const list = [...causes].sort((a, b) => b[1] - a[1]).map(([cause, count]) => `${cause} ${formatCount(count)}`);
  return { text: `${formatCount(found.length)} of ${of} took longer than ${than}: ${list.join(", ")}`, spare: 3 };
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

function energy(record: RunRecord): Section {
  const { run, frame_count } = record;
  const made = frame_count * Math.max(1, passesOf(record).length);
  const zones = run.sensors.filter(({ name }) => name === "energy" || name.startsWith("energy."));
  const read = zones.filter(({ available, v }) => available && v.length > 1);
  if (read.length === 0) {
    const reason = zones.find(({ reason }) => reason !== undefined)?.reason ?? "no energy counter was read";
    return { title: "Energy", lines: [{ text: `not available: ${reason}`, mark: "dim", spare: 5 }] };
  }
  const parts = read.map((zone: SensorSeries) => {
    const joules = zone.v[zone.v.length - 1]! - zone.v[0]!;
    const each = made > 0 ? `, ${formatNumber(joules / made)} J a frame` : "";
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
