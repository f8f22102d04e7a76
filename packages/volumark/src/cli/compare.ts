/** `volumark compare`: two runs held against each other, recorded before or made now, and the gate for scripts. */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import {
  COMPARE_DEFAULTS,
  type Comparison,
  compareRecords,
  compareRuns,
  comparisonMarkdown,
  comparisonText,
  type NamedRecord,
  recordPieces,
  wrap,
} from "@volumark/measure";
import type { Target } from "../export/target.ts";
import { isOwn } from "../store/summary.ts";
import { type Gate, type GateResult, judge, readGate } from "./compare-gate.ts";
import { type MadeSet, openSession } from "./compare-now.ts";
import { readSides, type SideTexts } from "./compare-sides.ts";
import { EXIT } from "./exit-codes.ts";
import { loadRun } from "./load-run.ts";
import { MARK_STYLES } from "./mark-styles.ts";
import { planOut, proveOut, refuseOther, writeOut } from "./out-file.ts";
import { print } from "./output.ts";
import { printable } from "./printable.ts";
import { readStoreWanted } from "./run-means.ts";
import { type RunOptionTexts, readPlan, readUntilPlan } from "./run-options.ts";
import { shellWord } from "./shell-word.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice } from "./values.ts";

/** What stood on the command line. */
export interface CompareOptionTexts extends Omit<RunOptionTexts, "json" | "gifOutput">, SideTexts {
  readonly failOn?: string;
  readonly confirmed?: boolean;
  readonly format?: string;
}

const FORMATS = ["text", "markdown", "json"] as const;
type Format = (typeof FORMATS)[number];

/** Endings of a file's name, each with the format that it stands for. */
const ENDINGS = { txt: "text", md: "markdown", json: "json" } as const;

/** Options that have a meaning whichever runs are compared. */
const GENERAL: readonly string[] = ["failOn", "confirmed", "format", "out", "quiet", "color", "store"];

/** What was found, with the comparison that confirms it. */
interface Outcome {
  readonly first: Comparison;
  readonly again: Comparison | null;
  readonly gate: GateResult | null;
  /** What to type to have it confirmed; empty where nothing is needed. */
  readonly commands: readonly string[];
}

export async function compareCommand(
  runs: readonly string[],
  texts: CompareOptionTexts,
  words: readonly string[],
): Promise<number> {
  const now = texts.a !== undefined || texts.b !== undefined;
  refuseMixtures(runs, texts, now);
  const gate = texts.failOn === undefined ? null : readGate(texts.failOn);
  const asked = texts.format === undefined ? undefined : readChoice("--format", texts.format, FORMATS);
  const endings = Object.keys(ENDINGS) as (keyof typeof ENDINGS)[];
  const target = texts.out === undefined ? undefined : planOut(texts.out, asked, endings);
  const format = asked ?? (target ? ENDINGS[target.ending] : "text");
  if (now) return compareNow(texts, words, { gate, target, format });
  const outcome = await compareRecorded(runs, gate, texts);
  if (target) {
    await refuseOwnRecords(target, runs);
    await refuseOtherJson(target);
    await proveOut(target);
  }
  return finish(outcome, { target, format, texts }, null);
}

interface Wanted {
  readonly gate: Gate | null;
  readonly target: Target<string> | undefined;
  readonly format: Format;
}

