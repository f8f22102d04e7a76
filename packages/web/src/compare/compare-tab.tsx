/** The tab of the benchmarks window: this run against the baseline that the address names. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StudioSearch } from "../app/search.ts";
import { type LoadedRun, sourceOf } from "../service/run-source.ts";
import classes from "./compare.module.css";
import { Pair } from "./compare-view.tsx";

export function CompareTab({ run }: { readonly run: LoadedRun }) {
  const search: StudioSearch = useSearch({ strict: false });
  const navigate = useNavigate({ from: "/" });
  const change = (next: Partial<Pick<StudioSearch, "stage" | "frame">>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const { base = "" } = search;
  return (
    <div className={classes.panel}>
      {base === "" ? (
        <p className="quiet">Choose under Baseline, above, the run that this one (B) is held against (A).</p>
      ) : (
        <Pair a={sourceOf(base)} b={run.source} search={search} change={change} />
      )}
    </div>
  );
}
