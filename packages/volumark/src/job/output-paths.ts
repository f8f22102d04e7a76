/**
 * Where the GIF and the record go, and whether they can: found out before any work.
 *
 * `--out` is a folder, or a path that ends in .gif. In a folder the name is new each time
 * (`volumark-seed-20261124-101500-3fa9.gif`); a path is replaced. The record has the same name with .json.
 * The temporary file made here is the reservation of the name: two runs at once can't get the same one.
 */
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { fileSentence, systemErrorCode } from "./system-error.ts";
import { isTakenOnce, removeStaleTemporaries, temporaryName } from "./temporary-names.ts";
import { createTemporary, discardTemporary } from "./whole-file.ts";

/** What was asked for, before the disk has been looked at. */
export type OutputPlan =
  | { readonly kind: "folder"; readonly folder: string; readonly sceneName: string }
  | { readonly kind: "file"; readonly folder: string; readonly stem: string; readonly extension: string };

/** Names that this run may write; nothing else has them. */
export interface ReservedOutput {
  readonly gifPath: string;
  readonly recordPath: string;
  readonly temporaryGifPath: string;
  readonly temporaryRecordPath: string;
}

/** The output can't be written; the message is the sentence to show. */
export class OutputError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "OutputError";
  }
}

/** Reads `--out`: a path ending in .gif (and not in a slash) is a file, anything else a folder. */
export function planOutput(out: string, sceneName: string): OutputPlan {
  if (out.trim() === "" || out.includes("\0")) {
    throw new OutputError(`--out must be a folder or a path ending in .gif, got ${JSON.stringify(out)}`);
  }
  const extension = extname(out);
  const endsInSeparator = out.endsWith("/") || out.endsWith(sep);
  if (extension.toLowerCase() !== ".gif" || endsInSeparator) return { kind: "folder", folder: out, sceneName };
  return { kind: "file", folder: dirname(out), stem: basename(out, extension), extension };
}

/** The file name without ending: `volumark-<scene>-<YYYYMMDD-HHMMSS>-<4 hexadecimal digits>`, local time. */
export function defaultStem(sceneName: string, now: Date, tag: string): string {
  const scene = sceneName
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `volumark-${scene || "scene"}-${date}-${time}-${tag}`;
}

export interface ReserveOptions {
  readonly now: () => Date;
  /** Four new hexadecimal digits. */
  readonly tag: () => string;
}

export const RESERVE_DEFAULTS: ReserveOptions = { now: () => new Date(), tag: () => randomBytes(2).toString("hex") };

/** Creates the folder, proves that it can be written, and takes the names. Throws `OutputError`. */
export async function reserveOutput(
  plan: OutputPlan,
  options: ReserveOptions = RESERVE_DEFAULTS,
): Promise<ReservedOutput> {
  const { folder } = plan;
  try {
    const path = join(folder, plan.kind === "file" ? plan.stem + plan.extension : "");
    if (plan.kind === "file" && (await isFolder(path))) {
      return await reserveOutput({ kind: "folder", folder: path, sceneName: plan.stem }, options);
    }
    if (plan.kind === "folder") await refuseFileName(folder);
    await createFolders(folder);
    if (!(await isFolder(folder))) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
  } catch (error) {
    if (error instanceof OutputError) throw error;
    const code = systemErrorCode(error);
    if (plan.kind === "folder" && (code === "EEXIST" || code === "ENOTDIR") && (await exists(folder))) {
      throw new OutputError(`--out must be a folder or a path ending in .gif, got ${folder}, which is a file`);
    }
    throw new OutputError(fileSentence("create the folder", folder, error));
  }
  await removeStaleTemporaries(folder);
  try {
    return plan.kind === "folder" ? await reserveNew(plan, options) : await reserveNamed(plan);
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError(fileSentence("write to", folder, error));
  }
}

