/**
 * The ranges of a program on blocks as WebAssembly, four blocks at a time: `interval.ts` as a kernel.
 *
 * ```
 *   ranges(boxes, count, signatures, constants)        count a multiple of 4
 *
 *   boxes        96 bytes for four blocks: x0 x0 x0 x0  x1 x1 x1 x1  y0 …  y1 …  z0 …  z1 …
 *   signatures   32 bits a block: bit 0: the field may be both below 0 and not below 0; bit k: decision k − 1 holds
 * ```
 * Nothing is checked for being finite here. The caller looks at the whole grid first, with the same constants: where
 * every range is finite there, it is on every block, because a range only narrows with its operands.
 */
import { FIRST, SECOND, THIRD, ZERO } from "./interval.ts";
import type { FieldProgram, Register } from "./program.ts";
import * as op from "./program.ts";
import { ROUNDS } from "./variants.ts";
import * as wasm from "./wasm-code.ts";
import { FunctionCode, moduleBytes } from "./wasm-code.ts";

/** Something that may turn out on a block: that a register amounts to one of its operands, or to +0. */
export interface Decision {
  readonly register: Register;
  /** FIRST, SECOND, THIRD or ZERO of `interval.ts`. */
  readonly action: number;
  /** What is saved at most; see `programCost`. */
  readonly saving: number;
}

/** Decisions that fit into a signature. */
export const MOST_DECISIONS = 31;

/** The bytes of a module with the function `ranges`; null where the program has a division or is too large. */
export function emitRangesModule(
  program: FieldProgram,
  decisions: readonly Decision[],
): Uint8Array<ArrayBuffer> | null {
  const { code: instructions } = program;
  for (let at = 0; at < instructions.length; at += 4) if (instructions[at] === op.DIVIDE) return null;
  const [boxes, count, signatures, constants] = [0, 1, 2, 3];
  const code = new FunctionCode(4);
  const block = code.local(wasm.I32);
  const signature = code.local(wasm.V128);
  const ranges = new Ranges(code, program, boxes);
  const bitsOf = new Map<Register, [bit: number, action: number][]>();
  decisions.forEach(({ register, action }, i) => {
    const bits = bitsOf.get(register) ?? [];
    bitsOf.set(register, bits);
    bits.push([i + 1, action]);
  });
  /** Sets a bit in the lanes whose mask is on the stack. */
  const setBit = (bit: number) => {
    code.constantWord(1 << bit);
    code.vector(wasm.V128_AND);
    code.get(signature);
    code.vector(wasm.V128_OR);
    code.set(signature);
  };
  code.get(count);
  code.when(() => {
    for (let r = 0; r * 4 < instructions.length; r++) {
      if (instructions[r * 4] !== op.CONSTANT) continue;
      code.get(constants);
      code.loadVector(instructions[r * 4 + 1] * 16);
      ranges.constant(r);
    }
    code.repeat(
      block,
      4,
      () => code.get(count),
      () => {
        code.constantWord(0);
        code.set(signature);
        for (let r = 0; r * 4 < instructions.length; r++) {
          ranges.compute(r);
          ranges.limit(r);
          for (const [bit, action] of bitsOf.get(r) ?? []) {
            ranges.condition(r, action);
            setBit(bit);
          }
          ranges.release(r);
        }
        ranges.mayChange(program.outputs[0]);
        setBit(0);
        code.get(signatures);
        code.get(signature);
        code.storeVector(0);
        code.advance(signatures, 16);
        code.advance(boxes, 96);
      },
    );
  });
  if (!code.fits) return null;
  return moduleBytes([{ name: "ranges", parameters: 4, returns: false, code }]);
}

/** Two locals for each register that is still read: the ends of its range; for LESS the masks "always" and "never". */
class Ranges {
  readonly #code: FunctionCode;
  readonly #program: FieldProgram;
  readonly #boxes: number;
  readonly #low: number[] = [];
  readonly #high: number[] = [];
  /** The last instruction that reads each register. */
  readonly #last: Int32Array;
  readonly #free: number[] = [];
  readonly #zero: number;

  constructor(code: FunctionCode, program: FieldProgram, boxes: number) {
    this.#code = code;
    this.#program = program;
    this.#boxes = boxes;
    this.#zero = code.local(wasm.V128);
    this.#last = new Int32Array(op.instructionCount(program));
    for (let r = 0; r < this.#last.length; r++) {
      for (let k = 1; k <= op.OPERANDS[program.code[r * 4]]; k++) this.#last[program.code[r * 4 + k]] = r;
    }
    this.#last[program.outputs[0]] = 0x7fffffff;
  }

