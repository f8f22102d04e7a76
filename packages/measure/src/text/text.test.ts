import { describe, expect, test } from "vitest";
import { bar, sparkline } from "./chart.ts";
import { displayWidth, pad, table, wrap } from "./layout.ts";
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  formatShare,
  MISSING,
} from "./number.ts";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [0.01234, "0.0123"],
    [0.99949, "0.999"],
    [0.9995, "1.00"],
    [1.234, "1.23"],
    [9.994, "9.99"],
    [9.995, "10.0"],
    [99.94, "99.9"],
    [99.95, "100"],
    [1234.5, "1 235"],
    [-12.34, "-12.3"],
    [Number.NaN, MISSING],
    [null, MISSING],
  ])("%d prints as %s: three digits, no jump at a power of ten", (value, text) =>
    expect(formatNumber(value)).toBe(text),
  );

  test.each([
    [0, "0 ns"],
    [0.4, "0.400 ns"],
    [35.04, "35.0 ns"],
    [999, "999 ns"],
    [999.6, "1.00 µs"],
    [12_345, "12.3 µs"],
    [999_499, "999 µs"],
    [999_500, "1.00 ms"],
    [4_560_000, "4.56 ms"],
    [999_500_000, "1.00 s"],
    [59_949_000_000, "59.9 s"],
    [59_960_000_000, "1 min 00 s"],
    [125_000_000_000, "2 min 05 s"],
    [3_725_000_000_000, "1 h 02 min"],
    [Number.NaN, MISSING],
  ])("%d ns prints as %s", (ns, text) => expect(formatDuration(ns)).toBe(text));

  test("without unicode a microsecond is us", () => expect(formatDuration(12_345, { unicode: false })).toBe("12.3 us"));

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [188_560, "189 kB"],
    [999_600, "1.00 MB"],
    [24_684_084_000, "24.7 GB"],
  ])("%d bytes print as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, "0"],
    [999, "999"],
    [4210, "4 210"],
    [1_144_866, "1 144 866"],
    [-4210.4, "-4 210"],
  ])("%d counts as %s", (value, text) => expect(formatCount(value)).toBe(text));

  test("one thing is not several, and none are", () => {
    const counts = [0, 1, 2, 4210].map((count) => formatCounted(count, "frame"));
    expect(counts).toEqual(["0 frames", "1 frame", "2 frames", "4 210 frames"]);
  });

  test.each([
    [0, "0 %"],
    [0.00004, "<0.01 %"],
    [0.0004, "0.04 %"],
    [0.053, "5.3 %"],
    [0.0996, "10 %"],
    [0.57, "57 %"],
    [1, "100 %"],
    [Number.NaN, MISSING],
  ])("a share of %d prints as %s", (share, text) => expect(formatShare(share)).toBe(text));
});

describe("layout", () => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

  test("colour codes take no room", () => {
    expect(displayWidth(red("µs"))).toBe(2);
    expect(pad(red("ab"), 4, "right")).toBe(`  ${red("ab")}`);
  });

  test("lines break at spaces, at most as wide as asked, and a word that is too long is cut", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
    expect(wrap("abcdefghij k lm", 4, 4, false)).toEqual(["abcdefghij", "k lm"]);
    expect(wrap("aaaa bbbb cccc", 9, 4)).toEqual(["aaaa bbbb", "cccc"]);
  });

  test("a number stays with its unit and a grouped number stays whole", () => {
    expect(wrap("it took 12.3 ms", 12)).toEqual(["it took", "12.3 ms"]);
    expect(wrap("with 4 210 triangles", 7)).toEqual(["with", "4 210", "triangl", "es"]);
    expect(wrap("share 52 %.", 9)).toEqual(["share", "52 %."]);
    expect(wrap("on 2 lanes", 5)).toEqual(["on 2", "lanes"]);
  });

  test("columns stand under one another, coloured or not", () => {
    const columns = [{ title: "stage" }, { title: "ms", align: "right" as const }, { title: "note" }];
    const rows = [
      ["field", "1.20", "a"],
      ["surface", "10.00", ""],
    ];
    expect(table(columns, rows)).toEqual(["stage       ms  note", "field     1.20  a", "surface  10.00"]);
    const coloured = table(columns, rows, (cell, row) => (row === 0 ? red(cell) : cell));
    expect(coloured.map(displayWidth)).toEqual(table(columns, rows).map((line) => line.length));
  });
});

describe("charts", () => {
  test("a sparkline goes from 0 to the largest value", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20)).toBe("▁▁▂▃▄▅▆▇█");
    expect(sparkline([0, 8], 20, { unicode: false })).toBe("_#");
    expect(sparkline([5, 5], 20)).toBe("██");
    expect(sparkline([40, 41, 48], 20, { least: 40 })).toBe("▁▁█");
    expect(sparkline([5, 5], 20, { least: 5 })).toBe("▁▁");
  });

  test("no peak is lost when many values share a character", () => {
    const values = new Float64Array(3000).fill(1);
    values[1234] = 100;
    const line = sparkline(values, 60);
    expect([...line].length).toBe(60);
    expect([...line].filter((character) => character === "█")).toHaveLength(1);
  });

  test("nothing and zeros draw without NaN", () => {
    expect(sparkline([], 10)).toBe("");
    expect(sparkline([0, 0], 10)).toBe("▁▁");
    expect(sparkline([Number.NaN, -1, 2], 10)).toBe("▁▁█");
  });

  test("a bar is as long as its share, to an eighth of a character", () => {
    expect(bar(0.5, 4)).toBe("██");
    expect(bar(1 / 32, 4)).toBe("▏");
    expect(bar(2, 4)).toBe("████");
    expect(bar(Number.NaN, 4)).toBe("");
    expect(bar(0.5, 4, { unicode: false })).toBe("##");
  });
});
