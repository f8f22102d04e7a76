/**
 * The run record: one JSON object a run, defined once.
 *
 * From this definition come the check before a record is written, the TypeScript types, and the published JSON Schema.
 * The keys at the top level and under `benchmark_data` are read by programs that know nothing of this one: they are never
 * renamed and never retyped. Everything that this system adds lives under `run`.
 *
 * Guaranteed: keys that this file does not name survive (objects are open); no number is NaN, infinite or −0.
 * Not guaranteed: that the arrays agree with one another (one entry a frame); `buildRecord` sees to that.
 *
 * This module loads zod (see `validate.ts`), so nothing on the way to the first frame may import it; import its types only.
 */
import * as z from "zod";

// The content policy of pages refuses code that is made from text. A record is checked as fast without (18.9 and 18.6 ms for
// 14 passes of 60 frames, Node 20, November 2026): its arrays are checked by one loop anyway.
z.config({ jitless: true });

/** The format that this version writes; it reads this one and every earlier one. */
export const RECORD_SCHEMA = "volumark.record/1";

// Open when read, closed when typed: unknown keys are kept, and a mistyped key is still a type error.
const open = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape) as unknown as z.ZodObject<Shape, z.core.$strip>;

const notMinusZero = (value: number) => !Object.is(value, -0);
const number = (description: string) => z.number().refine(notMinusZero, "must not be -0").describe(description);
const amount = (description: string) => z.number().min(0).refine(notMinusZero, "must not be -0").describe(description);
const whole = (description: string) => z.int().min(0).refine(notMinusZero, "must not be -0").describe(description);
const text = (description: string) => z.string().describe(description);

/**
 * Arrays with an entry for each frame or byte reach tens of millions of entries, so one loop checks them instead of one
 * schema call an entry; `meta` carries what the loop checks into the JSON Schema.
 */
const numbers = (
  description: string,
  { integer, least = null, most = null }: { integer: boolean; least?: number | null; most?: number | null },
) => {
  const firstBad = (input: unknown[]) => {
    const low = least ?? Number.NEGATIVE_INFINITY;
    const high = most ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < input.length; i++) {
      const value = input[i] as number;
      const right = integer ? Number.isSafeInteger(value) : Number.isFinite(value);
      if (!right || value < low || value > high || (value === 0 && Object.is(value, -0))) return i;
    }
    return -1;
  };
  const range = most === null ? (least === null ? "" : ` from ${least}`) : ` from ${least} to ${most}`;
  return z
    .custom<number[]>((input) => Array.isArray(input) && firstBad(input) < 0, {
      error: ({ input }) => {
        const expected = `${integer ? "whole" : "finite"} numbers${range}`;
        if (!Array.isArray(input)) return `must be an array of ${expected}`;
        const at = firstBad(input);
        return `must hold only ${expected}; entry ${at} is ${showEntry(input[at])}`;
      },
    })
    .meta({
      description,
      type: "array",
      items: {
        type: integer ? "integer" : "number",
        ...(least === null ? {} : { minimum: least }),
        ...(most === null ? {} : { maximum: most }),
      },
    });
};
const seconds = (description: string) => numbers(description, { integer: false, least: 0 });
const column = (description: string) => numbers(description, { integer: true, least: 0 });

const resolution = z.tuple([z.int().min(1), z.int().min(1)]).describe("[width, height] of the picture, pixels");

export const systemInfoSchema = open({
  cpu: open({
    name: text("model name"),
    architecture: text('as the system names it, for example "x86_64"'),
    cores: whole("physical cores"),
    threads: whole("logical processors"),
    utilization: amount("percent of all logical processors over a 0.5 s window that overlaps the run, 0-100").max(100),
    frequency: amount("MHz; 0 only where the system gives none, with the reason in run.environment"),
  }),
  memory: open({
    total: whole("bytes"),
    used: whole("bytes"),
    available: whole("bytes"),
    percent: amount("used share of total, 0-100").max(100),
  }),
  gpu: open({
    name: text('"Unknown" without an NVIDIA tool or driver; the reason is in run.environment.gpu'),
    memory_total: amount("MiB"),
    memory_used: amount("MiB"),
    utilization: amount("percent, 0-100").max(100),
  }),
  platform: open({
    system: text('"Linux", "Darwin" or "Windows"'),
    version: text("version of the operating system or its kernel"),
    architecture: z.enum(["64bit", "32bit"]).describe("of the runtime"),
    python_version: z.string().nullable().describe("version of a python3 on the PATH, or null"),
    runtime: text('the runtime that did the work, for example "node"'),
    runtime_version: text("its version"),
  }),
});

