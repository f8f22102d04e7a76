/**
 * Which process a worker is, as a text that other processes can check: a worker that was killed leaves its job at once where
 * whoever watches can see that its process is gone, and only else when its lease has run out.
 *
 * ```
 * linux:BOOT:NAMESPACE:PID:START
 *   BOOT       random number that the kernel drew when it started: another machine, or this one before, has another
 *   NAMESPACE  inode of the namespace in which PID counts: containers on one machine, of whatever name, have several
 *   START      clock ticks from that start to the process's: a number that was given out again has another
 * ```
 *
 * Guaranteed: no process that lives is taken to be gone. Not guaranteed: that one that is gone is seen to be - on another
 * machine, after a restart, in another container or on a system without these files nothing is known.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 */
import { readFileSync, readlinkSync } from "node:fs";

/** This process; null where the system does not tell. */
export function ownProcess(): string | null {
  own ??= { text: describe(process.pid) };
  return own.text;
}

/** Whether it is certain that this process is no more. */
export function isGone(text: string): boolean {
  const place = ownPlace();
  if (place === null || !text.startsWith(`${place}:`)) return false;
  const [pid = "", start] = text.slice(place.length + 1).split(":");
  if (!/^[1-9]\d*$/.test(pid) || start === undefined) return false;
  if (!answers(Number(pid))) return true;
  const stat = readStat(Number(pid));
  return stat !== null && (stat.start !== start || stat.ended);
}

let own: { readonly text: string | null } | null = null;
let here: { readonly place: string | null } | null = null;

function describe(pid: number): string | null {
  const place = ownPlace();
  const stat = place === null ? null : readStat(pid);
  return stat === null ? null : `${place}:${pid}:${stat.start}`;
}

/** Machine since its start, and namespace. */
function ownPlace(): string | null {
  here ??= { place: findPlace() };
  return here.place;
}

function findPlace(): string | null {
  const boot = tried(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = tried(() => /^pid:\[(\d+)\]$/.exec(readlinkSync("/proc/self/ns/pid"))?.[1] ?? null);
  return boot === null || namespace === null ? null : `linux:${boot}:${namespace}`;
}

/** `ended`: killed, and only its number is kept until its parent has asked what became of it. */
function readStat(pid: number): { readonly start: string; readonly ended: boolean } | null {
  const text = tried(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name, in brackets, may hold anything; what comes after it is field 3 (state) up to 22 (start) and further.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields?.[0], fields?.[19]];
  if (state === undefined || start === undefined || !/^\d+$/.test(start)) return null;
  return { start, ended: state === "Z" || state === "X" };
}

/** Signal 0 asks only; a process of somebody else is there, though its files may be hidden. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Null where there is no such file, or none that may be read. */
function tried<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}
