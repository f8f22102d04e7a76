/**
 * Every run of the service as rows: the newest at once, older ones page after page behind it, those that wait or run kept
 * fresh while there are any.
 */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { service } from "../service/client.ts";
import { KEYS } from "../service/queries.ts";
import { type RunRow, runRow } from "./run-row.ts";

const PAGE = 200;
/** Rows that are fetched without being asked for. */
const FETCHED = 1000;
const LIVE_MS = 1000;
const IDLE_MS = 10_000;

export interface AllRuns {
  readonly rows: readonly RunRow[];
  readonly loading: boolean;
  readonly error: unknown;
  /** Whether the service has older ones than those here. */
  readonly hasMore: boolean;
  readonly fetchMore: () => void;
  readonly retry: () => void;
}

export function useAllRuns(): AllRuns {
  const queries = useQueryClient();
  const all = useInfiniteQuery({
    queryKey: [...KEYS.runs, "all"],
    queryFn: ({ pageParam, signal }) =>
      service.call("listRuns", {
        query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 30_000,
  });
  const live = useQuery({
    queryKey: [...KEYS.runs, "live"],
    queryFn: ({ signal }) =>
      service.call("listRuns", { query: { status: ["queued", "running"], limit: PAGE }, signal }),
    refetchInterval: ({ state }) => ((state.data?.runs.length ?? 0) > 0 ? LIVE_MS : IDLE_MS),
  });

  const { hasNextPage, isFetching, fetchNextPage } = all;
  const fetched = all.data?.pages.reduce((sum, { runs }) => sum + runs.length, 0) ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && fetched < FETCHED) void fetchNextPage();
  }, [hasNextPage, isFetching, fetched, fetchNextPage]);

  // A run that was live and is not any more has a result now; one that is new stands in no page yet.
  const liveIds = live.data?.runs.map(({ id }) => id).join(" ") ?? null;
  const before = useRef(liveIds);
  useEffect(() => {
    if (liveIds === null || before.current === liveIds) return;
    if (before.current !== null) void queries.invalidateQueries({ queryKey: [...KEYS.runs, "all"] });
    before.current = liveIds;
  }, [liveIds, queries]);

  const listed = useMemo(() => all.data?.pages.flatMap(({ runs }) => runs.map(runRow)) ?? [], [all.data]);
  const rows = useMemo(() => {
    const fresh = new Map(live.data?.runs.map((run) => [run.id, runRow(run)]));
    return fresh.size === 0 ? listed : listed.map((row) => fresh.get(row.id) ?? row);
  }, [listed, live.data]);
  return {
    rows,
    loading: all.isPending,
    error: all.data ? null : all.error,
    hasMore: hasNextPage && fetched >= FETCHED,
    fetchMore: () => void fetchNextPage(),
    retry: () => void all.refetch(),
  };
}
