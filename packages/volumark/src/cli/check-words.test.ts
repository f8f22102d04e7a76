import { presetNames } from "@volumark/engine";
import { expect, test } from "vitest";
import { checkWords, withCommand } from "./check-words.ts";
import { NO_HANDLERS } from "./fixtures/no-handlers.ts";
import { buildProgram } from "./program.ts";
import { UsageError } from "./usage-error.ts";

const program = buildProgram(NO_HANDLERS);

test.each<[words: string, sentence: string]>([
  ["run --dimension --frames 3", '--dimension needs a value, and "--frames" after it is an option'],
  ["run --out", "--out needs a value"],
  ["mesh --time --out x.stl", '--time needs a value, and "--out" after it is an option'],
  ["run gyroid", '"gyroid" belongs to no option of run; did you mean --preset gyroid?'],
  ["run --frames 3 x.json", '"x.json" belongs to no option of run; did you mean --scene x.json?'],
  ["run scan.nrrd", '"scan.nrrd" belongs to no option of run; did you mean --volume scan.nrrd?'],
  ["run ring.gif", '"ring.gif" belongs to no option of run; did you mean --out ring.gif?'],
  ["run ring.gif --out x.gif", '"ring.gif" belongs to no option of run; volumark run --help lists them'],
  ["mesh seed.stl", '"seed.stl" belongs to no option of mesh; did you mean --out seed.stl?'],
  ["run 64", "64 belongs to no option of run; volumark run --help lists them"],
  ["run -- x", '"--" belongs to no option of run; volumark run --help lists them'],
  ["run --no-color info", '"info" belongs to no option of run; a command comes first: volumark info'],
  ["presets gyroid", '"gyroid" belongs to no option of presets; volumark presets --help lists them'],
  ["run --time 0.5", "run has no option --time; mesh and frame have it"],
  ["frame --frames 3", "frame has no option --frames; run, bench and compare have it"],
  ["info --weld", "info has no option --weld; mesh has it"],
  ["gyroid", "There is no command gyroid; volumark run --preset gyroid makes the scene of this name"],
])("%s", async (words, sentence) => {
  await expect(checkWords(program, words.split(" "))).rejects.toEqual(new UsageError(sentence));
});

test.each([
  "run --frames 3 --fps 5 --json --quiet --quiet",
  "run --torus-altitude -0.5 --out=--strange",
  "run --scene -",
  "run --frames 3 --frames=3",
  "run --dimensoin 3",
  "run --help extra",
  "rnu --frames",
  "help run",
  "--version",
  "info --json",
])("%s has every word in its place, or is for the parser to refuse", async (words) => {
  await expect(checkWords(program, words.split(" "))).resolves.toEqual([]);
});

test("options as one word are the value of a side of compare, and an option by itself is a forgotten value", async () => {
  const words = ["compare", "--a", "--lanes 1", "--b", "--lanes=2", "--frames", "3"];
  await expect(checkWords(program, words)).resolves.toEqual([]);
  await expect(checkWords(program, ["compare", "--a", "--frames", "3"])).rejects.toThrow("--a needs a value");
  await expect(checkWords(program, ["run", "--out", "--lanes 1"])).rejects.toThrow("--out needs a value");
});

test("an option with two values is no mistake, and is told", async () => {
  const words = ["run", "--frames", "3", "--fps", "5", "--frames=5", "--frames", "7"];
  expect(await checkWords(program, words)).toEqual([
    "--frames is given twice, as 3 and 5; the last one counts.",
    "--frames is given twice, as 5 and 7; the last one counts.",
  ]);
});

test("every preset that is typed without its option is recognised", async () => {
  for (const name of presetNames()) {
    await expect(checkWords(program, ["run", name])).rejects.toThrow(`did you mean --preset ${name}?`);
    await expect(checkWords(program, [name])).rejects.toThrow(`volumark run --preset ${name}`);
  }
});

test.each([
  [
    ["--frames", "3"],
    ["run", "--frames", "3"],
  ],
  [["--nonsense"], ["run", "--nonsense"]],
  [["--help"], ["--help"]],
  [["-V"], ["-V"]],
  [
    ["info", "--json"],
    ["info", "--json"],
  ],
  [["-"], ["-"]],
  [[], []],
])("%j is read as %j: options without a command are those of run", (typed, words) => {
  expect(withCommand(typed)).toEqual(words);
});

test.each([
  "report run.json --out x.html",
  "report -",
  "runs",
  "runs --limit 3",
  "runs delete 1a 2b",
  "import a.json b.json",
])("%s has words of its own, and none of them is out of place", async (words) =>
  expect(await checkWords(program, words.split(" "))).toEqual([]),
);

test("an option of a command within a command needs its value, too", async () => {
  await expect(checkWords(program, "runs export 1a --out".split(" "))).rejects.toThrow("--out needs a value");
});
