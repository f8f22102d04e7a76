/** Scores whose truth is known: the reference itself, half its time, a run that is missing. */
import { describe, expect, test } from "vitest";
import { longRecord } from "../formats/fixtures/runs.ts";
import { type MeasuredRun, type MeasuredTime, measuredRun, SCORED, type Scored } from "./measured.ts";
import { type ReferenceRun, scoreRun, scoreSuite } from "./score.ts";

const REFERENCE: ReferenceRun = {
  settingsHash: "a1",
  canaryNs: 2_000_000,
  ns: { total: 100e6, field: 20e6, surface: 30e6, picture: 60e6, convert: 5e6, encode: 7e6 },
};

/** Every time is that of the reference divided by `speed`, with an interval `reach` to each side. */
function runAt(
  speed: number,
  { reach = 1.01, canaryNs = 2_000_000 as number | null, reached = true } = {},
): MeasuredRun {
  const time = (name: Scored): MeasuredTime => {
    const ns = REFERENCE.ns[name] / speed;
    return { ns, low: ns / reach, high: ns * reach, reached, ...(reached ? {} : { reason: "4 % wide" }) };
  };
  const times = Object.fromEntries(SCORED.map((name) => [name, time(name)])) as Record<Scored, MeasuredTime>;
  return { settingsHash: "a1", passes: 9, steadyPasses: 8, canaryNs, times };
}

const SAME = { a: REFERENCE, b: REFERENCE, c: REFERENCE };

describe("the score of a run", () => {
  test("is exactly 1000 for the reference itself, in every stage, raw and corrected", () => {
    for (const score of Object.values(scoreRun(runAt(1), REFERENCE))) {
      expect(score).toMatchObject({ value: 1000, corrected: 1000, reached: true });
      expect(score.reason).toBeUndefined();
    }
  });

  test("is linear in speed: half the time is 2000, four times the time 250", () => {
    expect(scoreRun(runAt(2), REFERENCE).field.value).toBe(2000);
    expect(scoreRun(runAt(0.25), REFERENCE).total.value).toBe(250);
  });

  test("has the interval of the time turned round: the longest time is the lowest score", () => {
    const { low, value, high } = scoreRun(runAt(2, { reach: 1.25 }), REFERENCE).total;
    expect([low, value, high]).toEqual([1600, 2000, 2500]);
  });

  test("that the canary corrects stays where the whole machine is slower, canary and all", () => {
    const slow = scoreRun(runAt(0.5, { canaryNs: 4_000_000 }), REFERENCE).total;
    expect([slow.value, slow.corrected]).toEqual([500, 1000]);
  });

  test("has no corrected one where no canary was run", () => {
    expect(scoreRun(runAt(1, { canaryNs: null }), REFERENCE).total).toMatchObject({ value: 1000, corrected: null });
  });

  test("is withheld where the settings are others, with both hashes", () => {
    const other = { ...runAt(1), settingsHash: "b2" };
    const { value, reason } = scoreRun(other, REFERENCE).total;
    expect([value, reason]).toEqual([null, "its settings are b2, those of the reference a1"]);
    expect(scoreRun(runAt(1), undefined).total.reason).toBe("the reference machine did not make it");
  });

  test("says that the interval is not reached, and why, and has its value all the same", () => {
    const { value, reached, reason } = scoreRun(runAt(1, { reached: false }), REFERENCE).total;
    expect([value, reached, reason]).toEqual([1000, false, "4 % wide"]);
  });
});

