import { describe, expect, test } from "vitest";
import { syntheticRun } from "../compare/fixtures/synthetic.ts";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
import { validateRecord } from "../record/lazy.ts";
import type { RunRecord, SensorSeries } from "../record/schema.ts";
import { headlineOf } from "../statistics/headline.ts";
import { noiseFloorOf } from "../statistics/noise-floor.ts";
import { median } from "../statistics/quantile.ts";
import { displayWidth } from "../text/layout.ts";
import { causeOverPasses, outliersOf } from "./cause.ts";
import { gradeRun } from "./grade.ts";
import { derivedOf, passesStory } from "./passes.ts";
import { reportMarkdown, reportText } from "./report.ts";
import { typicalColumns } from "./typical.ts";

const MS = 1_000_000;

/** Passes of 4 frames of 10 ms each on one lane, of the given totals (default 40 ms), the canary 2 ms. */
function run(
  passes: number,
  change: {
    total?: (pass: number) => number;
    canary?: (pass: number) => number | null;
    warmUp?: (pass: number) => boolean;
    frame?: (pass: number, frame: number) => number;
  } = {},
): RunRecord {
  const record = syntheticRun({ seed: 1, passes, frames: 4, passNoise: 0, frameNoise: 0, outliers: 0 });
  const { run: made } = record;
  let startNs = 0;
  made.passes = made.passes!.map((pass, p) => {
    const wall = [0, 1, 2, 3].map((frame) => change.frame?.(p, frame) ?? 10 * MS);
    const starts = wall.map((_, frame) => startNs + wall.slice(0, frame).reduce((all, ns) => all + ns, 0));
    const same = (share: number) => wall.map(() => share * 10 * MS);
    const totalNs = change.total?.(p) ?? wall.reduce((all, ns) => all + ns, 0);
    const begun = startNs;
    startNs += totalNs;
    return {
      ...pass,
      startNs: begun,
      totalNs,
      warmUp: change.warmUp?.(p) ?? false,
      canaryNs: change.canary ? change.canary(p) : 2 * MS,
      frames: {
        ...pass.frames,
        startNs: starts,
        wallNs: wall,
        fieldNs: same(0.2),
        surfaceNs: same(0.1),
        pictureNs: wall.map((ns) => ns - 6 * MS),
        convertNs: same(0.1),
        encodeNs: same(0.2),
        unaccountedNs: same(0),
      },
    };
  });
  for (const count of Object.keys(made.counts) as (keyof typeof made.counts)[]) made.counts[count] = [9, 9, 9, 9];
  made.frames = made.passes[passes - 1]!.frames;
  made.representativePass = passes - 1;
  made.pictureHashes = ["a", "b", "c", "d"];
  made.events = [];
  made.sensors = [];
  made.instruments = { timerCalls: 10, samples: 1, samplerNs: 1000 };
  record.frame_count = 4;
  record.benchmark_data.simulation_settings.num_frames = 4;
  return record;
}

/** Totals that go up and down by a share from pass to pass. */
const wobble = (share: number) => (pass: number) => Math.round(40 * MS * (1 + (pass % 2 === 0 ? share : 0)));

const check = (record: RunRecord, code: string) => gradeRun(record).checks.find((one) => one.code === code)!;

const text = (record: RunRecord, width = 160) => reportText(record, { width });

