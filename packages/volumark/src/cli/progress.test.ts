import fc from "fast-check";
import { expect, test } from "vitest";
import { createProgress, durationText, plainLine, progressLine } from "./progress.ts";
import type { Paint } from "./terminal.ts";

const plain: Paint = (_style, text) => text;
const stages = [
  { name: "field", ns: 30 },
  { name: "surface", ns: 70 },
  { name: "picture", ns: 100 },
];

test("the line shows the bar, the frames, the time left and the shares", () => {
  expect(progressLine({ done: 15, frames: 30, stages, elapsedMs: 500 }, 100, plain)).toBe(
    "██████████░░░░░░░░░░  15/30  0.5 s left  field 15 %  surface 35 %  picture 50 %",
  );
});

test("in a narrow terminal whole shares go, then the bar; nothing is cut in the middle", () => {
  const state = { done: 15, frames: 30, stages, elapsedMs: 500 };
  expect(progressLine(state, 60, plain)).toBe("██████████░░░░░░░░░░  15/30  0.5 s left  field 15 %");
  expect(progressLine(state, 42, plain)).toBe("██████████░░░░░░░░░░  15/30  0.5 s left");
  expect(progressLine(state, 20, plain)).toBe("15/30");
  expect(progressLine(state, 0, plain)).toBe("");
});

test("the line is never as wide as the terminal, which would wrap it", () => {
  const state = fc.record({
    done: fc.nat(100_000),
    frames: fc.integer({ min: 1, max: 100_000 }),
    elapsedMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    stages: fc.constant(stages),
  });
  fc.assert(
    fc.property(state, fc.integer({ min: 1, max: 200 }), (one, columns) => {
      const line = progressLine({ ...one, done: Math.min(one.done, one.frames) }, columns, plain);
      expect(line.length).toBeLessThan(Math.max(columns, 1));
      expect(line).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("no frame yet says starting, all frames say finishing", () => {
  expect(plainLine({ done: 0, frames: 30, stages: [], elapsedMs: 10 })).toBe("0/30 frames (0 %)  starting");
  expect(plainLine({ done: 30, frames: 30, stages: [], elapsedMs: 10 })).toBe("30/30 frames (100 %)  finishing");
});

test.each([
  [0, "0.0 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [3_599_000, "59 min 59 s"],
  [7_500_000, "2 h 5 min"],
])("%d ms reads %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

function drawn(redraws: boolean, frames: number, stepMs: number): string[] {
  const written: string[] = [];
  let time = 0;
  const progress = createProgress({
    traits: { redraws, colors: false, trueColor: false, columns: 80 },
    paint: plain,
    write: (text) => written.push(text),
    columns: () => 80,
    now: () => time,
  });
  for (let done = 0; done <= frames; done++) {
    progress.update({ done, frames, stages, elapsedMs: time });
    time += stepMs;
  }
  progress.clear();
  return written;
}

test("a terminal is redrawn at most ten times a second, and left clean", () => {
  const written = drawn(true, 1000, 1);
  expect(written.length).toBeLessThanOrEqual(12);
  expect(written.every((text) => text.startsWith("\r"))).toBe(true);
  expect(written.at(-1)).toBe("\r\x1b[K");
});

test("a log gets a line a second of a long run, without cursor movement", () => {
  const written = drawn(false, 600, 100);
  expect(written.length).toBeGreaterThanOrEqual(55);
  expect(written.length).toBeLessThanOrEqual(62);
  expect(written.join("")).not.toContain("\r");
  expect(written.join("")).not.toContain("\x1b");
});

test("a log of a short run gets at most a line each tenth, and always the last", () => {
  const written = drawn(false, 30, 20);
  expect(written.length).toBeGreaterThanOrEqual(2);
  expect(written.length).toBeLessThanOrEqual(10);
  expect(written.at(-1)).toMatch(/^30\/30 frames/);
});

test("what comes after the frames is said in a terminal, and among plain lines where it is long", () => {
  const traits = (redraws: boolean) => ({ redraws, colors: false, trueColor: false, columns: 20 });
  const said = (redraws: boolean) => {
    let text = "";
    const write = (part: string) => {
      text += part;
    };
    const progress = createProgress({ traits: traits(redraws), paint: plain, write, columns: () => 20, now: () => 0 });
    progress.phase("checking the GIF", false);
    progress.phase("writing the record, about 80.0 MB", true);
    progress.clear();
    return text;
  };
  expect(said(true)).toBe("\rchecking the GIF\x1b[K\rwriting the record,\x1b[K\r\x1b[K");
  expect(said(false)).toBe("writing the record, about 80.0 MB\n");
});
