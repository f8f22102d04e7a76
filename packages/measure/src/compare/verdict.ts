/**
 * Four verdicts and no others, from an effect, its error and the smallest difference that counts.
 *
 * `faster` and `slower` are said only where the interval lies wholly beyond the band, `no difference` only where it lies wholly
 * within; where it crosses the band's edge, nothing is said but how many more passes would settle it. With d the distance
 * from the effect to the nearer edge, one p-value serves both questions: p = P(|T| > d / error).
 */
import { studentQuantile, studentTail } from "../statistics/student.ts";

export type Verdict =
  | { readonly kind: "faster" | "slower" }
  /** `beyond`: the band, as a share. */
  | { readonly kind: "no difference"; readonly beyond: number }
  | {
      readonly kind: "cannot tell";
      /** About as many more passes on each side, 1001 for any number above 1000; null where passes wouldn't help. */
      readonly morePasses: number | null;
      readonly reason: string;
    };

/** Passes beyond this aren't asked for. */
export const MOST_MORE_PASSES = 1000;

/** "No difference beyond" more than this would say nothing. */
export const MOST_BAND = 0.25;

/** The chance of an effect this far from the band's edge if it lay on it. 1 where it is not known. */
export function pValueOf(logRatio: number, error: number, degrees: number, bandLog: number): number {
  const distance = Math.abs(Math.abs(logRatio) - bandLog);
  if (error === 0) return distance > 0 ? 0 : 1;
  return Math.min(1, 2 * studentTail(distance / error, degrees));
}

/** `p`: corrected; `tests`: as many questions were asked at once, so that the estimate of more passes is for the strictest. */
export function decideVerdict(
  { logRatio, error, degrees, passes }: { logRatio: number; error: number; degrees: number; passes: number },
  band: number,
  bandLog: number,
  p: number,
  level: number,
  tests: number,
): Verdict {
  if (p <= 1 - level) {
    if (Math.abs(logRatio) <= bandLog)
      return band > MOST_BAND ? tooNoisy(band, passes) : { kind: "no difference", beyond: band };
    return { kind: logRatio > 0 ? "slower" : "faster" };
  }
  // The interval's half width falls with the root of the number of passes and has to fall to the distance.
  const distance = Math.abs(Math.abs(logRatio) - bandLog);
  const reach = studentQuantile(1 - (1 - level) / tests, degrees) * error;
  const needed = distance > 0 ? passes * (reach / distance) ** 2 : Number.POSITIVE_INFINITY;
  const morePasses = Math.min(MOST_MORE_PASSES + 1, Math.max(1, Math.ceil(needed - passes)));
  const direction = logRatio > 0 ? "slower" : "faster";
  const reason =
    Math.abs(logRatio) > reach
      ? `${direction}, but it isn't sure whether by more than the band`
      : "the interval holds 0 and reaches beyond the band";
  return { kind: "cannot tell", morePasses, reason };
}

/** A noise floor falls with the root of the number of passes. */
function tooNoisy(band: number, passes: number): Verdict {
  const more = Math.ceil(passes * (band / MOST_BAND) ** 2 - passes);
  const reason = `the noise allows no statement below ${Math.round(band * 100)} %`;
  return { kind: "cannot tell", morePasses: Math.min(MOST_MORE_PASSES + 1, Math.max(1, more)), reason };
}