describe("the grade of many passes", () => {
  test("an A needs enough steady passes, a narrow interval, and that nothing else speaks against it", () => {
    const record = run(20, { total: wobble(0.001) });
    const sensor = (name: string, v: number): SensorSeries => ({
      ...{ name, unit: "%", source: "test", available: true, periodMs: 50 },
      ...{ tNs: [50 * MS], v: [v] },
    });
    record.run.sensors = [
      sensor("cpu.steal", 0),
      sensor("pressure.cpu.some", 0),
      sensor("cgroup.throttled", 0),
      sensor("cpu.frequency", 2000),
    ];
    expect(gradeRun(record).checks.filter(({ state }) => state !== "holds")).toEqual([]);
    expect(gradeRun(record).letter).toBe("A");
  });

  test("passes: 4 are too few for an interval, 5 are not", () => {
    expect(check(run(4), "passes")).toMatchObject({ state: "fails", cap: "C" });
    expect(check(run(4), "passes").evidence).toContain("too few");
    expect(check(run(5), "passes").state).toBe("holds");
  });

  test("passes: a run that gets slower all the time has no steady state, which is said aloud and caps the grade at C", () => {
    const drifting = run(20, { total: (p) => 40 * MS + p * MS, warmUp: (p) => p < 10 });
    expect(check(drifting, "passes")).toMatchObject({ state: "fails", cap: "C" });
    expect(check(drifting, "passes").evidence).toMatch(/^no steady state: .*; 10 of 20 passes count/);
    expect(text(drifting).split("\n")[0]).toContain("no steady state");
    expect(text(drifting)).toMatch(/Warm-up +No steady state/);
    expect(text(run(20))).not.toContain("o steady state");
  });

  test("passes: an interval wider than 2 % costs the A, and the advice is a number of seconds", () => {
    const wide = run(12, { total: (p) => 40 * MS * (1 + 0.02 * ((p * 5) % 7)) });
    expect(check(wide, "passes")).toMatchObject({ state: "fails", cap: "B" });
    expect(check(wide, "passes").action).toMatch(/about \d+ more passes.*--max-seconds \d+/);
  });

  test("passes: so many that they are no advice are not advised, and passes without an interval say why", () => {
    const wide = run(6, { total: (p) => 40 * MS * (1 + 0.6 * ((p * 5) % 7)) });
    wide.run.plan = { kind: "until", target: 0.001, mostSeconds: 60 };
    expect(check(wide, "passes")).toMatchObject({ state: "fails", cap: "B" });
    expect(check(wide, "passes").action).toContain("Make the machine quieter");
    const wild = run(6, { total: (p) => 40 * MS * [1, 400, 3, 200, 2, 900][p]! });
    expect(check(wild, "passes")).toMatchObject({ state: "fails", cap: "C" });
    expect(check(wild, "passes").evidence).toMatch(/have no interval: 6 passes that vary/);
  });

  test("passes: the target that was asked for counts, in place of 2 %, and the advice asks for it again", () => {
    const record = run(12, { total: (p) => 40 * MS * (1 + 0.02 * ((p * 5) % 7)) });
    const width = passesStory(record).total!.relativeWidth!;
    const asked = (target: number) => {
      record.run.plan = { kind: "until", target, mostSeconds: 60 };
      return check(record, "passes");
    };
    expect(asked(width)).toMatchObject({ state: "holds", cap: "A" });
    expect(asked(width).evidence).toContain("as asked for");
    expect(asked(width * 0.999)).toMatchObject({ state: "fails", cap: "B" });
    expect(asked(0.005).action).toMatch(/bench --until 0\.5% --max-seconds \d+/);
    record.run.plan = { kind: "fixed", passes: 12 };
    expect(check(record, "passes").evidence).toMatch(/\(limit 2\.0 %\)/);
  });

  test("noise: a floor above 1 % fails, at 1 % and below it holds, for too few passes it is not known", () => {
    expect(check(run(20, { total: wobble(0.0101) }), "noise")).toMatchObject({ state: "fails", cap: "B" });
    expect(check(run(20, { total: wobble(0.001) }), "noise").state).toBe("holds");
    expect(check(run(4), "noise").state).toBe("unknown");
  });

  test("stability: best over worst below 97 % fails, at 97 % it holds", () => {
    const one = (worst: number) => (p: number) => (p === 7 ? worst : 97 * MS);
    expect(check(run(20, { total: one(100 * MS) }), "stability").state).toBe("holds");
    expect(check(run(20, { total: one(100 * MS + 1) }), "stability")).toMatchObject({ state: "fails", cap: "B" });
  });

  test("stability: where the canary slowed down as well, the machine is blamed, else not", () => {
    const total = (p: number) => (p === 7 ? 50 : 40) * MS;
    const canary = (p: number) => (p === 7 ? 2.5 : 2) * MS;
    expect(check(run(20, { total, canary }), "stability").action).toContain("The machine lost speed");
    expect(check(run(20, { total }), "stability").action).not.toContain("The machine lost speed");
  });

  test("canary: a drift above 1.1 fails, at 1.1 it holds, and without a canary it is not known", () => {
    const drift = (slowest: number) => run(20, { canary: (p) => (p === 3 ? slowest : 2_000_000) });
    expect(check(drift(2_200_000), "canary").state).toBe("holds");
    expect(check(drift(2_200_001), "canary")).toMatchObject({ state: "fails", cap: "B" });
    expect(check(run(20, { canary: () => null }), "canary").state).toBe("unknown");
  });

  test("instruments are held against the time of all passes, not of one", () => {
    const record = run(20);
    record.run.instruments = { timerCalls: 0, samples: 5, samplerNs: 20 * 40 * MS * 0.005 };
    expect(check(record, "instruments").state).toBe("holds");
    expect(text(record).replace(/\s+/g, " ")).toContain("0.5 % of all 20 passes");
    record.run.instruments.samplerNs++;
    expect(check(record, "instruments")).toMatchObject({ state: "fails", cap: "B" });
    expect(check(record, "instruments").action).toMatch(/--passes 4[01],/);
  });

  test("closure is of every steady pass: what one of them lost is seen", () => {
    const record = run(20);
    expect(check(record, "closure").state).toBe("holds");
    for (const pass of record.run.passes!.slice(0, 10)) pass.frames.unaccountedNs.fill(401_000);
    expect(check(record, "closure")).toMatchObject({ state: "fails", cap: "C" });
  });
});

