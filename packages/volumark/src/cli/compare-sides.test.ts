import { expect, test } from "vitest";
import { readSideOptions, readSides, splitWords } from "./compare-sides.ts";
import { UsageError } from "./usage-error.ts";

test.each([
  ["", []],
  ["  --lanes   1\t", ["--lanes", "1"]],
  [`--scene 'my scene.json' --out="a b"`, ["--scene", "my scene.json", "--out=a b"]],
  [`'' a'b'c`, ["", "abc"]],
])("%j is cut into words as a shell does", (text, words) => {
  expect(splitWords("--a", text)).toEqual(words);
});

test.each([
  ["'x", "--a: the quotation ' has no end in \"'x\""],
  ["--lanes", "--a: --lanes needs a value"],
  ["--lanes --frames 3", "--a: --lanes needs a value"],
  ["--quiet", "--a: --quiet can't differ between the sides; those that can are --preset, "],
  ["3", "--a: 3 is no option; those that can are --preset, "],
])("%j is refused in a sentence that names the side", (text, sentence) => {
  expect(() => readSideOptions("--a", text)).toThrow(sentence);
});

test("a side's own options count before the common ones, and a common one reaches both", async () => {
  const { a, b } = await readSides(
    { a: "--lanes 1 --torus-altitude -0.2", b: "--dimension=48 --lanes 2" },
    { dimension: "16", frames: "4" },
  );
  expect([a.lanes, a.settings.dimension, a.settings.frames]).toEqual([1, 16, 4]);
  expect(a.settings.scene.parameters?.torusAltitude).toBe(-0.2);
  expect([b.lanes, b.settings.dimension, b.settings.frames]).toEqual([2, 48, 4]);
});

test("a side that is not given is what both have in common, and a scene of its own replaces the common one", async () => {
  const { a, b } = await readSides({ b: "--preset gyroid" }, { preset: "blobs", dimension: "16" });
  expect([a.settings.scene.name, b.settings.scene.name]).toEqual(["blobs", "gyroid"]);
});

test("what is wrong with one side is said of it, what is wrong with both of neither", async () => {
  const refuse = (sides: { a?: string; b?: string }, common = {}) => readSides(sides, common).catch((error) => error);
  expect(await refuse({ b: "--dimension 2" })).toEqual(
    new UsageError("--b: --dimension must be a whole number from 4 to 2048, got 2"),
  );
  expect(await refuse({ b: "--lanes 1" }, { dimension: "2" })).toEqual(
    new UsageError("--dimension must be a whole number from 4 to 2048, got 2"),
  );
  expect((await refuse({ a: "--scene -" })).message).toMatch(/^compare reads a scene for each of its sides/);
});
