/** The scenes that come with the engine. */
import { EngineError } from "../errors.ts";
import { closest } from "../portable/closest.ts";
import { BLOBS } from "./presets/blobs.ts";
import { COLUMN } from "./presets/column.ts";
import { GYROID } from "./presets/gyroid.ts";
import { LATTICE } from "./presets/lattice.ts";
import { SEED } from "./presets/seed.ts";
import type { SceneSpec } from "./spec.ts";

/** Every preset; the first is the default. */
export const PRESETS: readonly SceneSpec[] = [SEED, GYROID, COLUMN, LATTICE, BLOBS];

/** The names of the presets, in the order in which they are shown. */
export function presetNames(): readonly string[] {
  return PRESETS.map((scene) => scene.name);
}

/** The preset of that name. Throws `unknown-preset` with the nearest name and all names. */
export function preset(name: string): SceneSpec {
  const found = PRESETS.find((scene) => scene.name === name);
  if (found) return found;
  const names = presetNames();
  const suggestion = closest(name, names);
  const hint = suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
  throw new EngineError(
    "unknown-preset",
    `preset: there is no preset "${name.slice(0, 80)}".${hint} There are: ${names.join(", ")}.`,
    { name, suggestion: suggestion ?? null, names },
  );
}
