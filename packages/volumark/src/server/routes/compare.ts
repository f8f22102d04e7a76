/**
 * Two runs held against each other. With many passes that takes seconds, so a side thread does it, one after the other, and
 * the last answers are kept: the records that they come from never change.
 */
import type { Comparison } from "@volumark/measure";
import type { RunView } from "../../api/run-view.ts";
import type { Job } from "../../queue/job-types.ts";
import type { RunsTable } from "../../store/tables.ts";
import { ProblemError } from "../answer-problem.ts";
import type { ServerContext } from "../context.ts";
import { findRun } from "../find-run.ts";
import { type AddRoutes, addRoute } from "../routes.ts";
import { viewOf } from "../run-views.ts";
import { SideThread } from "../side/side-thread.ts";
import { packedRecord } from "../stored-files.ts";

/** Comparisons that are kept: 20 kB each for 300 frames. */
const MOST_KEPT = 64;

export const compareRoutes: AddRoutes = (app, context) => {
  const { db } = context.store;
  const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 32, mostMs: 60_000 });
  /** By the ids of both, the one that was asked for last at the end; also those that are being made. */
  const kept = new Map<string, Promise<Comparison>>();
  app.addHook("onClose", async () => thread.close());

  async function compared(a: RunsTable, b: RunsTable): Promise<Comparison> {
    const key = JSON.stringify([a.id, a.storedAt, b.id, b.storedAt]);
    const there = kept.get(key);
    const made = there ?? make(a, b);
    kept.delete(key);
    kept.set(key, made);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    try {
      return await made;
    } catch (error) {
      // Another time it may go well.
      if (kept.get(key) === made) kept.delete(key);
      throw error;
    }
  }

  async function make(a: RunsTable, b: RunsTable): Promise<Comparison> {
    const [first, second] = [await packedRecord(db, a.id), await packedRecord(db, b.id)];
    return thread.ask("compare", { a: { packed: first, name: a.id }, b: { packed: second, name: b.id } });
  }

  addRoute(app, "compareRuns", async ({ query }) => {
    const [a, b] = [await side(context, "a", query.a), await side(context, "b", query.b)];
    return { a: a.view, b: b.view, comparison: await compared(a.run, b.run) };
  });
};

async function side(
  context: ServerContext,
  name: "a" | "b",
  asked: string,
): Promise<{ readonly view: RunView; readonly run: RunsTable }> {
  const found = await findRun(context, asked).catch((error: unknown) => {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(error.code, error.message, { ...error.facts, field: `query.${name}` });
  });
  if (found.run !== null) return { view: await viewOf(context, found), run: found.run };
  // Without a run there is a job.
  const job = found.job as Job;
  throw new ProblemError(
    "not-comparable",
    `Run ${job.id} is ${job.status} and has no record to compare, with ${job.done} of ${job.frames} frames made. Take one that has ended.`,
    { field: `query.${name}`, data: { status: job.status, done: job.done, frames: job.frames } },
  );
}
