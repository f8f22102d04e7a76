import { buildRecord, compareRecords, type FrameFacts, type PassFacts, type RunRecord } from "@volumark/measure";
import { describe, expect, test } from "vitest";
import { answerSentence, orderSentence, settingsDiffering, stageRows, workWords } from "./comparison-story.ts";
import { frameRatios, mostChangedStage } from "./frame-ratios.ts";
import { boundedResamples, MOST_RUNS, overlap } from "./overlap.ts";
import { differenceSentence, pictureDifference } from "./picture-difference.ts";
import { changeText, ratioAxis, ratioText } from "./ratio-axis.ts";
import { verdictWords } from "./verdict-words.ts";

/** A run of `passes` passes whose stages take the given ns, times 1 ± 0.1 % by a fixed pattern. */
function runOf(
  id: string,
  options: { passes?: number; frames?: number; field?: number; output?: string } = {},
): RunRecord {
  const { passes = 12, frames = 8, field = 2_000_000, output = "aa" } = options;
  let clock = 0;
  const passFacts: PassFacts[] = Array.from({ length: passes }, (_, p) => {
    const startNs = clock;
    const made: FrameFacts[] = Array.from({ length: frames }, (_, frame) => {
      const wobble = 1 + (((p * 7 + frame * 3) % 11) - 5) / 5000;
      const at = (ns: number) => Math.round(ns * wobble);
      const parts = { fieldNs: at(field), surfaceNs: at(700_000), pictureNs: at(900_000), convertNs: at(300_000) };
      const encodeNs = at(200_000);
      const wallNs = parts.fieldNs + parts.surfaceNs + parts.pictureNs + parts.convertNs + encodeNs;
      const times = { startNs: clock, wallNs, ...parts, encodeNs, waitNs: 0, instrumentsNs: 0, unaccountedNs: 0 };
      clock += wallNs;
      const counts = { bricks: 1, samples: 1, activeCells: 1, vertices: 1, triangles: 1, shadedPixels: 1, gifBytes: 1 };
      return { frame, times, counts, pictureHash: "" };
    });
    return { startNs, totalNs: clock - startNs, warmUp: false, canaryNs: null, outputHash: output, made };
  });
  return buildRecord({
    id,
    startedAt: 0,
    originNs: 0,
    version: "0",
    commit: null,
    width: 4,
    height: 4,
    dimension: 8,
    frames,
    fps: 10,
    settings: { dimension: 8 },
    settingsHash: "s",
    sceneHash: "c",
    outputHash: output,
    lanes: 1,
    backend: "wasm",
    timer: { name: "t", resolutionNs: 1, costNs: 1 },
    made: passFacts[0]!.made,
    passes: passFacts,
    gif: { bytes: new Uint8Array(0), filename: "", frameCount: frames },
    systemInfo: {
      cpu: { name: "", architecture: "", cores: 1, threads: 1, utilization: 0, frequency: 0 },
      memory: { total: 0, used: 0, available: 0, percent: 0 },
      gpu: { name: "", memory_total: 0, memory_used: 0, utilization: 0 },
      platform: {
        system: "",
        version: "",
        architecture: "64bit",
        python_version: null,
        runtime: "",
        runtime_version: "",
      },
    },
  });
}
const named = (record: RunRecord) => ({ record, name: record.run.id });

