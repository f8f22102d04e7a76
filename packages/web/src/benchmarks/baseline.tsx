/** The run that this one is held against, and in a few words how they differ; the Compare tab says the rest. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StudioSearch } from "../app/search.ts";
import { useComparison } from "../compare/use-comparison.ts";
import { verdictWords } from "../compare/verdict-words.ts";
import { RunSelect } from "../runs/run-select.tsx";
import { type LoadedRun, sourceOf, sourceWord } from "../service/run-source.ts";
import classes from "./benchmarks.module.css";
import { changeOf } from "./quantities.ts";

export function Baseline({ run, onCompare }: { readonly run: LoadedRun; readonly onCompare: () => void }) {
  const { base = "" }: StudioSearch = useSearch({ strict: false });
  const navigate = useNavigate({ from: "/" });
  return (
    <div className={classes.baseline}>
      <RunSelect
        label="Baseline"
        value={base}
        without={sourceWord(run.source)}
        onChange={(word) =>
          void navigate({ search: (before) => ({ ...before, base: word || undefined }), replace: true })
        }
      />
      {base === "" ? (
        <span className={classes.note}>none: the numbers stand alone</span>
      ) : (
        <AgainstBaseline run={run} base={base} onCompare={onCompare} />
      )}
    </div>
  );
}

interface AgainstBaselineProps {
  readonly run: LoadedRun;
  readonly base: string;
  readonly onCompare: () => void;
}

function AgainstBaseline({ run, base, onCompare }: AgainstBaselineProps) {
  const { answer, error } = useComparison(sourceOf(base), run.source);
  if (error)
    return <span className={classes.note}>It can't be compared: {String((error as Error).message ?? error)}</span>;
  if (!answer) return <span className={classes.note}>Comparing …</span>;
  const { word, shape } = verdictWords(answer.total, answer.withheld);
  const { change } = answer.total;
  return (
    <span className={classes.note}>
      <button type="button" className={classes.link} onClick={onCompare}>
        <span aria-hidden="true">{shape}</span> {word}
      </button>
      {change !== null && `, ${changeOf(change)} in a pass`}
    </span>
  );
}
