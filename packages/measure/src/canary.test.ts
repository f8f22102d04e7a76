import { describe, expect, test } from "vitest";
import { CANARY_CHECKSUM, CANARY_REFERENCE_NS, canaryScore, createCanary } from "./canary.ts";

describe("createCanary", () => {
  test("every run does the same work, to the last bit, and all of it", () => {
    const canary = createCanary(() => 0);
    expect(canary.checksum()).toBe(0);
    for (let i = 0; i < 5; i++) {
      canary.run();
      expect(canary.checksum()).toBe(CANARY_CHECKSUM);
    }
  });

  test("two canaries do not share their work", () => {
    const one = createCanary(() => 0);
    one.run();
    const other = createCanary(() => 0);
    expect(other.checksum()).toBe(0);
    expect(one.checksum()).toBe(CANARY_CHECKSUM);
  });

  test("the checksum is what the work comes to when it is written down another way", () => {
    let sum = 0;
    for (let i = 0; i < 2048; i++) {
      let x = i / 2048;
      for (let round = 0; round < 300; round++) {
        x = x * 1.0625 + 0.03125;
        if (x >= 1) x -= 1;
      }
      sum += x;
    }
    let bytes = 0;
    for (let shift = 0; shift < 6; shift++) {
      for (let at = shift; at < 2 * 1024 * 1024; at += 65_536) bytes += ((at + shift) * 31 + ((at + shift) >> 8)) & 255;
    }
    expect(sum + bytes).toBe(CANARY_CHECKSUM);
  });

  test("the time is that between the clock before the work and after it", () => {
    let reading = 0;
    const canary = createCanary(() => (reading += 700));
    expect(canary.run()).toBe(700);
    expect(reading).toBe(1400);
  });
});

describe("canaryScore", () => {
  test("the reference machine has 1000, and twice the speed is twice the score", () => {
    expect(canaryScore(CANARY_REFERENCE_NS)).toBe(1000);
    expect(canaryScore(CANARY_REFERENCE_NS / 2)).toBe(2000);
    expect(canaryScore(CANARY_REFERENCE_NS * 4)).toBe(250);
  });

  test.each([0, -1, Number.NaN])("%d ns is no measurement and has no score", (ns) => {
    expect(canaryScore(ns)).toBeNaN();
  });
});
