/** The head of the window: the answer in one sentence, the grade, the smallest difference that can be told, the baseline. */
import { formatShare } from "@volumark/measure";
import type { ReactNode } from "react";
import type { LoadedRun } from "../service/run-source.ts";
import type { Analysis } from "../shaping/analysis.ts";
import classes from "./benchmarks.module.css";

export interface VerdictProps {
  readonly run: LoadedRun;
  readonly analysis: Analysis | null;
  /** Why its frames aren't looked at; null where they are. */
  readonly large: string | null;
  readonly baseline: ReactNode;
}

const WORDS = {
  A: "every check holds",
  B: "good, with a reservation",
  C: "not to be relied on alone",
  D: "not to be used",
} as const;

export function Verdict({ run, analysis, large, baseline }: VerdictProps) {
  return (
    <header className={classes.verdict}>
      <div className={classes.answer}>
        <h2 className={classes.title}>{run.title}</h2>
        {analysis ? (
          analysis.answer.map(({ text, tone }) => (
            <p key={text} className={classes.sentence} data-tone={tone}>
              {text}
            </p>
          ))
        ) : (
          <p className={classes.sentence} role="status">
            {large ?? "Computing medians and intervals …"}
          </p>
        )}
      </div>
      <div className={classes.trust}>
        {analysis && <GradeBadge analysis={analysis} />}
        {analysis && <Noise analysis={analysis} />}
        {baseline}
      </div>
    </header>
  );
}

function GradeBadge({ analysis: { grade } }: { readonly analysis: Analysis }) {
  if (!grade) {
    return (
      <div className={classes.fact}>
        <span className="label">Grade</span>
        <span className={classes.value}>none</span>
        <span className={classes.note}>made by another program: nothing to grade it by</span>
      </div>
    );
  }
  const open = grade.checks.filter(({ state }) => state !== "holds").length;
  const limited = grade.limited ? ", of the frames that there are" : "";
  return (
    <div className={classes.fact}>
      <span className="label">Grade</span>
      <span className={classes.letter} data-grade={grade.letter}>
        {grade.letter}
      </span>
      <span className={classes.note}>
        {open === 0
          ? WORDS.A
          : `${WORDS[grade.letter]}: ${grade.checks.length - open} of ${grade.checks.length} checks hold`}
        {limited}
      </span>
    </div>
  );
}

function Noise({ analysis: { noise, total } }: { readonly analysis: Analysis }) {
  const floor = noise?.total ?? null;
  return (
    <div className={classes.fact}>
      <span className="label">Noise floor</span>
      <span className={classes.value}>{floor === null ? "not known" : `±${formatShare(floor)}`}</span>
      <span className={classes.note}>
        {floor === null
          ? (noise?.reason ?? "one pass of another program")
          : `smaller differences can't be told, n = ${total?.count ?? 0} passes`}
      </span>
    </div>
  );
}
