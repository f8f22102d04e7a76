/** What a server says when it is there, and when it is asked to end. */
import { formatCounted } from "@volumark/measure";
import type { Config } from "../config/read-config.ts";
import type { Job } from "../queue/job-types.ts";
import { QUEUE_DEFAULTS } from "../queue/queue.ts";
import type { ServerContext } from "../server/context.ts";
import type { RunningServer } from "../server/start.ts";
import { printable } from "./printable.ts";
import { durationText } from "./progress.ts";
import { shellWord } from "./shell-word.ts";
import type { Paint } from "./terminal.ts";

export type Greeted = Pick<RunningServer, "address"> & {
  readonly context: { readonly about: ServerContext["about"]; readonly store: Pick<ServerContext["store"], "path"> };
  readonly held: readonly Pick<Job, "worker">[];
};

export function greetingText({ address, context, held }: Greeted, config: Config, paint: Paint): string {
  const { worker, lanes, version } = context.about;
  const makes =
    worker === null
      ? `not here (--no-worker): runs wait for volumark worker --${config.database === null ? `data ${shellWord(printable(config.data))}` : "database …"}`
      : `here, as ${printable(worker)}, ${lanes === null ? "a lane a processor" : formatCounted(lanes, "lane")}`;
  const keeps = keepText(config);
  return `${[
    `${paint("bold", "Volumark")} ${version}`,
    `  ${paint("dim", "Page")}       ${paint("cyan", `${address}/`)}`,
    `  ${paint("dim", "Interface")}  ${address}/docs`,
    `  ${paint("dim", "Runs")}       ${printable(context.store.path)}${keeps === "" ? "" : `, ${keeps}`}`,
    `  ${paint("dim", "Made")}       ${makes}`,
    ...(held.length === 0 ? [] : [`  ${paint("dim", "Running")}    ${heldText(held)}`]),
    paint(
      "dim",
      worker === null
        ? "Ctrl-C ends it; what waits stays in the queue."
        : `Ctrl-C ends it: a run under way ${graceText(config.grace, "")} into the queue.`,
    ),
  ].join("\n")}\n`;
}

/** `1 run by a worker on bench-2; …` */
function heldText(held: Greeted["held"]): string {
  const machines = [...new Set(held.map(({ worker }) => printable(worker?.label ?? "another machine")))];
  return `${formatCounted(held.length, "run")} by a worker on ${machines.join(", ")}; if it is dead, free again after ${QUEUE_DEFAULTS.leaseMs / 1000} s without a word`;
}

/** `kept 30 days, the newest 1000`; empty where everything is. */
function keepText({ keepDays, keepRuns, keepBytes }: Config): string {
  const parts: string[] = [];
  if (keepDays !== null) parts.push(`${keepDays} days`);
  if (keepRuns !== null) parts.push(`the newest ${keepRuns}`);
  if (keepBytes !== null) parts.push(`as many as fit into ${keepBytes} bytes`);
  return parts.length === 0 ? "" : `kept ${parts.join(", ")}`;
}

export function stoppingText(running: Job | null, grace: number): string {
  if (running === null) return "Ending.\n";
  const { id, scene, frames } = running;
  return `Ending: run ${id.slice(0, 8)} (${printable(scene)}, ${formatCounted(frames, "frame")}) ${graceText(grace, " to come to its end")} into the queue; once more ends at once.\n`;
}

/** What a run has before it goes back; without any grace that is at once. */
function graceText(grace: number, forWhat: string): string {
  return grace === 0 ? "goes back at once" : `has ${durationText(grace * 1000)}${forWhat}, then it goes back`;
}
