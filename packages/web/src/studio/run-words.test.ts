import { describe, expect, test } from "vitest";
import type { RunView } from "volumark/api";
import { NO_PROGRESS } from "../service/run-progress.ts";
import type { Followed } from "../service/use-events.ts";
import { runWords } from "./run-words.ts";

const progress = (part: Partial<Followed> = {}): Followed => ({ ...NO_PROGRESS, broken: null, refused: null, ...part });
const run = (part: Partial<RunView> = {}) =>
  ({ options: {}, frames: 30, done: 0, reason: null, durationMs: 1500, ...part }) as RunView;
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("what is said of a run", () => {
  test("waiting: its place, and why it waits again", () => {
    expect(runWords("queued", run(), progress({ position: 0 })).detail).toBe("next in the queue");
    expect(plain(runWords("queued", run(), progress({ position: 3 })).detail)).toBe("3 runs before it");
    const again = runWords("queued", run(), progress({ position: 0, attempts: 1, reason: "its worker was lost" }));
    expect([again.title, again.detail]).toEqual(["Waiting again", "next in the queue · its worker was lost"]);
  });

  test("running: frames, share, time left; spoken by quarters only", () => {
    const at = (done: number) =>
      runWords("running", run(), progress({ last: 9, done, total: 30, elapsedMs: 1000, remainingMs: 2000 }));
    expect(plain(at(10).detail)).toBe("10 of 30 frames · about 2 s left");
    expect(at(10).share).toBeCloseTo(1 / 3);
    expect([at(8), at(9), at(14)].map(({ spoken }) => spoken)).toEqual(Array(3).fill("Running · 25 percent"));
    expect(runWords("running", run(), progress()).title).toBe("Starting");
  });

  test("a worker that says nothing: since when, and until when it is waited for, in place of a time that is left", () => {
    const silence = { silentMs: 12_400, freeInMs: 17_600 };
    const passes = run({ options: { passes: 4 }, silence });
    const words = runWords("running", passes, progress({ last: 9, done: 15, total: 30, remainingMs: 1000 }));
    expect([words.title, words.tone]).toEqual(["No word from its worker", "warn"]);
    expect(plain(words.detail)).toBe("for 12 s: it may be dead, or the way to it broken; in 18 s another may take it");
    expect(runWords("running", run({ silence: { silentMs: 40_000, freeInMs: 0 } }), progress()).detail).toContain(
      "another may take it now",
    );
  });

  test("several passes: the first warms up, and what is left counts them all", () => {
    const passes = run({ options: { passes: 4 } });
    const at = (pass: number) =>
      runWords("running", passes, progress({ last: 9, pass, done: 15, total: 30, elapsedMs: 1000, remainingMs: 1000 }));
    expect(at(0).title).toBe("Warming up");
    expect(plain(at(0).detail)).toBe("pass 1 of 4 · 15 of 30 frames · about 7 s left");
    expect([at(2).title, at(2).share]).toEqual(["Measuring", 0.625]);
  });

  test("each ending has its own word, and keeps what there is to say", () => {
    expect(plain(runWords("finished", run({ done: 30 }), progress()).detail)).toBe("30 frames · 1.50 s");
    expect(plain(runWords("cancelled", run({ done: 7 }), progress()).detail)).toBe("7 of 30 frames kept · 1.50 s");
    expect(runWords("cancelled", run({ durationMs: null }), progress()).detail).toBe("before its first frame");
    const later = run({
      done: 30,
      options: { passes: 10 },
      result: { status: "done", passes: 2 } as RunView["result"],
    });
    expect(plain(runWords("cancelled", later, progress({ last: 9, done: 7, total: 30 })).detail)).toBe(
      "2 of 10 passes of 30 frames kept · 1.50 s",
    );
    const failed = runWords("failed", run({ done: 3, reason: "surface of frame 3: no" }), progress());
    expect([failed.tone, plain(failed.detail)]).toEqual(["bad", "3 of 30 frames made · surface of frame 3: no"]);
  });
});
