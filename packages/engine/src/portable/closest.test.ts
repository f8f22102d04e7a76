import { describe, expect, it } from "vitest";
import { closest, editDistance } from "./closest.ts";

describe("closest", () => {
  it.each([
    ["sphre", "sphere"],
    ["SPHERE", "sphere"],
    ["raduis", "radius"],
    ["min", "minorRadius"],
    ["halfExtent", "halfExtents"],
  ])("finds the name that %j was meant to be", (name, meant) => {
    expect(closest(name, ["torus", "sphere", "radius", "minorRadius", "halfExtents"])).toBe(meant);
  });

  it("suggests nothing where nothing is near", () => {
    expect(closest("wombat", ["torus", "sphere", "box"])).toBeUndefined();
    expect(closest("", ["torus", "box"])).toBeUndefined();
    expect(closest("ab", ["xy"])).toBeUndefined();
    expect(closest("sphere", [])).toBeUndefined();
  });
});

describe("editDistance", () => {
  it("counts insertions, deletions, replacements and swaps of neighbours", () => {
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("abc", "")).toBe(3);
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("raduis", "radius")).toBe(1);
    expect(editDistance("same", "same")).toBe(0);
  });
});