export const performanceMetricsSchema = open({
  total_time: amount("s, from the first frame's start to the last byte of the GIF"),
  frame_count: whole("frames in the GIF"),
  avg_frame_time: amount("s, mean of individual_frame_times; 0 without frames"),
  avg_field_generation: amount("s, mean of field_generation_times; 0 without frames"),
  avg_marching_cubes: amount("s, mean of marching_cubes_times; 0 without frames"),
  avg_rendering: amount("s, mean of rendering_times; 0 without frames"),
  effective_fps: amount("frame_count / total_time; 0 without frames"),
  gif_creation_time: amount("s, LZW and the container, summed over frames"),
  frame_conversion_time: amount("s, RGBA to palette indices, summed over frames"),
});

const sceneParameter = (description: string) =>
  z
    .number()
    .refine(notMinusZero, "must not be -0")
    .nullable()
    .describe(`${description}; null where the scene has no such parameter`);

export const simulationSettingsSchema = open({
  resolution,
  dimension: whole("samples along each axis of the grid"),
  num_frames: whole("frames that were asked for"),
  fps: amount("frames a second that were asked for"),
  torus_altitude: sceneParameter("world units"),
  torus_major_radius: sceneParameter("world units"),
  torus_minor_radius: sceneParameter("world units"),
  smooth_min_radius: sceneParameter("world units"),
});

export const benchmarkDataSchema = open({
  error_occurred: z.boolean(),
  system_info: systemInfoSchema,
  performance_metrics: performanceMetricsSchema,
  individual_frame_times: seconds(
    "s, one entry a frame in frame order: field, marching cubes, rendering and what lies between them",
  ),
  field_generation_times: seconds("s, one entry a frame"),
  marching_cubes_times: seconds("s, one entry a frame"),
  rendering_times: seconds("s, one entry a frame"),
  simulation_settings: simulationSettingsSchema,
});

/** A number as it is, −0 included, the head of a string; of anything else the type: it may be unable to become text. */
function showEntry(entry: unknown): string {
  if (typeof entry === "string") return JSON.stringify(entry.slice(0, 20));
  if (typeof entry !== "number") return entry === null ? "null" : `of type ${typeof entry}`;
  return Object.is(entry, -0) ? "-0" : String(entry);
}

/** Columns of whole nanoseconds, one entry a frame: `wall` = the five stages + `wait` + `instruments` + `unaccounted`. */
export const frameColumnsSchema = open({
  frame: column("frame number, from 0, increasing"),
  lane: column("the lane that made it, from 0"),
  startNs: column("ns since startedAt"),
  wallNs: column("ns from the frame's start to its end"),
  fieldNs: column("ns, evaluating the field"),
  surfaceNs: column("ns, marching cubes"),
  pictureNs: column("ns, rasterising and shading"),
  convertNs: column("ns, RGBA to palette indices"),
  encodeNs: column("ns, difference to the frame before, LZW, container"),
  waitNs: column("ns, waiting for another lane"),
  instrumentsNs: column("ns, describing the frame rather than making it: its hash"),
  unaccountedNs: numbers("ns, wall less everything else", { integer: true }),
});

export const countColumnsSchema = open({
  bricks: column("bricks of samples that were evaluated, one entry a frame"),
  samples: column("field samples"),
  activeCells: column("cells that the surface passes through"),
  vertices: column("vertices of the mesh"),
  triangles: column("triangles of the mesh"),
  shadedPixels: column("pixels that the surface covers"),
  gifBytes: column("bytes in the GIF"),
});

/**
 * One pass over the whole animation. Frame i of one pass is compared with frame i of another; frames of one pass are never
 * pooled. Every pass is kept, those of the warm-up too.
 */
