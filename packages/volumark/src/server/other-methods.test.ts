import { expect, test } from "vitest";
import { withServer } from "./fixtures/servers.ts";

test.each([
  ["DELETE", "/api/runs?x=/healthz", "GET, HEAD, POST"],
  ["PATCH", "/api/runs/3fa9", "DELETE, GET, HEAD"],
  ["GET", "/api/runs/3fa9/cancel", "POST"],
  ["PUT", "/api/runs/3fa9/frames/7.png", "GET, HEAD"],
  ["POST", "/healthz", "GET, HEAD"],
  ["OPTIONS", "/openapi.json", "GET, HEAD"],
] as const)("%s %s is told which methods there are: %s", (method, url, allow) =>
  withServer({}, async ({ app }) => {
    const answer = await app.inject({ method, url });
    expect([answer.statusCode, answer.headers.allow, answer.json().code]).toEqual([405, allow, "method-not-allowed"]);
  }),
);

test.each(["/api/nothing", "/api/runs/3fa9/cancel/x", "/api/runs/3fa9/frames/x.png", "/healthzz", "/openapi_json"])(
  "nothing lies at %s, with any method",
  (url) =>
    withServer({}, async ({ app }) => {
      for (const method of ["GET", "POST", "PATCH"] as const) {
        const answer = await app.inject({ method, url });
        expect([answer.statusCode, answer.headers.allow, answer.json().code]).toEqual([404, undefined, "not-found"]);
      }
    }),
);
