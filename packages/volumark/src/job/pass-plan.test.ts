import { expect, test } from "vitest";
import { MOST_PASSES, type PassPlan, passChooser } from "./pass-plan.ts";

const steady = Array.from({ length: 12 }, (_, i) => 1e8 * (1 + 0.002 * ((i * 7) % 5)));

/** The answer after these passes, `seconds` after the start. */
function afterPasses(plan: PassPlan, totals: readonly number[], seconds: number) {
  let clock = 0;
  const choose = passChooser(plan, () => clock);
  clock = seconds * 1e9;
  return choose(totals);
}

test("once is once, and a fixed number is that number, however the times look", () => {
  expect(afterPasses({ kind: "once" }, [1e8], 1).wanted).toBe(false);
  expect(afterPasses({ kind: "fixed", count: 3 }, [1e8, 2e8], 1e6).wanted).toBe(true);
  expect(afterPasses({ kind: "fixed", count: 3 }, [1e8, 2e8, 3e8], 0).wanted).toBe(false);
});

test("until narrow enough: goes on while the interval is too wide or there are too few, and ends when it is narrow", () => {
  const plan = { kind: "until", target: 0.02, mostSeconds: 60 } as const;
  expect(afterPasses(plan, steady.slice(0, 3), 1)).toMatchObject({
    wanted: true,
    decision: { reason: "too few passes" },
  });
  expect(afterPasses(plan, steady, 1)).toMatchObject({ wanted: false, decision: { reason: "narrow enough" } });
  const wild = steady.map((ns, i) => ns * (i % 2 ? 1.5 : 1));
  expect(afterPasses(plan, wild, 1)).toMatchObject({ wanted: true, decision: { reason: "too wide" } });
});

test("time and number bound it, whatever the interval", () => {
  const plan = { kind: "until", target: 0.0001, mostSeconds: 60 } as const;
  expect(afterPasses(plan, steady, 60)).toMatchObject({ wanted: false, decision: { reason: "most seconds" } });
  const many = Array.from({ length: MOST_PASSES }, (_, i) => steady[i % 12]!);
  expect(afterPasses(plan, many, 1)).toMatchObject({ wanted: false, decision: { reason: "most passes" } });
});

test("looking is put off while it takes more than a twentieth of the run, but not when time is up", () => {
  const plan = { kind: "until", target: 0.02, mostSeconds: 60 } as const;
  let clock = 0;
  let cost = 1e9;
  const choose = passChooser(plan, () => {
    const reading = clock;
    clock += cost;
    return reading;
  });
  cost = 2e9;
  const first = choose(steady.slice(0, 4)).decision;
  cost = 0;
  expect(choose(steady)).toEqual({ wanted: true, decision: first });
  clock = 61e9;
  expect(choose(steady)).toMatchObject({ wanted: false, decision: { reason: "narrow enough" } });
});
