/** The tab of the benchmarks window: this run against the baseline that the address names. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StudioSearch } from "../app/search.ts";
import { RunSelect } from "../runs/run-select.tsx";
import { type LoadedRun, sourceOf, sourceWord } from "../service/run-source.ts";
import classes from "./compare.module.css";
import { Pair } from "./compare-view.tsx";

export function CompareTab({ run }: { readonly run: LoadedRun }) {
  const search: StudioSearch = useSearch({ strict: false });
  const navigate = useNavigate({ from: "/" });
  const change = (next: Partial<Pick<StudioSearch, "base" | "stage" | "frame">>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const { base = "" } = search;
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <RunSelect
          label="Baseline (A); this run is B"
          className={classes.choose}
          value={base}
          without={sourceWord(run.source)}
          onChange={(word) => change({ base: word })}
        />
      </div>
      {base === "" ? (
        <p className="quiet">Choose the run that this one is held against.</p>
      ) : (
        <Pair a={sourceOf(base)} b={run.source} search={search} change={change} />
      )}
    </div>
  );
}
