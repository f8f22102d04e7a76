/** `volumark/api`: the interface of the service as schemas, types and a client. For Node and for pages. */
export * from "./client.ts";
export * from "./endpoints.ts";
export * from "./problem.ts";
export * from "./ranges.ts";
export * from "./routes.ts";
export * from "./run-events.ts";
export * from "./run-request.ts";
export * from "./run-view.ts";
export * from "./sse.ts";
