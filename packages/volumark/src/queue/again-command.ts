/** The command line that makes a job's run again, for its record; null for a scene of somebody's own, of which no file is known. */
import { type AnimationSettings, PRESETS, sceneHash, withParameters } from "@volumark/engine";
import type { JobOptions } from "./job-types.ts";

/** Parameters that the command line can set. */
const PARAMETERS = ["torusAltitude", "torusMajorRadius", "torusMinorRadius", "smoothMinRadius"] as const;

export function againCommand(settings: AnimationSettings, options: JobOptions): readonly string[] | null {
  const { scene, dimension, width, height, frames, fps } = settings;
  const known = PRESETS.find(({ name }) => name === scene.name);
  if (!known || settings.volume !== undefined) return null;
  const changed: Record<string, number> = {};
  for (const name of PARAMETERS) {
    const value = scene.parameters?.[name];
    if (value !== undefined && known.parameters?.[name] !== undefined && value !== known.parameters[name])
      changed[name] = value;
  }
  if (sceneHash(withParameters(known, changed)) !== sceneHash(scene)) return null;
  const words: (readonly [option: string, value: string | number])[] = [
    ["preset", scene.name],
    ["dimension", dimension],
    ["resolution", `${width}x${height}`],
    ["frames", frames],
    ["fps", fps],
    ...Object.entries(changed),
  ];
  const { lanes, backend = "wasm", passes = 1, verify = false } = options;
  if (lanes !== undefined) words.push(["lanes", lanes]);
  if (backend !== "wasm") words.push(["backend", backend]);
  if (passes > 1) words.push(["passes", passes]);
  return [
    "volumark",
    "run",
    ...words.flatMap(([option, value]) => [
      `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]),
    ...(verify ? ["--verify"] : []),
  ];
}
