/** What complete settings of the service say of the scene. */
import type { SceneSpec } from "@volumark/engine";

export function sceneIn(settings: Readonly<Record<string, unknown>> | null): SceneSpec | null {
  const scene = settings?.scene;
  return typeof scene === "object" && scene !== null ? (scene as SceneSpec) : null;
}

/** The background of a scene as CSS has it; null where the settings don't say. */
export function backgroundOf(settings: Readonly<Record<string, unknown>> | null): string | null {
  const look = sceneIn(settings)?.look as { readonly backgroundColor?: unknown } | undefined;
  const channels = look?.backgroundColor;
  if (!Array.isArray(channels) || channels.length !== 3) return null;
  const [red, green, blue] = channels.map((one) => (typeof one === "number" ? Math.round(255 * one) : 0));
  return `rgb(${red} ${green} ${blue})`;
}
