/** Runs that the page holds itself: dropped record files and runs made here. Kept until the page is closed. */
import { useSyncExternalStore } from "react";
import type { LoadedRun } from "./run-source.ts";

/** The address names a run that a page held which has been closed or loaded again since: nothing broke, it is gone. */
export class LostRun extends Error {
  constructor() {
    super(
      "Dropped files and runs made here live in the page only, and end when it is closed or loaded again. Open the record again if it was saved.",
    );
  }
}

let runs: ReadonlyMap<string, LoadedRun> = new Map();
const listeners = new Set<() => void>();

/** Keeps it under `run.source.id`; one that had this name is released. */
export function keepLocalRun(run: LoadedRun): void {
  const before = runs.get(run.source.id);
  if (before && before !== run) before.release();
  publish(new Map(runs).set(run.source.id, run));
}

export function useLocalRuns(): ReadonlyMap<string, LoadedRun> {
  return useSyncExternalStore(subscribe, () => runs);
}

function publish(next: ReadonlyMap<string, LoadedRun>): void {
  runs = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
