/**
 * A verdict as a word, a shape and a tone: what it says and how sure it is are two separate channels, and neither is colour
 * alone. A filled triangle is certain, a hollow one is not; up is longer, which is slower.
 */
import { type ComparisonRow, type Verdict, verdictText } from "@volumark/measure";

export type Tone = "better" | "worse" | "same" | "unsure";

export interface VerdictWords {
  /** "faster", "slower", "no difference", "cannot tell", "withheld". */
  readonly word: string;
  readonly shape: "▼" | "▲" | "▽" | "△" | "=" | "–";
  readonly tone: Tone;
  readonly certain: boolean;
  /** The whole verdict in words, with what would help where it is uncertain. */
  readonly detail: string;
}

/** Of a row; `withheld` says why no verdict is given at all. */
export function verdictWords(row: Pick<ComparisonRow, "verdict" | "change">, withheld: string | null): VerdictWords {
  const { verdict, change } = row;
  if (verdict === null) {
    return { word: "withheld", shape: "–", tone: "unsure", certain: false, detail: withheld ?? "no verdict is given" };
  }
  const detail = detailOf(verdict);
  switch (verdict.kind) {
    case "faster":
      return { word: "faster", shape: "▼", tone: "better", certain: true, detail };
    case "slower":
      return { word: "slower", shape: "▲", tone: "worse", certain: true, detail };
    case "no difference":
      return { word: "no difference", shape: "=", tone: "same", certain: true, detail };
    case "cannot tell": {
      const shape = change === null || change === 0 ? "–" : change > 0 ? "△" : "▽";
      return { word: "cannot tell", shape, tone: "unsure", certain: false, detail };
    }
  }
}

function detailOf(verdict: Verdict): string {
  const text = verdictText(verdict);
  return verdict.kind === "cannot tell" ? `${text}: ${verdict.reason}` : text;
}
