import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Kernels } from "../kernels/kernels.ts";
import { xxh3, xxh3Hex } from "./xxh3.ts";

const kernels = new Kernels();
const known: { readonly answers: readonly (readonly [length: number, seed: string, hash: string])[] } = JSON.parse(
  readFileSync(new URL("fixtures/xxh3.json", import.meta.url), "utf8"),
);

/** The test data of the reference implementation: the top bytes of a number that is multiplied by a prime again and again. */
function sanityBytes(length: number): Uint8Array {
  let state = 2654435761n;
  return Uint8Array.from({ length }, () => {
    const byte = Number(state >> 56n);
    state = BigInt.asUintN(64, state * 11400714785074694797n);
    return byte;
  });
}

const longest = sanityBytes(Math.max(...known.answers.map(([length]) => length)));

describe("XXH3", () => {
  it("is by kernel and twin the reference's hash of every kind of length, with every kind of seed", () => {
    expect(known.answers.length).toBeGreaterThan(250);
    for (const [length, seed, hash] of known.answers) {
      const bytes = longest.subarray(0, length);
      expect([length, seed, xxh3(kernels, bytes, BigInt(seed))]).toEqual([length, seed, hash]);
      expect([length, seed, xxh3Hex(bytes, BigInt(seed))]).toEqual([length, seed, hash]);
    }
  });

  it("is the same in the kernel and in its twin where blocks, stripes and the last stripe meet, at every alignment", () => {
    for (let length = 241; length <= 2300; length += length % 64 === 1 ? 61 : 1) {
      const part = longest.subarray(length % 17, (length % 17) + length);
      expect([length, xxh3(kernels, part, 7n)]).toEqual([length, xxh3Hex(part, 7n)]);
    }
  });

  it("changes with any single bit of a picture", () => {
    const bytes = longest.slice(0, 5000);
    const seen = new Set([xxh3(kernels, bytes, 0n)]);
    for (let bit = 0; bit < 8 * bytes.length; bit += 37) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      seen.add(xxh3(kernels, bytes, 0n));
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect(seen.size).toBe(1 + Math.ceil((8 * bytes.length) / 37));
  });

  it("reads bytes in place where they lie in the arena, and leaves the arena as it was", () => {
    const { arena } = kernels;
    const mark = arena.mark();
    const bytes = sanityBytes(1001);
    const inside = arena.u8(arena.allocate(1001), 1001);
    inside.set(bytes);
    const top = arena.mark();
    expect(xxh3(kernels, inside.subarray(3), 0n)).toBe(xxh3Hex(bytes.subarray(3)));
    expect(xxh3(kernels, bytes, 0n)).toBe(xxh3Hex(bytes));
    expect(arena.mark()).toBe(top);
    arena.release(mark);
  });
});
