import { describe, expect, test } from "vitest";
import { PACE_START, type Pace, paced, pictureSize, SCALES } from "./pace.ts";

/** After many pictures that would take so long at the full size. */
function settled(fullMs: number, from: Pace = PACE_START): Pace {
  let pace = from;
  for (let i = 0; i < 60; i++) {
    const scale = SCALES[pace.step] ?? 1;
    pace = paced(pace, scale, fullMs * scale * scale);
  }
  return pace;
}

describe("the size of the moving picture", () => {
  test("is the full one where a picture takes 10 ms", () => {
    expect(settled(10).step).toBe(0);
  });

  test.each([
    [30, 1],
    [60, 2],
    [150, 3],
    [5000, 3],
  ])("where a full one takes %i ms it is step %i", (ms, step) => {
    expect(settled(ms).step).toBe(step);
  });

  test("comes back when the machine has time again, but not at the edge of what it can", () => {
    expect(settled(10, settled(150)).step).toBe(0);
    expect(settled(20, settled(30)).step).toBe(1);
  });

  test("keeps the shape, and the bound on pixels", () => {
    expect(pictureSize(480, 1, { width: 512, height: 384 }, 1)).toEqual({ width: 480, height: 360 });
    expect(pictureSize(480, 1, { width: 512, height: 384 }, 0.5)).toEqual({ width: 240, height: 180 });
    const large = pictureSize(4000, 2, { width: 1, height: 1 }, 1);
    expect(large.width * large.height).toBeLessThanOrEqual(960 * 720 + 1000);
    expect(pictureSize(0, 1, { width: 4096, height: 1 }, 1)).toEqual({ width: 16, height: 16 });
  });
});
