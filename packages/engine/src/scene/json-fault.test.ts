import fc from "fast-check";
import { expect, test } from "vitest";
import { findJsonFault } from "./json-fault.ts";

test.each([
  ["{\n  a: 1}", 2, 3, 'a key in double quotes was expected, found "a"'],
  ["{'a': 1}", 1, 2, "a key in double quotes was expected, found a single quote; strings have double quotes"],
  ['{"a": 1,\n}', 2, 1, 'there must be no "," before the end of the object, found "}"'],
  ["[1, 2,]", 1, 7, 'there must be no "," before the end of the list, found "]"'],
  ['{"a": 1\n "b": 2}', 2, 2, '"," or "}" was expected in the object, found a double quote'],
  ["[1 2]", 1, 4, '"," or "]" was expected in the list, found "2"'],
  ['{"a" 1}', 1, 6, '":" was expected after the key, found "1"'],
  ['{"a": tru}', 1, 7, 'a value was expected, found "tru"'],
  ['{"a": NaN}', 1, 7, 'a value was expected, found "NaN"'],
  ["{} {}", 1, 4, 'the end was expected after the value, found "{"'],
  ["01", 1, 2, 'the end was expected after the value, found "1"'],
  ["", 1, 1, "a value was expected, found the end of the text"],
  ["[1,", 1, 4, "a value was expected, found the end of the text"],
  ['["a\nb"]', 1, 4, "the string must end on its line, found the end of the line"],
  ['["a\\x"]', 1, 4, 'after "\\" one of " \\ / b f n r t or u and four digits was expected, found "\\"'],
  ["\u0007", 1, 1, "a value was expected, found the character with code 7"],
  ['{"a": 1,\n "b": {"a": 2}, "\\u0061": 3}', 2, 17, 'the key "a" stands twice in its object'],
])("%j is no JSON from line %d, column %d on", (text, line, column, what) => {
  expect(findJsonFault(text)).toEqual({ line, column, what });
});

test("what JSON.parse takes has no fault but a key that stands twice, and what it refuses has one in the text", () => {
  const pieces = ["{", "}", "[", "]", ",", ":", '"a"', "1", "-0.5e3", "true", " ", "\n", '"\\u00e4"', "\u007f", "x"];
  const text = fc.oneof(
    fc.json(),
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join("")),
    fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...pieces)).map(([json, at, piece]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + piece + json.slice(cut);
    }),
  );
  fc.assert(
    fc.property(text, (json) => {
      let good = true;
      try {
        JSON.parse(json);
      } catch {
        good = false;
      }
      const fault = findJsonFault(json);
      if (!fault?.what.endsWith("stands twice in its object")) expect(fault === null).toBe(good);
      if (fault === null) return;
      const lines = json.split("\n");
      expect(fault.column).toBeLessThanOrEqual((lines[fault.line - 1] ?? "").length + 1);
      expect(fault.what).not.toMatch(/\p{Cc}/u);
    }),
    { seed: 20261124, numRuns: 1000 },
  );
});
