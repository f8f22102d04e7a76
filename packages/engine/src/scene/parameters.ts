/** Other values for a scene's named numbers. */
import { EngineError } from "../errors.ts";
import { closest } from "../portable/closest.ts";
import { readScene } from "./read.ts";
import { listNames } from "./read-value.ts";
import type { SceneSpec } from "./spec.ts";

/**
 * The scene with other values for some of its parameters; undefined keeps the default.
 * Throws `invalid-scene` for a name that the scene does not have (with those it has) and for values that make no scene.
 */
export function withParameters(scene: SceneSpec, overrides: Readonly<Record<string, number | undefined>>): SceneSpec {
  const given = Object.entries(overrides).filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (given.length === 0) return scene;
  const parameters: Record<string, number> = { ...scene.parameters };
  const names = Object.keys(parameters);
  for (const [name, value] of given) {
    if (!Object.hasOwn(parameters, name)) {
      const meant = closest(name, names);
      const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
      throw new EngineError(
        "invalid-scene",
        `set parameters: the scene "${scene.name}" has no parameter "${name.slice(0, 80)}".${hint} It has: ${listNames(names)}.`,
        { parameter: name, suggestion: meant ?? null, parameters: names },
      );
    }
    parameters[name] = value;
  }
  return readScene({ ...scene, parameters });
}
