import { passesCheck } from "@volumark/measure";
import { expect, test } from "vitest";
import { FrameColumns } from "./frame-columns.ts";
import type { MadePass } from "./make-pass.ts";
import { describePasses } from "./passes.ts";

const pass = (totalNs: number, outputHash: string | null = "aa"): MadePass => ({
  startNs: 0,
  totalNs,
  canaryNs: 1,
  outputHash,
  frames: new FrameColumns(),
});

test("one pass is no list of passes", () => {
  expect(describePasses([], null)).toBeNull();
  expect(describePasses([pass(5)], "aa")).toBeNull();
});

test("the slow passes at the start are warm-up, and the pass nearest the steady median stands for the run", () => {
  const totals = [900, 610, 400, 402, 398, 401, 399, 400.5, 401.5, 398.5, 399.5, 400.2];
  const described = describePasses(
    totals.map((ns) => pass(ns * 1e6)),
    "aa",
  );
  expect(described?.all.map(({ warmUp }) => warmUp)).toEqual(totals.map((ns) => ns > 500));
  expect(totals[described?.representative ?? -1]).toBe(400);
});

test("without a steady state the first half is left out, and one of the other half stands for the run", () => {
  const described = describePasses([pass(10), pass(20), pass(30)], "aa");
  expect(described?.all.map(({ warmUp }) => warmUp)).toEqual([true, false, false]);
  expect(described?.representative).toBe(1);
});

test("the first pass has the hash of the file, and a pass with other bytes is told by its number", () => {
  const alike = describePasses([pass(1, null), pass(1), pass(1)], "aa");
  expect(alike?.all.map(({ outputHash }) => outputHash)).toEqual(["aa", "aa", "aa"]);
  expect(passesCheck(alike?.all ?? [])).toMatchObject({ passed: true, evidence: "3 passes made the same bytes" });
  const odd = describePasses([pass(1, null), pass(1), pass(1, "bb")], "aa");
  expect(passesCheck(odd?.all ?? [])).toMatchObject({
    passed: false,
    evidence: "pass 3 of 3 passes made bb, the first aa",
  });
});
