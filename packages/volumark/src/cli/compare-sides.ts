/**
 * Two settings of which one command line speaks: `--a "--lanes 1" --b "--lanes 2"`, and options that both have in common.
 *
 * What a side says counts before what both have; a scene of its own takes the place of a common preset and the reverse.
 */
import { COMPARED_OPTIONS } from "./run-commands.ts";
import { type RunOptionTexts, type RunRequest, readRunOptions } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

export interface SideTexts {
  readonly a?: string;
  readonly b?: string;
}

/** The keys of options with a value. */
type ComparedKey = {
  [K in keyof RunOptionTexts]-?: string extends RunOptionTexts[K] ? K : never;
}[keyof RunOptionTexts];

/** `--torus-altitude` to `torusAltitude`, for every option that a side may have. */
const KEYS: ReadonlyMap<string, ComparedKey> = new Map(
  COMPARED_OPTIONS.map(([flags]) => {
    const [long = ""] = flags.split(" ");
    return [long, long.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as ComparedKey];
  }),
);

/** Both sides, checked. Throws `UsageError` with one sentence that begins with the side that it is about. */
export async function readSides(
  sides: SideTexts,
  common: RunOptionTexts,
): Promise<{ readonly a: RunRequest; readonly b: RunRequest }> {
  const own = { a: readSideOptions("--a", sides.a ?? ""), b: readSideOptions("--b", sides.b ?? "") };
  if ([common.scene, own.a.scene, own.b.scene].includes("-"))
    throw new UsageError("compare reads a scene for each of its sides, and standard input only once; give a file");
  return { a: await readSide("--a", own.a, common), b: await readSide("--b", own.b, common) };
}

async function readSide(option: string, own: RunOptionTexts, common: RunOptionTexts): Promise<RunRequest> {
  const { preset, scene, ...others } = common;
  const named = own.preset !== undefined || own.scene !== undefined;
  const both = named
    ? others
    : { ...others, ...(preset === undefined ? {} : { preset }), ...(scene === undefined ? {} : { scene }) };
  try {
    return await readRunOptions({ ...both, ...own });
  } catch (error) {
    if (!(error instanceof UsageError) || Object.keys(own).length === 0) throw error;
    throw new UsageError(`${option}: ${error.message}`);
  }
}

/** The options in the text of one side, by their keys. Throws `UsageError`. */
export function readSideOptions(option: "--a" | "--b", text: string): RunOptionTexts {
  const words = splitWords(option, text);
  const found: { -readonly [K in ComparedKey]?: string } = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [long = "", ...rest] = word.split("=");
    const key = KEYS.get(long);
    if (key === undefined) {
      const what = word.startsWith("-") ? `${long} can't differ between the sides` : `${quoted(word)} is no option`;
      throw new UsageError(`${option}: ${what}; those that can are ${[...KEYS.keys()].join(", ")}`);
    }
    const value = rest.length > 0 ? rest.join("=") : words[++i];
    if (value === undefined || (rest.length === 0 && value.startsWith("--")))
      throw new UsageError(`${option}: ${long} needs a value`);
    found[key] = value;
  }
  return found;
}

/** Words as a shell cuts them: at blanks, but for what stands in single or double quotes. Throws `UsageError`. */
export function splitWords(option: string, text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (const character of text) {
    if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new UsageError(`${option}: the quotation ${quote} has no end in ${quoted(text)}`);
  if (word !== null) words.push(word);
  return words;
}
