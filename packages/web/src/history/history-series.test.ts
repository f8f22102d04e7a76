import { historyOf, median } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import {
  type HistoryPoint,
  historyGroups,
  historyRange,
  historySentence,
  intervalText,
  levelsOf,
  markedSteps,
  unknownIntervals,
} from "./history-series.ts";

const pointsOf = (values: readonly number[], acknowledged: Readonly<Record<number, string>> = {}): HistoryPoint[] =>
  values.map((ns, i) => ({
    id: `r${i}`,
    startedAt: `2026-11-${String(10 + i).padStart(2, "0")}T08:00:00Z`,
    ns,
    lowNs: ns * 0.98,
    highNs: ns * 1.02,
    reason: null,
    settingsHash: "aaaa",
    machine: "m",
    acknowledged: acknowledged[i] ?? null,
  }));
const wobble = (level: number, count: number) => Array.from({ length: count }, (_, i) => level * (1 + (i % 3) / 500));

describe("a history", () => {
  const values = [...wobble(1e6, 8), ...wobble(1.2e6, 8)];
  test("a step is marked at the first run of the new level, with both times and its reason", () => {
    const points = pointsOf(values, { 8: "new compiler" });
    const history = historyOf(values);
    const [step, ...others] = markedSteps(points, history);
    expect(others).toEqual([]);
    expect(step).toMatchObject({ index: 8, acknowledged: "new compiler" });
    expect(step?.point.id).toBe("r8");
    expect(step?.sentence).toMatch(
      /^slower by \+\d\d\.\d % from 2026-11-18 08:00 on: 1\.00 ms to 1\.20 ms\. Acknowledged: new/,
    );
    expect(historySentence(points, history)).toBe("16 runs, 1 step, acknowledged.");
    expect(historySentence(pointsOf(values), history)).toBe("16 runs, 1 step, 1 not acknowledged.");
  });

  test("a run's interval is said with both ends, and each reason of those without one, with how many it has", () => {
    const points = pointsOf([1e6, 2e6, 3e6]);
    expect(intervalText(points[0]!)).toBe("980 µs to 1.02 ms");
    expect(unknownIntervals(points)).toBe("");
    const without = (reason: string) => ({ ...points[0]!, lowNs: null, highNs: null, reason });
    expect(intervalText(without("1 of at least 5 passes"))).toBe("no interval: 1 of at least 5 passes");
    expect(unknownIntervals([...points, without("old"), without("old"), without("few")])).toBe(
      "3 of 6 have no interval: old (2), few (1). ",
    );
    expect(unknownIntervals([without("old"), without("old")])).toBe("None of them has one: old. ");
  });

  test("the axis holds the intervals, and one that says nothing does not press the values together", () => {
    const points = pointsOf([1e6, 1.1e6]);
    const [least, most] = historyRange(points);
    expect(least).toBeLessThan(0.98e6);
    expect(most).toBeGreaterThan(1.1e6 * 1.02);
    const [, far] = historyRange([...points, { ...points[0]!, highNs: 9e9 }]);
    expect(far).toBeLessThan(1.4e6);
  });

  test("levels cover every run once", () => {
    const history = historyOf(values);
    const middle = (from: number, to: number) => median(values.slice(from, to));
    const levels = levelsOf(values.length, history, middle);
    expect(levels.map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [8, 16],
    ]);
    expect(levelsOf(5, { steps: [], runsMissing: 1 }, middle)).toMatchObject([{ from: 0, to: 5 }]);
    expect(levelsOf(0, { steps: [], runsMissing: 6 }, middle)).toEqual([]);
  });

  test("too few runs say how many are needed", () => {
    expect(historySentence(pointsOf([1, 1]), historyOf([1, 1]))).toBe("2 runs: a step can be seen from 6 on.");
    expect(historySentence([], historyOf([]))).toBe("No run of this group is stored.");
  });

  test("the axis holds every value and is never empty", () => {
    expect(historyRange([])).toEqual([0, 1]);
    const [least, most] = historyRange(pointsOf([5, 5, 5]));
    expect(least < 5 && most > 5).toBe(true);
    expect(historyRange(pointsOf([1, 10]))[0]).toBe(0);
  });

  test("groups come with the most runs first, and a hostile machine name is made plain", () => {
    const groups = historyGroups({
      groups: [
        { settingsHash: "aaaaaaaaaaaa", machine: "m\u202e", scene: "seed", runs: 1 },
        { settingsHash: "bbbbbbbbbbbb", machine: "n", scene: null, runs: 4 },
      ],
    });
    expect(groups.map(({ label }) => label)).toEqual([
      "record · bbbbbbbb · n · 4 runs",
      "seed · aaaaaaaa · m\ufffd · 1 run",
    ]);
  });
});