export const passSchema = open({
  startNs: z.int().describe("ns since startedAt, the start of its first frame"),
  totalNs: whole("ns, from the start of its first frame to the last byte of its GIF"),
  warmUp: z.boolean().describe("before steady state: kept and shown, left out of the headline"),
  canaryNs: whole("ns, the fixed kernel that ran just before this pass, outside the timed spans")
    .nullable()
    .describe("null where it did not run"),
  outputHash: z
    .string()
    .nullable()
    .describe("of the bytes that this pass made; equal in all passes, or the run is wrong"),
  frames: frameColumnsSchema,
});

/** One thing found out about the machine: `value` is null exactly when it is not available, and then `reason` says why. */
export const datumSchema = open({
  available: z.boolean(),
  value: z.unknown().describe("null where it is not available"),
  unit: z.string().optional(),
  source: text("where it was read, for example /proc/cpuinfo"),
  reason: z.string().optional().describe("why it is not available"),
});

export const sensorSchema = open({
  name: text('for example "cpu.utilization"'),
  unit: text('for example "%", "bytes", "J"'),
  source: text("file, call or tool"),
  available: z.boolean(),
  reason: z.string().optional().describe("why it is not available, or why it ended before the run"),
  periodMs: amount("between two samples, as they are stored"),
  tNs: numbers("ns since startedAt, increasing", { integer: true }),
  v: numbers("one value for each tNs", { integer: false }),
});

export const eventSchema = open({
  kind: text('"gc", "throttle", "overlap" or another'),
  startNs: z.int().describe("ns since startedAt"),
  durationNs: whole("ns"),
  lane: z
    .int()
    .min(0)
    .nullable()
    .describe("the lane it happened on; null for the coordinating thread or the whole machine"),
  detail: z.string().optional(),
});

export const warningSchema = open({
  code: text("stable name"),
  evidence: text("what was seen, with numbers"),
  action: text("what to do about it"),
});

export const checkSchema = open({
  name: text('for example "mesh closed"'),
  passed: z
    .boolean()
    .nullable()
    .describe("false only where the result is wrong; null where it was not checked or does not apply"),
  evidence: text("what was seen, or why it was not checked"),
});

export const derivedSchema = open({
  value: number("the value").nullable(),
  unit: text('for example "ns"'),
  algorithm: text("how any reader computes it again from this record"),
  seed: z.int().optional().describe("of the generator, where one was used"),
  reason: z.string().optional().describe("why there is none"),
});

const overhead = (description: string) =>
  z.int().min(0).nullable().optional().describe(`ns, ${description}; null where not measured`);

