/**
 * A logarithmic axis of ratios: 1 is "as long", twice as long and half as long lie equally far from it.
 *
 * The axis is as wide as what it must show and never wider than 1/16 to 16, so that one odd value does not flatten the rest;
 * what lies beyond is drawn at the edge and said in words.
 */
export interface RatioAxis {
  /** Ends of the axis, ratios; `most` = 1 / `least`. */
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
  /** Where a ratio lies: 0 at `least`, 1 at `most`; never outside. */
  at(ratio: number): number;
  /** Whether the axis is too short for it. */
  beyond(ratio: number): boolean;
}

/** The axis is at least this wide: ±5 %. */
const NARROWEST = 1.05;
const WIDEST = 16;
/** Ends to choose from, and the ratios above 1 that are written at each. */
const ENDS: readonly (readonly [end: number, ticks: readonly number[]])[] = [
  [1.05, [1.02, 1.04]],
  [1.1, [1.05]],
  [1.25, [1.1, 1.2]],
  [1.5, [1.2, 1.4]],
  [2, [1.25, 1.5]],
  [3, [1.5, 2]],
  [4, [2, 3]],
  [8, [2, 4]],
  [16, [2, 4, 8]],
];

/** An axis that holds these ratios. What is not positive or not finite is left out. */
export function ratioAxis(ratios: Iterable<number | null>): RatioAxis {
  let reach = NARROWEST;
  for (const ratio of ratios) {
    if (ratio === null || !(ratio > 0) || !Number.isFinite(ratio)) continue;
    reach = Math.max(reach, ratio, 1 / ratio);
  }
  const [end, above] = ENDS.find(([most]) => most >= Math.min(reach, WIDEST)) ?? ENDS[ENDS.length - 1]!;
  const [least, most] = [1 / end, end];
  const width = 2 * Math.log(end);
  return {
    least,
    most,
    ticks: [...above.map((tick) => 1 / tick).reverse(), 1, ...above],
    at: (ratio) => (ratio > 0 ? Math.min(1, Math.max(0, 0.5 + Math.log(ratio) / width)) : 0),
    beyond: (ratio) => !(ratio >= least && ratio <= most),
  };
}

/** A ratio for people: 0.86 ×, 1.004 ×, 12.3 ×. Three digits beyond what is certain would be noise. */
export function ratioText(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return "-";
  const digits = ratio >= 9.995 ? 1 : Math.abs(ratio - 1) < 0.02 ? 3 : 2;
  return `${ratio.toFixed(digits)} ×`;
}

/** A share with its sign: +5.2 %, −0.3 %, 0 %. */
export function changeText(change: number | null): string {
  if (change === null || !Number.isFinite(change)) return "-";
  const percent = Math.abs(change * 100);
  const text = percent >= 99.95 ? percent.toFixed(0) : percent.toFixed(1);
  if (Number(text) === 0) return "0 %";
  return `${change < 0 ? "−" : "+"}${text} %`;
}
