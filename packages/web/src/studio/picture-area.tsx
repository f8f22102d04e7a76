/** The large picture: the live view, or what there is of the run that is shown. */
import { lazy, Suspense } from "react";
import type { LiveSearch } from "../app/search.ts";
import { Failed, Waiting } from "../app/view-states.tsx";
import type { Playhead } from "../service/playhead.ts";
import type { RunLoading } from "../service/queries.ts";
import { type Form, sceneOf } from "./form.ts";
import { GifPlayer } from "./player/gif-player.tsx";
import { ProgressView } from "./progress/progress-view.tsx";
import type { RunWords } from "./run-words.ts";
import { backgroundOf, sceneIn } from "./settings-scene.ts";
import css from "./studio.module.css";
import { isActive, type ShownRun } from "./use-shown-run.ts";

const LiveView = lazy(async () => ({ default: (await import("../live/live-view.tsx")).LiveView }));

export interface PictureAreaProps {
  readonly form: Form;
  readonly live: boolean;
  /** Of the live view. */
  readonly view: LiveSearch;
  readonly onView: (view: LiveSearch) => void;
  readonly shown: ShownRun;
  readonly words: RunWords | null;
  readonly loading: RunLoading;
  readonly playhead: Playhead;
  readonly pinned: number | null;
  readonly onPin: (frame: number | null) => void;
}

export function PictureArea(props: PictureAreaProps) {
  const { form, live, view, onView, shown, words, loading, playhead, pinned, onPin } = props;
  const { sizes } = form;
  if (live) {
    return (
      <Suspense fallback={<Waiting what="Starting the live view" />}>
        <LiveView
          scene={sceneOf(form)}
          dimension={sizes.dimension}
          width={sizes.width}
          height={sizes.height}
          seconds={sizes.frames / sizes.fps}
          view={view}
          onView={onView}
        />
      </Suspense>
    );
  }
  if (shown.status !== null && isActive(shown.status)) {
    const { width, height } = sizesOf(shown, form);
    const total = shown.progress.total || shown.run?.frames || 0;
    return (
      <ProgressView
        progress={shown.progress}
        width={width}
        height={height}
        total={total}
        scene={sceneIn(shown.run?.settings ?? null)}
        background={backgroundOf(shown.run?.settings ?? null)}
        instead={shown.status === "queued" ? `Waiting: ${words?.detail ?? ""}` : "The first picture comes in a moment"}
      />
    );
  }
  const { run, error, retry } = loading;
  if (run && run.gifAddress !== null) {
    return <GifPlayer key={run.source.id} run={run} playhead={playhead} pinned={pinned} onPin={onPin} />;
  }
  if (run) return <p className={css.nothing}>This run has no animation; what was measured stands below.</p>;
  if (shown.status === "failed" || shown.status === "cancelled") {
    return <p className={css.nothing}>Nothing was made that could be shown.</p>;
  }
  if (error) return <Failed title="This run can't be shown" error={error} onRetry={retry} />;
  return <Waiting what="Loading the animation" />;
}

/** The size of the run's pictures, as its settings have it. */
function sizesOf({ run }: ShownRun, { sizes }: Form): { readonly width: number; readonly height: number } {
  const { width, height } = run?.settings ?? {};
  return typeof width === "number" && typeof height === "number" ? { width, height } : sizes;
}
