/** Which pass stands for a run: the rule that every host's record follows. */
import { median } from "../statistics/quantile.ts";
import { warmUpPasses } from "../statistics/steady-state.ts";

export interface PassOutline {
  /** Passes of the warm-up, from the first. */
  readonly warmUp: number;
  /** The one whose total is nearest the median of those after the warm-up; the earlier of two. */
  readonly representative: number;
}

/** `totalsNs`: of every pass in order, at least one. */
export function outlinePasses(totalsNs: readonly number[]): PassOutline {
  const warmUp = warmUpPasses(totalsNs);
  const middle = median(totalsNs.slice(warmUp));
  const distance = (i: number) => Math.abs(totalsNs[i]! - middle);
  let representative = warmUp;
  for (let i = warmUp + 1; i < totalsNs.length; i++) if (distance(i) < distance(representative)) representative = i;
  return { warmUp, representative };
}