export const runSchema = open({
  id: text("unique name of this run"),
  startedAt: z.iso.datetime({ offset: true }).describe("RFC 3339; zero of every time in `run`"),
  monotonicOriginNs: whole("reading of the monotonic clock at startedAt, ns"),
  command: z.array(z.string()).describe("the exact command and its arguments; empty where there was none"),
  volumark: open({
    version: text("of the program"),
    commit: z.string().nullable().describe("of its source, or null"),
    commitReason: z.string().optional().describe("why there is no commit"),
  }),
  settings: z
    .record(z.string(), z.unknown())
    .describe("everything that decides a byte of the result, scene and parameters included"),
  suite: open({
    id: text("of the measurement that this run was made for; equal in all of its runs"),
    name: text("of the suite"),
    member: text("which of its members this run is"),
  })
    .optional()
    .describe("only when the run was made as one of a suite"),
  plan: open({
    kind: text('"once", "fixed" or "until"'),
    passes: z.int().min(1).optional().describe("fixed: as many"),
    target: amount("until: widest interval of the median pass, as a share of it").optional(),
    mostSeconds: amount("until: s, no pass is begun after so long").optional(),
  })
    .optional()
    .describe("how often the animation was to be made; absent in records before it was written"),
  settingsHash: z.string().nullable().describe("of settings"),
  sceneHash: z.string().nullable().describe("of the scene"),
  outputHash: z.string().nullable().describe("of the GIF's bytes; null without a GIF"),
  pictureHashes: z
    .array(z.string())
    .describe("of each frame's palette indices, in the order of frames.frame: xxh3: and 16 digits; XXH64 where bare"),
  lanes: whole("threads that made frames"),
  backend: text('what evaluated the field, for example "wasm-simd"'),
  timer: open({
    name: text("the clock"),
    resolutionNs: amount("smallest step that was seen, ns"),
    costNs: amount("one reading, ns"),
  }),
  frames: frameColumnsSchema,
  counts: countColumnsSchema,
  passes: z
    .array(passSchema)
    .optional()
    .describe("every pass in the order they were made; absent where there was only the one that `frames` holds"),
  representativePass: z
    .int()
    .min(0)
    .optional()
    .describe(
      "the pass that `frames` and the fixed keys hold: the one whose total is nearest the median of steady state",
    ),
  overheads: open({
    startUpNs: overhead("from the start of the process to the first frame's start"),
    compileNs: overhead("compiling kernels and the scene's program"),
    paletteNs: overhead("choosing the palette"),
    finishNs: overhead("from the last frame's end to the last byte of the GIF"),
  }).describe("what lies outside the frames"),
  instruments: open({
    timerCalls: whole("readings of the clock inside frames"),
    samples: whole("times that the sensors were read"),
    samplerNs: whole("ns that reading the sensors took"),
  }).describe("what measuring cost"),
  checks: z.array(checkSchema).describe("was it right"),
  environment: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .describe("groups of data about the machine; a group or a datum that is missing has available: false and a reason"),
  sensors: z.array(sensorSchema),
  events: z.array(eventSchema),
  warnings: z.array(warningSchema),
  derived: z.record(z.string(), derivedSchema),
  failure: open({
    stage: text("the stage that failed"),
    frame: z.int().min(0).nullable().describe("the frame it failed at; null outside frames"),
    message: text("why"),
  })
    .optional()
    .describe("only when the run failed; `error` is its sentence"),
  stopped: open({
    frame: whole("the first frame that was not made"),
    reason: text('what stopped it, for example "Ctrl-C"'),
  })
    .optional()
    .describe("only when the run was stopped before its last frame: a result, not a failure"),
});

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;
const top = {
  type: z.literal("gif_animation"),
  gif_data: z
    .string()
    .refine((data) => data.length % 4 === 0 && base64Pattern.test(data), "must be base64")
    .describe("the GIF, base64"),
  gif_bytestream: numbers("the bytes of the GIF", { integer: true, least: 0, most: 255 }),
  gif_filename: text("name of the GIF file"),
  fps: amount("frames a second"),
  resolution,
  frame_count: whole("frames in the GIF"),
  duration: amount("s, frame_count / fps"),
  file_size_bytes: whole("bytes of the GIF"),
  error: z.string().optional().describe("only when the run failed: the stage, the frame, and why"),
};

/** A record that this system wrote. */
export const recordSchema = open({
  ...top,
  schema: z.literal(RECORD_SCHEMA),
  benchmark_data: benchmarkDataSchema,
  run: runSchema,
});

/**
 * A record of another program of this kind: what a comparison needs must be there and right; what only describes the
 * machine may be missing.
 */
export const foreignRecordSchema = open({
  ...top,
  benchmark_data: open({
    ...benchmarkDataSchema.shape,
    error_occurred: z.boolean().optional(),
    system_info: z.record(z.string(), z.unknown()).optional(),
    simulation_settings: z.record(z.string(), z.unknown()).optional(),
  }),
});

export type RunRecord = z.infer<typeof recordSchema>;
export type ForeignRecord = z.infer<typeof foreignRecordSchema>;
export type Run = z.infer<typeof runSchema>;
export type SystemInfo = z.infer<typeof systemInfoSchema>;
export type FrameColumns = z.infer<typeof frameColumnsSchema>;
export type Pass = z.infer<typeof passSchema>;
export type Datum = z.infer<typeof datumSchema>;
export type SensorSeries = z.infer<typeof sensorSchema>;
export type RunEvent = z.infer<typeof eventSchema>;
export type RunWarning = z.infer<typeof warningSchema>;
export type RunCheck = z.infer<typeof checkSchema>;
export type DerivedValue = z.infer<typeof derivedSchema>;

/** The published JSON Schema of a record that this system writes (draft 2020-12). */
export function recordJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(recordSchema, { target: "draft-2020-12", unrepresentable: "any", io: "input" });
  return { $id: RECORD_SCHEMA, title: "Run record", ...schema };
}
