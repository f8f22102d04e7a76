/** What a run tells a score: the time of a pass and of each stage in it, each with its interval, and the canary beside them. */
import { passesOf, STAGE_COLUMNS, type StageName, steadyPassesOf } from "../record/passes.ts";
import type { RunRecord } from "../record/schema.ts";
import type { BootstrapOptions, MedianInterval } from "../statistics/bootstrap.ts";
import { headlineOf } from "../statistics/headline.ts";
import { passTotals } from "../statistics/pass-columns.ts";
import { median } from "../statistics/quantile.ts";
import { steadyStateOf } from "../statistics/steady-state.ts";
import { formatShare } from "../text/number.ts";

/** What has a score: a whole pass, which depends on how many lanes there are, and the stages, each summed over all lanes. */
export const SCORED = ["total", ...(Object.keys(STAGE_COLUMNS) as StageName[])] as const;
export type Scored = "total" | StageName;

export interface MeasuredTime {
  /** Of a pass, ns; null where it was not measured, and `reason` says why. */
  readonly ns: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the passes are steady and the interval is as narrow as was asked; if not, `reason` says what is in the way. */
  readonly reached: boolean;
  readonly reason?: string;
}

export interface MeasuredRun {
  readonly settingsHash: string | null;
  readonly passes: number;
  readonly steadyPasses: number;
  /** Median over the steady passes; null where no canary was run. */
  readonly canaryNs: number | null;
  readonly times: Readonly<Record<Scored, MeasuredTime>>;
}

export interface MeasuredOptions extends BootstrapOptions {
  /** Widest interval that counts as reached, as a share. */
  readonly target?: number;
}

export const MEASURED_DEFAULTS = { target: 0.02 } as const;

/** The times of a run's steady passes. Cost: 7 × resamples × passes. */
export function measuredRun(record: RunRecord, options: MeasuredOptions = {}): MeasuredRun {
  const { target = MEASURED_DEFAULTS.target, ...bootstrap } = options;
  const steady = steadyPassesOf(record);
  const headline = headlineOf(record, bootstrap);
  const unsteady = headline ? whyUnsteady(record) : null;
  const times = Object.fromEntries(
    SCORED.map((name) => {
      const interval = name === "total" ? headline?.total : headline?.stages[name];
      return [name, interval ? timeOf(interval, target, unsteady) : missing(name, headline !== null)];
    }),
  ) as Record<Scored, MeasuredTime>;
  const canaries = steady.flatMap(({ canaryNs }) => (canaryNs === null || canaryNs <= 0 ? [] : [canaryNs]));
  return {
    settingsHash: record.run.settingsHash,
    passes: passesOf(record).length,
    steadyPasses: steady.length,
    canaryNs: canaries.length > 0 ? median(canaries) : null,
    times,
  };
}

function whyUnsteady(record: RunRecord): string | null {
  const state = steadyStateOf(passTotals(record));
  return state.steady ? null : `no steady state: ${state.evidence}`;
}

function timeOf(interval: MedianInterval, target: number, unsteady: string | null): MeasuredTime {
  const { value: ns, low, high, relativeWidth, reason } = interval;
  if (relativeWidth === null) return { ns, low, high, reached: false, reason: reason ?? "no interval" };
  if (unsteady !== null) return { ns, low, high, reached: false, reason: unsteady };
  if (relativeWidth <= target) return { ns, low, high, reached: true };
  const wide = `${formatShare(relativeWidth)} wide, and ${formatShare(target)} was asked`;
  return { ns, low, high, reached: false, reason: wide };
}

function missing(name: Scored, measured: boolean): MeasuredTime {
  const reason = measured ? `a pass has no time of ${name}` : "no pass was finished";
  return { ns: null, low: null, high: null, reached: false, reason };
}
