/** What every tab of the window gets. */
import type { Analysis } from "../shaping/analysis.ts";
import type { BenchmarksProps } from "./tabs.ts";

export interface TabProps extends BenchmarksProps {
  /** Null while it is computed. */
  readonly analysis: Analysis | null;
}
