import { describe, expect, test } from "vitest";
import { syntheticRun } from "../compare/fixtures/synthetic.ts";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
import { headlineOf } from "./headline.ts";
import { noiseFloorOf, oddAgainstEven } from "./noise-floor.ts";
import { COMPARED_STAGES, passColumns, stageTotals, steadyColumnsOf } from "./pass-columns.ts";
import { median } from "./quantile.ts";
import { stabilityOf } from "./stability.ts";
import { decideStop } from "./stop.ts";

describe("columns of passes", () => {
  test("hold every nanosecond of a frame, in a stage or in other", () => {
    const columns = steadyColumnsOf(buildRecord(TINY_RUN));
    const sums = COMPARED_STAGES.map((stage) => stageTotals(columns, stage)[0]);
    expect(columns.frames).toEqual([0, 1]);
    expect(sums).toEqual([4e6, 6e6, 8e6, 4e6, 6e6, 2e6]);
    expect(sums.reduce((a, b) => a! + b!, 0)).toBe(30e6);
  });

  test("keep only the frames that all passes have", () => {
    const [pass] = steadyPasses();
    const short = { ...pass!, frames: { ...pass!.frames, frame: pass!.frames.frame.map((frame) => frame + 1) } };
    expect(passColumns([pass!, short]).frames).toEqual(pass!.frames.frame.slice(1));
    expect(passColumns([]).frames).toEqual([]);
  });
});

describe("headline", () => {
  test("is the median of the steady passes within its interval", () => {
    const record = syntheticRun({ seed: 1 });
    const { total, stages } = headlineOf(record, { resamples: 500 })!;
    expect(total.value).toBe(median(record.run.passes!.map(({ totalNs }) => totalNs)));
    expect(total.low!).toBeLessThan(total.value);
    expect(total.high!).toBeGreaterThan(total.value);
    expect(stages.picture!.value).toBeGreaterThan(stages.field!.value);
  });

  test("of one pass has no interval, of none is null", () => {
    expect(headlineOf(buildRecord(TINY_RUN))!.total).toMatchObject({ value: 25e6, low: null });
    expect(headlineOf(buildRecord(EMPTY_RUN))).toBeNull();
  });
});

describe("noise floor", () => {
  test("shows what every second pass costs more", () => {
    const values = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 110 : 100));
    expect(oddAgainstEven(values)).toBeGreaterThanOrEqual(0.1 - 1e-12);
    expect(oddAgainstEven(Float64Array.of(5, 5, 5, 5, 5))).toBe(0);
    expect(oddAgainstEven(Float64Array.of(5, 5, 0, 5, 5))).toBeNull();
  });

  test("grows with the noise and is never a lucky 0", () => {
    const floors = [0.002, 0.01, 0.05].map(
      (passNoise) => noiseFloorOf(syntheticRun({ seed: 4, passNoise, frameNoise: 0.001, outliers: 0 })).total!,
    );
    expect(floors[0]).toBeGreaterThan(0.0005);
    expect(floors[1]).toBeGreaterThan(2 * floors[0]!);
    expect(floors[2]).toBeGreaterThan(2 * floors[1]!);
    expect(noiseFloorOf(buildRecord(TINY_RUN))).toMatchObject({ total: null, reason: "1 of at least 5 passes" });
  });
});

describe("stop rule", () => {
  const totals = (count: number, width: number) =>
    Float64Array.from({ length: count }, (_, i) => 100 * (1 + (width * (((i * 7) % 10) - 4.5)) / 9));
  const few = { resamples: 500 };

  test("goes on until the interval is narrow enough, with the least number of passes", () => {
    expect(decideStop(totals(4, 0.001), 1, few)).toMatchObject({
      stop: false,
      reason: "too few passes",
      passesToGo: null,
    });
    const first = decideStop(totals(5, 0.001), 1, few);
    expect(first).toMatchObject({ stop: true, reason: "narrow enough", passesToGo: 0 });
    expect(first.relativeWidth!).toBeLessThan(0.02);
    expect(decideStop(totals(5, 0.001), 1, { ...few, leastPasses: 8 })).toMatchObject({ stop: false, passesToGo: 3 });
    const wide = decideStop(totals(10, 0.3), 1, few);
    expect(wide).toMatchObject({ stop: false, reason: "too wide" });
    expect(wide.passesToGo!).toBeGreaterThan(20);
  });

  test("stops at the very second and pass that is the most", () => {
    const most = { ...few, mostSeconds: 9, mostPasses: 12 };
    expect(decideStop(totals(10, 0.3), 8.999, most).stop).toBe(false);
    expect(decideStop(totals(10, 0.3), 9, most)).toMatchObject({ stop: true, reason: "most seconds" });
    expect(decideStop(totals(12, 0.3), 1, most)).toMatchObject({ stop: true, reason: "most passes" });
    expect(() => decideStop([], 0)).toThrow("0 of at least 1 pass");
  });

  test("does not call passes narrow that still drift", () => {
    const drifting = Float64Array.from({ length: 20 }, (_, i) => 100 * 1.01 ** i);
    expect(decideStop(drifting, 1, { ...few, target: 0.5 })).toMatchObject({ stop: false, reason: "no steady state" });
  });

  test("leaves a slow first pass out of the interval", () => {
    const found = decideStop(Float64Array.of(300, ...totals(9, 0.002)), 1, few);
    expect(found).toMatchObject({ stop: true, reason: "narrow enough" });
    expect(found.interval.count).toBe(9);
  });
});

describe("stability", () => {
  const pass = (totalNs: number, canaryNs: number | null) => ({ totalNs, canaryNs });

  test("is the best pass over the worst, and 97 % passes", () => {
    expect(stabilityOf([pass(97, null), pass(100, null)])).toMatchObject({ raw: 0.97, passed: true, corrected: null });
    expect(stabilityOf([pass(96, null), pass(100, null)])).toMatchObject({ raw: 0.96, passed: false });
  });

  test("corrected by the canary shows that the machine was slow, not the program", () => {
    const found = stabilityOf([pass(100, 2), pass(200, 4), pass(100, 2)]);
    expect(found).toEqual({ raw: 0.5, corrected: 1, canaryDrift: 2, passed: false });
  });

  test("of one pass, or without a canary, is null with a reason", () => {
    expect(stabilityOf([pass(1, 1)])).toMatchObject({ raw: null, passed: null, reason: "1 of at least 2 passes" });
    expect(stabilityOf([pass(1, 1), pass(1, null)]).reason).toBe("1 of 2 passes have no canary");
  });
});

function steadyPasses() {
  return syntheticRun({ seed: 1, passes: 2, frames: 4 }).run.passes!;
}
