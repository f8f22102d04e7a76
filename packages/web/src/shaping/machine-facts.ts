/**
 * Everything a record says of its machine, in groups, and everything that it doesn't, with the reason; and what to do for
 * quieter numbers, from the checks of the grade.
 */
import {
  type ForeignRecord,
  formatBytes,
  formatCount,
  formatNumber,
  formatShare,
  type Grade,
  isOwn,
  type RunRecord,
} from "@volumark/measure";

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly source: string | null;
}

export interface MissingFact {
  readonly name: string;
  readonly reason: string;
}

export interface FactGroup {
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly missing: readonly MissingFact[];
}

export interface Advice {
  readonly code: string;
  readonly evidence: string;
  readonly action: string;
}

/** Checks that speak of the machine rather than of the run. */
const OF_THE_MACHINE = new Set([
  "stability",
  "canary",
  "steal",
  "contention",
  "throttle",
  "timer",
  "clock",
  "power",
  "noise",
]);

export function machineFacts(record: RunRecord | ForeignRecord): FactGroup[] {
  const groups: FactGroup[] = [];
  const info = record.benchmark_data.system_info as Record<string, unknown> | undefined;
  const summary = Object.entries(info ?? {}).map(([name, facts]) => plainGroup(name, facts));
  if (!isOwn(record)) {
    if (summary.length > 0) return summary;
    const reason = "another program wrote this record, and it does not describe its machine";
    return [{ name: "machine", facts: [], missing: [{ name: "machine", reason }] }];
  }
  const { environment, sensors } = record.run;
  const names = new Set([...summary.map(({ name }) => name), ...Object.keys(environment)]);
  for (const name of names) {
    const stated = summary.find((group) => group.name === name);
    const found = environment[name] ? environmentGroup(name, environment[name]) : null;
    const missing = [...(stated?.missing ?? []), ...(found?.missing ?? [])];
    // What nothing was seen of has no zeros to show.
    const absent = found?.missing.some((fact) => fact.name === name) ?? false;
    const better = new Set(found?.facts.map((fact) => fact.name));
    const rest = absent ? [] : (stated?.facts ?? []).filter((fact) => !better.has(fact.name));
    groups.push({ name, facts: [...rest, ...(found?.facts ?? [])], missing });
  }
  groups.push({
    name: "sensors",
    facts: sensors
      .filter(({ available, v }) => available && v.length > 0)
      .map(({ name, unit, v, source, periodMs }) => ({
        name,
        value: rangeText(v, unit),
        source: `${source}, every ${formatCount(periodMs)} ms, n = ${formatCount(v.length)}`,
      })),
    missing: sensors
      .filter(({ available, v }) => !available || v.length === 0)
      .map(({ name, reason }) => ({ name, reason: reason ?? "it gave no sample" })),
  });
  return groups;
}

/**
 * What to do for quieter numbers: the machine's checks that fail or can't be answered, the heaviest first. Several that ask
 * for the same are one.
 */
export function machineAdvice(grade: Grade | null): Advice[] {
  const advice: Advice[] = (grade?.checks ?? [])
    .filter(({ code, state }) => state !== "holds" && OF_THE_MACHINE.has(code))
    .toSorted((a, b) => (a.cap < b.cap ? 1 : a.cap > b.cap ? -1 : 0))
    .map(({ code, evidence, action }) => ({ code, evidence, action }));
  return advice.filter((one, i) => advice.findIndex(({ action }) => action === one.action) === i);
}

const BYTES = new Set(["total", "used", "available"]);

function plainGroup(name: string, facts: unknown): FactGroup {
  const entries = typeof facts === "object" && facts !== null ? Object.entries(facts) : [[name, facts] as const];
  const found: Fact[] = [];
  const missing: MissingFact[] = [];
  for (const [key, value] of entries) {
    if (value === null) missing.push({ name: key, reason: "not known" });
    else if (typeof value === "number") found.push({ name: key, value: numberText(name, key, value), source: null });
    else found.push({ name: key, value: textOf(value), source: null });
  }
  return { name, facts: found, missing };
}

function numberText(group: string, key: string, value: number): string {
  if (group === "memory" && BYTES.has(key)) return formatBytes(value);
  if (key === "percent" || key === "utilization") return formatShare(value / 100);
  if (key === "frequency") return value > 0 ? `${formatCount(value)} MHz` : "not given";
  if (group === "gpu" && key.startsWith("memory_")) return `${formatCount(value)} MiB`;
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

function environmentGroup(name: string, group: Readonly<Record<string, unknown>>): FactGroup {
  const facts: Fact[] = [];
  const missing: MissingFact[] = [];
  if (group.available === false) missing.push({ name, reason: reasonOf(group) });
  for (const [key, entry] of Object.entries(group)) {
    if (typeof entry !== "object" || entry === null || !("available" in entry)) continue;
    const { available, value, unit, source } = entry as Record<string, unknown>;
    if (available === false) missing.push({ name: key, reason: reasonOf(entry as Record<string, unknown>) });
    else {
      const text = typeof value === "number" ? valueText(value, typeof unit === "string" ? unit : "1") : textOf(value);
      facts.push({ name: key, value: text, source: typeof source === "string" ? source : null });
    }
  }
  return { name, facts, missing };
}

function reasonOf({ reason }: Readonly<Record<string, unknown>>): string {
  return typeof reason === "string" ? reason : "no reason was recorded";
}

/** A value of a sensor with its unit. */
export function valueText(value: number, unit: string): string {
  if (unit === "bytes") return formatBytes(value);
  if (unit === "%") return formatShare(value / 100);
  if (unit === "1") return formatNumber(value);
  return `${formatNumber(value)} ${unit}`;
}

function rangeText(values: readonly number[], unit: string): string {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low === high ? valueText(low, unit) : `${valueText(low, unit)} to ${valueText(high, unit)}`;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return JSON.stringify(value) ?? "not known";
}
