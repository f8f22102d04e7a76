/**
 * The interface of the service, defined once: what each address takes and gives. The server checks requests by it, the
 * OpenAPI document is written from it, and the client has its types.
 */
import type { Comparison, History } from "@volumark/measure";
import * as z from "zod";
import type { RouteName } from "./routes.ts";
import { runRequestSchema, settingsSchema } from "./run-request.ts";
import { RUN_STATUSES, runPageSchema, runViewSchema } from "./run-view.ts";

/** An object whose type is known and whose keys another document describes. */
const described = <T>(description: string) => z.looseObject({}).describe(description) as unknown as z.ZodType<T>;

const id = z.string().min(4).max(200).describe("Of a run: the whole id, or its beginning where only one run has it");
const runParams = z.strictObject({ id });

export const STAGES = ["total", "frame", "field", "surface", "picture", "convert", "encode"] as const;

const PASS_KINDS = ["one", "many"] as const;

/** Digits, as a number; `0x10`, `1e3` and nothing at all are none. */
const numberText = (schema: z.ZodInt) =>
  z.preprocess((text) => (typeof text === "string" && /^-?\d{1,16}$/.test(text) ? Number(text) : text), schema);

export const listQuerySchema = z.strictObject({
  status: z
    .array(z.enum(RUN_STATUSES))
    .or(z.enum(RUN_STATUSES).transform((one) => [one]))
    .optional(),
  kind: z.enum(["job", "record"]).optional(),
  scene: z.string().max(200).optional(),
  settingsHash: z.string().max(200).optional(),
  sort: z.enum(["submitted", "scene", "frames", "duration"]).default("submitted"),
  order: z.enum(["ascending", "descending"]).default("descending"),
  limit: numberText(z.int().min(1).max(200)).default(50),
  cursor: z.string().max(2000).optional(),
});

const presetSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    dimension: z.int().describe("Samples along an axis where none is asked for"),
    parameters: z.array(z.string()).describe("Names that settings.parameters may have for it"),
    scene: z.looseObject({}),
  })
  .meta({ id: "Preset" });

const sceneCheckSchema = z
  .object({
    valid: z.boolean(),
    problem: z
      .object({ code: z.string(), message: z.string(), path: z.string().nullable() })
      .nullable()
      .describe("The first thing that is wrong; null where it is valid"),
    sceneHash: z.string().nullable(),
    nodes: z.int().nullable(),
    warnings: z.array(z.string()),
  })
  .meta({ id: "SceneCheck" });

const historyPointSchema = z.object({
  id: z.string().describe("Of the run in /api/runs"),
  startedAt: z.string(),
  ns: z
    .number()
    .describe("Of one pass: total, or the median frame; over several passes the median of those in steady state"),
  lowNs: z.number().nullable().describe("The 95 % interval of ns"),
  highNs: z.number().nullable(),
  reason: z.string().nullable().describe("Why there is no interval"),
  settingsHash: z.string().nullable(),
  machine: z.string(),
  acknowledged: z.string().nullable(),
});

const historyGroupSchema = z
  .object({
    settingsHash: z.string(),
    machine: z.string(),
    scene: z.string().nullable(),
    lanes: z.int().nullable(),
    backend: z.string().nullable(),
    passes: z.enum(PASS_KINDS),
    runs: z.int(),
    newest: z.string().describe("When its newest run was started"),
  })
  .meta({ id: "HistoryGroup" });

const systemSchema = z
  .object({
    version: z.string(),
    commit: z.string().nullable(),
    node: z.string(),
    platform: z.string(),
    cpu: z.string().nullable(),
    cores: z.int().describe("Processors that this process may use"),
    memoryBytes: z.number().nullable(),
    freeMemoryBytes: z.number().nullable(),
    freeDiskBytes: z.number().nullable(),
    database: z.enum(["sqlite", "postgres"]),
    lanes: z.int().nullable().describe("Of runs that ask for none; null where the machine decides"),
    worker: z.string().nullable().describe("Label of this server's own worker; null where it makes no runs"),
    queue: z.object({
      queued: z.int(),
      running: z.int(),
      finished: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      limit: z.int(),
    }),
    limits: z.record(z.string(), z.number()).describe("The most that one run may ask for"),
    uptimeMs: z.number(),
    environment: z
      .array(z.object({ name: z.string(), value: z.string().nullable(), reason: z.string().nullable() }))
      .describe("What was found out about the machine; null with the reason where it could not be"),
  })
  .meta({ id: "System" });

const readinessSchema = z
  .object({
    ready: z.boolean(),
    checks: z.array(
      z.object({ name: z.enum(["database", "disk", "queue", "worker"]), ok: z.boolean(), detail: z.string() }),
    ),
  })
  .meta({ id: "Readiness" });

export interface Endpoint {
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Status of success; default 200. */
  readonly status?: number;
  /** Where the answer is JSON. */
  readonly response?: z.ZodType;
  /** Content type where it is not. */
  readonly content?: string;
}

