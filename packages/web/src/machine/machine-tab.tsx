/** The machine that a run was made on, as its record has it. */
import { useMemo } from "react";
import type { TabProps } from "../benchmarks/tab-props.ts";
import { machineAdvice, machineFacts } from "../shaping/machine-facts.ts";
import { Facts, Quieter } from "./facts.tsx";
import classes from "./machine.module.css";

export function MachineTab({ run, analysis }: TabProps) {
  const groups = useMemo(() => machineFacts(run.record), [run.record]);
  const advice = useMemo(() => machineAdvice(analysis?.grade ?? null), [analysis]);
  const fallback = !analysis
    ? "Looking at the checks …"
    : analysis.grade
      ? "Nothing about this machine kept the numbers from being better."
      : "Another program's record has no sensors to say what disturbed it. A run made here with the same settings has them.";
  return (
    <div className={classes.stack}>
      <Quieter advice={advice} fallback={fallback} />
      <Facts groups={groups} />
    </div>
  );
}
