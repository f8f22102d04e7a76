/** How a job comes into the queue, and how long it may wait. */
import { createHash, randomUUID } from "node:crypto";
import { canonicalJson } from "@volumark/engine";
import { sql } from "kysely";
import { StoreError } from "../store/store-error.ts";
import type { Changes, JobsTable } from "../store/tables.ts";
import { change, type QueueContext } from "./context.ts";
import { log } from "./job-log.ts";
import { toJob } from "./job-row.ts";
import type { Job, JobRequest } from "./job-types.ts";
import { QueueError } from "./queue-error.ts";

export interface Submitted {
  readonly job: Job;
  /** False where the idempotency key was there already. */
  readonly created: boolean;
  /** Jobs that are taken before it; null where it no longer waits. */
  readonly position: number | null;
}

/** Characters of what one job asks for: a scene of the longest kind is a tenth of it. */
const MOST_REQUEST_BYTES = 1024 * 1024;
const MOST_KEY_CHARACTERS = 200;
/** How long a place is likely to take, where no job has ended yet, and the least and the most that is ever said. */
const RETRY = { unknownMs: 5000, leastMs: 1000, mostMs: 600_000, jobs: 20 } as const;

/** Puts a job on the disk. */
export async function submit(context: QueueContext, request: JobRequest): Promise<Submitted> {
  const texts = requestTexts(request);
  const idempotencyKey = storable(request.idempotencyKey);
  try {
    // Who asks again is answered even where nothing new is taken in.
    const before = idempotencyKey === null ? null : await sameKey(context.store.db, idempotencyKey, texts.hash);
    if (before) return { job: toJob(before), created: false, position: await positionOf(context.store.db, before) };
    await refuseFullDisk(context, request.needBytes ?? 0);
    const submitted = await change(context, async (within): Promise<Submitted> => {
      const { changes } = within;
      // The row is held until the end: numbers have the order of the transactions, and the count below is exact.
      const state = await changes
        .updateTable("queueState")
        .set((row) => ({ submitted: row("submitted", "+", 1) }))
        .returning("submitted")
        .executeTakeFirstOrThrow();
      const there = idempotencyKey === null ? null : await sameKey(changes, idempotencyKey, texts.hash);
      if (there) return { job: toJob(there), created: false, position: await positionOf(changes, there) };
      const queued = await countQueued(changes);
      if (queued >= context.limits.mostQueued) throw await queueFull(context, changes, queued);
      const id = randomUUID();
      const row: JobsTable = {
        ...EMPTY_ROW,
        id,
        number: state.submitted,
        settings: texts.settings,
        settingsHash: request.settingsHash,
        scene: storable(request.scene) ?? "",
        options: texts.options,
        machine: storable(request.machine),
        idempotencyKey,
        requestHash: texts.hash,
        submittedAt: context.now(),
        mostAttempts: context.limits.mostAttempts,
        frames: request.frames,
      };
      await changes.insertInto("jobs").values(row).execute();
      const logged = await log(within, id, [{ kind: "queued", data: { position: queued } }]);
      return { job: toJob(logged!), created: true, position: queued };
    });
    if (submitted.created) context.workChanged();
    return submitted;
  } catch (error) {
    if (error instanceof StoreError && error.code === "full") throw diskFull(error.problem, {}, error);
    throw error;
  }
}

/** Queued jobs before this one; null where it does not wait. */
export async function positionOf(
  db: Pick<Changes, "selectFrom">,
  { status, number }: Pick<JobsTable, "status" | "number">,
): Promise<number | null> {
  if (status !== "queued") return null;
  return countQueued(db, number);
}

async function countQueued(db: Pick<Changes, "selectFrom">, before?: number): Promise<number> {
  let query = db.selectFrom("jobs").select(sql<number>`count(*)`.as("count")).where("status", "=", "queued");
  if (before !== undefined) query = query.where("number", "<", before);
  return Number((await query.executeTakeFirstOrThrow()).count);
}

