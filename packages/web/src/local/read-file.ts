/**
 * From a file that somebody dropped to a record that may be shown, or one sentence why not. Runs in a worker: parsing a large
 * record takes seconds, and a page that is busy for seconds is a page that hangs.
 */
import { inspectGif } from "@volumark/engine";
import { type ForeignRecord, formatBytes, formatCount, type RunRecord, readRecord } from "@volumark/measure";
import { plainText, plainValue } from "./plain-text.ts";
import { RecordScanner, SCAN_LIMITS, type ScanLimits, type ScannedRecord } from "./record-scanner.ts";

export interface ReadLimits extends ScanLimits {
  /** Bytes of the file. */
  readonly file: number;
  /** Frames of one pass, and of all passes together: what the page's charts and tables hold. */
  readonly frames: number;
  readonly frameEntries: number;
}

export const READ_LIMITS: ReadLimits = { ...SCAN_LIMITS, file: 2e9, frames: 100_000, frameEntries: 400_000 };

export interface ReadProgress {
  readonly readBytes: number;
  readonly totalBytes: number;
  /** About what reading holds in memory now. */
  readonly heldBytes: number;
}

export type FileResult =
  | {
      readonly status: "record";
      /** Without its animation; every text made plain. */
      readonly record: RunRecord | ForeignRecord;
      readonly own: boolean;
      /** The animation; null without one that can be shown. */
      readonly gif: Uint8Array<ArrayBuffer> | null;
      /** What a reader should know, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly status: "refused"; readonly reason: string };

const CUT = "Use the command line for it: volumark report FILE.";

/** Reads the pieces of a file. Never throws for what is in it. */
export async function readRecordFile(
  pieces: AsyncIterable<Uint8Array>,
  totalBytes: number,
  onProgress: (progress: ReadProgress) => void = () => {},
  limits: ReadLimits = READ_LIMITS,
): Promise<FileResult> {
  if (totalBytes > limits.file) {
    return refuse(`it has ${formatBytes(totalBytes)}, and the page reads up to ${formatBytes(limits.file)}. ${CUT}`);
  }
  const scanner = new RecordScanner(limits);
  let readBytes = 0;
  try {
    for await (const piece of pieces) {
      if (readBytes === 0 && looksBinary(piece)) {
        return refuse("it is not text. Drop the JSON file of a run, which begins with {.");
      }
      scanner.push(piece);
      readBytes += piece.length;
      onProgress({ readBytes, totalBytes, heldBytes: scanner.heldBytes });
    }
  } catch (error) {
    if (error instanceof RangeError) return refuse(`${error.message}. ${CUT}`);
    return refuse(`the file could not be read (${plainText(String(error), 200)}). Drop it again.`);
  }
  return readScanned(scanner.end(), limits);
}

async function readScanned(scanned: ScannedRecord, limits: ReadLimits): Promise<FileResult> {
  let value: unknown;
  try {
    value = JSON.parse(scanned.text);
  } catch (error) {
    // The reader of records has a better sentence for text that is no JSON.
    const result = await readRecord(scanned.text);
    return { status: "refused", reason: result.status === "unreadable" ? plainText(result.reason) : String(error) };
  }
  const frames = tooManyFrames(value, limits);
  if (frames !== null) return refuse(frames);
  const size = takeSize(value, scanned);
  const result = await readRecord(value);
  if (result.status === "unreadable") return { status: "refused", reason: plainText(result.reason, 600) };
  result.record.file_size_bytes = size;
  const { gif, notes } = animationOf(scanned, size);
  return { status: "record", record: plainValue(result.record), own: result.status === "record", gif, notes };
}

/** The bytes were taken out of the arrays that the reader compares with the size; it is compared here. */
function takeSize(value: unknown, { integers }: ScannedRecord): number {
  const record = value as { file_size_bytes?: unknown };
  const size = record?.file_size_bytes;
  if (typeof size !== "number" || integers === null) return 0;
  record.file_size_bytes = size >= 0 && Number.isInteger(size) ? 0 : size;
  return size;
}

function animationOf({ base64, integers, fault }: ScannedRecord, size: number) {
  const notes: string[] = [];
  const bytes = base64 && base64.length > 0 ? base64 : integers && integers.length > 0 ? integers : null;
  if (fault !== null) notes.push(`The animation may be damaged: ${fault}.`);
  if (bytes === null) {
    notes.push("The record holds no animation.");
    return { gif: null, notes };
  }
  if (bytes.length !== size)
    notes.push(`The animation has ${formatCount(bytes.length)} bytes, and file_size_bytes is ${formatCount(size)}.`);
  if (base64 && integers && integers.length > 0 && !equal(base64, integers))
    notes.push("gif_data and gif_bytestream are not the same bytes; gif_data is shown.");
  try {
    inspectGif(bytes);
  } catch (error) {
    notes.push(
      `The animation can't be shown: ${plainText(error instanceof Error ? error.message : String(error), 300)}`,
    );
    return { gif: null, notes };
  }
  return { gif: bytes, notes };
}

/** Looked at before anything is checked entry by entry. */
function tooManyFrames(value: unknown, limits: ReadLimits): string | null {
  const record = value as {
    benchmark_data?: { individual_frame_times?: unknown };
    run?: { frames?: { frame?: unknown }; passes?: unknown };
  } | null;
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  const frames = Math.max(count(record?.benchmark_data?.individual_frame_times), count(record?.run?.frames?.frame));
  if (frames > limits.frames) {
    return `it has ${formatCount(frames)} frames, and the page shows up to ${formatCount(limits.frames)}. ${CUT}`;
  }
  const passes = Array.isArray(record?.run?.passes) ? (record.run.passes as { frames?: { frame?: unknown } }[]) : [];
  const entries = passes.reduce((sum, pass) => sum + count(pass?.frames?.frame), 0);
  if (entries > limits.frameEntries) {
    return `it has ${formatCount(entries)} frames in ${formatCount(passes.length)} passes, and the page shows up to ${formatCount(limits.frameEntries)}. ${CUT}`;
  }
  return null;
}

function refuse(reason: string): FileResult {
  return { status: "refused", reason: `read record: ${reason}` };
}

/** A zero byte in the first kilobytes: no JSON in UTF-8 has one. */
function looksBinary(piece: Uint8Array): boolean {
  return piece.subarray(0, 4096).includes(0) || (piece[0] === 0x47 && piece[1] === 0x49 && piece[2] === 0x46);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
