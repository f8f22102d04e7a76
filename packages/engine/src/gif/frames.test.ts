import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { decodeGif } from "./decode.ts";
import { encodeGif } from "./encode.ts";
import { noise, pictureOf } from "./fixtures/pictures.ts";
import { type GifFrames, openGifFrames } from "./frames.ts";

/** A square that wanders over a still ground, so that frames hold differences only. */
const wandering = encodeGif(
  Array.from({ length: 12 }, (_, frame) =>
    pictureOf(24, 16, (x, y) => (x >= frame && x < frame + 6 && y >= 5 && y < 9 ? 0xff8000 : (y * 8) << 8)),
  ),
  { fps: 10 },
);

function drawn(frames: GifFrames, frame: number): Uint8Array {
  const drawing = frames.draw(frame);
  for (;;) {
    const { done, value } = drawing.next();
    if (done) return value;
  }
}

/** The same file with another disposal method in every frame's control. */
function disposing(bytes: Uint8Array, methods: (frame: number) => number): Uint8Array {
  const changed = bytes.slice();
  let frame = 0;
  for (let at = 0; at + 7 < changed.length; at++) {
    if (changed[at] !== 0x21 || changed[at + 1] !== 0xf9 || changed[at + 2] !== 4 || changed[at + 7] !== 0) continue;
    changed[at + 3] = (changed[at + 3]! & ~0x1c) | (methods(frame++) << 2);
  }
  return changed;
}

describe("openGifFrames", () => {
  it("shows every frame as the whole decoder does, in any order, with few screens kept, and whatever disposal", () => {
    const screen = 24 * 16 * 4;
    for (const method of [0, 1, 2, 3, 4]) {
      const bytes = disposing(wandering, (frame) => (method === 4 ? frame % 4 : method));
      const whole = decodeGif(bytes).frames;
      for (const keepBytes of [0, 3 * screen, 100 * screen]) {
        const order = fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 8 });
        const right = fc.property(order, (asked) => {
          const frames = openGifFrames(bytes, { keepBytes });
          for (const frame of asked) expect(drawn(frames, frame)).toEqual(whole[frame]!.rgba);
        });
        fc.assert(right, { seed: 7, numRuns: 12 });
      }
    }
  });

  it("gives the picture to its caller: what is done to it changes no later one", () => {
    const frames = openGifFrames(wandering);
    const first = drawn(frames, 3).slice();
    drawn(frames, 3).fill(0);
    expect(drawn(frames, 3)).toEqual(first);
    expect(drawn(frames, 4)).toEqual(decodeGif(wandering).frames[4]!.rgba);
  });

  it("two drawings at once do not disturb each other", () => {
    const frames = openGifFrames(wandering, { keepBytes: 0 });
    const [one, other] = [frames.draw(9), frames.draw(6)];
    let last = one.next();
    while (!last.done) {
      other.next();
      last = one.next();
    }
    expect(last.value).toEqual(decodeGif(wandering).frames[9]!.rgba);
  });

  it("takes one step to the next frame, and as many as screens lie apart to any other", () => {
    const steps = (frames: GifFrames, frame: number) => [...frames.draw(frame)].length + 1;
    const none = openGifFrames(wandering, { keepBytes: 0 });
    expect([steps(none, 8), steps(none, 9), steps(none, 8)]).toEqual([9, 1, 9]);
    const all = openGifFrames(wandering);
    expect([steps(all, 11), steps(all, 4), steps(all, 0)]).toEqual([12, 1, 1]);
  });

  it("says how many frames there are, and refuses others with both numbers", () => {
    const frames = openGifFrames(wandering);
    expect([frames.width, frames.height, frames.count]).toEqual([24, 16, 12]);
    for (const wrong of [-1, 12, 1.5, Number.NaN]) expect(() => drawn(frames, wrong)).toThrow(/none of the 12 frames/);
  });

  it("refuses what the whole decoder refuses: two control extensions for one frame, bytes after the end", () => {
    const sample = encodeGif([noise(13, 9, 20, 1)], { fps: 10 });
    const at = sample.findIndex((byte, i) => byte === 0x21 && sample[i + 1] === 0xf9);
    const doubled = [...sample.subarray(0, at), ...sample.subarray(at, at + 8), ...sample.subarray(at)];
    for (const [bytes, why] of [
      [doubled, /two graphic control extensions/],
      [[...sample, 0], /1 bytes follow the trailer/],
    ] as const) {
      expect(() => openGifFrames(Uint8Array.from(bytes))).toThrow(why);
      expect(() => decodeGif(Uint8Array.from(bytes))).toThrow(why);
    }
  });

  it("refuses what is damaged and nothing else goes wrong", () => {
    const sample = encodeGif([noise(13, 9, 20, 1), noise(13, 9, 20, 2)], { fps: 10 });
    for (let length = 0; length < sample.length; length++)
      expect(() => openGifFrames(sample.subarray(0, length)), `${length} bytes`).toThrow(EngineError);
    const anyByte = fc.record({ at: fc.nat({ max: sample.length - 1 }), value: fc.nat({ max: 255 }) });
    const safe = fc.property(fc.array(anyByte, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = sample.slice();
      for (const { at, value } of changes) bytes[at] = value;
      bytes.set([13, 0, 9, 0], 6);
      try {
        const frames = openGifFrames(bytes);
        for (let frame = 0; frame < frames.count; frame++) drawn(frames, frame);
      } catch (error) {
        if (!(error instanceof EngineError && error.code === "invalid-gif")) throw error;
      }
    });
    fc.assert(safe, { seed: 3, numRuns: 400 });
  });
});
