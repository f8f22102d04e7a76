/** One stage over like runs, ready for a chart: groups, levels, steps with their words. */
import { formatDuration, type History, type HistoryStep } from "@volumark/measure";
import type { Answer } from "volumark/api";
import { changeText } from "../compare/ratio-axis.ts";
import { plainText } from "../local/plain-text.ts";

export type HistoryAnswer = Answer<"history">;
export type HistoryPoint = HistoryAnswer["points"][number];

export interface HistoryGroup {
  readonly settingsHash: string;
  readonly machine: string;
  /** The address's word for it. */
  readonly key: string;
  readonly label: string;
  readonly runs: number;
}

/** The most runs first; the same runs on the same machine make a group. */
export function historyGroups({ groups }: Pick<HistoryAnswer, "groups">): HistoryGroup[] {
  return groups
    .map(({ settingsHash, machine, scene, runs }) => ({
      settingsHash,
      machine,
      key: groupKey(settingsHash, machine),
      label: `${plainText(scene ?? "record", 40)} · ${settingsHash.slice(0, 8)} · ${plainText(machine, 60)} · ${runs} ${runs === 1 ? "run" : "runs"}`,
      runs,
    }))
    .sort((a, b) => b.runs - a.runs || (a.key < b.key ? -1 : 1));
}

export function groupKey(settingsHash: string | null, machine: string): string {
  return `${settingsHash ?? ""}@${machine}`;
}

export interface MarkedStep extends HistoryStep {
  /** The first run of the new level. */
  readonly point: HistoryPoint;
  readonly acknowledged: string | null;
  /** What happened, in a sentence. */
  readonly sentence: string;
}

export function markedSteps(points: readonly HistoryPoint[], { steps }: History): MarkedStep[] {
  return steps.flatMap((step) => {
    const point = points[step.index];
    if (!point) return [];
    const direction = step.change > 0 ? "slower" : "faster";
    const reason = point.acknowledged === null ? "" : ` Acknowledged: ${plainText(point.acknowledged, 300)}`;
    return [
      {
        ...step,
        point,
        acknowledged: point.acknowledged,
        sentence:
          `${direction} by ${changeText(step.change)} from ${point.startedAt.slice(0, 16).replace("T", " ")} on: ` +
          `${formatDuration(step.before)} to ${formatDuration(step.after)}.${reason}`,
      },
    ];
  });
}

export interface Level {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly ns: number;
}

/** The levels between the steps, for lines through them; the whole where there is no step. */
export function levelsOf(count: number, { steps }: History, median: (from: number, to: number) => number): Level[] {
  if (count === 0) return [];
  const starts = [0, ...steps.map(({ index }) => index)];
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? count;
    return { from, to, ns: i > 0 ? steps[i - 1]!.after : (steps[0]?.before ?? median(0, to)) };
  });
}

/** The interval of a run, or why it has none. */
export function intervalText({ lowNs, highNs, reason }: HistoryPoint): string {
  if (lowNs === null || highNs === null) return `no interval: ${reason ?? "not known"}`;
  return `${formatDuration(lowNs)} to ${formatDuration(highNs)}`;
}

/** How many have none and why, as a sentence with a space behind it; nothing where all have one. */
export function unknownIntervals(points: readonly HistoryPoint[]): string {
  const reasons = points.flatMap(({ lowNs, reason }) => (lowNs === null ? [reason ?? "not known"] : []));
  if (reasons.length === 0) return "";
  const different = [...new Set(reasons)];
  const said = different.map((reason) =>
    different.length === 1 ? reason : `${reason} (${reasons.filter((one) => one === reason).length})`,
  );
  const who = reasons.length === points.length ? "None of them has" : `${reasons.length} of ${points.length} have no`;
  return `${who}${reasons.length === points.length ? " one" : " interval"}: ${said.join(", ")}. `;
}

/**
 * Ends of the axis: zero where the values reach near it, else with room around them; never empty. Intervals are within it, but
 * for what reaches so far that the values would not be told apart.
 */
export function historyRange(points: readonly HistoryPoint[]): readonly [least: number, most: number] {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { ns } of points) {
    least = Math.min(least, ns);
    most = Math.max(most, ns);
  }
  if (!(most > 0)) return [0, 1];
  const farthest = Math.max(1.5 * (most - least), 0.1 * most);
  const ends = points.flatMap(({ lowNs, highNs }) => (lowNs === null || highNs === null ? [] : [lowNs, highNs]));
  const [lowest, highest] = [Math.max(0, least - farthest), most + farthest];
  for (const end of ends) {
    least = Math.min(least, Math.max(lowest, end));
    most = Math.max(most, Math.min(highest, end));
  }
  const room = Math.max(most - least, 0.02 * most) * 0.15;
  return [least < 0.4 * most ? 0 : Math.max(0, least - room), most + room];
}

/** What the whole says, in a sentence. */
export function historySentence(points: readonly HistoryPoint[], history: History): string {
  if (points.length === 0) return "No run of this group is stored.";
  if (history.runsMissing > 0)
    return `${points.length} ${points.length === 1 ? "run" : "runs"}: a step can be seen from ${points.length + history.runsMissing} on.`;
  const { steps } = history;
  const known = steps.filter((step) => points[step.index]?.acknowledged != null).length;
  if (steps.length === 0) return `${points.length} runs, no step found.`;
  const words = `${points.length} runs, ${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  return known === steps.length ? `${words}, acknowledged.` : `${words}, ${steps.length - known} not acknowledged.`;
}