async function sameKey(db: Pick<Changes, "selectFrom">, key: string, hash: string): Promise<JobsTable | null> {
  const row = await db.selectFrom("jobs").selectAll().where("idempotencyKey", "=", key).executeTakeFirst();
  if (!row) return null;
  if (row.requestHash === hash) return row;
  throw new QueueError("idempotency-conflict", {
    problem: `the idempotency key was given before, with another request, which became job ${row.id}`,
    action: "Give a new key for a new request.",
    data: { jobId: row.id },
  });
}

async function refuseFullDisk({ freeBytes, limits: { reserveBytes } }: QueueContext, needBytes: number): Promise<void> {
  const free = await freeBytes();
  if (free === null || free >= reserveBytes + needBytes) return;
  if (free >= reserveBytes) {
    throw new QueueError("disk-full", {
      problem: `this run needs about ${needBytes} bytes, and ${free} bytes of the disk are free, of which ${reserveBytes} are kept for runs that are under way`,
      action: "Ask for fewer frames or smaller ones, or free space on the disk.",
      data: { needBytes, freeBytes: free, reserveBytes },
    });
  }
  throw diskFull(`${free} bytes of the disk are free, and ${reserveBytes} are kept for runs that are under way`, {
    freeBytes: free,
    reserveBytes,
  });
}

function diskFull(problem: string, data: QueueError["data"], cause?: unknown): QueueError {
  const action = "Remove runs that are no longer wanted, or free space on the disk; what is stored can still be read.";
  return new QueueError("disk-full", { problem, action, data, cause });
}

/** A place becomes free when a job is taken: a mean job divided by those who work. */
async function queueFull({ limits }: QueueContext, changes: Changes, queued: number): Promise<QueueError> {
  const ended = await changes
    .selectFrom("jobs")
    .select("durationMs")
    .where("status", "=", "finished")
    .orderBy("number", "desc")
    .limit(RETRY.jobs)
    .execute();
  const running = await changes.selectFrom("jobs").select("id").where("status", "=", "running").execute();
  const total = ended.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const mean = ended.length > 0 ? total / ended.length : RETRY.unknownMs;
  const wait = Math.ceil(mean / Math.max(1, running.length));
  const retryAfterMs = Math.min(RETRY.mostMs, Math.max(RETRY.leastMs, wait));
  return new QueueError("queue-full", {
    problem: `${queued} jobs are waiting, and the queue takes ${limits.mostQueued}`,
    action: `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    data: { queued, limit: limits.mostQueued, retryAfterMs },
  });
}

function requestTexts({ settings, options = {}, machine = "", idempotencyKey = "" }: JobRequest) {
  const texts = { settings: JSON.stringify(settings), options: JSON.stringify(options) };
  const bytes = texts.settings.length + texts.options.length;
  if (bytes > MOST_REQUEST_BYTES) throw tooLarge("the request has", bytes, MOST_REQUEST_BYTES);
  for (const [name, { length }] of [
    ["the idempotency key has", idempotencyKey],
    ["the machine's label has", machine],
  ] as const) {
    if (length > MOST_KEY_CHARACTERS) throw tooLarge(name, length, MOST_KEY_CHARACTERS);
  }
  const hash = createHash("sha256")
    .update(canonicalJson({ settings: JSON.parse(texts.settings), options: JSON.parse(texts.options), machine }))
    .digest("hex");
  return { ...texts, hash };
}

/** Postgres's text holds everything but this one character. */
function storable(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll("\0", "\uFFFD");
}

function tooLarge(what: string, bytes: number, limit: number): QueueError {
  return new QueueError("too-large", {
    problem: `${what} ${bytes} characters, and may have ${limit}`,
    action: "Make it shorter.",
    data: { bytes, limit },
  });
}

const EMPTY_ROW = {
  status: "queued",
  startedAt: null,
  endedAt: null,
  durationMs: null,
  attempts: 0,
  token: null,
  beat: 0,
  worker: null,
  workerLabel: null,
  workerProcess: null,
  runningOn: null,
  done: 0,
  cancelAsked: 0,
  reason: null,
  runId: null,
  lastEvent: 0,
  eventCount: 0,
  eventBytes: 0,
} as const;
