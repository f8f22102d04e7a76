import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "./sha256.ts";

describe("sha256Hex", () => {
  it("gives the published digest of abc", () => {
    expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("equals another implementation at every length around the ends of a block", () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
    for (let length = 0; length <= bytes.length; length++) {
      const part = bytes.subarray(bytes.length - length);
      expect(sha256Hex(part)).toBe(createHash("sha256").update(part).digest("hex"));
    }
  });

  it("equals another implementation on a megabyte", () => {
    const bytes = Uint8Array.from({ length: 2 ** 20 + 3 }, (_, i) => Math.imul(i, i + 7) >>> 5);
    expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});
