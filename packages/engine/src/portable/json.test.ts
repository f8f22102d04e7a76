import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { canonicalJson } from "./json.ts";

describe("canonicalJson", () => {
  it("does not depend on the order in which keys were added", () => {
    expect(canonicalJson({ b: 1, a: { d: [1, 2], c: null } })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
    expect(canonicalJson({ a: { c: null, d: [1, 2] }, b: 1 })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
  });

  it("writes −0 as 0, at the top and inside", () => {
    expect(canonicalJson(-0)).toBe("0");
    expect(canonicalJson([-0, { a: -0 }])).toBe('[0,{"a":0}]');
  });

  it("leaves out what is undefined", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it("means the same as the value it was made from", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  it.each([
    ["NaN", Number.NaN],
    ["an infinity", [1, Number.POSITIVE_INFINITY]],
    ["undefined in a list", [undefined]],
    ["a function", { a: () => 1 }],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["an object that holds itself", circle],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(EngineError);
  });
});
