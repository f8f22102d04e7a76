/** Stage times of the frames seen so far as columns of a chart: one a frame, or the slowest of several where there is no room. */
import { type FrameProgress, PROGRESS_STAGES, type ProgressStage } from "../../service/run-progress.ts";

export interface StageColumn {
  /** The frame that is shown: of several the slowest. */
  readonly frame: number;
  readonly wallNs: number;
  readonly stageNs: Readonly<Record<ProgressStage, number>>;
}

export interface StageColumns {
  /** One a place; null where no frame was seen. */
  readonly columns: readonly (StageColumn | null)[];
  readonly framesPerColumn: number;
  readonly mostNs: number;
}

/** `total`: frames that there will be. At most `room` columns. */
export function stageColumns(frames: readonly FrameProgress[], total: number, room: number): StageColumns {
  const all = Math.max(total, (frames.at(-1)?.frame ?? -1) + 1, 1);
  const framesPerColumn = Math.max(1, Math.ceil(all / Math.max(1, room)));
  const columns: (StageColumn | null)[] = new Array(Math.ceil(all / framesPerColumn)).fill(null);
  let mostNs = 0;
  for (const { frame, wallNs, stageNs } of frames) {
    const at = Math.floor(frame / framesPerColumn);
    const before = columns[at];
    if (before && before.wallNs >= wallNs) continue;
    columns[at] = { frame, wallNs, stageNs };
    mostNs = Math.max(mostNs, wallNs);
  }
  return { columns, framesPerColumn, mostNs };
}

/** Median of each stage over the frames seen, ns; null before the first. */
export function stageMedians(frames: readonly FrameProgress[]): Readonly<Record<ProgressStage, number>> | null {
  if (frames.length === 0) return null;
  const medians: Partial<Record<ProgressStage, number>> = {};
  for (const stage of PROGRESS_STAGES) {
    const sorted = Float64Array.from(frames, ({ stageNs }) => stageNs[stage]).sort();
    const half = sorted.length >> 1;
    const upper = sorted[half] ?? 0;
    medians[stage] = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
  }
  return medians as Record<ProgressStage, number>;
}

/** The top of the axis: 1, 2 or 5 times a power of ten, at or above the value. */
export function axisTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value) ?? 10 * power;
}
