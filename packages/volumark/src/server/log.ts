/**
 * The log: a line of JSON for each request and each thing that went wrong, with the request's id and, where there is one,
 * the run's. A request is logged by its method, its path and its length, never by its headers, its query or its body: keys
 * travel in the first, and the others may hold anything.
 */
import type { FastifyInstance, FastifyLoggerOptions, FastifyRequest } from "fastify";

export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** Default: standard output. */
  readonly stream?: { write(line: string): void };
  /** Default info. Requests of probes and of the page's files are told at debug. */
  readonly level?: LogLevel;
}

/** Characters of a path that are logged. */
const MOST_PATH = 300;

export function loggerOptions({ stream, level = "info" }: LogOptions): FastifyLoggerOptions {
  return {
    level,
    ...(stream ? { stream } : {}),
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Nothing logs headers; if something ever does, no key is in them.
    redact: {
      paths: ["headers.authorization", "headers.cookie", "req.headers.authorization", "req.headers.cookie", "*.key"],
      censor: "(not logged)",
    },
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, path: pathOf(request), from: request.ip }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode ?? null }),
    },
  } as FastifyLoggerOptions;
}

/** Logs each request when it has been answered. */
export function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { route, scope } = request.routeOptions.config;
    const run = runOf(request);
    const line = {
      method: request.method,
      path: pathOf(request),
      route: route ?? null,
      ...(run === null ? {} : { run }),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      from: request.ip,
    };
    if (route === undefined || scope === null) request.log.debug(line, "answered");
    else request.log.info(line, "answered");
  });
}

/** The run that a request is about, as its address names it, or as the handler has found out. */
function runOf({ params, run }: FastifyRequest): string | null {
  if (run !== "") return run;
  const { id } = (params ?? {}) as { readonly id?: unknown };
  return typeof id === "string" ? id.slice(0, 80) : null;
}

function pathOf({ url }: FastifyRequest): string {
  const end = url.indexOf("?");
  return (end < 0 ? url : url.slice(0, end)).slice(0, MOST_PATH);
}
