/** What two runs differ in besides their times: machine, program, settings. */
import type { RunRecord } from "../record/schema.ts";

export interface Difference {
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

const UNKNOWN = "not known";

/** Machine, runtime, program and how it was run; equal ones are left out. */
export function machineDifferences(a: RunRecord, b: RunRecord): Difference[] {
  return differing(machineOf(a), machineOf(b));
}

/** Settings by name, nested ones by path; equal ones are left out. */
export function settingsDifferences(a: RunRecord, b: RunRecord): Difference[] {
  return differing(flattened(a.run.settings), flattened(b.run.settings));
}

function machineOf({ run, benchmark_data }: RunRecord): Map<string, string> {
  const { cpu, memory, gpu, platform } = benchmark_data.system_info;
  const facts = new Map<string, string>([
    ["processor", cpu.name],
    ["architecture", cpu.architecture],
    ["cores", String(cpu.cores)],
    ["threads", String(cpu.threads)],
    ["memory, bytes", String(memory.total)],
    ["GPU", gpu.name],
    ["system", `${platform.system} ${platform.version}`],
    ["runtime", `${platform.runtime} ${platform.runtime_version}`],
    ["version", run.volumark.version],
    ["commit", run.volumark.commit ?? UNKNOWN],
    ["lanes", String(run.lanes)],
    ["backend", run.backend],
    ["clock", run.timer.name],
  ]);
  // Names and states only: amounts such as free memory differ between any two runs.
  for (const [group, data] of Object.entries(run.environment)) {
    for (const [name, datum] of Object.entries(data)) {
      if (typeof datum !== "object" || datum === null || !("value" in datum)) continue;
      if (typeof datum.value === "string" || typeof datum.value === "boolean")
        facts.set(`${group}.${name}`, String(datum.value));
    }
  }
  return facts;
}

function flattened(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, entry] of Object.entries(value)) flattened(entry, path === "" ? key : `${path}.${key}`, into);
  } else into.set(path, JSON.stringify(value) ?? UNKNOWN);
  return into;
}

function differing(a: Map<string, string>, b: Map<string, string>): Difference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names
    .map((name) => ({ name, a: a.get(name) ?? UNKNOWN, b: b.get(name) ?? UNKNOWN }))
    .filter((entry) => entry.a !== entry.b);
}
