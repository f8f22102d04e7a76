import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText, plainValue } from "./plain-text.ts";
import { type FileResult, READ_LIMITS, type ReadLimits, readRecordFile } from "./read-file.ts";
import { RecordScanner } from "./record-scanner.ts";

const records = new URL("../../../../tests/records/0.1.0/", import.meta.url);
const example = (name: string) => readFile(new URL(name, records));

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
function read(content: string | Uint8Array, options: { piece?: number; limits?: Partial<ReadLimits> } = {}) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const limits = { ...READ_LIMITS, ...options.limits };
  return readRecordFile(inPieces(bytes, options.piece ?? 65_536), bytes.length, undefined, limits);
}
const reasonOf = (result: FileResult) => (result.status === "refused" ? result.reason : "it was read");

describe("records that are read", () => {
  test.each(["once.json", "passes.json", "gyroid.json", "failed.json", "foreign.json"])(
    "%s keeps every value and gives its animation as bytes, however the file is cut",
    async (name) => {
      const bytes = await example(name);
      const whole = JSON.parse(bytes.toString()) as Record<string, unknown>;
      for (const piece of [1, 7, 4096, 1 << 20]) {
        const result = await read(bytes, { piece });
        if (result.status !== "record") throw new Error(reasonOf(result));
        expect(result.own).toBe(name !== "foreign.json");
        expect({ ...result.record, gif_data: whole.gif_data, gif_bytestream: whole.gif_bytestream }).toEqual(whole);
        expect([...(result.gif ?? [])]).toEqual(whole.gif_bytestream);
      }
    },
  );

  test("a GIF whose two copies differ, or that is none, is said and does not hide the numbers", async () => {
    const whole = JSON.parse((await example("once.json")).toString()) as Record<string, unknown>;
    const stream = [...(whole.gif_bytestream as number[])];
    stream[20] = (stream[20]! + 1) % 256;
    const two = await read(JSON.stringify({ ...whole, gif_bytestream: stream }));
    expect(two.status === "record" && two.notes.join(" ")).toContain("not the same bytes");
    const none = await read(
      JSON.stringify({ ...whole, gif_data: "AAAA", gif_bytestream: [0, 0, 0], file_size_bytes: 3 }),
    );
    expect(none.status === "record" && [none.gif, none.notes.join(" ")]).toEqual([
      null,
      expect.stringContaining("can't be shown"),
    ]);
  });

  test("slashes that were written with a backslash, spaces and line breaks in the arrays change nothing", async () => {
    const whole = JSON.parse((await example("once.json")).toString()) as Record<string, unknown>;
    const text = JSON.stringify(whole, null, 2).replace(/"gif_data": "([^"]*)"/, (line) => line.replaceAll("/", "\\/"));
    const result = await read(text, { piece: 100 });
    expect(result.status === "record" && [...(result.gif ?? [])]).toEqual(whole.gif_bytestream);
    expect(result.status === "record" && result.notes).toEqual([]);
  });
});

describe("files that are refused in a sentence", () => {
  test.each([
    ["", "the text is empty"],
    ["{", "ends in the middle"],
    ["not json", "it is not JSON"],
    ["[1,2]", "it is an array"],
    ["null", "it is null"],
    ['{"type":"gif_animation","schema":"volumark.record/99"}', "Use a newer version"],
    ['{"type":"movie"}', 'not "gif_animation"'],
    ['{"type":"gif_animation","fps":NaN}', "NaN or Infinity"],
    ["GIF89a", "it is not text"],
    ["{\u0000}", "it is not text"],
    ['{"type":"gif_animation","__proto__":{"a":1}}', "__proto__"],
  ])("%j", async (text, reason) => {
    expect(reasonOf(await read(text))).toContain(reason);
  });

  test("a record of a million frames, of too many passes, too large or with too much text says how many there may be", async () => {
    const millions = `{"type":"gif_animation","benchmark_data":{"individual_frame_times":[${"0,".repeat(999_999)}0]}}`;
    expect(reasonOf(await read(millions))).toContain("it has 1 000 000 frames, and the page shows up to 100 000");
    const pass = { frames: { frame: [0, 1, 2] } };
    const passes = JSON.stringify({ type: "gif_animation", run: { passes: [pass, pass] } });
    expect(reasonOf(await read(passes, { limits: { frameEntries: 5 } }))).toContain("6 frames in 2 passes");
    expect(reasonOf(await read("{}", { limits: { file: 1 } }))).toContain("it has 2 B");
    expect(reasonOf(await read(" ".repeat(3e6), { limits: { text: 2e6 } }))).toContain("more than 2 MB of text");
    expect(reasonOf(await read(`{"gif_data":"${"A".repeat(3e6)}`, { limits: { gif: 1e6 } }))).toContain(
      "more than 1 MB of animation",
    );
  });

  test("nesting meant to exhaust a reader is refused", async () => {
    const deep = `{"type":"gif_animation","a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(reasonOf(await read(deep))).toContain("nested deeper");
  });

  test("bytes of any kind, and records cut or changed anywhere, never throw", async () => {
    const bytes = await example("once.json");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        async (at, value, cut) => {
          const copy = new Uint8Array(cut ? bytes.subarray(0, at) : bytes);
          if (!cut) copy[at] = value;
          const { status } = await read(copy, { piece: 1000 });
          expect(["record", "refused"]).toContain(status);
        },
      ),
      { numRuns: 150, seed: 8 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect((await read(noise)).status).toBe("refused");
      }),
      { numRuns: 100, seed: 9 },
    );
  });
});

describe("the scanner", () => {
  test("takes only what stands at the top level, and copies any other JSON as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 9 }), (value, piece) => {
        const text = JSON.stringify({ before: value, nested: { gif_data: "AAAA", gif_bytestream: [1] }, after: value });
        const scanner = new RecordScanner();
        const bytes = new TextEncoder().encode(text);
        for (let at = 0; at < bytes.length; at += piece) scanner.push(bytes.subarray(at, at + piece));
        expect(scanner.end()).toMatchObject({ text, base64: null, integers: null, fault: null });
      }),
      { numRuns: 200, seed: 10 },
    );
  });
});

describe("text of a stranger", () => {
  test("directions, controls and what has no width leave a mark; a huge name is cut", () => {
    expect(plainText("a\u202eb\u200bc\u0007d\ne")).toBe("a\ufffdb\ufffdc\ufffdd e");
    expect(plainText("x".repeat(5000))).toHaveLength(2001);
    expect(plainText("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>");
    expect(plainText("Ünïcödé 雲 👍🏽")).toBe("Ünïcödé 雲 👍🏽");
    expect(plainText(`z${"\u0301".repeat(500)}`).length).toBeLessThan(10);
  });
  test("keys are made plain too, and arrays of numbers are not copied", () => {
    const numbers = [1, 2, 3];
    const made = plainValue({ "k\u202e": "v\u202e", list: ["\u200b"], numbers });
    expect(made).toEqual({ "k\ufffd": "v\ufffd", list: ["\ufffd"], numbers });
    expect(made.numbers).toBe(numbers);
  });
});