describe("the frames of many passes", () => {
  test("are medians over passes of the same frame, never of a pass", () => {
    const record = run(5, { frame: (p, f) => (10 + f + (p === 0 ? 100 : 0)) * MS });
    expect(typicalColumns(record)).toMatchObject({
      passes: 5,
      columns: { wallNs: [10, 11, 12, 13].map((n) => n * MS) },
    });
  });

  test("leave the warm-up out, and a single steady pass is taken as it is", () => {
    const record = run(5, { frame: (p) => (p < 2 ? 50 : 10) * MS, warmUp: (p) => p < 2 });
    expect(typicalColumns(record)).toMatchObject({ passes: 3, columns: { wallNs: Array(4).fill(10 * MS) } });
    const tiny = buildRecord(TINY_RUN);
    expect(typicalColumns(tiny)).toEqual({ passes: 1, columns: tiny.run.frames, of: [tiny.run.frames] });
  });

  const slow2 = { frame: (_p: number, f: number) => (f === 2 ? 20 : 10) * MS };
  const collections = (record: RunRecord, passes: number) => {
    record.run.events = record.run
      .passes!.slice(0, passes)
      .map((pass) => ({ kind: "gc", startNs: pass.frames.startNs[2]!, durationNs: 8 * MS, lane: 0 }));
    return causeOverPasses(record, typicalColumns(record), 2);
  };

  test("a frame that is slow in every pass is gc only where it was collected in half of them", () => {
    expect(collections(run(10, slow2), 5)).toMatchObject({
      cause: "gc",
      evidence: expect.stringContaining("5 of 10 passes"),
    });
    expect(collections(run(10, slow2), 4)).toMatchObject({ cause: "unexplained" });
    expect(collections(run(10, slow2), 0).evidence).toContain("in every pass");
  });

  test("a frame that is slow in every pass and has more to do is work", () => {
    const record = run(10, slow2);
    record.run.counts.shadedPixels = [9, 9, 40, 9];
    expect(collections(record, 4).cause).toBe("work");
  });

  test("a frame far above its own median is an outlier with a cause, and one that is always slow is none", () => {
    const record = run(10, { frame: (p, f) => (f === 2 ? 20 : p === 3 && f === 1 ? 15.1 : 10) * MS });
    expect(outliersOf(record, typicalColumns(record))).toEqual([
      { pass: 3, frame: 1, ns: 15.1 * MS, cause: "unexplained" },
    ]);
    record.run.events = [
      { kind: "gc", startNs: record.run.passes![3]!.frames.startNs[1]!, durationNs: 5 * MS, lane: 0 },
    ];
    expect(outliersOf(record, typicalColumns(record))[0]!.cause).toBe("gc");
    expect(text(record)).toContain("1 of 40 frames of the steady passes took longer than 1.5 × its own median: gc 1");
  });

  test("an outlier in whose time another program had the processor is contention, not one beside it or without the sensor", () => {
    const record = run(10, { frame: (p, f) => (p === 3 && f === 1 ? 40 : 10) * MS });
    const { startNs, wallNs } = record.run.passes![3]!.frames;
    const begin = startNs[1]!;
    const samples = [-2, -1, 1, 2].map((step) => begin + (step * wallNs[1]!) / 2);
    const sensor = (v: number[]): SensorSeries => ({
      ...{ name: "cpu.steal", unit: "%", source: "test", available: true, periodMs: 20 },
      ...{ tNs: samples, v },
    });
    const causes = (v: number[]) => {
      record.run.sensors = [sensor(v)];
      return outliersOf(record, typicalColumns(record)).map(({ pass, frame, cause }) => [pass, frame, cause]);
    };
    expect(causes([0, 0, 50, 50])).toEqual([[3, 1, "contention"]]);
    expect(causes([50, 50, 0, 0])).toEqual([[3, 1, "unexplained"]]);
    expect(causes([0, 0, 1, 1])).toEqual([[3, 1, "unexplained"]]);
    record.run.sensors = [{ ...sensor([]), tNs: [], available: false, reason: "no steal here" }];
    expect(outliersOf(record, typicalColumns(record))[0]!.cause).toBe("unexplained");
  });

  test("a frame half as long again as its median is none", () => {
    const quiet = run(10, { frame: (p, f) => (p === 3 && f === 1 ? 15 : 10) * MS });
    expect(outliersOf(quiet, typicalColumns(quiet))).toEqual([]);
    expect(text(quiet)).toContain("none of the 40 frames");
  });
});

