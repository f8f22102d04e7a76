/** From whatever went wrong to what the client is told: `application/problem+json`. */
import { EngineError } from "@volumark/engine";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { PROBLEMS, type Problem, type ProblemCode } from "../api/problem.ts";
import { QueueError } from "../queue/queue-error.ts";
import { StoreError } from "../store/store-error.ts";

/** A refusal that a route decides on. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly facts: Pick<Problem, "field" | "data"> & { readonly retryAfterMs?: number };

  constructor(code: ProblemCode, detail: string, facts: ProblemError["facts"] = {}) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.facts = facts;
  }
}

const QUEUE_CODES: Readonly<Record<QueueError["code"], ProblemCode>> = {
  "queue-full": "queue-full",
  "disk-full": "disk-full",
  "idempotency-conflict": "idempotency-conflict",
  "unknown-job": "unknown-run",
  running: "run-in-progress",
  "lease-lost": "internal-error",
  "bad-cursor": "bad-cursor",
  "too-large": "too-large",
};

/** All others: it can't be used now. */
const STORE_CODES: Readonly<Partial<Record<StoreError["code"], ProblemCode>>> = {
  "unknown-run": "unknown-run",
  ambiguous: "ambiguous-run",
  conflict: "conflict",
  full: "disk-full",
};

/** What fastify refuses before a handler sees it. */
const FASTIFY_PROBLEMS: Readonly<Record<string, [ProblemCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["unsupported-media-type", "Send the body as application/json."],
  FST_ERR_CTP_INVALID_JSON_BODY: [
    "invalid-request",
    "The body is no JSON, or has a key that is not taken: __proto__, or constructor with a prototype. Correct it.",
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["invalid-request", "The body is empty, and its content type says JSON. Send some."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    "invalid-request",
    "The body is not as long as Content-Length says. Correct it.",
  ],
  FST_ERR_BAD_URL: ["invalid-request", "The address can't be decoded: a % needs two hexadecimal digits of UTF-8."],
  FST_ERR_MAX_PARAM_LENGTH: ["too-large", "A part of the address is longer than any id. Send less."],
};

export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = problemOf(error, request);
  const { status, title } = PROBLEMS[found.code];
  if (status >= 500) request.log.error({ err: error }, "request failed");
  const problem: Problem = {
    type: `/docs/problems#${found.code}`,
    title,
    status,
    code: found.code,
    detail: found.message,
    ...(found.facts.field === undefined ? {} : { field: found.facts.field }),
    ...(found.facts.data === undefined ? {} : { data: found.facts.data }),
    requestId: request.id,
  };
  if (found.facts.retryAfterMs !== undefined) {
    reply.header("retry-after", String(Math.max(1, Math.ceil(found.facts.retryAfterMs / 1000))));
  }
  return reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

function problemOf(error: unknown, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof QueueError) {
    const { retryAfterMs, ...data } = error.data;
    return new ProblemError(QUEUE_CODES[error.code], error.message, {
      data: { ...data },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (error instanceof EngineError) {
    const { setting, path } = error.data;
    const code: ProblemCode =
      error.code === "invalid-settings" || error.code === "unknown-preset" ? error.code : "invalid-scene";
    const place = code === "unknown-preset" ? "settings.scene" : typeof path === "string" ? path : undefined;
    const field = typeof setting === "string" ? `settings.${setting}` : place;
    return new ProblemError(code, error.message, {
      data: { ...error.data },
      ...(field === undefined ? {} : { field }),
    });
  }
  if (error instanceof StoreError) {
    const code = STORE_CODES[error.code] ?? "store-unavailable";
    return new ProblemError(code, error.message, code === "store-unavailable" ? { retryAfterMs: 2000 } : {});
  }
  const failed = error as FastifyError;
  if (failed.code === "FST_ERR_CTP_BODY_TOO_LARGE") return tooLarge(request);
  const known = FASTIFY_PROBLEMS[failed.code];
  if (known) return new ProblemError(...known);
  const { statusCode = 500 } = failed;
  if (statusCode >= 400 && statusCode < 500) {
    return new ProblemError("invalid-request", "This request can't be read. See /openapi.json for what there is.");
  }
  return new ProblemError(
    "internal-error",
    "Something went wrong here; the log has it by the request's id. Try again.",
  );
}

function tooLarge({ headers, routeOptions }: FastifyRequest): ProblemError {
  const most = routeOptions.bodyLimit;
  const stated = headers["content-length"];
  const bytes = stated === undefined ? null : Number(stated);
  const long = bytes === null ? "longer than that" : `${bytes} bytes long`;
  return new ProblemError("too-large", `This address takes ${most} bytes, and the body is ${long}. Send less.`, {
    field: "body",
    data: { most, bytes },
  });
}
