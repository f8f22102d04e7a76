/**
 * One run as the baseline and up to ten held against it, stage by stage.
 *
 * An aggregate never changes because another run was switched on: every row is the comparison of that run with the baseline
 * and of nothing else. The bootstrap's resamples are bounded by the work that they would be, so that ten runs of thousands
 * of frames and many passes answer while a person waits; where fewer than all were drawn, the rows say how many.
 */
import {
  COMPARE_DEFAULTS,
  type Comparison,
  compareRecords,
  type NamedRecord,
  passesOf,
  type RunRecord,
} from "@volumark/measure";

export const MOST_RUNS = 10;

/** Work that the resamples of all runs may take together, in frames × passes × stages × resamples. About 200 ms of one core. */
const MOST_WORK = 25e6;
/** Fewer than this would be no interval. */
const LEAST_RESAMPLES = 100;
const STAGES = 6;

/** The answer without what it says of single frames and of the machine: ten of them are sent from a worker. */
export type OverlapComparison = Omit<
  Comparison,
  "frames" | "frameLogRatios" | "mostDifferent" | "machine" | "settings"
>;

export interface OverlapRow {
  readonly name: string;
  readonly comparison: OverlapComparison;
}

/** Each of `others` against `baseline`. Throws `RangeError` for more than `MOST_RUNS`. */
export function overlap(baseline: NamedRecord, others: readonly NamedRecord[]): OverlapRow[] {
  if (others.length > MOST_RUNS) {
    throw new RangeError(
      `compare runs: ${others.length} runs against one, and the most is ${MOST_RUNS}. Leave some out.`,
    );
  }
  const resamples = boundedResamples(baseline, others);
  return others.map((other) => {
    const { frames, frameLogRatios, mostDifferent, machine, settings, ...comparison } = compareRecords(
      baseline,
      other,
      {
        resamples,
      },
    );
    return { name: other.name, comparison };
  });
}

/** How many resamples each comparison may draw. */
export function boundedResamples(baseline: NamedRecord, others: readonly NamedRecord[]): number {
  const work = others.reduce((sum, other) => sum + cost(baseline) + cost(other), 0) * STAGES;
  const fit = Math.floor(MOST_WORK / Math.max(1, work));
  return Math.min(COMPARE_DEFAULTS.resamples, Math.max(LEAST_RESAMPLES, fit));
}

/** Frames × passes where there is something to draw; a single pass has none. */
function cost({ record }: NamedRecord): number {
  if (!("schema" in record)) return 0;
  const passes = passesOf(record as RunRecord);
  return passes.length > 1 ? passes.length * (passes[0]?.frames.frame.length ?? 0) : 0;
}
