import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { studentQuantile, studentTail } from "./student.ts";

type Row = [number, number, number];
const reference: { tail: Row[]; quantile: Row[] } = JSON.parse(
  readFileSync(new URL("fixtures/student.json", import.meta.url), "utf8"),
);

describe("Student's t", () => {
  test.each(reference.tail)("tail beyond %d with %d degrees agrees with scipy", (t, degrees, expected) => {
    expect(Math.abs(studentTail(t, degrees) / expected - 1)).toBeLessThan(1e-5);
  });

  test.each(reference.quantile)("quantile at %d with %d degrees agrees with scipy", (level, degrees, expected) => {
    expect(Math.abs(studentQuantile(level, degrees) / expected - 1)).toBeLessThan(1e-5);
  });

  test("ends at 0, and refuses what has no answer", () => {
    expect(studentTail(Number.POSITIVE_INFINITY, 4)).toBe(0);
    expect(studentQuantile(0, 4)).toBe(0);
    expect(() => studentTail(1, 1)).toThrow("got 1 and 1");
    expect(() => studentTail(-1, 4)).toThrow(RangeError);
    expect(() => studentQuantile(1, 4)).toThrow("below 1, got 1");
  });
});
