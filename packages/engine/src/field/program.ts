/**
 * The field as a program: a list of primitive instructions over single-precision numbers, each used by number.
 *
 * Instruction i computes register i from earlier ones, so that the list is in an order in which it can be run
 * (static single assignment, without branches). Everything that a scene can say is made of these sixteen operations, and
 * a back end that runs them in IEEE single precision gives the same bits as every other one.
 *
 * ```
 *   code   op a b c | op a b c | …       4 integers an instruction
 *   axes   which of x (1), y (2), z (4) the register depends on
 * ```
 * The code depends on the scene alone. The numbers that may change with time are constants, kept apart in slots.
 */
import { type Term, Terms } from "./terms.ts";

/** Constant of slot a. */
export const CONSTANT = 0;
/** Coordinates of the sample. */
export const X = 1;
export const Y = 2;
export const Z = 3;
export const ADD = 4;
export const SUBTRACT = 5;
export const MULTIPLY = 6;
export const DIVIDE = 7;
/** `b < a ? b : a` */
export const MINIMUM = 8;
/** `a < b ? b : a` */
export const MAXIMUM = 9;
export const ABSOLUTE = 10;
export const NEGATE = 11;
export const SQUARE_ROOT = 12;
export const FLOOR = 13;
/** A mask: whether `a < b`. Only SELECT reads it. */
export const LESS = 14;
/** `a ? b : c`, where a is a mask. */
export const SELECT = 15;

/** How many registers each operation reads, by operation. */
export const OPERANDS: readonly number[] = [0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 2, 3];

/** Bits of `FieldProgram.axes`. */
export const AXIS_X = 1;
export const AXIS_Y = 2;
export const AXIS_Z = 4;
export const ALL_AXES = AXIS_X | AXIS_Y | AXIS_Z;

/** Index of an instruction and of what it computes. */
export type Register = number;

export interface FieldProgram {
  /** 4 integers an instruction: operation, then operands (registers; for CONSTANT the slot). */
  readonly code: Int32Array;
  /** Axes that each register depends on: bits 1 (x), 2 (y), 4 (z). */
  readonly axes: Uint8Array;
  /** A magnitude that no computed value of a register exceeds; infinite where nothing is known. */
  readonly limits: Float32Array;
  /** Registers that are the results. */
  readonly outputs: readonly Register[];
}

/** How many instructions a program has. */
export function instructionCount(program: FieldProgram): number {
  return program.code.length / 4;
}

/** Builds programs; equal instructions become one, and what is known beforehand is not computed. */
export class ProgramBuilder {
  readonly terms: Terms;
  /** The term of each constant slot. Programs of one builder share the slots. */
  readonly slots: Term[] = [];
  readonly #code: number[] = [];
  readonly #axes: number[] = [];
  readonly #limits: number[] = [];
  readonly #index = new Map<string, Register>();
  readonly #slotOfTerm = new Map<Term, number>();

  constructor(terms: Terms = new Terms()) {
    this.terms = terms;
  }

  get x(): Register {
    return this.#emit(X, 0, 0, 0, AXIS_X);
  }
  get y(): Register {
    return this.#emit(Y, 0, 0, 0, AXIS_Y);
  }
  get z(): Register {
    return this.#emit(Z, 0, 0, 0, AXIS_Z);
  }

