/** The passes of a run as its record has them, and whether they did the same work. */
import { formatCounted, outlinePasses, type PassFacts, type PassOutline, type RunCheck } from "@volumark/measure";
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

/** Every pass must make the same bytes. */
export function passesCheck(passes: readonly PassFacts[]): RunCheck {
  const hashes = passes.map(({ outputHash }) => outputHash);
  const odd = hashes.findIndex((hash) => hash !== hashes[0]);
  const count = formatCounted(passes.length, "pass");
  const evidence =
    odd < 0
      ? `${count} made the same bytes`
      : `pass ${odd + 1} of ${count} made ${hashes[odd]}, the first ${hashes[0]}`;
  return { name: "passes alike", passed: odd < 0, evidence };
}
