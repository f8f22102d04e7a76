/** What else there is to say of each address beside its schemas: headers that it reads and writes, and what it may refuse. */
import type { ProblemCode } from "./problem.ts";
import type { RouteName } from "./routes.ts";

export interface Header {
  readonly name: string;
  readonly description: string;
}

export interface EndpointFacts {
  readonly group: "Runs" | "Results" | "Records and comparison" | "Scenes" | "Server";
  /** Besides those that every address may answer. */
  readonly problems: readonly ProblemCode[];
  readonly requestHeaders?: readonly Header[];
  readonly responseHeaders?: readonly Header[];
  /** Answers besides that of success. */
  readonly also?: Readonly<Record<number, string>>;
  /** What is sent, for the examples; default: nothing, or the path alone. */
  readonly example?: { readonly query?: string; readonly headers?: readonly string[]; readonly body?: unknown };
}

/** Any address may say these. */
export const COMMON_PROBLEMS: readonly ProblemCode[] = [
  "host-refused",
  "origin-refused",
  "too-many-requests",
  "internal-error",
  "shutting-down",
];
/** Those that ask for a key. */
export const KEY_PROBLEMS: readonly ProblemCode[] = ["key-needed", "key-unknown", "scope-missing"];
/** Those that take a body. */
export const BODY_PROBLEMS: readonly ProblemCode[] = ["too-large", "unsupported-media-type", "request-timeout"];

const RUN = ["invalid-request", "unknown-run", "ambiguous-run", "store-unavailable"] as const;
const RESULT = [...RUN, "no-result"] as const;

const ETAG: Header = { name: "ETag", description: "Names these bytes" };
const IF_NONE_MATCH: Header = {
  name: "If-None-Match",
  description: "ETag that is there already: 304 in place of a body",
};
const LOCATION: Header = { name: "Location", description: "Of the run" };
const KNOWN = { 304: "The client has it already" } as const;
const CACHED = { requestHeaders: [IF_NONE_MATCH], responseHeaders: [ETAG], also: KNOWN } as const;

export const ENDPOINT_FACTS: Readonly<Record<RouteName, EndpointFacts>> = {
  submitRun: {
    group: "Runs",
    problems: [
      "invalid-request",
      "invalid-settings",
      "invalid-scene",
      "unknown-preset",
      "too-much-work",
      "idempotency-conflict",
      "queue-full",
      "disk-full",
      "store-unavailable",
    ],
    requestHeaders: [
      {
        name: "Idempotency-Key",
        description: "1 to 100 visible characters: sent again with the same request, it gives the same run",
      },
    ],
    responseHeaders: [
      LOCATION,
      { name: "Idempotency-Replayed", description: "true where the key was known and nothing new was queued" },
    ],
    example: {
      headers: ["idempotency-key: first-run"],
      body: { settings: { scene: "seed", frames: 30 }, options: { passes: 1 } },
    },
  },
  listRuns: {
    group: "Runs",
    problems: ["invalid-request", "bad-cursor", "store-unavailable"],
    example: { query: "status=finished&limit=10" },
  },
  getRun: { group: "Runs", problems: RUN },
  cancelRun: { group: "Runs", problems: RUN },
  deleteRun: { group: "Runs", problems: [...RUN, "run-in-progress"] },
  acknowledgeRun: {
    group: "Runs",
    problems: RESULT,
    example: { body: { reason: "new compiler" } },
  },
  runEvents: {
    group: "Runs",
    problems: [...RUN, "bad-event-id", "too-many-streams"],
    requestHeaders: [
      { name: "Last-Event-ID", description: "Number of the last event that is known; 0: from the start" },
    ],
    example: { headers: ["last-event-id: 0"] },
  },
  runAnimation: {
    group: "Results",
    problems: [...RESULT, "range-not-satisfiable"],
    requestHeaders: [
      {
        name: "Range",
        description: "One range of bytes; several, and what can't be read, are answered with the whole",
      },
      { name: "If-Range", description: "ETag of what the client has a part of" },
      IF_NONE_MATCH,
    ],
    responseHeaders: [ETAG, { name: "Accept-Ranges", description: "bytes" }],
    also: { ...KNOWN, 206: "The part that was asked for, with Content-Range" },
  },
  runFrame: { group: "Results", problems: [...RESULT, "busy"], ...CACHED, example: { query: "width=160" } },
  runRecord: { group: "Results", problems: [...RESULT, "busy"], ...CACHED, example: { query: "gif=false" } },
  runTrace: { group: "Results", problems: [...RESULT, "busy"], ...CACHED },
  runCsv: { group: "Results", problems: [...RESULT, "busy"], ...CACHED },
  runReport: { group: "Results", problems: [...RESULT, "busy"], ...CACHED },
  importRecord: {
    group: "Records and comparison",
    problems: ["invalid-record", "conflict", "disk-full", "busy", "store-unavailable"],
    responseHeaders: [LOCATION],
    also: { 200: "The very same record is here already" },
  },
  compareRuns: {
    group: "Records and comparison",
    problems: [...RUN, "not-comparable", "busy"],
    example: { query: "a=3fa9&b=c41d" },
  },
  history: {
    group: "Records and comparison",
    problems: ["invalid-request", "store-unavailable"],
    example: { query: "stage=surface&scene=seed" },
  },
  listPresets: { group: "Scenes", problems: [] },
  checkScene: {
    group: "Scenes",
    problems: ["invalid-request"],
    example: { body: { scene: { schema: "volumark.scene/1", name: "ball", root: { type: "sphere", radius: 0.5 } } } },
  },
  system: { group: "Server", problems: ["store-unavailable"] },
  health: { group: "Server", problems: [] },
  readiness: { group: "Server", problems: [], also: { 503: "It can't take runs now" } },
  metrics: { group: "Server", problems: [] },
  openapi: { group: "Server", problems: [] },
  docs: { group: "Server", problems: [] },
  problemDocs: { group: "Server", problems: [] },
};
