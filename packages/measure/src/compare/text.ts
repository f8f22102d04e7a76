/**
 * A comparison for a terminal and for Markdown, in the order in which it is read: the answer, whether the two can be compared at
 * all, the stages, the frames, what else differs, how it was computed. At most 60 lines.
 */
import type { Mark, ReportOptions } from "../report/report.ts";
import { displayWidth, type TableColumn, table, wrap } from "../text/layout.ts";
import { formatCount, formatDuration, MISSING } from "../text/number.ts";
import type { Comparison, ComparisonRow } from "./compare.ts";
import type { Difference } from "./differences.ts";
import { MOST_MORE_PASSES, type Verdict } from "./verdict.ts";

const MOST_LINES = 60;
const MOST_DIFFERENCES = 8;
const MARGIN = 10;
const APART = "Made apart, not interleaved: the machine may have changed between them.";

interface Line {
  readonly text: string;
  readonly mark?: Mark;
}

interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly table?: {
    readonly columns: readonly TableColumn[];
    readonly rows: readonly string[][];
    /** The last column in fewer words. */
    readonly brief: readonly string[];
    readonly marks: Mark[];
  };
}

/** The comparison as lines for a terminal, without a line break at the end. Options as for `reportText`. */
export function comparisonText(comparison: Comparison, options: ReportOptions = {}): string {
  const { style = (_mark, text) => text, unicode = true } = options;
  const width = Math.min(160, Math.max(60, Math.floor(options.width ?? 80)));
  const safe = (text: string) => clean(text, unicode);
  const painted = ({ text, mark }: Line, room: number) =>
    wrap(safe(text), room, room - 2).map((line, i) => {
      const hung = i === 0 ? line : `  ${line}`;
      return mark ? style(mark, hung) : hung;
    });
  const blocks = sectionsOf(comparison, unicode).map(({ title, lines, table: grid }) => {
    const body = lines.flatMap((line) => painted(line, width - MARGIN));
    let below: string[] = [];
    if (grid) {
      const paint = (cell: string, row: number) => style(row < 0 ? "dim" : grid.marks[row]!, cell);
      // Beside the margin where it fits; else from the left edge, in fewer words, and without the columns that matter least.
      const brief = { ...grid, rows: grid.rows.map((row, r) => [...row.slice(0, -1), grid.brief[r]!]) };
      const drawn = [
        drawTable(grid, [], safe, paint),
        ...[[], ["a", "b"], ["a", "b", "interval"]].map((left) => drawTable(brief, left, safe, paint)),
      ];
      const fits = (room: number) => drawn.find((lines) => lines.every((line) => displayWidth(line) <= room));
      if (fits(width - MARGIN) === drawn[0]) body.push(...drawn[0]!);
      else below = fits(width) ?? drawn[3]!;
    }
    const first = style("accent", title.padEnd(MARGIN));
    const set = body.map((line, i) => (i === 0 ? first : " ".repeat(MARGIN)) + line);
    return [...(set.length > 0 ? set : [style("accent", title)]), ...below];
  });
  const count = blocks.reduce((lines, block) => lines + block.length, 0);
  const apart = count + blocks.length - 1 <= MOST_LINES;
  const lines = blocks.flatMap((block, i) => (apart && i > 0 ? ["", ...block] : block)).map((line) => line.trimEnd());
  if (lines.length <= MOST_LINES) return lines.join("\n");
  const left = `${" ".repeat(MARGIN)}${lines.length - MOST_LINES + 1} lines are left out; the data has all`;
  return [...lines.slice(0, MOST_LINES - 1), style("dim", left)].join("\n");
}

function drawTable(
  { columns, rows }: NonNullable<Section["table"]>,
  left: readonly string[],
  safe: (text: string) => string,
  paint: (cell: string, row: number) => string,
): string[] {
  const kept = columns.map((_, c) => c).filter((c) => !left.includes(columns[c]!.title));
  const cells = rows.map((row) => kept.map((c) => safe(row[c]!)));
  return table(
    kept.map((c) => columns[c]!),
    cells,
    paint,
  );
}