  /** The operation and operands of a register. */
  instruction(register: Register): [op: number, a: number, b: number, c: number] {
    const at = register * 4;
    return [this.#code[at], this.#code[at + 1], this.#code[at + 2], this.#code[at + 3]];
  }

  constant(term: Term): Register {
    let slot = this.#slotOfTerm.get(term);
    if (slot === undefined) {
      slot = this.slots.length;
      this.slots.push(term);
      this.#slotOfTerm.set(term, slot);
    }
    return this.#emit(CONSTANT, slot, 0, 0, 0);
  }

  literal(value: number): Register {
    return this.constant(this.terms.literal(value));
  }

  add(a: Register, b: Register): Register {
    if (this.#isAlways(a, 0)) return b;
    if (this.#isAlways(b, 0)) return a;
    const [ta, tb] = [this.#term(a), this.#term(b)];
    if (ta !== undefined && tb !== undefined) return this.constant(this.terms.add(ta, tb));
    return a < b ? this.#combine(ADD, a, b) : this.#combine(ADD, b, a);
  }

  subtract(a: Register, b: Register): Register {
    if (this.#isAlways(b, 0)) return a;
    if (this.#isAlways(a, 0)) return this.negate(b);
    const [ta, tb] = [this.#term(a), this.#term(b)];
    if (ta !== undefined && tb !== undefined) return this.constant(this.terms.subtract(ta, tb));
    return this.#combine(SUBTRACT, a, b);
  }

  multiply(a: Register, b: Register): Register {
    if (this.#isAlways(a, 0) || this.#isAlways(b, 1)) return a;
    if (this.#isAlways(b, 0) || this.#isAlways(a, 1)) return b;
    if (this.#isAlways(a, -1)) return this.negate(b);
    if (this.#isAlways(b, -1)) return this.negate(a);
    const [ta, tb] = [this.#term(a), this.#term(b)];
    if (ta !== undefined && tb !== undefined) return this.constant(this.terms.multiply(ta, tb));
    return a < b ? this.#combine(MULTIPLY, a, b) : this.#combine(MULTIPLY, b, a);
  }

  /** The quotient; b must never be 0. */
  divide(a: Register, b: Register): Register {
    if (this.#isAlways(a, 0) || this.#isAlways(b, 1)) return a;
    return this.#combine(DIVIDE, a, b);
  }

  minimum(a: Register, b: Register): Register {
    return a === b ? a : this.#combine(MINIMUM, a, b);
  }

  maximum(a: Register, b: Register): Register {
    return a === b ? a : this.#combine(MAXIMUM, a, b);
  }

  absolute(a: Register): Register {
    const [op, inner] = this.instruction(a);
    if (op === ABSOLUTE || op === SQUARE_ROOT) return a;
    return op === NEGATE ? this.absolute(inner) : this.#combine(ABSOLUTE, a, 0);
  }

  negate(a: Register): Register {
    const [op, inner, other] = this.instruction(a);
    if (op === NEGATE) return inner;
    if (op === SUBTRACT) return this.#combine(SUBTRACT, other, inner);
    const term = this.#term(a);
    return term === undefined ? this.#combine(NEGATE, a, 0) : this.constant(this.terms.negate(term));
  }

  /** The square root; a must never be negative. */
  squareRoot(a: Register): Register {
    return this.#combine(SQUARE_ROOT, a, 0);
  }

  floor(a: Register): Register {
    return this.#combine(FLOOR, a, 0);
  }

  less(a: Register, b: Register): Register {
    return this.#combine(LESS, a, b);
  }

  select(mask: Register, a: Register, b: Register): Register {
    return a === b ? a : this.#combine(SELECT, mask, a, b);
  }

  square(a: Register): Register {
    return this.multiply(a, a);
  }

  /** The sum, those terms first that can be hoisted farthest out of the loops over z, y, x. */
  sum(...parts: Register[]): Register {
    return this.#outerFirst(parts).reduce((a, b) => this.add(a, b));
  }

  /** The largest, in the order of `sum`. */
  largest(...parts: Register[]): Register {
    return this.#outerFirst(parts).reduce((a, b) => this.maximum(a, b));
  }

  /** Euclidean length of a vector. */
  length(...parts: Register[]): Register {
    if (parts.length === 1) return this.absolute(parts[0]);
    return this.squareRoot(this.sum(...parts.map((part) => this.square(part))));
  }

  /** States that no computed value of a register exceeds a magnitude, wherever it is finite; returns the register. */
  limited(register: Register, magnitude: number): Register {
    this.#limits[register] = magnitude;
    return register;
  }

  /** Axes that a register depends on. */
  axes(register: Register): number {
    return this.#axes[register];
  }

  /** The program of some registers: what they do not need is left out. */
  finish(outputs: readonly Register[]): FieldProgram {
    const needed = new Uint8Array(this.#axes.length);
    for (const output of outputs) needed[output] = 1;
    let count = 0;
    for (let i = needed.length - 1; i >= 0; i--) {
      if (needed[i] === 0) continue;
      count++;
      const operands = OPERANDS[this.#code[i * 4]];
      for (let k = 1; k <= operands; k++) needed[this.#code[i * 4 + k]] = 1;
    }
    const code = new Int32Array(count * 4);
    const axes = new Uint8Array(count);
    const limits = new Float32Array(count);
    const renumbered = new Int32Array(needed.length);
    let at = 0;
    for (let i = 0; i < needed.length; i++) {
      if (needed[i] === 0) continue;
      const op = this.#code[i * 4];
      code[at * 4] = op;
      if (op === CONSTANT) code[at * 4 + 1] = this.#code[i * 4 + 1];
      for (let k = 1; k <= OPERANDS[op]; k++) code[at * 4 + k] = renumbered[this.#code[i * 4 + k]];
      axes[at] = this.#axes[i];
      limits[at] = this.#limits[i];
      renumbered[i] = at++;
    }
    return { code, axes, limits, outputs: outputs.map((output) => renumbered[output]) };
  }

  /** Whether a register is a constant of this value at all times. */
  #isAlways(register: Register, value: number): boolean {
    const term = this.#term(register);
    return term !== undefined && this.terms.isAlways(term, value);
  }

  #term(register: Register): Term | undefined {
    return this.#code[register * 4] === CONSTANT ? this.slots[this.#code[register * 4 + 1]] : undefined;
  }

  #outerFirst(parts: Register[]): Register[] {
    return [...parts].sort((a, b) => OUTER_RANK[this.#axes[a]] - OUTER_RANK[this.#axes[b]]);
  }

  #combine(op: number, a: Register, b: Register, c: Register = 0): Register {
    let axes = 0;
    const operands = [a, b, c];
    for (let k = 0; k < OPERANDS[op]; k++) axes |= this.#axes[operands[k]];
    return this.#emit(op, a, b, c, axes);
  }

  #emit(op: number, a: number, b: number, c: number, axes: number): Register {
    const key = `${op} ${a} ${b} ${c}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const register = this.#axes.length;
    this.#code.push(op, a, b, c);
    this.#axes.push(axes);
    this.#limits.push(Number.POSITIVE_INFINITY);
    this.#index.set(key, register);
    return register;
  }
}

/** By axes bits: none, z, y, yz come first; then x, xz; then what the innermost loop has to compute. */
const OUTER_RANK: readonly number[] = [0, 4, 2, 6, 1, 5, 3, 7];
