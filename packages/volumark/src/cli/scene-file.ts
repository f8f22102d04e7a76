/**
 * A scene from a file, a pipe or standard input: found, of bearable size, text, and a scene.
 *
 * A pipe is opened without waiting for somebody at its other end, so that a forgotten one is told and does not hang.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError, MOST_SCENE_BYTES, parseScene, type SceneSpec } from "@volumark/engine";
import { systemErrorCode } from "../job/system-error.ts";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

/** Reads and checks the scene in the file `path`; `-` is standard input. Throws `UsageError` with one sentence. */
export async function readSceneFile(path: string): Promise<SceneSpec> {
  if (path === "" || path.includes("\0"))
    throw new UsageError(`--scene must be the path of a scene file, got ${quoted(path)}`);
  const bytes = path === "-" ? await readStandardInput() : await readLimited(path);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`--scene ${path}: this is not a text file in UTF-8`);
  }
  if (text.trim() === "") throw new UsageError(`--scene ${path}: the file is empty`);
  try {
    return parseScene(text);
  } catch (error) {
    if (error instanceof EngineError) throw new UsageError(`--scene ${path}: ${error.message}`);
    throw error;
  }
}

async function readLimited(path: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = await handle.stat();
    if (about.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (about.size > MOST_SCENE_BYTES) throw tooLarge(path, about.size);
    // Read to one byte beyond the limit, whatever the size says: a pipe has none, and a file may be growing.
    const buffer = Buffer.alloc(MOST_SCENE_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = await readSome(handle, buffer.subarray(length), about.isFile() ? length : null);
      if (count === 0) break;
      length += count;
    }
    if (length === 0 && about.isFIFO()) throw new UsageError(`--scene ${path}: this is a pipe that nobody writes to`);
    if (length > MOST_SCENE_BYTES) throw tooLarge(path, length);
    return buffer.subarray(0, length);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--scene ${path}: ${reasonOf(error)}`);
  } finally {
    await handle?.close();
  }
}

/** Milliseconds between two looks at a pipe whose writer is not ready yet. */
const PIPE_MS = 5;

async function readSome(handle: FileHandle, into: Uint8Array, position: number | null): Promise<number> {
  for (;;) {
    try {
      return (await handle.read(into, 0, into.length, position)).bytesRead;
    } catch (error) {
      if (systemErrorCode(error) !== "EAGAIN") throw error;
      await delay(PIPE_MS);
    }
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_SCENE_BYTES) throw tooLarge("-", length);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--scene -: ${reasonOf(error)}`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(path: string, bytes: number): UsageError {
  return new UsageError(
    `--scene ${path}: a scene file may have ${MOST_SCENE_BYTES} bytes, this one has ${bytes} or more`,
  );
}

function reasonOf(error: unknown): string {
  switch (systemErrorCode(error)) {
    case "ENOENT":
      return "there is no such file";
    case "ENOTDIR":
      return "a part of this path is a file, not a folder";
    case "EISDIR":
      return "this is a folder, not a scene file";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENAMETOOLONG":
      return "the name is too long";
    case "ENXIO":
      return "this is a socket or a device, not a scene file";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
