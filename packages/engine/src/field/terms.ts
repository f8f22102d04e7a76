/**
 * The numbers of a scene that do not depend on the sample: a small graph of doubles over time.
 *
 * Compiling a scene makes its structure once; what changes from frame to frame are the values of these terms, which
 * become the constants of the field program. A term is an index; equal terms share one index. A term is *fixed* when it
 * is the same at all times, and only fixed values may shape a program (a factor of exactly 1 is left out, say).
 */

import { cosineDegrees, sineDegrees } from "../portable/trig.ts";
import { type Parameters, valueAt } from "../scene/evaluate.ts";
import type { Animated } from "../scene/spec.ts";

/** Index of a term. */
export type Term = number;

const LITERAL = 0;
const ANIMATED = 1;
const DIMENSION = 2;
const ADD = 3;
const SUBTRACT = 4;
const MULTIPLY = 5;
const DIVIDE = 6;
const LEAST = 7;
const MOST = 8;
const MAGNITUDE = 9;
const ROOT = 10;
const SINE = 11;
const COSINE = 12;
const SIGN = 13;
const CUT = 14;
const OR_ELSE = 15;
const PARAMETER = 16;

/** The largest magnitude of a length in a scene, in grid units; larger values count as this one. */
export const MOST_LENGTH = 1e6;
/** Lengths below this count as none where they divide (smooth radii, spacings, periods, scale factors). */
export const LEAST_LENGTH = 1e-6;

/** A growing graph of terms. Values are those of the last `evaluate`. */
export class Terms {
  readonly #parameters: Parameters;
  readonly #op: number[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #value: number[] = [];
  readonly #fixed: boolean[] = [];
  readonly #animated: Animated[] = [];
  readonly #index = new Map<string, Term>();

  /** @param parameters named numbers that animated values may refer to; they count as fixed */
  constructor(parameters: Parameters = {}) {
    this.#parameters = parameters;
  }

  get count(): number {
    return this.#op.length;
  }

  /** The value at the time last evaluated. */
  value(term: Term): number {
    return this.#value[term];
  }

  /** Whether the term has this value at all times. */
  isAlways(term: Term, value: number): boolean {
    return this.#fixed[term] && this.#value[term] === value;
  }

  isFixed(term: Term): boolean {
    return this.#fixed[term];
  }

  literal(value: number): Term {
    return this.#intern(LITERAL, value, 0, `#${Object.is(value, -0) ? "-0" : value}`, true, value);
  }

