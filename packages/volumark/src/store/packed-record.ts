/**
 * A record as it lies in the store: its JSON text without the GIF, compressed block by block (a gzip file may have many
 * members, RFC 1952), so that the text of a long run is never whole in memory while it is stored.
 *
 * `gif_data` and `gif_bytestream` are null in it where both say the same bytes, which are stored once, by their hash; no
 * valid record has null there. Where they do not agree, which only another program's record can, both stay as they are.
 */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ByteSource, type ForeignRecord, type RunRecord, recordWithGif } from "@volumark/measure";

export type AnyRecord = RunRecord | ForeignRecord;

export interface PackedRecord {
  readonly hash: string;
  readonly encoding: "gzip";
  readonly bytes: Uint8Array;
}

/** Fast rather than small: 1 ms for the record of the default job, a fifth of its length. */
const LEVEL = 1;
/** Characters of text in a block. */
const BLOCK = 128 * 1024;
/** Objects and arrays so deep in a record become text one by one; deeper ones are small. */
const DEPTH = 3;

/** Packs a record; `gifApart` says that its GIF is stored beside it. Unknown keys and the order of keys stay. */
export function packRecord(record: AnyRecord, gifApart: boolean): PackedRecord {
  const hash = createHash("sha256");
  const blocks: Uint8Array[] = [];
  let text = "";
  const pack = () => {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    blocks.push(gzipSync(bytes, { level: LEVEL }));
    text = "";
  };
  for (const piece of jsonPieces(shownOf(record, gifApart), DEPTH)) {
    text += piece;
    if (text.length >= BLOCK) pack();
  }
  pack();
  return { hash: hash.digest("hex"), encoding: "gzip", bytes: Buffer.concat(blocks) };
}

/** The record again; `gif` is what `packRecord` was told is stored apart, null where nothing was. */
export function unpackRecord({ encoding, bytes }: PackedRecord, gif: Uint8Array | null): AnyRecord {
  if (encoding !== "gzip") throw new Error(`the record is packed as ${encoding}, which this version does not know`);
  const record = JSON.parse(gunzipSync(bytes).toString()) as AnyRecord;
  return record.gif_data === null ? recordWithGif(record, gif ?? new Uint8Array(0)) : record;
}

function shownOf(record: AnyRecord, gifApart: boolean): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of Object.keys(record) as (keyof AnyRecord)[]) {
    // Not read where it is not needed: it may be a property that reads the whole file.
    shown[key] = gifApart && (key === "gif_data" || key === "gif_bytestream") ? null : record[key];
  }
  return shown;
}

/** The text that `JSON.stringify` gives for what JSON can hold, in pieces. */
function* jsonPieces(value: unknown, depth: number): Generator<string> {
  if (typeof value !== "object" || value === null || depth === 0) {
    yield JSON.stringify(value) ?? "null";
    return;
  }
  if (Array.isArray(value)) {
    if (typeof value[0] !== "object") {
      yield JSON.stringify(value);
      return;
    }
    yield "[";
    for (const [i, entry] of value.entries()) {
      if (i > 0) yield ",";
      yield* jsonPieces(entry, depth - 1);
    }
    yield "]";
    return;
  }
  let separator = "{";
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* jsonPieces(entry, depth - 1);
    separator = ",";
  }
  yield separator === "{" ? "{}" : "}";
}

/** The GIF that a record holds in both of its forms; null where they do not say the same bytes, or there is none. */
export function gifOf({ gif_data, gif_bytestream }: AnyRecord): Uint8Array | null {
  const bytes = Buffer.from(gif_data, "base64");
  if (bytes.length === 0 || bytes.length !== gif_bytestream.length) return null;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== gif_bytestream[i]) return null;
  return bytes.toString("base64") === gif_data ? bytes : null;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 of all bytes of the source. */
export function hashOf(source: ByteSource): string {
  const hash = createHash("sha256");
  for (const chunk of source.chunks()) hash.update(chunk);
  return hash.digest("hex");
}
