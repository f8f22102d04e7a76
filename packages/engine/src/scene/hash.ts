/** The identity of a scene. */
import { canonicalJson } from "../portable/json.ts";
import { sha256Hex } from "../portable/sha256.ts";
import type { SceneSpec } from "./spec.ts";

/** SHA-256 of the scene's canonical JSON, 64 hexadecimal digits; the order of keys and white space do not matter. */
export function sceneHash(scene: SceneSpec): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(scene)));
}
