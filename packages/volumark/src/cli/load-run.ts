/**
 * The record of a run that a command line names: the path of a record, or `-` for standard input.
 *
 * What `volumark run --json` and `--gif-output` print can be piped in as it is.
 */
import { readFile } from "node:fs/promises";
import { type ForeignRecord, type RunRecord, readRecord } from "@volumark/measure";
import { systemErrorCode } from "../job/system-error.ts";
import { UsageError } from "./usage-error.ts";

export type LoadedRun =
  | { readonly status: "record"; readonly record: RunRecord; readonly path: string | null }
  | { readonly status: "foreign"; readonly record: ForeignRecord; readonly path: string | null };

/** Loads and checks the record. Throws `UsageError` with one sentence. `path` is null for standard input. */
export async function loadRun(argument: string): Promise<LoadedRun> {
  const path = argument === "-" ? null : argument;
  const name = path ?? "standard input";
  const result = await readRecord(withoutLead(await textOf(path, name)));
  if (result.status === "unreadable") throw new UsageError(`${name}: ${result.reason}`);
  return result.status === "record"
    ? { status: "record", record: result.record, path }
    : { status: "foreign", record: result.record, path };
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
