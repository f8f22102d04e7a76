import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { holmAdjusted } from "./holm.ts";

const { cases }: { cases: { p: number[]; adjusted: number[] }[] } = JSON.parse(
  readFileSync(new URL("fixtures/holm.json", import.meta.url), "utf8"),
);

test.each(cases)("Holm's correction of $p agrees with statsmodels", ({ p, adjusted }) => {
  const found = holmAdjusted(p);
  expect(found).toHaveLength(adjusted.length);
  for (const [i, value] of adjusted.entries()) expect(found[i]).toBeCloseTo(value, 12);
});

test("Holm's correction of nothing is nothing", () => expect(holmAdjusted([])).toHaveLength(0));
