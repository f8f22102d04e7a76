/** Computes off the page's thread what the window says of a run. */
import type { ForeignRecord, RunRecord } from "@volumark/measure";
import { analyse, causeOfRow } from "../shaping/analysis.ts";

export interface Question {
  readonly id: number;
  /** Which record. */
  readonly key: number;
  /** The first time that it is asked about. */
  readonly record?: RunRecord | ForeignRecord;
  /** A row among the frames: its cause is asked for; else everything. */
  readonly causeOf?: number;
}

/** Records stay here for the next question; older ones are asked for again by whoever holds them. */
const MOST_RECORDS = 4;
const records = new Map<number, RunRecord | ForeignRecord>();

self.addEventListener("message", ({ data }: MessageEvent<Question>) => {
  const { id, key, causeOf } = data;
  try {
    if (data.record) {
      records.set(key, data.record);
      const oldest = records.keys().next().value;
      if (records.size > MOST_RECORDS && oldest !== undefined) records.delete(oldest);
    }
    const record = records.get(key);
    if (!record) self.postMessage({ id, gone: true });
    else self.postMessage({ id, found: causeOf === undefined ? analyse(record) : causeOfRow(record, causeOf) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
