import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { decodeGif } from "./decode.ts";
import { createRandom } from "./fixtures/pictures.ts";
import type { GifKernels } from "./gif-kernels.ts";
import { lzwBound, lzwCompress, minimumCodeSize } from "./lzw.ts";

const kernels = new Kernels();

/** Compresses by kernel; equal to the reference or the test that calls this fails. */
function compressBoth(symbols: Uint8Array, alternatives: Uint8Array | null, codeSize: number): Uint8Array {
  const { arena } = kernels;
  const mark = arena.mark();
  const count = symbols.length;
  const at = arena.allocate(count);
  const other = alternatives ? arena.allocate(count) : at;
  const table = arena.allocate(65536 + 64);
  const out = arena.allocate(lzwBound(count) + 16);
  arena.u8(at, count).set(symbols);
  if (alternatives) arena.u8(other, count).set(alternatives);
  arena.u8(out, lzwBound(count) + 16).fill(0xaa);
  const length = kernels
    .room<GifKernels>("gif")
    .compress(at, other, count, codeSize, table, table + 65536, out, 0x7fffffff);
  const bytes = arena.u8(out, length).slice();
  expect(length).toBeLessThanOrEqual(lzwBound(count));
  expect([...arena.u8(out + length, 16)]).toEqual(Array(16).fill(0xaa));
  arena.release(mark);
  expect(Buffer.compare(bytes, lzwCompress(symbols, alternatives, codeSize))).toBe(0);
  return bytes;
}

/** The indices that a decoder sees, by way of a grey colour table. */
function decompress(data: Uint8Array, count: number): Uint8Array {
  const colors = Array.from({ length: 256 }, (_, i) => [i, i, i]).flat();
  const size = [count & 255, count >> 8];
  const head = [...Buffer.from("GIF89a"), ...size, 1, 0, 0xf7, 0, 0, ...colors, 0x2c, 0, 0, 0, 0, ...size, 1, 0, 0];
  const { rgba } = decodeGif(Uint8Array.from([...head, ...data, 0x3b])).frames[0];
  return rgba.filter((_, i) => (i & 3) === 0);
}

function symbolsOf(count: number, symbol: (i: number) => number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => symbol(i));
}

describe("lzwCompress", () => {
  it("emits the stream that was worked out by hand from the specification", () => {
    // By hand: 0 0 0 0 with code size 2 is clear (4), 0, 6 (= 0 0), 0, end (5), each of 3 bits, lowest bit first.
    expect([...compressBoth(Uint8Array.of(0, 0, 0, 0), null, 2)]).toEqual([2, 2, 0b10000100, 0b01010001, 0]);
  });

  it("returns what went in for noise, runs and ramps at every code size", () => {
    const random = createRandom(31);
    for (let codeSize = 2; codeSize <= 8; codeSize++) {
      const colors = 1 << codeSize;
      for (const count of [1, 2, 3, 5, 60, 254, 255, 256, 1000, 9000]) {
        for (const symbols of [
          symbolsOf(count, () => Math.floor(random() * colors)),
          symbolsOf(count, () => colors - 1),
          symbolsOf(count, (i) => (i >> 3) % colors),
          symbolsOf(count, (i) => (random() < 0.9 ? 0 : i % colors)),
        ]) {
          expect(Buffer.compare(decompress(compressBoth(symbols, null, codeSize), count), symbols)).toBe(0);
        }
      }
    }
  });

  it("is right at every length around the code that widens the codes and the one that fills the table", () => {
    const random = createRandom(17);
    const noise = symbolsOf(8200, () => Math.floor(random() * 256));
    const lengths = [...Array(9).keys()].flatMap((d) => [
      250 + d,
      505 + d,
      764 + d,
      1788 + d,
      3836 + d,
      3844 + d,
      7672 + d,
      7680 + d,
    ]);
    for (const length of lengths) {
      const symbols = noise.subarray(0, length);
      expect(Buffer.compare(decompress(compressBoth(symbols, null, 8), length), symbols)).toBe(0);
    }
    const bits = symbolsOf(60000, () => Math.floor(random() * 4));
    for (let length = 25000; length < 60000; length += 3501) {
      const symbols = bits.subarray(0, length);
      expect(Buffer.compare(decompress(compressBoth(symbols, null, 2), length), symbols)).toBe(0);
    }
  });

  it("writes for each pixel one of the two symbols that are allowed there", () => {
    const random = createRandom(23);
    for (let round = 0; round < 60; round++) {
      const codeSize = 2 + (round % 7);
      const transparent = (1 << codeSize) - 1;
      const count = 1 + Math.floor(random() * (round < 50 ? 600 : 20000));
      const share = random();
      const step = 1 + Math.floor(random() * 40);
      const symbols = symbolsOf(count, (i) => (random() < 0.1 ? i : Math.floor(i / step)) % transparent);
      const alternatives = symbols.map((symbol) => (random() < share ? transparent : symbol));
      const back = decompress(compressBoth(symbols, alternatives, codeSize), count);
      for (let i = 0; i < count; i++) {
        if (back[i] !== symbols[i] && back[i] !== alternatives[i]) {
          expect.fail(`pixel ${i} of round ${round} is ${back[i]}, not ${symbols[i]} or ${alternatives[i]}`);
        }
      }
    }
  });

  it("gains from the choice where a moving edge leaves most pixels unchanged", () => {
    const random = createRandom(41);
    const symbols = symbolsOf(20000, (i) => 40 + Math.floor((i % 200) / 5 + random() * 2));
    const alternatives = symbols.map((symbol, i) => (i % 200 < 120 ? 255 : symbol));
    const withChoice = compressBoth(symbols, alternatives, 8).length;
    expect(withChoice).toBeLessThan(compressBoth(symbols, null, 8).length / 2);
    expect(withChoice).toBeLessThanOrEqual(compressBoth(alternatives, null, 8).length);
  });

  it("gives up by kernel exactly when the stream would reach the limit", () => {
    const random = createRandom(43);
    const { arena } = kernels;
    const room = kernels.room<GifKernels>("gif");
    for (const count of [1, 2, 300, 5000]) {
      const symbols = symbolsOf(count, () => Math.floor(random() * 16));
      const length = lzwCompress(symbols, null, 4).length;
      const mark = arena.mark();
      const at = arena.allocate(count);
      const table = arena.allocate(65536 + 64);
      const out = arena.allocate(lzwBound(count));
      arena.u8(at, count).set(symbols);
      const limited = (limit: number) => room.compress(at, at, count, 4, table, table + 65536, out, limit);
      expect([limited(length - 1), limited(length), limited(length + 1)]).toEqual([0, 0, length]);
      arena.release(mark);
    }
  });
});

describe("minimumCodeSize", () => {
  it("holds the largest index at each power of two", () => {
    expect([1, 2, 4, 5, 8, 9, 128, 129, 256].map(minimumCodeSize)).toEqual([2, 2, 2, 3, 3, 4, 7, 8, 8]);
  });
});
