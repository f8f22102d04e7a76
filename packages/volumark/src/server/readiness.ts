/**
 * Whether this server can take runs, found out and not believed: the database is asked to write, the disk is measured, the
 * queue is looked at. Several who ask at once, or within half a second, share one answer.
 */
import type { Answer } from "../api/endpoints.ts";
import type { JobsTable } from "../store/tables.ts";
import type { ServerContext } from "./context.ts";
import { within } from "./shutdown.ts";

export type Readiness = Answer<"readiness">;
type Check = Readiness["checks"][number];

/** For each part to answer, ms. */
const ANSWER_MS = 1500;
/** How long the first run of the queue may wait while none is made before the queue is taken to be stuck, ms. */
const STUCK_MS = 30_000;
/** How long an answer is good for, ms. */
const KEPT_MS = 500;

/** `monotonicMs` never goes back. */
export function openReadiness(context: ServerContext, monotonicMs = () => performance.now()): () => Promise<Readiness> {
  let kept: { readonly at: number; readonly answer: Promise<Readiness> } | null = null;
  let first: { readonly id: string; readonly sinceMs: number } | null = null;

  async function look(): Promise<Readiness> {
    const checks = await Promise.all([
      tried("database", database),
      tried("disk", disk),
      tried("queue", queue),
      tried("worker", worker),
    ]);
    return { ready: checks.every(({ ok }) => ok), checks };
  }

  async function database(): Promise<Check> {
    await tryToWrite(context);
    return check("database", true, "it can be written");
  }

  async function disk(): Promise<Check> {
    const { reserveBytes } = context.about;
    const free = await context.freeBytes();
    if (free === null) return check("disk", true, "how much is free is not known here");
    return check("disk", free >= reserveBytes, `${free} bytes are free, and ${reserveBytes} are kept`);
  }

  async function queue(): Promise<Check> {
    const { mostQueued } = context.about;
    const { queued, running } = await context.queue.counts();
    const waiting = running > 0 || queued === 0 ? null : await firstWaiting(context);
    const nowMs = monotonicMs();
    first = waiting === null ? null : first?.id === waiting.id ? first : { id: waiting.id, sinceMs: nowMs };
    const waitedMs = first === null ? 0 : nowMs - first.sinceMs;
    if (waitedMs >= STUCK_MS) {
      return check("queue", false, `${queued} wait, and nobody has taken one for ${Math.round(waitedMs / 1000)} s`);
    }
    return check("queue", queued < mostQueued, `${queued} wait of at most ${mostQueued}, ${running} are being made`);
  }

  async function worker(): Promise<Check> {
    if (context.closing.aborted) return check("worker", false, "the server is shutting down");
    const alive = context.workerAlive();
    if (alive === null) return check("worker", true, "runs are made elsewhere");
    return check("worker", alive, alive ? "it goes on" : "it has ended; the log says why");
  }

  return () => {
    const nowMs = monotonicMs();
    if (kept === null || nowMs - kept.at > KEPT_MS || context.closing.aborted) kept = { at: nowMs, answer: look() };
    return kept.answer;
  };
}

function check(name: Check["name"], ok: boolean, detail: string): Check {
  return { name, ok, detail };
}

/** What can't be found out, or not soon, is not well. */
async function tried(name: Check["name"], find: () => Promise<Check>): Promise<Check> {
  let found = check(name, false, `it has not answered for ${ANSWER_MS} ms`);
  try {
    await within(
      ANSWER_MS,
      find().then((answer) => {
        found = answer;
      }),
    );
    return found;
  } catch (error) {
    return check(name, false, error instanceof Error ? error.message : String(error));
  }
}

class Undo extends Error {}

/** A change that is taken back: it needs the right to write, and leaves nothing. */
async function tryToWrite({ store }: ServerContext): Promise<void> {
  try {
    await store.db.transaction().execute(async (changes) => {
      const row = await changes
        .updateTable("queueState")
        .set((state) => ({ submitted: state("submitted", "+", 0) }))
        .returning("submitted")
        .executeTakeFirst();
      if (!row) throw new Error("the queue's own row is missing. volumark runs repair begins a new store");
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}

/** The first run that any worker may take. */
async function firstWaiting({ store }: ServerContext): Promise<Pick<JobsTable, "id"> | null> {
  const row = await store.db
    .selectFrom("jobs")
    .select("id")
    .where("status", "=", "queued")
    .where("machine", "is", null)
    .orderBy("number")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}
