/**
 * The final report of one run, for a terminal and for Markdown.
 *
 * The order is always the same: answer, grade, result, stages, frames, warm-up, machine, energy, stability, warnings, and the
 * command that makes it again. What one pass cannot tell is said, not left out.
 *
 * Guaranteed: at most 60 lines, unless the answer, the checks that make it a D, the stage table, the warnings and the command
 * alone are more: these are never cut. No line is wider than asked for from 40 columns on; in fewer, only a word longer than the
 * line is.
 */

import type { RunRecord } from "../record/schema.ts";
import { displayWidth, table, wrap } from "../text/layout.ts";
import { MISSING } from "../text/number.ts";
import { reportContent } from "./content.ts";
import type { Line, Mark, Section } from "./story.ts";

export type { Mark } from "./story.ts";

export interface ReportOptions {
  /** Columns; default 80. More than 160 are not used. */
  readonly width?: number;
  /** Colours a piece of text; default: none. The text that comes back must be as wide on the screen as the one given. */
  readonly style?: (mark: Mark, text: string) => string;
  /** Sparklines, bars, µ and ×; without it everything is ASCII. Default true. */
  readonly unicode?: boolean;
  /** A run that this one is compared with; made apart, which is said. */
  readonly baseline?: RunRecord;
}

const MOST_LINES = 60;
const MOST_WIDTH = 160;
/** From here on the titles stand in a margin; in fewer columns they stand before the first line. */
const WIDTH_WITH_MARGIN = 60;
const MARGIN = 10;
const NARROW_MARGIN = 2;
/** Words longer than a line are broken, but not in lines so short that everything would be. */
const LEAST_TEARING_WIDTH = 40;

interface Layout {
  readonly width: number;
  readonly margin: number;
  readonly style: NonNullable<ReportOptions["style"]>;
  readonly unicode: boolean;
}

/** The report as lines for a terminal, without a line break at the end. */
export function reportText(record: RunRecord, options: ReportOptions = {}): string {
  const { style = (_mark, text) => text, unicode = true, baseline } = options;
  const width = Math.min(MOST_WIDTH, Math.max(NARROW_MARGIN + 8, Math.floor(options.width || 80)));
  const margin = width < WIDTH_WITH_MARGIN ? NARROW_MARGIN : MARGIN;
  const layout = { width, margin, style, unicode };
  const content = reportContent(record, { width: width - margin, unicode, ...(baseline ? { baseline } : {}) });

  let kept: readonly Section[] = content;
  let sections = kept.map((section) => layOut(section, layout));
  let note: string[] = [];
  for (const line of expendable(content)) {
    if (height(sections) + note.length <= MOST_LINES) break;
    kept = kept.map((section) => without(section, line));
    sections = kept.map((section) => layOut(section, layout));
    note = broken({ text: leftOut(content, kept), mark: "dim" }, width, layout);
  }
  // The sections stand apart where there is room for that.
  const drawn = sections.filter((lines) => lines.length > 0);
  const apart = height(drawn) + drawn.length - 1 <= MOST_LINES && note.length === 0;
  const lines = drawn.flatMap((section, i) => (apart && i > 0 ? ["", ...section] : section));
  return [...lines, ...note].map((line) => line.trimEnd()).join("\n");
}

function height(sections: readonly (readonly string[])[]): number {
  return sections.reduce((lines, section) => lines + section.length, 0);
}

/** The lines that may go, in the order in which they do: of equal ones those that stand last. */
function expendable(content: readonly Section[]): Line[] {
  return content
    .flatMap(({ lines, after = [] }) => [...lines, ...after])
    .filter(({ spare = 0 }) => spare > 0)
    .toReversed()
    .toSorted((a, b) => (b.spare ?? 0) - (a.spare ?? 0));
}

function without(section: Section, line: Line): Section {
  const kept = (lines: readonly Line[]) => lines.filter((other) => other !== line);
  return { ...section, lines: kept(section.lines), after: kept(section.after ?? []) };
}

/** Which sections say less than they could. */
function leftOut(content: readonly Section[], kept: readonly Section[]): string {
  const size = ({ lines, after = [] }: Section) => lines.length + after.length;
  const titles = content.filter((section, i) => size(kept[i]!) < size(section)).map(({ title }) => title.toLowerCase());
  return `Left out for room, and in the record: parts of ${titles.join(", ")}.`;
}

