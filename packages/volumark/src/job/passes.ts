/** The passes of a run as its record has them. */
import { outlinePasses, type PassFacts, type PassOutline } from "@volumark/measure";
import type { MadePass } from "./make-pass.ts";

export interface DescribedPasses extends Pick<PassOutline, "representative"> {
  readonly all: readonly PassFacts[];
}

/** Null for fewer than two: one pass is the run itself. `firstHash`: of the GIF that the first pass made. */
export function describePasses(made: readonly MadePass[], firstHash: string | null): DescribedPasses | null {
  if (made.length < 2) return null;
  const { warmUp, representative } = outlinePasses(made.map(({ totalNs }) => totalNs));
  const all = made.map(({ startNs, totalNs, canaryNs, outputHash, frames }, i) => ({
    startNs,
    totalNs,
    warmUp: i < warmUp,
    canaryNs,
    outputHash: outputHash ?? firstHash,
    made: frames,
  }));
  return { all, representative };
}