function refuseMixtures(runs: readonly string[], texts: CompareOptionTexts, now: boolean): void {
  if (now) {
    if (runs.length > 0)
      throw new UsageError(
        `--a and --b make runs now, and ${runs[0]} is a run that there is; give two records, or --a and --b`,
      );
    if (texts.confirmed)
      throw new UsageError("--confirmed is for records; settings run now are confirmed by themselves");
    if (texts.passes !== undefined && (texts.until ?? texts.maxSeconds) !== undefined)
      throw new UsageError("--passes and --until both say how many passes; give one of them");
    return;
  }
  if (runs.length !== 2 && runs.length !== 4)
    throw new UsageError(
      `compare needs two runs, or two and the two that confirm them, and got ${runs.length}; or two settings with --a and --b`,
    );
  if (runs.filter((run) => run === "-").length > 1)
    throw new UsageError("standard input, -, holds one run; give a file for the other");
  const stray = Object.keys(texts).find((key) => !GENERAL.includes(key));
  if (stray !== undefined)
    throw new UsageError(
      `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is for settings that are run now, with --a and --b, and these runs are recorded`,
    );
  if (texts.confirmed && runs.length === 4)
    throw new UsageError("--confirmed says that two runs confirm others, and here are four; leave it out");
}

const optionsOf = (gate: Gate | null) => ({ band: gate?.share ?? COMPARE_DEFAULTS.band });

async function compareRecorded(
  names: readonly string[],
  gate: Gate | null,
  { confirmed }: CompareOptionTexts,
): Promise<Outcome> {
  const loaded: NamedRecord[] = [];
  for (const name of names) loaded.push({ record: (await loadRun(name)).record, name: printable(name) });
  const ids = loaded.map(({ record, name }) => (isOwn(record) ? record.run.id : name));
  const twice = ids.findIndex((id, i) => i >= 2 && ids.indexOf(id) < i);
  if (twice >= 0)
    throw new UsageError(
      `${names[twice]} is one of the runs before it; what confirms a comparison are two further runs`,
    );
  const compare = (i: number) => compareRecords(loaded[i]!, loaded[i + 1]!, optionsOf(gate));
  const first = compare(0);
  const again = names.length === 4 ? compare(2) : null;
  const result = gate ? judge(gate, first, again ?? (confirmed ? "stated" : null)) : null;
  if (gate === null || result?.state !== "needs confirming") return { first, again, gate: result, commands: [] };
  const [a, b] = names.map(shellWord);
  const makeAgain = loaded.flatMap(({ record }) =>
    isOwn(record) ? [record.run.command.map(shellWord).join(" ")] : [],
  );
  const confirm = `volumark compare ${a} ${b} A2.json B2.json --fail-on ${shellWord(gate.text)}`;
  return { first, again, gate: result, commands: [...new Set(makeAgain.filter((text) => text !== "")), confirm] };
}

async function compareNow(
  texts: CompareOptionTexts,
  words: readonly string[],
  { gate, target, format }: Wanted,
): Promise<number> {
  const { a, b, failOn, confirmed, format: _format, out: _out, passes, until, maxSeconds, ...common } = texts;
  const sides = await readSides(texts, common);
  const asked = passes === undefined ? readUntilPlan(texts) : readPlan(texts);
  const plan = asked.kind === "once" ? ({ kind: "fixed", count: 1 } as const) : asked;
  const { quiet = false, color = true, store = true } = texts;
  if (target) {
    await refuseOtherJson(target);
    await proveOut(target);
  }
  const session = openSession({ sides, plan, words, quiet, color, store: store && readStoreWanted() });
  try {
    const set = await session.make("Comparing");
    if (!set) return session.exitCode() ?? EXIT.failed;
    const first = compareSet(set, gate);
    let again: MadeSet | null = null;
    if (gate && session.exitCode() === null && judge(gate, first, null).state === "needs confirming") {
      if (!quiet) process.stderr.write("Found; a second set of passes has to find it, too.\n");
      again = await session.make("Confirming");
    }
    const second = again ? compareSet(again, gate) : null;
    const outcome = { first, again: second, gate: gate ? judge(gate, first, second) : null, commands: [] };
    const code = await finish(outcome, { target, format, texts }, session.exitCode());
    if (target) await writeRecords(target, [set, again]);
    return code;
  } finally {
    session.close();
  }
}

function compareSet({ records, order }: MadeSet, gate: Gate | null): Comparison {
  return compareRuns(records.a, records.b, { ...optionsOf(gate), order });
}