/** The same as Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const parts: string[] = [];
  const escaped = (text: string) => clean(text, true).replace(/[\\`*_[\]<>|]/g, "\\$&");
  for (const { title, lines, table: grid } of sectionsOf(comparison, true)) {
    parts.push(`### ${title}`);
    const body = lines.map(({ text, mark }) => (mark === "strong" ? `**${escaped(text)}**` : escaped(text)));
    if (body.length > 0) parts.push(body.join("  \n"));
    if (grid) {
      const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
      const rule = grid.columns.map(({ align }) => (align === "right" ? "---:" : "---"));
      const rows = grid.rows.map((cells) => row(cells.map(escaped)));
      parts.push([row(grid.columns.map((column) => column.title)), row(rule), ...rows].join("\n"));
    }
  }
  return `${parts.join("\n\n")}\n`;
}

/** `faster`, `slower`, `no difference beyond ±2 %`, `cannot tell (about 12 more passes)`. */
export function verdictText(verdict: Verdict | null, { unicode = true }: { readonly unicode?: boolean } = {}): string {
  if (verdict === null) return "withheld";
  if (verdict.kind === "no difference")
    return `no difference beyond ${unicode ? "±" : "+-"}${percent(verdict.beyond, false)} %`;
  if (verdict.kind !== "cannot tell") return verdict.kind;
  const { morePasses } = verdict;
  if (morePasses === null) return "cannot tell (more passes would not help)";
  if (morePasses > MOST_MORE_PASSES) return `cannot tell (more than ${formatCount(MOST_MORE_PASSES)} more passes)`;
  return `cannot tell (about ${formatCount(morePasses)} more ${morePasses === 1 ? "pass" : "passes"})`;
}

/** The same in at most 25 characters: `cannot tell (12 more)`, `no difference (±2 %)`. */
function briefVerdict(verdict: Verdict | null, style: { readonly unicode: boolean }): string {
  return verdictText(verdict, style)
    .replace(/difference beyond (.*)$/, "difference ($1)")
    .replace(/about | passe?s?(?=\))/g, "")
    .replace("more than ", "over ")
    .replace("more passes would not help", "passes don't help");
}

function sectionsOf(comparison: Comparison, unicode: boolean): Section[] {
  const { a, b, order, caveats, settings, machine, level, resamples, seed } = comparison;
  const sections: Section[] = [
    { title: "Answer", lines: answer(comparison, unicode) },
    {
      title: "Runs",
      lines: [
        { text: `a: ${a.id}, ${a.startedAt}, ${passes(a.steadyPasses, a.passes)}` },
        { text: `b: ${b.id}, ${b.startedAt}, ${passes(b.steadyPasses, b.passes)}` },
        sameWork(comparison),
        ...(order === null ? [{ text: APART, mark: "warn" } as const] : []),
        ...caveats.map((text): Line => ({ text, mark: "warn" })),
      ],
    },
    { title: "Stages", lines: [], table: stageTable([...comparison.stages, comparison.total], unicode) },
    { title: "Frames", lines: frames(comparison, unicode) },
    { title: "Machine", lines: differences(machine, "no difference is known") },
  ];
  if (settings.length > 0) sections.push({ title: "Settings", lines: differences(settings, "") });
  sections.push({
    title: "Method",
    lines: [
      {
        text:
          `ln(b / a) of frames paired by number, medians over steady passes; ${percent(level, false)} % intervals by ` +
          `${formatCount(resamples)} resamples of passes, then frames, seed ${seed}. A verdict needs the whole interval beyond the ` +
          "band or within it; the verdicts of the stages are corrected for one another (Holm), their intervals are not.",
        mark: "dim",
      },
    ],
  });
  return sections;
}

function answer({ total, stages, withheld, order }: Comparison, unicode: boolean): Line[] {
  const shown = unicode ? "…" : "...";
  const made =
    order === null
      ? "made apart"
      : `interleaved ${order.length > 16 ? `${order.slice(0, 16)}${shown} (${order.length} passes)` : order}`;
  if (withheld !== null) return [{ text: `b against a, ${made}: no verdict, ${withheld}.`, mark: "bad" }];
  const { verdict, change, low, high } = total;
  const interval = low === null || high === null ? "no interval" : `${percent(low)} to ${percent(high)} %`;
  const by = change === null ? "" : `, ${percent(change)} % (${interval})`;
  const lines: Line[] = [{ text: `b against a, ${made}: ${verdictText(verdict, { unicode })}${by}.`, mark: "strong" }];
  if (verdict?.kind === "cannot tell") lines.push({ text: `Total: ${verdict.reason}.`, mark: "warn" });
  for (const kind of ["slower", "faster"] as const) {
    const found = stages.filter((row) => row.verdict?.kind === kind);
    const words = found.map((row) => `${row.name} (${percent(row.change!)} %)`).join(", ");
    if (found.length > 0) lines.push({ text: `Stages ${kind}: ${words}.`, mark: kind === "slower" ? "bad" : "good" });
  }
  return lines;
}

