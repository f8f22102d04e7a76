import { describe, expect, it } from "vitest";
import { cosine, cosineDegrees, sine, sineDegrees, sineTurns, tangentDegrees } from "./trig.ts";

/** Sine and cosine in fixed point with 200 bits, from BigInt alone: what the doubles are compared with. */
const BITS = 200n;
const ONE = 1n << BITS;
const PI = machinPi();

function machinPi(): bigint {
  const arctanOfInverse = (n: bigint) => {
    let power = (ONE << 20n) / n;
    let sum = power;
    for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
      power /= n * n;
      sum += (sign * power) / k;
    }
    return sum;
  };
  return (4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))) >> 20n;
}

function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 2047n;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (exponent === 0n ? 0n : 1n << 52n);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + BITS;
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -magnitude : magnitude;
}

function exactSine(angle: bigint): bigint {
  const turn = 2n * PI;
  let r = ((angle % turn) + turn) % turn;
  if (r > PI) r -= turn;
  let term = r;
  let sum = r;
  for (let k = 2n; term !== 0n; k += 2n) {
    term = -((((term * r) >> BITS) * r) >> BITS) / (k * (k + 1n));
    sum += term;
    if (term === -1n) break;
  }
  return sum;
}

const error = (value: number, exact: bigint) => Math.abs(Number(fixed(value) - exact) / 2 ** 200);

function* angles(count: number, most: number): Generator<number> {
  let state = 12345;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield (state / 2 ** 31 - 1) * most;
  }
}

describe("sine and cosine", () => {
  it.each([0.5, 7, 1000, 1e5])("are within 2e-16 of the true value for |x| < %d", (most) => {
    let worst = 0;
    for (const x of angles(1500, most)) {
      worst = Math.max(worst, error(sine(x), exactSine(fixed(x))));
      worst = Math.max(worst, error(cosine(x), exactSine(fixed(x) + PI / 2n)));
    }
    expect(worst).toBeLessThan(2e-16);
  });

  it("keep their relative accuracy next to a zero, where the reduction cancels", () => {
    for (let k = 1; k < 60000; k = k * 2 + 1) {
      const x = (k * Math.PI) / 2;
      const exact = k % 2 ? exactSine(fixed(x) + PI / 2n) : exactSine(fixed(x));
      const value = k % 2 ? cosine(x) : sine(x);
      expect(Math.abs(value - Number(exact) / 2 ** 200)).toBeLessThan(1e-15 * Math.abs(value) + 1e-30);
    }
  });

  it("are bounded by 1 and finite however large the angle", () => {
    for (const x of [1.6e6, 1e9, 1e15, 2 ** 60, 1e300, Number.MAX_VALUE]) {
      expect(Math.abs(sine(x))).toBeLessThanOrEqual(1);
      expect(sine(x) ** 2 + cosine(x) ** 2).toBeCloseTo(1, 14);
      expect(sine(-x)).toBeCloseTo(-sine(x), 14);
    }
    expect(error(sine(1e9), exactSine(fixed(1e9)))).toBeLessThan(1e-7);
  });

  it("are NaN for what is no angle", () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(sine(x)).toBeNaN();
      expect(cosineDegrees(x)).toBeNaN();
      expect(sineTurns(x)).toBeNaN();
    }
  });

  it("agree with the engine's own to the last bits", () => {
    for (const x of angles(2000, 50)) {
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(3e-16);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(3e-16);
    }
  });

  it("have known bits, so that a change of an operation does not go unseen", () => {
    const bits = (x: number) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, x);
      return view.getBigUint64(0).toString(16);
    };
    expect([0.5, 1, 2, 3.7, -40, 99999.5].map((x) => bits(sine(x)))).toMatchInlineSnapshot(`
      [
        "3fdeaee8744b05f0",
        "3feaed548f090cee",
        "3fed18f6ead1b446",
        "bfe0f46aec2e1b41",
        "bfe7d7f78e027f00",
        "3fe055f282f41bda",
      ]
    `);
    expect([0.5, 1, 2, 3.7, -40, 99999.5].map((x) => bits(cosine(x)))).toMatchInlineSnapshot(`
      [
        "3fec1528065b7d50",
        "3fe14a280fb5068c",
        "bfdaa22657537205",
        "bfeb23a2ad7dd937",
        "bfe5578e7d68218f",
        "bfeb8428c9f69a31",
      ]
    `);
  });
});

describe("degrees and turns", () => {
  it("are exact at every multiple of a quarter turn, and never −0", () => {
    const wave = [0, 1, 0, -1];
    for (let k = -1000; k <= 1000; k++) {
      expect(sineDegrees(k * 90)).toBe(wave[k & 3]);
      expect(cosineDegrees(k * 90)).toBe(wave[(k + 1) & 3]);
      expect(sineTurns(k / 4)).toBe(wave[k & 3]);
    }
  });

  it("repeat exactly after whole turns", () => {
    for (const x of angles(200, 2)) {
      const turns = Math.fround(x);
      expect(sineTurns(turns + 8)).toBe(sineTurns(turns));
      expect(sineDegrees(turns + 3600)).toBe(sineDegrees(turns + 3600 - 360 * 3));
    }
  });

  it("are accurate in between", () => {
    for (const x of angles(1000, 720)) {
      const exact = exactSine(((fixed(x) * PI) >> BITS) / 180n);
      expect(error(sineDegrees(x), exact)).toBeLessThan(3e-16);
      expect(error(sineTurns(x / 360), exactSine((fixed(x / 360) * 2n * PI) >> BITS))).toBeLessThan(3e-16);
    }
    expect(sineDegrees(30)).toBeCloseTo(0.5, 15);
    expect(tangentDegrees(45)).toBeCloseTo(1, 15);
    expect(tangentDegrees(22.5)).toBeCloseTo(Math.SQRT2 - 1, 15);
  });
});
