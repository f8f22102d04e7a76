/** What `GET /api/system` says of the server's machine, in the groups of the machine's view, and what follows for quiet numbers. */
import { formatBytes, formatCount, formatDuration, formatNumber } from "@volumark/measure";
import type { Answer } from "volumark/api";
import type { Advice, Fact, FactGroup, MissingFact } from "./machine-facts.ts";

export type ServerSystem = Answer<"system">;

export function serverFacts(system: ServerSystem): FactGroup[] {
  const { version, commit, node, platform, cpu, cores, memoryBytes, freeMemoryBytes, freeDiskBytes } = system;
  const fact = (name: string, value: string | null, reason: string): Fact | MissingFact =>
    value === null ? { name, reason } : { name, value, source: null };
  const bytes = (value: number | null) => (value === null ? null : formatBytes(value));
  const { queue, limits, database, lanes, worker, uptimeMs, environment } = system;
  const groups = new Map<string, (Fact | MissingFact)[]>([
    [
      "machine",
      [
        fact("processor", cpu, "the system does not name it"),
        fact("processors", formatCount(cores), ""),
        fact("memory", bytes(memoryBytes), "the system does not say"),
        fact("free memory", bytes(freeMemoryBytes), "the system does not say"),
        fact("free on disk", bytes(freeDiskBytes), "the system does not say"),
        fact("platform", platform, ""),
      ],
    ],
    [
      "program",
      [
        fact("volumark", version, ""),
        fact("commit", commit?.slice(0, 12) ?? null, "not built from a checkout"),
        fact("runtime", `node ${node.replace(/^v/, "")}`, ""),
        fact("database", database, ""),
        fact("running for", formatDuration(uptimeMs * 1e6), ""),
        fact("worker", worker, "this server makes no runs itself: start one with volumark worker"),
        fact("lanes", lanes === null ? "as many as the machine has processors for" : formatCount(lanes), ""),
      ],
    ],
    ["queue", Object.entries(queue).map(([name, value]) => fact(name, formatCount(value), ""))],
    ["limits of a run", Object.entries(limits).map(([name, value]) => fact(name, limitText(name, value), ""))],
  ]);
  for (const { name, value, reason } of environment) {
    const dot = name.indexOf(".");
    const group = dot < 0 ? "environment" : name.slice(0, dot);
    const entry = fact(
      NAMES[name] ?? (dot < 0 ? name : name.slice(dot + 1)),
      wordsOf(value),
      reason ?? "no reason was given",
    );
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups].map(([name, all]) => ({
    name,
    facts: all.filter((one): one is Fact => "value" in one),
    missing: all.filter((one): one is MissingFact => "reason" in one),
  }));
}

/** Names that say nothing by themselves. */
const NAMES: Readonly<Record<string, string>> = { "cpu.load1": "load, mean of a minute" };

/** What a program writes, as a person reads it. */
function wordsOf(value: string | null): string | null {
  if (value === "true") return "yes";
  if (value === "false") return "no";
  const measured = /^(\d+\.\d{3,})( \D+)?$/.exec(value ?? "");
  return measured ? `${formatNumber(Number(measured[1]))}${measured[2] ?? ""}` : value;
}

function limitText(name: string, value: number): string {
  if (/bytes/i.test(name)) return formatBytes(value);
  return /Ms$/.test(name) ? formatDuration(value * 1e6) : formatCount(value);
}

/** What may disturb a run on this machine, from what was found out about it. */
export function serverAdvice({ environment, queue, cores, lanes }: ServerSystem): Advice[] {
  const found: Advice[] = [];
  const add = (code: string, evidence: string, action: string) => found.push({ code, evidence, action });
  const value = (part: string) => environment.find(({ name }) => name.endsWith(part))?.value ?? null;
  const governor = value("governor");
  if (governor !== null && governor !== "performance")
    add("governor", `The governor is ${governor}: the clock follows the load.`, "Set the governor to performance.");
  if (value("turbo") === "true" || value("turbo") === "on")
    add("turbo", "Turbo is on: the clock depends on the temperature.", "Turn turbo off for comparisons.");
  if (value("onBattery") === "true") add("power", "The machine runs on its battery.", "Plug it in.");
  const virtual = value("virtualMachine");
  if (virtual !== null && virtual !== "none")
    add(
      "virtual machine",
      `A virtual machine (${virtual}): others may take its time, and there is no clock, temperature or energy to watch.`,
      "Confirm small differences on a machine of its own.",
    );
  const load = Number.parseFloat(value("load1") ?? "");
  if (load > cores * 0.5 && queue.running === 0)
    add("load", `Load ${load} on ${cores} processors without a run.`, "Close what else runs on it.");
  if (lanes !== null && lanes > cores)
    add("lanes", `${lanes} lanes on ${cores} processors: they wait for one another.`, `Use at most ${cores} lanes.`);
  return found;
}
