import { medianInterval } from "@volumark/measure";
import { expect, test } from "vitest";
import { foreignRecord, ownRecord } from "./fixtures/stores.ts";
import { intervalIn } from "./intervals.ts";
import { summaryOf } from "./summary.ts";

const NOW = new Date("2026-11-24T10:15:00Z");

test("of several passes the row has the medians of steady state, not those of the warm-up", async () => {
  const record = await ownRecord();
  const { frames } = record.run;
  const pass = (fieldNs: number, totalNs: number, warmUp: boolean) => ({
    startNs: 0,
    totalNs,
    warmUp,
    canaryNs: null,
    outputHash: null,
    frames: { ...frames, fieldNs: frames.frame.map(() => fieldNs) },
  });
  record.run.passes = [pass(900, 9000, true), pass(100, 1000, false), pass(300, 3000, false), pass(200, 2000, false)];
  expect(summaryOf(record, "hash", NOW)).toMatchObject({ passes: 4, fieldNs: 200, totalNs: 2000 });
});

test("each time has its interval, of the very values whose median the row has, or the reason why not", async () => {
  const record = await ownRecord();
  const { frames } = record.run;
  record.run.passes = [1000, 1010, 990, 1005, 995, 1002].map((totalNs) => ({
    ...{ startNs: 0, totalNs, warmUp: false, canaryNs: null, outputHash: null },
    frames: { ...frames, fieldNs: frames.frame.map(() => totalNs / 10), encodeNs: frames.frame.map(() => 0) },
  }));
  const { intervals, totalNs } = summaryOf(record, "hash", NOW);
  const { low, high } = medianInterval(record.run.passes.map((pass) => pass.totalNs));
  expect(intervalIn(intervals, "total")).toEqual({ lowNs: Math.round(low!), highNs: Math.round(high!), reason: null });
  expect(low).toBeLessThan(totalNs);
  expect(intervalIn(intervals, "field").highNs).toBeGreaterThan(100);
  expect(intervalIn(intervals, "encode").reason).toBe("a pass took no time that could be measured");
  expect(intervalIn(null, "total").reason).toBe("stored before intervals were kept");
  record.run.passes.length = 4;
  expect(intervalIn(summaryOf(record, "hash", NOW).intervals, "total").reason).toBe("4 of at least 5 passes");
});

test("a run without a frame has no medians, and is one pass", async () => {
  const record = await ownRecord();
  for (const column of Object.values(record.run.frames)) if (Array.isArray(column)) column.length = 0;
  record.benchmark_data.performance_metrics.total_time = 0;
  expect(summaryOf(record, "hash", NOW)).toMatchObject({ passes: 1, fieldNs: null, frameNs: null, totalNs: 0 });
});

test("done, failed and stopped are told apart", async () => {
  const record = await ownRecord();
  expect(summaryOf(record, "hash", NOW).status).toBe("done");
  record.run.stopped = { frame: 1, reason: "Ctrl-C" };
  expect(summaryOf(record, "hash", NOW).status).toBe("stopped");
  record.run.failure = { stage: "field", frame: 1, message: "why" };
  expect(summaryOf(record, "hash", NOW).status).toBe("failed");
});

test("a foreign record is named by its content and starts when it is taken in", async () => {
  const { id, startedAt, machine } = summaryOf(await foreignRecord(), "0123456789abcdef".repeat(4), NOW);
  expect({ id, startedAt, machine }).toEqual({
    id: "0123456789abcdef0123456789abcdef",
    startedAt: "2026-11-24T10:15:00.000Z",
    machine: "Example CPU",
  });
});
