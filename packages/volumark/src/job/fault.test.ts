import { expect, test } from "vitest";
import { readFault } from "./fault.ts";

test.each([
  [undefined, null],
  ["", null],
  ["field@7", { kind: "frame", at: "field", frame: 7 }],
  ["encode@15", { kind: "frame", at: "encode", frame: 15 }],
  ["lane@0", { kind: "frame", at: "lane", frame: 0 }],
  ["disk@gif", { kind: "disk", file: "gif" }],
  ["disk@record", { kind: "disk", file: "record" }],
  ["slow@50", { kind: "slow", delayMs: 50 }],
])("%j is read", (value, fault) => {
  expect(readFault(value)).toEqual(fault);
});

test.each([
  "surface",
  "surface@",
  "@15",
  "surface@-1",
  "surface@x",
  "disk@5",
  "disk@7",
  "toString@5",
  "surface@99999999",
  " field@7",
])("%j means nothing, and is told instead of being ignored", (value) => {
  expect(readFault(value)).toBeUndefined();
});
