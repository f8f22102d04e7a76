/** The tabs of the benchmarks window, and what the view around it gives it: the run, and what the address says of it. */
import type { Playhead } from "../service/playhead.ts";
import type { LoadedRun } from "../service/run-source.ts";

export const BENCHMARK_TABS = ["overview", "frames", "timeline", "compare", "history", "machine", "raw"] as const;

export type BenchmarkTab = (typeof BENCHMARK_TABS)[number];

/** The tab that an address names; the first one where it names none. */
export function benchmarkTab(text: unknown): BenchmarkTab {
  return BENCHMARK_TABS.find((tab) => tab === text) ?? "overview";
}

export interface BenchmarksProps {
  readonly run: LoadedRun;
  readonly tab: BenchmarkTab;
  /** The frame that the address or the player is at; null where none is chosen. */
  readonly frame: number | null;
  readonly onTab: (tab: BenchmarkTab) => void;
  /** A frame was chosen by click or key, or none any more: the address follows, and the player with it. */
  readonly onFrame: (frame: number | null) => void;
  /** The pointer is over a frame, or over none any more: the picture may follow, the address doesn't. */
  readonly onHover?: (frame: number | null) => void;
  /** The frame that the player shows, many times a second: `usePlayhead` follows it, `set` moves the picture to it. */
  readonly playhead?: Playhead;
}
