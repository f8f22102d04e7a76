/**
 * What the benchmarks window says of a run, computed once: the answer, the grade, the intervals, the outliers. It takes up to
 * some hundred milliseconds for many passes, so that the page has it computed in a worker; the result is plain data.
 */
import {
  type Cause,
  type CauseLabel,
  causeOf,
  causeOverPasses,
  type DerivedValue,
  derivedOf,
  FAR,
  type ForeignRecord,
  foreignContent,
  type Grade,
  gradeRun,
  isOwn,
  type MedianInterval,
  NOTABLE,
  type NoiseFloor,
  outliersOf,
  passesStory,
  type RunRecord,
  reportAnswer,
  STABLE_FROM,
  type Stability,
  sum,
  typicalColumns,
} from "@volumark/measure";
import { type FrameTable, frameTable, knownView } from "./frame-table.ts";
import { type StageTable, stageTable } from "./stages.ts";

export interface AnswerLine {
  readonly text: string;
  readonly tone: "strong" | "good" | "warn" | "bad" | "plain";
}

/** A frame that took far longer than usual. */
export interface MarkedFrame {
  /** The pass it stands out in, from 0; null: in the median over all steady ones. */
  readonly pass: number | null;
  readonly frame: number;
  /** Without waiting. */
  readonly ns: number;
  /** ns: the median frame, or of a single pass the same frame over passes. */
  readonly usualNs: number;
  readonly cause: Cause;
  readonly evidence: string | null;
}

/** What was made in a second. */
export interface Rate {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** How it was computed, or why there is none. */
  readonly note: string;
  readonly count: number;
}

export interface PassPoint {
  readonly totalNs: number;
  readonly warmUp: boolean;
  readonly canaryNs: number | null;
}

export interface Analysis {
  readonly answer: readonly AnswerLine[];
  readonly grade: Grade | null;
  /** ns a pass over the steady ones; null where there is no such time. */
  readonly total: MedianInterval | null;
  readonly noise: NoiseFloor | null;
  readonly stability: Stability | null;
  readonly stableFrom: number;
  readonly canaryScore: number | null;
  readonly steady: { readonly steady: boolean; readonly evidence: string; readonly from: number | null } | null;
  readonly passes: readonly PassPoint[];
  readonly stages: StageTable | null;
  readonly rates: readonly Rate[];
  readonly marked: readonly MarkedFrame[];
  /** How many stand out in the median over passes, of which `marked` are the worst. */
  readonly standOut: number;
  /** Frames that stand out in one pass only: how many for each cause, the most first. */
  readonly single: readonly (readonly [cause: Cause, count: number])[];
  /** As `run.derived` would have it; of a foreign record nothing. */
  readonly derived: Readonly<Record<string, DerivedValue>>;
  /** What the record lacks, a sentence each. */
  readonly missing: readonly string[];
}

/** Causes cost a look at every event and sample, so only the worst frames get one. */
const MOST_MARKED = 60;
/** Frames that are named even where none is far out. */
const WORST = 3;

export function analyse(record: RunRecord | ForeignRecord): Analysis {
  const view = knownView(record);
  const passes = view.passes.map(({ totalNs, warmUp, canaryNs }) => ({ totalNs, warmUp, canaryNs }));
  const stages = stageTable(record);
  const shared = { passes, stages, missing: view.missing, stableFrom: STABLE_FROM };
  if (!isOwn(record)) {
    const totalNs = record.benchmark_data.performance_metrics.total_time * 1e9;
    return {
      ...shared,
      answer: (foreignContent(record)[0]?.lines ?? []).map(({ text, mark }) => ({ text, tone: toneOf(mark) })),
      grade: null,
      total: null,
      noise: null,
      stability: null,
      canaryScore: null,
      steady: null,
      rates: [frameRate(record.frame_count, totalNs, 1)],
      ...markedFrames(record),
      derived: {},
    };
  }
  const story = passesStory(record);
  const { state } = story;
  const totalNs = story.total?.value ?? record.benchmark_data.performance_metrics.total_time * 1e9;
  const { counts } = record.run;
  const perSecond = (name: string, column: readonly number[], unit: string) =>
    workRate(name, column, unit, record.frame_count, totalNs, story.steady.length);
  return {
    ...shared,
    answer: reportAnswer(record).lines.map(({ text, mark }) => ({ text, tone: toneOf(mark) })),
    grade: gradeRun(record),
    total: story.total,
    noise: story.noise,
    stability: story.stability,
    canaryScore: story.canaryScore,
    steady: { steady: state.steady, evidence: state.evidence, from: state.steady ? state.from : null },
    rates: [
      frameRate(record.frame_count, totalNs, story.steady.length),
      perSecond("samples", counts.samples, "samples/s"),
      perSecond("triangles", counts.triangles, "triangles/s"),
    ],
    ...markedFrames(record),
    derived: derivedOf(record),
  };
}

