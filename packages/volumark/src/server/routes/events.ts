/** What happens to a run, as it happens: server-sent events, taken up again after the last one that was seen. */
import { ProblemError } from "../answer-problem.ts";
import { openEventStreams } from "../event-streams.ts";
import { findRun } from "../find-run.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

export const eventRoutes: AddRoutes = (app, context) => {
  const { queue, limits, closing } = context;
  const streams = openEventStreams(limits.mostStreams, closing);
  app.metrics.countStreams(() => streams.open);

  addRoute(app, "runEvents", async ({ params, query, request, reply }) => {
    const { job } = await findRun(context, params.id);
    if (job === null) {
      throw new ProblemError("no-result", `Run ${params.id} was brought in as a record and has no events.`);
    }
    request.run = job.id;
    const after = readPlace(request.headers["last-event-id"], query.after, job.lastEvent);
    // Who asks again after the last event is told that there will be no other; a browser comes back until it hears that.
    const ended = job.status !== "queued" && job.status !== "running";
    if (ended && after === job.lastEvent) return reply.code(204).send();
    if (request.method === "HEAD") return reply.type("text/event-stream").send();
    streams.checkPlace();
    reply.hijack();
    const options = { pictures: query.pictures === "true", headers: reply.getHeaders() };
    try {
      await streams.send(reply.raw, (signal) => queue.follow(job.id, after, signal), options);
    } catch (error) {
      // The stream has ended where it broke, and its reader comes back.
      request.log.error({ err: error, run: job.id }, "an event stream broke");
    }
    if (!reply.raw.writableFinished) {
      request.log.info({ run: job.id, ms: Math.round(reply.elapsedTime) }, "the reader of an event stream went away");
    }
    return reply;
  });
};

/** A number of nine digits at most, and of an event that there is. Throws `bad-event-id`. */
function readPlace(header: string | string[] | undefined, query: number | undefined, lastEvent: number): number {
  const [place, field] =
    header === undefined || header === ""
      ? [query ?? 0, "query.after"]
      : [/^\d{1,9}$/.test(String(header)) ? Number(header) : Number.NaN, "headers.last-event-id"];
  if (place <= lastEvent) return place;
  throw new ProblemError(
    "bad-event-id",
    `The last event of this run is ${lastEvent}, and what was given is ${Number.isNaN(place) ? "no number" : place}. Give the id of an event of this run, or none.`,
    { field, data: { lastEvent } },
  );
}
