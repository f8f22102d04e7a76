/** The scene of the run that the address's `from` names, in the place of a preset. */
import { useMemo } from "react";
import { useLoadedRun, useRun } from "../service/queries.ts";
import { sourceOf } from "../service/run-source.ts";
import { madeOf, sceneAsPreset } from "./again.ts";
import type { Preset } from "./form.ts";

export interface KeptScene {
  readonly preset: Preset | null;
  readonly loading: boolean;
  /** Why there is none, as a sentence; null where all is well. */
  readonly problem: string | null;
}

const NONE: KeptScene = { preset: null, loading: false, problem: null };

export function useKeptScene(word: string | undefined): KeptScene {
  const source = useMemo(() => (word === undefined ? null : sourceOf(word)), [word]);
  const run = useRun(source?.kind === "service" ? source.id : null);
  // The settings of a run that was brought in stand in its record only.
  const recordNeeded = source !== null && (source.kind === "local" || (run.data && run.data.settings === null));
  const loaded = useLoadedRun(recordNeeded ? source : null);
  const view = run.data ?? null;
  const record = loaded.run?.record ?? null;
  const error = run.error ?? loaded.error;
  return useMemo(() => {
    if (source === null) return NONE;
    if (error) return { ...NONE, problem: lost(error instanceof Error ? error.message : String(error)) };
    if (!view?.settings && record === null) return { ...NONE, loading: true };
    const made = madeOf(view, record);
    if (typeof made === "string") return { ...NONE, problem: lost(made) };
    return { ...NONE, preset: sceneAsPreset(made.scene, made.sizes.dimension) };
  }, [source, view, record, error]);
}

function lost(reason: string): string {
  return `The scene can't be taken from the run that the address names. ${reason} Choose another scene`;
}
