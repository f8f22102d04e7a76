/**
 * What the control group of this process allows: memory and processor time, version 2 and version 1.
 *
 * A group's own file may be absent where it is mounted differently from what /proc/self/cgroup says (a container), so each
 * folder from the group up to the mount is tried, and the tightest limit on the way counts.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/.
 */
import { numberOrNull, textOrNull } from "./files.ts";

export interface Limit {
  /** Null where there is none. */
  readonly value: number | null;
  readonly source: string;
  readonly reason?: string;
}

/** Version 1 says "no limit" with a number near 2^63. */
const NO_LIMIT = 2 ** 60;

/** Bytes that this process may use. */
export function memoryLimit(root: string): Limit {
  return tightest(root, ["memory"], (folder, version) => {
    const path = `${folder}/${version === 2 ? "memory.max" : "memory.limit_in_bytes"}`;
    const value = numberOrNull(root, path);
    return value !== null && value > 0 && value < NO_LIMIT ? { value, path } : null;
  });
}

/** Processors' worth of time that this process may use, for example 1.5. */
export function processorQuota(root: string): Limit {
  return tightest(root, ["cpu", "cpu,cpuacct"], (folder, version) => {
    if (version === 2) {
      const path = `${folder}/cpu.max`;
      const [quota, period] = (textOrNull(root, path) ?? "").split(/\s+/).map(Number);
      return quota && period && quota > 0 ? { value: quota / period, path } : null;
    }
    const path = `${folder}/cpu.cfs_quota_us`;
    const quota = numberOrNull(root, path);
    const period = numberOrNull(root, `${folder}/cpu.cfs_period_us`);
    return quota !== null && quota > 0 && period ? { value: quota / period, path } : null;
  });
}

/** Folders whose cpu.stat may count throttling of this process, the closest first, with the version of each. */
export function processorFolders(root: string): { readonly folder: string; readonly version: 1 | 2 }[] {
  return candidates(root, ["cpu", "cpu,cpuacct"]);
}

function tightest(
  root: string,
  controllers: readonly string[],
  read: (folder: string, version: 1 | 2) => { value: number; path: string } | null,
): Limit {
  const folders = candidates(root, controllers);
  let least: { value: number; path: string } | null = null;
  for (const { folder, version } of folders) {
    const limit = read(folder, version);
    if (limit && (least === null || limit.value < least.value)) least = limit;
  }
  if (least) return { value: least.value, source: `/${least.path}` };
  return {
    value: null,
    source: "cgroup",
    reason: folders.length > 0 ? "the control group sets no limit" : "no control groups on this system",
  };
}

function candidates(root: string, controllers: readonly string[]): { folder: string; version: 1 | 2 }[] {
  const found: { folder: string; version: 1 | 2 }[] = [];
  for (const line of (textOrNull(root, "proc/self/cgroup") ?? "").split("\n")) {
    const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (names === undefined || path === undefined || path.includes("..")) continue;
    if (names === "") {
      for (const mount of ["sys/fs/cgroup", "sys/fs/cgroup/unified"]) found.push(...upwards(mount, path, 2));
    } else if (names.split(",").some((name) => controllers.includes(name))) {
      for (const mount of new Set([names, ...controllers])) found.push(...upwards(`sys/fs/cgroup/${mount}`, path, 1));
    }
  }
  return found;
}

function upwards(mount: string, path: string, version: 1 | 2): { folder: string; version: 1 | 2 }[] {
  const parts = path.split("/").filter((part) => part !== "");
  const folders: { folder: string; version: 1 | 2 }[] = [];
  for (let length = parts.length; length >= 0; length--) {
    folders.push({ folder: [mount, ...parts.slice(0, length)].join("/"), version });
  }
  return folders;
}
