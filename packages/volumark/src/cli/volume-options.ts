/**
 * The options that name a volume from elsewhere: a file of samples or an expression in the place of the scene's shapes.
 *
 * `.nrrd` files say themselves what is in them; `.raw` files need `--size` and `--type`; `.vm` files are expressions.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { extname } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  EngineError,
  LIMITS,
  readNrrd,
  readRawVolume,
  readVm,
  SETTINGS_DEFAULTS,
  type Triple,
  VOLUME_LIMITS,
  type Volume,
  type VolumeOptions,
  type VolumeStandIn,
} from "@volumark/engine";
import { memoryLimit } from "../job/memory.ts";
import { systemErrorCode } from "../job/system-error.ts";
import { UsageError } from "./usage-error.ts";
import { quoted, readChoice, readDecimal } from "./values.ts";

/** Text as typed, undefined where the option was not given. */
export interface VolumeOptionTexts {
  readonly volume?: string;
  readonly level?: string;
  readonly inside?: string;
  readonly size?: string;
  readonly type?: string;
  readonly spacing?: string;
  readonly endian?: string;
}

const TYPES = ["uint8", "uint16", "float32"] as const;
const ENDINGS = [".nrrd", ".raw", ".vm"] as const;
/** Options that mean something only beside `--volume`. */
const DEPENDENT = ["level", "inside", "size", "type", "spacing", "endian"] as const;
const LEVEL_RANGE = { least: -1e9, most: 1e9 };
const SPACING_RANGE = { least: 1e-6, most: 1e6 };

/** The volume that the options name, null where they name none. Throws `UsageError`, one sentence. */
export async function readVolumeOptions(
  texts: VolumeOptionTexts,
  { closed }: { readonly closed: boolean },
): Promise<VolumeStandIn | null> {
  const { volume: path } = texts;
  if (path === undefined) {
    for (const key of DEPENDENT) {
      if (texts[key] !== undefined) throw new UsageError(`--${key} belongs to --volume FILE, which was not given`);
    }
    return null;
  }
  const ending = extname(path).toLowerCase();
  if (!ENDINGS.some((known) => known === ending)) {
    throw new UsageError(`--volume must be a file that ends in ${ENDINGS.join(", ")}, got ${quoted(path)}`);
  }
  refuseForeignOptions(texts, ending);
  const options = ending === ".vm" ? null : readSurfaceOptions(texts, closed);
  const bytes = await readFile(path);
  try {
    if (options === null) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      return { kind: "expression", program: readVm(textOf(path, bytes)), hash };
    }
    const volume = ending === ".raw" ? readRaw(texts, bytes) : readNrrd(bytes, { inflate });
    refuseNonFinite(path, volume);
    return { kind: "samples", volume: shared(volume), options };
  } catch (error) {
    if (error instanceof EngineError) throw new UsageError(`--volume ${path}: ${error.message}`);
    throw error;
  }
}

/** The grid that fits a volume best: its longest side, so that samples are used as they are. */
export function ownDimension(volume: VolumeStandIn): number {
  if (volume.kind === "expression") return SETTINGS_DEFAULTS.dimension;
  const border = volume.options.border === "closed" ? 2 : 0;
  return Math.min(Math.max(...volume.volume.dimensions, LIMITS.dimension[0]) + border, LIMITS.dimension[1]);
}

function refuseForeignOptions(texts: VolumeOptionTexts, ending: string): void {
  const raw = ["size", "type", "spacing", "endian"] as const;
  const foreign = ending === ".raw" ? [] : ending === ".vm" ? ([...raw, "level", "inside"] as const) : raw;
  for (const key of foreign) {
    if (texts[key] === undefined) continue;
    const why = ending === ".vm" ? "an expression says itself where its surface is" : "an NRRD file says it itself";
    throw new UsageError(`--${key} does not belong to a ${ending} file: ${why}`);
  }
}

function readSurfaceOptions({ level, inside }: VolumeOptionTexts, closed: boolean): VolumeOptions {
  if (level === undefined) throw new UsageError("--volume needs --level, the value at which the surface lies");
  return {
    level: readDecimal("--level", level, LEVEL_RANGE),
    inside: inside === undefined ? "above" : readChoice("--inside", inside, ["above", "below"]),
    border: closed ? "closed" : "open",
  };
}