function sameWork({ sameWork: kind, a, b }: Comparison): Line {
  const hash = (value: string | null) => value?.slice(0, 16) ?? "none";
  const pair = (of: "settingsHash" | "sceneHash" | "outputHash") =>
    a[of] === b[of] ? hash(a[of]) : `${hash(a[of])} and ${hash(b[of])}`;
  const hashes = `settings ${pair("settingsHash")}, scene ${pair("sceneHash")}, output ${pair("outputHash")}`;
  return {
    text: `work: ${kind}; ${hashes}`,
    mark: kind === "same" ? "good" : kind === "different output" ? "bad" : "warn",
  };
}

function stageTable(rows: readonly ComparisonRow[], unicode: boolean): NonNullable<Section["table"]> {
  const style = { unicode };
  return {
    columns: [
      { title: "stage" },
      { title: "a", align: "right" },
      { title: "b", align: "right" },
      { title: "change", align: "right" },
      { title: "interval", align: "right" },
      { title: "verdict" },
    ],
    rows: rows.map(({ name, aNs, bNs, change, low, high, verdict }) => [
      name,
      formatDuration(aNs, style),
      formatDuration(bNs, style),
      change === null ? MISSING : `${percent(change)} %`,
      low === null || high === null ? MISSING : `${percent(low)} to ${percent(high)} %`,
      verdictText(verdict, style),
    ]),
    brief: rows.map(({ verdict }) => briefVerdict(verdict, style)),
    marks: rows.map(({ name, verdict }) => markOf(verdict) ?? (name === "total" ? "strong" : "dim")),
  };
}

function markOf(verdict: Verdict | null): Mark | null {
  if (verdict?.kind === "slower") return "bad";
  if (verdict?.kind === "faster") return "good";
  return verdict?.kind === "cannot tell" ? "warn" : null;
}

function frames({ mostDifferent, frames: paired }: Comparison, unicode: boolean): Line[] {
  if (mostDifferent.length === 0) return [{ text: `${paired.length} pairs, none of which differ`, mark: "dim" }];
  const style = { unicode };
  return [
    { text: `${formatCount(paired.length)} pairs; those that differ most (seen, not tested):`, mark: "dim" },
    ...mostDifferent.map(({ frame, aNs, bNs, change, stage }) => ({
      text: `frame ${frame}: ${percent(change)} %, ${formatDuration(aNs, style)} to ${formatDuration(bNs, style)}, mostly ${stage}`,
    })),
  ];
}

function differences(found: readonly Difference[], none: string): Line[] {
  if (found.length === 0) return [{ text: none, mark: "dim" }];
  const lines: Line[] = found
    .slice(0, MOST_DIFFERENCES)
    .map(({ name, a, b }) => ({ text: `${name}: ${a} | ${b}`, mark: "warn" }));
  if (found.length > MOST_DIFFERENCES)
    lines.push({ text: `and ${found.length - MOST_DIFFERENCES} more differences`, mark: "dim" });
  return lines;
}

function passes(steady: number, all: number): string {
  return `${steady} steady of ${all} ${all === 1 ? "pass" : "passes"}`;
}

/** A share as percent, signed unless told otherwise: +5.0, -0.3, 12. */
function percent(share: number, signed = true): string {
  const value = share * 100;
  const digits = Math.abs(value) >= 99.95 ? 0 : 1;
  const text = Math.abs(value)
    .toFixed(digits)
    .replace(signed ? /$^/ : /\.0$/, "");
  if (Number(text) === 0) return signed ? text : "0";
  return `${value < 0 ? "-" : signed ? "+" : ""}${text}`;
}

/** Text that comes from a machine or a file may hold anything: no control character reaches the terminal. */
function clean(text: string, unicode: boolean): string {
  return unicode ? text.replace(/\p{Cc}/gu, "?") : text.replace(/[^ -~]/gu, "?");
}
