/** The benchmarks window of one run: what it cost, where, and whether the number can be trusted. */
import { Tabs } from "@mantine/core";
import { type ComponentType, lazy, Suspense, useDeferredValue } from "react";
import { useKeys } from "../app/keys.ts";
import { Failed, Waiting } from "../app/view-states.tsx";
import { tooLarge } from "../shaping/frame-table.ts";
import { Baseline } from "./baseline.tsx";
import classes from "./benchmarks.module.css";
import { Overview } from "./overview.tsx";
import type { TabProps } from "./tab-props.ts";
import { BENCHMARK_TABS, type BenchmarksProps, type BenchmarkTab, benchmarkTab } from "./tabs.ts";
import { useAnalysis } from "./use-analysis.ts";
import { Verdict } from "./verdict.tsx";

const PANELS: Readonly<Record<BenchmarkTab, ComponentType<TabProps>>> = {
  overview: Overview,
  frames: lazy(async () => ({ default: (await import("./frames.tsx")).Frames })),
  timeline: lazy(async () => ({ default: (await import("./timeline.tsx")).Timeline })),
  compare: lazy(async () => ({ default: (await import("../compare/compare-tab.tsx")).CompareTab })),
  history: lazy(async () => ({ default: (await import("../history/history-tab.tsx")).HistoryTab })),
  machine: lazy(async () => ({ default: (await import("../machine/machine-tab.tsx")).MachineTab })),
  raw: lazy(async () => ({ default: (await import("./raw.tsx")).Raw })),
};

const LocalBar = lazy(async () => ({ default: (await import("../local/local-bar.tsx")).LocalBar }));

const NAMES: Readonly<Record<BenchmarkTab, string>> = {
  overview: "Overview",
  frames: "Frames",
  timeline: "Timeline",
  compare: "Compare",
  history: "History",
  machine: "Machine",
  raw: "Raw",
};

/** Tabs that look at every frame. */
const OF_FRAMES: ReadonlySet<BenchmarkTab> = new Set(["overview", "frames", "timeline", "compare"]);

export function Benchmarks(props: BenchmarksProps) {
  const { run, tab, onTab } = props;
  const large = tooLarge(run.record);
  const { value: analysis, error } = useAnalysis(large === null ? run.record : null);
  // The press of a tab is answered at once; what is under it is drawn in slices.
  const opened = useDeferredValue(tab);
  const Panel = PANELS[opened];
  const whole = large === null || !OF_FRAMES.has(opened);
  useKeys(
    "Benchmarks",
    BENCHMARK_TABS.map((name, i) => ({ key: String(i + 1), label: NAMES[name], run: () => onTab(name) })),
  );
  return (
    <section className={classes.window} aria-label="Benchmarks">
      {run.source.kind === "local" && (
        <Suspense fallback={null}>
          <LocalBar run={run} />
        </Suspense>
      )}
      <Verdict
        run={run}
        analysis={analysis}
        large={large}
        baseline={<Baseline run={run} onCompare={() => onTab("compare")} />}
      />
      <Tabs value={tab} onChange={(next) => onTab(benchmarkTab(next))} keepMounted={false} className={classes.tabs!}>
        <Tabs.List className={classes.list!}>
          {BENCHMARK_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {NAMES[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className={classes.panel!} aria-busy={opened !== tab}>
          {!whole ? (
            <p className="quiet">{large}</p>
          ) : error !== null ? (
            <Failed title="The numbers could not be computed" error={error} />
          ) : (
            <Suspense key={opened} fallback={<Waiting what={`Opening ${NAMES[opened]}`} />}>
              <Panel {...props} analysis={analysis} />
            </Suspense>
          )}
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}
