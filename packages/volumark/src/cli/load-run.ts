/**
 * The record of a run that a command line names: the path of a record, the beginning of a stored run's id, or `-` for
 * standard input. A file of that name comes first.
 *
 * What `volumark run --json` and `--gif-output` print can be piped in as it is.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type ForeignRecord, type RunRecord, readRecord } from "@volumark/measure";
import { systemErrorCode } from "../job/system-error.ts";
import { storePath } from "../store/data-folder.ts";
import { UsageError } from "./usage-error.ts";

/** `path` is null for what does not come from a file. */
export type LoadedRun =
  | { readonly status: "record"; readonly record: RunRecord; readonly path: string | null }
  | { readonly status: "foreign"; readonly record: ForeignRecord; readonly path: string | null };

/** Loads and checks the record. Throws `UsageError` with one sentence. */
export async function loadRun(argument: string): Promise<LoadedRun> {
  const path = argument === "-" ? null : argument;
  if (path !== null && !existsSync(path)) {
    const stored = await storedRun(path);
    if (stored) return stored;
  }
  const name = path ?? "standard input";
  const result = await readRecord(withoutLead(await textOf(path, name)));
  if (result.status === "unreadable") throw new UsageError(`${name}: ${result.reason}`);
  return result.status === "record"
    ? { status: "record", record: result.record, path }
    : { status: "foreign", record: result.record, path };
}

/** Stored runs that are named where an id is not found. */
const MOST_NAMED = 5;
/** No ending and no folder: hardly a file that was meant. */
const LIKE_AN_ID = /^[0-9a-z-]{1,64}$/i;

/** The run in the store; null where there is no store, or the name is not like an id. Throws `UsageError`. */
async function storedRun(name: string): Promise<LoadedRun | null> {
  if (!LIKE_AN_ID.test(name) || !existsSync(storePath())) return null;
  const [{ openStore }, { StoreError }, { isOwn }] = await Promise.all([
    import("../store/store.ts"),
    import("../store/store-error.ts"),
    import("../store/summary.ts"),
  ]);
  try {
    const store = await openStore();
    try {
      const { record } = await store.get(name);
      return isOwn(record)
        ? { status: "record", record, path: null }
        : { status: "foreign", record: record as ForeignRecord, path: null };
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "unknown-run") throw error;
      const runs = await store.list({ limit: MOST_NAMED });
      if (runs.length === 0) return null;
      const named = runs.map(({ id, scene }) => `${id.slice(0, 8)}${scene === null ? "" : ` (${scene})`}`);
      throw new UsageError(
        `${name}: there is no such file and no stored run whose id begins so; the newest are ${named.join(", ")}, volumark runs list shows all`,
      );
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(`${name}: ${error.problem}. ${error.action}`);
    throw error;
  }
}

async function textOf(path: string | null, name: string): Promise<string> {
  try {
    const bytes = path === null ? await standardInput() : await readFile(path);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${name}: ${reasonOf(error)}`);
  }
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The last line of what `--gif-output` printed, without its mark; other text as it is. */
function withoutLead(text: string): string {
  if (/^\s*\{/.test(text)) return text;
  const at = text.lastIndexOf("GIF_OUTPUT:");
  return at < 0 ? text : text.slice(at + "GIF_OUTPUT:".length);
}

function reasonOf(error: unknown): string {
  switch (systemErrorCode(error)) {
    case "ENOENT":
      return "there is no such file; give the record of a run (the .json beside its GIF), or - for standard input";
    case "ENOTDIR":
      return "a part of this path is a file, not a folder";
    case "EISDIR":
      return "this is a folder; give the record in it (the .json beside the GIF)";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "this is not text in UTF-8; give the record of a run (the .json beside its GIF)";
    case "ERR_STRING_TOO_LONG":
    case "ERR_FS_FILE_TOO_LARGE":
      return "this record is too long to be read as one text";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
