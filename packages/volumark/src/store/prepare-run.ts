/** From a record to what the store keeps of it: everything that takes long and needs no database. */
import { type ByteSource, gifSourceOf } from "@volumark/measure";
import { type AnyRecord, gifOf, hashOf, type PackedRecord, packRecord, sha256 } from "./packed-record.ts";
import { type RecordSummary, summaryOf } from "./summary.ts";

export interface PreparedRun {
  readonly row: RecordSummary & { readonly storedAt: string };
  /** Its hash is that of the whole content, with the GIF. */
  readonly packed: PackedRecord;
  /** Null where there is none, or where the record's two forms of it do not agree and stay in it. */
  readonly gif: { readonly hash: string; readonly source: ByteSource } | null;
}

/** Prepares a valid record and its GIF: that of the record unless it is given. Plain data, but for the GIF's source. */
export function prepareRun(record: AnyRecord, gif?: ByteSource | Uint8Array): PreparedRun {
  const held = gif ?? gifSourceOf(record) ?? gifOf(record);
  const source = held instanceof Uint8Array ? bytesSource(held) : held;
  const apart = source !== null && source.length > 0;
  const gifHash = apart ? hashOf(source) : null;
  const packed = packRecord(record, apart);
  const hash = sha256(`${packed.hash} ${gifHash}`);
  const now = new Date();
  return {
    row: { ...summaryOf(record, hash, now), storedAt: now.toISOString() },
    packed: { ...packed, hash },
    gif: gifHash === null || source === null ? null : { hash: gifHash, source },
  };
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, chunks: () => [bytes] };
}
