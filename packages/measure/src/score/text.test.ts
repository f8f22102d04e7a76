import { expect, test } from "vitest";
import type { Score, ScoredSuite, Scores } from "./score.ts";
import { suiteMarkdown, suiteText } from "./text.ts";

const score = (value: number | null, reached = true, reason?: string): Score => ({
  value,
  low: value === null ? null : value * 0.99,
  high: value === null ? null : value * 1.01,
  corrected: value,
  reached,
  ...(reason === undefined ? {} : { reason }),
});
const scores = (value: number | null, reached = true, reason?: string): Scores => {
  const one = score(value, reached, reason);
  return { total: one, field: one, surface: one, picture: one, convert: one, encode: one };
};
const options = { title: "volumark quick, on a machine", reference: "another machine" };

test("each member has a row, the mean the last one, and the interval stands beside the total", () => {
  const suite: ScoredSuite = {
    members: [
      { name: "seed", scores: scores(1000) },
      { name: "gyroid", scores: scores(4000) },
    ],
    overall: scores(2000),
  };
  const lines = suiteText(suite, options).split("\n");
  expect(lines[0]).toBe("volumark quick, on a machine");
  expect(lines.find((line) => line.startsWith("gyroid"))).toMatch(/4 000 \(3 960 to 4 040\) +4 000/);
  expect(lines.find((line) => line.startsWith("all"))).toContain("2 000 (1 980 to 2 020)");
  expect(lines.at(-1)).toBe("1 000 is another machine; twice the score is twice the speed.");
});

test("a score that is not well known is marked, one that is missing is no number, and both say why", () => {
  const suite: ScoredSuite = {
    members: [
      { name: "seed", scores: scores(1000, false, "4 % wide, and 2 % was asked") },
      { name: "gyroid", scores: scores(null, false, "stopped before it was made") },
    ],
    overall: scores(null, false, "1 of 2 members has none"),
  };
  const text = suiteMarkdown(suite, options);
  expect(text).toContain("| seed | ~1 000 (990 to 1 010) |");
  expect(text).toContain("| gyroid | - |");
  expect(text).toContain("seed: 4 % wide, and 2 % was asked; gyroid: stopped before it was made.");
  expect(text).toContain("No total: 1 of 2 members has none.");
});
