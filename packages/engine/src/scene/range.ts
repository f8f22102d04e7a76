/** The least and the greatest value that an animated number ever takes. */
import { sineDegrees } from "../portable/trig.ts";
import { type Parameters, parameterValue } from "./evaluate.ts";
import type { Animated } from "./spec.ts";

/** Closed interval; `least` ≤ `greatest`. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/**
 * The range of an animated number over all times. A wave's is its offset ± amplitude, whether or not it gets there in
 * the animation; keyframes never leave the values they join. Throws `invalid-scene` for an unknown parameter.
 */
export function rangeOf(value: Animated, parameters: Parameters): Range {
  if (typeof value === "number") return { least: value, greatest: value };
  if ("parameter" in value) {
    const constant = parameterValue(value.parameter, parameters);
    return { least: constant, greatest: constant };
  }
  if ("wave" in value) {
    const { amplitude, frequency = 1, phase = 0, offset = 0 } = value.wave;
    if (frequency === 0) {
      const constant = offset + amplitude * sineDegrees(phase);
      return { least: constant, greatest: constant };
    }
    return { least: offset - Math.abs(amplitude), greatest: offset + Math.abs(amplitude) };
  }
  let least = value.keyframes[0]![1];
  let greatest = least;
  for (const [, number] of value.keyframes) {
    if (number < least) least = number;
    if (number > greatest) greatest = number;
  }
  return { least, greatest };
}
