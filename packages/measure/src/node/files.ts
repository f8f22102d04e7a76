/** Reading the kernel's small text files: whole, at once, and never an exception. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

export type FileText = { readonly text: string } | { readonly reason: string };

/** The text of a small file, trimmed, or one sentence why it cannot be had. */
export function readText(root: string, path: string): FileText {
  try {
    return { text: readFileSync(join(root, path), "latin1").trim() };
  } catch (error) {
    return { reason: fileReason(`/${path}`, error) };
  }
}

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
  try {
    return readdirSync(join(root, path)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  } catch {
    // A folder that cannot be listed holds nothing that could be read either.
    return [];
  }
}

/** Why a file could not be read, for a person. */
export function fileReason(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? String(error);
  if (code === "ENOENT" || code === "ENOTDIR") return `no ${path} on this system`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be read by this user`;
  return `${path} could not be read (${code})`;
}

/** A file kept open and read again from its start: what a sampler needs five times a second. */
export class RereadFile {
  readonly path: string;
  private readonly descriptor: number;

  /** Throws what the system says where the file cannot be opened. */
  constructor(root: string, path: string) {
    this.path = path;
    this.descriptor = openSync(join(root, path), "r");
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
