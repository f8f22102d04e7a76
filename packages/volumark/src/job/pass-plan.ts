/**
 * How often an animation is made: once, a fixed number of times, or until the interval of the median pass is narrow enough.
 */

import { decideStop, type StopDecision } from "@volumark/measure";
import { OPTION_RANGES } from "../api/ranges.ts";

export type PassPlan =
  | { readonly kind: "once" }
  | { readonly kind: "fixed"; readonly count: number }
  | {
      readonly kind: "until";
      /** Widest interval, as a share of the median. */
      readonly target: number;
      readonly mostSeconds: number;
    };

export const PASS_PLAN_DEFAULTS = { target: 0.02, mostSeconds: 60 } as const;

/** Most passes of one run. */
export const MOST_PASSES = OPTION_RANGES.passes[1];

/** Between two passes: rough, so that looking costs little; the report draws all resamples. */
const RESAMPLES = 1000;

/** Looking takes longer with every pass; it is put off while it has taken more than this share of the run. */
const MOST_LOOKING = 0.05;

export interface PassChoice {
  /** Whether another pass is wanted. */
  readonly wanted: boolean;
  /** What was last found in the passes so far; null before the first look. */
  readonly decision: StopDecision | null;
}

/** Asked after each pass, with the ns of every pass so far. The clock counts from here. */
export function passChooser(plan: PassPlan, now: () => number): (totals: readonly number[]) => PassChoice {
  const startNs = now();
  let lookingNs = 0;
  let decision: StopDecision | null = null;
  return (totals) => {
    if (plan.kind === "once") return { wanted: false, decision };
    const begunNs = now();
    const elapsedNs = begunNs - startNs;
    const limits = plan.kind === "until" ? { target: plan.target, mostSeconds: plan.mostSeconds } : {};
    const last = plan.kind === "until" ? elapsedNs >= plan.mostSeconds * 1e9 || totals.length >= MOST_PASSES : false;
    if (last || lookingNs <= elapsedNs * MOST_LOOKING) {
      decision = decideStop(totals, elapsedNs / 1e9, { ...limits, mostPasses: MOST_PASSES, resamples: RESAMPLES });
      lookingNs += now() - begunNs;
      if (plan.kind === "until") return { wanted: !decision.stop, decision };
    }
    return { wanted: plan.kind === "until" || totals.length < plan.count, decision };
  };
}
