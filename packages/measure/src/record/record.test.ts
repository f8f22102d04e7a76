import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildRecord, type RunFacts, withoutGif } from "./build.ts";
import { type ByteSource, base64, base64Pieces, base64Portable, byteArray, integerPieces } from "./bytes.ts";
import { EMPTY_RUN, FAILED_RUN, STOPPED_RUN, TINY_GIF, TINY_RUN } from "./fixtures/facts.ts";
import { validateRecord } from "./lazy.ts";
import { RECORD_SCHEMA, recordJsonSchema } from "./schema.ts";
import { recordPieces, recordText } from "./text.ts";
import { read, validate } from "./validate.ts";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("buildRecord", () => {
  const record = buildRecord(TINY_RUN);
  const { performance_metrics: metrics, ...data } = record.benchmark_data;

  test("puts frames in frame order whichever lane made them first", () => {
    expect(record.run.frames.frame).toEqual([0, 1]);
    expect(record.run.frames.lane).toEqual([0, 1]);
    expect(record.run.pictureHashes).toEqual(["000000000000000e", "000000000000000f"]);
    expect(data.field_generation_times).toEqual([0.003, 0.001]);
    expect(data.marching_cubes_times).toEqual([0.004, 0.002]);
    expect(data.rendering_times).toEqual([0.005, 0.003]);
  });

  test("takes frames from any iterable, also when it uses one object for all of them", () => {
    function* reusing() {
      const facts = { ...TINY_RUN.made[0]! };
      for (const one of TINY_RUN.made.toReversed()) yield Object.assign(facts, one);
    }
    expect(buildRecord({ ...TINY_RUN, made: reusing() })).toEqual(record);
  });

  test("counts a frame's time to the end of rendering: as measured, else without convert, encode and wait", () => {
    expect(data.individual_frame_times).toEqual([0.0125, 0.0064]);
  });

  test("averages are the means of the arrays beside them", () => {
    expect(metrics.avg_frame_time).toBeCloseTo((0.0125 + 0.0064) / 2, 15);
    expect(metrics.avg_field_generation).toBe(0.002);
    expect(metrics.avg_marching_cubes).toBe(0.003);
    expect(metrics.avg_rendering).toBe(0.004);
  });

  test("total time runs from the first frame's start to the last byte of the GIF", () => {
    expect(metrics.total_time).toBe(0.025);
    expect(metrics.effective_fps).toBe(80);
    expect(metrics.frame_conversion_time).toBe(0.004);
    expect(metrics.gif_creation_time).toBe(0.007);
    expect(record.duration).toBe(2 / 30);
  });

  test("stores times since startedAt, and closes: stages, wait, instruments and unaccounted make the wall time", () => {
    const { frames } = record.run;
    expect(record.run.startedAt).toBe("2026-01-02T03:04:05.678Z");
    expect(frames.startNs).toEqual([2_000_000, 3_000_000]);
    expect(record.run.sensors[0]?.tNs).toEqual([0, 25_000_000]);
    expect(record.run.events[0]?.startNs).toBe(4_000_000);
    for (let i = 0; i < 2; i++) {
      const { fieldNs, surfaceNs, pictureNs, convertNs, encodeNs, waitNs, instrumentsNs, unaccountedNs } = frames;
      const parts = [fieldNs, surfaceNs, pictureNs, convertNs, encodeNs, waitNs, instrumentsNs, unaccountedNs];
      expect(parts.reduce((total, column) => total + column[i]!, 0)).toBe(frames.wallNs[i]);
    }
  });

  test("carries the same bytes as base64 and as integers", () => {
    expect(Uint8Array.from(Buffer.from(record.gif_data, "base64"))).toEqual(TINY_GIF);
    expect(Uint8Array.from(record.gif_bytestream)).toEqual(TINY_GIF);
    expect(record.file_size_bytes).toBe(TINY_GIF.length);
  });

  test("keeps a scene parameter that is not there as null, not 0", () => {
    expect(data.simulation_settings.torus_altitude).toBe(-0.5);
    expect(data.simulation_settings.smooth_min_radius).toBeNull();
  });

  test("a failed run names stage and frame and keeps the frames done", () => {
    const failed = buildRecord(FAILED_RUN);
    expect(failed.error).toBe(
      "surface failed at frame 1: the mesh needs 9 GB, and 6 GB are free. Use a smaller dimension.",
    );
    expect(failed.benchmark_data.error_occurred).toBe(true);
    expect(failed.frame_count).toBe(1);
    expect(failed.run.frames.frame).toEqual([0]);
    expect(record.error).toBeUndefined();
    expect("error" in record).toBe(false);
  });

  test("a run that was stopped is no failed run: it carries no error, and says where it stopped and why", () => {
    const stopped = buildRecord(STOPPED_RUN);
    expect("error" in stopped).toBe(false);
    expect(stopped.benchmark_data.error_occurred).toBe(false);
    expect(stopped.run.stopped).toEqual({ frame: 1, reason: "Ctrl-C" });
    expect([stopped.frame_count, stopped.benchmark_data.simulation_settings.num_frames]).toEqual([1, 2]);
    expect(validate(stopped)).toEqual({ valid: true });
    expect("stopped" in record.run).toBe(false);
  });

  test("a run of a suite says which member it is; every other run says nothing of suites", () => {
    const suite = { id: "s1", name: "quick", member: "seed-64" };
    const record = buildRecord({ ...TINY_RUN, suite });
    expect(record.run.suite).toEqual(suite);
    expect(validate(record)).toEqual({ valid: true });
    expect(validate({ ...record, run: { ...record.run, suite: { id: "s1", name: "quick" } } }).valid).toBe(false);
    expect("suite" in buildRecord(TINY_RUN).run).toBe(false);
  });

  test("a run without frames has means of 0 and no NaN anywhere", () => {
    const empty = buildRecord(EMPTY_RUN);
    expect(empty.benchmark_data.performance_metrics).toMatchObject({
      total_time: 0,
      avg_frame_time: 0,
      effective_fps: 0,
    });
    expect(validate(empty)).toEqual({ valid: true });
  });

  test("numbers that are not finite never reach the record, and a warning says so", () => {
    const bad: RunFacts = {
      ...TINY_RUN,
      made: [
        {
          ...TINY_RUN.made[0]!,
          times: { ...TINY_RUN.made[0]!.times, fieldNs: Number.NaN, wallNs: Number.POSITIVE_INFINITY },
        },
      ],
      settings: {
        a: -0,
        b: Number.NaN,
        c: [Number.NEGATIVE_INFINITY, undefined],
        d: undefined,
        e: Float32Array.of(-0),
      },
      sensors: [{ ...TINY_RUN.sensors![0]!, v: [Number.NaN, -0] }],
    };
    const record = buildRecord(bad);
    expect(validate(record)).toEqual({ valid: true });
    expect(record.run.settings).toEqual({ a: 0, b: null, c: [null, null], e: [0] });
    expect(record.run.sensors[0]?.v).toEqual([0]);
    expect(record.run.sensors[0]?.tNs).toEqual([25_000_000]);
    expect(record.run.warnings.map(({ code }) => code)).toEqual(["short-run", "not-a-number"]);
  });

  test("any times at all give a record that its own schema accepts", () => {
    const time = fc.oneof(
      fc.double(),
      fc.integer({ min: -1e9, max: 1e12 }),
      fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY),
    );
    const times = fc.record({
      startNs: time,
      wallNs: time,
      fieldNs: time,
      surfaceNs: time,
      pictureNs: time,
      convertNs: time,
      encodeNs: time,
      waitNs: time,
      instrumentsNs: fc.integer({ min: 0, max: 1e6 }),
      unaccountedNs: fc.integer({ min: -1e9, max: 1e9 }),
    });
    const modest = times.filter((all) =>
      Object.values(all).every((value) => !(Math.abs(value) > 1e13 && Number.isFinite(value))),
    );
    fc.assert(
      fc.property(fc.array(modest, { maxLength: 4 }), (list) => {
        const made = list.map((times, frame) => ({ ...TINY_RUN.made[0]!, frame, times }));
        expect(validate(buildRecord({ ...TINY_RUN, made }))).toEqual({ valid: true });
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("fixtures", () => {
  test("own.json is what buildRecord makes of the tiny run, byte for byte", () => {
    expect(recordText(buildRecord(TINY_RUN), { indent: 2 })).toBe(fixture("own").trimEnd());
  });

  test("failed.json is what buildRecord makes of the failed run", () => {
    expect(recordText(buildRecord(FAILED_RUN), { indent: 2 })).toBe(fixture("failed").trimEnd());
  });

  test.each(["own", "failed"])("%s.json is read, and round trips with unknown keys at every level", (name) => {
    const value = JSON.parse(fixture(name));
    value.extra = { anything: [1, "two", null] };
    value.benchmark_data.system_info.cpu.cache = "big";
    value.run.frames.gpuNs = value.run.frames.frame.map(() => 7);
    const text = JSON.stringify(value);
    const result = read(text);
    if (result.status !== "record") throw new Error(`expected a record, got ${JSON.stringify(result)}`);
    expect(JSON.stringify(result.record)).toBe(text);
    expect(recordText(result.record)).toBe(text);
  });

  test("foreign.json, without schema and run, is read as another program's", () => {
    const result = read(fixture("foreign"));
    if (result.status !== "foreign") throw new Error(`expected a foreign record, got ${JSON.stringify(result)}`);
    expect(result.record.benchmark_data.performance_metrics.total_time).toBe(2.17);
    expect(result.record).toEqual(JSON.parse(fixture("foreign")));
  });
});

describe("recordText", () => {
  const many = { ...buildRecord(TINY_RUN), gif_bytestream: Array.from({ length: 200_001 }, (_, i) => i & 255) };

  test("is the text of JSON.stringify, also for a GIF that comes in pieces", () => {
    expect(recordText(many)).toBe(JSON.stringify(many));
    expect([...recordPieces(many)].length).toBeGreaterThan(10);
  });

  test("keeps numbers on one line when it is indented", () => {
    const text = recordText(many, { indent: 2 });
    expect(JSON.parse(text)).toEqual(clone(many));
    expect(text.split("\n").length).toBeLessThan(400);
  });
});

/** These bytes in chunks of the given lengths, in turn. */
function sourceOf(bytes: Uint8Array, lengths: readonly number[] = [bytes.length || 1]): ByteSource {
  return {
    length: bytes.length,
    *chunks() {
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const to = from + (lengths[i % lengths.length] ?? 1);
        yield bytes.subarray(from, to);
        from = to;
      }
    },
  };
}

describe("a GIF that lies elsewhere", () => {
  const gif = Uint8Array.from({ length: 70_001 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  const facts = (bytes: Uint8Array | ByteSource): RunFacts => ({ ...TINY_RUN, gif: { ...TINY_RUN.gif, bytes } });
  const whole = buildRecord(facts(gif));
  const referring = buildRecord(facts(sourceOf(gif, [1000, 1, 40_000])));

  test.each([0, 2])("gives the same text as one that is held, indented by %i", (indent) => {
    expect(recordText(referring, { indent })).toBe(recordText(whole, { indent }));
    expect(recordText(buildRecord(facts(sourceOf(new Uint8Array(0)))), { indent })).toBe(
      recordText(buildRecord(facts(new Uint8Array(0))), { indent }),
    );
  });

  test("is whole for whoever reads the properties", () => {
    expect(JSON.stringify(referring)).toBe(JSON.stringify(whole));
    expect({ ...referring }).toEqual(whole);
    expect(validate(referring)).toEqual({ valid: true });
  });

  test("is written in short pieces, read twice and never as a whole", () => {
    let opened = 0;
    let most = 0;
    const source: ByteSource = {
      length: 3_000_000,
      *chunks() {
        opened++;
        for (let i = 0; i < 30; i++) yield gif.subarray(0, 100_000);
      },
    };
    for (const piece of recordPieces(buildRecord(facts(source)))) most = Math.max(most, piece.length);
    expect(opened).toBe(2);
    expect(most).toBeLessThan(70_000);
  });

  test("is not read when the record is checked, and what else is wrong is found", async () => {
    const source: ByteSource = {
      length: 7,
      chunks: () => {
        throw new Error("read");
      },
    };
    const record = buildRecord(facts(source));
    expect(record.file_size_bytes).toBe(7);
    expect(await validateRecord(record)).toEqual({ valid: true });
    record.run.frames.wallNs[1] = 0.5;
    expect(await validateRecord(record)).toMatchObject({ valid: false, path: "run.frames.wallNs" });
    expect(await validateRecord({ ...TINY_RUN })).toMatchObject({ valid: false });
    expect(withoutGif(whole)).toBe(whole);
  });

  test("any bytes in any chunks become the text that the whole ones become", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (length, lengths) => {
          const bytes = gif.subarray(0, length);
          const source = sourceOf(bytes, lengths);
          expect([...base64Pieces(source)].join("")).toBe(Buffer.from(bytes).toString("base64"));
          expect(`[${[...integerPieces(source)].join("")}]`).toBe(JSON.stringify([...bytes]));
        },
      ),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe("base64", () => {
  test.each([0, 1, 2, 3, 4, 6143, 6144, 6145, 100_000])("agrees with another encoder for %i bytes", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
    const expected = Buffer.from(bytes).toString("base64");
    expect(base64Portable(bytes)).toBe(expected);
    expect(base64(bytes)).toBe(expected);
    expect(byteArray(bytes)).toEqual([...bytes]);
  });
});

describe("validate", () => {
  test("accepts the tiny run", () => expect(validate(buildRecord(TINY_RUN))).toEqual({ valid: true }));

  test.each<[what: string, where: string, value: unknown, path: string, reason: RegExp]>([
    ["a negative zero deep in the settings", "run.settings.x", [{ y: -0 }], "run.settings.x.0.y", /-0/],
    ["a NaN in a fixed key", "fps", Number.NaN, "fps", /NaN/],
    ["an infinity in a column", "run.frames.wallNs.1", Number.POSITIVE_INFINITY, "run.frames.wallNs.1", /Infinity/],
    ["a fraction in a column", "run.frames.wallNs.1", 0.5, "run.frames.wallNs", /entry 1 is 0\.5/],
    ["a byte of 256", "gif_bytestream.3", 256, "gif_bytestream", /from 0 to 255; entry 3 is 256/],
    ["a byte that is a string", "gif_bytestream.3", "7", "gif_bytestream", /entry 3 is "7"/],
    ["a negative time", "benchmark_data.rendering_times.0", -1e-9, "benchmark_data.rendering_times", /entry 0/],
    ["a column that is one short", "run.frames.waitNs", [0], "run.frames.waitNs", /1 entries.*has 2/],
    ["bytes that are too few", "gif_bytestream", [71], "gif_bytestream", /1 entries, and file_size_bytes is 66/],
    ["text that is no base64", "gif_data", "R0lG*", "gif_data", /base64/],
    ["a time that is no RFC 3339", "run.startedAt", "yesterday", "run.startedAt", /./],
    ["a missing key", "benchmark_data.system_info", undefined, "benchmark_data.system_info", /./],
    ["sensor values without their times", "run.sensors.0.tNs", [5], "run.sensors.0", /1 times and 2 values/],
  ])("refuses %s and says where", (_what, where, value, path, reason) => {
    const record = buildRecord(TINY_RUN);
    put(record, where.split("."), value);
    const result = validate(record);
    if (result.valid) throw new Error("it was accepted");
    expect(result.path).toBe(path);
    expect(result.reason).toMatch(reason);
    expect(result.reason).toMatch(/^check record: .+\.$/);
  });
});

describe("read", () => {
  const own = fixture("own").trim();

  test.each<[string, unknown, string, RegExp]>([
    ["nothing", "", "not-json", /empty/],
    ["half a record", own.slice(0, own.length >> 1), "not-json", /cut off/],
    ["NaN as another language writes it", '{"type":"gif_animation","fps": NaN}', "not-json", /NaN/],
    ["text", "GIF_OUTPUT", "not-json", /not JSON/],
    ["an array", "[]", "not-an-object", /an array/],
    ["null", null, "not-an-object", /null/],
    ["a number", 7, "not-an-object", /a number/],
    ["another type", { type: "video" }, "wrong-type", /"video"/],
    ["no type", {}, "wrong-type", /missing/],
    [
      "a newer schema",
      { type: "gif_animation", schema: "volumark.record/2" },
      "newer-schema",
      /record\/2.*newer version/,
    ],
    ["a much newer schema", { type: "gif_animation", schema: "volumark.record/10" }, "newer-schema", /record\/10/],
    ["another schema", { type: "gif_animation", schema: "other/1" }, "wrong-type", /"other\/1"/],
    ["a schema that is no text", { type: "gif_animation", schema: 1 }, "wrong-type", /schema is 1/],
    ["own schema without run", { ...JSON.parse(own), run: undefined }, "invalid", /run/],
    ["foreign without metrics", { type: "gif_animation" }, "invalid", /./],
  ])("%s is unreadable, with one sentence", (_name, input, code, reason) => {
    const result = read(input);
    if (result.status !== "unreadable") throw new Error("it was read");
    expect(result.code).toBe(code);
    expect(result.reason).toMatch(reason);
    expect(result.reason).toMatch(/^read record: .+\.$/);
    expect(result.reason.length).toBeLessThan(320);
  });

  test("a key that would reach a prototype is refused", () => {
    const text = own.replace('"id"', '"__proto__": {"polluted": true}, "id"');
    expect(read(text)).toMatchObject({ status: "unreadable", code: "hostile" });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a number beyond all bounds under an unknown key is refused", () => {
    expect(read(own.replace('"fps"', '"x": [1, 1e999], "fps"'))).toMatchObject({ code: "hostile", path: "x.1" });
  });

  test("nesting that would exhaust a reader is refused", () => {
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    expect(read(own.replace('"fps"', `"x": ${deep}, "fps"`))).toMatchObject({ code: "hostile" });
  });

  test("a record that is cut off anywhere is unreadable and never throws", () => {
    for (let length = 0; length < own.length; length += 17) {
      expect(read(own.slice(0, length))).toMatchObject({ status: "unreadable", code: "not-json" });
    }
  });

  test("an entry that cannot become text is refused with a sentence", () => {
    const record = JSON.parse(own);
    record.gif_bytestream[1] = { toString: "" };
    expect(read(record)).toMatchObject({ status: "unreadable", reason: expect.stringContaining("of type object") });
  });

  test("any value in place of any part is read or refused, never thrown over", () => {
    const paths = allPaths(JSON.parse(own));
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const record = JSON.parse(own);
        put(record, path, value);
        const result = read(record);
        expect(["record", "foreign", "unreadable"]).toContain(result.status);
        if (result.status === "unreadable") expect(result.reason).toMatch(/^read record: /);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe("recordJsonSchema", () => {
  const schema = recordJsonSchema() as {
    $id: string;
    required: string[];
    properties: Record<
      string,
      { type?: string; items?: unknown; description?: string; additionalProperties?: unknown }
    >;
  };

  test("names every fixed key, leaves the objects open, and describes the byte array", () => {
    expect(schema.$id).toBe(RECORD_SCHEMA);
    expect(schema.required).toEqual(
      Object.keys(buildRecord(TINY_RUN)).toSorted((a, b) => schema.required.indexOf(a) - schema.required.indexOf(b)),
    );
    expect(schema.required).not.toContain("error");
    expect(schema.properties.gif_bytestream).toMatchObject({
      type: "array",
      items: { type: "integer", minimum: 0, maximum: 255 },
    });
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });

  test("every value that holds a number says its unit or meaning", () => {
    const silent: string[] = [];
    const walk = (node: Record<string, unknown>, path: string) => {
      const numeric = node.type === "number" || node.type === "integer" || (node.type === "array" && path !== "");
      if (numeric && !node.description) silent.push(path);
      for (const [key, child] of Object.entries((node.properties as Record<string, Record<string, unknown>>) ?? {})) {
        walk(child, path ? `${path}.${key}` : key);
      }
    };
    walk(schema, "");
    expect(
      silent.filter((path) => !["run.checks", "run.events", "run.sensors", "run.warnings"].includes(path)),
    ).toEqual([]);
  });
});

function allPaths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, entry]) => allPaths(entry, [...path, key]));
  return path.length > 0 ? [path, ...below] : below;
}

function put(root: unknown, path: readonly (string | number)[], value: unknown): void {
  let at = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path[path.length - 1]!] = value;
}
