/** What a comparison reads of a record, without what only other views show: less to send to a worker. */
import type { ForeignRecord, NamedRecord, RunRecord } from "@volumark/measure";

export function comparedRecord({ record, name }: NamedRecord): NamedRecord {
  const bare = { ...record, gif_data: "", gif_bytestream: [] as number[] };
  if (!("run" in record)) return { record: bare as ForeignRecord, name };
  const { run } = record as RunRecord;
  const lean = { ...run, sensors: [], events: [], pictureHashes: [], warnings: [], derived: {}, checks: [] };
  return { record: { ...bare, run: lean } as RunRecord, name };
}
