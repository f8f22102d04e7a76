import { expect, test } from "vitest";
import { readFault } from "./fault.ts";

test.each([
  [undefined, null],
  ["", null],
  ["field@7", { kind: "frame", at: "field", frame: 7 }],
  ["encode@15", { kind: "frame", at: "encode", frame: 15 }],
  ["lane@0", { kind: "frame", at: "lane", frame: 0 }],
  ["disk@gif", { kind: "disk", file: "gif", afterBytes: 10 }],
  ["disk@record", { kind: "disk", file: "record", afterBytes: 10 }],
  ["disk@50000", { kind: "disk", file: "gif", afterBytes: 50_000 }],
  ["slow@50", { kind: "slow", delayMs: 50 }],
  ["drag-picture@5", { kind: "drag", stage: "picture", share: 0.05 }],
  ["drag-encode@0.5", { kind: "drag", stage: "encode", share: 0.005 }],
])("%j is read", (value, fault) => {
  expect(readFault(value)).toEqual(fault);
});

test.each([
  "surface",
  "surface@",
  "@15",
  "surface@-1",
  "surface@x",
  "disk@",
  "disk@-7",
  "disk@gifs",
  "toString@5",
  "surface@99999999",
  " field@7",
  "drag-lane@5",
  "drag-picture@0",
  "drag-picture@1001",
  "drag@5",
])("%j means nothing, and is told instead of being ignored", (value) => {
  expect(readFault(value)).toBeUndefined();
});