export const ENDPOINTS = {
  submitRun: {
    summary:
      "Puts a run into the queue; 202 means that it is on the disk. The same Idempotency-Key gives the same run.",
    body: runRequestSchema,
    status: 202,
    response: runViewSchema,
  },
  listRuns: { summary: "Runs in pages, the newest first.", query: listQuerySchema, response: runPageSchema },
  getRun: { summary: "One run.", params: runParams, response: runViewSchema },
  cancelRun: {
    summary:
      "A queued run is cancelled at once, one that is being made ends after its frame, an ended one stays as it is.",
    params: runParams,
    response: runViewSchema,
  },
  deleteRun: {
    summary: "Takes a run that is not being made away, with its record and animation.",
    params: runParams,
    status: 204,
  },
  acknowledgeRun: {
    summary: "Notes why what this run shows is accepted; an empty reason takes the note back.",
    params: runParams,
    body: z.strictObject({ reason: z.string().max(1000) }),
    response: runViewSchema,
  },
  runEvents: {
    summary: "What happens to a run, from its beginning or after Last-Event-ID, until it has ended.",
    params: runParams,
    query: z.strictObject({
      after: numberText(z.int().min(0)).optional().describe("As Last-Event-ID, which counts where both are given"),
      pictures: z
        .enum(["true", "false"])
        .default("false")
        .describe("Small pictures, where the run was asked to make them"),
    }),
    content: "text/event-stream",
  },
  runAnimation: { summary: "The animation. ETag, ranges, immutable.", params: runParams, content: "image/gif" },
  runFrame: {
    summary: "One frame of the animation, as shown: whole, whatever of it the GIF holds.",
    params: z.strictObject({ id, frame: numberText(z.int().min(0)).describe("From 0") }),
    query: z.strictObject({
      width: numberText(z.int().min(1).max(4096))
        .optional()
        .describe("Pixels at most; a smaller picture is the mean of its pixels. Default: as wide as the animation"),
    }),
    content: "image/png",
  },
  runRecord: {
    summary: "The record, whole or, with gif=false, without the animation in it.",
    params: runParams,
    query: z.strictObject({ gif: z.enum(["true", "false"]).default("true") }),
    content: "application/json",
  },
  runTrace: {
    summary: "The spans as a trace that Perfetto and Chrome open.",
    params: runParams,
    content: "application/json",
  },
  runCsv: { summary: "Every number of every frame, long form.", params: runParams, content: "text/csv" },
  runReport: { summary: "The report as one self-contained page.", params: runParams, content: "text/html" },
  importRecord: {
    summary: "Stores a record that this program or another one has written.",
    body: z.looseObject({}),
    status: 201,
    response: runViewSchema,
  },
  compareRuns: {
    summary: "Two runs: verdicts with intervals, whether the work was the same, what differs.",
    query: z.strictObject({ a: id, b: id }),
    response: z
      .object({
        a: runViewSchema,
        b: runViewSchema,
        comparison: described<Comparison>("As `volumark compare --format json` has it"),
      })
      .meta({ id: "ComparisonAnswer" }),
  },
  history: {
    summary: "One stage over the stored runs, the oldest first, with steps.",
    query: z.strictObject({
      stage: z.enum(STAGES).default("total"),
      scene: z.string().max(200).optional(),
      settingsHash: z.string().max(200).optional(),
      machine: z.string().max(200).optional(),
      lanes: numberText(z.int().min(1)).optional(),
      backend: z.string().max(100).optional(),
      passes: z.enum(PASS_KINDS).optional().describe("Runs of one pass are cold, those of many warm"),
      limit: numberText(z.int().min(1).max(1000)).default(200).describe("The newest so many"),
    }),
    response: z
      .object({
        stage: z.enum(STAGES),
        of: historyGroupSchema.nullable().describe("Whose points they are: of all that fit, those with the newest run"),
        points: z.array(historyPointSchema).describe("Finished runs that know the stage"),
        history: described<History>("Steps by their index in points"),
        groups: z
          .array(
            z.object({ settingsHash: z.string(), machine: z.string(), scene: z.string().nullable(), runs: z.int() }),
          )
          .describe("What there is a history of: runs of the same settings on the same machine, the newest first"),
        variants: z
          .array(historyGroupSchema)
          .describe("Of these settings on this machine, all that differ in how they were made, the newest first"),
      })
      .meta({ id: "HistoryAnswer" }),
  },
  listPresets: {
    summary: "The scenes that come with the program.",
    response: z.object({ presets: z.array(presetSchema) }),
  },
  checkScene: {
    summary: "Whether a scene can be read, and what is wrong with it; nothing is run.",
    body: z.strictObject({ scene: settingsSchema.shape.scene }),
    response: sceneCheckSchema,
  },
  system: { summary: "This server, its machine and its limits.", response: systemSchema },
  health: { summary: "Whether the process answers.", response: z.object({ ok: z.literal(true) }) },
  readiness: { summary: "Whether it can take runs: database, disk, queue; 503 where not.", response: readinessSchema },
  metrics: { summary: "For Prometheus.", content: "text/plain" },
  openapi: { summary: "This interface as OpenAPI 3.1.", response: z.looseObject({}) },
  docs: { summary: "This interface, for reading.", content: "text/html" },
  problemDocs: { summary: "What can be refused, and what to do.", content: "text/html" },
} as const satisfies Record<RouteName, Endpoint>;

export type Endpoints = typeof ENDPOINTS;
export type Answer<Name extends RouteName> = Endpoints[Name] extends { readonly response: infer S extends z.ZodType }
  ? z.output<S>
  : never;
type Part<Name extends RouteName, Key extends string> = Endpoints[Name] extends {
  readonly [K in Key]: infer S extends z.ZodType;
}
  ? z.input<S>
  : undefined;
export type ParamsOf<Name extends RouteName> = Part<Name, "params">;
export type QueryOf<Name extends RouteName> = Part<Name, "query">;
export type BodyOf<Name extends RouteName> = Part<Name, "body">;
