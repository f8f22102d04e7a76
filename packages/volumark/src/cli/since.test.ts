import type { Comparison, Verdict } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { sinceText } from "./since.ts";

function comparison(verdict: Verdict | null, passes: readonly [number, number], rest: Partial<Comparison> = {}) {
  const [a, b] = passes.map((count, i) => ({
    id: `${i}1234567-89ab`,
    startedAt: "2026-11-24T10:00:00Z",
    passes: count,
  }));
  return { a, b, sameWork: "same", total: { change: 0.0412, low: 0.029, high: 0.053, verdict }, ...rest } as Comparison;
}

describe("what a run says of the one before it", () => {
  test("many passes are judged, and what is slower says where to look", () => {
    const { text, alarming } = sinceText(comparison({ kind: "slower" }, [8, 9]));
    expect(text).toMatch(
      /^Since run 01234567 \(2026-11-2\d \d\d:\d\d:00\): slower, \+4\.1 % a pass \(\+2\.9 % to \+5\.3 %\), made apart;/,
    );
    expect(text).toMatch(/ volumark compare 01234567 11234567 shows where\.$/);
    expect(alarming).toBe(true);
  });

  test.each<Verdict>([
    { kind: "faster" },
    { kind: "no difference", beyond: 0.02 },
    { kind: "cannot tell", morePasses: 3, reason: "" },
  ])("$kind alarms nobody", (verdict) => {
    expect(sinceText(comparison(verdict, [8, 8]))).toMatchObject({ alarming: false });
  });

  test("a difference of single passes is never called slower, whatever a comparison finds", () => {
    const { text, alarming } = sinceText(comparison({ kind: "slower" }, [1, 1]));
    expect(text).toContain("which judges nothing");
    expect(text).not.toContain("slower");
    expect(alarming).toBe(false);
  });

  test("another GIF from the same settings is said of any number of passes, before all times", () => {
    for (const passes of [
      [1, 1],
      [9, 9],
    ] as const) {
      const { text, alarming } = sinceText(comparison(null, passes, { sameWork: "different output" }));
      expect(text).toContain("the same settings give another GIF; volumark compare 01234567 11234567");
      expect(alarming).toBe(true);
    }
  });
});
