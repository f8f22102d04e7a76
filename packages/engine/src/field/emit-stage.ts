/**
 * One stage of a field program as WebAssembly: which values are computed where, and how they get from stage to stage.
 *
 * Values that are used once are left on the operand stack, others go to locals, which are used again once nothing reads
 * them any more. What a later stage needs stays in a local, or in memory where a program is too large for that.
 */

import type { FieldProgram, Register } from "./program.ts";
import * as op from "./program.ts";
import type { FunctionCode } from "./wasm-code.ts";
import * as wasm from "./wasm-code.ts";

/** Where a register's value is, as something that can be pushed. */
export type Place = () => void;

/** A chain of values that are each used once is kept on the operand stack up to this depth. */
const MOST_STACK = 64;

/** Programs with more instructions keep constants and hoisted values in memory instead of locals, of which there are few. */
const MOST_IN_LOCALS = 4000;

/** Emits the instructions of a program into one function, stage by stage. */
export class Emitter {
  readonly code: FunctionCode;
  /** Whether values that outlive their stage stay in memory. */
  readonly inMemory: boolean;
  readonly #program: FieldProgram;
  readonly #uses: Uint32Array;
  /** Locals of finished computations, to be used again: a function may have 50 000 at most. */
  readonly #free: number[] = [];

  constructor(code: FunctionCode, program: FieldProgram) {
    this.code = code;
    this.#program = program;
    this.inMemory = op.instructionCount(program) > MOST_IN_LOCALS;
    this.#uses = new Uint32Array(op.instructionCount(program));
    for (let at = 0; at < program.code.length; at += 4) {
      for (let k = 1; k <= op.OPERANDS[program.code[at]]; k++) this.#uses[program.code[at + k]]++;
    }
  }

  /** Loads the constants. `base` holds the address of the constants. */
  constants(base: number): Map<Register, Place> {
    const places = new Map<Register, Place>();
    const { code: program } = this.#program;
    for (let r = 0; r * 4 < program.length; r++) {
      if (program[r * 4] !== op.CONSTANT) continue;
      const load = () => {
        this.code.get(base);
        this.code.loadVector(program[r * 4 + 1] * 16);
      };
      places.set(r, this.place(load));
    }
    return places;
  }