/** Endings of files that somebody may hope for, and what to do instead. */
const OTHER_FILES: readonly (readonly [ending: RegExp, todo: string])[] = [
  [/\.(?:mp4|m4v|mov|avi|mkv|webm|ogv|apng|webp|avif)$/i, "Write a .gif and convert it."],
  [/\.(?:png|jpe?g|bmp|tiff?|svg|pdf)$/i, "For one picture: volumark frame --out NAME.png."],
  [/\.(?:stl|ply|obj|gltf|glb)$/i, "For one mesh: volumark mesh --out NAME.glb."],
  [/\.(?:json|zip|gz|tar|txt|csv|html)$/i, "The record goes beside the GIF, as NAME.json."],
];

/** A new folder with the name of a film or a picture is a misunderstanding; with a slash at its end it is meant. */
async function refuseFileName(folder: string): Promise<void> {
  const todo = OTHER_FILES.find(([ending]) => ending.test(folder))?.[1];
  if (todo === undefined || (await exists(folder))) return;
  throw new OutputError(
    `--out must be a folder or a path ending in .gif, got ${folder}. ${todo} A folder of this name is made where it ends in a slash.`,
  );
}

/** Gives the names back without having written anything. */
export async function releaseOutput(output: ReservedOutput): Promise<void> {
  await discardTemporary(output.temporaryGifPath);
  await discardTemporary(output.temporaryRecordPath);
}

/**
 * Creates the folder and those above it. One by one: `recursive` of Node 20 never comes back where the system answers
 * ENOENT although the folder above is there (/proc).
 */
export async function createFolders(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let path = resolve(folder); !(await exists(path)); path = dirname(path)) missing.push(path);
  for (const path of missing.reverse()) {
    try {
      await mkdir(path);
    } catch (error) {
      // Another run may have made it in between.
      if (systemErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

/** More names than this are taken only when something else is wrong. */
const NAME_ATTEMPTS = 100;

async function reserveNew(plan: OutputPlan & { kind: "folder" }, options: ReserveOptions): Promise<ReservedOutput> {
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    const stem = defaultStem(plan.sceneName, options.now(), options.tag());
    const output = outputNamed(plan.folder, stem, ".gif", stem);
    try {
      await probe(output.temporaryGifPath);
    } catch (error) {
      if (systemErrorCode(error) === "EEXIST") continue;
      throw error;
    }
    // Looked at only once ours is there: of two that reserve one name at once at least one sees the other and tries again,
    // and whoever had it before has renamed it by now.
    const alone = await isTakenOnce(plan.folder, stem);
    if (alone && !(await exists(output.gifPath)) && !(await exists(output.recordPath))) return output;
    await discardTemporary(output.temporaryGifPath);
  }
  throw new OutputError(
    `write to ${plan.folder}: ${NAME_ATTEMPTS} names were tried and all are taken. Choose another folder with --out.`,
  );
}

async function reserveNamed(plan: OutputPlan & { kind: "file" }): Promise<ReservedOutput> {
  const output = outputNamed(plan.folder, plan.stem, plan.extension, randomBytes(6).toString("hex"));
  for (const path of [output.gifPath, output.recordPath]) {
    try {
      if (await isFolder(path)) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
      await exists(path);
    } catch (error) {
      throw new OutputError(fileSentence("write", path, error));
    }
  }
  if ((await exists(output.recordPath)) && !(await isRecord(output.recordPath))) {
    throw new OutputError(
      `the record would replace ${output.recordPath}, which is not a record of a run. Choose another name with --out.`,
    );
  }
  await probe(output.temporaryGifPath);
  return output;
}

/** Whether a file begins as records do; a scene or anybody's JSON does not. */
async function isRecord(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^\{\s*"type":\s*"gif_animation"/.test(buffer.toString("latin1", 0, bytesRead));
  } finally {
    await handle.close();
  }
}

function outputNamed(folder: string, stem: string, extension: string, temporaryStem: string): ReservedOutput {
  return {
    gifPath: join(folder, stem + extension),
    recordPath: join(folder, `${stem}.json`),
    temporaryGifPath: join(folder, temporaryName(temporaryStem, ".gif")),
    temporaryRecordPath: join(folder, temporaryName(temporaryStem, ".json")),
  };
}

/** Creates the file and writes to it: some file systems only refuse the second. */
export async function probe(path: string): Promise<void> {
  await createTemporary(path);
  try {
    await writeFile(path, "probe");
  } catch (error) {
    await discardTemporary(path);
    throw error;
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
