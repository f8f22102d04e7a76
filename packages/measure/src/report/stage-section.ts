/**
 * The stage table. Of one pass: medians of frames. Of many: the median pass with its interval, and beside it the frames, each of
 * which is the median of its passes.
 */
import type { ComparisonRow } from "../compare/compare.ts";
import type { RunRecord } from "../record/schema.ts";
import { BOOTSTRAP_DEFAULTS, medianInterval } from "../statistics/bootstrap.ts";
import { sum } from "../statistics/mean.ts";
import { median, quantileOfSorted, sorted } from "../statistics/quantile.ts";
import { bar } from "../text/chart.ts";
import { formatCount, formatCounted, formatDuration, formatNumber, formatShare, MISSING } from "../text/number.ts";
import { instrumentNs, madeNs } from "./grade.ts";
import { STAGE_RESAMPLES } from "./passes.ts";
import {
  type Line,
  type Mark,
  type Section,
  type StageColumn,
  type Story,
  signed,
  sumsOf,
  type TimeColumn,
} from "./story.ts";

interface StageRow {
  readonly name: string;
  /** ns, one a frame. */
  readonly ns: readonly number[];
  /** ns, one a steady pass: the sum over its frames. */
  readonly sums: readonly number[];
  /** Work in the same order, and what one is called. */
  readonly work?: readonly number[];
  readonly unit?: string;
}

export function stages(story: Story, width: number): Section {
  const { record, typical, passes, comparison, style } = story;
  const { frame } = typical.columns;
  if (frame.length === 0) return { title: "Stages", lines: [{ text: "no frame was finished", mark: "dim" }] };
  const many = typical.passes > 1;
  const wall = median(sumsOf(story, "wallNs"));
  const withBar = width >= 100 && !many;
  const rows: string[][] = [];
  const marks: (Mark | undefined)[] = [];
  const versus = (name: string) => {
    if (!comparison) return [];
    const compared = name === "pass" ? comparison.total : comparison.stages.find((row) => row.name === name);
    return [compared ? versusText(compared) : ""];
  };
  const add = ({ name, ns, sums, work, unit }: StageRow, mark?: Mark) => {
    const order = sorted(ns);
    const share = median(sums) / wall;
    const units = work ? sum(work) : 0;
    const worst = ns.indexOf(order[order.length - 1]!);
    rows.push([
      name,
      ...(many ? [formatDuration(median(sums), style), unit ? reachText(sums, style) : ""] : []),
      ...(many ? [formatShare(share)] : []),
      formatDuration(quantileOfSorted(order, 0.5), style),
      ...(many ? [] : [formatShare(share)]),
      formatDuration(quantileOfSorted(order, 0.95), style),
      formatDuration(ns[worst]!, style),
      formatCount(frame[worst]!),
      unit ? (units > 0 ? `${formatNumber(sum(ns) / units)} ns/${unit}` : MISSING) : "",
      ...versus(name),
      ...(withBar ? [bar(share, 20, style)] : []),
    ]);
    marks.push(mark);
  };
  for (const row of stageRows(story)) add(row);
  const rest = (name: string, column: TimeColumn) => ({
    name,
    ns: typical.columns[column],
    sums: sumsOf(story, column),
  });
  add(rest("wait", "waitNs"), "dim");
  add(rest("instruments", "instrumentsNs"), "dim");
  add(rest("unaccounted", "unaccountedNs"), "dim");
  add(rest(many ? "all frames" : "frame", "wallNs"), "strong");
  if (many && passes.total !== null) {
    const { value, relativeWidth } = passes.total;
    const reach = relativeWidth === null ? MISSING : plusMinus(relativeWidth / 2, style);
    rows.push(["pass", formatDuration(value, style), reach, "", "", "", "", "", "", ...versus("pass")]);
    marks.push("strong");
  }
  const right = "right" as const;
  const columns: StageColumn[] = [
    { title: "stage" },
    ...(many
      ? [
          { title: "a pass", align: right },
          { title: style.unicode ? "±" : "+-", align: right, spare: 5 },
          { title: "share", align: right },
          { title: "a frame", align: right, spare: 4 },
        ]
      : [
          { title: "median", align: right },
          { title: "share", align: right },
        ]),
    { title: "p95", align: right, spare: 3 },
    { title: "worst", align: right, spare: 1 },
    { title: "frame", align: right, spare: 2 },
    { title: "per unit of work", spare: 6 },
    ...(comparison ? [{ title: "vs. baseline", spare: 0 }] : []),
    ...(withBar ? [{ title: "share of all frames", spare: 7 }] : []),
  ];
  const after = many ? [howComputed(story), instruments(record, style)] : [instruments(record, style)];
  return { title: "Stages", lines: [], table: { columns, rows, marks }, after };
}

