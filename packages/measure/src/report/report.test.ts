import { describe, expect, test } from "vitest";
import { buildRecord, type FrameFacts, type RunFacts } from "../record/build.ts";
import { EMPTY_RUN, FAILED_RUN, STOPPED_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
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
      "throttling that covers less than half of the excess",
      steady({ times: slow, run: { events: [{ ...gc(null), kind: "throttle", durationNs: 3 * MS }] } }),
      "unexplained",
    ],
    ["another job", steady({ times: slow, run: { events: [{ ...gc(null), kind: "overlap" }] } }), "contention"],
    [
      "half of the excess in collections",
      steady({ times: slow, run: { events: [{ ...gc(0), durationNs: 4 * MS }] } }),
      "gc",
    ],
    [
      "less than half of the excess in collections",
      steady({ times: slow, run: { events: [{ ...gc(0), durationNs: 4 * MS - 1 }] } }),
      "unexplained",
    ],
    ["pixels that the other frames have none of", blankBut10(), "work"],
    ["twice the pixels", steady({ times: slow, counts: { shadedPixels: 120_000 } }), "work"],
    ["more pixels, but far too few", steady({ times: slow, counts: { shadedPixels: 51_000 } }), "unexplained"],
    ["twice the triangles", steady({ times: slow, counts: { triangles: 9600 } }), "work"],
    ["half the GIF bytes", steady({ times: slow, counts: { gifBytes: 3000 } }), "unexplained"],
    ["more GIF bytes, when the picture was slow", steady({ times: slow, counts: { gifBytes: 12_000 } }), "unexplained"],
    ["nothing", steady({ times: slow }), "unexplained"],
  ])("%s: %#", (_name, record, cause) => expect(causeOf(record, 10).cause).toBe(cause));

  describe("a sensor's sample", () => {
    // The frame lies from 100 ms to 118 ms; a sample of 50 ms speaks for 100 ms to 150 ms, one of 200 ms for 0 to 200 ms.
    const wide = (name: string, value: number) => ({
      ...series(name, [value]),
      periodMs: 200,
      tNs: [ORIGIN + 200 * MS],
    });
    const narrow = (name: string, value: number) => ({
      ...series(name, [value]),
      periodMs: 36,
      tNs: [ORIGIN + 118 * MS],
    });
    const RULES: [string, string, number, number][] = [
      ["cgroup.throttled", "throttle", 5, 25],
      ["cpu.steal", "contention", 2, 10],
      ["pressure.cpu.some", "contention", 20, 60],
      ["process.involuntarySwitches", "contention", 500, 2000],
    ];
    const label = (sensor: RunFacts["sensors"], record = steady({ times: slow, run: { sensors: sensor! } })) =>
      causeOf(record, 10).cause;

    test.each(RULES)("%s explains a frame that fills half of its time, from its limit on", (name, cause, limit) => {
      expect(label([narrow(name, limit)])).toBe(cause);
      expect(label([narrow(name, limit - 0.01)])).toBe("unexplained");
    });

    test.each(RULES)("%s over 200 ms explains no short frame among quick ones, however high it is", (name) => {
      expect(label([wide(name, 100_000)])).toBe("unexplained");
    });

    test.each(RULES)(
      "%s over a time in which all frames were slow explains them, from its strong limit on",
      (name, cause, _limit, strong) => {
        // Frames 8, 9 and 10 were slow, the last by 8 ms; the sample speaks for these three.
        const slowThree = (value: number, othersMs = 4) => {
          const sensor = { ...series(name, [value]), periodMs: 41, tNs: [ORIGIN + 119 * MS] };
          const record = steady({ times: slow, run: { sensors: [sensor] } });
          for (const i of [8, 9]) {
            record.run.frames.pictureNs[i] = (4 + othersMs) * MS;
            record.run.frames.wallNs[i] = (10 + othersMs) * MS;
          }
          return causeOf(record, 10).cause;
        };
        expect(slowThree(strong)).toBe(cause);
        expect(slowThree(strong - 0.01)).toBe("unexplained");
        expect(slowThree(strong, 3.9)).toBe("unexplained");
      },
    );

    test("of another time explains nothing", () => {
      const early = { ...series("cpu.steal", [50]), periodMs: 50, tNs: [ORIGIN + 100 * MS] };
      expect(label([early])).toBe("unexplained");
    });
  });

  describe("first-touch", () => {
    const slowFrames = (frames: number[], lane: (frame: number) => number) => {
      const record = steady();
      for (const i of frames) {
        record.run.frames.pictureNs[i] = 12 * MS;
        record.run.frames.wallNs[i] = 18 * MS;
      }
      record.run.frames.lane = record.run.frames.lane.map((_, i) => lane(i));
      return record;
    };

    test("the first frame of a lane, whatever its number; not its second", () => {
      const record = slowFrames([0, 1, 5, 6], (frame) => (frame < 5 ? 0 : 1));
      record.run.lanes = 2;
      expect(causeOf(record, 0)).toEqual({ cause: "first-touch", evidence: "first frame of lane 0" });
      expect(causeOf(record, 5)).toEqual({ cause: "first-touch", evidence: "first frame of lane 1" });
      expect(causeOf(record, 1).cause).toBe("unexplained");
      expect(causeOf(record, 6).cause).toBe("unexplained");
    });

    test("frames of the coordinating thread until one of them was quick", () => {
      const record = slowFrames([0, 1, 3], () => 1);
      expect(causeOf(record, 0).evidence).toMatch(/^made by the coordinating thread/);
      expect(causeOf(record, 1).cause).toBe("first-touch");
      expect(causeOf(record, 3).cause).toBe("unexplained");
    });

    test("slow first frames do not make a sample explain the one beside them", () => {
      const sensor = { ...series("pressure.cpu.some", [100]), periodMs: 41, tNs: [ORIGIN + 40 * MS] };
      const record = steady({ run: { sensors: [sensor], lanes: 3 } });
      record.run.frames.lane = record.run.frames.lane.map((_, i) => (i < 3 ? i : 0));
      for (const i of [0, 1, 2, 3]) {
        record.run.frames.pictureNs[i] = 12 * MS;
        record.run.frames.wallNs[i] = 18 * MS;
      }
      expect(causeOf(record, 3).cause).toBe("unexplained");
    });
  });

  test("collections come before throttling, throttling before contention, contention before work, work before first-touch", () => {
    const events = [gc(0), { ...gc(null), kind: "throttle" }, { ...gc(null), kind: "overlap" }];
    const causes = [0, 1, 2, 3].map((from) => {
      const counts = { shadedPixels: 120_000 };
      const record = steady({ times: slow, counts, run: { events: events.slice(from) } });
      record.run.frames.lane[10] = 1;
      return causeOf(record, 10).cause;
    });
    // The lane of the frame is 1, so that it is the first of its lane; the collection belongs to lane 0.
    expect(causes).toEqual(["throttle", "throttle", "contention", "work"]);
    const collected = steady({ times: slow, counts: { shadedPixels: 120_000 }, run: { events } });
    expect(causeOf(collected, 10).cause).toBe("gc");
  });
});

