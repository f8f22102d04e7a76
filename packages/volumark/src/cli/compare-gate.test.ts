import type { Comparison, ComparisonRow, Verdict } from "@volumark/measure";
import { expect, test } from "vitest";
import { type Gate, judge, readGate } from "./compare-gate.ts";
import { UsageError } from "./usage-error.ts";

const same: Verdict = { kind: "no difference", beyond: 0.05 };
const open: Verdict = { kind: "cannot tell", morePasses: 12, reason: "" };

/** A comparison in which these rows have these verdicts, 10 % off where they differ. */
function comparison(
  verdicts: Readonly<Partial<Record<ComparisonRow["name"], Verdict | null>>> = {},
  rest: Partial<Comparison> = {},
): Comparison {
  const row = (name: ComparisonRow["name"]): ComparisonRow => {
    const verdict = verdicts[name] === undefined ? same : verdicts[name];
    const change = verdict?.kind === "slower" ? 0.1 : verdict?.kind === "faster" ? -0.1 : 0;
    return { name, aNs: 1, bNs: 1, change, low: null, high: null, band: 0.05, noiseFloor: null, p: null, verdict };
  };
  const stages = (["field", "surface", "picture"] as const).map(row);
  return { total: row("total"), stages, sameWork: "same", withheld: null, ...rest } as Comparison;
}

test.each<[string, Gate["conditions"], number | null]>([
  ["slower", ["slower"], null],
  ["slower:5%", ["slower"], 0.05],
  ["slower:5", ["slower"], 0.05],
  ["slower:2.5%,faster:2.5%,different-output", ["slower", "faster", "different-output"], 0.025],
])("--fail-on %s is read", (text, conditions, share) => {
  expect(readGate(text)).toEqual({ text, conditions, share });
});

test.each([
  "",
  "slow",
  "slower:",
  "slower:0%",
  "slower:x",
  "slower:5%:5%",
  "different-output:5%",
  "slower:5%,faster:4%",
])("--fail-on %j is refused, as it would be guessed at", (text) => {
  expect(() => readGate(text)).toThrow(UsageError);
});

const slower = readGate("slower:5%");
const surface = comparison({ surface: { kind: "slower" } });

test("what is found once does not fail the gate, and found again in the same place it does", () => {
  expect(judge(slower, surface, null).state).toBe("needs confirming");
  expect(judge(slower, surface, comparison())).toMatchObject({ state: "not found again" });
  expect(judge(slower, surface, comparison({ field: { kind: "slower" } })).state).toBe("not found again");
  expect(judge(slower, surface, comparison({ surface: { kind: "faster" } })).state).toBe("not found again");
  const failed = judge(slower, surface, surface);
  expect(failed).toMatchObject({ state: "failed", findings: [{ what: "slower", name: "surface", change: 0.1 }] });
  expect(failed.sentence).toBe("slower:5%: fails, surface is slower (+10 %); found again: surface is slower (+10 %).");
  expect(judge(slower, surface, "stated").state).toBe("failed");
});

test("only what the gate names is found", () => {
  expect(judge(readGate("faster"), surface, "stated").state).toBe("passed");
  expect(judge(readGate("faster"), comparison({ total: { kind: "faster" } }), "stated").state).toBe("failed");
  expect(judge(slower, comparison({ total: { kind: "faster" } }), "stated").state).toBe("passed");
});

test("what can't be told or is withheld does not fail, and is not called a pass", () => {
  expect(judge(slower, comparison(), null)).toMatchObject({
    state: "passed",
    sentence: "slower:5%: passes, nothing is slower by more than 5 %.",
  });
  expect(judge(slower, comparison({ field: open, total: open }), null).sentence).toBe(
    "slower:5%: does not fail, and can't tell of total, field.",
  );
  const withheld = comparison({ total: null, field: null, surface: null, picture: null }, { withheld: "not alike" });
  expect(judge(slower, withheld, null).state).toBe("cannot tell");
});

test("different bytes from the same settings fail at once, and only where they are asked for", () => {
  const odd = comparison({}, { sameWork: "different output", withheld: "not alike" });
  expect(judge(readGate("different-output"), odd, null).state).toBe("failed");
  expect(judge(slower, odd, null).state).toBe("cannot tell");
  expect(judge(readGate("different-output"), comparison({}, { sameWork: "different settings" }), null).state).toBe(
    "passed",
  );
});
