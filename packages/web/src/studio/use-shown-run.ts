/** The run that the studio shows: the one that the address names, else the one that is being made, else the last animation. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { RunView } from "volumark/api";
import { KEYS, useRun, useRuns } from "../service/queries.ts";
import { type RunSource, sourceOf } from "../service/run-source.ts";
import { type Followed, useEvents } from "../service/use-events.ts";

export type RunStatus = RunView["status"];

export interface ShownRun {
  /** Null: there is none, or it is not known yet. */
  readonly source: RunSource | null;
  readonly run: RunView | null;
  readonly progress: Followed;
  /** Null of runs that this page holds, and while it is not known. */
  readonly status: RunStatus | null;
  /** Whether what there is was asked for and there is nothing. */
  readonly empty: boolean;
  readonly error: unknown;
}

/** Between two looks at whether the worker of a run still speaks. */
const ASKED_MS = 3000;
/** How many of the newest runs are looked through for one with an animation. */
const NEWEST = 20;

export function useShownRun(word: string | undefined): ShownRun {
  const queries = useQueryClient();
  const list = useRuns({ limit: NEWEST }, word === undefined);
  const named = word === undefined ? null : sourceOf(word);
  const source = named ?? lastOf(list.data?.runs ?? []);
  const id = source?.kind === "service" ? source.id : null;
  const one = useRun(id, ASKED_MS);
  const run = one.data ?? list.data?.runs.find((other) => other.id === id) ?? null;
  const followed = run?.kind === "job" && isActive(run.status) ? id : null;
  const kept = useRef<string | null>(null);
  // Its last events are read to the end, though the run itself has ended.
  if (followed !== null) kept.current = followed;
  const progress = useEvents(kept.current === id ? id : null);
  const status = progress.status === "unknown" ? (run?.status ?? null) : progress.status;

  const ended = status !== null && !isActive(status);
  useEffect(() => {
    if (!ended || kept.current !== id || id === null) return;
    void queries.invalidateQueries({ queryKey: KEYS.run(id) });
    void queries.invalidateQueries({ queryKey: KEYS.runs });
  }, [ended, id, queries]);

  return {
    source,
    run,
    progress,
    status: source?.kind === "local" ? null : status,
    empty: named === null && list.data !== undefined && list.data.runs.length === 0,
    error: (id === null ? list.error : null) ?? (run ? null : one.error),
  };
}

export function isActive(status: RunStatus | null): boolean {
  return status === "queued" || status === "running";
}

/** Of the newest runs: one that is being made, else the newest with an animation, else the newest. */
export function lastOf(runs: readonly RunView[]): RunSource | null {
  const found =
    runs.find(({ status }) => status === "running") ??
    runs.find(({ status }) => status === "queued") ??
    runs.find(({ result }) => result?.gif === true) ??
    runs[0];
  return found ? { kind: "service", id: found.id } : null;
}
