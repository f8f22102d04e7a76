/**
 * Scores: how fast a run was beside the same run on a reference machine, which has 1000. Linear: twice the score is twice the
 * speed. Of several runs the geometric mean, the only one that gives the same order whichever machine is the reference
 * (P. J. Fleming, J. J. Wallace, "How Not to Lie with Statistics", CACM 29 (1986), doi:10.1145/5666.5673).
 *
 * Beside each score stands the one that the canary corrects: divided by how much faster the canary ran than on the reference
 * machine. What differs in that one is the program, or work of another kind than the canary's; what differs only in the raw
 * one is the machine, or what else it did.
 *
 * Guaranteed: the reference scores exactly 1000; a suite of which a run is missing, or was made with other settings, has no
 * score, and the reason stands in its place. Not guaranteed: that the interval holds what the choice of runs adds; it tells how
 * well these runs are known on this machine.
 */
import { portableExp, portableLog } from "../statistics/logarithm.ts";
import { type MeasuredRun, type MeasuredTime, SCORED, type Scored } from "./measured.ts";

/** What the reference machine took. */
export interface ReferenceRun {
  readonly settingsHash: string;
  /** Of the canary beside it, ns. */
  readonly canaryNs: number;
  /** Of a pass, ns. */
  readonly ns: Readonly<Record<Scored, number>>;
}

export interface Score {
  /** Null where there is none, and `reason` says why. */
  readonly value: number | null;
  /** Of its 95 % interval; null where a time has none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Corrected by the canary; null where it was not run. */
  readonly corrected: number | null;
  /** Whether every time behind it is known as well as was asked; if not, `reason` says which is not. */
  readonly reached: boolean;
  readonly reason?: string;
}

export type Scores = Readonly<Record<Scored, Score>>;

export interface ScoredMember {
  readonly name: string;
  readonly scores: Scores;
}

export interface ScoredSuite {
  /** In the order of the suite. */
  readonly members: readonly ScoredMember[];
  /** Over all members; without a value where one is missing. */
  readonly overall: Scores;
}

/** A member of a suite as it came out: its run, or why there is none. */
export type SuiteOutcome =
  | { readonly name: string; readonly run: MeasuredRun }
  | { readonly name: string; readonly run: null; readonly reason: string };

/** The score of one run. Every score lacks its value where settings are not those of the reference, or there is no reference. */
export function scoreRun(run: MeasuredRun, reference: ReferenceRun | undefined): Scores {
  const refusal =
    reference === undefined
      ? "the reference machine did not make it"
      : run.settingsHash !== reference.settingsHash
        ? `its settings are ${run.settingsHash ?? "not known"}, those of the reference ${reference.settingsHash}`
        : null;
  return each((name) =>
    reference === undefined || refusal !== null
      ? noScore(refusal ?? "")
      : scoreOf(run.times[name], reference.ns[name], run.canaryNs, reference.canaryNs),
  );
}

/** The scores of a suite's runs, and over all of them. */
export function scoreSuite(
  outcomes: readonly SuiteOutcome[],
  reference: Readonly<Record<string, ReferenceRun | undefined>>,
): ScoredSuite {
  const members = outcomes.map((outcome) => ({
    name: outcome.name,
    scores: outcome.run ? scoreRun(outcome.run, reference[outcome.name]) : each(() => noScore(outcome.reason)),
  }));
  return { members, overall: each((name) => meanScore(members, name)) };
}

function scoreOf(
  { ns, low, high, reached, reason }: MeasuredTime,
  referenceNs: number,
  canary: number | null,
  referenceCanary: number,
): Score {
  if (ns === null) return noScore(reason ?? "not measured");
  const value = (1000 * referenceNs) / ns;
  return {
    value,
    // The longest time is the lowest score.
    low: high === null ? null : (1000 * referenceNs) / high,
    high: low === null ? null : (1000 * referenceNs) / low,
    corrected: canary === null ? null : value * (canary / referenceCanary),
    reached,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The geometric mean. Its interval takes the members' noise as independent: their widths as logarithms add in squares. */
function meanScore(members: readonly ScoredMember[], name: Scored): Score {
  if (members.length === 0) return noScore("there are no members");
  const missing = members.filter(({ scores }) => scores[name].value === null);
  if (missing.length > 0) {
    const why = missing.map((member) => `${member.name} (${member.scores[name].reason})`);
    return noScore(
      `${missing.length} of ${members.length} members ${missing.length === 1 ? "has" : "have"} none: ${why.join("; ")}`,
    );
  }
  const scores = members.map((member) => member.scores[name]);
  const unreached = members.filter((member) => !member.scores[name].reached).map((member) => member.name);
  const value = geometricMean(scores.map((score) => score.value));
  const reaches = scores.map(({ low, high }) => (low === null || high === null ? null : portableLog(high / low) / 2));
  const whole = reaches.every((reach) => reach !== null);
  const reach = portableExp(Math.sqrt(reaches.reduce<number>((sum, one) => sum + (one ?? 0) ** 2, 0)) / members.length);
  return {
    value,
    low: whole && value !== null ? value / reach : null,
    high: whole && value !== null ? value * reach : null,
    corrected: geometricMean(scores.map((score) => score.corrected)),
    reached: unreached.length === 0,
    ...(unreached.length > 0 ? { reason: `of ${unreached.join(", ")}` } : {}),
  };
}

/** Null where one is. Scores of exactly 1000 mean exactly 1000: the logarithms are taken of the ratio to it. */
function geometricMean(scores: readonly (number | null)[]): number | null {
  let logs = 0;
  for (const score of scores) {
    if (score === null) return null;
    logs += portableLog(score / 1000);
  }
  return 1000 * portableExp(logs / scores.length);
}

function noScore(reason: string): Score {
  return { value: null, low: null, high: null, corrected: null, reached: false, reason };
}

function each(scoreFor: (name: Scored) => Score): Scores {
  return Object.fromEntries(SCORED.map((name) => [name, scoreFor(name)])) as Record<Scored, Score>;
}
