import { describe, expect, test } from "vitest";
import { nothingElse, readCompareSearch, readRunsSearch, readStudioSearch } from "./search.ts";

describe("an address is read, whatever stands in it", () => {
  test("what is right is kept: run, tab, frame, what is shown and the form", () => {
    const search = {
      run: "r-1",
      tab: "frames",
      frame: 12,
      show: "live",
      preset: "seed",
      dimension: 64,
      fps: 12.5,
      verify: true,
      torusAltitude: -0.25,
      stage: "surface",
      base: "r-0",
      from: "r-2",
      look: "35_-12.5_0.8",
      at: 0.25,
      backend: "reference",
      machine: "lab",
    };
    expect(readStudioSearch(search)).toEqual(search);
  });

  test.each([
    [{ tab: "nonsense" }],
    [{ frame: -1 }],
    [{ frame: 1.5 }],
    [{ frame: "3" }],
    [{ dimension: "64" }],
    [{ dimension: null }],
    [{ run: { a: 1 } }],
    [{ run: "x".repeat(301) }],
    [{ run: "" }],
    [{ show: "three" }],
    [{ at: -1 }],
    [{ verify: "yes" }],
    [{ backend: "wasm" }],
    [{ other: 1 }],
  ])("%j is left out", (search) => {
    expect(readStudioSearch(search)).toEqual({});
  });

  test("laid over the raw address it takes away what was not understood", () => {
    const raw = { run: { a: 1 }, frame: -1, other: 1, tab: "frames" };
    expect({ ...raw, ...nothingElse(readStudioSearch)(raw) }).toEqual({ tab: "frames" });
  });

  test("an id of digits only, which the address gives as a number, is a text", () => {
    expect(readStudioSearch({ run: 20261124 })).toEqual({ run: "20261124" });
    expect(readCompareSearch({ a: 1234, b: "r-2" })).toEqual({ a: "1234", b: "r-2" });
  });

  test("the words of the list are kept as they are, without objects, long texts and more than twenty", () => {
    expect(readRunsSearch({ status: "failed", page: 2, all: true, evil: {}, long: "x".repeat(400) })).toEqual({
      status: "failed",
      page: 2,
      all: true,
    });
    expect(
      Object.keys(readRunsSearch(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`k${i}`, i])))),
    ).toHaveLength(20);
  });
});
