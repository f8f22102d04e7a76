/**
 * The passes of a run, whether there were many or one.
 *
 * The unit of repetition is a whole pass over the animation: frames differ because the volume moves, so frame i of one pass
 * has its like only in frame i of another.
 */
import type { Pass, RunRecord } from "./schema.ts";

/** Stages of a frame in the order in which they happen, and the column that holds each. */
export const STAGE_COLUMNS = {
  field: "fieldNs",
  surface: "surfaceNs",
  picture: "pictureNs",
  convert: "convertNs",
  encode: "encodeNs",
} as const;

export type StageName = keyof typeof STAGE_COLUMNS;

/** Every pass in order, warm-up included; a run without `passes` is one pass, that of `frames`, with no canary. */
export function passesOf({ run, benchmark_data }: RunRecord): readonly Pass[] {
  if (run.passes && run.passes.length > 0) return run.passes;
  if (run.frames.frame.length === 0) return [];
  return [
    {
      startNs: run.frames.startNs.reduce((first, ns) => Math.min(first, ns)),
      totalNs: Math.round(benchmark_data.performance_metrics.total_time * 1e9),
      warmUp: false,
      canaryNs: null,
      outputHash: run.outputHash,
      frames: run.frames,
    },
  ];
}

/** The passes that the headline is made of: those after the warm-up. */
export function steadyPassesOf(record: RunRecord): readonly Pass[] {
  return passesOf(record).filter(({ warmUp }) => !warmUp);
}
