/** Reading the leaves of a scene: numbers, animated numbers, vectors, names. Every refusal says where, what may be, and what is. */
import { EngineError } from "../errors.ts";
import { closest } from "../portable/closest.ts";
import type { Parameters } from "./evaluate.ts";
import { type FieldRule, SCENE_LIMITS, WAVE_FIELDS } from "./fields.ts";
import { type Range, rangeOf } from "./range.ts";
import type { Animated, AnimatedVector, KeyframesValue, WaveValue } from "./spec.ts";

/** What a number may be, ends included. */
export type Limits = readonly [least: number, most: number];

/** Far beyond the grid (−1 to 1), and its square is still a good single-precision number. */
export const ANY: Limits = [-1e6, 1e6];
/** A vector whose numbers are all smaller than this in size has no direction that could be relied on. */
const LEAST_DIRECTION = 1e-6;

/** An `invalid-scene` error; `path` is that of the value inside the scene, as in `root.children[0].radius`. */
export function refuse(path: string, what: string, data: Readonly<Record<string, unknown>> = {}): EngineError {
  return new EngineError("invalid-scene", `read scene: ${shorten(path)} ${what}`, { path, ...data });
}

/** A value in a few words for a message. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 1 ? "a list of 1" : `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** An object whose keys are all known; every other key is refused with the one that was probably meant. */
export function readObject(input: unknown, path: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const record = readRecord(input, path);
  for (const key of Object.keys(record)) {
    if (keys.includes(key)) continue;
    const meant = closest(key, keys);
    const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
    throw refuse(path, `has an unknown key ${describe(key)}.${hint} It may have: ${keys.join(", ")}.`, {
      key,
      suggestion: meant ?? null,
      keys,
    });
  }
  return record;
}

/** An object with whatever keys. Only its own properties are there: nothing is looked up in a prototype. */
export function readRecord(input: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw refuse(path, `must be an object, got ${describe(input)}.`);
  }
  const record: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(input)) record[key] = (input as Record<string, unknown>)[key];
  return record;
}

/** A list of `least` to `most` items. */
export function readList(input: unknown, path: string, least: number, most: number, of: string): readonly unknown[] {
  const count = least === most ? `${least}` : `${least} to ${most}`;
  if (!Array.isArray(input)) throw refuse(path, `must be a list of ${count} ${of}, got ${describe(input)}.`);
  if (input.length < least || input.length > most) {
    throw refuse(path, `must be a list of ${count} ${of}, got ${input.length}.`, { least, most, value: input.length });
  }
  // A copy, in which a hole is an undefined like any other.
  return Array.from(input);
}

/** A finite number within limits; −0 becomes 0. */
export function readNumber(input: unknown, path: string, [least, most]: Limits): number {
  if (typeof input !== "number" || !(input >= least && input <= most)) {
    throw refuse(path, `must be a number from ${least} to ${most}, got ${describe(input)}.`, {
      least,
      most,
      value: input ?? null,
    });
  }
  return input + 0;
}

/** A whole number within limits. */
export function readWhole(input: unknown, path: string, limits: Limits): number {
  const value = readNumber(input, path, limits);
  if (Number.isInteger(value)) return value;
  throw refuse(path, `must be a whole number from ${limits[0]} to ${limits[1]}, got ${describe(input)}.`);
}

/** Three constant numbers. */
export function readTriple(input: unknown, path: string, limits: Limits): [number, number, number] {
  const list = readList(input, path, 3, 3, "numbers");
  return [0, 1, 2].map((i) => readNumber(list[i], `${path}[${i}]`, limits)) as [number, number, number];
}

/** Text of 1 to `most` characters without control characters. */
export function readText(input: unknown, path: string, most: number): string {
  if (typeof input !== "string" || input.length === 0 || input.length > most) {
    const given = typeof input === "string" ? `${input.length} characters` : describe(input);
    throw refuse(path, `must be text of 1 to ${most} characters, got ${given}.`);
  }
  for (let i = 0; i < input.length; i++) {
    const code = input.charCodeAt(i);
    if (code < 32 || (code >= 127 && code < 160)) {
      throw refuse(path, `must not hold control characters, has code ${code} at position ${i}. Remove it.`);
    }
  }
  return input;
}

/** One of a few words. */
export function readChoice<Choice extends string>(input: unknown, path: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === input);
  if (found !== undefined) return found;
  const meant = typeof input === "string" ? closest(input, choices) : undefined;
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  throw refuse(path, `must be one of ${choices.join(", ")}, got ${describe(input)}.${hint}`, {
    choices,
    suggestion: meant ?? null,
  });
}

/** A number, wave, keyframes or parameter whose every value is within limits. */
export function readAnimated(input: unknown, path: string, limits: Limits, parameters: Parameters): Animated {
  if (typeof input === "number") return readNumber(input, path, limits);
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const [least, most] = limits;
    throw refuse(
      path,
      `must be a number from ${least} to ${most}, or an object with wave, keyframes or parameter; got ${describe(input)}.`,
      { least, most },
    );
  }
  const value = readMoving(input, path, parameters);
  checkRange(rangeOf(value, parameters), value, path, limits);
  return value;
}