describe("gradeRun", () => {
  const states = (record: RunRecord) =>
    Object.fromEntries(gradeRun(record).checks.map(({ code, state }) => [code, state]));
  const quiet = (change: Partial<RunFacts> = {}) =>
    steady({
      run: {
        sensors: [
          series("cpu.steal", [0, 0]),
          series("pressure.cpu.some", [5, 5]),
          series("cgroup.throttled", [0]),
          series("cpu.frequency", [2000]),
        ],
        checks: [{ name: "GIF read back", passed: true, evidence: "20 frames" }],
        ...change,
      },
    });

  test("the checks are always the same, in the same order, and a quiet run of one pass lacks only what many tell", () => {
    const grade = gradeRun(quiet());
    expect(grade.checks.map(({ code }) => code)).toEqual(
      "complete right hashes closure passes noise stability canary steal contention throttle instruments timer clock power".split(
        " ",
      ),
    );
    expect(grade.checks.filter(({ state }) => state !== "holds").map(({ code }) => code)).toEqual([
      "passes",
      "noise",
      "stability",
      "canary",
    ]);
    expect([grade.letter, grade.limited]).toEqual(["C", false]);
  });

  test("unaccounted time fails above 2 % and not at 2 %", () => {
    const at = steady();
    at.run.frames.unaccountedNs.fill(200_000);
    expect(states(at).closure).toBe("holds");
    at.run.frames.unaccountedNs[0] = 200_001;
    expect(states(at).closure).toBe("fails");
  });

  test("instruments above 0.5 % of the run cost the A, and the advice names an option with a number", () => {
    const cost = (samplerNs: number) => steady({ run: { instruments: { timerCalls: 0, samples: 5, samplerNs } } });
    expect(states(cost(1_000_000)).instruments).toBe("holds");
    const check = gradeRun(cost(1_000_001)).checks.find(({ code }) => code === "instruments");
    expect(check).toMatchObject({ state: "fails", cap: "B" });
    expect(check?.evidence).toContain("limit 0.5 %");
    expect(check?.action).toContain("--frames 41.");
    const clock = steady({ run: { instruments: { timerCalls: 100_000, samples: 0, samplerNs: 0 } } });
    expect(gradeRun(clock).checks.find(({ code }) => code === "instruments")?.action).toContain("--dimension");
  });

  test.each<[string, RunRecord]>([
    ["complete", buildRecord(FAILED_RUN)],
    ["complete", steady({ run: { frames: 21 } })],
    ["complete", buildRecord({ ...STOPPED_RUN, made: [], gif: { ...TINY_RUN.gif, frameCount: 0 } })],
    ["right", steady({ run: { checks: [{ name: "GIF decoded", passed: false, evidence: "frame 3 differs" }] } })],
  ])("a run that is not %s is D: %#", (code, record) => {
    expect(gradeRun(record).letter).toBe("D");
    expect(states(record)[code]).toBe("fails");
  });

  test("a run that was stopped is limited and not wrong, and says what it cannot tell", () => {
    const grade = gradeRun(buildRecord(STOPPED_RUN));
    expect([grade.letter, grade.limited]).toEqual(["C", true]);
    const [complete, right] = grade.checks;
    expect(complete).toMatchObject({ code: "complete", state: "fails", cap: "C" });
    expect(complete?.evidence).toBe("stopped by Ctrl-C after 1 of 2 frames");
    expect(complete?.action).toMatch(/the frames that are missing, the time of the whole run/);
    expect(right).toMatchObject({ code: "right", state: "holds" });
  });

  test("that frames are missing is said once: the check of their number does not make the result wrong", () => {
    const checks = [
      { name: "frames", passed: false, evidence: "1 of 2" },
      { name: "GIF read back", passed: true, evidence: "1 frame" },
    ];
    expect(states(buildRecord({ ...FAILED_RUN, checks }))).toMatchObject({ complete: "fails", right: "holds" });
  });

  const wait = (pressure: number, busy: number, own: number) => [
    series("pressure.cpu.some", [pressure]),
    series("cpu.utilization", [busy]),
    series("process.cpu", [own]),
  ];
  test.each<[string, RunFacts["sensors"], number, RegExp]>([
    ["others", wait(21, 90, 100), 2, /other programs used 65 % .* End them/],
    ["its own lanes", wait(21, 90, 350), 2, /waited .* Use fewer lanes: --lanes 1\./],
    ["one lane", wait(21, 90, 350), 1, /Give it a second processor\./],
  ])("waiting for processors costs the A, and says whose fault it is: %s", (_name, sensors, lanes, says) => {
    const check = gradeRun(steady({ run: { sensors: sensors!, lanes } })).checks.find((c) => c.code === "contention");
    expect(check).toMatchObject({ state: "fails", cap: "C" });
    expect(`${check?.evidence} ${check?.action}`).toMatch(says);
  });

  test("contention and steal are of the whole run: a short peak in a long quiet run fails neither", () => {
    const peak = [0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 0];
    const sensors = [
      series("cpu.steal", peak),
      series(
        "pressure.cpu.some",
        peak.map((v) => v * 10),
      ),
    ];
    expect(states(steady({ run: { sensors } }))).toMatchObject({ steal: "holds", contention: "holds" });
  });

  test.each<[string, RunRecord]>([
    ["hashes", steady({ run: { outputHash: null } })],
    ["steal", steady({ run: { sensors: [series("cpu.steal", [0, 5])] } })],
    ["contention", steady({ run: { events: [{ ...gc(null), kind: "overlap" }] } })],
    ["throttle", steady({ run: { sensors: [series("cgroup.throttled", [0.5])] } })],
    ["throttle", steady({ run: { events: [{ ...gc(null), kind: "throttle" }] } })],
    ["timer", steady({ run: { timer: { name: "t", resolutionNs: 100_000, costNs: 30 } } })],
    ["clock", steady({ run: { sensors: [series("cpu.frequency", [2000, 1500])] } })],
    ["clock", steady({ run: { sensors: [series("temperature.cpu", [60, 96])] } })],
    [
      "power",
      steady({ run: { environment: { power: { available: true, onBattery: { available: true, value: true } } } } }),
    ],
  ])("the check %s can fail, with evidence and an action: %#", (code, record) => {
    const check = gradeRun(record).checks.find((one) => one.code === code);
    expect(check?.state).toBe("fails");
    expect(check?.evidence).toBeTruthy();
    expect(check?.action).toMatch(/\.$/);
  });

  test.each(["right", "steal", "contention", "throttle", "clock"])(
    "the check %s says that it is not known where nothing was read, which costs the A",
    (code) => {
      const check = gradeRun(steady()).checks.find((one) => one.code === code);
      expect(check).toMatchObject({ state: "unknown", cap: "B" });
      expect(check?.action).toMatch(/\.$/);
    },
  );
});