/** Half the interval of a stage's median pass, as a share of it. */
function reachText(sums: readonly number[], style: { unicode: boolean }): string {
  if (!sums.every((ns) => ns > 0)) return MISSING;
  const { relativeWidth } = medianInterval(sums, { resamples: STAGE_RESAMPLES });
  return relativeWidth === null ? MISSING : plusMinus(relativeWidth / 2, style);
}

function plusMinus(share: number, { unicode }: { readonly unicode: boolean }): string {
  return `${unicode ? "±" : "+-"}${formatShare(share)}`;
}

/** A change and its verdict, as short as a cell must be. */
function versusText({ change, verdict }: ComparisonRow): string {
  const kind = verdict === null ? "withheld" : verdict.kind;
  return change === null ? kind : `${signed(change)} ${kind}`;
}

function howComputed({ typical, passes: { total }, comparison, style }: Story): Line {
  const { level, resamples, seed } = total ?? BOOTSTRAP_DEFAULTS;
  const sign = style.unicode ? "±" : "+-";
  const baseline = comparison
    ? ` Against the baseline: ${formatCount(comparison.resamples)} resamples, corrected across stages (Holm).`
    : "";
  return {
    text:
      `a pass: median of ${formatCounted(typical.passes, "steady pass")}, summed over lanes; ${sign} half its ${formatShare(level)} interval ` +
      `(bootstrap of ${formatCount(resamples)} resamples, stages ${formatCount(STAGE_RESAMPLES)}, seed ${seed}). ` +
      `Frame columns: each frame is the median of its passes.${baseline}`,
    mark: "dim",
    spare: 5,
  };
}

function instruments(record: RunRecord, style: { unicode: boolean }): Line {
  const { run } = record;
  const cost = instrumentNs(record);
  const total = madeNs(record);
  const counted = run.instruments.timerCalls > 0 || run.instruments.samples > 0;
  const of = (run.passes?.length ?? 0) > 1 ? `all ${formatCounted(run.passes!.length, "pass")}` : "the run";
  const text = counted
    ? `instruments is the hash of each frame; reading clock and sensors took ${formatDuration(cost, style)} more, ` +
      `${formatShare(total > 0 ? cost / total : Number.NaN)} of ${of} ` +
      `(${formatCounted(run.instruments.timerCalls, "clock reading")}, ${formatCounted(run.instruments.samples, "sample")})`
    : "instruments is the hash of each frame; what reading clock and sensors cost was not recorded";
  return { text, mark: "dim", spare: 4 };
}

export function stageRows(story: Story): StageRow[] {
  const { record, typical } = story;
  const { counts } = record.run;
  const { columns } = typical;
  const pixels = record.resolution[0] * record.resolution[1];
  const row = (name: string, column: TimeColumn, work: readonly number[], unit: string): StageRow => ({
    name,
    ns: columns[column],
    sums: sumsOf(story, column),
    work,
    unit,
  });
  return [
    row("field", "fieldNs", counts.samples, "sample"),
    row("surface", "surfaceNs", counts.activeCells, "cell"),
    row("picture", "pictureNs", counts.shadedPixels, "shaded px"),
    row(
      "convert",
      "convertNs",
      columns.frame.map(() => pixels),
      "px",
    ),
    row("encode", "encodeNs", counts.gifBytes, "GIF byte"),
  ];
}
