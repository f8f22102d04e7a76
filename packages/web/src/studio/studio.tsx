/** The studio with everything in it: settings on one side, the picture on the other, the benchmarks window below. */
import { lazy, Suspense, useEffect, useMemo } from "react";
import { useKeys } from "../app/keys.ts";
import type { FormSearch, StudioSearch } from "../app/search.ts";
import { Waiting } from "../app/view-states.tsx";
import { whenIdle } from "../app/when-idle.ts";
import { createPlayhead } from "../service/playhead.ts";
import { useLoadedRun } from "../service/queries.ts";
import { sourceWord } from "../service/run-source.ts";
import { madeOf } from "./again.ts";
import { AgainButton } from "./again-button.tsx";
import type { Form, Preset, Problems } from "./form.ts";
import { PictureArea } from "./picture-area.tsx";
import { RunBanner } from "./run-banner.tsx";
import { RunBox } from "./run-box.tsx";
import { runWords } from "./run-words.ts";
import { SettingsForm } from "./settings-form.tsx";
import css from "./studio.module.css";
import { useCancelRun } from "./use-actions.ts";
import { isActive, type ShownRun } from "./use-shown-run.ts";

const openBenchmarks = async () => ({ default: (await import("../benchmarks/benchmarks.tsx")).Benchmarks });
const Benchmarks = lazy(openBenchmarks);

export interface StudioProps {
  readonly search: StudioSearch;
  readonly form: Form;
  readonly presets: readonly Preset[];
  readonly problems: Problems;
  readonly shown: ShownRun;
  readonly starting: boolean;
  readonly refusal: string | null;
  readonly onRun: () => void;
  readonly onForm: (edit: (form: FormSearch) => FormSearch) => void;
  readonly onSearch: (next: (search: StudioSearch) => StudioSearch) => void;
}

export function Studio({
  search,
  form,
  presets,
  problems,
  shown,
  onRun,
  onForm,
  onSearch,
  starting,
  refusal,
}: StudioProps) {
  const { source, run, progress, status } = shown;
  const active = status !== null && isActive(status);
  const words = status === null ? null : runWords(status, run, progress);
  const loading = useLoadedRun(active || (run !== null && run.result === null) ? null : source);
  const cancel = useCancelRun();
  const name = source === null ? "" : sourceWord(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address names where it begins, not where it is
  const playhead = useMemo(() => createPlayhead(name, search.frame ?? 0), [name]);
  const live = search.show === "live";
  const wrong = Object.values(problems);

  // The address names what is shown from the first change on: shared, it shows the same.
  const change = (next: Partial<Pick<StudioSearch, "tab" | "frame" | "show" | "look" | "at">>) =>
    onSearch((before) => ({ ...before, ...(name === "" ? {} : { run: name }), ...next }));
  const toggle = () => change({ show: live ? undefined : "live" });
  useKeys("Picture", [{ key: "v", label: "Live view or animation", run: toggle }]);
  const made = useMemo(
    () => (run || loading.run ? madeOf(run, loading.run?.record ?? null) : null),
    [run, loading.run],
  );
  useTitle(words?.share ?? null, active);
  // They are wanted when the run has ended, and are there by then.
  useEffect(() => (active ? whenIdle(() => void openBenchmarks()) : undefined), [active]);

  return (
    <>
      <h1 className="visually-hidden">Studio</h1>
      <p className="visually-hidden" role="status">
        {words?.spoken}
      </p>
      <div className={css.studio}>
        <section className={css.side} aria-label="Settings">
          <RunBox
            form={form}
            hindrance={
              wrong.length === 0
                ? null
                : wrong.length === 1
                  ? `${wrong[0]!.replace(/\.$/, "")}.`
                  : `${wrong.length} settings are wrong; each says what.`
            }
            active={active ? words : null}
            cancelling={cancel.isPending || progress.cancelAsked}
            starting={starting}
            refusal={refusal}
            onRun={onRun}
            onCancel={() => source && cancel.mutate(source.id)}
          />
          <SettingsForm form={form} presets={presets} problems={problems} onChange={onForm} />
        </section>
        <section className={css.view} aria-label="Picture">
          <div className={css.viewHead}>
            <fieldset className={css.toggle}>
              <legend className="visually-hidden">What is shown</legend>
              <button type="button" aria-pressed={!live} onClick={() => live && toggle()}>
                Animation
              </button>
              <button type="button" aria-pressed={live} onClick={() => live || toggle()}>
                Live 3D
              </button>
            </fieldset>
            <h2 className={css.title}>
              {live ? `${form.preset.name}, computed here` : (loading.run?.title ?? run?.scene ?? "")}
            </h2>
            {!live && words && (
              <span className={css.status} data-tone={words.tone}>
                {words.title}
                {status === "finished" && <span className="quiet"> · {words.detail}</span>}
              </span>
            )}
            {!live && made !== null && <AgainButton made={made} word={name} presets={presets} onForm={onForm} />}
          </div>
          <RunBanner shown={shown} words={words} />
          <PictureArea
            form={form}
            live={live}
            view={search}
            onView={({ look, at }) => change({ look, at })}
            shown={shown}
            words={words}
            loading={loading}
            playhead={playhead}
            pinned={search.frame ?? null}
            onPin={(frame) => change({ frame: frame ?? undefined })}
          />
        </section>
      </div>
      {loading.run && (
        <div className={css.bench}>
          <Suspense fallback={<Waiting what="Opening the benchmarks" />}>
            <Benchmarks
              run={loading.run}
              tab={search.tab ?? "overview"}
              frame={search.frame ?? null}
              playhead={playhead}
              onTab={(tab) => change({ tab })}
              onFrame={(frame) => {
                if (frame !== null) playhead.set(frame);
                change({ frame: frame ?? undefined });
              }}
              onHover={(frame) => frame !== null && playhead.set(frame)}
            />
          </Suspense>
        </div>
      )}
    </>
  );
}

function useTitle(share: number | null, active: boolean): void {
  const percent = share === null ? null : Math.floor(share * 100);
  useEffect(() => {
    document.title = active ? `${percent === null ? "…" : `${percent} %`} · Volumark` : "Volumark";
    return () => {
      document.title = "Volumark";
    };
  }, [active, percent]);
}
