import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { portableExp, portableLog } from "./logarithm.ts";

const reference: { log: [number, number][]; exp: [number, number][] } = JSON.parse(
  readFileSync(new URL("fixtures/logarithm.json", import.meta.url), "utf8"),
);
const EPSILON = 2 ** -52;

describe("portable logarithm", () => {
  test.each(reference.log)("ln %d is within two units in the last place", (x, expected) => {
    expect(Math.abs(portableLog(x) - expected)).toBeLessThanOrEqual(2 * EPSILON * Math.abs(expected));
  });

  test.each(reference.exp)("e^%d is within four units in the last place", (x, expected) => {
    expect(Math.abs(portableExp(x) - expected)).toBeLessThanOrEqual(4 * EPSILON * expected);
  });

  test("at the ends is what the mathematics says", () => {
    expect(portableLog(1)).toBe(0);
    expect(portableExp(0)).toBe(1);
    expect(portableLog(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(portableLog(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(portableLog(-1)).toBeNaN();
    expect(portableLog(Number.NaN)).toBeNaN();
    expect(portableExp(-1000)).toBe(0);
    expect(portableExp(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(portableExp(Number.NaN)).toBeNaN();
  });
});
