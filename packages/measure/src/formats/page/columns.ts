/**
 * The frames of a run as columns of a chart: one a frame, or one for several where there are more than can be told apart.
 *
 * With many passes the value of a frame is the median over the passes of steady state; a pass is never mixed with another.
 */
import { base64 } from "../../record/bytes.ts";
import { median } from "../../statistics/quantile.ts";
import { PARTS, type PartName, type PassView, type RecordView } from "../view.ts";

/** A column is then a pixel wide on a telephone, and the page stays small. */
const MOST_COLUMNS = 240;

export interface Column {
  /** Rows of `Typical` that this column stands for: `from` to `to`, `to` not included. */
  readonly from: number;
  readonly to: number;
  /** The row whose frame took longest. */
  readonly slowest: number;
}

export interface Typical {
  /** Frame numbers. */
  readonly frame: readonly number[];
  readonly wallNs: readonly number[];
  readonly parts: Readonly<Partial<Record<PartName, readonly number[]>>>;
  /** Passes that each value is the median of. */
  readonly passes: number;
  /** The pass whose lanes and start times belong to the frames. */
  readonly pass: PassView;
}

/** The frames that the charts show; null where there are none. */
export function typicalFrames({ passes, representative }: RecordView): Typical | null {
  const pass = passes[representative];
  if (!pass || pass.frame.length === 0) return null;
  const steady = passes.filter(({ warmUp, frame }) => !warmUp && frame.length === pass.frame.length);
  if (steady.length < 2) return { frame: pass.frame, wallNs: pass.wallNs, parts: pass.parts, passes: 1, pass };
  const over = (column: (of: PassView) => readonly number[] | undefined) =>
    pass.frame.map((_, i) => median(steady.flatMap((of) => column(of)?.[i] ?? [])));
  const parts: Partial<Record<PartName, readonly number[]>> = {};
  for (const part of PARTS) if (pass.parts[part]) parts[part] = over((of) => of.parts[part]);
  return { frame: pass.frame, wallNs: over((of) => of.wallNs), parts, passes: steady.length, pass };
}

export function columnsOf({ wallNs }: Typical): Column[] {
  const count = Math.min(wallNs.length, MOST_COLUMNS);
  return Array.from({ length: count }, (_, c) => {
    const from = Math.floor((c * wallNs.length) / count);
    const to = Math.floor(((c + 1) * wallNs.length) / count);
    let slowest = from;
    for (let i = from; i < to; i++) if (wallNs[i]! > wallNs[slowest]!) slowest = i;
    return { from, to, slowest };
  });
}

/** The greatest value within each column. */
export function greatest(columns: readonly Column[], values: readonly number[]): number[] {
  return columns.map(({ from, to }) => {
    let most = values[from]!;
    for (let i = from + 1; i < to; i++) if (values[i]! > most) most = values[i]!;
    return most;
  });
}

/** The mean within each column: sums of means are means of sums, so they may be stacked. */
export function averages(columns: readonly Column[], values: readonly number[]): number[] {
  return columns.map(({ from, to }) => {
    let total = 0;
    for (let i = from; i < to; i++) total += values[i]!;
    return total / (to - from);
  });
}

/** Frame times of every pass, or of evenly spaced ones where there are too many, as the page's script draws them. */
export interface PassStrips {
  /** Numbers of the passes, from 1. */
  readonly passes: readonly number[];
  /** Place in `passes` of the one that is drawn first. */
  readonly shown: number;
  /** ns of one step. */
  readonly step: number;
  /** The slowest frame of each column, in steps of 16 bits, little-endian; pass after pass, base64. */
  readonly steps: string;
  /** Of the pass that is drawn first, ns. */
  readonly values: readonly number[];
}

/** So many times take 160 kB as text. */
const MOST_STRIP_VALUES = 60_000;

/** Null where there was one pass. */
export function passStrips({ passes, representative }: RecordView, columns: readonly Column[]): PassStrips | null {
  const alike = passes.flatMap((pass, p) =>
    pass.frame.length === passes[representative]!.frame.length ? [{ pass, p }] : [],
  );
  if (alike.length < 2 || columns.length === 0) return null;
  const every = Math.ceil((alike.length * columns.length) / MOST_STRIP_VALUES);
  const kept = alike.filter(({ p }, i) => i % every === 0 || p === representative);
  const strips = kept.map(({ pass }) => greatest(columns, pass.wallNs));
  let most = 1;
  for (const strip of strips) for (const ns of strip) if (ns > most) most = ns;
  const step = most / 0xffff;
  const bytes = new Uint8Array(kept.length * columns.length * 2);
  let at = 0;
  for (const strip of strips) {
    for (const ns of strip) {
      const steps = Math.round(ns / step);
      bytes[at++] = steps & 255;
      bytes[at++] = steps >> 8;
    }
  }
  const shown = kept.findIndex(({ p }) => p === representative);
  return { passes: kept.map(({ p }) => p + 1), shown, step, steps: base64(bytes), values: strips[shown]! };
}
