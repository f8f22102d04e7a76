import { describe, expect, test } from "vitest";
import { failedEarly, foreignRecord, longRecord, oldRecord } from "./fixtures/records.ts";
import { SPAN_KINDS, spansWithin, spanTable } from "./spans.ts";

describe("a run as spans on a clock", () => {
  test("the spans of a frame fill its wall time, waiting included", () => {
    const record = oldRecord("once");
    const { rows, frames } = spanTable(record)!;
    expect(frames).toBe(record.run.frames.frame.length);
    const { frame, wallNs, startNs } = record.run.frames;
    for (let i = 0; i < frame.length; i++) {
      let covered = 0;
      let waited = 0;
      for (const row of rows) {
        for (let s = 0; s < row.start.length; s++) {
          if (row.frame[s] !== frame[i]) continue;
          covered += row.end[s]! - row.start[s]!;
          if (SPAN_KINDS[row.kind[s]!] === "wait") waited += row.end[s]! - row.start[s]!;
          expect(row.start[s]).toBeGreaterThanOrEqual(startNs[i]!);
        }
      }
      expect(covered).toBe(wallNs[i]);
      expect(waited).toBe(record.run.frames.waitNs[i]);
    }
  });

  test("starts ascend in every row, events have rows of their own, passes too where there are many", () => {
    const { rows } = spanTable(oldRecord("passes"))!;
    expect(rows[0]!.label).toBe("passes");
    expect(rows.some(({ label }) => label.startsWith("events"))).toBe(true);
    for (const { start } of rows)
      for (let i = 1; i < start.length; i++) expect(start[i]).toBeGreaterThanOrEqual(start[i - 1]!);
  });

  test("a window gives the spans that reach into it, and few others", () => {
    const { rows } = spanTable(longRecord(500, 1))!;
    for (const row of rows) {
      const from = row.start[100]! + 1;
      const to = row.start[200]! + 1;
      const [first, end] = spansWithin(row, from, to);
      for (let i = 0; i < row.start.length; i++) {
        const reaches = row.start[i]! < to && row.end[i]! > from;
        if (reaches) expect(i >= first && i < end).toBe(true);
      }
      expect(end - first).toBeLessThan(104);
    }
  });

  test("frames of another program, whose starts are not known, lie end to end, and a note says so", () => {
    const { rows, notes, startNs } = spanTable(foreignRecord())!;
    expect(startNs).toBe(0);
    expect(notes.join(" ")).toContain("Starts of frames were not recorded");
    const lane = rows[0]!;
    for (let i = 1; i < lane.start.length; i++) expect(lane.start[i]).toBe(lane.end[i - 1]);
  });

  test("no frame, no spans", () => {
    const record = failedEarly();
    record.run.frames = Object.fromEntries(Object.keys(record.run.frames).map((key) => [key, []])) as never;
    record.run.passes = undefined;
    expect(spanTable(record)).toBeNull();
  });
});
