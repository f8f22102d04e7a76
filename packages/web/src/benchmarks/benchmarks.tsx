/** The benchmarks window of one run: what it cost, where, and whether the number can be trusted. */
import { Tabs } from "@mantine/core";
import { BENCHMARK_TABS, type BenchmarksProps, benchmarkTab } from "./tabs.ts";

export function Benchmarks({ run, tab, onTab, baseline }: BenchmarksProps) {
  return (
    <section aria-label="Benchmarks">
      <h2>{run.title}</h2>
      {baseline}
      <Tabs value={tab} onChange={(next) => onTab(benchmarkTab(next))} keepMounted={false}>
        <Tabs.List>
          {BENCHMARK_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
    </section>
  );
}
