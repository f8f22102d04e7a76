/**
 * Numbers for Prometheus: requests by address and status, the queue, event streams, and the process.
 *
 * A client that goes away before the end of its answer is counted with the status 499, as nginx has it, so that it is no error
 * of the server's; a reader that leaves an event stream, which has no end of its own while the run goes on, with the 200 of the
 * stream.
 *
 * Every label has a bounded set of values: names of addresses from `api/routes.ts`, statuses of HTTP, statuses of jobs. The
 * process is watched from the first time that somebody asks: what nobody reads costs nothing.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { JOB_STATUSES } from "../queue/job-types.ts";
import type { JobQueue } from "../queue/queue.ts";

declare module "fastify" {
  interface FastifyInstance {
    metrics: ServerMetrics;
  }
}

export interface ServerMetrics {
  readonly contentType: string;
  /** All of them as text. */
  text(): Promise<string>;
  /** Where the number of open streams is read. */
  countStreams(open: () => number): void;
}

/** Seconds. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Between two looks at how late the event loop is, ms. */
const LOOP_MS = 20;
/** Name of the address of event streams. */
const EVENTS = "runEvents";
/** The status of an answer that was not taken. */
const GONE = 499;
/** Addresses that are no request to the interface: the page and its files, and what there is not. */
const OTHER = { page: "page", none: "none" } as const;

/** Counts the requests of this app from now on. */
export function addMetrics(app: FastifyInstance, queue: JobQueue): void {
  const register = new Registry();
  const requests = new Counter({
    name: "volumark_http_requests_total",
    help: "Requests that are over, by address and status; 499: whoever asked went away before the end of the answer.",
    labelNames: ["route", "status"] as const,
    registers: [register],
  });
  const durations = new Histogram({
    name: "volumark_http_request_duration_seconds",
    help: "From a request's headers to the end of its answer, by address; event streams are left out.",
    labelNames: ["route"] as const,
    buckets: BUCKETS,
    registers: [register],
  });
  new Gauge({
    name: "volumark_queue_jobs",
    help: "Runs that were submitted here, by status; none where the database can't be asked.",
    labelNames: ["status"] as const,
    registers: [register],
    async collect() {
      this.reset();
      try {
        const counts = await queue.counts();
        for (const status of JOB_STATUSES) this.set({ status }, counts[status]);
      } catch (error) {
        app.log.warn({ err: error }, "the queue could not be counted");
      }
    },
  });
  let open = () => 0;
  new Gauge({
    name: "volumark_event_streams",
    help: "Event streams that are open.",
    registers: [register],
    collect() {
      this.set(open());
    },
  });
  let watched = false;
  app.decorate("metrics", {
    contentType: register.contentType,
    text() {
      if (!watched) collectDefaultMetrics({ register, eventLoopMonitoringPrecision: LOOP_MS });
      watched = true;
      return register.metrics();
    },
    countStreams(count) {
      open = count;
    },
  });
  const routeOf = ({ is404, routeOptions }: FastifyRequest) =>
    routeOptions.config.route ?? (is404 ? OTHER.none : OTHER.page);
  const answered = new WeakSet<FastifyRequest>();
  app.addHook("onRequest", async (request, { raw }) => {
    raw.once("close", () => {
      // One that was taken whole is counted below.
      if (answered.has(request) || raw.writableFinished) return;
      answered.add(request);
      const route = routeOf(request);
      requests.inc({ route, status: route === EVENTS && raw.headersSent ? raw.statusCode : GONE });
    });
  });
  app.addHook("onResponse", async (request, reply) => {
    // A stream is ended also after its reader has left.
    if (answered.has(request)) return;
    answered.add(request);
    const route = routeOf(request);
    requests.inc({ route, status: reply.statusCode });
    if (route !== EVENTS) durations.observe({ route }, reply.elapsedTime / 1000);
  });
}
