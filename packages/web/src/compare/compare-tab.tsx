/** This run beside another one. */
import type { TabProps } from "../benchmarks/tab-props.ts";

export function CompareTab({ baseline }: TabProps) {
  return <div>{baseline ?? <p className="quiet">Choose a run to compare with.</p>}</div>;
}
