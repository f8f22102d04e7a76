import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { changedRectangle, type Rectangle } from "./difference.ts";
import { createRandom } from "./fixtures/pictures.ts";
import type { GifKernels } from "./gif-kernels.ts";

const kernels = new Kernels();

function byKernel(indices: Uint8Array, previous: Uint8Array, width: number, height: number): Rectangle {
  const { arena } = kernels;
  const mark = arena.mark();
  const a = arena.allocate(indices.length);
  const b = arena.allocate(indices.length);
  const out = arena.allocate(16);
  arena.u8(a, indices.length).set(indices);
  arena.u8(b, indices.length).set(previous);
  kernels.room<GifKernels>("gif").difference(a, b, width, height, out);
  const [left, top, areaWidth, areaHeight] = arena.i32(out, 4);
  arena.release(mark);
  return { left, top, width: areaWidth, height: areaHeight };
}

describe("changedRectangle", () => {
  it("is the whole picture without a frame before, and empty without a change", () => {
    const indices = new Uint8Array(12);
    expect(changedRectangle(indices, null, 4, 3)).toEqual({ left: 0, top: 0, width: 4, height: 3 });
    expect(changedRectangle(indices, indices.slice(), 4, 3)).toEqual({ left: 0, top: 0, width: 0, height: 0 });
    expect(byKernel(indices, indices, 4, 3)).toEqual({ left: 0, top: 0, width: 0, height: 0 });
  });

  it("is one pixel for one change at any place of any width", () => {
    for (const width of [1, 2, 15, 16, 17, 31, 33, 48]) {
      const height = 3;
      for (let i = 0; i < width * height; i++) {
        const indices = new Uint8Array(width * height);
        indices[i] = 1;
        const expected = { left: i % width, top: Math.floor(i / width), width: 1, height: 1 };
        expect(changedRectangle(indices, new Uint8Array(width * height), width, height)).toEqual(expected);
        expect(byKernel(indices, new Uint8Array(width * height), width, height)).toEqual(expected);
      }
    }
  });

  it("equals the kernel for scattered changes", () => {
    const random = createRandom(3);
    for (let round = 0; round < 300; round++) {
      const width = 1 + Math.floor(random() * 90);
      const height = 1 + Math.floor(random() * 12);
      const previous = Uint8Array.from({ length: width * height }, () => Math.floor(random() * 256));
      const indices = previous.slice();
      for (let n = Math.floor(random() * 4); n >= 0; n--) indices[Math.floor(random() * indices.length)] ^= 128;
      expect(byKernel(indices, previous, width, height)).toEqual(changedRectangle(indices, previous, width, height));
    }
  });
});
