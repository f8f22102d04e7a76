/**
 * From plain facts to the record: sums, means and unit changes, in one place.
 *
 * Times come in as whole nanoseconds on one clock and go out as seconds (fixed keys) and nanoseconds since `startedAt`
 * (`run`). Works with no frames at all: means are 0 then, and `frame_count` says why.
 */
import type { TimerDescription } from "../clock.ts";
import { type ByteSource, base64, base64Pieces, byteArray } from "./bytes.ts";
import type {
  DerivedValue,
  ForeignRecord,
  FrameColumns,
  RunCheck,
  RunEvent,
  RunRecord,
  RunWarning,
  SensorSeries,
  SystemInfo,
} from "./schema.ts";

/** Written out rather than imported, because importing a value from the schema would load zod. */
const SCHEMA: RunRecord["schema"] = "volumark.record/1";

/** Whole nanoseconds of one frame. `wall` = the stages + `wait` + `instruments` + `unaccounted`. */
export interface FrameTimeFacts {
  /** On the same clock as `RunFacts.originNs`. */
  readonly startNs: number;
  readonly wallNs: number;
  readonly fieldNs: number;
  readonly surfaceNs: number;
  readonly pictureNs: number;
  readonly convertNs: number;
  readonly encodeNs: number;
  readonly waitNs: number;
  readonly instrumentsNs: number;
  readonly unaccountedNs: number;
  /** From the frame's start to the end of rendering, where it was measured; else wall less convert, encode, wait and instruments. */
  readonly renderedNs?: number;
}

export interface FrameCountFacts {
  readonly bricks: number;
  readonly samples: number;
  readonly activeCells: number;
  readonly vertices: number;
  readonly triangles: number;
  readonly shadedPixels: number;
  readonly gifBytes: number;
}

export interface FrameFacts {
  /** Frame number, from 0. */
  readonly frame: number;
  /** From 0; default 0. */
  readonly lane?: number;
  readonly times: FrameTimeFacts;
  readonly counts: FrameCountFacts;
  readonly pictureHash: string;
}

/** One pass over the animation. Times on the run's clock. */
export interface PassFacts {
  /** The start of its first frame. */
  readonly startNs: number;
  /** From there to the last byte of its GIF. */
  readonly totalNs: number;
  readonly warmUp: boolean;
  readonly canaryNs: number | null;
  readonly outputHash: string | null;
  /** As `RunFacts.made`. */
  readonly made: Iterable<FrameFacts>;
}

export interface RunFacts {
  readonly id: string;
  /** When the run began: Unix milliseconds, or RFC 3339. */
  readonly startedAt: number | string;
  /** The monotonic clock at `startedAt`, ns; every other time is on this clock and is stored less this. */
  readonly originNs: number;
  /** The exact command and its arguments. */
  readonly command?: readonly string[];
  readonly version: string;
  readonly commit: string | null;
  /** Why `commit` is null. */
  readonly commitReason?: string;
  /** Where the run is one of a suite: the suite's measurement and name, and which member this is. */
  readonly suite?: { readonly id: string; readonly name: string; readonly member: string };
  /** How often the animation was to be made. */
  readonly plan?: {
    readonly kind: string;
    readonly passes?: number;
    readonly target?: number;
    readonly mostSeconds?: number;
  };
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly dimension: number;
  /** Frames that were asked for. */
  readonly frames: number;
  readonly fps: number;
  /** Everything that decides a byte of the result, scene and parameters included. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Values of the parameters that the fixed keys name; null or absent where the scene has none. */
  readonly parameters?: {
    readonly torus_altitude?: number | null;
    readonly torus_major_radius?: number | null;
    readonly torus_minor_radius?: number | null;
    readonly smooth_min_radius?: number | null;
  };
  readonly settingsHash: string | null;
  readonly sceneHash: string | null;
  readonly outputHash: string | null;
  readonly lanes: number;
  readonly backend: string;
  readonly timer: TimerDescription;
  /** Frames that were made: an array in any order, or another iterable in frame order, whose objects may be one and the same. */
  readonly made: Iterable<FrameFacts>;
  /** Where the animation was made several times: every pass in order; `made` is then that of `representativePass`. */
  readonly passes?: readonly PassFacts[];
  /** Index into `passes`. */
  readonly representativePass?: number;
  readonly gif: {
    /**
     * An array, and the record holds `gif_data` and `gif_bytestream` whole; a source, and the record only knows where they
     * are: `recordPieces` passes them through, and reading a property makes it whole each time.
     */
    readonly bytes: Uint8Array | ByteSource;
    readonly filename: string;
    /** Frames in these bytes. */
    readonly frameCount: number;
    /** The clock at the last byte; default: the end of the last frame. */
    readonly finishedNs?: number;
    /** Container work outside the frames (header, palette, trailer), ns; default 0. */
    readonly containerNs?: number;
  };
  readonly systemInfo: SystemInfo;
  readonly environment?: RunRecord["run"]["environment"];
  /** `tNs` and `startNs` on the run's clock; stored less `originNs`. */
  readonly sensors?: readonly SensorSeries[];
  readonly events?: readonly RunEvent[];
  readonly warnings?: readonly RunWarning[];
  readonly checks?: readonly RunCheck[];
  readonly overheads?: RunRecord["run"]["overheads"];
  readonly instruments?: Partial<RunRecord["run"]["instruments"]>;
  readonly derived?: Readonly<Record<string, DerivedValue>>;
  /** Only when the run failed. */
  readonly failure?: { readonly stage: string; readonly frame: number | null; readonly message: string };
  /** Only when the run was stopped before its last frame: the first frame that was not made, and by what. */
  readonly stopped?: { readonly frame: number; readonly reason: string };
}

