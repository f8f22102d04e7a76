/** What a run says of the one before it: a line, so that a change is seen by whoever did not ask for it. */
import { type Comparison, compareRecords, type RunRecord, verdictText } from "@volumark/measure";
import type { RunBefore } from "../store/run-before.ts";
import { changeShare, localTime, SHORT_ID } from "./stored-runs.ts";

export interface Since {
  readonly text: string;
  /** Slower, or another GIF from the same settings: whoever reads on should look at it. */
  readonly alarming: boolean;
}

export function sinceBefore({ id, record: before }: RunBefore, record: RunRecord): Since {
  return sinceText(compareRecords({ record: before, name: id }, { record, name: record.run.id }));
}

/**
 * Run b against a, the one before. Times of single passes are told and not judged: what two of them differ by is mostly the
 * machine's. Whether both gave the same GIF is judged of any.
 */
export function sinceText(comparison: Pick<Comparison, "a" | "b" | "sameWork" | "total">): Since {
  const { a, b, sameWork, total } = comparison;
  const [before, now] = [a.id.slice(0, SHORT_ID), b.id.slice(0, SHORT_ID)];
  const begin = `Since run ${before} (${localTime(a.startedAt)}): `;
  const where = `; volumark compare ${before} ${now} shows where.`;
  if (sameWork === "different output")
    return { text: `${begin}the same settings give another GIF${where}`, alarming: true };
  if (Math.min(a.passes, b.passes) < 2)
    return {
      text: `${begin}${changeText(total)}, one pass each, which judges nothing; volumark bench does.`,
      alarming: false,
    };
  const alarming = total.verdict?.kind === "slower";
  return {
    text: `${begin}${verdictText(total.verdict)}, ${changeText(total)}, made apart${alarming ? where : "."}`,
    alarming,
  };
}

function changeText({ change, low, high }: Comparison["total"]): string {
  if (change === null) return "no time to compare";
  const interval = low === null || high === null ? "" : ` (${changeShare(low)} to ${changeShare(high)})`;
  return `${changeShare(change)} a pass${interval}`;
}