  /** Takes the vector on the stack as both ends of a register, for all blocks. */
  constant(register: Register): void {
    const local = this.#code.local(wasm.V128);
    this.#code.set(local);
    this.#low[register] = local;
    this.#high[register] = local;
  }

  compute(r: Register): void {
    const code = this.#code;
    const [operation, a, b, c] = this.#program.code.subarray(r * 4, r * 4 + 4);
    if (operation === op.CONSTANT) return;
    const low = this.#local();
    const high = this.#local();
    this.#low[r] = low;
    this.#high[r] = high;
    /** Pushes operands, applies an instruction. */
    const apply = (opcode: number, ...locals: number[]) => {
      for (const local of locals) code.get(local);
      code.vector(opcode);
    };
    const [al, ah, bl, bh] = [this.#low[a], this.#high[a], this.#low[b], this.#high[b]];
    switch (operation) {
      case op.X:
      case op.Y:
      case op.Z:
        for (const [local, half] of [
          [low, 0],
          [high, 16],
        ]) {
          code.get(this.#boxes);
          code.loadVector((operation - op.X) * 32 + half);
          code.set(local);
        }
        return;
      case op.ADD:
        apply(wasm.F32X4_ADD, al, bl);
        code.set(low);
        apply(wasm.F32X4_ADD, ah, bh);
        break;
      case op.SUBTRACT:
        apply(wasm.F32X4_SUB, al, bh);
        code.set(low);
        apply(wasm.F32X4_SUB, ah, bl);
        break;
      case op.MULTIPLY:
        if (a === b) {
          // The square of what is nearest to 0, and of what is farthest.
          this.#nearest(al, ah);
          code.tee(low);
          code.get(low);
          code.vector(wasm.F32X4_MUL);
          code.set(low);
          apply(wasm.F32X4_MUL, al, al);
          apply(wasm.F32X4_MUL, ah, ah);
          code.vector(wasm.F32X4_MAX);
          break;
        }
        for (const [opcode, local] of [
          [wasm.F32X4_MIN, low],
          [wasm.F32X4_MAX, high],
        ]) {
          apply(wasm.F32X4_MUL, al, bl);
          apply(wasm.F32X4_MUL, ah, bh);
          code.vector(opcode);
          if (al !== ah && bl !== bh) {
            apply(wasm.F32X4_MUL, al, bh);
            apply(wasm.F32X4_MUL, ah, bl);
            code.vector(opcode);
            code.vector(opcode);
          }
          code.set(local);
        }
        return;
      case op.MINIMUM:
      case op.MAXIMUM: {
        const opcode = operation === op.MINIMUM ? wasm.F32X4_MIN : wasm.F32X4_MAX;
        apply(opcode, al, bl);
        code.set(low);
        apply(opcode, ah, bh);
        break;
      }
      case op.ABSOLUTE:
        this.#nearest(al, ah);
        code.set(low);
        apply(wasm.F32X4_NEG, al);
        apply(wasm.F32X4_MAX, ah);
        break;
      case op.NEGATE:
        apply(wasm.F32X4_NEG, ah);
        code.set(low);
        apply(wasm.F32X4_NEG, al);
        break;
      case op.SQUARE_ROOT:
      case op.FLOOR: {
        const opcode = operation === op.FLOOR ? wasm.F32X4_FLOOR : wasm.F32X4_SQRT;
        apply(opcode, al);
        code.set(low);
        apply(opcode, ah);
        break;
      }
      case op.LESS:
        apply(wasm.F32X4_LT, ah, bl);
        code.set(low);
        apply(wasm.F32X4_GE, al, bh);
        break;
      case op.SELECT:
        for (const [opcode, ends, local] of [
          [wasm.F32X4_MIN, this.#low, low],
          [wasm.F32X4_MAX, this.#high, high],
        ] as const) {
          code.get(ends[b]);
          code.get(ends[c]);
          apply(opcode, ends[b], ends[c]);
          apply(wasm.V128_BITSELECT, ah);
          apply(wasm.V128_BITSELECT, al);
          code.set(local);
        }
        return;
      default:
        throw new Error(`emit: no ranges for operation ${operation}. This is a defect of the engine.`);
    }
    code.set(high);
  }

  /** Cuts a range to what is known of its register. */
  limit(r: Register): void {
    const code = this.#code;
    const limit = this.#program.limits[r];
    if (limit === Number.POSITIVE_INFINITY) return;
    code.get(this.#low[r]);
    code.constantVector(-limit);
    code.vector(wasm.F32X4_MAX);
    code.set(this.#low[r]);
    code.get(this.#high[r]);
    code.constantVector(limit);
    code.vector(wasm.F32X4_MIN);
    code.set(this.#high[r]);
  }

  /** Pushes a mask: whether a register amounts to something, by the table in `interval.ts`. */
  condition(r: Register, action: number): void {
    const code = this.#code;
    const [operation, a, b] = this.#program.code.subarray(r * 4, r * 4 + 3);
    const compare = (x: number, y: number, opcode: number) => {
      code.get(x);
      code.get(y);
      code.vector(opcode);
    };
    const [low, high] = [this.#low, this.#high];
    if (action === ZERO) {
      compare(low[r], this.#zero, wasm.F32X4_GE);
      compare(high[r], this.#zero, wasm.F32X4_LE);
      code.vector(wasm.V128_AND);
    } else if (operation === op.SELECT) code.get(action === SECOND ? low[a] : high[a]);
    else if (operation === op.MINIMUM && action === FIRST) compare(low[b], high[a], wasm.F32X4_GE);
    else if (operation === op.MINIMUM && action === SECOND) compare(high[b], low[a], wasm.F32X4_LT);
    else if (operation === op.MAXIMUM && action === FIRST) compare(low[a], high[b], wasm.F32X4_GE);
    else if (operation === op.MAXIMUM && action === SECOND) compare(high[a], low[b], wasm.F32X4_LT);
    else throw new Error(`emit: no action ${action} of operation ${operation}. This is a defect of the engine.`);
  }

  /** Pushes a mask: whether values below 0 and others are both possible. */
  mayChange(r: Register): void {
    const code = this.#code;
    code.get(this.#low[r]);
    code.get(this.#zero);
    code.vector(wasm.F32X4_LT);
    code.get(this.#high[r]);
    code.get(this.#zero);
    code.vector(wasm.F32X4_GE);
    code.vector(wasm.V128_AND);
  }

  /** Gives back the locals of what was last read by r. */
  release(r: Register): void {
    const operands = new Set(
      this.#program.code.subarray(r * 4 + 1, r * 4 + 1 + op.OPERANDS[this.#program.code[r * 4]]),
    );
    for (const operand of operands) {
      if (this.#last[operand] === r && this.#program.code[operand * 4] !== op.CONSTANT) {
        this.#free.push(this.#low[operand], this.#high[operand]);
      }
    }
  }

  /** Pushes how near to 0 a range comes. */
  #nearest(low: number, high: number): void {
    const code = this.#code;
    code.get(low);
    code.get(high);
    code.vector(wasm.F32X4_NEG);
    code.vector(wasm.F32X4_MAX);
    code.get(this.#zero);
    code.vector(wasm.F32X4_MAX);
  }

  #local(): number {
    return this.#free.pop() ?? this.#code.local(wasm.V128);
  }
}

/** Actions that may hold on a block, the 31 that save the most; only those of the kinds that `ranges` can tell. */
export function decisionsOf(
  program: FieldProgram,
  saving: (register: Register, action: number) => number,
  least: number,
  isUnsigned: (register: Register) => boolean,
): Decision[] {
  const { code } = program;
  // What adding or subtracting a register costs, which goes with it.
  const vanishes = new Float32Array(op.instructionCount(program));
  for (let at = 0; at < code.length; at += 4) {
    if (code[at] === op.ADD) vanishes[code[at + 1]] += ROUNDS[program.axes[at / 4]];
    if (code[at] === op.ADD || code[at] === op.SUBTRACT) vanishes[code[at + 2]] += ROUNDS[program.axes[at / 4]];
  }
  const found: Decision[] = [];
  const consider = (register: Register, action: number, more = 0) => {
    const saved = saving(register, action) + more;
    if (saved >= least) found.push({ register, action, saving: saved });
  };
  for (let r = 0; r * 4 < code.length; r++) {
    const operation = code[r * 4];
    if (operation === op.MINIMUM || operation === op.MAXIMUM) {
      consider(r, FIRST);
      consider(r, SECOND);
    }
    if (operation === op.SELECT) {
      consider(r, SECOND);
      consider(r, THIRD);
    }
    const mayBeZero = operation === op.MULTIPLY || operation === op.MAXIMUM || operation === op.SQUARE_ROOT;
    if (mayBeZero && vanishes[r] > 0 && isUnsigned(r)) consider(r, ZERO, vanishes[r]);
  }
  return found.sort((a, b) => b.saving - a.saving || a.register - b.register).slice(0, MOST_DECISIONS);
}