/** The record of a run, done or failed. Never throws over a number: what is not finite becomes 0 and a warning. */
export function buildRecord(facts: RunFacts): RunRecord {
  const unfit = { count: 0 };
  const ns = (value: number) => {
    if (Number.isFinite(value)) return Math.max(0, Math.round(value));
    unfit.count++;
    return 0;
  };
  const real = (value: number) => {
    if (Number.isFinite(value)) return value + 0;
    unfit.count++;
    return 0;
  };
  const since = (value: number) => Math.round(value - facts.originNs) + 0;

  const column = (values: readonly number[]) => values.map(ns);
  const frameColumns = (made: ReturnType<typeof readColumns>): FrameColumns => ({
    frame: made.frame,
    lane: made.lane,
    startNs: column(made.startNs.map(since)),
    wallNs: column(made.wallNs),
    fieldNs: column(made.fieldNs),
    surfaceNs: column(made.surfaceNs),
    pictureNs: column(made.pictureNs),
    convertNs: column(made.convertNs),
    encodeNs: column(made.encodeNs),
    waitNs: column(made.waitNs),
    instrumentsNs: column(made.instrumentsNs),
    unaccountedNs: made.unaccountedNs.map((value) => Math.round(real(value)) + 0),
  });
  const made = readColumns(facts.made);
  const frames = frameColumns(made);
  const { startNs, wallNs, fieldNs, surfaceNs, pictureNs, convertNs, encodeNs, waitNs, instrumentsNs } = frames;
  const renderedNs = made.renderedNs.map((measured, i) =>
    ns(measured ?? wallNs[i]! - convertNs[i]! - encodeNs[i]! - waitNs[i]! - instrumentsNs[i]!),
  );

  let firstNs = Number.POSITIVE_INFINITY;
  let lastNs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < wallNs.length; i++) {
    firstNs = Math.min(firstNs, startNs[i]!);
    lastNs = Math.max(lastNs, startNs[i]! + wallNs[i]!);
  }
  const finishedNs =
    facts.gif.finishedNs === undefined ? lastNs : Math.max(lastNs, facts.gif.finishedNs - facts.originNs);
  const totalTime = wallNs.length > 0 ? ns(finishedNs - firstNs) / 1e9 : 0;
  const frameCount = facts.gif.frameCount;
  const fps = real(facts.fps);
  const resolution: [number, number] = [facts.width, facts.height];

  const individual = renderedNs.map(toSeconds);
  const field = fieldNs.map(toSeconds);
  const surface = surfaceNs.map(toSeconds);
  const picture = pictureNs.map(toSeconds);

  const record: RunRecord = {
    type: "gif_animation",
    schema: SCHEMA,
    ...(facts.gif.bytes instanceof Uint8Array
      ? { gif_data: base64(facts.gif.bytes), gif_bytestream: byteArray(facts.gif.bytes) }
      : EMPTY_GIF),
    gif_filename: facts.gif.filename,
    fps,
    resolution,
    frame_count: frameCount,
    duration: fps > 0 ? frameCount / fps : 0,
    file_size_bytes: facts.gif.bytes.length,
    ...(facts.failure ? { error: failureSentence(facts.failure) } : {}),
    benchmark_data: {
      error_occurred: facts.failure !== undefined,
      system_info: fitForJson(facts.systemInfo) as SystemInfo,
      performance_metrics: {
        total_time: totalTime,
        frame_count: frameCount,
        avg_frame_time: meanOf(individual),
        avg_field_generation: meanOf(field),
        avg_marching_cubes: meanOf(surface),
        avg_rendering: meanOf(picture),
        effective_fps: totalTime > 0 ? frameCount / totalTime : 0,
        gif_creation_time: (sum(encodeNs) + ns(facts.gif.containerNs ?? 0)) / 1e9,
        frame_conversion_time: sum(convertNs) / 1e9,
      },
      individual_frame_times: individual,
      field_generation_times: field,
      marching_cubes_times: surface,
      rendering_times: picture,
      simulation_settings: {
        resolution,
        dimension: facts.dimension,
        num_frames: facts.frames,
        fps,
        torus_altitude: parameter(facts.parameters?.torus_altitude),
        torus_major_radius: parameter(facts.parameters?.torus_major_radius),
        torus_minor_radius: parameter(facts.parameters?.torus_minor_radius),
        smooth_min_radius: parameter(facts.parameters?.smooth_min_radius),
      },
    },
    run: {
      id: facts.id,
      startedAt: typeof facts.startedAt === "string" ? facts.startedAt : new Date(facts.startedAt).toISOString(),
      monotonicOriginNs: ns(facts.originNs),
      command: [...(facts.command ?? [])],
      volumark: {
        version: facts.version,
        commit: facts.commit,
        ...(facts.commit === null ? { commitReason: facts.commitReason ?? "not known to this build" } : {}),
      },
      ...(facts.suite ? { suite: { ...facts.suite } } : {}),
      ...(facts.plan ? { plan: { ...facts.plan } } : {}),
      settings: fitForJson(facts.settings) as Record<string, unknown>,
      settingsHash: facts.settingsHash,
      sceneHash: facts.sceneHash,
      outputHash: facts.outputHash,
      pictureHashes: made.pictureHash,
      lanes: facts.lanes,
      backend: facts.backend,
      timer: {
        name: facts.timer.name,
        resolutionNs: real(facts.timer.resolutionNs),
        costNs: real(facts.timer.costNs),
      },
      frames,
      counts: {
        bricks: column(made.bricks),
        samples: column(made.samples),
        activeCells: column(made.activeCells),
        vertices: column(made.vertices),
        triangles: column(made.triangles),
        shadedPixels: column(made.shadedPixels),
        gifBytes: column(made.gifBytes),
      },
      ...(facts.passes
        ? {
            passes: facts.passes.map((pass) => ({
              startNs: since(pass.startNs),
              totalNs: ns(pass.totalNs),
              warmUp: pass.warmUp,
              canaryNs: pass.canaryNs === null ? null : ns(pass.canaryNs),
              outputHash: pass.outputHash,
              frames: frameColumns(readColumns(pass.made)),
            })),
            representativePass: facts.representativePass ?? 0,
          }
        : {}),
      overheads: wholeOrNull(facts.overheads ?? {}),
      instruments: {
        ...facts.instruments,
        timerCalls: ns(facts.instruments?.timerCalls ?? 0),
        samples: ns(facts.instruments?.samples ?? 0),
        samplerNs: ns(facts.instruments?.samplerNs ?? 0),
      },
      checks: fitForJson(facts.checks ?? []) as RunCheck[],
      environment: fitForJson(facts.environment ?? {}) as RunRecord["run"]["environment"],
      sensors: (facts.sensors ?? []).map((sensor) => finiteSensor(sensor, since)),
      events: (facts.events ?? []).map((event) => ({
        ...event,
        startNs: since(event.startNs),
        durationNs: ns(event.durationNs),
      })),
      warnings: fitForJson(facts.warnings ?? []) as RunWarning[],
      derived: fitForJson(facts.derived ?? {}) as Record<string, DerivedValue>,
      ...(facts.failure ? { failure: { ...facts.failure } } : {}),
      ...(facts.stopped ? { stopped: { ...facts.stopped } } : {}),
    },
  };
  if (unfit.count > 0) {
    record.run.warnings.push({
      code: "not-a-number",
      evidence: `${unfit.count} measured values were not finite numbers and are stored as 0`,
      action: "Do not use this run's times; please report how it was made.",
    });
  }
  if (!(facts.gif.bytes instanceof Uint8Array)) referTo(record, facts.gif.bytes);
  return record;
}

