/** Reading the kernel's small text files: whole, at once, and never an exception. */
import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

export type FileText = { readonly text: string } | { readonly reason: string };

/**
 * A pipe that nobody writes to would hold the thread up for ever, so files are opened without waiting; the kernel's own
 * files do not mind. Windows has no such flag.
 */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of a small file, trimmed, or one sentence why it cannot be had. A pipe or a device is no file here. */
export function readText(root: string, path: string): FileText {
  // Asking first is cheaper than an exception: most of the files that are asked for are not there.
  if (!existsSync(join(root, path))) return { reason: `no /${path} on this system` };
  let descriptor: number | null = null;
  try {
    descriptor = openRegular(join(root, path));
    return { text: readFileSync(descriptor, "latin1").trim() };
  } catch (error) {
    return { reason: fileReason(`/${path}`, error) };
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function openRegular(path: string, kind: "file" | "folder" = "file"): number {
  const descriptor = openSync(path, READ_WITHOUT_WAITING);
  const status = fstatSync(descriptor);
  if (kind === "file" ? status.isFile() : status.isDirectory()) return descriptor;
  closeSync(descriptor);
  throw new NotRegularError(`not a regular ${kind}`);
}

class NotRegularError extends Error {}

/** The same, or null, for places where another source comes next. */
export function textOrNull(root: string, path: string): string | null {
  const file = readText(root, path);
  return "text" in file ? file.text : null;
}

/** A file that holds one number; null where it does not. */
export function numberOrNull(root: string, path: string): number | null {
  const text = textOrNull(root, path);
  if (text === null || text === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Names in a folder, shorter ones first, so that cpu2 comes before cpu10; empty where there is no folder. */
export function namesIn(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  try {
    return readdirSync(join(root, path)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  } catch {
    // A folder that cannot be listed holds nothing that could be read either.
    return [];
  }
}

/** Why a file could not be read, for a person. */
export function fileReason(path: string, error: unknown): string {
  if (error instanceof NotRegularError) return `${path} is ${error.message}`;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? String(error);
  if (code === "ENOENT" || code === "ENOTDIR") return `no ${path} on this system`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be read by this user`;
  return `${path} could not be read (${code})`;
}

/** A file kept open and read again from its start: what a sampler needs five times a second. */
export class RereadFile {
  readonly path: string;
  readonly descriptor: number;

  /** Throws what the system says where the file cannot be opened, and where it is a pipe or a device. */
  constructor(root: string, path: string, kind: "file" | "folder" = "file") {
    this.path = path;
    this.descriptor = openRegular(join(root, path), kind);
  }

  /** The first 8 KiB as they are now. Throws what the system says. */
  read(): string {
    const length = readSync(this.descriptor, buffer, 0, buffer.length, 0);
    return buffer.toString("latin1", 0, length);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Closes files that are read together. */
export function closeAll(files: readonly RereadFile[]): void {
  for (const file of files) file.close();
}

const buffer = Buffer.allocUnsafe(8192);
