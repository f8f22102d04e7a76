/** What an animated number is at one moment. Doubles, and the same bits on every engine. */
import { EngineError } from "../errors.ts";
import { sineTurns } from "../portable/trig.ts";
import type { Animated, AnimatedVector, KeyframesValue, WaveValue } from "./spec.ts";

/** Named numbers that `{ parameter: name }` refers to; `scene.parameters ?? {}`. */
export type Parameters = Readonly<Record<string, number>>;

/**
 * The value of an animated number at a time.
 * @param time seconds
 * @param parameters the scene's named numbers
 * Throws `invalid-scene` where it refers to a parameter that is not there.
 */
export function valueAt(value: Animated, time: number, parameters: Parameters): number {
  if (typeof value === "number") return value;
  if ("parameter" in value) return parameterValue(value.parameter, parameters);
  return "wave" in value ? waveAt(value, time) : keyframesAt(value, time);
}

/** The three values of an animated vector at a time in seconds. */
export function vectorAt(
  vector: AnimatedVector,
  time: number,
  parameters: Parameters,
): [x: number, y: number, z: number] {
  return [
    valueAt(vector[0], time, parameters),
    valueAt(vector[1], time, parameters),
    valueAt(vector[2], time, parameters),
  ];
}

/** Looks a parameter up; throws `invalid-scene` with the names that there are. */
export function parameterValue(name: string, parameters: Parameters): number {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined) {
    throw new EngineError(
      "invalid-scene",
      `evaluate: the scene has no parameter "${name}". It has: ${Object.keys(parameters).join(", ") || "none"}.`,
      { parameter: name, parameters: Object.keys(parameters) },
    );
  }
  return value;
}

/** Counted in turns, so that a wave repeats exactly after a whole number of periods. */
function waveAt({ wave }: WaveValue, time: number): number {
  const turns = (((wave.frequency ?? 1) * time) % 1) + (wave.phase ?? 0) / 360;
  return (wave.offset ?? 0) + wave.amplitude * sineTurns(turns);
}

function keyframesAt({ keyframes, easing = "smooth" }: KeyframesValue, time: number): number {
  let right = 0;
  while (right < keyframes.length && keyframes[right]![0] <= time) right++;
  if (right === 0) return keyframes[0]![1];
  const [leftTime, leftValue] = keyframes[right - 1]!;
  if (right === keyframes.length || easing === "step") return leftValue;
  const [rightTime, rightValue] = keyframes[right]!;
  let u = (time - leftTime) / (rightTime - leftTime);
  if (easing === "smooth") u = u * u * (3 - 2 * u);
  return leftValue + (rightValue - leftValue) * u;
}
