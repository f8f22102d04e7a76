import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test.each([
  ["--scene \x1b[31mred.json", "--scene \\x1b[31mred.json"],
  ["a\nb\r\tc\0", "a\\nb\\r\\tc\\x00"],
  ["\u009b31m", "\\x9b31m"],
  ["gif\u202egpj", "gif\\u{202e}gpj"],
  ["\u2028", "\\u{2028}"],
  ["\ud800", "\\u{d800}"],
  ["Ö 日本 🙂 512×384 „x“", "Ö 日本 🙂 512×384 „x“"],
])("%j is shown as it is spelled, not as it acts", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("nothing that comes out acts on a terminal, and what is printable stays", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(printable(shown)).toBe(shown);
    }),
    { seed: 20261124, numRuns: 300 },
  );
});
