import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { TINY_RUN } from "../record/fixtures/facts.ts";
import type { ForeignRecord } from "../record/schema.ts";
import { compareRuns } from "./compare.ts";
import { compareRecords } from "./foreign-run.ts";
import { comparisonText } from "./text.ts";

const foreign = JSON.parse(
  readFileSync(new URL("../record/fixtures/foreign.json", import.meta.url), "utf8"),
) as ForeignRecord;
const own = { record: buildRecord(TINY_RUN), name: "own.json" };
const other = { record: foreign, name: "other.json" };

test("two records of this system are compared as ever", () => {
  expect(compareRecords(own, own)).toEqual(compareRuns(own.record, own.record));
});

test("of another program's record nothing is invented, and what it lacks is said", () => {
  const { b, sameWork, machine, caveats, total, stages } = compareRecords(own, other);
  expect(b).toMatchObject({ id: "other.json", startedAt: "time not known", passes: 1, outputHash: null });
  expect(sameWork).toBe("not known");
  expect(total.bNs).toBe(foreign.benchmark_data.performance_metrics.total_time * 1e9);
  expect(total.verdict).toMatchObject({ kind: "cannot tell", morePasses: 4 });
  expect(stages.find(({ name }) => name === "encode")).toMatchObject({ change: null });
  for (const difference of machine) expect(Object.values(difference)).not.toContain("0");
  expect(caveats.filter((text) => text.startsWith("Run b: Another program wrote"))).toHaveLength(1);
});

test("frames are held against each other by the stages that both know, whichever side is foreign", () => {
  const [forth, back] = [compareRecords(own, other), compareRecords(other, own)];
  expect(forth.mostDifferent.length).toBeGreaterThan(0);
  for (const { stage } of [...forth.mostDifferent, ...back.mostDifferent])
    expect(["convert", "encode"]).not.toContain(stage);
  expect(back.mostDifferent.map(({ aNs, bNs }) => [bNs, aNs]).sort()).toEqual(
    forth.mostDifferent.map(({ aNs, bNs }) => [aNs, bNs]).sort(),
  );
  expect(comparisonText(compareRecords(other, other))).toContain("cannot tell");
});
