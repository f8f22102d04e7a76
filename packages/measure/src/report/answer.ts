/** The answer: what was made, how long it took and how sure that is, the slowest stage, and the difference from a baseline. */
import type { Comparison } from "../compare/compare.ts";
import { verdictText } from "../compare/text.ts";
import { median } from "../statistics/quantile.ts";
import { formatBytes, formatCount, formatCounted, formatDuration, formatNumber, formatShare } from "../text/number.ts";
import { stageRows } from "./stage-section.ts";
import { type Line, type Section, type Story, signed, sumsOf } from "./story.ts";

export function answer(story: Story): Section {
  const { record, style } = story;
  const { performance_metrics: metrics, simulation_settings: asked } = record.benchmark_data;
  const { unicode } = style;
  const times = unicode ? "×" : "x";
  const [width, height] = record.resolution;
  const frames = formatCounted(record.frame_count, "frame");
  const dimension = `dimension ${formatCount(asked.dimension)}`;
  const of = `${formatCount(record.frame_count)} of ${formatCounted(asked.num_frames, "frame")}`;
  const isAre = asked.num_frames === 1 ? "is" : "are";
  if (record.error !== undefined) {
    return { title: "Failed", lines: [{ text: `${record.error} (${of} ${isAre} finished)`, mark: "bad" }] };
  }
  const { stopped } = record.run;
  if (stopped) {
    const lines: Line[] = [
      { text: `${of} ${isAre} finished and kept; ${stopped.reason} stopped the run.`, mark: "warn" },
    ];
    if (record.frame_count > 0) {
      lines.push({
        text:
          `${width}${times}${height} at ${dimension}, ${formatDuration(metrics.total_time * 1e9, style)} on ` +
          `${formatCounted(record.run.lanes, "lane")}, ${formatBytes(record.file_size_bytes)} of GIF.`,
      });
    }
    return { title: "Stopped", lines };
  }
  if (record.frame_count === 0) return { title: "Answer", lines: [{ text: "no frame was made", mark: "bad" }] };
  const { slowest, share } = slowestOf(story);
  const text =
    `${frames} ${width}${times}${height} at ${dimension} in ${paceText(story)}, ${formatBytes(record.file_size_bytes)} of GIF. ` +
    `Slowest stage: ${slowest}, ${formatShare(share)}.`;
  const lines: Line[] = [{ text, mark: "strong" }];
  if (story.comparison) lines.push(againstBaseline(story.comparison, style));
  return { title: "Answer", lines };
}

/** How long a pass took, and how far that can be relied on. */
function paceText({ record, passes: { all, steady, state, total }, style }: Story): string {
  const { total_time, effective_fps } = record.benchmark_data.performance_metrics;
  const on = `on ${formatCounted(record.run.lanes, "lane")}`;
  if (all.length < 2 || total === null)
    return `${formatDuration(total_time * 1e9, style)} ${on} (${formatNumber(effective_fps)} frames/s; one pass, no interval)`;
  const { value, low, high, level, reason } = total;
  const interval =
    low === null || high === null
      ? `no interval: ${reason ?? "it is not known"}`
      : `${formatShare(level)} interval ${rangeText(low, high, style)}`;
  const of = `${formatCount(steady.length)} of ${formatCounted(all.length, "pass")}${state.steady ? "" : ", no steady state"}`;
  const pace = formatNumber((record.frame_count * 1e9) / value);
  return `${formatDuration(value, style)} a pass ${on} (${interval}; ${of}; ${pace} frames/s)`;
}

/** Four digits and one unit, as the limits of an interval often agree in three: 46.12 to 47.81 ms. */
function rangeText(low: number, high: number, { unicode }: { readonly unicode: boolean }): string {
  const [unit, ns] =
    high < 999.5
      ? ["ns", 1]
      : high < 999_500
        ? [unicode ? "µs" : "us", 1e3]
        : high < 999_500_000
          ? ["ms", 1e6]
          : ["s", 1e9];
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.max(1, high / (ns as number)))));
  const text = (value: number) => (value / (ns as number)).toFixed(digits);
  return `${text(low)} to ${text(high)} ${unit}`;
}

/** The stage that a pass spends most on, and its share of the time of all frames. */
function slowestOf(story: Story): { slowest: string; share: number } {
  const wall = median(sumsOf(story, "wallNs"));
  const rows = stageRows(story).map(({ name, sums }) => ({ name, total: median(sums) }));
  const first = rows.sort((a, b) => b.total - a.total)[0]!;
  return { slowest: first.name, share: first.total / wall };
}

function againstBaseline({ a, total, withheld, caveats }: Comparison, style: { unicode: boolean }): Line {
  const against = `Against the baseline (${a.id.slice(0, 8)}, made apart): `;
  const caveat = caveats.length > 0 ? ` ${caveats[0]}` : "";
  if (withheld !== null) return { text: `${against}no verdict, ${withheld}.`, mark: "bad" };
  const { verdict, change, low, high } = total;
  const by =
    change === null
      ? ""
      : `, ${signed(change)}${low === null || high === null ? "" : ` (${signed(low)} to ${signed(high)})`}`;
  const mark = verdict?.kind === "slower" ? "bad" : verdict?.kind === "faster" ? "good" : "strong";
  return { text: `${against}${verdictText(verdict, style)}${by}.${caveat}`, mark };
}