describe("reportText", () => {
  const records: [string, RunRecord][] = [
    ["tiny", buildRecord(TINY_RUN)],
    ["failed", buildRecord(FAILED_RUN)],
    ["empty", buildRecord(EMPTY_RUN)],
    ["steady", steady({ times: slow })],
    ["stopped", buildRecord(STOPPED_RUN)],
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
    test.each([40, 41, 59, 60, 70, 71, 80, 120, 200])(
      `${name}: at most 60 lines, none wider than %i columns`,
      (width) => {
        for (const unicode of [true, false]) {
          const lines = reportText(record, { width, unicode }).split("\n");
          if (name !== "long") expect(lines.length).toBeLessThanOrEqual(60);
          expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
        }
      },
    );

    test.each([20, 30, 39])(`${name}: in %i columns no word is torn`, (width) => {
      const whole = new Set(reportText(record, { width: 160 }).split(/\s+/));
      const text = reportText(record, { width }).replace(/^Left out[\s\S]*/m, "");
      const unknown = text.split(/\s+/).filter((word) => /^[a-z]{3,}$/.test(word) && !whole.has(word));
      expect(unknown.filter((word) => !["per", "unit", "work:"].includes(word))).toEqual([]);
      const wide = text.split("\n").filter((line) => displayWidth(line) > width && line.trim().includes(" "));
      expect(wide).toEqual([]);
    });

    test(`${name}: no NaN, undefined or object reaches the reader`, () => {
      expect(reportText(record)).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
      expect(reportMarkdown(record)).not.toMatch(/NaN|undefined|Infinity|\[object/);
    });

    test(`${name}: without unicode every character is ASCII`, () => {
      expect(reportText(record, { unicode: false })).toMatch(/^[ -~\n]*$/);
    });
  }

  test("warnings are never cut, however many there are and however narrow the terminal is", () => {
    for (const width of [40, 60, 80]) {
      const text = reportText(longWinded(), { width }).replace(/\s+/g, " ");
      for (let i = 0; i < 12; i++) expect(text).toContain(`warning-${i}: a long sentence`);
      expect(text.match(/over and over again\. /g)?.length).toBeGreaterThanOrEqual(24);
      expect(text).toContain("volumark run a long");
    }
  });

  test("no more is left out than must be: lines go one at a time, and the last of the grade stay longest", () => {
    const lines = reportText(steady({ times: slow }), { width: 40 }).split("\n");
    expect(lines.length).toBeGreaterThan(54);
    expect(lines.join(" ")).toContain("passes fails");
  });

  test("what is left out for room is named", () => {
    const record = steady({ times: slow });
    expect(reportText(record, { width: 40 })).toMatch(
      /Left out for room, and in the\s+record:\s+parts of[\s\S]+stability/,
    );
    expect(reportText(record, { width: 120 })).not.toContain("Left out");
  });

  test("a run whose GIF could not be written does not say that there are frames in it", () => {
    const failure = { stage: "write", frame: null, message: "the disk is full after 10 of 66 bytes." } as const;
    const text = reportText(buildRecord({ ...TINY_RUN, failure })).replace(/\s+/g, " ");
    expect(text).toContain("10 of 66 bytes. (2 of 2 frames are finished)");
    expect(text).not.toContain("in the GIF");
  });

  test("a run that was stopped says in its first sentence how many frames of how many are kept", () => {
    const text = reportText(buildRecord(STOPPED_RUN));
    expect(text).toMatch(/^Stopped {3}1 of 2 frames are finished and kept; Ctrl-C stopped the run\.\n/);
    expect(text).toContain("C, a limited run");
    expect(text).not.toMatch(/[Ff]ailed|WRONG/);
  });

  test("the grade names every check: those that fail or are not known with evidence and action, the others by name", () => {
    const text = reportText(steady(), { width: 160 }).replace(/\s+/g, " ");
    expect(text).toMatch(/passes fails, at best C: one pass: .+ → Make more: volumark bench/);
    expect(text).toMatch(/noise, stability, canary not known, at best B: one pass .+ → Make more/);
    expect(text).toMatch(/clock not known, at best B: 2 300 MHz is stated, but .+ → Confirm/);
    expect(text).toContain("2 300 MHz (stated)");
    expect(text).toContain("hold: complete, hashes, closure, instruments, timer");
  });

  test("one frame is one frame, and is compared with nothing", () => {
    const record = buildRecord({ ...TINY_RUN, ...FAILED_RUN, frames: 1, failure: undefined as never });
    const text = reportText({ ...record, benchmark_data: { ...record.benchmark_data, error_occurred: false } });
    expect(text).toMatch(/^Answer {4}1 frame 1×1/);
    expect(text).toContain("one frame, 20.0 ms, waiting left out: nothing to compare it with");
    expect(text).not.toMatch(/\b1 frames/);
  });

  test("counts of thousands are grouped everywhere", () => {
    const record = steady({ run: { frames: 12_000, lanes: 2 } });
    expect(reportText(record, { width: 160 })).toContain("20 of 12 000 frames");
  });

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

/** Frame 10 shows something, the others nothing. */
function blankBut10(): RunRecord {
  const record = steady({ times: slow });
  record.run.counts.shadedPixels.fill(0);
  record.run.counts.shadedPixels[10] = 50_000;
  return record;
}

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
