import { describe, expect, test } from "vitest";
import { buildRecord, type FrameFacts, type RunFacts } from "../record/build.ts";
import { EMPTY_RUN, FAILED_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
import type { RunRecord } from "../record/schema.ts";
import { displayWidth } from "../text/layout.ts";
import { causeOf } from "./cause.ts";
import { gradeRun } from "./grade.ts";
import { reportMarkdown, reportText } from "./report.ts";

const ORIGIN = TINY_RUN.originNs;
const MS = 1_000_000;

/** 20 frames of 10 ms on one lane, one after the other; every change is laid over frame 10. */
function steady(
  change: {
    times?: Partial<FrameFacts["times"]>;
    counts?: Partial<FrameFacts["counts"]>;
    run?: Partial<RunFacts>;
  } = {},
): RunRecord {
  const made = Array.from({ length: 20 }, (_, frame): FrameFacts => {
    const at = frame === 10;
    const times = {
      startNs: ORIGIN + frame * 10 * MS,
      fieldNs: 2 * MS,
      surfaceNs: 1 * MS,
      pictureNs: 4 * MS,
      convertNs: 1 * MS,
      encodeNs: 2 * MS,
      waitNs: 0,
      instrumentsNs: 0,
      unaccountedNs: 0,
      ...(at ? change.times : {}),
    };
    const wallNs =
      times.fieldNs +
      times.surfaceNs +
      times.pictureNs +
      times.convertNs +
      times.encodeNs +
      times.waitNs +
      times.instrumentsNs +
      times.unaccountedNs;
    const counts = {
      bricks: 10,
      samples: 20_000,
      activeCells: 4000,
      vertices: 2000,
      triangles: 4000,
      shadedPixels: 50_000,
      gifBytes: 6000,
    };
    return {
      frame,
      lane: 0,
      times: { ...times, wallNs },
      counts: { ...counts, ...(at ? change.counts : {}) },
      pictureHash: `${frame}`,
    };
  });
  return buildRecord({
    ...TINY_RUN,
    width: 512,
    height: 384,
    frames: 20,
    lanes: 1,
    made,
    gif: { ...TINY_RUN.gif, frameCount: 20, finishedNs: ORIGIN + 200 * MS },
    sensors: [],
    events: [],
    warnings: [],
    checks: [],
    instruments: { timerCalls: 120, samples: 2, samplerNs: 100_000 },
    ...change.run,
  });
}

const series = (name: string, v: number[]) => ({
  name,
  unit: "%",
  source: "test",
  available: true,
  periodMs: 50,
  tNs: v.map((_, i) => ORIGIN + (i + 1) * 50 * MS),
  v,
});
const gc = (lane: number | null) => ({
  kind: "gc",
  startNs: ORIGIN + 101 * MS,
  durationNs: 8 * MS,
  lane,
  detail: "major",
});
const slow = { pictureNs: 12 * MS };

describe("causeOf", () => {
  test.each<[string, RunRecord, string]>([
    ["garbage collection on its lane", steady({ times: slow, run: { events: [gc(0)] } }), "gc"],
    [
      "a collection on another thread explains nothing",
      steady({ times: slow, run: { events: [gc(1), gc(null)] } }),
      "unexplained",
    ],
    ["a throttle event", steady({ times: slow, run: { events: [{ ...gc(null), kind: "throttle" }] } }), "throttle"],
    [
      "a control group that held it back",
      steady({ times: slow, run: { sensors: [series("cgroup.throttled", [0, 0, 7, 0])] } }),
      "throttle",
    ],
    [
      "steal while it ran",
      steady({ times: slow, run: { sensors: [series("cpu.steal", [0, 0, 5, 0])] } }),
      "contention",
    ],
    [
      "steal at another time explains nothing",
      steady({ times: slow, run: { sensors: [series("cpu.steal", [5, 0, 0, 0])] } }),
      "unexplained",
    ],
    [
      "pressure while it ran",
      steady({ times: slow, run: { sensors: [series("pressure.cpu.some", [0, 0, 40, 0])] } }),
      "contention",
    ],
    ["another job", steady({ times: slow, run: { events: [{ ...gc(null), kind: "overlap" }] } }), "contention"],
    ["twice the pixels", steady({ times: slow, counts: { shadedPixels: 120_000 } }), "work"],
    ["more pixels, but far too few", steady({ times: slow, counts: { shadedPixels: 51_000 } }), "unexplained"],
    ["nothing", steady({ times: slow }), "unexplained"],
  ])("%s: %#", (_name, record, cause) => expect(causeOf(record, 10).cause).toBe(cause));

  test("the first frame of a lane is first-touch, whatever its number", () => {
    const record = steady();
    record.run.frames.pictureNs[0] = 12 * MS;
    record.run.frames.wallNs[0] = 18 * MS;
    expect(causeOf(record, 0)).toEqual({ cause: "first-touch", evidence: "first frame of lane 0" });
  });
});

describe("gradeRun", () => {
  const codes = (record: RunRecord) => gradeRun(record).failed.map(({ code }) => code);

  test("one pass is C at best, even when all else holds", () => {
    const grade = gradeRun(steady({ run: { sensors: [series("cpu.frequency", [2000])] } }));
    expect(grade.letter).toBe("C");
    expect(grade.failed.map(({ code }) => code)).toEqual(["one-pass"]);
  });

  test("unaccounted time fails above 2 % and not at 2 %", () => {
    const at = steady();
    at.run.frames.unaccountedNs.fill(200_000);
    expect(codes(at)).not.toContain("not-closed");
    at.run.frames.unaccountedNs[0] = 200_001;
    expect(codes(at)).toContain("not-closed");
  });

  test("instruments above 0.5 % of the run cost the A", () => {
    const quiet = steady({ run: { instruments: { timerCalls: 0, samples: 5, samplerNs: 1_000_000 } } });
    expect(codes(quiet)).not.toContain("instruments");
    expect(codes(steady({ run: { instruments: { timerCalls: 0, samples: 5, samplerNs: 1_000_001 } } }))).toContain(
      "instruments",
    );
  });

  test.each<[string, RunRecord]>([
    ["failed", buildRecord(FAILED_RUN)],
    ["incomplete", steady({ run: { frames: 21 } })],
    [
      "wrong-result",
      steady({ run: { checks: [{ name: "GIF decoded", passed: false, evidence: "frame 3 differs" }] } }),
    ],
  ])("a run that is %s is D", (code, record) => {
    expect(gradeRun(record).letter).toBe("D");
    expect(codes(record)).toContain(code);
  });

  test.each<[string, RunRecord]>([
    ["no-hashes", steady({ run: { outputHash: null } })],
    ["steal", steady({ run: { sensors: [series("cpu.steal", [0, 3])] } })],
    ["throttled", steady({ run: { sensors: [series("cgroup.throttled", [0.5])] } })],
    ["coarse-timer", steady({ run: { timer: { name: "t", resolutionNs: 100_000, costNs: 30 } } })],
    ["clocks-unseen", steady()],
  ])("the check %s can fail, with evidence and an action", (code, record) => {
    const check = gradeRun(record).failed.find((failed) => failed.code === code);
    expect(check?.evidence).toBeTruthy();
    expect(check?.action).toMatch(/\.$/);
  });
});

describe("reportText", () => {
  const records: [string, RunRecord][] = [
    ["tiny", buildRecord(TINY_RUN)],
    ["failed", buildRecord(FAILED_RUN)],
    ["empty", buildRecord(EMPTY_RUN)],
    ["steady", steady({ times: slow })],
    ["long", longWinded()],
  ];
  const TITLES = [
    "Grade",
    "Result",
    "Stages",
    "Frames",
    "Warm-up",
    "Machine",
    "Energy",
    "Stability",
    "Warnings",
    "Again",
  ];

  for (const [name, record] of records) {
    test.each([60, 80, 120])(`${name}: at most 60 lines, none wider than %i columns`, (width) => {
      for (const unicode of [true, false]) {
        const lines = reportText(record, { width, unicode }).split("\n");
        expect(lines.length).toBeLessThanOrEqual(60);
        const limit = width === 60 ? 80 : width; // the stage table keeps its columns
        expect(lines.filter((line) => displayWidth(line) > limit)).toEqual([]);
      }
    });

    test(`${name}: no NaN, undefined or object reaches the reader`, () => {
      expect(reportText(record)).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
      expect(reportMarkdown(record)).not.toMatch(/NaN|undefined|Infinity|\[object/);
    });

    test(`${name}: without unicode every character is ASCII`, () => {
      expect(reportText(record, { unicode: false })).toMatch(/^[ -~\n]*$/);
    });
  }

  test("all sections stand in their order, in text and in Markdown", () => {
    for (const [, record] of records.slice(0, 4)) {
      const text = reportText(record).split("\n");
      const starts = TITLES.map((title) => text.findIndex((line) => line.startsWith(title)));
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(starts).not.toContain(-1);
      const markdown = reportMarkdown(record);
      const places = TITLES.map((title) => markdown.indexOf(`### ${title}`));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places).not.toContain(-1);
    }
  });

  test("the first sentence says what was made, how long it took and which stage was slowest", () => {
    expect(reportText(steady(), { width: 160 }).split("\n")[0]).toBe(
      "Answer    20 frames 512×384 at dimension 4 in 200 ms on 1 lane (100 frames/s; one pass, no interval), 66 B of GIF. Slowest stage: picture, 40 %.",
    );
  });

  test("the stage table holds medians, shares, worst frames and work", () => {
    const text = reportText(steady({ times: slow, counts: { shadedPixels: 50_000 } }), { width: 120 });
    expect(text).toMatch(/picture +4\.00 ms +42 % +4\.40 ms +12\.0 ms +10 +88\.0 ns\/shaded px/);
    expect(text).toMatch(/unaccounted +0 ns +0 %/);
    expect(text).toMatch(/frame 10: 18\.0 ms, 1\.80 × the median; unexplained/);
  });

  test("energy that was read is given in joules with its source; else the reason stands there, never 0", () => {
    const read = { ...series("energy.package-0", [0, 3, 8]), unit: "J", source: "/sys/class/powercap/intel-rapl:0" };
    expect(reportText(steady({ run: { sensors: [read] } }), { width: 120 })).toMatch(
      /Energy +8\.00 J \(package-0, 0\.400 J a frame/,
    );
    expect(reportText(buildRecord(TINY_RUN))).toMatch(/Energy +not available: no RAPL/);
  });

  test("the command can be pasted into a shell again", () => {
    expect(reportText(buildRecord(TINY_RUN))).toContain("volumark run --frames 2 --out 'a folder'");
  });

  test("colours do not move a column", () => {
    const record = steady({ times: slow });
    const [on, off] = ["\u001b[1m", "\u001b[22m"];
    const style = (_mark: string, text: string) => on + text + off;
    const plain = reportText(record, { width: 100 });
    const coloured = reportText(record, { width: 100, style });
    const bare = coloured.replaceAll(on, "").replaceAll(off, "").split("\n");
    expect(bare.map((line) => line.trimEnd()).join("\n")).toBe(plain);
    expect(coloured).not.toBe(plain);
  });

  test("control characters in a record never reach the terminal", () => {
    const record = steady({
      run: {
        command: ["volumark", "\u001b]0;title\u0007"],
        warnings: [{ code: "x\u001b[2J", evidence: "\u0000", action: "a" }],
      },
    });
    record.benchmark_data.system_info.cpu.name = "CPU\u001b[31m\r\n";
    expect(reportText(record).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

/** Everything that can be long is long. */
function longWinded(): RunRecord {
  const text = "a long sentence that says the same thing over and over again ".repeat(6).trim();
  const many = Array.from({ length: 12 }, (_, i) => ({ code: `warning-${i}`, evidence: text, action: text }));
  return steady({
    times: slow,
    run: {
      warnings: many,
      checks: Array.from({ length: 6 }, (_, i) => ({ name: `check ${i}`, passed: false, evidence: text })),
      command: ["volumark", "run", ...text.split(" ")],
      failure: { stage: "encode", frame: 3, message: text },
    },
  });
}
