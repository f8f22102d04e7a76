import { expect, test } from "vitest";
import { quantityText } from "./info.ts";

test.each([
  [78.333_333, "%", "78 %"],
  [0, "%", "0 %"],
  [25_298_000_000, "bytes", "25.3 GB"],
  [2599.998, "MHz", "2 600 MHz"],
  [9.35, "runnable", "9.35 runnable"],
  [2, "", "2"],
])("%d %s is shown as %s", (value, unit, text) => {
  expect(quantityText(value, unit)).toBe(text);
});
