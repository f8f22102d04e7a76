import { describe, expect, it } from "vitest";
import { LINEAR_OF_CODE, linearFromSrgb, srgb8FromLinear, srgbCodeBetween } from "./srgb.ts";

describe("linearFromSrgb", () => {
  it("follows the definition of sRGB to 15 digits at every code", () => {
    for (let code = 0; code < 256; code++) {
      const c = code / 255;
      const expected = c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      expect(Math.abs(LINEAR_OF_CODE[code] - expected)).toBeLessThanOrEqual(2e-15 * expected);
    }
  });

  it("has the known values at black, at white and at middle grey", () => {
    expect(linearFromSrgb(0)).toBe(0);
    expect(linearFromSrgb(1)).toBe(1);
    expect(linearFromSrgb(0.5)).toBeCloseTo(0.21404114048223255, 14);
  });

  it("clamps what is outside 0 to 1, NaN to 0", () => {
    expect(linearFromSrgb(-1)).toBe(0);
    expect(linearFromSrgb(7)).toBe(1);
    expect(linearFromSrgb(Number.NaN)).toBe(0);
  });
});

describe("srgb8FromLinear", () => {
  it("gives every code back", () => {
    for (let code = 0; code < 256; code++) expect(srgb8FromLinear(LINEAR_OF_CODE[code])).toBe(code);
  });

  it("changes code exactly half-way between two codes in sRGB, and not a bit earlier", () => {
    for (let code = 1; code < 256; code++) {
      const border = linearFromSrgb((code - 0.5) / 255);
      expect(srgb8FromLinear(border)).toBe(code);
      expect(srgb8FromLinear(border * (1 - 2 ** -52))).toBe(code - 1);
    }
  });

  it("agrees with the formula on a fine sweep", () => {
    for (let i = 0; i <= 20_000; i++) {
      const linear = i / 20_000;
      const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
      const rest = Math.abs((encoded * 255) % 1);
      if (Math.abs(rest - 0.5) > 1e-4) expect(srgb8FromLinear(linear)).toBe(Math.round(encoded * 255));
    }
  });

  it("clamps what is outside 0 to 1, NaN to 0", () => {
    expect([-1, 2, Number.NaN].map(srgb8FromLinear)).toEqual([0, 255, 0]);
  });
});

describe("srgbCodeBetween", () => {
  /** With the search that its callers do on the way. */
  function codeOf(linear: number): number {
    let below = 0;
    while (below < 254 && LINEAR_OF_CODE[below + 1] <= linear) below++;
    return srgbCodeBetween(below, linear);
  }

  it("runs through the codes and never falls", () => {
    let before = -1;
    for (let i = 0; i <= 5000; i++) {
      const code = codeOf(i / 5000);
      expect(code).toBeGreaterThanOrEqual(before);
      before = code;
    }
    expect(codeOf(LINEAR_OF_CODE[77])).toBeCloseTo(77, 10);
    expect([-1, 0, 1, 2].map(codeOf)).toEqual([0, 0, 255, 255]);
  });
});
