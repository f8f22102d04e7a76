/**
 * The 95 % interval of each time of a stored run, as one column of JSON: `{"total":[low,high],"field":"1 of at least 5 passes"}`,
 * whole nanoseconds, or why there is none. A history shows them without reading a record.
 */
import { BOOTSTRAP_DEFAULTS, medianInterval } from "@volumark/measure";
import type { SeriesStage } from "./store.ts";

/** Of the median of each list, a value a pass. Cost: resamples × values; long lists have fewer resamples. */
export function intervalsText(passes: Readonly<Record<SeriesStage, readonly number[]>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(passes).map(([name, values]) => [name, intervalOf(values)])));
}

/** What the column says of one stage. */
export function intervalIn(text: string | null, stage: SeriesStage): StoredInterval {
  const found = text === null ? null : (JSON.parse(text) as Record<string, [number, number] | string>)[stage];
  if (typeof found === "string") return { lowNs: null, highNs: null, reason: found };
  if (!found) return { lowNs: null, highNs: null, reason: "stored before intervals were kept" };
  return { lowNs: found[0], highNs: found[1], reason: null };
}

export interface StoredInterval {
  readonly lowNs: number | null;
  readonly highNs: number | null;
  /** Null where there is an interval. */
  readonly reason: string | null;
}

/** Draws for one list: 7 ms for a run of six passes, 0.3 s for one of a thousand. */
const MOST_DRAWS = 4e6;
const LEAST_RESAMPLES = 1000;

function intervalOf(values: readonly number[]): readonly [low: number, high: number] | string {
  if (values.length === 0) return "no pass has this time";
  if (!values.every((value) => value > 0)) return "a pass took no time that could be measured";
  const most = Math.max(LEAST_RESAMPLES, Math.floor(MOST_DRAWS / values.length));
  const resamples = Math.min(BOOTSTRAP_DEFAULTS.resamples, most);
  const { low, high, reason } = medianInterval(values, { resamples });
  return low === null || high === null ? (reason ?? "no interval") : [Math.round(low), Math.round(high)];
}
