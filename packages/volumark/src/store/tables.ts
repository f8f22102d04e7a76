/**
 * The tables, as kysely sees them. Only types that SQLite and Postgres both have; bytes are `bytea`, which SQLite stores as
 * they are.
 *
 * ```
 * storeVersion   one row: which migrations have been made
 * runs           what a list and a history need, one row a run
 * runRecords     the record of a run without its GIF, compressed
 * gifParts       GIFs by the SHA-256 of their bytes, in parts of at most 1 MiB: equal GIFs are there once
 * ```
 */
import type { Kysely, Transaction } from "kysely";

export interface StoreTables {
  storeVersion: { version: number };
  runs: RunsTable;
  runRecords: RunRecordsTable;
  gifParts: GifPartsTable;
}

/** Times are whole nanoseconds: a pass, and the median frame of each stage; of several passes the median of those in steady state. */
export interface RunsTable {
  id: string;
  /** UTC, RFC 3339 with milliseconds, so that text order is order in time. */
  startedAt: string;
  storedAt: string;
  source: "own" | "foreign";
  scene: string | null;
  settingsHash: string | null;
  sceneHash: string | null;
  /** As the record says it; null without a GIF. */
  outputHash: string | null;
  /** Of the GIF in `gifParts`; null where it is not stored. */
  gifHash: string | null;
  /** What two runs must share to have been made on the same kind of machine. */
  machine: string;
  cpu: string | null;
  version: string | null;
  /** Of the program's source. */
  commit: string | null;
  status: "done" | "failed" | "stopped";
  frames: number;
  passes: number;
  grade: string | null;
  totalNs: number;
  frameNs: number | null;
  fieldNs: number | null;
  surfaceNs: number | null;
  pictureNs: number | null;
  convertNs: number | null;
  encodeNs: number | null;
  /** JSON array of sentences: why a foreign record is trusted less. */
  distrust: string;
  /** Why somebody has accepted what this run shows, and when. */
  acknowledged: string | null;
  acknowledgedAt: string | null;
}

export interface RunRecordsTable {
  id: string;
  /** SHA-256 of the record's JSON text before it is compressed. */
  hash: string;
  encoding: "gzip";
  bytes: Uint8Array;
}

export interface GifPartsTable {
  hash: string;
  part: number;
  bytes: Uint8Array;
}

export type Database = Kysely<StoreTables>;
export type Changes = Transaction<StoreTables>;
