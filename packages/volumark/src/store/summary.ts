/** From a record to the row that lists and histories show. */
import { type ForeignRecord, gradeRun, median, passesOf, type RunRecord, steadyPassesOf } from "@volumark/measure";
import { distrustOf } from "./distrust.ts";
import { intervalsText } from "./intervals.ts";
import type { AnyRecord } from "./packed-record.ts";
import type { RunsTable } from "./tables.ts";

/** Everything that the record alone tells; the store adds when it was stored and where the GIF is. */
export type RecordSummary = Omit<RunsTable, "storedAt" | "gifHash" | "acknowledged" | "acknowledgedAt">;

type NumberColumn = "wallNs" | "fieldNs" | "surfaceNs" | "pictureNs" | "convertNs" | "encodeNs";

/** Whether this program wrote the record. */
export function isOwn(record: AnyRecord): record is RunRecord {
  return (record as { schema?: unknown }).schema !== undefined;
}

/** The row of a record. A foreign one is named by the hash of its content, so that it is taken in once, at `now`. */
export function summaryOf(record: AnyRecord, contentHash: string, now: Date): RecordSummary {
  return isOwn(record) ? ownSummary(record) : foreignSummary(record, contentHash, now);
}

function ownSummary(record: RunRecord): RecordSummary {
  const { run, benchmark_data: data } = record;
  const steady = steadyPassesOf(record);
  // Frames of one pass are never pooled: the median over the passes of each pass's median frame.
  const framesOf = (column: NumberColumn) =>
    steady.flatMap(({ frames }) => (frames[column].length > 0 ? [median(frames[column])] : []));
  const passes = {
    total: steady.map(({ totalNs }) => totalNs),
    frame: framesOf("wallNs"),
    field: framesOf("fieldNs"),
    surface: framesOf("surfaceNs"),
    picture: framesOf("pictureNs"),
    convert: framesOf("convertNs"),
    encode: framesOf("encodeNs"),
  };
  const { cpu, memory, platform } = data.system_info;
  return {
    id: run.id,
    startedAt: new Date(run.startedAt).toISOString(),
    source: "own",
    scene: sceneName(run.settings),
    settingsHash: run.settingsHash,
    sceneHash: run.sceneHash,
    outputHash: run.outputHash,
    machine: `${cpu.name}, ${cpu.threads} threads, ${Math.round(memory.total / 2 ** 30)} GiB, ${platform.system} ${cpu.architecture}`,
    cpu: cpu.name,
    version: run.volumark.version,
    commit: run.volumark.commit,
    status: run.failure ? "failed" : run.stopped ? "stopped" : "done",
    lanes: run.lanes,
    backend: run.backend,
    frames: record.frame_count,
    passes: Math.max(1, passesOf(record).length),
    grade: gradeRun(record).letter,
    totalNs: medianOf(passes.total) ?? wholeNs(data.performance_metrics.total_time),
    frameNs: medianOf(passes.frame),
    fieldNs: medianOf(passes.field),
    surfaceNs: medianOf(passes.surface),
    pictureNs: medianOf(passes.picture),
    convertNs: medianOf(passes.convert),
    encodeNs: medianOf(passes.encode),
    intervals: intervalsText(passes),
    distrust: "[]",
  };
}

function foreignSummary(record: ForeignRecord, contentHash: string, now: Date): RecordSummary {
  const { benchmark_data: data } = record;
  const info = data.system_info as Record<string, Record<string, unknown> | null | undefined> | undefined;
  const cpu = textOf(info?.cpu?.name);
  const medianSeconds = (values: readonly number[]) => medianOf(values.map((seconds) => seconds * 1e9));
  return {
    id: contentHash.slice(0, 32),
    startedAt: now.toISOString(),
    source: "foreign",
    scene: textOf(data.simulation_settings?.scene),
    settingsHash: null,
    sceneHash: null,
    outputHash: null,
    machine: cpu ?? "unknown",
    cpu,
    version: null,
    commit: null,
    status: record.error !== undefined || data.error_occurred ? "failed" : "done",
    lanes: null,
    backend: null,
    frames: record.frame_count,
    passes: 1,
    grade: null,
    totalNs: wholeNs(data.performance_metrics.total_time),
    frameNs: medianSeconds(data.individual_frame_times),
    fieldNs: medianSeconds(data.field_generation_times),
    surfaceNs: medianSeconds(data.marching_cubes_times),
    pictureNs: medianSeconds(data.rendering_times),
    convertNs: null,
    encodeNs: null,
    intervals: null,
    distrust: JSON.stringify(distrustOf(record)),
  };
}

function sceneName(settings: RunRecord["run"]["settings"]): string | null {
  const { scene } = settings;
  return typeof scene === "object" && scene !== null && "name" in scene ? textOf(scene.name) : null;
}

function medianOf(ns: readonly number[]): number | null {
  return ns.length > 0 ? Math.round(median(ns)) : null;
}

function wholeNs(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
