/** What the page asks of the service, each answer kept by its key. */
import { useQuery } from "@tanstack/react-query";
import type { QueryOf } from "volumark/api";
import { service } from "./client.ts";
import { loadServiceRun } from "./load-run.ts";
import { LostRun, useLocalRuns } from "./local-runs.ts";
import type { LoadedRun, RunSource } from "./run-source.ts";

/** The keys, for whoever makes an answer old: `queryClient.invalidateQueries({ queryKey: KEYS.runs })`. */
export const KEYS = {
  runs: ["runs"],
  run: (id: string) => ["run", id],
  record: (id: string) => ["record", id],
  presets: ["presets"],
  system: ["system"],
} as const;

/** A server that went away is asked again, so that the page comes back with it. */
const AGAIN = {
  refetchInterval: ({ state }: { readonly state: { readonly status: string } }) =>
    state.status === "error" ? AGAIN_MS : false,
} as const;
const AGAIN_MS = 3000;

/** `everyMs`: asked again so often while it is made, since only an answer says that its worker does not. */
export function useRun(id: string | null, everyMs?: number) {
  return useQuery({
    queryKey: KEYS.run(id ?? ""),
    queryFn: ({ signal }) => service.call("getRun", { params: { id: id! }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state: { data } }) =>
      everyMs !== undefined && (data?.status === "running" || data?.status === "queued") ? everyMs : false,
  });
}

export function useRuns(query: QueryOf<"listRuns">, enabled = true) {
  return useQuery({
    queryKey: [...KEYS.runs, query],
    queryFn: ({ signal }) => service.call("listRuns", { query, signal }),
    enabled,
    ...AGAIN,
  });
}

export function usePresets() {
  return useQuery({
    queryKey: KEYS.presets,
    queryFn: async ({ signal }) => (await service.call("listPresets", { signal })).presets,
    staleTime: Number.POSITIVE_INFINITY,
    ...AGAIN,
  });
}

export function useSystem() {
  return useQuery({ queryKey: KEYS.system, queryFn: ({ signal }) => service.call("system", { signal }) });
}

export interface RunLoading {
  readonly run: LoadedRun | null;
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The record of a run and where its pictures are; a stored record never changes, so it is fetched once. */
export function useLoadedRun(source: RunSource | null): RunLoading {
  const local = useLocalRuns();
  const id = source?.kind === "service" ? source.id : null;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: KEYS.record(id ?? ""),
    queryFn: ({ signal }) => loadServiceRun(service, id!, signal),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (source?.kind === "local") {
    const run = local.get(source.id) ?? null;
    return { run, loading: false, error: run ? null : new LostRun(), retry: () => undefined };
  }
  return { run: data ?? null, loading: isFetching, error: data ? null : error, retry: () => void refetch() };
}
