/** What a figure needs beside it: the machine, the versions, the command, and whether anyone else was using it. */
import { execFileSync } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Share of all processors in use, while nothing of ours runs, that counts as busy. */
const BUSY_SHARE = 0.1;
/** Load average for each processor, before anything of ours has run, that counts as busy. */
const BUSY_LOAD = 0.25;
const WATCH_MS = 1000;

/** Everything about this moment that goes into the JSON. Takes a second: it watches what others do meanwhile. */
export async function describeMachine() {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    command: ["node", ...process.argv.slice(1).map((word) => word.replace(root, ""))].join(" "),
    machine: {
      processor: cpus[0]?.model ?? "unknown",
      processors: cpus.length,
      memoryBytes: os.totalmem(),
      system: `${os.type()} ${os.release()}`,
    },
    versions: { node: process.versions.node, v8: process.versions.v8, commit: commit() },
    load: [await otherLoad()],
  };
}

/** Load average of the last minute, and the share of the processors in use while this process does nothing for a second. */
export async function otherLoad() {
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const after = ticks();
  const all = after.all - before.all;
  const share = all > 0 ? 1 - (after.idle - before.idle) / all : 0;
  return { average1: os.loadavg()[0], usedShare: share };
}

/**
 * What was seen at the beginning, in between and at the end; and a line that can't be overlooked when the machine was not
 * ours alone. Later load averages are not judged: our own work is in them.
 */
export function loadText(load, processors) {
  const shares = load.map(({ usedShare }) => Math.round(usedShare * 100));
  const text =
    `load average ${load[0].average1.toFixed(2)} before, ${load.at(-1).average1.toFixed(2)} after; ` +
    `others used ${shares.join(", ")} % of ${processors} processors when we paused`;
  const busy = load[0].average1 > BUSY_LOAD * processors || load.some(({ usedShare }) => usedShare > BUSY_SHARE);
  if (!busy) return `${text}: quiet`;
  return `${text}\nBUSY: others used this machine. The figures above are not to be quoted; run again when it is quiet.`;
}

function ticks() {
  let all = 0;
  let idle = 0;
  for (const { times } of os.cpus()) {
    for (const value of Object.values(times)) all += value;
    idle += times.idle;
  }
  return { all, idle };
}

function commit() {
  try {
    const read = (...words) => execFileSync("git", ["-C", root, ...words], { encoding: "utf8", stdio: "pipe" }).trim();
    return read("rev-parse", "--short=12", "HEAD") + (read("status", "--porcelain") === "" ? "" : " with changes");
  } catch (error) {
    return `unknown (${error.code ?? error.message.split("\n")[0]})`;
  }
}
