import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "./usage-error.ts";
import { quoted, readChoice, readDecimal, readResolution, readWhole } from "./values.ts";

const DIMENSION = { least: 4, most: 2048 };
const SEEDED = { seed: 20261124, numRuns: 300 };

/** Everything a hurried hand types where a number belongs. */
const NOT_NUMBERS = [
  "",
  " ",
  " 32",
  "32 ",
  "abc",
  "0x20",
  "0b11",
  "1_000",
  "1,000",
  "32px",
  "32%",
  "NaN",
  "Infinity",
  "-Infinity",
  "--",
  "-",
  "+",
  ".",
  "1e",
  "٣٢",
  "null",
  "32\n",
  "1/2",
];

describe("whole numbers", () => {
  test("every whole number in the range is read as itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: DIMENSION.least, max: DIMENSION.most }), (n) => {
        expect(readWhole("--dimension", String(n), DIMENSION)).toBe(n);
        expect(readWhole("--dimension", `+${n}`, DIMENSION)).toBe(n);
        expect(readWhole("--dimension", `00${n}`, DIMENSION)).toBe(n);
      }),
      SEEDED,
    );
  });

  test("no number outside the range gets through, and the sentence holds the range and the number", () => {
    fc.assert(
      fc.property(fc.oneof(fc.bigInt({ max: 3n }), fc.bigInt({ min: 2049n })).map(String), (text) => {
        expect(() => readWhole("--dimension", text, DIMENSION)).toThrow(
          `--dimension must be a whole number from 4 to 2048, got ${quoted(text)}`,
        );
      }),
      SEEDED,
    );
  });

  test("the limits themselves are allowed, their neighbours are not", () => {
    expect(readWhole("--dimension", "4", DIMENSION)).toBe(4);
    expect(readWhole("--dimension", "2048", DIMENSION)).toBe(2048);
    expect(() => readWhole("--dimension", "3", DIMENSION)).toThrow(UsageError);
    expect(() => readWhole("--dimension", "2049", DIMENSION)).toThrow(UsageError);
  });

  test.each([
    ["0", "--dimension must be a whole number from 4 to 2048, got 0"],
    ["-5", "--dimension must be a whole number from 4 to 2048, got -5"],
    ["12.5", "--dimension must be a whole number from 4 to 2048, got 12.5"],
    ["32.0", "--dimension must be a whole number from 4 to 2048, got 32.0; write it in digits: 32"],
    ["1e3", "--dimension must be a whole number from 4 to 2048, got 1e3; write it in digits: 1000"],
    ["1e9", "--dimension must be a whole number from 4 to 2048, got 1e9"],
    ["1e2", "--dimension must be a whole number from 4 to 2048, got 1e2; write it in digits: 100"],
    ["NaN", "--dimension must be a whole number from 4 to 2048, got NaN"],
    ["", '--dimension must be a whole number from 4 to 2048, got ""'],
    ["32px", '--dimension must be a whole number from 4 to 2048, got "32px"'],
    ["0x20", '--dimension must be a whole number from 4 to 2048, got "0x20"'],
  ])("%j is refused with one sentence", (text, sentence) => {
    expect(() => readWhole("--dimension", text, DIMENSION)).toThrow(new UsageError(sentence));
  });
});

describe("decimal numbers", () => {
  const range = { least: -4, most: 4 };

  test("every double in the range is read to the last bit", () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (x) => {
        expect(readDecimal("--torus-altitude", String(x), range)).toBe(x + 0);
      }),
      SEEDED,
    );
  });

  test.each([
    ["-0.5", -0.5],
    ["+.5", 0.5],
    ["1.", 1],
    ["5e-1", 0.5],
    ["-0", 0],
  ])("%s is %d", (text, value) => {
    expect(readDecimal("--torus-altitude", text, range)).toBe(value);
  });

  test.each([...NOT_NUMBERS, "4.0001", "-4.0001", "1e400", "1e309"])("%j is no number from -4 to 4", (text) => {
    expect(() => readDecimal("--torus-altitude", text, range)).toThrow(
      /^--torus-altitude must be a number from -4 to 4, got /,
    );
  });

  test("no text makes it return something outside the range", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 12 }), fc.double().map(String)), (text) => {
        let value: number;
        try {
          value = readDecimal("--torus-altitude", text, range);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).not.toMatch(/\p{Cc}/u);
          return;
        }
        expect(value).toBeGreaterThanOrEqual(-4);
        expect(value).toBeLessThanOrEqual(4);
        expect(Object.is(value, -0)).toBe(false);
      }),
      SEEDED,
    );
  });
});

describe("resolution", () => {
  const side = { least: 1, most: 4096 };
  const read = (text: string) => readResolution("--resolution", text, side, side);

  test("every allowed size is read as itself", () => {
    const length = fc.integer({ min: 1, max: 4096 });
    fc.assert(
      fc.property(length, length, (width, height) => {
        expect(read(`${width}x${height}`)).toEqual({ width, height });
      }),
      SEEDED,
    );
  });

  test.each(["512X384", "512×384"])("%s is as good as 512x384", (text) => {
    expect(read(text)).toEqual({ width: 512, height: 384 });
  });

  test.each([
    ...NOT_NUMBERS,
    "512",
    "512x",
    "x384",
    "0x0",
    "0x384",
    "512x0",
    "512x384x3",
    "512*384",
    "512 x 384",
    "-512x384",
    "512.5x384",
    "4097x1",
    "1x4097",
    "99999999999x1",
    "512x384px",
  ])("%j is refused with the form, the limits and the text", (text) => {
    expect(() => read(text)).toThrow(
      new UsageError(
        `--resolution must be WIDTHxHEIGHT in pixels, 1x1 to 4096x4096 (for example 512x384), got ${quoted(text)}`,
      ),
    );
  });
});

test("a choice is one of the choices, to the letter", () => {
  expect(readChoice("--backend", "reference", ["wasm", "reference"])).toBe("reference");
  for (const text of ["", "WASM", "gpu", "wasm "]) {
    expect(() => readChoice("--backend", text, ["wasm", "reference"])).toThrow(
      `--backend must be wasm or reference, got ${quoted(text)}`,
    );
  }
});

test("text in a message is one short line, whatever it was", () => {
  expect(quoted("a\nb\u001b[31m")).toBe('"a\\nb\\u001b[31m"');
  expect(quoted("9".repeat(1000)).length).toBeLessThan(60);
  expect(quoted("x".repeat(1000)).length).toBeLessThan(60);
});
