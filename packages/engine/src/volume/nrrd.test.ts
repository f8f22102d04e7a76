/** NRRD and raw files: what was written comes back, and nothing else than a clear error comes of anything else. */
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { type Inflate, readNrrd } from "./nrrd.ts";
import { readRawVolume } from "./raw.ts";

const inflate: Inflate = (bytes, mostBytes) => gunzipSync(bytes, { maxOutputLength: Math.max(1, mostBytes) });

type Fields = Record<string, string | undefined>;

/** A file as another program would write it. */
function file(fields: Fields, data: Uint8Array, { end = "\n", magic = "NRRD0004", before = "" } = {}): Uint8Array {
  const all: Fields = { type: "uchar", dimension: "3", sizes: "2 3 4", encoding: "raw", endian: "little", ...fields };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const header = [magic, "# a comment", ...lines, "who:=nobody: really", "", ""].join(end);
  return Buffer.concat([Buffer.from(header, "latin1"), Buffer.from(before), data]);
}

const numbers = Uint8Array.from({ length: 24 }, (_, i) => i * 7);

function bytesOf(values: ArrayBufferView, isBig: boolean, size: number): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength).subarray();
  const copy = Buffer.from(bytes);
  if (isBig && size === 2) copy.swap16();
  if (isBig && size === 4) copy.swap32();
  if (isBig && size === 8) copy.swap64();
  return copy;
}

describe("readNrrd", () => {
  it("gives back every kind of number in either order of bytes, raw and compressed, at any alignment", () => {
    const kinds = [
      ["uint8", Uint8Array.from(numbers), "unsigned char", Uint8Array],
      ["int8", Int8Array.from(numbers), "signed char", Float32Array],
      ["uint16", Uint16Array.from(numbers, (v) => v * 257), "unsigned short int", Uint16Array],
      ["int16", Int16Array.from(numbers, (v) => 100 - v * 100), "short", Float32Array],
      ["uint32", Uint32Array.from(numbers, (v) => v * 65536), "uint", Float32Array],
      ["int32", Int32Array.from(numbers, (v) => 100 - v), "signed int", Float32Array],
      ["float", Float32Array.from(numbers, (v) => v / 3), "float", Float32Array],
      ["double", Float64Array.from(numbers, (v) => v / 4), "double", Float32Array],
    ] as const;
    for (const [name, values, alias, kind] of kinds) {
      for (const type of [name, alias, alias.toUpperCase()]) {
        for (const endian of ["little", "big"]) {
          for (const encoding of ["raw", "gzip", "gz"]) {
            for (const pad of ["", "x", "xyz"]) {
              const bytes = bytesOf(values, endian === "big", values.BYTES_PER_ELEMENT);
              const data = encoding === "raw" ? bytes : gzipSync(bytes);
              const volume = readNrrd(file({ type, endian, encoding, content: `c${pad}` }, data), { inflate });
              expect(volume.samples).toBeInstanceOf(kind);
              expect([...volume.samples]).toEqual([...values]);
              expect(volume.dimensions).toEqual([2, 3, 4]);
            }
          }
        }
      }
    }
  });

  it("takes the spacing from spacings, from the length of space directions, or as 1", () => {
    const spacing = (fields: Fields) => readNrrd(file(fields, numbers)).spacing;
    expect(spacing({})).toEqual([1, 1, 1]);
    expect(spacing({ spacings: "0.5 1e0 2." })).toEqual([0.5, 1, 2]);
    expect(spacing({ spacings: "nan NaN nan" })).toEqual([1, 1, 1]);
    expect(spacing({ "space directions": "(3,4,0) (0, -2, 0) (0,0,1e-1)" })).toEqual([5, 2, 0.1]);
    for (const bad of ["1 1", "1 1 0", "1 nan 1", "1 1 x", "1 1 Infinity", "-1 1 1", "1 1 1 1"]) {
      expect(() => spacing({ spacings: bad })).toThrow(EngineError);
    }
    for (const bad of [
      "none (1,0,0) (0,1,0)",
      "(1,0,0) (0,1,0)",
      "(1,0,0) (0,1,0) (0,,1)",
      "(0,0,0) (0,1,0) (0,0,1)",
      "((1,0,0) (0,1,0) (0,0,1)",
    ]) {
      expect(() => spacing({ "space directions": bad })).toThrow(EngineError);
    }
  });

  it("reads lines that end with CR LF, comments, every version, spellings of names, and skips what is to be skipped", () => {
    for (const magic of ["NRRD0001", "NRRD0002", "NRRD0003", "NRRD0004", "NRRD0005"]) {
      expect([...readNrrd(file({}, numbers, { magic, end: "\r\n" })).samples]).toEqual([...numbers]);
    }
    const skipped = (fields: Fields, before: string) => [
      ...readNrrd(file(fields, numbers, { before }), { inflate }).samples,
    ];
    expect(skipped({ "line skip": "2" }, "one\ntwo\n")).toEqual([...numbers]);
    expect(skipped({ "byte skip": "3" }, "abc")).toEqual([...numbers]);
    expect(skipped({ LineSkip: "1", byteskip: "2" }, "line\nab")).toEqual([...numbers]);
    expect(skipped({ "byte skip": "-1" }, "anything at all")).toEqual([...numbers]);
    const zipped = gzipSync(Buffer.concat([Buffer.from("ab"), numbers]));
    expect([...readNrrd(file({ encoding: "gzip", "byte skip": "2" }, zipped), { inflate }).samples]).toEqual([
      ...numbers,
    ]);
  });

  it("says what is wrong with a file that it cannot read", () => {
    const run =
      (fields: Fields, data = numbers) =>
      () =>
        readNrrd(file(fields, data), { inflate });
    expect(run({}, numbers.subarray(1))).toThrow(/2 × 3 × 4 samples of uint8 are 24 bytes, and the file has 23/);
    expect(run({ sizes: "2 3 5" })).toThrow(/are 30 bytes, and the file has 24/);
    expect(run({ sizes: "2 2 4" })).toThrow(/are 16 bytes, and the file has 24/);
    expect(run({ sizes: "999999999 999999999 999999999" })).toThrow(/from 2 to 2048/);
    expect(run({ sizes: "99999999999999999999 2 2" })).toThrow(/sizes must be three numbers/);
    expect(run({ sizes: "-2 3 4" })).toThrow(/sizes must be three numbers/);
    expect(run({ sizes: undefined })).toThrow(/no field "sizes"/);
    expect(run({ type: "block" })).toThrow(/type "block" cannot be read/);
    expect(run({ dimension: "4" })).toThrow(/dimension must be 3, got 4/);
    expect(run({ encoding: "bzip2" })).toThrow(/encoding "bzip2" cannot be read/);
    expect(run({ type: "float", encoding: "ascii", endian: undefined })).toThrow(/encoding "ascii" cannot be read/);
    expect(run({ "data file": "x.raw" })).toThrow(/data are in another file/);
    expect(run({ datafile: "LIST" })).toThrow(/data are in another file/);
    expect(run({ type: "ushort", sizes: "2 2 3", endian: undefined })).toThrow(/endian must be little or big/);
    expect(run({ Sizes: "2 3 4" })).toThrow(/line \d+: the field "sizes" is there a second time/);
    expect(run({ spacing: "1 1 1" })).toThrow(/no field "spacing". Did you mean "spacings"/);
    expect(run({ content: "schön" })).toThrow(/no ASCII character/);
    expect(run({ "byte skip": "-2" })).toThrow(/byte skip must be a whole number from -1/);
    expect(run({ "byte skip": "9999999999" })).toThrow(/byte skip must be a whole number/);
    expect(run({ "line skip": "2147483647" })).toThrow(/2147483647 lines are to be skipped, and the file has 0/);
    expect(run({ encoding: "gzip" })).toThrow(/cannot be undone to 24 bytes/);
    expect(run({ encoding: "gzip" }, gzipSync(Buffer.alloc(100)))).toThrow(/cannot be undone to 24 bytes/);
    expect(run({ encoding: "gzip" }, gzipSync(Buffer.alloc(10)))).toThrow(/the file has 10/);
    expect(() => readNrrd(file({ encoding: "gzip" }, numbers))).toThrow(/no way to undo it was given/);
    expect(() => readNrrd(file({}, numbers, { magic: "NRRD0006" }))).toThrow(/first line must be NRRD0001 to NRRD0005/);
    expect(() => readNrrd(Buffer.from("PNG\n\n"))).toThrow(/got "PNG"/);
    expect(() => readNrrd(Buffer.from("NRRD0004\nno colon\n\n"))).toThrow(/line 2 is neither/);
    expect(() => readNrrd(new Uint8Array(0))).toThrow(EngineError);
  });

  it("refuses a file cut off at any byte", () => {
    const whole = file({ spacings: "1 1 2", "space origin": "(0,0,0)" }, numbers);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readNrrd(whole.subarray(0, length)), `${length} bytes`).toThrow(EngineError);
    }
    expect(readNrrd(whole).spacing).toEqual([1, 1, 2]);
  });

  it("gives a volume or an EngineError for any damage", () => {
    const whole = file({ spacings: "1 1 2", "space directions": undefined, "line skip": "0" }, numbers);
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    const damaged = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Uint8Array.from(whole);
      for (const { at, byte } of changes) bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          const { samples, dimensions } = readNrrd(bytes, { inflate });
          expect(samples.length).toBe(dimensions[0] * dimensions[1] * dimensions[2]);
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          expect(error.code).toBe("invalid-input");
        }
      }),
      { seed: 5, numRuns: 3000 },
    );
  });
});

