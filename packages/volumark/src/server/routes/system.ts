/** This server: its version, its machine, what it allows, and how much waits. */
import { availableParallelism, freemem, totalmem } from "node:os";
import type { Answer } from "../../api/endpoints.ts";
import { readMachine } from "../../job/machine.ts";
import { memoryLimit } from "../../job/memory.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

/** How long the processors are looked at while the machine is asked about itself, ms: what is busy is not shown here. */
const WINDOW_MS = 50;

type Facts = Pick<Answer<"system">, "cpu" | "environment">;

export const systemRoutes: AddRoutes = (app, context) => {
  const { store, queue, limits, about, freeBytes } = context;
  const startedMs = performance.now();
  // The machine stays what it is, and asking it starts programs: once, when somebody wants to know.
  let machine: Promise<Facts> | null = null;

  addRoute(app, "system", async () => {
    machine ??= machineFacts().catch((error: unknown) => {
      machine = null;
      throw error;
    });
    const [{ cpu, environment }, counts, freeDiskBytes] = await Promise.all([machine, queue.counts(), freeBytes()]);
    return {
      version: about.version,
      commit: about.commit,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu,
      cores: availableParallelism(),
      memoryBytes: memoryLimit(totalmem()).bytes,
      freeMemoryBytes: freemem(),
      freeDiskBytes,
      database: store.dialect,
      lanes: about.lanes,
      worker: about.worker,
      queue: { ...counts, limit: about.mostQueued },
      limits: { ...limits },
      uptimeMs: performance.now() - startedMs,
      environment,
    };
  });
};

async function machineFacts(): Promise<Facts> {
  const { systemInfo, environment } = await readMachine(WINDOW_MS);
  return { cpu: systemInfo.cpu.name, environment: flatFacts(environment) };
}

/** `{cpu: {governor: {available, value, unit}}}` as lines; what is no single fact is left out. */
export function flatFacts(environment: Readonly<Record<string, unknown>>): Facts["environment"] {
  const facts: Facts["environment"] = [];
  const add = (name: string, entry: unknown) => {
    if (typeof entry !== "object" || entry === null || !("value" in entry)) return false;
    const { available, value, unit, reason } = entry as Record<string, unknown>;
    const known = available !== false && value !== null && value !== undefined;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    facts.push({
      name,
      value: known ? `${text}${typeof unit === "string" && unit !== "1" ? ` ${unit}` : ""}` : null,
      reason: known ? null : typeof reason === "string" ? reason : "no reason is known",
    });
    return true;
  };
  for (const [group, entries] of Object.entries(environment)) {
    if (add(group, entries) || typeof entries !== "object" || entries === null) continue;
    for (const [name, entry] of Object.entries(entries)) add(`${group}.${name}`, entry);
  }
  return facts;
}