/** The same report as Markdown. */
export function reportMarkdown(record: RunRecord, { baseline }: Pick<ReportOptions, "baseline"> = {}): string {
  const parts: string[] = [];
  const content = reportContent(record, { width: 80, unicode: true, ...(baseline ? { baseline } : {}) });
  for (const { title, lines, table: grid, after = [] } of content) {
    parts.push(`### ${title}`);
    if (lines.length > 0) parts.push(lines.map(markdownLine).join("  \n"));
    if (grid) {
      const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
      parts.push(
        [
          row(grid.columns.map((column) => column.title)),
          row(grid.columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
          ...grid.rows.map(row),
        ].join("\n"),
      );
    }
    if (after.length > 0) parts.push(after.map(markdownLine).join("  \n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function layOut({ title, lines, table: grid, after = [] }: Section, layout: Layout): string[] {
  const { width, margin, style } = layout;
  const room = width - margin;
  const body = lines.flatMap((line) => broken(line, room, layout));
  let indent = margin;
  if (grid) {
    // Where the whole table does not fit beside the titles it starts at the left edge; where it does not fit there, it loses
    // columns.
    const whole = drawTable(grid, grid.columns, layout);
    const widest = Math.max(...whole.map(displayWidth));
    if (widest > room && widest <= width) indent = 0;
    body.push(...(widest <= width ? whole : drawNarrow(grid, room, layout)));
  }
  body.push(...after.flatMap((line) => broken(line, width - indent, layout)));
  if (body.length === 0) return [];
  if (indent === MARGIN)
    return body.map((line, i) => (i === 0 ? style("accent", title.padEnd(MARGIN)) : " ".repeat(MARGIN)) + line);
  return [style("accent", title), ...body.map((line) => " ".repeat(indent) + line)];
}

type Grid = NonNullable<Section["table"]>;

function drawTable({ columns, rows, marks }: Grid, shown: Grid["columns"], { style }: Layout): string[] {
  const places = shown.map((column) => columns.indexOf(column));
  const cells = rows.map((row) => places.map((place) => row[place] ?? ""));
  return table(shown, cells, (cell, row) => {
    const mark = row < 0 ? "dim" : marks[row];
    return mark ? style(mark, cell) : cell;
  });
}

/** The columns that fit, and the work below them; where not even the fewest fit, a line of text for each row. */
function drawNarrow(grid: Grid, room: number, layout: Layout): string[] {
  let shown = grid.columns;
  const most = Math.max(...shown.map(({ spare = 0 }) => spare));
  for (let spare = most; spare > 0; spare--) {
    shown = shown.filter((column) => (column.spare ?? 0) < spare);
    const drawn = drawTable(grid, shown, layout);
    if (drawn.some((line) => displayWidth(line) > room)) continue;
    return [...drawn, ...broken({ text: workText(grid), mark: "dim" }, room, layout)];
  }
  const text = (row: readonly string[]) => `${row[0]} ${row.slice(1, 3).join(", ")}`;
  return grid.rows.flatMap((row) => broken({ text: text(row) }, room, layout));
}

function workText({ columns, rows }: Grid): string {
  const place = columns.findIndex(({ title }) => title === "per unit of work");
  const parts = rows.filter((row) => row[place] && row[place] !== MISSING).map((row) => `${row[0]} ${row[place]}`);
  return `per unit of work: ${parts.join("; ")}`;
}

function broken({ text, mark, whole }: Line, width: number, { width: all, style, unicode }: Layout): string[] {
  const safe = clean(text, unicode);
  // Lines after the first stand two columns in, so that it shows where the next one begins.
  const hanging = () =>
    wrap(safe, width, width - 2, all >= LEAST_TEARING_WIDTH).map((line, i) => (i === 0 ? line : `  ${line}`));
  const pieces = whole ? [safe] : hanging();
  return pieces.map((piece) => (mark ? style(mark, piece) : piece));
}

function markdownLine({ text, mark, whole, code }: Line): string {
  if (whole || code) return `\`${clean(text, true).replaceAll("`", "'")}\``;
  const safe = clean(text, true).replace(/[\\`*_[\]<>]/g, "\\$&");
  return mark === "strong" ? `**${safe}**` : safe;
}

const IN_ASCII: Readonly<Record<string, string>> = {
  "×": "x",
  µ: "u",
  "→": "->",
  "…": "...",
  "−": "-",
  "°": "",
  "±": "+-",
};

/** Text that comes from a machine or a file may hold anything: no control character reaches the terminal. */
function clean(text: string, unicode: boolean): string {
  return unicode ? text.replace(/\p{Cc}/gu, "?") : text.replace(/[^ -~]/gu, (character) => IN_ASCII[character] ?? "?");
}
