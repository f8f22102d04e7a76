/** One file that is asked for by its whole name: whether it can be written, and the writing. */
import { createHash, randomBytes } from "node:crypto";
import { dirname, extname, resolve, sep } from "node:path";
import { createFolders, isFolder, OutputError, probe } from "../job/output-paths.ts";
import { fileSentence } from "../job/system-error.ts";
import { removeStaleTemporaries, temporaryName } from "../job/temporary-names.ts";
import { discardTemporary, FileWriteError, writeWhole } from "../job/whole-file.ts";

/** A file that may be written, by all that is known before the work. */
export interface Target<Ending extends string> {
  /** Absolute. */
  readonly path: string;
  readonly temporaryPath: string;
  readonly ending: Ending;
}

export interface WrittenTarget {
  readonly path: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Producing and writing the bytes; the hash is not counted. */
  readonly writeNs: number;
}

/** Reads `--out`. Throws `OutputError` naming the endings there are. */
export function planTarget<Ending extends string>(out: string | undefined, endings: readonly Ending[]): Target<Ending> {
  const named = endings.map((one) => `.${one}`);
  const list = named.length === 1 ? named[0] : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
  const must = `--out must be a file whose name ends in ${list}`;
  if (out === undefined) throw new OutputError(`${must}; it is missing`);
  const isName = out.trim() !== "" && !out.includes("\0") && !out.endsWith("/") && !out.endsWith(sep);
  const ending = endings.find((one) => isName && extname(out).toLowerCase() === `.${one}`);
  if (ending === undefined) throw new OutputError(`${must}, got ${JSON.stringify(out)}`);
  const path = resolve(out);
  const temporaryPath = resolve(dirname(path), temporaryName(`volumark-${randomBytes(6).toString("hex")}`, ""));
  return { path, temporaryPath, ending };
}

/** Creates the folder and proves that a file can be written there; leaves nothing in it. Throws `OutputError`. */
export async function proveTarget({ path, temporaryPath }: Target<string>): Promise<void> {
  const folder = dirname(path);
  const refuse = (verb: string, place: string) => (error: unknown) => {
    throw new OutputError(fileSentence(verb, place, error));
  };
  await createFolders(folder).catch(refuse("create the folder", folder));
  const taken = await isFolder(path).catch(refuse("write", path));
  if (taken) refuse("write", path)(Object.assign(new Error("a folder"), { code: "EISDIR" }));
  await removeStaleTemporaries(folder);
  await probe(temporaryPath).catch(refuse("write to", folder));
  await discardTemporary(temporaryPath);
}

/** Writes the file whole or not at all, replacing what is there. Throws `OutputError`; then what was there is as it was. */
export async function writeTarget(
  { path, temporaryPath }: Target<string>,
  chunks: Iterable<Uint8Array>,
): Promise<WrittenTarget> {
  const hash = createHash("sha256");
  let hashMs = 0;
  function* hashed(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      const start = performance.now();
      hash.update(chunk);
      hashMs += performance.now() - start;
      yield chunk;
    }
  }
  const start = performance.now();
  try {
    const bytes = await writeWhole(path, temporaryPath, hashed());
    const writeNs = Math.round((performance.now() - start - hashMs) * 1e6);
    return { path, bytes, sha256: hash.digest("hex"), writeNs };
  } catch (error) {
    if (!(error instanceof FileWriteError)) throw error;
    const detail = error.writtenBytes === 0 ? "" : ` after ${error.writtenBytes} bytes`;
    throw new OutputError(fileSentence("write", path, error.cause, detail));
  }
}
