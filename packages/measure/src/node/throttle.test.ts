import { describe, expect, test } from "vitest";
import type { SensorSeries } from "../record/schema.ts";
import { CONTAINER } from "./fixtures/machines.ts";
import { SECOND, sampleOver } from "./fixtures/made-machine.ts";
import { throttleEvents } from "./throttle.ts";

const PERIOD = 200_000_000;
const series = (name: string, v: number[]): SensorSeries => ({
  name,
  unit: "1",
  source: "test",
  available: true,
  periodMs: 200,
  tNs: v.map((_, i) => (i + 1) * PERIOD),
  v,
});

describe("throttleEvents", () => {
  test("neighbouring samples in which the control group was held back are one event, over the time they stand for", () => {
    expect(throttleEvents([series("cgroup.throttled", [0, 3, 12.34, 0, 5])])).toEqual([
      {
        kind: "throttle",
        startNs: PERIOD,
        durationNs: 2 * PERIOD,
        lane: null,
        detail: "the control group was held back up to 12.3 % of the time",
      },
      expect.objectContaining({ startNs: 4 * PERIOD, durationNs: PERIOD }),
    ]);
  });

  test("the processor's own count makes an event, with how often", () => {
    const [event, ...others] = throttleEvents([series("cpu.thermalThrottle", [2, 3, 0])]);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ startNs: 0, durationNs: 2 * PERIOD, detail: expect.stringContaining("5 times") });
  });

  test("a clock far below the fastest of the run counts only while this process keeps a processor busy", () => {
    const clock = series("cpu.highestFrequency", [4000, 3000, 2999, 1000]);
    expect(throttleEvents([clock, series("process.cpu", [100, 100, 100, 20])])).toEqual([
      expect.objectContaining({
        startNs: 2 * PERIOD,
        durationNs: PERIOD,
        detail: "no processor ran faster than 2999 MHz, and 4000 MHz were reached in this run",
      }),
    ]);
    expect(throttleEvents([clock])).toEqual([]);
  });

  test("a graphics card that slows down is not what held the frames back", () => {
    expect(throttleEvents([series("gpu.0.throttleReasons", [0x48])])).toEqual([]);
  });

  test("a container that uses up its quota gives an event at the right time", () => {
    const stat = (throttled: number) => ({
      "sys/fs/cgroup/kubepods/pod7/box/cpu.stat": `nr_periods 9\nnr_throttled 2\nthrottled_usec ${throttled}\n`,
    });
    const events = throttleEvents(sampleOver(CONTAINER, [stat(20_000), stat(270_000), stat(270_000)]));
    expect(events).toEqual([
      expect.objectContaining({ startNs: SECOND, durationNs: SECOND, detail: expect.stringContaining("25 %") }),
    ]);
  });
});
