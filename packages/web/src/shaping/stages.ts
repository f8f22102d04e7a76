/**
 * What each stage takes: of many passes the median pass with its interval, of one pass the median frame. The numbers are those
 * of the report's stage table.
 */
import {
  BOOTSTRAP_DEFAULTS,
  type ForeignRecord,
  isOwn,
  median,
  medianInterval,
  PARTS,
  type PartName,
  quantile,
  type RunRecord,
  STAGE_RESAMPLES,
  sum,
  typicalColumns,
} from "@volumark/measure";
import { type FrameTable, frameTable } from "./frame-table.ts";

export interface StageRow {
  readonly part: PartName;
  /** ns a pass, the median over the steady ones; of one pass its sum over frames. */
  readonly passNs: number;
  /** ns, the 95 % interval of `passNs`; null where there are too few passes. */
  readonly lowNs: number | null;
  readonly highNs: number | null;
  /** Of the time of all frames, 0 to 1; shares add up to 1 but for what medians lose. */
  readonly share: number;
  /** ns a frame. */
  readonly medianNs: number;
  readonly p95Ns: number;
  readonly worstNs: number;
  readonly worstFrame: number;
  /** ns for a unit of its work; null where it has none or none was counted. */
  readonly perUnitNs: number | null;
  readonly unit: string | null;
}

export interface StageTable {
  readonly rows: readonly StageRow[];
  /** Passes that `passNs` is the median of. */
  readonly passes: number;
  /** Frames that `medianNs` is the median of, each the median of its passes. */
  readonly frames: number;
  /** ns, all frames of a pass, over lanes. */
  readonly wallNs: number;
  readonly level: number;
  /** Why there are no intervals; null where there are. */
  readonly reason: string | null;
}

const KEYS = {
  field: "fieldNs",
  surface: "surfaceNs",
  picture: "pictureNs",
  convert: "convertNs",
  encode: "encodeNs",
  wait: "waitNs",
  instruments: "instrumentsNs",
  unaccounted: "unaccountedNs",
} as const satisfies Record<PartName, string>;

/** Null without a frame. Cost: 8 × 1000 resamples × passes. */
export function stageTable(record: RunRecord | ForeignRecord): StageTable | null {
  const table = frameTable(record);
  if (!table) return null;
  const own = isOwn(record) ? record : null;
  const passes = own ? typicalColumns(own).of : [];
  const sumsOf = (part: PartName, ns: Float64Array) =>
    passes.length > 1 ? passes.map((columns) => sum(columns[KEYS[part]])) : [sum(ns)];
  const wallNs = passes.length > 1 ? median(passes.map((columns) => sum(columns.wallNs))) : sum(table.wallNs);
  const level = BOOTSTRAP_DEFAULTS.level;
  const ordered = table.parts.toSorted((a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part));
  let reason: string | null = null;
  const rows = ordered.map(({ part, ns, medianNs }): StageRow => {
    const sums = sumsOf(part, ns);
    const positive = sums.every((value) => value > 0);
    const interval = positive ? medianInterval(sums, { resamples: STAGE_RESAMPLES }) : null;
    if (interval?.reason !== undefined) reason = interval.reason;
    const passNs = median(sums);
    let worst = 0;
    for (let i = 1; i < ns.length; i++) if (ns[i]! > ns[worst]!) worst = i;
    return {
      part,
      passNs,
      lowNs: interval?.low ?? null,
      highNs: interval?.high ?? null,
      share: wallNs > 0 ? passNs / wallNs : 0,
      medianNs,
      p95Ns: quantile(ns, 0.95),
      worstNs: ns[worst]!,
      worstFrame: table.frame[worst]!,
      ...workOf(own, table, part, ns),
    };
  });
  // One stage whose passes say too little leaves the others theirs.
  if (rows.some(({ lowNs }) => lowNs !== null)) reason = null;
  return { rows, passes: Math.max(1, passes.length), frames: table.frame.length, wallNs, level, reason };
}

function workOf(own: RunRecord | null, { frame }: FrameTable, part: PartName, ns: Float64Array) {
  const none = { perUnitNs: null, unit: null };
  if (!own) return none;
  const { counts } = own.run;
  const pixels = own.resolution[0] * own.resolution[1];
  const work: Partial<Record<PartName, readonly [total: number, unit: string]>> = {
    field: [sum(counts.samples), "sample"],
    surface: [sum(counts.activeCells), "cell"],
    picture: [sum(counts.shadedPixels), "shaded px"],
    convert: [pixels * frame.length, "px"],
    encode: [sum(counts.gifBytes), "GIF byte"],
  };
  const [total, unit] = work[part] ?? [0, null];
  return unit === null ? none : { perUnitNs: total > 0 ? sum(ns) / total : null, unit };
}
