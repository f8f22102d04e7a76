import { describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
import { passesOf } from "../record/passes.ts";
import { type Comparison, compareRuns } from "./compare.ts";
import { syntheticRun } from "./fixtures/synthetic.ts";

/** Far fewer than the default 10 000; the error of an interval's width is then about 4 %. */
const FEW = { resamples: 300 };

const kinds = ({ total, stages }: Comparison) => [total, ...stages].map(({ verdict }) => verdict?.kind);
const stage = ({ stages }: Comparison, name: string) => stages.find((row) => row.name === name)!;

describe("a comparison of runs", () => {
  // 40 comparisons each; a rate of 5 % is 2 of them.
  test.each([
    ["independent passes", 1000, { rho: 0 }],
    ["dependent passes", 2000, { rho: 0.5 }],
    ["noisy passes with outliers", 3000, { rho: 0.3, passNoise: 0.03, outliers: 0.05 }],
    ["few passes", 4000, { rho: 0.3, passes: 6 }],
  ])("of equal programs claims a difference in at most 2 of 40: %s", (_name, seed, noise) => {
    let claimed = 0;
    for (let k = 0; k < 40; k++) {
      const [a, b] = [0, 1].map((side) => syntheticRun({ ...noise, frames: 10, seed: seed + 2 * k + side }));
      const found = kinds(compareRuns(a!, b!, FEW));
      if (found.includes("faster") || found.includes("slower")) claimed++;
    }
    expect(claimed).toBeLessThanOrEqual(2);
  });

  test("finds a stage slowed by 5 %, names it, and no other", () => {
    let found = 0;
    for (let k = 0; k < 20; k++) {
      const quiet = { passNoise: 0.005, frameNoise: 0.02 };
      const a = syntheticRun({ ...quiet, seed: 5000 + 2 * k });
      const b = syntheticRun({ ...quiet, seed: 5001 + 2 * k, slowed: { surface: 1.05 } });
      const comparison = compareRuns(a, b, FEW);
      const slower = comparison.stages.filter(({ verdict }) => verdict?.kind === "slower").map(({ name }) => name);
      if (slower.includes("surface")) found++;
      expect(slower.filter((name) => name !== "surface")).toEqual([]);
      expect(kinds(comparison)).not.toContain("faster");
      expect(stage(comparison, "surface").change).toBeGreaterThan(0.02);
    }
    expect(found).toBeGreaterThanOrEqual(18);
  });

  test("does not claim a stage slowed by 0.5 %", () => {
    for (let k = 0; k < 20; k++) {
      const a = syntheticRun({ passNoise: 0.002, seed: 6000 + 2 * k });
      const b = syntheticRun({ passNoise: 0.002, seed: 6001 + 2 * k, slowed: { picture: 1.005 } });
      const found = kinds(compareRuns(a, b, FEW));
      expect(found).not.toContain("slower");
      expect(found).not.toContain("faster");
    }
  });

  test("turns round when the sides are swapped", () => {
    const a = syntheticRun({ seed: 1 });
    const b = syntheticRun({ seed: 2, slowed: { field: 1.2 } });
    const [forth, back] = [compareRuns(a, b, FEW), compareRuns(b, a, FEW)];
    expect(stage(forth, "field").verdict).toEqual({ kind: "slower" });
    expect(stage(back, "field").verdict).toEqual({ kind: "faster" });
    expect((1 + forth.total.change!) * (1 + back.total.change!)).toBeCloseTo(1, 12);
    expect(compareRuns(a, b, FEW)).toEqual(forth);
  });

  test("with itself finds no difference at all", () => {
    const run = syntheticRun({ seed: 3, passNoise: 0.002, frameNoise: 0.01 });
    const comparison = compareRuns(run, run, FEW);
    for (const row of [comparison.total, ...comparison.stages]) {
      expect(row.change).toBe(0);
      expect(row.verdict!.kind).toBe("no difference");
    }
    expect(comparison.mostDifferent).toEqual([]);
    expect(comparison.machine).toEqual([]);
    expect(comparison.caveats).toEqual([]);
  });

  test("of one pass each cannot tell, and says how many more it takes", () => {
    const run = buildRecord(TINY_RUN);
    const { total } = compareRuns(run, run, FEW);
    expect(total.verdict).toEqual({ kind: "cannot tell", morePasses: 4, reason: "1 of at least 5 steady passes" });
    expect(total).toMatchObject({ low: null, high: null, p: null, noiseFloor: null });
    const five = syntheticRun({ seed: 9, passes: 5 });
    expect(compareRuns(five, run, FEW).total.verdict).toMatchObject({ kind: "cannot tell", morePasses: 4 });
    expect(compareRuns(five, five, FEW).total.p).not.toBeNull();
  });

  test("without frames, or without time in a stage, does not invent a number", () => {
    const empty = compareRuns(buildRecord(EMPTY_RUN), syntheticRun({ seed: 1 }), FEW);
    expect(empty.total.change).toBeNull();
    expect(empty.total.verdict).toMatchObject({ kind: "cannot tell", morePasses: 5 });
    const idle = syntheticRun({ seed: 1 });
    for (const { frames } of idle.run.passes!) frames.convertNs.fill(0);
    const row = stage(compareRuns(idle, syntheticRun({ seed: 2 }), FEW), "convert");
    expect(row).toMatchObject({ change: null, p: null });
    expect(row.verdict).toMatchObject({ kind: "cannot tell", morePasses: null });
  });

  test("asks for about as many passes as then settle it", () => {
    let [asked, settled] = [0, 0];
    for (let k = 0; k < 12; k++) {
      const noise = { passNoise: 0.02, frames: 8, slowed: { field: 1.3 } };
      const make = (passes: number, side: number) =>
        syntheticRun({ ...noise, passes, seed: 7000 + 2 * k + side, ...(side === 0 ? { slowed: {} } : {}) });
      const { verdict } = compareRuns(make(8, 0), make(8, 1), FEW).total;
      if (verdict?.kind !== "cannot tell" || verdict.morePasses === null || verdict.morePasses > 100) continue;
      asked++;
      const more = 8 + 2 * verdict.morePasses;
      if (compareRuns(make(more, 0), make(more, 1), FEW).total.verdict!.kind === "slower") settled++;
    }
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(settled / asked).toBeGreaterThanOrEqual(0.5);
  });

  test("leaves the warm-up out", () => {
    const a = syntheticRun({ seed: 1 });
    const plain = compareRuns(a, syntheticRun({ seed: 2 }), FEW);
    const b = syntheticRun({ seed: 2 });
    const slow = { ...b.run.passes![0]!, warmUp: true, totalNs: 1e12 };
    b.run.passes = [slow, ...b.run.passes!];
    const warmed = compareRuns(a, b, FEW);
    expect(warmed.total).toEqual(plain.total);
    expect(warmed.b).toMatchObject({ passes: 21, steadyPasses: 20 });
  });

  test("interleaved cancels a drift that both share", () => {
    const drift = (record: ReturnType<typeof syntheticRun>) => {
      for (const [k, pass] of record.run.passes!.entries()) pass.totalNs = Math.round(pass.totalNs * 1.02 ** k);
      return record;
    };
    const quiet = { passNoise: 0.002, frameNoise: 0.01 };
    const [a, b] = [drift(syntheticRun({ ...quiet, seed: 1 })), drift(syntheticRun({ ...quiet, seed: 2 }))];
    const apart = compareRuns(a, b, FEW).total;
    const order = "ABBA".repeat(10);
    const together = compareRuns(a, b, { ...FEW, order });
    expect(together.order).toBe(order);
    expect(together.total.high! - together.total.low!).toBeLessThan((apart.high! - apart.low!) / 4);
    expect(() => compareRuns(a, b, { order: "AB" })).toThrow('the order "AB" does not fit 20 passes of A and 20 of B');
  });

  test("withholds the verdict where the same settings gave another output", () => {
    const [a, b] = [syntheticRun({ seed: 1 }), syntheticRun({ seed: 2, slowed: { field: 2 } })];
    b.run.outputHash = "00000000000000ff";
    const comparison = compareRuns(a, b, FEW);
    expect(comparison.sameWork).toBe("different output");
    expect(comparison.withheld).toMatch(/^not like for like: .*00000000000000c3 and 00000000000000ff/);
    expect(kinds(comparison).every((kind) => kind === undefined)).toBe(true);
    expect(comparison.total.change).toBeGreaterThan(0.1);
    const torn = syntheticRun({ seed: 3 });
    torn.run.passes![4]!.outputHash = "0";
    expect(compareRuns(a, torn, FEW).withheld).toMatch(/the passes of run b made 2 different outputs/);
  });

  test("says where settings differ and where nothing proves the same work", () => {
    const [a, b] = [syntheticRun({ seed: 1 }), syntheticRun({ seed: 2 })];
    b.run.settingsHash = "00000000000000a2";
    b.run.settings = { ...b.run.settings, dimension: 8 };
    const other = compareRuns(a, b, FEW);
    expect(other.sameWork).toBe("different settings");
    expect(other.withheld).toBeNull();
    expect(other.settings).toEqual([{ name: "dimension", a: "4", b: "8" }]);
    expect(other.caveats.join()).toMatch("The settings differ");
    b.run.settingsHash = null;
    expect(compareRuns(a, b, FEW)).toMatchObject({ sameWork: "not known", withheld: null });
  });

  test("lists what differs in machine and program", () => {
    const [a, b] = [syntheticRun({ seed: 1 }), syntheticRun({ seed: 2 })];
    b.run.volumark = { version: "0.2.0", commit: "abc" };
    b.benchmark_data.system_info.cpu.name = "Another CPU";
    const available = { available: true, source: "/sys" };
    a.run.environment = { cpu: { governor: { ...available, value: "powersave" }, load: { ...available, value: 3 } } };
    b.run.environment = { cpu: { governor: { ...available, value: "performance" }, load: { ...available, value: 4 } } };
    expect(compareRuns(a, b, FEW).machine).toEqual([
      { name: "processor", a: "Example CPU", b: "Another CPU" },
      { name: "version", a: "0.1.0", b: "0.2.0" },
      { name: "commit", a: "not known", b: "abc" },
      { name: "cpu.governor", a: "powersave", b: "performance" },
    ]);
  });

  test("pairs frames by number and names those that differ most", () => {
    const [a, b] = [syntheticRun({ seed: 1, frames: 12 }), syntheticRun({ seed: 1, frames: 12 })];
    for (const { frames } of passesOf(b)) {
      frames.pictureNs[7]! *= 3;
      frames.wallNs[7]! += (frames.pictureNs[7]! * 2) / 3;
    }
    for (const { frames } of passesOf(a)) frames.frame[11] = 99;
    const comparison = compareRuns(a, b, FEW);
    expect(comparison.frames).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(comparison.mostDifferent).toHaveLength(1);
    expect(comparison.mostDifferent[0]).toMatchObject({ frame: 7, stage: "picture" });
    expect(comparison.frameLogRatios.picture[7]).toBeCloseTo(Math.log(3), 12);
    expect(comparison.frameLogRatios.field.every((ratio) => ratio === 0)).toBe(true);
    expect(comparison.caveats.join()).toMatch("1 frames of run a have no like");
  });
});
