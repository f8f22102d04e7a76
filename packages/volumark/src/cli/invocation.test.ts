import { expect, test } from "vitest";
import { runInvocation } from "./invocation.ts";

test.each([
  [{ VOLUMARK_STARTED_AS: "npm start", npm_command: "start" }, "npm start --"],
  [{ npm_command: "exec" }, "npx volumark run"],
  [{ npm_command: "run" }, "volumark run"],
  [{}, "volumark run"],
])("suggestions after %j begin with %s", (env, expected) => {
  expect(runInvocation(env)).toBe(expected);
});
