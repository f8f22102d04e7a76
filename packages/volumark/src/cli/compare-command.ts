/** `compare`: its arguments, options and examples. */
import { type Command, Option } from "commander";
import type { CompareOptionTexts } from "./compare.ts";
import { type Examples, examplesText } from "./examples-text.ts";
import { exitCodesText } from "./exit-codes.ts";
import { HOW_OPTIONS, MADE_OPTIONS, type OptionList } from "./run-commands.ts";

const EXAMPLES: Examples = [
  ["volumark compare before.json after.json", "two records, of this program or of another one"],
  ["volumark compare 3fa9 c41d --format markdown", "two stored runs, by the beginning of their ids"],
  ['volumark compare --a "--lanes 1" --b "--lanes 2" --dimension 64', "two settings, run now in turn"],
  ['volumark compare --b "--backend reference" --frames 10 --passes 20', "a is what all have in common"],
  ['volumark compare --a "--preset seed" --b "--scene mine.json" --fail-on slower:5%', "a gate for a script"],
];

const SIDE_OPTIONS: OptionList = [
  ["--a <options>", 'options of the first, as one word: "--lanes 1"'],
  ["--b <options>", "options of the second; those of both are given once, beside them"],
  ["--passes <n>", "passes of each, 1 to 1000"],
  ["--until <width>", "or passes until both 95 % intervals are so narrow, 0.1% to 50% (default: 2%)"],
  ["--max-seconds <s>", "but no longer than this, 1 to 86400 (default: 60)"],
];

const GATE_OPTIONS: OptionList = [
  ["--fail-on <what>", "slower, faster, different-output; slower:5% with the least change that counts"],
  ["--confirmed", "these records are the confirming comparison: what is found in them counts"],
];

const OUTPUT_OPTIONS: OptionList = [
  ["--format <name>", "text, markdown or json (default: by the ending of --out; else text)"],
  ["--out <file>", "a file in place of standard output; the records of runs made now beside it"],
  ["--no-store", "runs made now are not stored"],
  ["--quiet", "nothing on standard error but errors"],
  ["--no-color", "no colours"],
];

const CONFIRMING = `
Four records are two comparisons: the first two, and the two that confirm them. What --fail-on names
counts only when it is found twice; settings run now are run a second time for that, records need two
more of them, or --confirmed.
`;

/** Adds `compare`. */
export function addCompareCommand(
  program: Command,
  compare: (runs: readonly string[], options: CompareOptionTexts) => Promise<void>,
): void {
  const command = program
    .command("compare")
    .description("Hold two runs against each other: which stage is faster or slower, and how sure that is.")
    .argument("[runs...]", "records or stored runs, the first is the baseline; - for standard input");
  const add = (title: string, options: OptionList) => {
    command.optionsGroup(title);
    for (const [flags, text] of options) command.addOption(new Option(flags, text));
  };
  add("Run now, in turn (ABBA):", SIDE_OPTIONS);
  add("What both make:", MADE_OPTIONS);
  add("How both make it:", HOW_OPTIONS);
  add("When it fails:", GATE_OPTIONS);
  add("What comes out:", OUTPUT_OPTIONS);
  command
    .optionsGroup("Other:")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", examplesText(EXAMPLES) + CONFIRMING + exitCodesText())
    .action((runs: string[], options: CompareOptionTexts) => compare(runs, options));
}