  /** Values that are not finite count as 0. */
  animated(value: Animated): Term {
    if (typeof value === "number") return this.literal(finite(value));
    if ("parameter" in value) {
      // Not merged with equal numbers, so that the structure of a scene outlives a change of its parameters.
      const constant = finite(valueAt(value, 0, this.#parameters));
      return this.#intern(PARAMETER, 0, 0, `$${value.parameter}`, true, constant);
    }
    const key = `@${JSON.stringify(value)}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#animated.push(value);
    return this.#intern(
      ANIMATED,
      this.#animated.length - 1,
      0,
      key,
      false,
      finite(valueAt(value, 0, this.#parameters)),
    );
  }

  /** The number of samples along an axis of the grid. */
  dimension(): Term {
    return this.#intern(DIMENSION, 0, 0, "dimension", false, 32);
  }

  add(a: Term, b: Term): Term {
    if (this.isAlways(a, 0)) return b;
    if (this.isAlways(b, 0)) return a;
    return this.#make(ADD, a, b);
  }

  subtract(a: Term, b: Term): Term {
    return this.isAlways(b, 0) ? a : this.#make(SUBTRACT, a, b);
  }

  multiply(a: Term, b: Term): Term {
    if (this.isAlways(a, 0) || this.isAlways(b, 1)) return a;
    if (this.isAlways(b, 0) || this.isAlways(a, 1)) return b;
    return this.#make(MULTIPLY, a, b);
  }

  /** a / b, and 0 where b is 0. */
  divide(a: Term, b: Term): Term {
    return this.isAlways(b, 1) ? a : this.#make(DIVIDE, a, b);
  }

  negate(a: Term): Term {
    return this.multiply(this.literal(-1), a);
  }

  least(a: Term, b: Term): Term {
    return this.#make(LEAST, a, b);
  }

  most(a: Term, b: Term): Term {
    return this.#make(MOST, a, b);
  }

  magnitude(a: Term): Term {
    return this.#make(MAGNITUDE, a, a);
  }

  root(a: Term): Term {
    return this.#make(ROOT, a, a);
  }

  sineDegrees(a: Term): Term {
    return this.#make(SINE, a, a);
  }

  cosineDegrees(a: Term): Term {
    return this.#make(COSINE, a, a);
  }

  /** −1 for negative values, else 1. */
  sign(a: Term): Term {
    return this.#make(SIGN, a, a);
  }

  /** a where a ≥ b, else 0. */
  cut(a: Term, b: Term): Term {
    return this.#make(CUT, a, b);
  }

  /** a where a is not 0, else b. */
  orElse(a: Term, b: Term): Term {
    return this.#make(OR_ELSE, a, b);
  }

  clamp(a: Term, least: number, most: number): Term {
    return this.least(this.most(a, this.literal(least)), this.literal(most));
  }

  /** A length or position, brought into ±1e6. */
  length(value: Animated): Term {
    return this.clamp(this.animated(value), -MOST_LENGTH, MOST_LENGTH);
  }

  /** Whether an animated number is above 0 at all times, as far as its form shows. */
  isPositive(value: Animated): boolean {
    if (typeof value === "number") return value > 0;
    if ("parameter" in value) return valueAt(value, 0, this.#parameters) > 0;
    if ("wave" in value) return (value.wave.offset ?? 0) > Math.abs(value.wave.amplitude);
    return value.keyframes.every(([, v]) => v > 0);
  }

  /** Recomputes every term for a time in seconds and a grid of `dimension` samples an axis. */
  evaluate(time: number, dimension: number): void {
    const value = this.#value;
    for (let i = 0; i < value.length; i++) {
      if (this.#fixed[i]) continue;
      const op = this.#op[i];
      if (op === ANIMATED) value[i] = finite(valueAt(this.#animated[this.#a[i]], time, this.#parameters));
      else if (op === DIMENSION) value[i] = dimension;
      else value[i] = calculate(op, value[this.#a[i]], value[this.#b[i]]);
    }
  }

  #make(op: number, a: Term, b: Term): Term {
    const value = calculate(op, this.#value[a], this.#value[b]);
    if (this.#op[a] === LITERAL && this.#op[b] === LITERAL) return this.literal(value);
    return this.#intern(op, a, b, `${op} ${a} ${b}`, this.#fixed[a] && this.#fixed[b], value);
  }

  #intern(op: number, a: number, b: number, key: string, fixed: boolean, value: number): Term {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const term = this.#op.length;
    this.#op.push(op);
    this.#a.push(a);
    this.#b.push(b);
    this.#fixed.push(fixed);
    this.#value.push(value);
    this.#index.set(key, term);
    return term;
  }
}

function calculate(op: number, a: number, b: number): number {
  switch (op) {
    case ADD:
      return a + b;
    case SUBTRACT:
      return a - b;
    case MULTIPLY:
      return a * b;
    case DIVIDE:
      return b === 0 ? 0 : a / b;
    case LEAST:
      return b < a ? b : a;
    case MOST:
      return a < b ? b : a;
    case MAGNITUDE:
      return Math.abs(a);
    case ROOT:
      return Math.sqrt(a > 0 ? a : 0);
    case SINE:
      return sineDegrees(a);
    case COSINE:
      return cosineDegrees(a);
    case SIGN:
      return a < 0 ? -1 : 1;
    case CUT:
      return a >= b ? a : 0;
    default:
      return a === 0 ? b : a;
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
