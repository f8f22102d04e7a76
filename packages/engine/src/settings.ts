/** What is made: everything that decides a byte of the result, and nothing else. How it is made lives in `RunOptions` of the host. */
import { EngineError } from "./errors.ts";
import { LIMITS, SETTINGS_DEFAULTS } from "./limits.ts";
import { canonicalJson } from "./portable/json.ts";
import { sha256Hex } from "./portable/sha256.ts";
import type { SceneSpec } from "./scene/spec.ts";
import { describeStandIn, type VolumeStandIn } from "./volume/stand-in.ts";

export interface AnimationSettings {
  readonly scene: SceneSpec;
  /** Samples along each axis of the grid, 4 to 2048. */
  readonly dimension: number;
  /** Pixels, 1 to 4096 each. */
  readonly width: number;
  readonly height: number;
  /** 1 to 100 000. */
  readonly frames: number;
  /** Frames a second, 0.1 to 100; frame i shows time i / fps. */
  readonly fps: number;
  /** Fills the grid in place of the scene's root; the scene still has the camera and the look. */
  readonly volume?: VolumeStandIn;
}

/** The settings in plain words: those of a volume without its samples. For hashes and records. */
export function describeSettings(settings: AnimationSettings): Readonly<Record<string, unknown>> {
  const { scene, dimension, width, height, frames, fps, volume } = settings;
  return { scene, dimension, width, height, frames, fps, ...(volume ? { volume: describeStandIn(volume) } : {}) };
}

/** The dimension of runs that name none: the scene's own, or else that of `SETTINGS_DEFAULTS`. */
export function sceneDimension(scene: SceneSpec): number {
  return scene.dimension ?? SETTINGS_DEFAULTS.dimension;
}

/** Throws `invalid-settings` with a sentence naming the setting, what it may be and what it was. */
export function checkSettings(settings: AnimationSettings): void {
  for (const name of ["dimension", "width", "height", "frames"] as const) {
    const value = settings[name];
    const [least, most] = LIMITS[name];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new EngineError(
        "invalid-settings",
        `${name} must be a whole number from ${least} to ${most}, got ${value}`,
        {
          setting: name,
          least,
          most,
          value,
        },
      );
    }
  }
  const [least, most] = LIMITS.fps;
  if (!(settings.fps >= least && settings.fps <= most)) {
    throw new EngineError("invalid-settings", `fps must be a number from ${least} to ${most}, got ${settings.fps}`, {
      setting: "fps",
      least,
      most,
      value: settings.fps,
    });
  }
}

/** SHA-256 of everything that decides a byte of the result, as 64 hexadecimal digits. Same hash, same GIF. */
export function settingsHash(settings: AnimationSettings): string {
  const text = canonicalJson({ schema: "volumark.settings/1", ...describeSettings(settings) });
  return sha256Hex(new TextEncoder().encode(text));
}
