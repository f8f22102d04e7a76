/**
 * What the service answers when it can't do what was asked: `application/problem+json` (RFC 9457) with a stable `code`.
 *
 * `detail` is a sentence for a person, with both numbers where there are two and what to do; programs read `code`, `field`
 * and `data`.
 */
import * as z from "zod";

/** Every code, the HTTP status that it comes with, and its title. */
export const PROBLEMS = {
  "invalid-request": { status: 400, title: "The request is not as it must be" },
  "invalid-settings": { status: 400, title: "A setting is outside its range" },
  "invalid-scene": { status: 400, title: "The scene can't be read" },
  "unknown-preset": { status: 400, title: "There is no such preset" },
  "too-much-work": { status: 400, title: "The run would take more than this server allows" },
  "bad-cursor": { status: 400, title: "The cursor is not one of this list" },
  "bad-event-id": { status: 400, title: "The event id is not one of this run" },
  "invalid-record": { status: 400, title: "The record can't be read" },
  "key-needed": { status: 401, title: "A key is needed" },
  "key-unknown": { status: 401, title: "The key is not valid" },
  "scope-missing": { status: 403, title: "The key does not allow this" },
  "host-refused": { status: 403, title: "The Host header is not one of this server" },
  "origin-refused": { status: 403, title: "Requests from this origin are refused" },
  "not-found": { status: 404, title: "There is nothing at this address" },
  "unknown-run": { status: 404, title: "There is no such run" },
  "no-result": { status: 404, title: "This run has no such result" },
  "ambiguous-run": { status: 409, title: "Several runs have ids that begin so" },
  "method-not-allowed": { status: 405, title: "This address does not know the method" },
  "not-comparable": { status: 409, title: "These runs can't be compared" },
  "idempotency-conflict": { status: 409, title: "The Idempotency-Key was given with another request" },
  "run-in-progress": { status: 409, title: "The run is being made" },
  conflict: { status: 409, title: "Another run has this id" },
  "request-timeout": { status: 408, title: "The request did not arrive in time" },
  "too-large": { status: 413, title: "The request is too large" },
  "unsupported-media-type": { status: 415, title: "This kind of content is not taken" },
  "range-not-satisfiable": { status: 416, title: "The range lies outside the file" },
  "too-many-requests": { status: 429, title: "Too many requests with this key" },
  "queue-full": { status: 429, title: "The queue is full" },
  "internal-error": { status: 500, title: "Something went wrong here" },
  busy: { status: 503, title: "The server has more to work out than it takes in" },
  "store-unavailable": { status: 503, title: "The database can't be used now" },
  "shutting-down": { status: 503, title: "The server is shutting down" },
  "too-many-streams": { status: 503, title: "Too many event streams are open" },
  "disk-full": { status: 507, title: "No room on the disk for another run" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problemSchema = z
  .object({
    type: z.string().describe("Address of the code's description: /docs/problems#CODE"),
    title: z.string(),
    status: z.int(),
    code: z.enum(CODES).describe("Stable; programs decide by it"),
    detail: z.string().describe("A sentence: what is wrong, with both numbers, and what to do"),
    field: z.string().optional().describe("Path of what is wrong in the request, as in settings.frames"),
    data: z.record(z.string(), z.unknown()).optional().describe("The numbers of the sentence, by name"),
    requestId: z.string().optional().describe("Stands in the server's log beside this request"),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;