describe("the score of a suite", () => {
  const outcomes = (...speeds: number[]) => speeds.map((speed, i) => ({ name: "abc"[i]!, run: runAt(speed) }));

  test("is exactly 1000 where every run is the reference's", () => {
    const { overall } = scoreSuite(outcomes(1, 1, 1), SAME);
    for (const name of SCORED) expect(overall[name]).toMatchObject({ value: 1000, corrected: 1000, reached: true });
  });

  test("is the geometric mean: twice as fast in one and half as fast in the other is as fast", () => {
    expect(scoreSuite(outcomes(2, 0.5), SAME).overall.total.value).toBeCloseTo(1000, 9);
    expect(scoreSuite(outcomes(8, 1, 1), SAME).overall.picture.value).toBeCloseTo(2000, 9);
  });

  test("has a narrower interval than each run, by the root of their number", () => {
    const runs = ["a", "b", "c", "d"].map((name) => ({ name, run: runAt(1, { reach: 1.04 }) }));
    const { low, high } = scoreSuite(runs, { ...SAME, d: REFERENCE }).overall.total;
    expect(high! / 1000).toBeCloseTo(1.04 ** 0.5, 9);
    expect(1000 / low!).toBeCloseTo(1.04 ** 0.5, 9);
  });

  test("has no value where a run is missing, and says which and why; the others keep theirs", () => {
    const two = [...outcomes(1, 1), { name: "c", run: null, reason: "stopped by Ctrl-C" }];
    const { members, overall } = scoreSuite(two, SAME);
    expect(overall.total).toMatchObject({
      value: null,
      low: null,
      corrected: null,
      reached: false,
      reason: "1 of 3 members has none: c (stopped by Ctrl-C)",
    });
    expect(members.map(({ scores }) => scores.total.value)).toEqual([1000, 1000, null]);
  });

  test("without the interval of one run has a value and no interval, and names the run", () => {
    const few = runAt(1);
    const time = { ...few.times.total, low: null, high: null, reached: false, reason: "3 of at least 5 passes" };
    const runs = [...outcomes(1, 1), { name: "c", run: { ...few, times: { ...few.times, total: time } } }];
    const { total, field } = scoreSuite(runs, SAME).overall;
    expect(total).toMatchObject({ value: 1000, low: null, high: null, reached: false, reason: "of c" });
    expect(field.low).not.toBeNull();
  });

  test("of nothing is none", () => expect(scoreSuite([], SAME).overall.total.reason).toBe("there are no members"));
});

describe("what a run tells a score", () => {
  test("is the medians of its steady passes, stages summed over frames, warm-up left out", () => {
    const record = longRecord(4, 12);
    const { frames } = record.run.passes![3]!;
    for (const pass of record.run.passes!) pass.frames = frames;
    record.run.passes![0]!.canaryNs = 9e9;
    const run = measuredRun(record);
    expect([run.passes, run.steadyPasses, run.settingsHash]).toEqual([12, 11, record.run.settingsHash]);
    expect(run.times.field.ns).toBe(frames.fieldNs.reduce((sum, ns) => sum + ns));
    expect(run.times.total.ns).toBe(4 * 9_000_000 - 6000);
    expect(run.canaryNs).toBe(1_000_006);
  });

  test("scores 1000 beside itself", () => {
    const run = measuredRun(longRecord(4, 12));
    const ns = Object.fromEntries(SCORED.map((name) => [name, run.times[name].ns])) as Record<Scored, number>;
    const self = { settingsHash: run.settingsHash!, canaryNs: run.canaryNs!, ns };
    for (const name of SCORED) expect(scoreRun(run, self)[name]).toMatchObject({ value: 1000, corrected: 1000 });
  });

  test("reaches its interval exactly at the width that was asked", () => {
    const record = longRecord(4, 30);
    record.run.passes!.forEach((pass, i) => {
      pass.totalNs = 30e6 + ((i * 7919) % 13) * 1e5;
    });
    const { low, high, ns } = measuredRun(record).times.total;
    const width = (high! - low!) / ns!;
    expect(measuredRun(record, { target: width }).times.total.reached).toBe(true);
    const missed = measuredRun(record, { target: width * 0.999 }).times.total;
    expect([missed.reached, missed.reason]).toEqual([false, expect.stringMatching(/^\d.* % wide, and .* was asked$/)]);
  });

  test("says that there was no steady state", () => {
    const record = longRecord(4, 12);
    record.run.passes!.forEach((pass, i) => {
      pass.totalNs = 30e6 * 1.05 ** i;
    });
    expect(measuredRun(record, { target: 10 }).times.total).toMatchObject({
      reached: false,
      reason: expect.stringMatching(/^no steady state: /),
    });
  });

  test("says that there are too few passes, or none", () => {
    expect(measuredRun(longRecord(4, 3)).times.total.reason).toBe("2 of at least 5 passes");
    const record = longRecord(4, 3);
    for (const pass of record.run.passes!) pass.warmUp = true;
    expect(measuredRun(record).times.total).toEqual({
      ns: null,
      low: null,
      high: null,
      reached: false,
      reason: "no pass was finished",
    });
  });
});
