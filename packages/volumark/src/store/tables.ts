/**
 * The tables, as kysely sees them. Only types that SQLite and Postgres both have; bytes are `bytea`, which SQLite stores as
 * they are.
 *
 * ```
 * storeVersion   one row: which migrations have been made
 * runs           what a list and a history need, one row a run
 * runRecords     the record of a run without its GIF, compressed
 * gifParts       GIFs by the SHA-256 of their bytes, in parts of at most 1 MiB: equal GIFs are there once
 * queueState     one row: how many jobs were ever submitted; whoever submits takes turns at it
 * jobs           one row a job of the queue, with its lease
 * jobEvents      the log of each job
 * accessKeys     who may use the server: never a key, only its hash
 * ```
 */
import type { Kysely, Transaction } from "kysely";

export interface StoreTables {
  storeVersion: { version: number };
  runs: RunsTable;
  runRecords: RunRecordsTable;
  gifParts: GifPartsTable;
  queueState: { submitted: number };
  jobs: JobsTable;
  jobEvents: JobEventsTable;
  accessKeys: AccessKeysTable;
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
  /** Threads and evaluator that made it; null for a foreign one. */
  lanes: number | null;
  backend: string | null;
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
  /** Of those times, as JSON (`intervals.ts`); null of runs that were stored before there were any, and of foreign ones. */
  intervals: string | null;
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

/** Times are RFC 3339 and for showing; a lease is judged by `token` and `beat`. JSON is text, truth 0 or 1. */
export interface JobsTable {
  id: string;
  number: number;
  status: "queued" | "running" | "finished" | "failed" | "cancelled";
  settings: string;
  settingsHash: string;
  scene: string;
  options: string;
  /** The label that a worker must have; null where any will do. */
  machine: string | null;
  idempotencyKey: string | null;
  /** Of everything that was asked for: the same key with another request is a conflict. */
  requestHash: string;
  submittedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  attempts: number;
  mostAttempts: number;
  /** Of the attempt that goes on; null while none does. */
  token: string | null;
  /** Counts the heartbeats of the attempt. */
  beat: number;
  worker: string | null;
  workerLabel: string | null;
  /** The process that it is, for whoever shares its machine (`queue/worker-process.ts`); null where that is not known. */
  workerProcess: string | null;
  /** The label of a worker that shares its machine with no other, while it works at this: no two rows may have the same. */
  runningOn: string | null;
  done: number;
  frames: number;
  cancelAsked: number;
  reason: string | null;
  runId: string | null;
  lastEvent: number;
  /** Events that are in the log, and bytes of their data. */
  eventCount: number;
  eventBytes: number;
}

export interface JobEventsTable {
  job: string;
  sequence: number;
  kind: string;
  at: string;
  data: string;
}

export interface AccessKeysTable {
  id: string;
  name: string;
  scope: "read" | "run" | "admin";
  /** SHA-256 of the key, as hexadecimal digits. */
  hash: string;
  createdAt: string;
  /** The last day on which it was used, as 2026-11-24; null: never. */
  usedOn: string | null;
  revokedAt: string | null;
}

/** Which database it is, where SQL differs. */
export type Dialect = "sqlite" | "postgres";
export type Database = Kysely<StoreTables>;
export type Changes = Transaction<StoreTables>;
