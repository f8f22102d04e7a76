import { describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, FAILED_RUN, TINY_RUN } from "../record/fixtures/facts.ts";
import { foreignRecord, HOSTILE, hostileRecord, longRecord, tinyRecord } from "./fixtures/runs.ts";
import { traceEvents } from "./trace.ts";

interface Read {
  ph: string;
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  cat?: string;
  s?: string;
  args?: Record<string, unknown>;
}

const ns = (microseconds: number) => Math.round(microseconds * 1000);

/**
 * Checks a text against the format's definition: phases and the members that each needs, numbers that are numbers, and on one
 * thread slices that nest and starts that never decrease. Returns the events.
 */
function validated(text: string): Read[] {
  const { traceEvents: events, displayTimeUnit } = JSON.parse(text) as { traceEvents: Read[]; displayTimeUnit: string };
  expect(["ms", "ns"]).toContain(displayTimeUnit);
  const threads = new Map<string, Read[]>();
  const metadata = new Set([
    "process_name",
    "process_labels",
    "process_sort_index",
    "thread_name",
    "thread_sort_index",
  ]);
  for (const event of events) {
    expect(typeof event.name).toBe("string");
    expect(Number.isInteger(event.pid) && Number.isInteger(event.tid)).toBe(true);
    if (event.ph === "M") {
      expect(metadata).toContain(event.name);
      const [argument] = Object.keys(event.args!);
      expect(argument).toBe(
        { process_labels: "labels", process_sort_index: "sort_index", thread_sort_index: "sort_index" }[event.name] ??
          "name",
      );
      continue;
    }
    expect(event.ts).toBeGreaterThanOrEqual(0);
    if (event.ph === "X") expect(event.dur).toBeGreaterThanOrEqual(0);
    else if (event.ph === "C")
      expect(Object.values(event.args!).every((value) => typeof value === "number")).toBe(true);
    else if (event.ph === "i") expect(event.s).toBe("t");
    else throw new Error(`phase ${event.ph}`);
    const key = event.ph === "C" ? `counter ${event.pid} ${event.name}` : `${event.pid} ${event.tid}`;
    threads.set(key, [...(threads.get(key) ?? []), event]);
  }
  for (const list of threads.values()) {
    const open: number[] = [];
    let before = 0;
    for (const { ph, ts, dur, name } of list) {
      expect(ns(ts), `${name} starts before what stands before it`).toBeGreaterThanOrEqual(before);
      before = ns(ts);
      if (ph !== "X") continue;
      while (open.length > 0 && open[open.length - 1]! <= ns(ts)) open.pop();
      const end = ns(ts) + ns(dur);
      if (open.length > 0)
        expect(end, `${name} ends after what it lies in`).toBeLessThanOrEqual(open[open.length - 1]!);
      open.push(end);
    }
  }
  return events;
}

const named = (events: readonly Read[], what: string) =>
  events.filter(({ ph, name }) => ph === "M" && name === what).map(({ args }) => args!.name);

