/**
 * Comparisons in which a record of another program may take part: one pass, with the stages that it knows.
 *
 * Nothing is invented: hashes are null, so that the work is "not known" to be the same; of stages that it does not know nothing
 * is said, and of its machine only what it says itself. What it lacks stands among the caveats.
 */
import { isOwn, type PassView, viewOf } from "../formats/view.ts";
import { buildRecord } from "../record/build.ts";
import type { ForeignRecord, FrameColumns, RunRecord, SystemInfo } from "../record/schema.ts";
import { type CompareOptions, type Comparison, compareRuns } from "./compare.ts";
import type { Difference } from "./differences.ts";

export interface NamedRecord {
  readonly record: RunRecord | ForeignRecord;
  /** How it is called where it has no id. */
  readonly name: string;
}

const UNKNOWN = "not known";

/** As `compareRuns`, of records of any program. */
export function compareRecords(
  a: NamedRecord,
  b: NamedRecord,
  options: Omit<CompareOptions, "order"> = {},
): Comparison {
  const [runA, runB] = [comparable(a), comparable(b)];
  const comparison = compareRuns(runA, runB, options);
  if (isOwn(a.record) && isOwn(b.record)) return comparison;
  const lacks = [a, b].flatMap(({ record }, side) =>
    isOwn(record) ? [] : viewOf(record).missing.map((text) => `Run ${"ab"[side]}: ${text}`),
  );
  const started = ({ record }: NamedRecord, known: Comparison["a"]) =>
    isOwn(record) ? known : { ...known, startedAt: `time ${UNKNOWN}` };
  return {
    ...comparison,
    a: started(a, comparison.a),
    b: started(b, comparison.b),
    mostDifferent: compareRuns(withoutGif(runA), withoutGif(runB), { resamples: 1 }).mostDifferent,
    machine: comparison.machine.filter(isSaid),
    caveats: [...comparison.caveats, ...lacks],
  };
}

/** What a foreign record does not say looks like this on its side. */
function isSaid({ name, a, b }: Difference): boolean {
  return name !== "lanes" && ![a, b].some((value) => value === "0" || value.startsWith(UNKNOWN));
}

/** The same run without the stages that other programs know for all frames together only. */
function withoutGif(record: RunRecord): RunRecord {
  const zeros = (ns: readonly number[]) => ns.map(() => 0);
  const bare = (frames: FrameColumns) => ({
    ...frames,
    convertNs: zeros(frames.convertNs),
    encodeNs: zeros(frames.encodeNs),
  });
  const { run } = record;
  const passes = run.passes?.map((pass) => ({ ...pass, frames: bare(pass.frames) }));
  const value = { ...run, frames: bare(run.frames), ...(passes ? { passes } : {}) };
  // A copy would make the GIF whole.
  return Object.create(record, { run: { value } });
}

function comparable({ record, name }: NamedRecord): RunRecord {
  if (isOwn(record)) return record;
  const { benchmark_data: data, resolution, fps, file_size_bytes } = record;
  const [pass] = viewOf(record).passes;
  const settings = data.simulation_settings ?? {};
  const built = buildRecord({
    id: name,
    startedAt: 0,
    originNs: 0,
    version: UNKNOWN,
    commit: null,
    commitReason: "another program wrote the record",
    width: resolution[0] ?? 0,
    height: resolution[1] ?? 0,
    dimension: typeof settings.dimension === "number" ? settings.dimension : 0,
    frames: record.frame_count,
    fps,
    settings,
    settingsHash: null,
    sceneHash: null,
    outputHash: null,
    lanes: 1,
    backend: UNKNOWN,
    timer: { name: UNKNOWN, resolutionNs: 0, costNs: 0 },
    made: pass ? framesOf(pass) : [],
    gif: {
      bytes: { length: file_size_bytes, chunks: () => [] },
      filename: "",
      frameCount: record.frame_count,
      finishedNs: pass?.totalNs ?? 0,
    },
    systemInfo: machineOf(data.system_info),
  });
  // The total is its own word, also where its frames add up to more.
  built.benchmark_data.performance_metrics.total_time = data.performance_metrics.total_time;
  return record.error === undefined ? built : { ...built, error: record.error };
}

function framesOf({ frame, wallNs, parts }: PassView) {
  let startNs = 0;
  return frame.map((number, i) => {
    const at = (name: keyof typeof parts) => parts[name]?.[i] ?? 0;
    const times = {
      startNs,
      wallNs: wallNs[i]!,
      fieldNs: at("field"),
      surfaceNs: at("surface"),
      pictureNs: at("picture"),
      convertNs: 0,
      encodeNs: 0,
      waitNs: 0,
      instrumentsNs: 0,
      unaccountedNs: at("unaccounted"),
    };
    startNs += times.wallNs;
    const counts = { bricks: 0, samples: 0, activeCells: 0, vertices: 0, triangles: 0, shadedPixels: 0, gifBytes: 0 };
    return { frame: number, times, counts, pictureHash: "" };
  });
}

/** What it says of the machine under the names that records share; its keys are not ours, so each is looked at. */
function machineOf(info: ForeignRecord["benchmark_data"]["system_info"]): SystemInfo {
  const group = (name: string) => {
    const found = info?.[name];
    return (typeof found === "object" && found !== null ? found : {}) as Record<string, unknown>;
  };
  const [cpu, memory, gpu, platform] = ["cpu", "memory", "gpu", "platform"].map(group);
  const text = (value: unknown) => (typeof value === "string" ? value : UNKNOWN);
  const amount = (value: unknown) => (typeof value === "number" ? value : 0);
  return {
    cpu: {
      name: text(cpu!.name),
      architecture: text(cpu!.architecture),
      cores: amount(cpu!.cores),
      threads: amount(cpu!.threads),
      utilization: 0,
      frequency: 0,
    },
    memory: { total: amount(memory!.total), used: 0, available: 0, percent: 0 },
    gpu: { name: text(gpu!.name), memory_total: 0, memory_used: 0, utilization: 0 },
    platform: {
      system: text(platform!.system),
      version: text(platform!.version),
      architecture: "64bit",
      python_version: null,
      runtime: text(platform!.runtime),
      runtime_version: text(platform!.runtime_version),
    },
  };
}