  /**
   * Computes the registers that `belongs` chooses, in order. Values that are used once, in this stage, stay on the stack.
   * @param outside where values of other stages are; coordinates count as such
   * @param wanted registers that are needed later
   * @param keep puts a wanted value, which is in a local, somewhere else
   * @returns where the wanted ones are
   */
  stage(
    belongs: (register: Register) => boolean,
    outside: (register: Register) => Place | undefined,
    wanted: ReadonlySet<Register>,
    keep?: (register: Register, local: number) => Place,
  ): ReadonlyMap<Register, Place> {
    const { code } = this;
    const program = this.#program.code;
    const here = new Map<Register, Place>();
    /** Locals of this stage whose value is not wanted later, and how often they are still read. */
    const passing = new Map<Register, { readonly local: number; reads: number }>();
    /** Depth of the stack that pushing a register takes, for those that are not in a local. */
    const depth = new Map<Register, number>();
    const push = (register: Register): void => {
      const place = here.get(register) ?? outside(register);
      const temporary = passing.get(register);
      if (place) place();
      else if (temporary) {
        code.get(temporary.local);
        if (--temporary.reads === 0) this.#free.push(temporary.local);
      } else compute(register);
    };
    const compute = (register: Register): void => {
      const at = register * 4;
      const [operation, a, b, c] = program.subarray(at, at + 4);
      if (operation === op.SELECT) {
        push(b);
        push(c);
        push(a);
      } else {
        push(a);
        if (op.OPERANDS[operation] > 1) push(b);
      }
      code.vector(OPCODES[operation]);
    };
    for (let r = 0; r * 4 < program.length; r++) {
      if (!belongs(r) || outside(r)) continue;
      let deepest = 0;
      for (let k = 1; k <= op.OPERANDS[program[r * 4]]; k++) {
        deepest = Math.max(deepest, (depth.get(program[r * 4 + k]) ?? 0) + 1);
      }
      if (this.#uses[r] < 2 && !wanted.has(r) && deepest < MOST_STACK) {
        depth.set(r, deepest);
        continue;
      }
      compute(r);
      const local = this.#intoFree();
      if (!wanted.has(r)) passing.set(r, { local, reads: this.#uses[r] });
      else if (keep && this.inMemory) {
        here.set(r, keep(r, local));
        this.#free.push(local);
      } else here.set(r, () => code.get(local));
    }
    for (const r of wanted) {
      const place = outside(r);
      if (place) here.set(r, place);
    }
    return here;
  }

  /** Takes the vector on the stack into a local that stays its own. */
  intoLocal(): Place {
    const local = this.#intoFree();
    return () => this.code.get(local);
  }

  /** What pushes a value that `load` reads from memory: each time, or once into a local. */
  place(load: Place): Place {
    if (this.inMemory) return load;
    load();
    return this.intoLocal();
  }

  /** A local that no later code reads, or a new one. */
  #intoFree(): number {
    const local = this.#free.pop() ?? this.code.local(wasm.V128);
    this.code.set(local);
    return local;
  }
}

/** Instruction of each operation. */
export const OPCODES: readonly number[] = (() => {
  const table: number[] = [];
  table[op.ADD] = wasm.F32X4_ADD;
  table[op.SUBTRACT] = wasm.F32X4_SUB;
  table[op.MULTIPLY] = wasm.F32X4_MUL;
  table[op.DIVIDE] = wasm.F32X4_DIV;
  table[op.MINIMUM] = wasm.F32X4_PMIN;
  table[op.MAXIMUM] = wasm.F32X4_PMAX;
  table[op.ABSOLUTE] = wasm.F32X4_ABS;
  table[op.NEGATE] = wasm.F32X4_NEG;
  table[op.SQUARE_ROOT] = wasm.F32X4_SQRT;
  table[op.FLOOR] = wasm.F32X4_FLOOR;
  table[op.LESS] = wasm.F32X4_LT;
  table[op.SELECT] = wasm.V128_BITSELECT;
  return table;
})();

/** Constants, and what follows from them alone, before any loop. */
export function prologue(emitter: Emitter, program: FieldProgram, base: number): ReadonlyMap<Register, Place> {
  const constants = emitter.constants(base);
  const belongs = (r: Register) => program.axes[r] === 0;
  return emitter.stage(
    belongs,
    (r) => constants.get(r),
    readElsewhere(program, belongs, () => true),
  );
}

/** Registers of a stage that another stage reads, or the caller; `reader` chooses among the readers. */
export function readElsewhere(
  program: FieldProgram,
  belongs: (register: Register) => boolean,
  reader: (axes: number) => boolean,
): Set<Register> {
  const found = new Set<Register>();
  for (let r = 0; r * 4 < program.code.length; r++) {
    if (belongs(r) || !reader(program.axes[r])) continue;
    for (let k = 1; k <= op.OPERANDS[program.code[r * 4]]; k++) {
      const operand = program.code[r * 4 + k];
      if (belongs(operand)) found.add(operand);
    }
  }
  // Results are read by the innermost loop, as if they depended on all axes.
  if (reader(op.ALL_AXES)) for (const output of program.outputs) if (belongs(output)) found.add(output);
  return found;
}

export function placeIn(places: ReadonlyMap<Register, Place>, register: Register): Place {
  const place = places.get(register);
  if (!place) throw new Error(`emit: register ${register} was not computed. This is a defect of the engine.`);
  return place;
}

/** Finds a register in several maps, the first one first. */
export function look(...maps: readonly ReadonlyMap<Register, Place>[]) {
  return (register: Register): Place | undefined => {
    for (const map of maps) {
      const place = map.get(register);
      if (place) return place;
    }
    return undefined;
  };
}