describe("the report of many passes", () => {
  const noisy = syntheticRun({ seed: 3, passes: 24 });
  noisy.frame_count = 30;
  noisy.benchmark_data.simulation_settings.num_frames = 30;
  for (const pass of noisy.run.passes!.slice(0, 2)) pass.warmUp = true;
  for (const count of Object.keys(noisy.run.counts) as (keyof typeof noisy.run.counts)[])
    noisy.run.counts[count] = new Array(30).fill(100);
  const rows = (record: RunRecord, baseline?: RunRecord) =>
    reportText(record, { width: 160, ...(baseline ? { baseline } : {}) }).split("\n");

  test("the first sentence gives the median pass, its interval, and how many passes of how many count", () => {
    expect(rows(noisy)[0]).toMatch(
      /^Answer {4}30 frames 1×1 at dimension 4 in \d+ ms a pass on 2 lanes \(95 % interval [\d.]+ to [\d.]+ ms; 22 of 24 passes; [\d.]+ frames\/s\), /,
    );
    expect(rows(noisy)[0]).not.toContain("one pass");
    expect(rows(run(3))[0]).toContain("no interval: 3 of at least 5 passes");
  });

  test("the stage table holds the pass with its interval, and frames as medians", () => {
    const picture = rows(noisy).find((line) => line.includes("picture  "))!;
    expect(picture).toMatch(
      /picture +\d+ ms +±[\d.]+ % +\d+ % +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +\d+ +[\d. ]+ ns\/shaded px/,
    );
    const total = headlineOf(noisy, { resamples: 1000 })!.stages.picture!;
    expect(picture).toContain(`${Math.round(total.value / MS)} ms`);
    for (const name of ["wait", "instruments", "unaccounted", "all frames", "pass"])
      expect(
        rows(noisy).some((line) => line.trim().replace("Stages", "").trim().startsWith(name)),
        name,
      ).toBe(true);
  });

  test("no sentence speaks of one pass", () => {
    for (const shown of [text(noisy), reportMarkdown(noisy)]) expect(shown).not.toMatch(/one pass|needs more passes/);
  });

  test("the warm-up is shown with its evidence, and a bar parts it from the rest", () => {
    const warm = run(20, { total: (p) => (p < 4 ? 60 : 40) * MS + (p % 3) * 1000, warmUp: (p) => p < 4 });
    expect(text(warm)).toMatch(/Steady from pass 5 of 20 \(change point\): 16 passes, slope/);
    expect(text(warm)).toContain("████|▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁");
    expect(reportText(warm, { width: 80, unicode: false })).toContain("####|________________");
    expect(text(run(20))).toContain("no warm-up");
  });

  test("the first frame is that of the first pass, not of the one that is shown", () => {
    const record = run(6, { frame: (p) => (p === 0 ? 30 : 10) * MS, warmUp: (p) => p === 0 });
    expect(text(record)).toContain("first frame 30.0 ms");
  });

  test("stability, canary and the smallest difference stand in words", () => {
    const shown = text(run(20, { total: wobble(0.01) })).replace(/\s+/g, " ");
    expect(shown).toContain("best pass / worst of 20: 99 %, 99 % corrected by the canary; 97 % passes");
    expect(shown).toContain("canary 850 (1 000 is the reference machine), slowest / quickest 1.00");
    expect(shown).toMatch(/the smallest difference this run can resolve is ±1\.0 %/);
    expect(text(run(20, { canary: () => null }))).toContain("no canary was run");
  });

  test("a baseline gives a column of changes and a verdict in the answer; without one there is neither", () => {
    const slower = syntheticRun({ seed: 4, passes: 24, slowed: { picture: 1.5 } });
    const shown = rows(slower, noisy);
    expect(shown.slice(0, 3).join(" ").replace(/\s+/g, " ")).toMatch(
      /Against the baseline \(syntheti, made apart\): slower, \+2\d\.\d % \(\+2\d\.\d % to \+2\d\.\d %\)\./,
    );
    expect(shown.find((line) => line.includes("picture  "))).toMatch(/\+(49|50|51)\.\d % slower$/);
    expect(shown.find((line) => line.includes("  field"))).toMatch(/no difference$/);
    expect(reportMarkdown(slower, { baseline: noisy })).toContain("vs. baseline");
    expect(text(slower)).not.toContain("baseline");
    slower.run.settingsHash = noisy.run.settingsHash;
    slower.run.outputHash = "other";
    for (const pass of slower.run.passes!) pass.outputHash = "other";
    expect(rows(slower, noisy).join(" ")).toMatch(/no verdict, not like for like/);
  });

  test.each([40, 60, 80, 120])("at most 60 lines and none wider than %i, with a baseline and without", (width) => {
    for (const record of [noisy, run(2), run(3), run(200, { total: wobble(0.05) })]) {
      for (const baseline of [undefined, noisy]) {
        const lines = reportText(record, { width, ...(baseline ? { baseline } : {}) }).split("\n");
        expect(lines.length).toBeLessThanOrEqual(60);
        expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
        expect(lines.join("\n")).not.toMatch(/NaN|undefined|null|Infinity/);
      }
    }
  });

  test("without unicode every character is ASCII", () => {
    expect(reportText(noisy, { unicode: false, baseline: run(20) })).toMatch(/^[ -~\n]*$/);
  });
});

