import { describe, expect, test } from "vitest";
import { columnsOver } from "./columns.ts";
import { foreignRecord, longRecord, oldRecord } from "./fixtures/records.ts";
import { frameTable } from "./frame-table.ts";
import { heatMap } from "./heat.ts";

describe("the map of stages over frames", () => {
  test("relative: the median is in the middle, twice of it at the end, half at the beginning", () => {
    const record = longRecord(5, 1);
    record.run.passes = undefined;
    record.run.frames.fieldNs = [1000, 1000, 1000, 2000, 500];
    const map = heatMap(frameTable(record)!, columnsOver(0, 5, 100), "relative");
    expect(map.rows.map(({ name }) => name).slice(0, 3)).toEqual(["frame", "field", "surface"]);
    expect([...map.rows[1]!.level]).toEqual([0.5, 0.5, 0.5, 1, 0]);
  });

  test("absolute: one scale for all rows, the longest frame at its end", () => {
    const record = oldRecord("once");
    const table = frameTable(record)!;
    const map = heatMap(table, columnsOver(0, table.frame.length, 100), "absolute");
    expect(map.mostNs).toBe(Math.max(...table.wallNs));
    expect(Math.max(...map.rows[0]!.level)).toBe(1);
    for (const { level } of map.rows) for (const value of level) expect(value >= 0 && value <= 1).toBe(true);
  });

  test("a slow frame among 1000 keeps its colour in 50 columns", () => {
    const record = longRecord(1000, 1);
    record.run.passes = undefined;
    record.run.frames.surfaceNs[501] = 30_000_000;
    const map = heatMap(frameTable(record)!, columnsOver(0, 1000, 50), "relative");
    expect([...map.rows[2]!.level].filter((level) => level === 1)).toEqual([1]);
  });

  test("rows are those that the record has", () => {
    const record = foreignRecord();
    const table = frameTable(record)!;
    const map = heatMap(table, columnsOver(0, table.frame.length, 10), "absolute");
    expect(map.rows.map(({ name }) => name)).toEqual(["frame", "field", "surface", "picture", "unaccounted"]);
  });
});