/** Prints or writes what was found. The exit code: that of an early end, of the writing, of the gate. */
async function finish(
  outcome: Outcome,
  { target, format, texts }: Pick<Wanted, "target" | "format"> & { readonly texts: CompareOptionTexts },
  early: number | null,
): Promise<number> {
  const traits = terminalTraits(process.stdout, process.env, texts.color === false);
  const paint = paintFor(target ? { colors: false } : traits);
  const width = Math.min(160, Math.max(60, target ? 100 : traits.columns));
  const text = render(outcome, format, width, (comparison) =>
    comparisonText(comparison, { width, style: (mark, part) => paint(MARK_STYLES[mark], part) }),
  );
  const written = target ? await writeOut(target, [text]) : await print([text]);
  const { gate, commands } = outcome;
  if (gate) {
    // Where the text is not the place for it, or goes to a file.
    if (format !== "text" || target) process.stderr.write(`Gate ${printable(gate.sentence)}\n`);
    if (commands.length > 0 && (format !== "text" || target)) process.stderr.write(commandLines(commands));
  }
  if (early !== null) return early;
  if (written !== EXIT.done) return written;
  return gate?.state === "failed" ? EXIT.gate : EXIT.done;
}

const JSON_BEGINNING = '{\n  "schema": "volumark.comparison/';

/** Left of what the sections of a comparison say. */
const MARGIN = " ".repeat(10);

function render(
  { first, again, gate, commands }: Outcome,
  format: Format,
  width: number,
  text: (one: Comparison) => string,
): string {
  if (format === "json")
    return `${JSON.stringify({ schema: "volumark.comparison/1", comparison: first, confirming: again, gate }, null, 2)}\n`;
  if (format === "markdown") {
    const parts = [comparisonMarkdown(first)];
    if (gate) parts.push(`### Gate\n\n${gate.sentence.replace(/[\\`*_[\]<>|]/g, "\\$&")}\n`);
    return parts.join("\n");
  }
  const lines = [text(first)];
  if (gate) {
    const [begin, ...rest] = wrap(printable(gate.sentence), width - MARGIN.length);
    lines.push("", `Gate${MARGIN.slice(4)}${begin}`, ...rest.map((line) => MARGIN + line));
  }
  return `${lines.join("\n")}\n${commands.length > 0 ? commandLines(commands) : ""}`;
}

function commandLines(commands: readonly string[]): string {
  return `To confirm it, make both again and give all four:\n${commands.map((one) => `  ${printable(one)}\n`).join("")}`;
}

/** `x.md` gets `x.a.json`, `x.b.json`, and for the set that confirms `x.a2.json`, `x.b2.json`. */
async function writeRecords(target: Target<string>, sets: readonly (MadeSet | null)[]): Promise<void> {
  const stem = target.path.slice(0, target.path.length - extname(target.path).length);
  for (const [i, set] of sets.entries()) {
    if (!set) continue;
    for (const name of ["a", "b"] as const) {
      const path = `${stem}.${name}${i === 0 ? "" : i + 1}.json`;
      await writeOut(planOut(path, "json", ["json"]), withLineBreak(recordPieces(set.records[name])));
    }
  }
}

function* withLineBreak(pieces: Iterable<string>): Generator<string> {
  yield* pieces;
  yield "\n";
}

async function refuseOtherJson(target: Target<string>): Promise<void> {
  if (target.path.toLowerCase().endsWith(".json")) await refuseOther(target, JSON_BEGINNING, "comparison");
}

/** A comparison as JSON ends as records do: what is read is not written over. */
async function refuseOwnRecords({ path }: Target<string>, sources: readonly string[]): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (!there) return;
  for (const source of sources) {
    const read = await stat(source).catch(() => null);
    if (read && there.ino === read.ino && there.dev === read.dev)
      throw new UsageError(`--out ${path} is one of the records; choose another name`);
  }
}
