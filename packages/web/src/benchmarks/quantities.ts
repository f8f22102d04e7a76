/** Numbers of frames in words: the value of a lane, a part of a frame, how far a time is from the usual one. */
import { formatCount, formatDuration, formatNumber, formatShare } from "@volumark/measure";
import type { FrameTable } from "../shaping/frame-table.ts";
import type { FrameLane } from "../shaping/lanes.ts";
import { valueText } from "../shaping/machine-facts.ts";

/** ns of a row of the map in one frame. */
export function nsOf(table: FrameTable, name: string, row: number): number {
  if (name === "frame") return table.wallNs[row]!;
  return table.parts.find(({ part }) => part === name)?.ns[row] ?? Number.NaN;
}

/** Of a frame its value, without one the greatest of all; a dash where nothing is known. */
export function laneText({ values, unit, most }: FrameLane, row: number | null): string {
  const value = row === null ? most : (values?.[row] ?? Number.NaN);
  if (!values || Number.isNaN(value)) return "–";
  return row === null && value > 0 ? `≤ ${laneValue(value, unit)}` : laneValue(value, unit);
}

function laneValue(value: number, unit: string): string {
  if (unit === "ns") return value === 0 ? "none" : formatDuration(value);
  return unit === "1" ? formatCount(value) : valueText(value, unit);
}

/** +12 %, −3.4 %, 14.2 ×: how far from the usual. */
export function changeText(ns: number, usualNs: number): string {
  if (!(usualNs > 0)) return "–";
  if (ns >= usualNs * 10) return `${formatNumber(ns / usualNs)} ×`;
  return changeOf(ns / usualNs - 1);
}

/** A change of a share, with its sign. */
export function changeOf(share: number): string {
  return `${share > 0.0005 ? "+" : share < -0.0005 ? "−" : "±"}${formatShare(Math.abs(share))}`;
}