describe("readRawVolume", () => {
  it("reads three kinds of samples in either order of bytes, in place where it can", () => {
    const floats = Float32Array.from(numbers, (v) => v - 50.5);
    for (const endian of ["little", "big"] as const) {
      const bytes = bytesOf(floats, endian === "big", 4);
      const volume = readRawVolume(bytes, { type: "float32", dimensions: [4, 3, 2], endian, spacing: [1, 2, 3] });
      expect([...volume.samples]).toEqual([...floats]);
      expect(volume.spacing).toEqual([1, 2, 3]);
      const words = Uint16Array.from(numbers, (v) => v * 200);
      const shifted = Buffer.concat([Buffer.from("x"), bytesOf(words, endian === "big", 2)]).subarray(1);
      expect([...readRawVolume(shifted, { type: "uint16", dimensions: [2, 2, 6], endian }).samples]).toEqual([
        ...words,
      ]);
    }
    expect(readRawVolume(numbers, { type: "uint8", dimensions: [2, 3, 4] }).samples).toBe(numbers);
  });

  it("refuses a length that is not exact, with both numbers, and sides that are none", () => {
    for (const length of [0, 1, 23, 25]) {
      const run = () => readRawVolume(new Uint8Array(length), { type: "uint8", dimensions: [2, 3, 4] });
      expect(run).toThrow(new RegExp(`are 24 bytes, got ${length}`));
    }
    expect(() => readRawVolume(numbers, { type: "float32", dimensions: [1e9, 1e9, 1e9] })).toThrow(/from 2 to 2048/);
  });
});
