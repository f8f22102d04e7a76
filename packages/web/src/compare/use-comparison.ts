/** A comparison for a view: the service's where it has both runs, else made in the page from their records. */

import { useQueries, useQuery } from "@tanstack/react-query";
import type { Comparison } from "@volumark/measure";
import { useEffect } from "react";
import { service } from "../service/client.ts";
import { loadServiceRun } from "../service/load-run.ts";
import { LostRun, useLocalRuns } from "../service/local-runs.ts";
import { KEYS } from "../service/queries.ts";
import { type LoadedRun, type RunSource, sourceWord } from "../service/run-source.ts";
import { compareMany, comparePair, prepareComparisons } from "./compare-in-worker.ts";
import type { OverlapRow } from "./overlap.ts";

export interface Asked<T> {
  readonly answer: T | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly retry: () => void;
}

/** Of b against a; nothing is asked while either is null. */
export function useComparison(a: RunSource | null, b: RunSource | null): Asked<Comparison> {
  const runs = useLoadedRuns(inPage(a, b) ? [a!, b!] : []);
  const ready = runs.every(({ run }) => run !== null);
  const query = useQuery({
    queryKey: ["compare", a && sourceWord(a), b && sourceWord(b)],
    queryFn: async ({ signal }) => {
      if (!inPage(a, b))
        return (await service.call("compareRuns", { query: { a: a!.id, b: b!.id }, signal })).comparison;
      const [one, other] = runs.map(({ run }) => run!);
      return comparePair({ record: one!.record, name: one!.title }, { record: other!.record, name: other!.title });
    },
    enabled: a !== null && b !== null && ready,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return asked(query, runs);
}

/** Of several against a baseline, all from their records. */
export function useOverlap(baseline: RunSource | null, others: readonly RunSource[]): Asked<readonly OverlapRow[]> {
  const sources = baseline && others.length > 0 ? [baseline, ...others] : [];
  const runs = useLoadedRuns(sources);
  useEffect(prepareComparisons, []);
  const ready = sources.length > 0 && runs.every(({ run }) => run !== null);
  const query = useQuery({
    queryKey: ["overlap", ...sources.map(sourceWord)],
    queryFn: () => {
      const [first, ...rest] = runs.map(({ run }) => ({ record: run!.record, name: run!.title }));
      return compareMany(first!, rest);
    },
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return asked(query, runs);
}

export interface RunLoad {
  readonly source: RunSource;
  readonly run: LoadedRun | null;
  readonly error: unknown;
  readonly retry: () => void;
}

/** As `useLoadedRun`, of as many as there are. */
export function useLoadedRuns(sources: readonly RunSource[]): readonly RunLoad[] {
  const local = useLocalRuns();
  const queries = useQueries({
    queries: sources.map((source) => ({
      queryKey: KEYS.record(source.kind === "service" ? source.id : `local:${source.id}`),
      queryFn: ({ signal }: { signal: AbortSignal }) => loadServiceRun(service, source.id, signal),
      enabled: source.kind === "service",
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
  });
  return sources.map((source, i) => {
    if (source.kind === "local") {
      const run = local.get(source.id) ?? null;
      return { source, run, error: run ? null : new LostRun(), retry: () => undefined };
    }
    const { data, error, refetch } = queries[i]!;
    return { source, run: data ?? null, error: data ? null : error, retry: () => void refetch() };
  });
}

function inPage(a: RunSource | null, b: RunSource | null): boolean {
  return a !== null && b !== null && (a.kind === "local" || b.kind === "local");
}

function asked<T>(
  query: {
    readonly data: T | undefined;
    readonly error: unknown;
    readonly isFetching: boolean;
    refetch: () => unknown;
  },
  runs: readonly RunLoad[],
): Asked<T> {
  const broken = runs.find(({ error }) => error);
  const error = query.data === undefined ? (broken?.error ?? query.error) : null;
  const retry = () => {
    broken?.retry();
    void query.refetch();
  };
  const waits = !error && query.data === undefined && (query.isFetching || runs.length > 0);
  return { answer: query.data ?? null, error, loading: waits, retry };
}
