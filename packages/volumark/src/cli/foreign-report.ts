/** The report of a record that another program wrote: what it says, and why that is trusted less. */
import {
  displayWidth,
  type ForeignRecord,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  quantile,
  table,
  wrap,
} from "@volumark/measure";
import type { RunSummary } from "../store/store.ts";
import type { Paint } from "./terminal.ts";

export interface ForeignReportOptions {
  /** Columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** The whole text, ending in a line break. */
export function foreignReport(
  record: ForeignRecord,
  summary: RunSummary,
  { width, paint }: ForeignReportOptions,
): string {
  const data = record.benchmark_data;
  const metrics = data.performance_metrics;
  const [columns, rows] = record.resolution;
  const lines = [
    paint("yellow", "Foreign: another program wrote this record."),
    ...wrap(
      clean(
        `${formatCount(record.frame_count)} frames ${columns}×${rows} in ${formatDuration(metrics.total_time * 1e9)} (${formatNumber(metrics.effective_fps)} frames/s, as it says), ` +
          `${formatBytes(record.file_size_bytes)} of GIF; processor: ${summary.cpu ?? "not said"}`,
      ),
      width,
    ).map((line) => paint("bold", line)),
    ...(record.error === undefined
      ? []
      : wrap(clean(`It failed: ${record.error}`), width).map((line) => paint("red", line))),
    "",
    ...stageTable(data),
    "",
    paint("yellow", "Trusted less, because"),
  ];
  for (const reason of summary.distrust) {
    const [first = "", ...rest] = wrap(clean(reason), width - 4);
    lines.push(`  - ${first}`, ...rest.map((line) => `    ${line}`));
  }
  return `${lines.map((line) => (displayWidth(line) > 0 ? line.trimEnd() : "")).join("\n")}\n`;
}

function stageTable(data: ForeignRecord["benchmark_data"]): string[] {
  const stages = [
    ["field", data.field_generation_times],
    ["surface", data.marching_cubes_times],
    ["picture", data.rendering_times],
    ["frame", data.individual_frame_times],
  ] as const;
  const at = (seconds: readonly number[], p: number) => formatDuration(quantile(seconds, p) * 1e9);
  return table(
    [
      { title: "stage" },
      { title: "median", align: "right" },
      { title: "p95", align: "right" },
      { title: "worst", align: "right" },
    ],
    stages.map(([name, seconds]) =>
      seconds.length > 0 ? [name, at(seconds, 0.5), at(seconds, 0.95), at(seconds, 1)] : [name, "no frames", "", ""],
    ),
  );
}

/** Text from a file may hold anything: no control character reaches the terminal. */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
