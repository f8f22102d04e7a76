/** The studio: settings, picture, benchmarks of the run that the address names. */
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { FormSearch, StudioSearch } from "../app/search.ts";
import { Failed, Waiting } from "../app/view-states.tsx";
import { usePresets, useSystem } from "../service/queries.ts";
import { FirstRun } from "./first-run.tsx";
import { formOf, problemsOf, requestOf, withPreset } from "./form.ts";
import { Studio } from "./studio.tsx";
import { useStartRun } from "./use-actions.ts";
import { useKeptScene } from "./use-kept-scene.ts";
import { useShownRun } from "./use-shown-run.ts";

const route = getRouteApi("/");

export function StudioView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const presets = usePresets();
  const system = useSystem();
  const shown = useShownRun(search.run);
  const kept = useKeptScene(search.from);
  const [settings, setSettings] = useState(false);
  const change = (next: (search: StudioSearch) => StudioSearch, replace = true) =>
    void navigate({ search: next, replace, resetScroll: false });
  const start = useStartRun((id) =>
    change(({ frame: _, show: __, run: ___, look: ____, at: _____, ...rest }) => ({ ...rest, run: id }), false),
  );

  if (presets.error) {
    return <Failed title="The server can't be reached" error={presets.error} onRetry={() => void presets.refetch()} />;
  }
  if (!presets.data || kept.loading) return <Waiting what="Asking the server for its scenes" />;
  const form = formOf(search, presets.data, kept.preset);
  if (!form) return <Failed title="This server has no scenes" error="Its list of presets is empty. See /docs." />;
  const problems = {
    ...problemsOf(form, system.data?.limits),
    ...(kept.problem === null ? {} : { scene: kept.problem }),
  };
  const edit = (next: (form: FormSearch) => FormSearch) => change((before) => withForm(before, next));
  const run = () => start.mutate({ body: requestOf(form), key: crypto.randomUUID() });
  const refusal = start.error ? start.error.message : null;

  const untouched = search.show === undefined && !settings;
  if (shown.empty && untouched) {
    return (
      <FirstRun
        form={form}
        presets={presets.data}
        starting={start.isPending}
        refusal={refusal}
        onRun={run}
        onPreset={(preset) => edit((before) => withPreset(before, preset, preset === presets.data[0]))}
        onSettings={() => setSettings(true)}
      />
    );
  }
  return (
    <Studio
      search={search}
      form={form}
      presets={presets.data}
      problems={problems}
      shown={shown}
      starting={start.isPending}
      refusal={refusal}
      onRun={run}
      onForm={edit}
      onSearch={change}
    />
  );
}

/** The address after a change of the form, which holds some of its words. */
function withForm(search: StudioSearch, edit: (form: FormSearch) => FormSearch): StudioSearch {
  const { run, tab, frame, stage, base, show, look, at, ...form } = search;
  const others = { run, tab, frame, stage, base, show, look, at };
  return { ...edit(form), ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)) };
}
