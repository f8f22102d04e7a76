/** A text that a command prints, or writes to the file that `--out` names: which format, and the writing. */
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
