import { describe, expect, test } from "vitest";
import { decideVerdict, pValueOf, type Verdict } from "./verdict.ts";

const BAND = 0.02;
const BAND_LOG = Math.log(1.02);

function verdict(logRatio: number, error: number, passes = 20): Verdict {
  const effect = { logRatio, error, degrees: 38, passes };
  return decideVerdict(effect, BAND, BAND_LOG, pValueOf(logRatio, error, 38, BAND_LOG), 0.95, 1);
}

describe("verdict", () => {
  // The 95 % interval reaches 2.0244 errors with 38 degrees of freedom.
  const T = 2.024394;
  test("is given from the very point where the interval leaves the band's edge", () => {
    const clear = (BAND_LOG * 1.5) / T;
    expect(verdict(BAND_LOG * 2.51, clear)).toEqual({ kind: "slower" });
    expect(verdict(BAND_LOG * 2.49, clear).kind).toBe("cannot tell");
    expect(verdict(-BAND_LOG * 2.51, clear)).toEqual({ kind: "faster" });
    const narrow = (BAND_LOG * 0.5) / T;
    expect(verdict(BAND_LOG * 0.49, narrow)).toEqual({ kind: "no difference", beyond: 0.02 });
    expect(verdict(-BAND_LOG * 0.49, narrow)).toEqual({ kind: "no difference", beyond: 0.02 });
    expect(verdict(BAND_LOG * 0.51, narrow).kind).toBe("cannot tell");
  });

  test("asks for four times the passes where the interval must halve", () => {
    const found = verdict(BAND_LOG * 2, (BAND_LOG * 1.9999) / T, 20);
    expect(found).toMatchObject({ kind: "cannot tell", morePasses: 60 });
    expect(verdict(BAND_LOG, 0.01)).toMatchObject({ kind: "cannot tell", morePasses: 1001 });
  });

  test("says whether the direction at least is sure", () => {
    expect(verdict(0.03, 0.01)).toMatchObject({ reason: "slower, but it isn't sure whether by more than the band" });
    expect(verdict(0.001, 0.05)).toMatchObject({ reason: "the interval holds 0 and reaches beyond the band" });
  });

  test("does not call it no difference where only a change by a quarter would be seen", () => {
    const within = (band: number) =>
      decideVerdict({ logRatio: 0, error: 0.01, degrees: 38, passes: 20 }, band, Math.log(1 + band), 0, 0.95, 1);
    expect(within(0.25)).toEqual({ kind: "no difference", beyond: 0.25 });
    const reason = "the noise allows no statement below 50 %";
    expect(within(0.5)).toEqual({ kind: "cannot tell", morePasses: 60, reason });
    expect(within(0.2501)).toMatchObject({ kind: "cannot tell", morePasses: 1 });
  });

  test("without any noise needs no test", () => {
    expect(verdict(0.5, 0)).toEqual({ kind: "slower" });
    expect(verdict(0, 0)).toEqual({ kind: "no difference", beyond: 0.02 });
    expect(verdict(BAND_LOG, 0).kind).toBe("cannot tell");
  });
});
