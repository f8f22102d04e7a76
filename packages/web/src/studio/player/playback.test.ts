import { describe, expect, test } from "vitest";
import { advanced, SPEEDS, speedStep, timelineOf } from "./playback.ts";

describe("the line of time of an animation", () => {
  test("each frame is shown from its start until the next one begins", () => {
    const line = timelineOf([3, 3, 4]);
    expect([line.frames, line.totalMs]).toEqual([3, 100]);
    expect([0, 29.9, 30, 59.9, 60, 99, 100, 1e9].map((ms) => line.frameAt(ms))).toEqual([0, 0, 1, 1, 2, 2, 2, 2]);
    expect([0, 1, 2].map((frame) => line.startOf(frame))).toEqual([0, 30, 60]);
  });

  test("a frame without a delay is shown for a tenth of a second, as in a browser", () => {
    expect(timelineOf([0, 1, 2]).totalMs).toBe(220);
  });

  test("one frame, and none, stand still", () => {
    expect(timelineOf([5]).frameAt(1000)).toBe(0);
    expect(timelineOf([]).frameAt(10)).toBe(0);
    expect(advanced(timelineOf([]), 0, 16, true)).toEqual({ ms: 0, ended: true });
  });

  test("goes round where it loops, and stays on the last frame where not", () => {
    const line = timelineOf([10, 10]);
    expect(advanced(line, 190, 30, true)).toEqual({ ms: 20, ended: false });
    expect(advanced(line, 190, 30, false)).toEqual({ ms: 200, ended: true });
    expect(line.frameAt(200)).toBe(1);
  });

  test("the frame at its own start is that frame, for many", () => {
    const line = timelineOf(Array.from({ length: 1000 }, (_, i) => 2 + (i % 3)));
    for (let frame = 0; frame < 1000; frame++) expect(line.frameAt(line.startOf(frame))).toBe(frame);
  });
});

test("speeds go up and down by steps and stay within their ends", () => {
  expect(speedStep(1, 1)).toBe(2);
  expect(speedStep(1, -1)).toBe(0.5);
  expect(speedStep(SPEEDS.at(-1)!, 1)).toBe(4);
  expect(speedStep(0.1, -1)).toBe(0.1);
});