const EMPTY_GIF = { gif_data: "", gif_bytestream: [] as number[] };

/** Where the GIF of a record is that does not hold it. */
const sources = new WeakMap<object, ByteSource>();

/** The source of the record's GIF; undefined where the record holds the GIF itself. */
export function gifSourceOf(record: object): ByteSource | undefined {
  return sources.get(record);
}

/**
 * The record as it is checked: without its GIF where that lies elsewhere, for what is made from bytes can't be wrong, and a
 * check should not need more memory than the run.
 */
export function withoutGif(record: RunRecord): RunRecord {
  if (!sources.has(record)) return record;
  const checked: Record<string, unknown> = { ...EMPTY_GIF, file_size_bytes: 0 };
  for (const key of Object.keys(record))
    if (!Object.hasOwn(checked, key)) checked[key] = record[key as keyof RunRecord];
  return checked as RunRecord;
}

/**
 * The same object, with `gif_data` and `gif_bytestream` as properties that read `gif` each time; `recordPieces` passes it
 * through without making either whole. For a record whose GIF was kept apart.
 */
export function recordWithGif<Any extends RunRecord | ForeignRecord>(record: Any, gif: Uint8Array | ByteSource): Any {
  referTo(record, gif instanceof Uint8Array ? { length: gif.length, chunks: () => [gif] } : gif);
  return record;
}

