/** What a comparison reads of a record, without what only other views show: less to send to a worker. */
import type { ForeignRecord, FrameColumns, NamedRecord, RunRecord } from "@volumark/measure";

export function comparedRecord({ record, name }: NamedRecord): NamedRecord {
  const bare = { ...record, gif_data: "", gif_bytestream: [] as number[] };
  if (!("run" in record)) return { record: bare as ForeignRecord, name };
  const { run, benchmark_data } = record as RunRecord;
  const passes = run.passes?.map((pass) => ({ ...pass, frames: comparedColumns(pass.frames) }));
  const lean = {
    ...run,
    frames: comparedColumns(run.frames),
    counts: {},
    ...(passes ? { passes } : {}),
    sensors: [],
    events: [],
    pictureHashes: [],
    warnings: [],
    derived: {},
    checks: [],
  };
  const { system_info, performance_metrics } = benchmark_data;
  return {
    record: { ...bare, benchmark_data: { system_info, performance_metrics }, run: lean } as unknown as RunRecord,
    name,
  };
}

function comparedColumns(columns: FrameColumns): Partial<FrameColumns> {
  const { frame, startNs, wallNs, fieldNs, surfaceNs, pictureNs, convertNs, encodeNs } = columns;
  return { frame, startNs, wallNs, fieldNs, surfaceNs, pictureNs, convertNs, encodeNs };
}
