/**
 * The frames that a chart draws, as flat arrays: those of one pass or, for many, each the median of its steady passes.
 *
 * The same for a record of this system and for one of another program; what was not recorded is absent, never 0.
 */
import {
  type ForeignRecord,
  formatCount,
  isOwn,
  PARTS,
  type PartName,
  type PassView,
  type RecordView,
  type RunRecord,
  selectMedian,
  typicalColumns,
  viewOf,
} from "@volumark/measure";

/** `typical`: over all steady passes; a number: that pass, from 0. */
export type PassChoice = "typical" | number;

export interface FramePart {
  readonly part: PartName;
  /** ns, one a frame; of what is unaccounted for also below 0, where the clock steps. */
  readonly ns: Float64Array;
  /** ns, over the frames that are shown. */
  readonly medianNs: number;
}

export interface FrameTable {
  /** Numbers of the frames, ascending; every other column has as many entries. */
  readonly frame: Float64Array;
  readonly wallNs: Float64Array;
  /** ns without waiting for other lanes: what outliers are found by. */
  readonly workedNs: Float64Array;
  /** ns, the medians of both. */
  readonly wallMedianNs: number;
  readonly workedMedianNs: number;
  readonly parts: readonly FramePart[];
  readonly lane: Float64Array | null;
  /** ns since the start of the run, of the pass `shown`. */
  readonly startNs: Float64Array | null;
  /** ns from start to end, waiting included, of the pass `shown`: what a frame covers on the clock. */
  readonly spanNs: Float64Array;
  /** Passes that each time is the median of. */
  readonly passes: number;
  /** Place among all passes of the one whose lanes and starts are given. */
  readonly shown: number;
}

/** Views by their record: a record doesn't change once it is made. */
const views = new WeakMap<object, RecordView>();

export function knownView(record: RunRecord | ForeignRecord): RecordView {
  let view = views.get(record);
  if (!view) {
    view = viewOf(record);
    views.set(record, view);
  }
  return view;
}

/** Frames over all passes that the page looks at one by one: more would hold it for too long. */
export const MOST_FRAMES = 400_000;

/** Why the frames of this record aren't shown, as a sentence; null where they are. */
export function tooLarge(record: RunRecord | ForeignRecord): string | null {
  const frames = knownView(record).passes.reduce((sum, { frame }) => sum + frame.length, 0);
  if (frames <= MOST_FRAMES) return null;
  return (
    `This record has ${formatCount(frames)} frames over its passes, and the page looks at ${formatCount(MOST_FRAMES)} at most. ` +
    "Its machine and its raw record are here; for the rest use volumark report with the file."
  );
}

/** Null without a frame. A pass that isn't there gives the typical frames. Cost: passes × frames × 9 for typical ones. */
export function frameTable(record: RunRecord | ForeignRecord, choice: PassChoice = "typical"): FrameTable | null {
  const view = knownView(record);
  if (typeof choice === "number" && view.passes[choice]) return tableOf(view.passes[choice], choice, 1);
  const pass = view.passes[view.representative];
  if (!pass || pass.frame.length === 0) return null;
  if (!isOwn(record)) return tableOf(pass, view.representative, 1);
  const { columns, passes } = typicalColumns(record);
  if (passes < 2) return tableOf(pass, view.representative, 1);
  const over: PassView = {
    ...pass,
    wallNs: columns.wallNs,
    parts: {
      field: columns.fieldNs,
      surface: columns.surfaceNs,
      picture: columns.pictureNs,
      convert: columns.convertNs,
      encode: columns.encodeNs,
      wait: columns.waitNs,
      instruments: columns.instrumentsNs,
      unaccounted: columns.unaccountedNs,
    },
  };
  return { ...tableOf(over, view.representative, passes), spanNs: Float64Array.from(pass.wallNs) };
}

function tableOf(pass: PassView, shown: number, passes: number): FrameTable {
  const wallNs = Float64Array.from(pass.wallNs);
  const wait = pass.parts.wait;
  const workedNs = wait ? wallNs.map((ns, i) => ns - (wait[i] ?? 0)) : wallNs;
  return {
    frame: Float64Array.from(pass.frame),
    wallNs,
    workedNs,
    wallMedianNs: medianOf(wallNs),
    workedMedianNs: medianOf(workedNs),
    parts: PARTS.flatMap((part) => {
      const column = pass.parts[part];
      if (!column) return [];
      const ns = Float64Array.from(column);
      return [{ part, ns, medianNs: medianOf(ns) }];
    }),
    lane: pass.lane && Float64Array.from(pass.lane),
    startNs: pass.frameStartNs && Float64Array.from(pass.frameStartNs),
    spanNs: wallNs,
    passes,
    shown,
  };
}

/** 0 of none. Cost: in proportion to the values, where sorting 100 000 of them takes 30 ms. */
function medianOf(ns: Float64Array): number {
  return ns.length > 0 ? selectMedian(ns.slice()) : 0;
}

/** The row of a frame number; −1 where there is none. */
export function rowOf({ frame }: Pick<FrameTable, "frame">, number: number): number {
  let [low, high] = [0, frame.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const here = frame[middle]!;
    if (here === number) return middle;
    if (here < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
