/**
 * What a volume from elsewhere is: a box of samples, such as a scan, and the level at which its surface lies.
 *
 * ```
 *   sample (x, y, z) is samples[x + nx (y + ny z)], and stands for a cell of spacing sx × sy × sz around it
 *
 *   inside "above":  field = level − value        inside "below":  field = value − level
 * ```
 * A field is negative inside; a value equal to the level is outside either way.
 */
import { EngineError } from "../errors.ts";

/** Samples of one of three kinds; unsigned integers keep their size until they are needed. */
export type VolumeSamples = Float32Array | Uint8Array | Uint16Array;

/** x, y, z. */
export type Triple = readonly [number, number, number];

export interface Volume {
  /** nx × ny × nz values, x fastest. */
  readonly samples: VolumeSamples;
  /** Samples along x, y and z: 2 to 2048 each. */
  readonly dimensions: Triple;
  /** Distance of samples along x, y and z, in a unit of its own; only the proportions matter. */
  readonly spacing: Triple;
}

export interface VolumeOptions {
  /** The value at the surface; rounded to single precision. */
  readonly level: number;
  /** Where inside is: at values above the level, as in scans, or below it, as in distances. Default `"above"`. */
  readonly inside?: "above" | "below";
  /**
   * What happens where the surface meets the end of the samples. `"open"`: it ends there. `"closed"`: it is closed by a
   * face half a step outside the last samples. Default `"open"`.
   */
  readonly border?: "open" | "closed";
}

export const VOLUME_DEFAULTS = { inside: "above", border: "open" } as const;

/** Samples along an axis, at the least and at the most; 2 fewer where the border is closed. */
export const VOLUME_LIMITS = [2, 2048] as const;
/** The level must be smaller than this, so that the difference to any sample is finite in single precision. */
const MOST_LEVEL = 2 ** 100;

/** Options with nothing left open. */
export interface ResolvedVolumeOptions {
  readonly level: number;
  readonly inside: "above" | "below";
  readonly border: "open" | "closed";
}

/**
 * Checks everything but the values of floating-point samples, which are looked at when they are read.
 * Throws `invalid-input`, both numbers named.
 */
export function checkVolume(volume: Volume, options: VolumeOptions): ResolvedVolumeOptions {
  const { samples, dimensions, spacing } = volume;
  const { inside, border } = { ...VOLUME_DEFAULTS, ...options };
  const most = border === "closed" ? VOLUME_LIMITS[1] - 2 : VOLUME_LIMITS[1];
  checkDimensions(dimensions, most);
  checkSpacing(spacing);
  const expected = dimensions[0] * dimensions[1] * dimensions[2];
  if (samples.length !== expected) {
    refuse(
      `${dimensions.join(" × ")} samples are ${expected} values, got ${samples.length}. Give all of them, x fastest.`,
      { expected, length: samples.length },
    );
  }
  const level = Math.fround(options.level);
  if (!(Math.abs(level) < MOST_LEVEL)) {
    refuse(`the level must be a number between −2^100 and 2^100, got ${options.level}.`, { level: options.level });
  }
  return { level, inside, border };
}

/** Throws `invalid-input` unless there are three whole numbers from 2 to `most`. */
export function checkDimensions(dimensions: readonly number[], most: number = VOLUME_LIMITS[1]): void {
  const [least] = VOLUME_LIMITS;
  if (dimensions.length === 3 && dimensions.every((n) => Number.isInteger(n) && n >= least && n <= most)) return;
  refuse(`dimensions must be three whole numbers from ${least} to ${most}, got ${dimensions.join(" × ") || "none"}.`, {
    dimensions: [...dimensions],
    least,
    most,
  });
}

/** Proportions between axes beyond this are taken for a mistake. */
const MOST_PROPORTION = 1e4;

/** Throws `invalid-input` unless there are three finite numbers above 0 that differ by a factor of 10 000 at the most. */
export function checkSpacing(spacing: readonly number[]): void {
  const usable =
    spacing.length === 3 &&
    spacing.every((s) => s >= 1e-30 && s <= 1e30) &&
    Math.max(...spacing) <= MOST_PROPORTION * Math.min(...spacing);
  if (usable) return;
  refuse(
    `spacing must be three numbers above 0 of which none is more than ${MOST_PROPORTION} times another, ` +
      `got ${spacing.join(" × ") || "none"}.`,
    { spacing: [...spacing] },
  );
}

/** What was done to a volume to make it usable, in words and numbers. */
export interface VolumeWarning {
  readonly code: "non-finite-samples";
  readonly message: string;
  readonly data: Readonly<Record<string, number>>;
}

/**
 * The volume with every sample that is not finite replaced by the value farthest outside that occurs,
 * or one unit outside the level where none is outside. Without such samples it is the same object.
 */
export function replaceNonFinite(
  volume: Volume,
  options: VolumeOptions,
): { readonly volume: Volume; readonly warnings: readonly VolumeWarning[] } {
  const { level, inside } = checkVolume(volume, options);
  const { samples } = volume;
  const bad = samples instanceof Float32Array ? findUnusable(samples) : null;
  if (!bad) return { volume, warnings: [] };
  const sign = inside === "above" ? -1 : 1;
  let outside = Math.fround(level + sign);
  for (let i = 0; i < samples.length; i++) {
    if (Number.isFinite(samples[i]) && sign * (samples[i] - outside) > 0) outside = samples[i];
  }
  const replaced = Float32Array.from(samples, (value) => (Number.isFinite(value) ? value : outside));
  const { count, index } = bad;
  const message = `volume: ${count} of ${samples.length} samples, first ${index}, were not usable numbers and count as outside (${outside}).`;
  return {
    volume: { ...volume, samples: replaced },
    warnings: [{ code: "non-finite-samples", message, data: { count, index, of: samples.length, value: outside } }],
  };
}

/** First sample that is not finite, and how many there are; null without any. */
function findUnusable(samples: Float32Array): { index: number; count: number; value: number } | null {
  let index = -1;
  let count = 0;
  for (let i = 0; i < samples.length; i++) {
    if (Number.isFinite(samples[i])) continue;
    if (count++ === 0) index = i;
  }
  return count === 0 ? null : { index, count, value: samples[index] };
}

/** The error for floating-point samples of which some are not usable. */
export function unusableSamples(samples: Float32Array): EngineError {
  const { index, count, value } = findUnusable(samples) ?? { index: -1, count: 0, value: Number.NaN };
  return new EngineError(
    "invalid-input",
    `volume: ${count} of ${samples.length} samples are not finite; the first is sample ${index}, ${value}. ` +
      "Replace them, or let them count as outside (replaceNonFinite).",
    { index, count, value },
  );
}

function refuse(what: string, data: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-input", `volume: ${what}`, data);
}
