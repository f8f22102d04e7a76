/** How deep a text of JSON is, found out without reading it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDepth } from "./json-body.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("is that of the value, whatever stands in its texts", () => {
  const strings = fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", "a", "\n", "𝕍") });
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }), strings, fc.nat(2), (value, text, indent) => {
      const whole = { [text]: [text, value], "\\": text };
      expect(jsonDepth(JSON.stringify(whole, null, indent), 1000)).toBe(depthOf(whole));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test.each([
  ["", 0],
  ["1", 0],
  ['"[[[["', 0],
  ['"\\"[[', 0],
  ['"\\\\"[[', 2],
  ["[]][[", 1],
  ["[[[", 3],
])("%s is counted to its end, %i", (text, depth) => {
  expect(jsonDepth(text, 100)).toBe(depth);
});

test("is not counted further than it may be", () => {
  expect(jsonDepth("[".repeat(1e6), 256)).toBe(257);
});

test("is counted in one go through texts of backslashes and quotes", () => {
  // Looked at from each quote back to the beginning, this would be 10^11 steps.
  const text = `"${"\\\\".repeat(250_000)}${'\\"'.repeat(250_000)}"`;
  expect(jsonDepth(`[${text}]`, 10)).toBe(1);
});
