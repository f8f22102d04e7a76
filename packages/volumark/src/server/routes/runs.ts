/** Runs: submitted, listed, shown, cancelled, removed, accepted. */
import type { AnimationSettings } from "@volumark/engine";
import { mostDiskNeed } from "../../job/disk-need.ts";
import { findRun, findStored } from "../find-run.ts";
import { type Caller, callerOf } from "../guard/caller.ts";
import { boundOf, type Look } from "../guard/work-limit.ts";
import { listRuns } from "../list-runs.ts";
import { readIdempotencyKey, readRunRequest } from "../read-request.ts";
import { type AddRoutes, addRoute } from "../routes.ts";
import { jobView, silenceOf, viewOf } from "../run-views.ts";
import { SideThread, SideThreadDied } from "../side/side-thread.ts";

/** For a look at a scene; a scene of 2000 nodes takes 2 s. */
const MOST_LOOK_MS = 20_000;

export const runRoutes: AddRoutes = (app, context) => {
  const { queue, store } = context;
  const thread = new SideThread({ mostAtOnce: 1, mostWaiting: 64, mostMs: MOST_LOOK_MS });
  app.addHook("onClose", async () => thread.close());
  /** By all that is known of a scene that could not be looked at, the most that there can be. */
  const or =
    <T>(bound: T) =>
    (error: unknown) => {
      if (error instanceof SideThreadDied) return bound;
      throw error;
    };
  const look: Look = (settings) => thread.ask("surface", { settings }).catch(or(boundOf(settings)));
  const estimateDisk = (settings: AnimationSettings) =>
    thread.ask("disk", { settings }).catch(or(mostDiskNeed(settings)));
  const room = async () => {
    const free = await context.freeBytes();
    return free === null ? null : free - context.about.reserveBytes;
  };

  addRoute(app, "submitRun", async ({ body, request, reply }) => {
    const key = readIdempotencyKey(request.headers["idempotency-key"]);
    const measures = { limits: context.limits, room: await room(), look, estimateDisk };
    const asked = await readRunRequest(body, measures);
    const { job, created, position } = await queue.submit({
      ...asked,
      ...(key === undefined ? {} : { idempotencyKey: `${ownerOf(callerOf(request))}:${key}` }),
    });
    request.run = job.id;
    reply.header("location", `/api/runs/${job.id}`);
    if (!created) reply.header("idempotency-replayed", "true");
    const { run } = created ? { run: null } : await findRun(context, job.id);
    return jobView(job, position, run, silenceOf(queue, job));
  });

  addRoute(app, "listRuns", ({ query }) => listRuns(context, query));

  addRoute(app, "getRun", async ({ params }) => viewOf(context, await findRun(context, params.id)));

  addRoute(app, "cancelRun", async ({ params, request }) => {
    const found = await findRun(context, params.id);
    if (found.job === null) return viewOf(context, found);
    request.run = found.job.id;
    return viewOf(context, { ...found, job: await queue.cancel(found.job.id) });
  });

  addRoute(app, "deleteRun", async ({ params, request, reply }) => {
    const { job, run } = await findRun(context, params.id);
    request.run = job?.id ?? run?.id ?? "";
    // Gone in between is gone as well.
    if (job) await queue.remove(job.id);
    else if (run) await store.remove([run.id]);
    return reply.code(204).send();
  });

  addRoute(app, "acknowledgeRun", async ({ params, body, request }) => {
    const { job, run } = await findStored(context, params.id, "result");
    request.run = job?.id ?? run.id;
    await store.acknowledge(run.id, body.reason.replaceAll("\0", "\uFFFD"));
    return viewOf(context, await findRun(context, job?.id ?? run.id));
  });
};

/** Two clients may think of the same key; whoever needs none is at this machine, whichever of its addresses was used. */
function ownerOf({ kind, id }: Caller): string {
  return kind === "key" ? id : "";
}
