/** A run as the service shows it: a job of the queue with what came of it, or a record that was brought in. */
import * as z from "zod";

const time = (description: string) => z.string().describe(`${description}; wall clock, RFC 3339, UTC`);
const ns = (description: string) => z.number().nullable().describe(`${description}, ns; null where not known`);

export const RUN_STATUSES = ["queued", "running", "finished", "failed", "cancelled"] as const;

/** What a list needs of a stored run. Of several passes, the median of those in steady state. */
export const runResultSchema = z
  .object({
    runId: z.string().describe("Of the stored run, as `volumark runs` and the record have it"),
    source: z.enum(["own", "foreign"]).describe("Whether this program made it, or another one"),
    status: z.enum(["done", "failed", "stopped"]),
    frames: z.int(),
    passes: z.int(),
    grade: z.string().nullable(),
    sceneHash: z.string().nullable(),
    outputHash: z.string().nullable().describe("Of the GIF; same settings, same hash"),
    gif: z.boolean().describe("Whether the animation is stored"),
    machine: z.string().describe("What two runs share that were made on the same kind of machine"),
    cpu: z.string().nullable(),
    version: z.string().nullable(),
    commit: z.string().nullable(),
    lanes: z.int().nullable(),
    backend: z.string().nullable(),
    totalNs: ns("One pass"),
    frameNs: ns("Median frame"),
    fieldNs: ns("Median"),
    surfaceNs: ns("Median"),
    pictureNs: ns("Median"),
    convertNs: ns("Median"),
    encodeNs: ns("Median"),
    distrust: z.array(z.string()).describe("Why a record of another program is trusted less"),
    acknowledged: z.string().nullable().describe("Why somebody has accepted what this run shows"),
    acknowledgedAt: z.string().nullable(),
  })
  .meta({ id: "RunResult" });

export const runViewSchema = z
  .object({
    id: z.string(),
    kind: z.enum(["job", "record"]).describe("job: submitted here; record: made elsewhere and brought in"),
    status: z.enum(RUN_STATUSES),
    scene: z.string().nullable(),
    settings: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe("Complete, as the engine takes them; null of a record that was brought in, which holds its own"),
    settingsHash: z.string().nullable(),
    options: z.record(z.string(), z.unknown()),
    machine: z.string().nullable().describe("The label that a worker must have"),
    worker: z.string().nullable().describe("Label of the worker that makes it, or made it"),
    submittedAt: time("When it was submitted, or stored"),
    startedAt: time("Of the last attempt").nullable(),
    endedAt: time("When it ended").nullable(),
    durationMs: z.number().nullable().describe("Of the last attempt, measured by its worker"),
    attempts: z.int(),
    mostAttempts: z.int(),
    done: z.int().describe("Frames made so far"),
    frames: z.int(),
    position: z.int().nullable().describe("Runs that are taken before it; null where it does not wait"),
    cancelAsked: z.boolean(),
    reason: z.string().nullable().describe("Why it failed, was cancelled or put back"),
    silence: z
      .object({
        silentMs: z.int().describe("No word from its worker for so long, ms"),
        freeInMs: z.int().describe("Until it is put back into the queue for another worker if there is none, ms"),
      })
      .optional()
      .describe("Only of a running one whose worker says nothing: it may be dead, or the way to it broken"),
    lastEvent: z.int().describe("Number of its newest event"),
    result: runResultSchema.nullable(),
  })
  .meta({ id: "Run" });

export const runPageSchema = z
  .object({
    runs: z.array(runViewSchema),
    next: z.string().nullable().describe("Cursor of the next page; null on the last"),
  })
  .meta({ id: "RunPage" });

export type RunView = z.infer<typeof runViewSchema>;
export type RunResult = z.infer<typeof runResultSchema>;
export type RunPage = z.infer<typeof runPageSchema>;
