/**
 * The readable evaluator: a program over arrays of points, one operation after the other, each rounded to single precision.
 * Every other back end must give these bits.
 */

import type { FieldProgram } from "./program.ts";
import * as op from "./program.ts";

/** Points in a block; small enough that the registers of a usual program stay in the cache. */
const BLOCK = 256;

/** Evaluates one program; holds the registers of a block, 1 KB an instruction. */
export class ReferenceEvaluator {
  readonly program: FieldProgram;
  readonly #registers: readonly Float32Array[];

  constructor(program: FieldProgram) {
    this.program = program;
    this.#registers = Array.from({ length: op.instructionCount(program) }, () => new Float32Array(BLOCK));
  }

  /**
   * Evaluates points.
   * @param x coordinates of the points, like y and z
   * @param count how many
   * @param constants one number a slot
   * @param outputs an array for each output of the program, receives `count` numbers
   */
  evaluate(
    x: Float32Array,
    y: Float32Array,
    z: Float32Array,
    count: number,
    constants: Float32Array,
    ...outputs: readonly Float32Array[]
  ): void {
    const registers = this.#registers;
    for (let start = 0; start < count; start += BLOCK) {
      const length = Math.min(BLOCK, count - start);
      this.#block(x, y, z, start, length, constants);
      for (let k = 0; k < outputs.length; k++) {
        const source = registers[this.program.outputs[k]];
        for (let i = 0; i < length; i++) outputs[k][start + i] = source[i];
      }
    }
  }

  #block(x: Float32Array, y: Float32Array, z: Float32Array, start: number, length: number, constants: Float32Array) {
    const { code } = this.program;
    const registers = this.#registers;
    for (let at = 0, r = 0; at < code.length; at += 4, r++) {
      const to = registers[r];
      // For operations with fewer operands these are some other registers, which are not read.
      const a = registers[code[at + 1]];
      const b = registers[code[at + 2]];
      const c = registers[code[at + 3]];
      switch (code[at]) {
        case op.CONSTANT:
          to.fill(constants[code[at + 1]], 0, length);
          break;
        case op.X:
          for (let i = 0; i < length; i++) to[i] = x[start + i];
          break;
        case op.Y:
          for (let i = 0; i < length; i++) to[i] = y[start + i];
          break;
        case op.Z:
          for (let i = 0; i < length; i++) to[i] = z[start + i];
          break;
        // Storing into a Float32Array rounds; the double-precision result of one +, −, ×, / or √ of two singles rounds
        // to the same single as the exact one does (Figueroa, 1995, https://doi.org/10.1145/221332.221334).
        case op.ADD:
          for (let i = 0; i < length; i++) to[i] = a[i] + b[i];
          break;
        case op.SUBTRACT:
          for (let i = 0; i < length; i++) to[i] = a[i] - b[i];
          break;
        case op.MULTIPLY:
          for (let i = 0; i < length; i++) to[i] = a[i] * b[i];
          break;
        case op.DIVIDE:
          for (let i = 0; i < length; i++) to[i] = a[i] / b[i];
          break;
        case op.MINIMUM:
          for (let i = 0; i < length; i++) to[i] = b[i] < a[i] ? b[i] : a[i];
          break;
        case op.MAXIMUM:
          for (let i = 0; i < length; i++) to[i] = a[i] < b[i] ? b[i] : a[i];
          break;
        case op.ABSOLUTE:
          for (let i = 0; i < length; i++) to[i] = Math.abs(a[i]);
          break;
        case op.NEGATE:
          for (let i = 0; i < length; i++) to[i] = -a[i];
          break;
        case op.SQUARE_ROOT:
          for (let i = 0; i < length; i++) to[i] = Math.sqrt(a[i]);
          break;
        case op.FLOOR:
          for (let i = 0; i < length; i++) to[i] = Math.floor(a[i]);
          break;
        case op.LESS:
          for (let i = 0; i < length; i++) to[i] = a[i] < b[i] ? 1 : 0;
          break;
        case op.SELECT:
          for (let i = 0; i < length; i++) to[i] = a[i] !== 0 ? b[i] : c[i];
          break;
      }
    }
  }
}
