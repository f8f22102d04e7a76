import { expect, test } from "vitest";
import { shareEdges } from "./share-edges.ts";

const shares = (...all: number[]) => all.map((share) => ({ part: "field", share, text: "" }));

test("a share is as wide as it says, also where all of them are less than the whole, and more never leave the bar", () => {
  expect(shareEdges(shares(0.25, 0.5), 200)).toEqual([0, 50, 150]);
  expect(shareEdges(shares(1, 1), 200)).toEqual([0, 100, 200]);
  expect(shareEdges(shares(0, 0), 200)).toEqual([0, 0, 0]);
});
