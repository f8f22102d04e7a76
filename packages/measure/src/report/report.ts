/**
 * The final report of one run, for a terminal and for Markdown.
 *
 * The order is always the same: answer, grade, result, stages, frames, warm-up, machine, energy, stability, warnings, and the
 * command that makes it again. At most 60 lines. What one pass cannot tell is said, not left out.
 */
import type { RunRecord } from "../record/schema.ts";
import { displayWidth, table, wrap } from "../text/layout.ts";
import { type Line, type Mark, reportContent, type Section } from "./content.ts";

export type { Mark } from "./content.ts";

export interface ReportOptions {
  /** Columns, 60 to 160; default 80. */
  readonly width?: number;
  /** Colours a piece of text; default: none. The text that comes back must be as wide on the screen as the one given. */
  readonly style?: (mark: Mark, text: string) => string;
  /** Sparklines, bars, µ and ×; without it everything is ASCII. Default true. */
  readonly unicode?: boolean;
}

const MOST_LINES = 60;
const MARGIN = 10;

/** The report as lines for a terminal, without a line break at the end. */
export function reportText(record: RunRecord, options: ReportOptions = {}): string {
  const { style = (_mark, text) => text, unicode = true } = options;
  const width = Math.min(160, Math.max(60, Math.floor(options.width ?? 80)));
  const sections = reportContent(record, { width: width - MARGIN, unicode }).map((section) =>
    layOut(section, width, style, unicode),
  );
  const count = sections.reduce((lines, section) => lines + section.length, 0);
  // The sections stand apart where there is room for that.
  const apart = count + sections.length - 1 <= MOST_LINES;
  let lines = sections.flatMap((section, i) => (apart && i > 0 ? ["", ...section] : section));
  if (lines.length > MOST_LINES) {
    const left = `${" ".repeat(MARGIN)}${lines.length - MOST_LINES + 1} lines are left out; the record has everything`;
    // The last lines are the command that makes it again, which stays.
    const tail = sections[sections.length - 1]!.slice(0, 6);
    lines = [...lines.slice(0, MOST_LINES - tail.length - 1), style("dim", left), ...tail];
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** The same report as Markdown. */
export function reportMarkdown(record: RunRecord): string {
  const parts: string[] = [];
  for (const { title, lines, table: grid, after = [] } of reportContent(record, { width: 80, unicode: true })) {
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

function layOut(
  { title, lines, table: grid, after = [] }: Section,
  width: number,
  style: NonNullable<ReportOptions["style"]>,
  unicode: boolean,
): string[] {
  const room = width - MARGIN;
  const body = [...lines.flatMap((line) => broken(line, room, style, unicode))];
  if (grid) {
    const drawn = table(grid.columns, grid.rows, (cell, row) => {
      const mark = row < 0 ? "dim" : grid.marks[row];
      return mark ? style(mark, cell) : cell;
    });
    // Where the table does not fit beside the titles it starts at the left edge.
    const wide = drawn.some((line) => displayWidth(line) > room);
    if (wide)
      return [style("accent", title), ...drawn, ...after.flatMap((line) => broken(line, width, style, unicode))];
    body.push(...drawn);
  }
  body.push(...after.flatMap((line) => broken(line, room, style, unicode)));
  return body.map((line, i) => (i === 0 ? style("accent", title.padEnd(MARGIN)) : " ".repeat(MARGIN)) + line);
}

function broken(
  { text, mark, whole }: Line,
  width: number,
  style: NonNullable<ReportOptions["style"]>,
  unicode: boolean,
): string[] {
  const safe = clean(text, unicode);
  const pieces = whole ? [safe] : hanging(safe, width);
  return pieces.map((piece) => (mark ? style(mark, piece) : piece));
}

/** Lines after the first stand two columns in, so that it shows where the next one begins. */
function hanging(text: string, width: number): string[] {
  return wrap(text, width, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

function markdownLine({ text, mark, whole, code }: Line): string {
  if (whole || code) return `\`${clean(text, true).replaceAll("`", "'")}\``;
  const safe = clean(text, true).replace(/[\\`*_[\]<>]/g, "\\$&");
  return mark === "strong" ? `**${safe}**` : safe;
}

/** Text that comes from a machine or a file may hold anything: no control character reaches the terminal. */
function clean(text: string, unicode: boolean): string {
  return unicode ? text.replace(/\p{Cc}/gu, "?") : text.replace(/[^ -~]/gu, "?");
}
