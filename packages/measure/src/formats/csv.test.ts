import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, FAILED_RUN } from "../record/fixtures/facts.ts";
import type { RunRecord } from "../record/schema.ts";
import { longCsv } from "./csv.ts";
import { foreignRecord, HOSTILE, hostileRecord, longRecord, tinyRecord } from "./fixtures/runs.ts";

/** RFC 4180, strictly: CRLF ends every line, quotes only around whole fields. */
function parse(text: string): string[][] {
  const lines: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let line: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (!match) throw new Error(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    line.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ",") continue;
    lines.push(line);
    line = [];
  }
  expect(line).toEqual([]);
  return lines;
}

/** Lines as a map from place and quantity to unit and value; a place may occur once. */
function read(text: string): Map<string, string> {
  const [names, ...lines] = parse(text);
  expect(names).toEqual(["run_id", "pass", "frame", "lane", "time_ns", "quantity", "unit", "value"]);
  const found = new Map<string, string>();
  for (const line of lines) {
    expect(line).toHaveLength(8);
    expect(Number.isFinite(Number(line[7]!)) && line[7] !== "").toBe(true);
    const key = line.slice(1, 6).join("|");
    expect(found.has(key), key).toBe(false);
    found.set(key, `${line[7]} ${line[6]}`);
  }
  return found;
}

/** Every number of a record's passes, counts, sensors and events is in the table, once. */
function expectEverything(record: RunRecord, found: Map<string, string>): number {
  const { run } = record;
  let seen = 0;
  const expectLine = (key: string, value: string) => {
    expect(found.get(key), key).toBe(value);
    seen++;
  };
  const passes = run.passes ?? [{ frames: run.frames, totalNs: null, startNs: null }];
  for (const [p, { frames, totalNs, startNs }] of passes.entries()) {
    if (totalNs !== null) expectLine(`${p + 1}|||${startNs}|pass.total`, `${totalNs} ns`);
    for (const [name, column] of Object.entries(frames)) {
      if (!name.endsWith("Ns") || name === "startNs") continue;
      for (const [i, value] of (column as number[]).entries())
        expectLine(
          `${p + 1}|${frames.frame[i]}|${frames.lane[i]}|${frames.startNs[i]}|${name.slice(0, -2)}`,
          `${value} ns`,
        );
    }
  }
  const units: Record<string, string> = { gifBytes: "bytes", shadedPixels: "px" };
  for (const [name, column] of Object.entries(run.counts))
    for (const [i, value] of (column as number[]).entries())
      expectLine(`|${run.frames.frame[i]}|||${name}`, `${value} ${units[name] ?? "1"}`);
  for (const { name, unit, tNs, v } of run.sensors)
    for (const [i, value] of v.entries()) expectLine(`|||${tNs[i]}|sensor.${name}`, `${value} ${unit}`);
  for (const { kind, startNs, durationNs, lane } of run.events)
    expectLine(`||${lane ?? ""}|${startNs}|event.${kind}`, `${durationNs} ns`);
  return seen;
}

describe("the long table", () => {
  test("of one pass has every number of the record", () => {
    const record = tinyRecord();
    const found = read(longCsv(record));
    expect(expectEverything(record, found)).toBeGreaterThan(30);
    for (const [name, value] of Object.entries(record.benchmark_data.performance_metrics))
      expect(Number.parseFloat(found.get(`||||metric.${name}`)!)).toBe(value);
    expect(found.get("||||overhead.startUp")).toBe("80000000 ns");
    expect(found.has("||||overhead.palette")).toBe(false);
    expect(found.get("||||timer.cost")).toBe("35 ns");
    expect(found.get("||||instruments.sampler")).toBe("120000 ns");
  });

  test("of many passes has every number of every pass, and says which are warm-up", () => {
    const record = longRecord(12, 4);
    const found = read(longCsv(record));
    expect(expectEverything(record, found)).toBeGreaterThan(12 * 4 * 9);
    expect([1, 2, 3, 4].map((pass) => found.get(`${pass}||||pass.warm_up`))).toEqual([
      "1 bool",
      "0 bool",
      "0 bool",
      "0 bool",
    ]);
    expect(found.get("3||||pass.canary")).toBe("1000002 ns");
  });

  test("of another program's record keeps its seconds and invents no lane, time or id", () => {
    const record = foreignRecord();
    const lines = parse(longCsv(record)).slice(1);
    const field = lines.filter((line) => line[5] === "field");
    expect(field.map((line) => [line[0], line[1], line[2], line[3], line[4], line[6], Number(line[7])])).toEqual(
      record.benchmark_data.field_generation_times.map((value, i) => ["", "1", String(i), "", "", "s", value]),
    );
  });

  test.each([
    ["failed", FAILED_RUN],
    ["without frames", EMPTY_RUN],
  ])("of a run %s can be read", (_, facts) => {
    expect(read(longCsv(buildRecord(facts))).size).toBeGreaterThan(5);
  });

  test("gives back names with commas, quotes and line breaks as they were", () => {
    const lines = parse(longCsv(hostileRecord())).slice(1);
    expect(new Set(lines.map(([id]) => id))).toEqual(new Set([`'${HOSTILE}`]));
    expect(lines.some((line) => line[5] === `sensor.${HOSTILE}` && line[6] === `'${HOSTILE}`)).toBe(true);
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])(
    "a spreadsheet takes no text for a formula: %j has an apostrophe before it, and numbers have none",
    (text) => {
      const record = tinyRecord();
      record.run.id = text;
      record.run.sensors = [
        { name: "s", unit: text, source: "test", available: true, periodMs: 1, tNs: [-5], v: [-0.5] },
      ];
      const line = parse(longCsv(record)).find(([, , , , , quantity]) => quantity === "sensor.s");
      expect(line).toEqual([`'${text}`, "", "", "", "-5", "sensor.s", `'${text}`, "-0.5"]);
    },
  );

  test("gives back any id, with an apostrophe where it could be a formula", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (id) => {
        const record = tinyRecord();
        record.run.id = id;
        expect(parse(longCsv(record))[1]![0]).toBe(/^[=+\-@\t\r\n]/.test(id) ? `'${id}` : id);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});
