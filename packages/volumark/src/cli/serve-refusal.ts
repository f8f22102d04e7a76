/** Why a server could not be started: one sentence with the way out, and the exit code. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Config } from "../config/read-config.ts";
import { systemErrorCode } from "../job/system-error.ts";
import { UnsafeAddressError } from "../server/guard/loopback.ts";
import { StoreError } from "../store/store-error.ts";
import { EXIT } from "./exit-codes.ts";

export interface Refusal {
  readonly sentence: string;
  readonly exitCode: number;
}

/** Throws what is a mistake of this program. */
export function refusalOf(error: unknown, config: Config): Refusal {
  const inPlace = fileInPlace(config.data);
  if (inPlace !== null) return { sentence: inPlace, exitCode: EXIT.usage };
  // A folder that can't be had is a wrong setting, whoever has noticed.
  const folder = error instanceof StoreError ? listenSentence(error.cause, config) : null;
  if (folder !== null) return { sentence: folder, exitCode: EXIT.usage };
  if (error instanceof StoreError) return { sentence: error.message, exitCode: EXIT.failed };
  if (error instanceof UnsafeAddressError) return { sentence: error.message, exitCode: EXIT.usage };
  const sentence = listenSentence(error, config);
  if (sentence === null) throw error;
  return { sentence, exitCode: EXIT.usage };
}

/** The sentence about a file that stands where the folder, or one above it, would be; null: none does. */
export function fileInPlace(folder: string): string | null {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const isFolder = folderAt(path);
    if (isFolder === null && dirname(path) !== path) continue;
    if (isFolder !== false) return null;
    const what = path === resolve(folder) ? "it" : path;
    return `use the folder ${folder}: ${what} is a file. Give --data and another one.`;
  }
}

/** False: something else is there. Null: nothing is, or it can't be seen. */
function folderAt(path: string): boolean | null {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return null;
  }
}

/** Null where it is none of the system's errors about addresses and folders. */
export function listenSentence(error: unknown, { host, port, data }: Config): string | null {
  switch (systemErrorCode(error)) {
    case "EADDRINUSE":
      return `listen on ${host}:${port}: another program has this port, perhaps another volumark serve. Give --port 0 for a free one, or --port ${port === 65_535 ? port - 1 : port + 1}.`;
    case "EACCES":
      if (isListen(error))
        return `listen on ${host}:${port}: ports below 1024 need special rights. Give --port 8440 or another above 1023.`;
      return `use the folder ${data}: it can't be written. Give --data and another one.`;
    case "EADDRNOTAVAIL":
      return `listen on ${host}: this machine has no such address. Give --host 127.0.0.1, or 0.0.0.0 for all it has.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `listen on ${host}: there is no host of this name. Give --host 127.0.0.1, or 0.0.0.0 for all addresses.`;
    case "ENOENT":
      // Where the system takes no folders (/proc); other files that are missing are none of this.
      if ((error as { syscall?: unknown }).syscall !== "mkdir") return null;
      return `use the folder ${data}: the system takes no new folder there. Give --data and another one.`;
    case "ENOSPC":
    case "EROFS":
    case "EPERM":
    case "ENOTDIR":
    case "EEXIST":
      return `use the folder ${data}: ${error instanceof Error ? error.message : error}. Give --data and another one.`;
    default:
      return null;
  }
}

function isListen(error: unknown): boolean {
  return (error as { syscall?: unknown }).syscall === "listen";
}
