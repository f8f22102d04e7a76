import { formatDuration, headlineOf, reportMarkdown } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { longRecord, oldForeign, oldRecord } from "./fixtures/records.ts";
import { stageTable } from "./stages.ts";

describe("what each stage takes", () => {
  test("of many passes agrees with the headline and with the report", () => {
    const record = longRecord(30, 8);
    const table = stageTable(record)!;
    const headline = headlineOf(record)!;
    expect(table.passes).toBe(7);
    for (const { part, passNs, lowNs, highNs } of table.rows.slice(0, 5)) {
      const stage = headline.stages[part as keyof typeof headline.stages]!;
      expect(passNs).toBe(stage.value);
      expect(lowNs!).toBeLessThanOrEqual(passNs);
      expect(highNs!).toBeGreaterThanOrEqual(passNs);
    }
    expect(reportMarkdown(record)).toContain(formatDuration(table.rows[0]!.passNs));
  });

  test("shares of one pass add up to everything", () => {
    const { rows, passes, reason } = stageTable(oldRecord("once"))!;
    expect(passes).toBe(1);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(rows.every(({ lowNs }) => lowNs === null)).toBe(true);
    expect(reason).toMatch(/1 of at least 5 passes/);
  });

  test("a stage whose passes say too little for an interval leaves the others theirs", () => {
    const record = structuredClone(longRecord(30, 8));
    record.run.passes!.forEach(({ frames }, pass) => {
      frames.unaccountedNs = frames.unaccountedNs.map(() => 10 ** (pass % 7));
    });
    const { rows, reason } = stageTable(record)!;
    expect(rows.find(({ part }) => part === "unaccounted")!.lowNs).toBeNull();
    expect(rows.find(({ part }) => part === "picture")!.lowNs).not.toBeNull();
    expect(reason).toBeNull();
  });

  test("work stands beside the stages that have it, and nothing is made up where nothing was counted", () => {
    const record = oldRecord("once");
    const { rows } = stageTable(record)!;
    const field = rows.find(({ part }) => part === "field")!;
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(field.perUnitNs).toBeCloseTo(sum(record.run.frames.fieldNs) / sum(record.run.counts.samples), 9);
    expect(rows.find(({ part }) => part === "wait")!.unit).toBeNull();
    expect(stageTable(oldForeign())!.rows.every(({ perUnitNs }) => perUnitNs === null)).toBe(true);
  });
});
