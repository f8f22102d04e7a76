/** The scores of a suite as a table: for the terminal, and as Markdown to paste where people talk about it. */
import { table } from "../text/layout.ts";
import { formatCount, MISSING } from "../text/number.ts";
import { SCORED } from "./measured.ts";
import type { Score, ScoredSuite, Scores } from "./score.ts";

export interface SuiteTextOptions {
  /** What stands above the table: the suite, the machine, the version. */
  readonly title: string;
  /** What the reference machine is, in a few words. */
  readonly reference: string;
}

const COLUMNS = ["member", ...SCORED, "canary-corrected"] as const;

/** Lines for the terminal; a score that is not known as well as was asked has a `~` before it. */
export function suiteText(suite: ScoredSuite, { title, reference }: SuiteTextOptions): string {
  const columns = COLUMNS.map((name, i) => ({ title: name, align: i === 0 ? "left" : "right" }) as const);
  return [title, "", ...table(columns, rowsOf(suite)), "", ...notes(suite, reference)].join("\n");
}

/** The same as a Markdown table. */
export function suiteMarkdown(suite: ScoredSuite, { title, reference }: SuiteTextOptions): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    `**${title}**`,
    "",
    row(COLUMNS),
    row(COLUMNS.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rowsOf(suite).map(row),
    "",
    ...notes(suite, reference).map((note) => `- ${note}`),
  ].join("\n");
}

function rowsOf({ members, overall }: ScoredSuite): string[][] {
  return [...members.map(({ name, scores }) => rowOf(name, scores)), rowOf("all, geometric mean", overall)];
}

function rowOf(name: string, scores: Scores): string[] {
  const { corrected } = scores.total;
  return [
    name,
    ...SCORED.map((scored) => scoreText(scores[scored], scored === "total")),
    corrected === null ? MISSING : formatCount(Math.round(corrected)),
  ];
}

function scoreText({ value, low, high, reached }: Score, withInterval: boolean): string {
  if (value === null) return MISSING;
  const about = reached ? "" : "~";
  const interval =
    withInterval && low !== null && high !== null
      ? ` (${formatCount(Math.round(low))} to ${formatCount(Math.round(high))})`
      : "";
  return `${about}${formatCount(Math.round(value))}${interval}`;
}

function notes({ members, overall }: ScoredSuite, reference: string): string[] {
  const lines = [`1 000 is ${reference}; twice the score is twice the speed.`];
  const reasons = members.flatMap(({ name, scores }) =>
    scores.total.reason === undefined ? [] : [`${name}: ${scores.total.reason}`],
  );
  if (reasons.length > 0) lines.push(`~ or - in total: ${reasons.join("; ")}.`);
  if (overall.total.value === null) lines.push(`No total: ${overall.total.reason ?? "not known"}.`);
  return lines;
}
