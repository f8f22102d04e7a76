/**
 * Names of temporary files, which say whose they are: `.volumark-seed-20261124-101500-3fa9.1c0ffee5.4711.gif.tmp` belongs to
 * process 4711 of the machine and process namespace 1c0ffee5.
 *
 * So a run can remove what runs before it left behind when they were killed, and nothing else: not the files of a run that
 * is going on, not those of another machine or container that sees the same folder.
 */
import { createHash } from "node:crypto";
import { readlinkSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const PATTERN =
  /^\.((?:volumark-[a-z0-9-]{1,100})|[0-9a-f]{12})\.([0-9a-f]{8})\.([1-9]\d{0,9})((?:\.gif|\.json)?)\.tmp$/;

/** Which process a file belongs to. */
export interface TemporaryOwner {
  /** Machine and process namespace, 8 hexadecimal digits. */
  readonly place: string;
  readonly pid: number;
}

let ownPlace: string | undefined;

/** This process. */
export function thisProcess(): TemporaryOwner {
  ownPlace ??= createHash("sha256").update(`${hostname()}\0${processNamespace()}`).digest("hex").slice(0, 8);
  return { place: ownPlace, pid: process.pid };
}

/** The name of a temporary file; `stem` is `volumark-…` or 12 hexadecimal digits, `ending` `.gif`, `.json` or nothing. */
export function temporaryName(stem: string, ending: "" | ".gif" | ".json", owner = thisProcess()): string {
  return `.${stem}.${owner.place}.${owner.pid}${ending}.tmp`;
}

/** Whether one process at most has taken `stem` in `folder`; a folder that may be written but not listed is believed to be so. */
export async function isTakenOnce(folder: string, stem: string): Promise<boolean> {
  try {
    return (await readdir(folder)).filter((name) => PATTERN.exec(name)?.[1] === stem).length <= 1;
  } catch {
    // The names hold the number of the process and four random digits: two alike are next to impossible.
    return true;
  }
}

/** Removes the temporary files in `folder` whose process, one of this machine, has gone. Never throws: it is not what the run is about. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  const { place } = thisProcess();
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const match = PATTERN.exec(entry.name);
      if (!entry.isFile() || match?.[2] !== place || isAlive(Number(match[3]))) continue;
      await rm(join(folder, entry.name), { force: true });
    }
  } catch {
    // A folder that can't be listed, or a file of somebody else: they stay as they are.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Numbers of processes mean something only in their namespace (Linux). */
function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    // Another system: one namespace for all.
    return "";
  }
}