/** Three animated numbers. */
export function readVector(input: unknown, path: string, limits: Limits, parameters: Parameters): AnimatedVector {
  const list = readList(input, path, 3, 3, "numbers (x, y, z)");
  return [0, 1, 2].map((i) => readAnimated(list[i], `${path}[${i}]`, limits, parameters)) as unknown as AnimatedVector;
}

/** Refuses a vector that is constant and too short to have a direction. */
export function checkDirection(vector: AnimatedVector, path: string, parameters: Parameters): void {
  const ranges = vector.map((value) => rangeOf(value, parameters));
  if (ranges.some(({ least, greatest }) => least !== greatest)) return;
  if (ranges.every(({ least }) => Math.abs(least) < LEAST_DIRECTION)) {
    const given = ranges.map(({ least }) => least).join(", ");
    throw refuse(
      path,
      `must have a length: one of its numbers at least ${LEAST_DIRECTION} in size, got ${given}. Give the direction with larger numbers; its length does not matter.`,
    );
  }
}

function readMoving(input: object, path: string, parameters: Parameters): Exclude<Animated, number> {
  const kinds = ["wave", "keyframes", "parameter"];
  const kind = kinds.find((key) => Object.hasOwn(input, key));
  if (kind === "wave") return readWave(input, path);
  if (kind === "keyframes") return readKeyframes(input, path);
  if (kind === "parameter") {
    const name = readObject(input, path, ["parameter"]).parameter;
    const names = Object.keys(parameters);
    if (typeof name === "string" && names.includes(name)) return { parameter: name };
    const meant = typeof name === "string" ? closest(name, names) : undefined;
    const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
    throw refuse(
      `${path}.parameter`,
      `must be the name of a parameter of the scene, got ${describe(name)}.${hint} The scene has: ${listNames(names)}.`,
      { suggestion: meant ?? null },
    );
  }
  readObject(input, path, kinds);
  throw refuse(path, `must be a number or an object with ${kinds.join(", ")}, got an empty object.`);
}

function readWave(input: object, path: string): WaveValue {
  const at = `${path}.wave`;
  const { amplitude, frequency, phase, offset } = WAVE_FIELDS;
  const fields = readObject(readObject(input, path, ["wave"]).wave, at, Object.keys(WAVE_FIELDS));
  const number = (key: string, { limits = ANY }: FieldRule) => readNumber(fields[key], `${at}.${key}`, limits);
  return {
    wave: {
      amplitude: number("amplitude", amplitude),
      ...(fields.frequency === undefined ? {} : { frequency: number("frequency", frequency) }),
      ...(fields.phase === undefined ? {} : { phase: number("phase", phase) }),
      ...(fields.offset === undefined ? {} : { offset: number("offset", offset) }),
    },
  };
}

function readKeyframes(input: object, path: string): KeyframesValue {
  const fields = readObject(input, path, ["keyframes", "easing"]);
  const at = `${path}.keyframes`;
  const keyframes = readList(fields.keyframes, at, 1, SCENE_LIMITS.keyframes, "pairs [time, value]").map((item, i) => {
    const pair = readList(item, `${at}[${i}]`, 2, 2, "numbers (time, value)");
    return [readNumber(pair[0], `${at}[${i}][0]`, ANY), readNumber(pair[1], `${at}[${i}][1]`, ANY)] as const;
  });
  for (let i = 1; i < keyframes.length; i++) {
    const before = keyframes[i - 1]![0];
    const time = keyframes[i]![0];
    if (!(time > before)) {
      throw refuse(`${at}[${i}][0]`, `must be later than the time before it, ${before}, got ${time}.`);
    }
  }
  if (fields.easing === undefined) return { keyframes };
  return { keyframes, easing: readChoice(fields.easing, `${path}.easing`, ["linear", "smooth", "step"]) };
}

function checkRange({ least, greatest }: Range, value: Animated, path: string, limits: Limits): void {
  if (least >= limits[0] && greatest <= limits[1]) return;
  const named = typeof value === "object" && "parameter" in value ? ` (the parameter ${value.parameter})` : "";
  const given = least === greatest ? `${least}` : `values from ${least} to ${greatest}`;
  throw refuse(path, `must be a number from ${limits[0]} to ${limits[1]}, got ${given}${named}.`, {
    least: limits[0],
    most: limits[1],
    value: least < limits[0] ? least : greatest,
  });
}

/** The first names of a list, for a message. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
}

/** The beginning and the end of a path, which can be long in a deep scene. */
function shorten(path: string): string {
  return path.length <= 160 ? path : `${path.slice(0, 60)}…${path.slice(-90)}`;
}