function referTo(record: RunRecord | ForeignRecord, source: ByteSource): void {
  const property = (get: () => unknown) => ({ get, enumerable: true, configurable: true });
  Object.defineProperties(record, {
    gif_data: property(() => [...base64Pieces(source)].join("")),
    gif_bytestream: property(() => wholeArray(source)),
  });
  sources.set(record, source);
}

function wholeArray(source: ByteSource): number[] {
  const values: number[] = [];
  for (const chunk of source.chunks()) for (const value of chunk) values.push(value);
  return values;
}

/** All frames in one pass, as columns in frame order. */
function readColumns(facts: Iterable<FrameFacts>) {
  const empty = (): number[] => [];
  const columns = {
    frame: empty(),
    lane: empty(),
    pictureHash: [] as string[],
    startNs: empty(),
    wallNs: empty(),
    fieldNs: empty(),
    surfaceNs: empty(),
    pictureNs: empty(),
    convertNs: empty(),
    encodeNs: empty(),
    waitNs: empty(),
    instrumentsNs: empty(),
    unaccountedNs: empty(),
    renderedNs: [] as (number | undefined)[],
    bricks: empty(),
    samples: empty(),
    activeCells: empty(),
    vertices: empty(),
    triangles: empty(),
    shadedPixels: empty(),
    gifBytes: empty(),
  };
  for (const { frame, lane, times, counts, pictureHash } of Array.isArray(facts) ? inOrder(facts) : facts) {
    columns.frame.push(frame);
    columns.lane.push(lane ?? 0);
    columns.pictureHash.push(pictureHash);
    columns.startNs.push(times.startNs);
    columns.wallNs.push(times.wallNs);
    columns.fieldNs.push(times.fieldNs);
    columns.surfaceNs.push(times.surfaceNs);
    columns.pictureNs.push(times.pictureNs);
    columns.convertNs.push(times.convertNs);
    columns.encodeNs.push(times.encodeNs);
    columns.waitNs.push(times.waitNs);
    columns.instrumentsNs.push(times.instrumentsNs);
    columns.unaccountedNs.push(times.unaccountedNs);
    columns.renderedNs.push(times.renderedNs);
    columns.bricks.push(counts.bricks);
    columns.samples.push(counts.samples);
    columns.activeCells.push(counts.activeCells);
    columns.vertices.push(counts.vertices);
    columns.triangles.push(counts.triangles);
    columns.shadedPixels.push(counts.shadedPixels);
    columns.gifBytes.push(counts.gifBytes);
  }
  return columns;
}

function inOrder(frames: readonly FrameFacts[]): FrameFacts[] {
  return [...frames].sort((a, b) => a.frame - b.frame);
}

const toSeconds = (ns: number) => ns / 1e9;
const parameter = (value: number | null | undefined) =>
  value === undefined || value === null || !Number.isFinite(value) ? null : value + 0;

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function meanOf(values: readonly number[]): number {
  return values.length > 0 ? sum(values) / values.length : 0;
}

function failureSentence({ stage, frame, message }: NonNullable<RunFacts["failure"]>): string {
  return `${stage} failed${frame === null ? "" : ` at frame ${frame}`}: ${message}`;
}

function wholeOrNull(values: NonNullable<RunFacts["overheads"]>): NonNullable<RunFacts["overheads"]> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" ? (Number.isFinite(value) ? Math.max(0, Math.round(value)) : null) : value,
    ]),
  );
}

/** A series without the samples that are no number: a hole in the series is honest, a 0 is not. */
function finiteSensor(sensor: SensorSeries, since: (value: number) => number): SensorSeries {
  const tNs: number[] = [];
  const v: number[] = [];
  for (let i = 0; i < sensor.v.length; i++) {
    const value = sensor.v[i]!;
    if (!Number.isFinite(value)) continue;
    tNs.push(since(sensor.tNs[i]!));
    v.push(value + 0);
  }
  return { ...sensor, tNs, v };
}

/** A copy fit for JSON: −0 becomes 0, NaN and infinities become null, what JSON cannot hold is dropped. */
function fitForJson(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((entry) => fitForJson(entry) ?? null);
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<number>, (entry) => fitForJson(entry) ?? null);
  if (typeof value !== "object") return undefined;
  const copy: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const fitted = fitForJson(entry);
    if (fitted !== undefined && key !== "__proto__") copy[key] = fitted;
  }
  return copy;
}
