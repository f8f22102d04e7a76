/** Runs: submitted, listed, shown, cancelled, removed, accepted. */
import { findRun, findStored } from "../find-run.ts";
import { type Caller, callerOf } from "../guard/caller.ts";
import { listRuns } from "../list-runs.ts";
import { readIdempotencyKey, readRunRequest } from "../read-request.ts";
import { type AddRoutes, addRoute } from "../routes.ts";
import { jobView, silenceOf, viewOf } from "../run-views.ts";

export const runRoutes: AddRoutes = (app, context) => {
  const { queue, store } = context;

  addRoute(app, "submitRun", async ({ body, request, reply }) => {
    const key = readIdempotencyKey(request.headers["idempotency-key"]);
    const asked = readRunRequest(body, context.limits);
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
