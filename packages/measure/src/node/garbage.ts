/**
 * Garbage collections of one thread as events of the record.
 *
 * Each thread collects its own heap and sees only its own collections, so every lane observes itself.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import type { RunEvent } from "../record/schema.ts";
import type { ProcessClock } from "./clock.ts";

export interface GarbageObserver {
  /** Ends observing and gives the collections in order of time. Waits one turn of the event loop: the last ones arrive late. */
  readonly stop: () => Promise<RunEvent[]>;
}

/** Events that are kept; of more, the longest. */
const MOST_EVENTS = 4096;

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak callbacks",
};

/** Observes the thread it is called on. `lane`: the lane that runs here, or null for the coordinating thread. */
export function observeGarbage(clock: ProcessClock, lane: number | null): GarbageObserver {
  let events: RunEvent[] = [];
  let dropped = 0;
  const add = (entry: PerformanceEntry) => {
    const kind = (entry as PerformanceEntry & { detail?: { kind?: number } }).detail?.kind ?? 0;
    events.push({
      kind: "gc",
      startNs: clock.fromPerformance(entry.startTime),
      durationNs: Math.round(entry.duration * 1e6),
      lane,
      detail: KINDS[kind] ?? `kind ${kind}`,
    });
    if (events.length >= 2 * MOST_EVENTS) {
      dropped += MOST_EVENTS;
      events = events.sort((a, b) => b.durationNs - a.durationNs).slice(0, MOST_EVENTS);
    }
  };
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) add(entry);
  });
  observer.observe({ entryTypes: ["gc"] });
  return {
    stop: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const entry of observer.takeRecords()) add(entry);
      observer.disconnect();
      events.sort((a, b) => a.startNs - b.startNs);
      const last = events.at(-1);
      if (dropped > 0 && last) last.detail = `${last.detail}; ${dropped} shorter collections are not listed`;
      return events;
    },
  };
}
