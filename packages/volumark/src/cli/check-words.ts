/**
 * What is wrong with a command line as a list of words, found before its options are read: a value that was forgotten,
 * a word that belongs to no option, an option given twice.
 *
 * The parser takes whatever follows an option as its value; that is refused here, since a run of an hour should not begin
 * with a guess. Of two values the last one counts, as where a script adds to the options it was given; that is said.
 */
import type { Command, Option } from "commander";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

const PROGRAM_FLAGS = ["-h", "--help", "-V", "--version"];

/** The words with their command: options without one are those of `run`. */
export function withCommand(words: readonly string[]): readonly string[] {
  const [first] = words;
  return first?.startsWith("-") && first !== "-" && first !== "--" && !PROGRAM_FLAGS.includes(first)
    ? ["run", ...words]
    : words;
}

/**
 * Throws `UsageError` for the first word that is out of place. Unknown options and commands are left to the parser.
 * Returns what should be said although nothing is wrong, a sentence each.
 */
export async function checkWords(program: Command, words: readonly string[]): Promise<readonly string[]> {
  const [name = ""] = words;
  let command = program.commands.find((one) => one.name() === name);
  if (command === undefined) {
    if (/^[a-z]+$/.test(name) && name !== "help" && (await isPreset(name))) {
      throw new UsageError(`There is no command ${name}; volumark run --preset ${name} makes the scene of this name`);
    }
    return [];
  }
  // Where a command has commands of its own (runs), the parser says what is wrong with their names.
  let begin = 1;
  for (; command.commands.length > 0; begin++) {
    const next: Command | undefined = command.commands.find((one) => one.name() === words[begin]);
    if (next === undefined) return [];
    command = next;
  }
  const rest = words.slice(begin);
  const takesWords = command.registeredArguments.length > 0;
  const warnings: string[] = [];
  const given = new Map<Option, string>();
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? "";
    const [long = "", ...value] = word.split("=");
    const option = command.options.find((one) => one.long === long);
    if (option === undefined) {
      if (word === "--" || !word.startsWith("-") || word === "-") {
        if (takesWords) continue;
        throw await strayWord(program, command, word, words);
      }
      const others = program.commands.filter(({ options }) => options.some((one) => one.long === long));
      if (others.length === 0) return warnings;
      const names = listed(others.map((one) => one.name()));
      throw new UsageError(`${name} has no option ${long}; ${names} ${others.length > 1 ? "have" : "has"} it`);
    }
    if (!option.required) continue;
    const text = value.length > 0 ? value.join("=") : rest[++i];
    if (text === undefined) throw new UsageError(`${long} needs a value`);
    // A value that really begins with -- can be given with =; and options as one word (compare --a "--lanes 1") are meant.
    const options = option.flags.endsWith("<options>") && /[\s=]/.test(text);
    if (value.length === 0 && text.startsWith("--") && !options) {
      throw new UsageError(`${long} needs a value, and ${quoted(text)} after it is an option`);
    }
    const before = given.get(option);
    if (before !== undefined && before !== text) {
      warnings.push(`${long} is given twice, as ${quoted(before)} and ${quoted(text)}; the last one counts.`);
    }
    given.set(option, text);
  }
  return warnings;
}

/** What files are given with, by the ending of their names. */
const FILE_OPTIONS: readonly (readonly [ending: RegExp, option: string])[] = [
  [/\.json$/i, "--scene"],
  [/\.(?:nrrd|raw|vm)$/i, "--volume"],
  [/\.(?:gif|png|stl|ply|obj|glb)$/i, "--out"],
];

async function strayWord(
  program: Command,
  command: Command,
  word: string,
  words: readonly string[],
): Promise<UsageError> {
  const name = command.name();
  const start = `${quoted(word)} belongs to no option of ${name}`;
  if (program.commands.some((one) => one.name() === word)) {
    return new UsageError(`${start}; a command comes first: volumark ${word}`);
  }
  const has = (option: string) => command.options.some(({ long }) => long === option);
  const option = has("--preset") && (await isPreset(word)) ? "--preset" : fileOption(word);
  if (option !== undefined && has(option) && !words.includes(option)) {
    return new UsageError(`${start}; did you mean ${option} ${word}?`);
  }
  return new UsageError(`${start}; volumark ${name} --help lists them`);
}

function fileOption(word: string): string | undefined {
  return FILE_OPTIONS.find(([ending]) => ending.test(word))?.[1];
}

/** Only here the engine is asked: help and good command lines don't need it for their words. */
async function isPreset(word: string): Promise<boolean> {
  const { presetNames } = await import("@volumark/engine");
  return presetNames().includes(word);
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