describe("what a comparison says", () => {
  const base = runOf("base");
  test("a run that takes less time is called faster with its ratio, interval and stage", () => {
    const found = compareRecords(named(base), named(runOf("quick", { field: 1_000_000 })), { resamples: 300 });
    expect(answerSentence(found)).toMatch(
      /^B is faster: 0\.7\d × the time of A, −2\d\.\d % \(95 % interval 0\.\d+ × to/,
    );
    const rows = stageRows(found);
    expect(rows[0]!.name).toBe("total");
    const field = rows.find(({ name }) => name === "field")!;
    expect(field.words).toMatchObject({ word: "faster", shape: "▼", tone: "better", certain: true });
    expect(field.ratio).toBeCloseTo(0.5, 2);
    expect(field.low! <= field.ratio! && field.ratio! <= field.high!).toBe(true);
    expect(mostChangedStage(found)).toBe("field");
    expect(frameRatios(found, "field").median).toBeCloseTo(0.5, 2);
    expect(frameRatios(found, "field").outlying).toEqual([]);
  });

  test("equal runs are called no different, and the work the same", () => {
    const found = compareRecords(named(base), named(runOf("twin")), { resamples: 300 });
    expect(answerSentence(found)).toMatch(/^No difference beyond ±2\.0 %/);
    expect(workWords(found)).toMatchObject({ kind: "same", good: true });
    expect(workWords(found).hashes.every(({ equal }) => equal)).toBe(true);
    expect(orderSentence(found)).toMatch(/^Made apart/);
    expect(orderSentence({ order: "ABBA" })).toMatch(/^Interleaved \(ABBA\)/);
  });

  test("a record without settings is a sentence, not a list of what the other one holds", () => {
    const { a, b } = compareRecords(named(base), named(runOf("twin")), { resamples: 300 });
    const settings = [{ name: "frames", a: "8", b: "not known" }];
    expect(settingsDiffering({ a, b, settings }).found).toEqual(settings);
    expect(settingsDiffering({ a, b: { ...b, settingsHash: null }, settings })).toEqual({
      found: [],
      none: "Not known: the record of B holds no settings.",
    });
  });

  test("other bytes from equal settings withhold the verdict everywhere", () => {
    const found = compareRecords(named(base), named(runOf("odd", { output: "bb" })), { resamples: 100 });
    expect(answerSentence(found)).toMatch(/^No verdict: not like for like/);
    expect(stageRows(found).every(({ words }) => words.word === "withheld" && !words.certain)).toBe(true);
    expect(workWords(found).good).toBe(false);
  });

  test("one pass gives no interval and no certainty", () => {
    const found = compareRecords(named(runOf("one", { passes: 1 })), named(runOf("two", { passes: 1, field: 3e6 })));
    expect(answerSentence(found)).toMatch(/^It cannot be told: B takes 1\.\d+ ×.*no interval: too few passes/);
    expect(verdictWords(found.total, null)).toMatchObject({ shape: "△", certain: false, tone: "unsure" });
  });
});

describe("the axis of ratios", () => {
  test("1 is in the middle, and twice lies as far from it as half", () => {
    const axis = ratioAxis([0.7, 1.4]);
    expect(axis.at(1)).toBe(0.5);
    expect(axis.at(1.25) - 0.5).toBeCloseTo(0.5 - axis.at(0.8), 12);
    expect(axis.at(0)).toBe(0);
    expect(axis.ticks).toEqual([...axis.ticks].sort((x, y) => x - y));
  });
  test("one odd ratio does not stretch it beyond 16, and is said to be beyond", () => {
    const axis = ratioAxis([1, 900, null, Number.NaN, -3, 0]);
    expect(axis.most).toBe(16);
    expect(axis.beyond(900)).toBe(true);
    expect(axis.at(900)).toBe(1);
  });
  test("numbers are written with their sign and digits that mean something", () => {
    expect([1.0041, 0.5, 12.34, null].map(ratioText)).toEqual(["1.004 ×", "0.50 ×", "12.3 ×", "-"]);
    expect([0.052, -0.003, 0.00001, 3].map(changeText)).toEqual(["+5.2 %", "−0.3 %", "0 %", "+300 %"]);
  });
});

describe("pictures beside each other", () => {
  test("a single pixel that differs is counted and bright", () => {
    const a = new Uint8Array(4 * 100).fill(255);
    const b = a.slice();
    b[40] = 250;
    const found = pictureDifference(a, b);
    expect(found).toMatchObject({ differing: 1, pixels: 100, largest: 5 });
    expect(found.rgba[40]).toBeGreaterThan(90);
    expect(found.rgba[44]).toBeLessThan(70);
    expect(differenceSentence(found)).toBe("1 of 100 pixels differ (1.0 %), by up to 5 of 255.");
    expect(differenceSentence(pictureDifference(a, a))).toBe("Every pixel of this frame is equal.");
  });
  test("pictures of different sizes are refused with both numbers", () => {
    expect(() => pictureDifference(new Uint8Array(4), new Uint8Array(8))).toThrow("4 and 8 bytes");
  });
});

describe("ten runs over one baseline", () => {
  test("each row is that of the two alone, whoever else is there", () => {
    const base = named(runOf("base", { passes: 6 }));
    const runs = [1e6, 2e6, 3e6].map((field, i) => named(runOf(`r${i}`, { field, passes: 6 })));
    const together = overlap(base, runs);
    const alone = overlap(base, [runs[1]!]);
    expect(together[1]!.comparison.total.change).toBe(alone[0]!.comparison.total.change);
    expect(together.map(({ comparison }) => comparison.stages[0]!.verdict?.kind)).toEqual([
      "faster",
      "no difference",
      "slower",
    ]);
  });
  test("the resamples fall with the work and never below a hundred", () => {
    const one = named(runOf("one", { passes: 1, frames: 4 }));
    expect(boundedResamples(one, [one])).toBe(10_000);
    const many = named(runOf("many", { passes: 20, frames: 300 }));
    expect(
      boundedResamples(
        many,
        Array.from({ length: 10 }, () => many),
      ),
    ).toBe(100);
    expect(() =>
      overlap(
        one,
        Array.from({ length: MOST_RUNS + 1 }, () => one),
      ),
    ).toThrow("11 runs");
  });
});
