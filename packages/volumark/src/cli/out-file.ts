/** A text that a command prints, or writes to the file that `--out` names: which format, and the writing. */
import { open } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { planTarget, proveTarget, type Target, writeTarget } from "../export/target.ts";
import { OutputError } from "../job/output-paths.ts";
import { sizeText } from "../job/size-text.ts";
import { EXIT } from "./exit-codes.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The file of `--out`; with a format (`asked`) its name may end as it likes, without one in one of `endings`. Throws
 * `UsageError`.
 */
export function planOut<Ending extends string>(
  out: string,
  asked: string | undefined,
  endings: readonly Ending[],
): Target<Ending> {
  const plain =
    asked !== undefined && out !== "" && !endings.some((ending) => extname(out).toLowerCase() === `.${ending}`);
  try {
    const planned = planTarget(plain ? `${out}.${endings[0]}` : out, endings);
    return plain ? { ...planned, path: resolve(out) } : planned;
  } catch (error) {
    throw asUsageError(error);
  }
}

/**
 * Refuses to replace what is there by something else: records, traces and comparisons all end in `.json`. `beginning`: of
 * what may be replaced, which is `what`. Throws `UsageError`.
 */
export async function refuseOther({ path }: Target<string>, beginning: string, what: string): Promise<void> {
  const head = Buffer.alloc(beginning.length);
  try {
    const file = await open(path);
    try {
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      if (bytesRead === 0) return;
    } finally {
      await file.close();
    }
  } catch {
    // Nothing is there, or it can't be read: whether it can be written is asked elsewhere.
    return;
  }
  if (head.toString("utf8") !== beginning)
    throw new UsageError(`--out ${path} is there already and is no ${what}; choose another name, or remove it first`);
}

/** Proves that the file can be written. Throws `UsageError`. */
export async function proveOut(target: Target<string>): Promise<void> {
  try {
    await proveTarget(target);
  } catch (error) {
    throw asUsageError(error);
  }
}

/** Writes the file whole or not at all; says where it is, or why it is not, and returns the exit code. */
export async function writeOut(target: Target<string>, pieces: Iterable<string>): Promise<number> {
  const encoder = new TextEncoder();
  function* bytes(): Generator<Uint8Array> {
    for (const piece of pieces) yield encoder.encode(piece);
  }
  try {
    const written = await writeTarget(target, bytes());
    process.stderr.write(`${written.path}  ${sizeText(written.bytes)}\n`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.failed;
  }
}

function asUsageError(error: unknown): unknown {
  return error instanceof OutputError ? new UsageError(error.message) : error;
}
