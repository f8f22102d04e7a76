/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, then renamed.
 *
 * Temporary files are removed on every way out of the process that runs code; the list below is for the exit handler.
 */
import { renameSync, rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";

const temporaryPaths = new Set<string>();
let exitHandlerInstalled = false;

/** Tells where the disk is made full in a test: after this many bytes of the file. */
export interface WriteFault {
  readonly afterBytes: number;
}

/** The write that failed, how far it came, and of how many bytes (null where unknown). */
export class FileWriteError extends Error {
  readonly path: string;
  readonly writtenBytes: number;
  constructor(path: string, writtenBytes: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "FileWriteError";
    this.path = path;
    this.writtenBytes = writtenBytes;
  }
}

/** Creates an empty temporary file that must not exist yet, and remembers it for removal. Throws EEXIST where it does. */
export async function createTemporary(path: string): Promise<void> {
  const handle = await open(path, "wx");
  rememberTemporary(path);
  await handle.close();
}

/** Opens a temporary file, which may be reserved already, for writing from its start, and remembers it for removal. */
export async function openTemporary(path: string): Promise<FileHandle> {
  const handle = await open(path, "w");
  rememberTemporary(path);
  return handle;
}

/** Gives a temporary file that is complete and closed its name, replacing what is there. */
export async function nameTemporary(temporaryPath: string, path: string): Promise<void> {
  await rename(temporaryPath, path);
  temporaryPaths.delete(temporaryPath);
}

/** The same without waiting, for a process that ends now. */
export function nameTemporaryNow(temporaryPath: string, path: string): void {
  renameSync(temporaryPath, path);
  temporaryPaths.delete(temporaryPath);
}

/** One write at `position`; returns how much of `bytes` it took. */
export async function writeSome(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  fault: WriteFault | null,
): Promise<number> {
  const room = fault ? Math.max(0, fault.afterBytes - position) : bytes.length;
  if (room === 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  return (await handle.write(bytes, 0, Math.min(room, bytes.length), position)).bytesWritten;
}

/** What is gathered before it is written. */
const PAGE_BYTES = 256 * 1024;

/**
 * Writes `chunks` to `temporaryPath` and renames that to `path`, replacing what is there. Returns the bytes written.
 * Throws `FileWriteError`; then `path` is as it was and the temporary file is gone.
 */
export async function writeWhole(
  path: string,
  temporaryPath: string,
  chunks: Iterable<Uint8Array | string>,
  fault: WriteFault | null = null,
): Promise<number> {
  let writtenBytes = 0;
  let handle: FileHandle | undefined;
  const page = Buffer.allocUnsafeSlow(PAGE_BYTES);
  let gathered = 0;
  const write = async (file: FileHandle, bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) {
      const count = await writeSome(file, bytes.subarray(done), writtenBytes, fault);
      done += count;
      writtenBytes += count;
    }
  };
  try {
    handle = await openTemporary(temporaryPath);
    for (const chunk of chunks) {
      // A character of a string takes three bytes at most.
      const most = typeof chunk === "string" ? 3 * chunk.length : chunk.length;
      if (gathered + most > page.length) {
        await write(handle, page.subarray(0, gathered));
        gathered = 0;
      }
      if (most > page.length) await write(handle, typeof chunk === "string" ? Buffer.from(chunk) : chunk);
      else if (typeof chunk === "string") gathered += page.write(chunk, gathered);
      else {
        page.set(chunk, gathered);
        gathered += chunk.length;
      }
    }
    await write(handle, page.subarray(0, gathered));
    await handle.close();
    handle = undefined;
    await nameTemporary(temporaryPath, path);
    return writtenBytes;
  } catch (error) {
    // The first failure is the one to tell; closing a handle on a full disk may fail again with the same reason.
    await handle?.close().catch(() => undefined);
    await discardTemporary(temporaryPath);
    throw new FileWriteError(path, writtenBytes, error);
  }
}

/** Removes a temporary file, if it is still there. */
export async function discardTemporary(path: string): Promise<void> {
  temporaryPaths.delete(path);
  await rm(path, { force: true });
}

/** Removes every temporary file of this process at once; for a second Ctrl-C and for the exit handler. */
export function discardAllTemporaries(): void {
  for (const path of temporaryPaths) rmSync(path, { force: true });
  temporaryPaths.clear();
}

function rememberTemporary(path: string): void {
  temporaryPaths.add(path);
  if (exitHandlerInstalled) return;
  exitHandlerInstalled = true;
  process.on("exit", discardAllTemporaries);
}
