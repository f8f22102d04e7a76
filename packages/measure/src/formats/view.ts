/**
 * What the formats read of a record: the same passes and frames for a record of this system and for one of another program.
 *
 * Guaranteed: nothing is invented. What a record lacks is null, and `missing` says it in sentences.
 */
import { passesOf } from "../record/passes.ts";
import type { ForeignRecord, RunRecord } from "../record/schema.ts";

/** Parts of a frame in the order in which charts and tables show them: the stages, then what is no stage. */
export const PARTS = [
  "field",
  "surface",
  "picture",
  "convert",
  "encode",
  "wait",
  "instruments",
  "unaccounted",
] as const;

export type PartName = (typeof PARTS)[number];

/** The same parts in the order in which they happen; what is unaccounted for has no place in it. */
export const PARTS_IN_TIME = [
  "field",
  "surface",
  "picture",
  "convert",
  "instruments",
  "wait",
  "encode",
] as const satisfies readonly PartName[];

export interface PassView {
  /** ns since the start of the run; null where it was not recorded. */
  readonly startNs: number | null;
  readonly totalNs: number;
  readonly warmUp: boolean;
  readonly canaryNs: number | null;
  /** Frame numbers; every other column has as many entries. */
  readonly frame: readonly number[];
  readonly lane: readonly number[] | null;
  /** ns since the start of the run. */
  readonly frameStartNs: readonly number[] | null;
  readonly wallNs: readonly number[];
  /** ns; a part that was not recorded is absent. */
  readonly parts: Readonly<Partial<Record<PartName, readonly number[]>>>;
}

export interface RecordView {
  /** The record, where this system wrote it. */
  readonly own: RunRecord | null;
  readonly id: string | null;
  readonly passes: readonly PassView[];
  /** The pass that the frames of the GIF were measured in: its place in `passes`. */
  readonly representative: number;
  /** What the record lacks, a sentence each. */
  readonly missing: readonly string[];
}

/** Whether this system wrote the record. */
export function isOwn(record: RunRecord | ForeignRecord): record is RunRecord {
  return (record as { schema?: unknown }).schema !== undefined;
}

/** What a record lacks for a table or a trace, a sentence each; nothing for a complete record of this system. */
export function missingFrom(record: RunRecord | ForeignRecord): readonly string[] {
  return viewOf(record).missing;
}

export function viewOf(record: RunRecord | ForeignRecord): RecordView {
  if (!isOwn(record)) return foreignView(record);
  const passes = passesOf(record).map(
    ({ startNs, totalNs, warmUp, canaryNs, frames }): PassView => ({
      startNs,
      totalNs,
      warmUp,
      canaryNs,
      frame: frames.frame,
      lane: frames.lane,
      frameStartNs: frames.startNs,
      wallNs: frames.wallNs,
      parts: {
        field: frames.fieldNs,
        surface: frames.surfaceNs,
        picture: frames.pictureNs,
        convert: frames.convertNs,
        encode: frames.encodeNs,
        wait: frames.waitNs,
        instruments: frames.instrumentsNs,
        unaccounted: frames.unaccountedNs,
      },
    }),
  );
  const chosen = record.run.representativePass ?? 0;
  return {
    own: record,
    id: record.run.id,
    passes,
    representative: chosen < passes.length ? chosen : 0,
    missing: passes.length === 0 ? ["No frame was finished."] : [],
  };
}

const FOREIGN_PARTS = [
  ["field", "field_generation_times"],
  ["surface", "marching_cubes_times"],
  ["picture", "rendering_times"],
] as const;

function foreignView({ benchmark_data: data }: ForeignRecord): RecordView {
  const missing = [
    "Another program wrote this record: it has no run id, lanes, start times, counts, sensors, events or hashes.",
  ];
  const wallNs = data.individual_frame_times.map(nanoseconds);
  const parts: Partial<Record<PartName, readonly number[]>> = {};
  for (const [part, key] of FOREIGN_PARTS) {
    if (data[key].length === wallNs.length) parts[part] = data[key].map(nanoseconds);
    else missing.push(`${key} has ${data[key].length} entries for ${wallNs.length} frames and is left out.`);
  }
  const { field, surface, picture } = parts;
  // Beside those three a frame has only "what lies between them".
  if (field && surface && picture)
    parts.unaccounted = wallNs.map((ns, i) => ns - field[i]! - surface[i]! - picture[i]!);
  if (wallNs.length === 0) missing.push("It has no times of single frames.");
  const { total_time, gif_creation_time, frame_conversion_time } = data.performance_metrics;
  if (gif_creation_time > 0 || frame_conversion_time > 0)
    missing.push("Converting and encoding are known only as sums over all frames.");
  const pass: PassView = {
    startNs: null,
    totalNs: nanoseconds(total_time),
    warmUp: false,
    canaryNs: null,
    frame: wallNs.map((_, i) => i),
    lane: null,
    frameStartNs: null,
    wallNs,
    parts,
  };
  return { own: null, id: null, passes: wallNs.length > 0 ? [pass] : [], representative: 0, missing };
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}
