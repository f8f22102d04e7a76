import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { xxh64, xxh64Hex } from "./xxh64.ts";

const kernels = new Kernels();
const text = (value: string) => new TextEncoder().encode(value);

/** The test data of the reference implementation: the top bytes of a number that is squared again and again. */
function sanityBytes(length: number): Uint8Array {
  let state = 2654435761;
  return Uint8Array.from({ length }, () => {
    const byte = state >>> 24;
    state = Math.imul(state, state) >>> 0;
    return byte;
  });
}

describe("XXH64", () => {
  it.each([
    ["", "ef46db3751d8e999"],
    ["a", "d24ec4f1a98c6e5b"],
    ["abc", "44bc2cf5ad770999"],
    ["Nobody inspects the spammish repetition", "fbcea83c8a378bf1"],
  ])("gives the published hash of %j", (value, hash) => {
    expect(xxh64Hex(text(value))).toBe(hash);
    expect(xxh64(kernels, text(value), 0n)).toBe(hash);
  });

  it.each([
    [1, 0n, "4fce394cc88952d8"],
    [14, 0n, "cffa8db881bc3a3d"],
    [222, 0n, "9dd507880debb03d"],
    [1, 2654435761n, "739840cb819fa723"],
    [14, 2654435761n, "5b9611585efcc9cb"],
    [222, 2654435761n, "dc515172b8ee0600"],
  ])("gives the reference's hash of %d bytes with seed %d", (length, seed, hash) => {
    expect(xxh64Hex(sanityBytes(length), seed)).toBe(hash);
    expect(xxh64(kernels, sanityBytes(length), seed)).toBe(hash);
  });

  it("is the same in the kernel and in its twin at every length and alignment", () => {
    const bytes = sanityBytes(200);
    for (let length = 0; length <= 150; length++) {
      const part = bytes.subarray(length % 9, (length % 9) + length);
      expect(xxh64(kernels, part, 0n)).toBe(xxh64Hex(part));
    }
  });

  it("reads bytes in place where they lie in the arena, and leaves the arena as it was", () => {
    const { arena } = kernels;
    const mark = arena.mark();
    const bytes = sanityBytes(1001);
    const inside = arena.u8(arena.allocate(1001), 1001);
    inside.set(bytes);
    const top = arena.mark();
    expect(xxh64(kernels, inside.subarray(3), 0n)).toBe(xxh64Hex(bytes.subarray(3)));
    expect(xxh64(kernels, bytes, 0n)).toBe(xxh64Hex(bytes));
    expect(arena.mark()).toBe(top);
    arena.release(mark);
  });
});
