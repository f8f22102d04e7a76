import { describe, expect, test } from "vitest";
import { foreignRecord, longRecord, oldRecord } from "./fixtures/records.ts";
import { frameTable } from "./frame-table.ts";
import { frameLanes } from "./lanes.ts";

const named = (record: Parameters<typeof frameLanes>[0], name: string) =>
  frameLanes(record, frameTable(record)!).find((lane) => lane.name === name)!;

function withSensor(name: string, tNs: number[], v: number[]) {
  const record = longRecord(4, 1);
  const { run } = record;
  run.passes = undefined;
  run.frames.startNs = [0, 100, 200, 300];
  run.frames.wallNs = [90, 90, 90, 90];
  run.frames.lane = [0, 0, 0, 1];
  run.sensors = [{ name, unit: "%", source: "test", available: true, periodMs: 1e-4, tNs, v }];
  return record;
}

describe("lanes under the map of the frames", () => {
  test("counts are those of the record", () => {
    const record = oldRecord("passes");
    expect([...named(record, "triangles").values!]).toEqual(record.run.counts.triangles);
    expect(named(record, "gifBytes").unit).toBe("bytes");
  });

  test("a frame gets the greatest sample of the time that it took, and none outside of the sampled time", () => {
    const record = withSensor("cpu.utilization", [150, 250], [40, 80]);
    // Samples speak for 50 to 150 and 150 to 250; frames last 0-90, 100-190, 200-290, 300-390.
    expect([...named(record, "cpu").values!]).toEqual([40, 80, 80, Number.NaN]);
  });

  test("collections count for the frames of their own lane only, by the part that lies within", () => {
    const record = withSensor("cpu.utilization", [150], [1]);
    record.run.events = [
      { kind: "gc", lane: 0, startNs: 80, durationNs: 30 },
      { kind: "gc", lane: 0, startNs: 310, durationNs: 5 },
      { kind: "gc", lane: null, startNs: 200, durationNs: 5 },
    ];
    expect([...named(record, "gc").values!]).toEqual([10, 10, 0, 0]);
  });

  test("a sensor that is missing keeps its lane, with the reason that the record gives", () => {
    const record = oldRecord("passes");
    const clock = named(record, "clock");
    expect(clock.values).toBeNull();
    expect(clock.note).toContain("no cpufreq");
    const gpu = named(record, "gpu");
    expect(gpu.values).toBeNull();
    expect(gpu.note).toMatch(/no graphics card by AMD/);
  });

  test("another program's record has the same lanes, all with a reason", () => {
    const record = foreignRecord();
    const lanes = frameLanes(record, frameTable(record)!);
    expect(lanes.map(({ name }) => name)).toEqual(
      frameLanes(oldRecord("once"), frameTable(oldRecord("once"))!).map(({ name }) => name),
    );
    for (const { values, note } of lanes) {
      expect(values).toBeNull();
      expect(note).toContain("another program");
    }
  });
});
