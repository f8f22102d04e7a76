/** A scene file from the disk: found, of bearable size, text, and a scene. */
import { type FileHandle, open } from "node:fs/promises";
import { EngineError, MOST_SCENE_BYTES, parseScene, type SceneSpec } from "@volumark/engine";
import { systemErrorCode } from "../job/system-error.ts";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

/** Reads and checks the scene in the file `path`. Throws `UsageError` with one sentence. */
export async function readSceneFile(path: string): Promise<SceneSpec> {
  if (path === "" || path.includes("\0"))
    throw new UsageError(`--scene must be the path of a scene file, got ${quoted(path)}`);
  const bytes = await readLimited(path);
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
    handle = await open(path, "r");
    const about = await handle.stat();
    if (about.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (about.size > MOST_SCENE_BYTES) throw tooLarge(path, about.size);
    // Read to one byte beyond the limit, whatever the size says: a pipe has none, and a file may be growing.
    const buffer = Buffer.alloc(MOST_SCENE_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, about.isFile() ? length : null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > MOST_SCENE_BYTES) throw tooLarge(path, length);
    return buffer.subarray(0, length);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--scene ${path}: ${reasonOf(error)}`);
  } finally {
    await handle?.close();
  }
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
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
