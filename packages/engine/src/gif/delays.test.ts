import { describe, expect, it } from "vitest";
import { delayWarning, frameDelay, frameDelays } from "./delays.ts";

describe("frameDelays", () => {
  it("sums to the duration, rounded down to a hundredth, for every usual rate", () => {
    for (const [thousandths, fps] of [1, 7, 12.5, 23.976, 24, 25, 29.97, 30, 50, 60, 100].map((fps) => [
      Math.round(fps * 1000),
      fps,
    ])) {
      for (const frames of [1, 2, 10, 30, 99, 1000]) {
        const total = frameDelays(frames, fps).reduce((sum, delay) => sum + delay, 0);
        expect(total, `${frames} frames at ${fps} fps`).toBe(Number((BigInt(frames) * 100000n) / BigInt(thousandths)));
      }
    }
  });

  it("spreads 30 fps as 3, 3, 4", () => {
    expect([...frameDelays(9, 30)]).toEqual([3, 3, 4, 3, 3, 4, 3, 3, 4]);
    expect(frameDelays(30, 30).reduce((sum, delay) => sum + delay)).toBe(100);
  });

  it("differs by at most one hundredth between frames, and is the same frame by frame", () => {
    for (const fps of [0.1, 3, 29.97, 59.94, 99.9]) {
      const delays = frameDelays(500, fps);
      expect(Math.max(...delays) - Math.min(...delays)).toBeLessThanOrEqual(1);
      expect([...delays]).toEqual([...delays.keys()].map((frame) => frameDelay(frame, fps)));
    }
  });

  it("refuses rates without a delay", () => {
    for (const fps of [0, -1, Number.NaN, 0.001]) expect(() => frameDelays(3, fps)).toThrow(/fps/);
    expect(() => frameDelays(1.5, 30)).toThrow(/1.5 frames/);
  });
});

describe("delayWarning", () => {
  it("warns from the first delay below 2 hundredths", () => {
    expect(delayWarning(frameDelays(30, 50))).toBeNull();
    expect(delayWarning(frameDelays(30, 60))?.code).toBe("delay-too-short");
    expect(delayWarning([2, 1, 2])?.evidence).toBe("1 of 3 frames have a delay below 2 hundredths of a second");
  });
});
