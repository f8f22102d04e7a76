import { describe, expect, test } from "vitest";
import { failedEarly, foreignRecord, longRecord, oldForeign, oldRecord } from "./fixtures/records.ts";
import { frameTable, MOST_FRAMES, rowOf, tooLarge } from "./frame-table.ts";

describe("frames of a chart", () => {
  test("of one pass are that pass, nothing added", () => {
    const record = oldRecord("once");
    const table = frameTable(record)!;
    expect([...table.wallNs]).toEqual(record.run.frames.wallNs);
    expect(table.passes).toBe(1);
    expect(table.parts.map(({ part }) => part)).toEqual([
      "field",
      "surface",
      "picture",
      "convert",
      "encode",
      "wait",
      "instruments",
      "unaccounted",
    ]);
  });

  test("of many passes are medians of the steady ones, and a chosen pass is that pass alone", () => {
    const record = longRecord(12, 6);
    const table = frameTable(record)!;
    expect(table.passes).toBe(5);
    // Pass p takes 1 000 000 + 1000 p + i % 7 ns; passes 1 to 5 are steady, and their median is pass 3.
    expect([...table.parts[0]!.ns]).toEqual(Array.from({ length: 12 }, (_, i) => 1_003_000 + (i % 7)));
    const single = frameTable(record, 1)!;
    expect(single.passes).toBe(1);
    expect([...single.parts[0]!.ns]).toEqual(record.run.passes![1]!.frames.fieldNs);
    expect([...single.startNs!]).toEqual(record.run.passes![1]!.frames.startNs);
  });

  test("a pass that isn't there gives the typical frames instead of nothing", () => {
    expect(frameTable(longRecord(4, 3), 99)!.passes).toBe(2);
  });

  test("of another program's record have its three stages and no lanes", () => {
    const table = frameTable(oldForeign())!;
    expect(table.parts.map(({ part }) => part)).toEqual(["field", "surface", "picture", "unaccounted"]);
    expect(table.lane).toBeNull();
    expect(table.startNs).toBeNull();
    expect(frameTable(foreignRecord())!.frame.length).toBeGreaterThan(0);
  });

  test("waiting for other lanes does not count as work", () => {
    const { frames } = oldRecord("gyroid").run;
    const table = frameTable(oldRecord("gyroid"))!;
    const columns = table.passes === 1 ? frames : null;
    if (columns) expect(table.workedNs[0]).toBe(columns.wallNs[0]! - columns.waitNs[0]!);
    for (let i = 0; i < table.frame.length; i++) expect(table.workedNs[i]).toBeLessThanOrEqual(table.wallNs[i]!);
  });

  test("a run that failed before its first frame has none", () => {
    const record = failedEarly();
    if (record.frame_count === 0) expect(frameTable(record)).toBeNull();
    else expect(frameTable(record)!.frame.length).toBe(record.run.frames.frame.length);
  });

  test("a record with more frames than the page can look at says so with both numbers", () => {
    expect(tooLarge(longRecord(10, 3))).toBeNull();
    const record = longRecord(10, 3);
    const many = Array.from({ length: MOST_FRAMES }, (_, i) => i);
    record.run.passes![0]!.frames.frame = many;
    expect(tooLarge(record)).toContain("400 020 frames over its passes, and the page looks at 400 000");
  });

  test("a frame is found by its number, also where numbers have gaps", () => {
    const table = { frame: Float64Array.of(0, 2, 5, 9) };
    expect([0, 2, 5, 9].map((n) => rowOf(table, n))).toEqual([0, 1, 2, 3]);
    expect([-1, 1, 10].map((n) => rowOf(table, n))).toEqual([-1, -1, -1]);
  });
});
