/** The ratio of each frame of one stage, for a chart over frames. */
import type { ComparedStage, Comparison } from "@volumark/measure";

export interface FrameRatios {
  /** Frame numbers, ascending. */
  readonly frames: readonly number[];
  /** b / a; null where either took no time. One entry a frame. */
  readonly ratios: readonly (number | null)[];
  /** The middle one; null without any. */
  readonly median: number | null;
  /** Frames whose ratio lies outside a factor of `OUTLYING` around the median. */
  readonly outlying: readonly number[];
}

const OUTLYING = 1.5;

export function frameRatios(comparison: Comparison, stage: ComparedStage): FrameRatios {
  const logs = comparison.frameLogRatios[stage];
  const ratios = comparison.frames.map((_, i) => {
    const log = logs[i];
    return log === undefined || log === null ? null : Math.exp(log);
  });
  const known = ratios.filter((ratio) => ratio !== null).sort((x, y) => x - y);
  const middle = known.length >> 1;
  const median =
    known.length === 0
      ? null
      : known.length % 2 === 1
        ? known[middle]!
        : Math.sqrt(known[middle - 1]! * known[middle]!);
  const outlying = comparison.frames.filter((_, i) => {
    const ratio = ratios[i];
    return (
      median !== null && ratio !== null && ratio !== undefined && Math.max(ratio / median, median / ratio) > OUTLYING
    );
  });
  return { frames: comparison.frames, ratios, median, outlying };
}

/** The stage whose time changed most, in ns: what a reader asks for first. */
export function mostChangedStage(comparison: Comparison): ComparedStage {
  let most = -1;
  let found: ComparedStage = "field";
  for (const { name, aNs, bNs } of comparison.stages) {
    const change = Math.abs(bNs - aNs);
    if (name !== "total" && change > most) {
      most = change;
      found = name;
    }
  }
  return found;
}
