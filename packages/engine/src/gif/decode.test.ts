import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { decodeGif, inspectGif } from "./decode.ts";
import { encodeGif } from "./encode.ts";
import { noise, pictureOf } from "./fixtures/pictures.ts";

const sample = encodeGif([noise(13, 9, 20, 1), noise(13, 9, 20, 2)], { fps: 10 });

/**
 * Decodes, and lets nothing through but a result or the error that the decoder promises. What decodes must pass the
 * inspection too, with the same outline.
 */
function decodes(bytes: Uint8Array): boolean {
  const decoded = orRefusal(() => decodeGif(bytes));
  const outline = orRefusal(() => inspectGif(bytes));
  if (!decoded) return false;
  const frames = decoded.frames.map(({ rgba: _, ...frame }) => frame);
  expect(outline).toEqual({ ...decoded, frames });
  return true;
}

function orRefusal<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError && error.code === "invalid-gif") return null;
    throw error;
  }
}

describe("inspectGif", () => {
  it("refuses image data with a pixel too few, a pixel too many, and a code that is not defined", () => {
    const one = encodeGif([pictureOf(2, 1, () => 0x090909)], { fps: 10 });
    const at = one.lastIndexOf(0x2c);
    expect(inspectGif(one).frames).toEqual([{ left: 0, top: 0, width: 2, height: 1, delayHundredths: 10 }]);
    for (const width of [1, 3]) {
      const wrong = one.slice();
      wrong[6] = 3;
      wrong[at + 5] = width;
      expect(() => inspectGif(wrong)).toThrow(/pixels/);
    }
    const undefinedCode = one.slice();
    undefinedCode[at + 12] |= 0x38;
    expect(() => inspectGif(undefinedCode)).toThrow(/not defined/);
  });

  it("refuses a file cut off at any byte", () => {
    for (let length = 0; length < sample.length; length++) {
      expect(() => inspectGif(sample.subarray(0, length))).toThrow(EngineError);
    }
  });
});

describe("decodeGif", () => {
  it("refuses a file cut off at any byte", () => {
    for (let length = 0; length < sample.length; length++) {
      expect(decodes(sample.subarray(0, length)), `${length} of ${sample.length} bytes`).toBe(false);
    }
    expect(decodes(sample)).toBe(true);
    expect(decodes(Uint8Array.of(...sample, 0))).toBe(false);
  });

  it("answers any single changed byte with a result or invalid-gif", () => {
    for (let at = 0; at < sample.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const bytes = sample.slice();
        bytes[at] ^= flip;
        // A screen of 32 781 × 9 is a fair request, but no test of the reader.
        if (at >= 6 && at < 10) continue;
        expect(typeof decodes(bytes)).toBe("boolean");
      }
    }
  });

  it("refuses or decodes random bytes, alone and as image data", () => {
    const head = sample.subarray(0, sample.length - 1);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
        decodes(tail);
        decodes(Uint8Array.from([...head, 0x2c, 0, 0, 0, 0, 5, 0, 5, 0, 0, ...tail]));
        decodes(Uint8Array.from([...head, ...tail]));
      }),
      { seed: 1989, numRuns: 400 },
    );
  });

  it("names the offset of what is wrong", () => {
    const bytes = sample.slice();
    bytes[0] = 0;
    expect(() => decodeGif(bytes)).toThrow(/signature is not GIF89a or GIF87a, at byte 6 of/);
  });

  it("reads interlaced rows, local tables and disposal as the specification has them", () => {
    // 1 × 5 pixels with the indices 0 1 2 3 0 stored in the order of the passes: rows 0, 4, 2, 1, 3.
    const table = [0, 0, 0, 10, 0, 0, 20, 0, 0, 30, 0, 0];
    const codes = [4, 0, 1, 2, 3, 0, 5];
    let word = 0n;
    // Codes get a bit wider after the entry 7 is known to the decoder, which is behind the third symbol.
    const widths = [3, 3, 3, 3, 4, 4, 4];
    codes.reduce((at, code, i) => {
      word |= BigInt(code) << BigInt(at);
      return at + widths[i];
    }, 0);
    const data = [0n, 8n, 16n].map((shift) => Number((word >> shift) & 255n));
    const screen = [...Buffer.from("GIF89a"), 1, 0, 5, 0, 0, 0, 0];
    const control = [0x21, 0xf9, 4, 2 << 2, 7, 0, 0, 0];
    const image = [0x2c, 0, 0, 0, 0, 1, 0, 5, 0, 0x80 | 0x40 | 1, ...table, 2, 3, ...data, 0];
    const { frames, loopCount } = decodeGif(Uint8Array.from([...screen, ...control, ...image, 0x3b]));
    expect(loopCount).toBeNull();
    expect(frames[0].delayHundredths).toBe(7);
    expect([...frames[0].rgba].filter((_, i) => i % 4 === 0)).toEqual([0, 30, 20, 0, 10]);
  });

  it("decodes what the encoder made of one flat picture", () => {
    const picture = pictureOf(17, 5, () => 0xabcdef);
    expect([...decodeGif(encodeGif([picture], { fps: 1 })).frames[0].rgba]).toEqual([...picture.rgba]);
  });
});
