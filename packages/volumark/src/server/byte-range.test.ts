import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteRange, isKnown } from "./byte-range.ts";

const part = (from: number, to: number) => ({ kind: "part", from, to });

describe("byteRange", () => {
  test.each([
    ["bytes=0-0", part(0, 1)],
    ["bytes=0-9", part(0, 10)],
    ["bytes=9-", part(9, 10)],
    ["bytes=3-99999999999999999999", part(3, 10)],
    ["bytes=-1", part(9, 10)],
    ["bytes=-99", part(0, 10)],
    ["BYTES= 2-3 ", part(2, 4)],
    ["bytes=10-", { kind: "outside" }],
    ["bytes=10-12", { kind: "outside" }],
    ["bytes=-0", { kind: "outside" }],
    ["bytes=99999999999999999999-", { kind: "outside" }],
  ])("%s of 10 bytes", (range, expected) => {
    expect(byteRange(range, 10)).toEqual(expected);
  });

  test.each([undefined, "", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "bytes=a-b", "bytes=0x1-2"])(
    "%s is answered with the whole",
    (range) => {
      expect(byteRange(range, 10)).toEqual({ kind: "whole" });
    },
  );

  test.each(["lines=0-1", "bytes=1-2-3", "bytes=--1", "bytes=1.5-2", "bytes=-1e3", "bytes=0-1;q=1"])(
    "%s is no range that is known: the whole",
    (range) => {
      expect(byteRange(range, 10)).toEqual({ kind: "whole" });
    },
  );

  test("a range of what has changed since is answered with the whole", () => {
    const of = (ifRange: string) => byteRange("bytes=0-1", 10, { ifRange, etag: '"a"' }).kind;
    expect([of('"a"'), of('"b"'), of('W/"a"'), of("Tue, 24 Nov 2026 10:00:00 GMT")]).toEqual([
      "part",
      "whole",
      "whole",
      "whole",
    ]);
  });

  test("whatever is asked for, a part lies in the file and is not empty", () => {
    const any = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a % 40}-${b % 40}`),
    );
    fc.assert(
      fc.property(any, fc.nat({ max: 30 }), (range, length) => {
        const found = byteRange(range, length);
        if (found.kind === "part") expect(found.from >= 0 && found.from < found.to && found.to <= length).toBe(true);
      }),
      { seed: 11 },
    );
  });
});

describe("isKnown", () => {
  test("a tag is known by itself, in a list, weakly, and by a star", () => {
    for (const header of ['"a"', 'W/"a"', '"b", "a"', 'W/"b",W/"a"', "*"])
      expect(isKnown(header, '"a"'), header).toBe(true);
    expect(isKnown('"a"', 'W/"a"')).toBe(true);
    for (const header of [undefined, "", "a", '"b"', '"a', '"ab"']) expect(isKnown(header, '"a"'), header).toBe(false);
  });
});
