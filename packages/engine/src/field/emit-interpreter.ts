/**
 * A WebAssembly function that runs any program without compiling it: each instruction over all points, then the next one.
 *
 * ```
 *   interpret(tape, end, registers, bytes, constants)
 *
 *   tape        5 × 32 bits an instruction, from `tape` up to `end`: operation, result, a, b, c
 *               results and operands are byte offsets from `registers`; a constant has the byte offset of its slot as a
 *   registers   2 048 bytes each: up to 512 points; the first three hold x, y and z
 *   bytes       4 for each point, a multiple of 64
 *   constants   16 bytes a slot, the number four times
 * ```
 * Registers are used again once nothing reads them any more, so that those of long programs stay in the cache too.
 */
import { OPCODES } from "./emit-stage.ts";
import { BRICK_VOLUME } from "./field.ts";
import type { FieldProgram } from "./program.ts";
import * as op from "./program.ts";
import * as wasm from "./wasm-code.ts";
import { FunctionCode, moduleBytes } from "./wasm-code.ts";

/** Bytes of a register. */
export const REGISTER_BYTES = BRICK_VOLUME * 4;
/** 32-bit words of an instruction. */
const WORDS = 5;
/** Vectors that are computed in a round. */
const UNROLLED = 4;

/** A program as `interpret` reads it. */
export interface Tape {
  readonly words: Int32Array;
  /** How many registers it needs. */
  readonly registers: number;
  /** Byte offset of the register of the first output. */
  readonly output: number;
}

/** Translates a program; its first output is what counts. */
export function tapeOf({ code, outputs }: FieldProgram): Tape {
  const count = code.length / 4;
  const last = new Int32Array(count);
  for (let r = 0; r < count; r++) {
    for (let k = 1; k <= op.OPERANDS[code[r * 4]]; k++) last[code[r * 4 + k]] = r;
  }
  last[outputs[0]] = count;
  const words = new Int32Array(count * WORDS);
  const place = new Int32Array(count);
  const free: number[] = [];
  let registers = 3;
  let at = 0;
  for (let r = 0; r < count; r++) {
    const operation = code[r * 4];
    if (operation >= op.X && operation <= op.Z) {
      place[r] = (operation - op.X) * REGISTER_BYTES;
      continue;
    }
    const operands = op.OPERANDS[operation];
    words[at] = operation;
    if (operation === op.CONSTANT) words[at + 2] = code[r * 4 + 1] * 16;
    for (let k = 1; k <= operands; k++) words[at + 1 + k] = place[code[r * 4 + k]];
    // Each point is read before it is written, so that a result may lie where an operand was.
    for (let k = 1; k <= operands; k++) {
      const operand = code[r * 4 + k];
      if (last[operand] !== r || place[operand] < 3 * REGISTER_BYTES) continue;
      last[operand] = -1;
      free.push(place[operand]);
    }
    place[r] = free.pop() ?? registers++ * REGISTER_BYTES;
    words[at + 1] = place[r];
    at += WORDS;
  }
  return { words: words.subarray(0, at), registers, output: place[outputs[0]] };
}

/** The bytes of a module with the function `interpret`. */
export function emitInterpreterModule(): Uint8Array<ArrayBuffer> {
  const [tape, end, registers, bytes, constants] = [0, 1, 2, 3, 4];
  const code = new FunctionCode(5);
  const [to, stop] = [code.local(wasm.I32), code.local(wasm.I32)];
  const operands = [code.local(wasm.I32), code.local(wasm.I32), code.local(wasm.I32)];
  const splat = code.local(wasm.V128);
  /** Computes all points of an instruction; `vector` pushes four of them, `offset` bytes from the operands. */
  const eachPoint = (used: number, vector: (offset: number) => void) => {
    const step = UNROLLED * 16;
    const round = () => {
      for (let k = 0; k < UNROLLED; k++) {
        code.get(to);
        vector(k * 16);
        code.storeVector(k * 16);
      }
      for (let k = 0; k < used; k++) code.advance(operands[k], step);
    };
    code.repeat(to, step, () => code.get(stop), round);
  };
  const load = (k: number, offset: number) => {
    code.get(operands[k]);
    code.loadVector(offset);
  };
  const bodies: (() => void)[] = [];
  for (let operation = 0; operation <= op.SELECT; operation++) {
    const used = op.OPERANDS[operation];
    if (operation === op.CONSTANT) {
      bodies.push(() => {
        code.get(constants);
        code.get(tape);
        code.load32(8);
        code.add();
        code.loadVector(0);
        code.set(splat);
        eachPoint(0, () => code.get(splat));
      });
    } else if (operation === op.SELECT) {
      bodies.push(() =>
        eachPoint(used, (offset) => {
          load(1, offset);
          load(2, offset);
          load(0, offset);
          code.vector(wasm.V128_BITSELECT);
        }),
      );
    } else if (used > 0) {
      bodies.push(() =>
        eachPoint(used, (offset) => {
          for (let k = 0; k < used; k++) load(k, offset);
          code.vector(OPCODES[operation]);
        }),
      );
    } else bodies.push(() => {});
  }
  code.get(bytes);
  code.when(() => {
    code.repeat(
      tape,
      WORDS * 4,
      () => code.get(end),
      () => {
        for (const [local, word] of [to, ...operands].map((local, i) => [local, i + 1])) {
          code.get(registers);
          code.get(tape);
          code.load32(word * 4);
          code.add();
          code.set(local);
        }
        code.get(to);
        code.get(bytes);
        code.add();
        code.set(stop);
        code.oneOf(() => {
          code.get(tape);
          code.load32(0);
        }, bodies);
      },
    );
  });
  return moduleBytes([{ name: "interpret", parameters: 5, returns: false, code }]);
}
