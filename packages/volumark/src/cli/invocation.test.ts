import { expect, test } from "vitest";
import { commandAgain, runInvocation } from "./invocation.ts";

test.each([
  [{ VOLUMARK_STARTED_AS: "npm start", npm_command: "start" }, "npm start --"],
  [{ npm_command: "exec" }, "npx volumark run"],
  [{ npm_command: "run" }, "volumark run"],
  [{}, "volumark run"],
])("suggestions after %j begin with %s", (env, expected) => {
  expect(runInvocation(env)).toBe(expected);
});

test("the command that does it again is the one that was typed", () => {
  const words = ["run", "--frames", "3"];
  expect(commandAgain({ VOLUMARK_STARTED_AS: "npm start" }, words)).toEqual(["npm", "start", "--", "--frames", "3"]);
  expect(commandAgain({}, words)).toEqual(["volumark", "run", "--frames", "3"]);
});
