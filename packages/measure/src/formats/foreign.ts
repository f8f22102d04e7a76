/**
 * The report of a record that another program wrote: what it says, in the sections that every report has, and what it lacks.
 */
import type { ForeignRecord } from "../record/schema.ts";
import type { Section } from "../report/story.ts";
import { sum } from "../statistics/mean.ts";
import { quantileOfSorted, sorted } from "../statistics/quantile.ts";
import { table, wrap } from "../text/layout.ts";
import { formatBytes, formatCount, formatDuration, formatNumber, formatShare } from "../text/number.ts";
import { PARTS, viewOf } from "./view.ts";

/** `distrust`: why it is trusted less than a record of this system, a sentence each, where that was found out. */
export function foreignContent(record: ForeignRecord, distrust: readonly string[] = []): Section[] {
  const sections = [answer(record), stages(record), machine(record), lacks(record)];
  if (distrust.length > 0) sections.push({ title: "Trusted less, because", lines: distrust.map((text) => ({ text })) });
  return sections;
}

/** For a terminal, without a line break at the end; no control character of the record reaches it. */
export function foreignText(record: ForeignRecord, width = 80, distrust: readonly string[] = []): string {
  const blocks = foreignContent(record, distrust).map(({ title, lines, table: grid }) => {
    const body = lines.flatMap(({ text }) => wrap(text.replace(/\p{Cc}/gu, "?"), width - 2));
    if (grid) body.push(...table(grid.columns, grid.rows));
    return [title, ...body.map((line) => `  ${line}`)].map((line) => line.trimEnd()).join("\n");
  });
  return blocks.join("\n\n");
}

export function foreignMarkdown(record: ForeignRecord): string {
  const parts: string[] = [];
  for (const { title, lines, table: grid } of foreignContent(record)) {
    parts.push(`### ${title}`);
    if (lines.length > 0) parts.push(lines.map(({ text }) => plain(text)).join("  \n"));
    if (!grid) continue;
    const row = (cells: readonly string[]) => `| ${cells.map(plain).join(" | ")} |`;
    const rule = grid.columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ");
    parts.push([row(grid.columns.map((column) => column.title)), `| ${rule} |`, ...grid.rows.map(row)].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** Text in which nothing is taken for Markdown or HTML. */
function plain(text: string): string {
  return text.replace(/[\\`*_|[\]<>#]/g, (character) => `\\${character}`).replace(/\s+/g, " ");
}

function answer({ resolution, frame_count, file_size_bytes, error, benchmark_data }: ForeignRecord): Section {
  if (error !== undefined) return { title: "Failed", lines: [{ text: error, mark: "bad" }] };
  const { total_time, effective_fps } = benchmark_data.performance_metrics;
  const dimension = benchmark_data.simulation_settings?.dimension;
  const at = typeof dimension === "number" ? ` at dimension ${formatCount(dimension)}` : "";
  const text =
    `${formatCount(frame_count)} frames ${resolution.join("×")}${at} in ${formatDuration(total_time * 1e9)} ` +
    `(${formatNumber(effective_fps)} frames/s), ${formatBytes(file_size_bytes)} of GIF, made by another program.`;
  return { title: "Answer", lines: [{ text, mark: "strong" }] };
}

function stages(record: ForeignRecord): Section {
  const pass = viewOf(record).passes[0];
  if (!pass) return { title: "Stages", lines: [{ text: "no times of single frames", mark: "dim" }] };
  const wall = sum(pass.wallNs);
  const row = (name: string, ns: readonly number[]) => {
    const order = sorted(ns);
    const [middle, late, worst] = [0.5, 0.95, 1].map((p) => formatDuration(quantileOfSorted(order, p)));
    return [name, middle!, formatShare(wall > 0 ? sum(ns) / wall : Number.NaN), late!, worst!];
  };
  const parts = PARTS.flatMap((part) => (pass.parts[part] ? [row(part, pass.parts[part])] : []));
  return {
    title: "Stages",
    lines: [],
    table: {
      columns: [
        { title: "stage" },
        { title: "median", align: "right" },
        { title: "share", align: "right" },
        { title: "p95", align: "right" },
        { title: "worst", align: "right" },
      ],
      rows: [...parts, row("frame", pass.wallNs)],
      marks: [...parts.map(() => undefined), "strong"],
    },
  };
}

/** Whatever the record says of the machine, a line a group: its keys are not ours. */
function machine({ benchmark_data }: ForeignRecord): Section {
  const lines = Object.entries(benchmark_data.system_info ?? {}).flatMap(([group, facts]) => {
    const known = Object.entries(typeof facts === "object" && facts !== null ? facts : { [group]: facts })
      .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
      .map(([name, value]) => `${name} ${value}`);
    return known.length > 0 ? [{ text: `${group}: ${known.join(", ")}` }] : [];
  });
  return { title: "Machine", lines: lines.length > 0 ? lines : [{ text: "not described", mark: "dim" }] };
}

function lacks(record: ForeignRecord): Section {
  return { title: "Not known", lines: viewOf(record).missing.map((text) => ({ text, mark: "dim" as const })) };
}
