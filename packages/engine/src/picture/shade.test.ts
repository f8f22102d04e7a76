import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { LOOK_DEFAULTS } from "../scene/fields.ts";
import { INTENSITY_STEPS, KNEE, LEVELS, LIGHTS, rampChannel, resolveLook } from "./shade.ts";
import { linearFromSrgb, srgb8FromLinear } from "./srgb.ts";

const BLUE = [0.35, 0.55, 0.9] as const;
const colorOf = (colors: Uint8Array, quarters: number, level: number) => [
  ...colors.subarray((quarters * LEVELS + level) * 4, (quarters * LEVELS + level) * 4 + 4),
];

describe("resolveLook", () => {
  const look = resolveLook({ surfaceColor: BLUE });

  it("shows the colour of the ramp at an intensity, give or take one code", () => {
    const most = LOOK_DEFAULTS.key + LOOK_DEFAULTS.fill + LOOK_DEFAULTS.ambient;
    const below = BLUE.map((c) => srgb8FromLinear(rampChannel(linearFromSrgb(c), 0.9)));
    const step = Math.round(((INTENSITY_STEPS - 1) * 0.9) / most);
    colorOf(look.colors, 4, look.levels[step])
      .slice(0, 3)
      .forEach((code, i) => void expect(Math.abs(code - below[i])).toBeLessThanOrEqual(1));
  });

  it("never gets darker with more light, and no two levels in use have a step above one code", () => {
    for (let step = 1; step < INTENSITY_STEPS; step++) {
      const change = look.levels[step] - look.levels[step - 1];
      expect(change === 0 || change === 1).toBe(true);
      const before = colorOf(look.colors, 4, look.levels[step - 1]);
      const after = colorOf(look.colors, 4, look.levels[step]);
      after.forEach((code, i) => {
        expect(code - before[i]).toBeGreaterThanOrEqual(0);
        expect(code - before[i]).toBeLessThanOrEqual(2);
      });
    }
  });

  it("blends edges in linear light by quarters", () => {
    const level = look.levels[3000];
    const front = colorOf(look.colors, 4, level);
    const back = colorOf(look.colors, 0, level);
    const half = colorOf(look.colors, 2, level);
    for (let i = 0; i < 3; i++) {
      const expected = srgb8FromLinear((linearFromSrgb(front[i] / 255) + linearFromSrgb(back[i] / 255)) / 2);
      expect(Math.abs(half[i] - expected)).toBeLessThanOrEqual(1);
    }
    expect(back).toEqual([...LOOK_DEFAULTS.backgroundColor.map((c) => Math.round(c * 255)), 255]);
  });

  it("keeps the side away from all lights from going black", () => {
    const lights = look.lights;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2000; i++) {
      const y = 1 - (2 * i + 1) / 2000;
      const [x, z] = [Math.sqrt(1 - y * y) * Math.cos(i * 2.4), Math.sqrt(1 - y * y) * Math.sin(i * 2.4)];
      let s = 0;
      for (let l = 0; l < 3; l++) {
        const along = x * lights[LIGHTS.x + l] + y * lights[LIGHTS.y + l] + z * lights[LIGHTS.z + l];
        s += Math.max(along + lights[LIGHTS.wrap + l], 0) ** 2 * lights[LIGHTS.strength + l];
      }
      least = Math.min(least, s);
    }
    expect(least).toBeGreaterThan(0.05);
  });

  it("leaves the default where a field is undefined", () => {
    const withUndefined = { surfaceColor: BLUE, key: undefined } as unknown as { surfaceColor: typeof BLUE };
    expect(resolveLook(withUndefined).lights).toEqual(look.lights);
  });

  it("draws everything black without light, and does not divide by zero", () => {
    const dark = resolveLook({ surfaceColor: BLUE, key: 0, fill: 0, ambient: 0 });
    expect(dark.lights.every(Number.isFinite)).toBe(true);
    expect(colorOf(dark.colors, 4, dark.levels[0])).toEqual([0, 0, 0, 255]);
  });

  it.each([
    [{ surfaceColor: [0, 0, 1.5] }, "surfaceColor must be channels from 0 to 1, got 0, 0, 1.5"],
    [{ surfaceColor: [0, Number.NaN, 1] }, "surfaceColor"],
    [{ surfaceColor: BLUE, backgroundColor: [-0.1, 0, 0] }, "backgroundColor"],
    [{ surfaceColor: BLUE, key: -1 }, "key must be a number from 0 to 1000, got -1"],
    [{ surfaceColor: BLUE, fillDirection: [0, 0, 0] }, "fillDirection must be a direction with a length, got 0, 0, 0"],
  ] as const)("refuses %j", (spec, message) => {
    const resolve = () => resolveLook(spec as Parameters<typeof resolveLook>[0]);
    expect(resolve).toThrow(EngineError);
    expect(resolve).toThrow(message);
  });
});

describe("rampChannel", () => {
  it("is straight up to the knee, has no corner there, and reaches white only at infinity", () => {
    for (const base of [0.05, 0.3, 0.8]) {
      expect(rampChannel(base, 0.5)).toBeCloseTo(base * 0.5, 14);
      const slope = (rampChannel(base, KNEE + 1e-6) - rampChannel(base, KNEE)) / 1e-6;
      expect(slope).toBeCloseTo(base, 4);
      expect(rampChannel(base, 50)).toBeLessThan(1);
      expect(rampChannel(base, 1e9)).toBeCloseTo(1, 6);
    }
    expect(rampChannel(0, 5)).toBe(0);
    expect(rampChannel(1, 9)).toBeLessThan(1);
  });
});
