import { describe, expect, test } from "vitest";
import { buildRecord } from "./build.ts";
import { EMPTY_RUN, TINY_RUN } from "./fixtures/facts.ts";
import { passesOf, steadyPassesOf } from "./passes.ts";

describe("passes of a run", () => {
  test("that was made once are the one pass of its frames, and it counts", () => {
    const record = buildRecord(TINY_RUN);
    const [pass, ...others] = passesOf(record);
    expect(others).toEqual([]);
    expect(pass!.frames).toBe(record.run.frames);
    expect(pass!.totalNs).toBe(Math.round(record.benchmark_data.performance_metrics.total_time * 1e9));
    expect(pass!.outputHash).toBe(record.run.outputHash);
    expect(steadyPassesOf(record)).toHaveLength(1);
  });

  test("of a run without frames are none", () => {
    expect(passesOf(buildRecord(EMPTY_RUN))).toEqual([]);
  });

  test("keep their order, and the warm-up is left out only of the steady ones", () => {
    const record = buildRecord(TINY_RUN);
    const [pass] = passesOf(record);
    record.run.passes = [
      { ...pass!, warmUp: true },
      { ...pass!, startNs: 5 },
      { ...pass!, startNs: 9 },
    ];
    expect(passesOf(record)).toBe(record.run.passes);
    expect(steadyPassesOf(record).map(({ startNs }) => startNs)).toEqual([5, 9]);
  });
});
