/** Settings, picture, benchmarks. */
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { Waiting } from "../app/view-states.tsx";
import { createPlayhead } from "../service/playhead.ts";
import { useLoadedRun } from "../service/queries.ts";
import { sourceOf } from "../service/run-source.ts";

const Benchmarks = lazy(async () => ({ default: (await import("../benchmarks/benchmarks.tsx")).Benchmarks }));
const route = getRouteApi("/");

export function StudioView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const source = useMemo(() => (search.run === undefined ? null : sourceOf(search.run)), [search.run]);
  const playhead = useMemo(() => createPlayhead(search.run ?? ""), [search.run]);
  const { run } = useLoadedRun(source);
  if (!run) return <Waiting what="Loading" />;
  return (
    <Suspense fallback={<Waiting what="Opening the benchmarks" />}>
      <Benchmarks
        run={run}
        tab={search.tab ?? "overview"}
        frame={search.frame ?? null}
        playhead={playhead}
        onTab={(tab) => void navigate({ search: (before) => ({ ...before, tab }), replace: true })}
        onFrame={(frame) => {
          if (frame !== null) playhead.set(frame);
          void navigate({ search: (before) => ({ ...before, frame: frame ?? undefined }), replace: true });
        }}
        onHover={(frame) => frame !== null && playhead.set(frame)}
      />
    </Suspense>
  );
}