describe("a trace", () => {
  test("has each frame on its lane at its time, to the nanosecond", () => {
    const { run } = tinyRecord();
    const events = validated(traceEvents(tinyRecord()));
    for (const [i, frame] of run.frames.frame.entries()) {
      const slice = events.find(({ name, ph }) => ph === "X" && name === `frame ${frame}`)!;
      expect([ns(slice.ts), ns(slice.dur)]).toEqual([run.frames.startNs[i], run.frames.wallNs[i]]);
      const thread = events.find(({ name, tid, ph }) => ph === "M" && name === "thread_name" && tid === slice.tid)!;
      expect(thread.args!.name).toBe(`lane ${run.frames.lane[i]}`);
    }
  });

  test("has the stages in the order in which they happen, with their exact times", () => {
    const events = validated(traceEvents(tinyRecord())).filter(({ cat }) => cat === "stage");
    const first = events.filter(({ ts }) => ns(ts) >= 2_000_000).slice(0, 6);
    expect(first.map(({ name, args }) => [name, args!.ns])).toEqual([
      ["field", 3_000_000],
      ["surface", 4_000_000],
      ["picture", 5_000_000],
      ["convert", 3_000_000],
      ["instruments", 200_000],
      ["encode", 4_000_000],
    ]);
  });

  test("has sensors as counters with every sample, and collections of garbage beside their lane", () => {
    const events = validated(traceEvents(tinyRecord()));
    const samples = events.filter(({ ph }) => ph === "C");
    expect(samples.map(({ name, ts, args }) => [name, ns(ts), args!.value])).toEqual([
      ["cpu.steal [%]", 0, 0],
      ["cpu.steal [%]", 25_000_000, 1.5],
    ]);
    const collection = events.find(({ cat }) => cat === "gc")!;
    expect([collection.name, ns(collection.ts), ns(collection.dur)]).toEqual(["gc: minor", 4_000_000, 5_500_000]);
    expect(named(events, "thread_name")).toContain("lane 0: gc");
  });

  test("has a process for each pass, the warm-up named, and its threads have numbers of their own", () => {
    const events = validated(traceEvents(longRecord(40, 3)));
    expect(named(events, "process_name")).toEqual([
      "pass 1 of 3 (warm-up)",
      "pass 2 of 3 (steady)",
      "pass 3 of 3 (steady)",
      "machine",
    ]);
    expect(events.filter(({ cat }) => cat === "frame")).toHaveLength(120);
    const owners = new Map<number, Set<number>>();
    for (const { tid, pid } of events) owners.set(tid, (owners.get(tid) ?? new Set()).add(pid));
    expect([...owners.values()].every((pids) => pids.size === 1)).toBe(true);
  });

  test("nests even where frames of a lane overlap, parts exceed the whole, and times lie before the start", () => {
    const record = longRecord(6, 1);
    const { frames } = record.run;
    frames.startNs = frames.startNs.map((_, i) => 1000 * i);
    frames.fieldNs = frames.fieldNs.map((value) => value * 3);
    record.run.sensors[0]!.tNs = [-5_000, 7_000];
    record.run.events.push(
      { kind: "throttle", startNs: -3000, durationNs: 9000, lane: null },
      { kind: "throttle", startNs: 0, durationNs: 9000, lane: null },
      { kind: "overlap", startNs: 10, durationNs: 0, lane: null },
    );
    const events = validated(traceEvents(record));
    expect(named(events, "thread_name")).toContain("lane 0, at the same time");
    expect(events.filter(({ ph }) => ph === "i").map(({ name }) => name)).toEqual(["overlap"]);
    expect(Math.min(...events.filter(({ ph }) => ph === "C").map(({ ts }) => ts))).toBe(0);
  });

  test("of another program's record lays its frames end to end and says so", () => {
    const record = foreignRecord();
    const text = traceEvents(record);
    const events = validated(text).filter(({ cat }) => cat === "frame");
    const [first, second] = record.benchmark_data.individual_frame_times.map((s) => Math.round(s * 1e9));
    expect(events.map(({ ts, dur }) => [ns(ts), ns(dur)])).toEqual([
      [0, first],
      [first, second],
    ]);
    expect(JSON.parse(text).otherData.notes.join(" ")).toMatch(/Starts of frames were not recorded/);
  });

  test.each([
    ["a failed run", FAILED_RUN],
    ["a run without frames", EMPTY_RUN],
    ["a whole run", TINY_RUN],
  ])("of %s is valid, and the same each time", (_, facts) => {
    validated(traceEvents(buildRecord(facts)));
    expect(traceEvents(buildRecord(facts))).toBe(traceEvents(buildRecord(facts)));
  });

  test("keeps names that hold quotes and line breaks", () => {
    const events = validated(traceEvents(hostileRecord()));
    expect(events.some(({ name }) => name === `${HOSTILE}: ${HOSTILE}`)).toBe(true);
  });
});