/** The cause of a frame: of the median over passes where there are many. Null without that frame. */
export function causeOfRow(record: RunRecord | ForeignRecord, row: number): CauseLabel | null {
  if (!isOwn(record) || row < 0 || row >= record.run.frames.frame.length) return null;
  const typical = typicalColumns(record);
  return typical.passes > 1 ? causeOverPasses(record, typical, row) : causeOf(record, row);
}

function toneOf(mark: string | undefined): AnswerLine["tone"] {
  return mark === "strong" || mark === "good" || mark === "warn" || mark === "bad" ? mark : "plain";
}

function frameRate(frames: number, totalNs: number, passes: number): Rate {
  const known = totalNs > 0 && frames > 0;
  return {
    name: "frames",
    value: known ? (frames * 1e9) / totalNs : null,
    unit: "frames/s",
    note: known ? "frames of a pass over its median time" : "no time of a whole pass is known",
    count: passes,
  };
}

function workRate(
  name: string,
  column: readonly number[],
  unit: string,
  frames: number,
  totalNs: number,
  passes: number,
): Rate {
  const total = sum(column);
  const known = totalNs > 0 && frames > 0 && column.length > 0;
  return {
    name,
    value: known ? (total * 1e9) / totalNs : null,
    unit,
    note: known ? `${name} of a pass over its median time` : `no ${name} were counted`,
    count: passes,
  };
}

function markedFrames(record: RunRecord | ForeignRecord): Pick<Analysis, "marked" | "standOut" | "single"> {
  const table = frameTable(record);
  if (!table || table.frame.length < 2) return { marked: [], standOut: 0, single: [] };
  const { workedNs, workedMedianNs: usualNs, frame } = table;
  const slow: number[] = [];
  for (let i = 0; i < workedNs.length; i++) if (workedNs[i]! >= usualNs * NOTABLE) slow.push(i);
  slow.sort((a, b) => workedNs[b]! - workedNs[a]!);
  const far = slow.filter((i) => workedNs[i]! >= usualNs * FAR);
  const chosen = slow.slice(0, Math.min(MOST_MARKED, Math.max(WORST, far.length)));
  const over = chosen.map((i): MarkedFrame => {
    const label = causeOfRow(record, i);
    const { cause, evidence } = label ?? {
      cause: "unexplained" as const,
      evidence: "this record has nothing that could explain it",
    };
    return { pass: null, frame: frame[i]!, ns: workedNs[i]!, usualNs, cause, evidence };
  });
  const found = isOwn(record) ? inSinglePasses(record, table) : [];
  const counts = new Map<Cause, number>();
  for (const { cause } of found) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return {
    marked: [...over, ...found.slice(0, 10 * MOST_MARKED)],
    standOut: far.length,
    single: [...counts].sort((a, b) => b[1] - a[1]),
  };
}

/** The worst first; nothing where there is one pass. */
function inSinglePasses(record: RunRecord, { workedNs, frame }: FrameTable): MarkedFrame[] {
  const typical = typicalColumns(record);
  if (typical.passes < 2) return [];
  const place = new Map(knownView(record).passes.map(({ frame: numbers }, p) => [numbers, p]));
  const rows = new Map(Array.from(frame, (number, row) => [number, row]));
  return outliersOf(record, typical)
    .sort((a, b) => b.ns - a.ns)
    .map(({ pass, frame: number, ns, cause }): MarkedFrame => {
      const where = place.get(typical.of[pass]!.frame) ?? null;
      return { pass: where, frame: number, ns, usualNs: workedNs[rows.get(number)!]!, cause, evidence: null };
    });
}
