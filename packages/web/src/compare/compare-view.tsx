/** Two runs beside each other, or several against one. What is compared stands in the address. */
import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { COMPARED_STAGES } from "@volumark/measure";
import { useMemo } from "react";
import { useKeys } from "../app/keys.ts";
import type { CompareSearch } from "../app/search.ts";
import { Failed, Waiting } from "../app/view-states.tsx";
import { chooseFile } from "../local/file-events.ts";
import { RunSelect } from "../runs/run-select.tsx";
import { type RunSource, sourceOf } from "../service/run-source.ts";
import classes from "./compare.module.css";
import { ComparisonPanel } from "./comparison-panel.tsx";
import { MOST_RUNS } from "./overlap.ts";
import { OverlapTable } from "./overlap-table.tsx";
import { PicturePair } from "./picture-pair.tsx";
import { useComparison, useLoadedRuns, useOverlap } from "./use-comparison.ts";

const route = getRouteApi("/compare");

export function CompareView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: CompareSearch) =>
    void navigate({ search: (before) => stripped({ ...before, ...next }), replace: true });
  const { a = "", b = "", more = "" } = search;
  const others = more
    .split(",")
    .filter((word) => word !== "")
    .slice(0, MOST_RUNS - 1);
  const swap = () => change({ a: b, b: a });
  useKeys("Compare", [{ key: "x", label: "A for B and B for A", run: swap }]);
  const [sourceA, sourceB] = [useSource(a), useSource(b)];
  return (
    <div className={classes.view}>
      <header className={classes.head}>
        <h1>Compare</h1>
        <RunSelect
          label="A, the baseline"
          className={classes.choose}
          value={a}
          without={b}
          onChange={(word) => change({ a: word })}
        />
        <RunSelect
          label="B, held against it"
          className={classes.choose}
          value={b}
          without={a}
          onChange={(word) => change({ b: word })}
        />
        <Button variant="default" onClick={swap} disabled={a === "" || b === ""}>
          Swap
        </Button>
      </header>
      {others.length > 0 && sourceA && sourceB && (
        <Overlap
          baseline={a}
          words={[b, ...others]}
          onRemove={(word) =>
            word === b
              ? change({ b: others[0]!, more: others.slice(1).join(",") })
              : change({ more: others.filter((one) => one !== word).join(",") })
          }
        />
      )}
      {a !== "" && a === b ? (
        <p className="state" role="status">
          A and B are the same run, so nothing differs. Choose another run for one of them.
        </p>
      ) : sourceA && sourceB ? (
        <Pair a={sourceA} b={sourceB} search={search} change={change} />
      ) : (
        <div className="state">
          <h2>Choose two runs</h2>
          <p>
            You will see whether B is faster than A, by how much and how surely, whether both did the same work, and in
            what their machines differed. Records can be dropped here, two at once.
          </p>
          <Button variant="default" onClick={chooseFile}>
            Open records
          </Button>
        </div>
      )}
    </div>
  );
}

function useSource(word: string): RunSource | null {
  return useMemo(() => (word === "" ? null : sourceOf(word)), [word]);
}

interface PairProps {
  readonly a: RunSource;
  readonly b: RunSource;
  readonly search: Pick<CompareSearch, "stage" | "frame">;
  readonly change: (next: Pick<CompareSearch, "stage" | "frame">) => void;
}

/** The comparison of two runs with their pictures; also that of the benchmarks window. */
export function Pair({ a, b, search, change }: PairProps) {
  const { answer, error, retry } = useComparison(a, b);
  const [one, other] = useLoadedRuns([a, b]);
  if (error) return <Failed title="These runs could not be compared" error={error} onRetry={retry} />;
  if (!answer) return <Waiting what="Comparing" />;
  return (
    <>
      <ComparisonPanel
        comparison={answer}
        stage={COMPARED_STAGES.find((stage) => stage === search.stage) ?? null}
        onStage={(stage) => change({ stage })}
        onFrame={(frame) => {
          change({ frame });
          document.getElementById("pictures-heading")?.scrollIntoView({ block: "nearest" });
        }}
      />
      <section className={classes.card} aria-labelledby="pictures-heading">
        <div className={classes.cardHead}>
          <h3 id="pictures-heading">Pictures in step</h3>
        </div>
        {one?.run && other?.run ? (
          <PicturePair a={one.run} b={other.run} frame={search.frame ?? 0} onFrame={(frame) => change({ frame })} />
        ) : (
          <p className="quiet">Fetching the records.</p>
        )}
      </section>
    </>
  );
}

interface OverlapProps {
  readonly baseline: string;
  readonly words: readonly string[];
  readonly onRemove: (word: string) => void;
}

function Overlap({ baseline, words, onRemove }: OverlapProps) {
  const { answer, error, retry } = useOverlap(sourceOf(baseline), words.map(sourceOf));
  if (error) return <Failed title="These runs could not be compared" error={error} onRetry={retry} />;
  if (!answer) return <Waiting what="Comparing" />;
  return <OverlapTable baseline={baseline} rows={answer} words={words} onRemove={onRemove} />;
}

/** Empty words do not stand in the address. */
function stripped(search: CompareSearch): CompareSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== "" && value !== undefined));
}
