/** This run among those before it. */
import type { TabProps } from "../benchmarks/tab-props.ts";

export function HistoryTab({ run }: TabProps) {
  return <p className="quiet">{run.own ? "No other runs." : "Another program's record has no history here."}</p>;
}
