import { describe, expect, test } from "vitest";
import { analyse, causeOfRow } from "./analysis.ts";
import { failedEarly, foreignRecord, hostileRecord, longRecord, oldForeign, oldRecord } from "./fixtures/records.ts";

describe("what the window says of a run", () => {
  test.each(["failed", "gyroid", "once", "passes"] as const)(
    "an old record (%s) has an answer, a grade and its reasons",
    (name) => {
      const { answer, grade, stages, missing } = analyse(oldRecord(name));
      expect(answer[0]!.text.length).toBeGreaterThan(20);
      expect(grade!.letter).toMatch(/^[ABCD]$/);
      for (const { state, action } of grade!.checks) if (state !== "holds") expect(action).not.toBe("");
      if (name !== "failed") expect(stages!.rows.length).toBe(8);
      expect(missing.length).toBe(name === "failed" && stages === null ? 1 : 0);
    },
  );

  test("a record of another program has no grade, no noise and no stability, and says what it lacks", () => {
    for (const record of [oldForeign(), foreignRecord()]) {
      const found = analyse(record);
      expect([found.grade, found.noise, found.stability, found.total]).toEqual([null, null, null, null]);
      expect(found.answer[0]!.text).toContain("made by another program");
      expect(found.missing[0]).toContain("Another program wrote this record");
      expect(found.rates.map(({ name }) => name)).toEqual(["frames"]);
    }
  });

  test("a failed run says so first", () => {
    const { answer } = analyse(failedEarly());
    expect(answer[0]!.tone).toBe("bad");
  });

  test("rates are those of the median pass", () => {
    const record = longRecord(10, 6);
    const { rates, total } = analyse(record);
    expect(rates[0]!.value).toBeCloseTo((10 * 1e9) / total!.value, 6);
    const triangles = record.run.counts.triangles.reduce((a, b) => a + b, 0);
    expect(rates[2]!.value).toBeCloseTo((triangles * 1e9) / total!.value, 6);
    expect(rates[0]!.count).toBe(5);
  });

  test("a frame with a collection in it is marked with that cause", () => {
    const record = longRecord(20, 1);
    const { run } = record;
    run.passes = undefined;
    run.frames.fieldNs[13]! += 20_000_000;
    run.frames.wallNs[13]! += 20_000_000;
    run.events = [{ kind: "gc", lane: run.frames.lane[13]!, startNs: run.frames.startNs[13]!, durationNs: 19_000_000 }];
    const { marked, standOut } = analyse(record);
    expect(standOut).toBe(1);
    expect(marked[0]).toMatchObject({ frame: 13, pass: null, cause: "gc" });
    expect(causeOfRow(record, 13)!.cause).toBe("gc");
  });

  test("a frame that is slow in one pass only is marked there, and not in the median over passes", () => {
    const record = longRecord(12, 7);
    const columns = record.run.passes![4]!.frames;
    columns.fieldNs[5]! += 30_000_000;
    columns.wallNs[5]! += 30_000_000;
    const { marked, standOut, single } = analyse(record);
    expect(standOut).toBe(0);
    expect(single).toEqual([["unexplained", 1]]);
    expect(marked).toEqual([expect.objectContaining({ frame: 5, pass: 4, cause: "unexplained" })]);
  });

  test("10 000 frames far out cost a bounded number of labels", () => {
    const record = longRecord(2000, 1);
    record.run.passes = undefined;
    for (let i = 0; i < 900; i++) record.run.frames.wallNs[i]! *= 3;
    const { marked, standOut } = analyse(record);
    expect(standOut).toBe(900);
    expect(marked.length).toBeLessThanOrEqual(60);
  });

  test("hostile text comes through as the text it is", () => {
    expect(() => analyse(hostileRecord())).not.toThrow();
  });

  test("survives the way to a worker and back unchanged", () => {
    for (const record of [longRecord(12, 6), oldForeign()]) {
      const found = analyse(record);
      expect(structuredClone(found)).toEqual(found);
    }
  });
});