describe("the derived values", () => {
  test("are those of the statistics, each with its algorithm, and the seed where there is one", async () => {
    const record = syntheticRun({ seed: 5 });
    const derived = derivedOf(record);
    expect(derived.passNs!.value).toBe(median(record.run.passes!.map(({ totalNs }) => totalNs)));
    const { low, high, seed } = headlineOf(record, { resamples: 10_000 })!.total;
    expect([derived.passLowNs!.value, derived.passHighNs!.value, derived.passLowNs!.seed]).toEqual([low, high, seed]);
    expect(derived.noiseFloor!.value).toBe(noiseFloorOf(record).total);
    expect(derived.canaryScore!.value).toBe(850);
    for (const value of Object.values(derived)) expect(value.algorithm).not.toBe("");
    record.run.derived = derived;
    expect(await validateRecord(buildRecord({ ...TINY_RUN, derived }))).toEqual({ valid: true });
  });

  test("of one pass are null with a reason but for its time, and of no frame there are none", () => {
    const derived = derivedOf(buildRecord(TINY_RUN));
    expect(derived.passNs).toMatchObject({ value: 25e6 });
    for (const name of ["passLowNs", "passHighNs", "steadyFrom", "noiseFloor", "stability", "canaryScore"]) {
      expect(derived[name]!.value, name).toBeNull();
      expect(derived[name]!.reason, name).toBeTruthy();
    }
    expect(derivedOf(buildRecord(EMPTY_RUN))).toEqual({});
  });

  test("are computed once for a record, and again for other passes", () => {
    const record = run(20);
    expect(passesStory(record)).toBe(passesStory(record));
    const before = passesStory(record).total!.value;
    record.run.passes = run(20, { total: () => 80 * MS }).run.passes!;
    expect(passesStory(record).total!.value).toBe(2 * before);
  });
});