function readRaw(texts: VolumeOptionTexts, bytes: Uint8Array): Volume {
  const { size, type, spacing, endian } = texts;
  if (size === undefined || type === undefined) {
    throw new UsageError("a .raw file has no header: give --size NXxNYxNZ and --type uint8, uint16 or float32");
  }
  const sides = readTriple("--size", size, /^\d{1,6}$/, { least: VOLUME_LIMITS[0], most: VOLUME_LIMITS[1] });
  return readRawVolume(bytes, {
    type: readChoice("--type", type, TYPES),
    dimensions: sides,
    ...(spacing === undefined ? {} : { spacing: readTriple("--spacing", spacing, /^[\d.]{1,20}$/, SPACING_RANGE) }),
    ...(endian === undefined ? {} : { endian: readChoice("--endian", endian, ["little", "big"]) }),
  });
}

/** A value that is no number is found before anything is started, and told by its place in the grid. */
function refuseNonFinite(path: string, { samples, dimensions: [nx, ny] }: Volume): void {
  if (!(samples instanceof Float32Array)) return;
  // 0 · x is 0 for every finite x and NaN for the others: one sum tells, without a branch for each sample.
  let probe = 0;
  for (let i = 0; i < samples.length; i++) probe += 0 * (samples[i] as number);
  if (probe === 0) return;
  const first = samples.findIndex((value) => !Number.isFinite(value));
  const count = samples.reduce((sum, value) => (Number.isFinite(value) ? sum : sum + 1), 0);
  const place = [first % nx, Math.floor(first / nx) % ny, Math.floor(first / nx / ny)];
  throw new UsageError(
    `--volume ${path}: ${count} of ${samples.length} samples ${count === 1 ? "is" : "are"} no finite number, the first is ` +
      `${samples[first]} at ${place.join(", ")}. Replace them, or give the type and byte order that the file was written with.`,
  );
}

function readTriple(option: string, text: string, part: RegExp, range: { least: number; most: number }): Triple {
  const parts = text.split("x");
  const values = parts.map(Number);
  const [x, y, z] = values;
  const good = parts.every((each) => part.test(each)) && values.every((v) => v >= range.least && v <= range.most);
  if (values.length !== 3 || !good) {
    throw new UsageError(
      `${option} must be three numbers from ${range.least} to ${range.most} joined by x, got ${quoted(text)}`,
    );
  }
  return [x as number, y as number, z as number];
}

/** The whole file. Refused beforehand where it would take more than half of the memory. */
async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  let handle: FileHandle | undefined;
  try {
    // A pipe without a writer would keep a plain opening waiting.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = await handle.stat();
    if (about.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (!about.isFile()) throw new UsageError(`--volume ${path}: it must be an ordinary file`);
    const most = Math.floor(memoryLimit().bytes / 2);
    if (about.size > most) {
      throw new UsageError(
        `--volume ${path}: the file has ${about.size} bytes, and at most ${most} fit into memory here`,
      );
    }
    const bytes = new Uint8Array(about.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, Math.min(bytes.length - length, 1 << 26), length);
      if (bytesRead === 0)
        throw new UsageError(`--volume ${path}: the file ended after ${length} of ${bytes.length} bytes`);
      length += bytesRead;
    }
    return bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = systemErrorCode(error);
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder",
      EACCES: "it may not be read",
    };
    throw new UsageError(
      `--volume ${path}: ${reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error))}`,
    );
  } finally {
    await handle?.close();
  }
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`--volume ${path}: this is not a text file in UTF-8`);
  }
}

const inflate = (bytes: Uint8Array, mostBytes: number) => gunzipSync(bytes, { maxOutputLength: mostBytes });

/** The samples in shared memory, so that lanes read them without a copy each. */
function shared(volume: Volume): Volume {
  const { samples } = volume;
  const buffer = new SharedArrayBuffer(samples.byteLength);
  // By kind and not by constructor: bytes that were unpacked are a Buffer.
  const copy =
    samples instanceof Float32Array
      ? new Float32Array(buffer)
      : samples instanceof Uint16Array
        ? new Uint16Array(buffer)
        : new Uint8Array(buffer);
  copy.set(samples);
  return { ...volume, samples: copy };
}
