/**
 * Every address of the service: its method, its path, what a key must allow, and what comes back. No schema and no library
 * here, so that a page's client costs nothing; `endpoints.ts` has the schemas.
 */
export type Method = "GET" | "POST" | "PUT" | "DELETE";
/** What a key may do; each holds those before it. */
export type Scope = "read" | "run" | "admin";
export const SCOPES: readonly Scope[] = ["read", "run", "admin"];

export interface Route {
  readonly method: Method;
  /** `:name` stands for a parameter. */
  readonly path: string;
  /** Null where nobody is asked for a key. */
  readonly scope: Scope | null;
  /** json: checked by a schema; empty: 204; bytes, text: a file; events: server-sent events. */
  readonly answer: "json" | "empty" | "bytes" | "text" | "events";
}

export const ROUTES = {
  submitRun: { method: "POST", path: "/api/runs", scope: "run", answer: "json" },
  listRuns: { method: "GET", path: "/api/runs", scope: "read", answer: "json" },
  getRun: { method: "GET", path: "/api/runs/:id", scope: "read", answer: "json" },
  cancelRun: { method: "POST", path: "/api/runs/:id/cancel", scope: "run", answer: "json" },
  deleteRun: { method: "DELETE", path: "/api/runs/:id", scope: "run", answer: "empty" },
  acknowledgeRun: { method: "PUT", path: "/api/runs/:id/acknowledgement", scope: "run", answer: "json" },
  runEvents: { method: "GET", path: "/api/runs/:id/events", scope: "read", answer: "events" },
  runAnimation: { method: "GET", path: "/api/runs/:id/animation.gif", scope: "read", answer: "bytes" },
  runFrame: { method: "GET", path: "/api/runs/:id/frames/:frame.png", scope: "read", answer: "bytes" },
  runRecord: { method: "GET", path: "/api/runs/:id/record.json", scope: "read", answer: "text" },
  runTrace: { method: "GET", path: "/api/runs/:id/trace.json", scope: "read", answer: "text" },
  runCsv: { method: "GET", path: "/api/runs/:id/frames.csv", scope: "read", answer: "text" },
  runReport: { method: "GET", path: "/api/runs/:id/report.html", scope: "read", answer: "text" },
  importRecord: { method: "POST", path: "/api/records", scope: "run", answer: "json" },
  compareRuns: { method: "GET", path: "/api/compare", scope: "read", answer: "json" },
  history: { method: "GET", path: "/api/history", scope: "read", answer: "json" },
  listPresets: { method: "GET", path: "/api/presets", scope: "read", answer: "json" },
  checkScene: { method: "POST", path: "/api/scenes/check", scope: "read", answer: "json" },
  system: { method: "GET", path: "/api/system", scope: "read", answer: "json" },
  health: { method: "GET", path: "/healthz", scope: null, answer: "json" },
  readiness: { method: "GET", path: "/readyz", scope: null, answer: "json" },
  metrics: { method: "GET", path: "/metrics", scope: "read", answer: "text" },
  openapi: { method: "GET", path: "/openapi.json", scope: null, answer: "json" },
  docs: { method: "GET", path: "/docs", scope: null, answer: "text" },
  problemDocs: { method: "GET", path: "/docs/problems", scope: null, answer: "text" },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
