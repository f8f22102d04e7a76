/** What a comparison says, as sentences and rows: no chart and no element, so that every view of it says the same. */
import type { Comparison, ComparisonRow } from "@volumark/measure";
import { formatCount, formatDuration } from "@volumark/measure";
import { changeText, ratioText } from "./ratio-axis.ts";
import { type VerdictWords, verdictWords } from "./verdict-words.ts";

export interface StageRow {
  readonly name: string;
  /** b / a; null where either took no time. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Ends of the band in which a difference does not count, ratios. */
  readonly bandLow: number;
  readonly bandHigh: number;
  readonly aNs: number;
  readonly bNs: number;
  readonly words: VerdictWords;
  /** The row in one sentence, for those who hear it. */
  readonly sentence: string;
}

export interface WorkWords {
  readonly kind: Comparison["sameWork"];
  readonly good: boolean;
  readonly text: string;
  /** Hash by hash: what it is of, both beginnings, and whether they agree. */
  readonly hashes: readonly {
    readonly name: string;
    readonly a: string | null;
    readonly b: string | null;
    readonly equal: boolean | null;
  }[];
}

/** The total first, then the stages in the order in which they happen. */
export function stageRows(comparison: Pick<Comparison, "total" | "stages" | "withheld">): StageRow[] {
  return [comparison.total, ...comparison.stages].map((row) => stageRow(row, comparison.withheld));
}

function stageRow(row: ComparisonRow, withheld: string | null): StageRow {
  const words = verdictWords(row, withheld);
  const of = (change: number | null) => (change === null ? null : 1 + change);
  const [ratio, low, high] = [of(row.change), of(row.low), of(row.high)];
  const interval = low === null || high === null ? "no interval" : `${ratioText(low)} to ${ratioText(high)}`;
  return {
    name: row.name,
    ratio,
    low,
    high,
    bandLow: 1 / (1 + row.band),
    bandHigh: 1 + row.band,
    aNs: row.aNs,
    bNs: row.bNs,
    words,
    sentence:
      `${row.name}: b takes ${ratioText(ratio)} the time of a (${interval}); ` +
      `${formatDuration(row.aNs)} and ${formatDuration(row.bNs)}; ${words.detail}.`,
  };
}

/** The answer in one sentence: whether b is faster, by how much, how sure. */
export function answerSentence(comparison: Comparison): string {
  const { total, withheld, level } = comparison;
  if (withheld !== null) return `No verdict: ${withheld}.`;
  const row = stageRow(total, null);
  const { ratio, low, high } = row;
  const span =
    low === null || high === null
      ? "no interval: too few passes"
      : `${Math.round(level * 100)} % interval ${ratioText(low)} to ${ratioText(high)}`;
  const by = ratio === null ? "" : `${ratioText(ratio)} the time of A, ${changeText(ratio - 1)} (${span})`;
  switch (total.verdict?.kind) {
    case "faster":
      return `B is faster: ${by}.`;
    case "slower":
      return `B is slower: ${by}.`;
    case "no difference":
      return `No difference beyond ±${(total.verdict.beyond * 100).toFixed(1)} %: B takes ${by}.`;
    default:
      return ratio === null ? "It cannot be told: one of the runs took no time." : `It cannot be told: B takes ${by}.`;
  }
}

/** How the two were made beside each other, and what that means. */
export function orderSentence({ order }: Pick<Comparison, "order">): string {
  if (order === null) return "Made apart, not interleaved: the machine may have changed between the two.";
  const shown = order.length > 16 ? `${order.slice(0, 16)}… (${formatCount(order.length)} passes)` : order;
  return `Interleaved (${shown}): what changed on the machine meanwhile touched both.`;
}

/** A record without settings has nothing that could differ: a sentence, and no list of what the other one holds. */
export function settingsDiffering({ a, b, settings }: Pick<Comparison, "a" | "b" | "settings">): {
  readonly found: Comparison["settings"];
  readonly none: string;
} {
  const lacking = [a.settingsHash === null ? "A" : null, b.settingsHash === null ? "B" : null].filter(
    (one) => one !== null,
  );
  if (lacking.length === 0) return { found: settings, none: "The settings are equal." };
  return { found: [], none: `Not known: the record of ${lacking.join(" and of ")} holds no settings.` };
}

const WORK: Readonly<Record<Comparison["sameWork"], string>> = {
  same: "The same work: equal settings, equal bytes of the GIF.",
  "different settings": "Not the same work: the settings differ.",
  "different output": "Not the same work: equal settings made different bytes.",
  "not known": "It isn't known whether the work was the same: a hash is missing.",
};

export function workWords({ sameWork, a, b }: Comparison): WorkWords {
  const hash = (name: string, one: string | null, other: string | null) => ({
    name,
    a: one,
    b: other,
    equal: one === null || other === null ? null : one === other,
  });
  return {
    kind: sameWork,
    good: sameWork === "same",
    text: WORK[sameWork],
    hashes: [
      hash("settings", a.settingsHash, b.settingsHash),
      hash("scene", a.sceneHash, b.sceneHash),
      hash("GIF bytes", a.outputHash, b.outputHash),
    ],
  };
}
