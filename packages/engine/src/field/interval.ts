/**
 * What a program can be on a block: a range for each register, and from it what each instruction amounts to there.
 *
 * The ranges hold for the *computed* numbers, without a slack. Rounding to nearest is monotone: from a ≤ a' and b ≤ b'
 * follows fl(a + b) ≤ fl(a' + b'), and the same holds for every operation of a program where it is monotone in each
 * operand. So an end of a range, computed with the same operations in the same precision, is itself a value that no
 * sample of the block can pass. (R. E. Moore, "Interval analysis", 1966, rounds outwards because it bounds real numbers.)
 *
 * Some registers have a limit that is known from elsewhere (`FieldProgram.limits`); their ranges are cut to it.
 *
 * A range with an end that is not finite is unknown: both ends are NaN, and what is computed from it is unknown too.
 * Comparisons with NaN fail, so that nothing is ever concluded from it.
 *
 * | instruction         | amounts to          | where                                                                  |
 * |---------------------|---------------------|------------------------------------------------------------------------|
 * | min(a, b)           | a                   | b ≥ a throughout: `b < a` is false, ties included                      |
 * |                     | b                   | b < a throughout                                                       |
 * | max(a, b)           | a                   | a ≥ b throughout                                                       |
 * |                     | b                   | a < b throughout                                                       |
 * | abs(a)              | a                   | a ≥ 0 throughout and never −0: the sign bit is 0 already               |
 * | mask ? b : c        | b, c                | the comparison has the same result throughout                          |
 * | anything            | +0                  | its range is 0 … 0, and it is never −0                                 |
 * | a − b               | a                   | b amounts to +0: x − (+0) = x for every x, −0 included                 |
 * | a + b               | a                   | b amounts to +0 and a is never −0 (−0 + (+0) would be +0); or reversed |
 *
 * A smooth union, `min(a, b) − e² (e f)` with `e = max(k − |a − b|, 0)`, is the plain minimum where k − |a − b| < 0: then
 * e, its square and the product are +0, and x − (+0) = x.
 */
import type { FieldProgram, Register } from "./program.ts";
import * as op from "./program.ts";

/** What an instruction amounts to on a block. The numbers of the first three are those of the operand that it equals. */
export const ITSELF = 0;
export const FIRST = 1;
export const SECOND = 2;
export const THIRD = 3;
export const ZERO = 4;

/** The box around some points; ends in single precision. */
export interface Box {
  /** Whether a coordinate of a point may be −0. Those of the grid never are. */
  negativeZero: boolean;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  z0: number;
  z1: number;
}

/** Results of LESS. */
const NEVER = 1;
const ALWAYS = 2;

/** Evaluates one program over blocks, one after the other. */
export class IntervalEvaluator {
  readonly program: FieldProgram;
  /** Ends of the range of each register on the last block; NaN where unknown. */
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** What each instruction amounts to on the last block. */
  readonly actions: Uint8Array;
  /** 1 where a register can be no −0 on the last block. */
  readonly unsigned: Uint8Array;
  readonly #mask: Uint8Array;

  constructor(program: FieldProgram) {
    this.program = program;
    const count = op.instructionCount(program);
    this.low = new Float32Array(count);
    this.high = new Float32Array(count);
    this.actions = new Uint8Array(count);
    this.unsigned = new Uint8Array(count);
    this.#mask = new Uint8Array(count);
  }

  /**
   * Finds ranges and actions on a block. Costs some nanoseconds an instruction.
   * @param constants one number every `stride`
   * @returns whether the output may be both below 0 and not below 0
   */
  evaluate(constants: Float32Array, stride: number, box: Box): boolean {
    const { code, outputs, limits } = this.program;
    const { low, high, actions } = this;
    const { unsigned } = this;
    const mask = this.#mask;
    const plain = box.negativeZero ? 0 : 1;
    for (let r = 0, at = 0; at < code.length; r++, at += 4) {
      const a = code[at + 1];
      const b = code[at + 2];
      let l = 0;
      let h = 0;
      let action = ITSELF;
      let never = 0;
      switch (code[at]) {
        case op.CONSTANT:
          l = h = constants[a * stride];
          low[r] = high[r] = l - l === 0 ? l : Number.NaN;
          unsigned[r] = Object.is(l, -0) ? 0 : 1;
          actions[r] = ITSELF;
          continue;
        case op.X:
          l = box.x0;
          h = box.x1;
          never = plain;
          break;
        case op.Y:
          l = box.y0;
          h = box.y1;
          never = plain;
          break;
        case op.Z:
          l = box.z0;
          h = box.z1;
          never = plain;
          break;
        case op.ADD:
          l = low[a] + low[b];
          h = high[a] + high[b];
          never = unsigned[a] | unsigned[b];
          if (actions[b] === ZERO && unsigned[a] === 1) action = FIRST;
          else if (actions[a] === ZERO && unsigned[b] === 1) action = SECOND;
          break;
        case op.SUBTRACT:
          l = low[a] - high[b];
          h = high[a] - low[b];
          never = unsigned[a];
          if (actions[b] === ZERO) action = FIRST;
          break;
        case op.MULTIPLY: {
          // Ends are finite, or all of them are NaN and so are all products.
          const [al, ah, bl, bh] = [low[a], high[a], low[b], high[b]];
          if (a === b) {
            const p = al * al;
            const q = ah * ah;
            l = al <= 0 && ah >= 0 ? 0 : p < q ? p : q;
            h = p < q ? q : p;
            never = 1;
          } else {
            if (al >= 0 && bl >= 0) {
              l = al * bl;
              h = ah * bh;
              never = unsigned[a] & unsigned[b];
            } else {
              const p = al * bl;
              const q = al * bh;
              const s = ah * bl;
              const t = ah * bh;
              const [l0, h0] = p < q ? [p, q] : [q, p];
              const [l1, h1] = s < t ? [s, t] : [t, s];
              l = l0 < l1 ? l0 : l1;
              h = h0 < h1 ? h1 : h0;
            }
          }
          break;
        }
        case op.DIVIDE:
          if (low[b] > 0 || high[b] < 0) {
            const p = low[a] / low[b];
            const q = low[a] / high[b];
            const s = high[a] / low[b];
            const t = high[a] / high[b];
            l = Math.min(p, q, s, t);
            h = Math.max(p, q, s, t);
            if (low[a] >= 0 && low[b] > 0) never = unsigned[a];
          } else l = h = Number.NaN;
          break;
        case op.MINIMUM:
          [l, h] = [low[b] < low[a] ? low[b] : low[a], high[b] < high[a] ? high[b] : high[a]];
          // Unknown, if one of them is; what is not a number loses every comparison.
          if (Number.isNaN(low[b])) l = Number.NaN;
          if (low[b] >= high[a]) action = FIRST;
          else if (high[b] < low[a]) action = SECOND;
          never = action === FIRST ? unsigned[a] : action === SECOND ? unsigned[b] : unsigned[a] & unsigned[b];
          break;
        case op.MAXIMUM:
          [l, h] = [low[a] < low[b] ? low[b] : low[a], high[a] < high[b] ? high[b] : high[a]];
          // Unknown, if one of them is; what is not a number loses every comparison.
          if (Number.isNaN(low[b])) l = Number.NaN;
          if (low[a] >= high[b]) action = FIRST;
          else if (high[a] < low[b]) action = SECOND;
          never = action === FIRST ? unsigned[a] : action === SECOND ? unsigned[b] : unsigned[a] & unsigned[b];
          break;
        case op.ABSOLUTE:
          if (low[a] >= 0) {
            l = low[a];
            h = high[a];
            if (unsigned[a] === 1) action = FIRST;
          } else if (high[a] <= 0) {
            l = -high[a];
            h = -low[a];
          } else {
            l = 0;
            h = -low[a] > high[a] ? -low[a] : high[a];
          }
          never = 1;
          break;
        case op.NEGATE:
          l = -high[a];
          h = -low[a];
          break;
        case op.SQUARE_ROOT:
          l = Math.sqrt(low[a]);
          h = Math.sqrt(high[a]);
          never = unsigned[a];
          break;
        case op.FLOOR:
          l = Math.floor(low[a]);
          h = Math.floor(high[a]);
          never = unsigned[a];
          break;
        case op.LESS:
          mask[r] = high[a] < low[b] ? ALWAYS : low[a] >= high[b] ? NEVER : 0;
          h = 1;
          break;
        case op.SELECT: {
          const c = code[at + 3];
          if (mask[a] === ALWAYS) {
            action = SECOND;
            l = low[b];
            h = high[b];
            never = unsigned[b];
          } else if (mask[a] === NEVER) {
            action = THIRD;
            l = low[c];
            h = high[c];
            never = unsigned[c];
          } else {
            l = Math.min(low[b], low[c]);
            h = Math.max(high[b], high[c]);
            never = unsigned[b] & unsigned[c];
          }
          break;
        }
      }
      const limit = limits[r];
      low[r] = l < -limit ? -limit : l;
      high[r] = h > limit ? limit : h;
      // Infinite ends too, because infinity less infinity is not a number.
      if (!(high[r] - low[r] < Number.POSITIVE_INFINITY)) low[r] = high[r] = Number.NaN;
      else if (low[r] > 0 || high[r] < 0) never = 1;
      else if (never === 1 && low[r] === 0 && high[r] === 0 && code[at] > op.Z && code[at] !== op.LESS) action = ZERO;
      unsigned[r] = never;
      actions[r] = action;
    }
    const output = outputs[0];
    return !(low[output] >= 0 || high[output] < 0);
  }
}

/**
 * The program with its instructions replaced by what they amount to, without those that nothing needs any more.
 * @param zero the slot of a constant that is +0 at all times; without one nothing is replaced by it
 */
export function shortened(program: FieldProgram, actions: Uint8Array, zero: number | undefined): FieldProgram {
  const { code } = program;
  const count = op.instructionCount(program);
  /** What each register is the same as, among the old ones; −1: the constant +0. */
  const same = new Int32Array(count);
  const needed = new Uint8Array(count);
  let needsZero = 0;
  for (let r = 0; r < count; r++) {
    const action = actions[r];
    if (action === ZERO) same[r] = zero === undefined ? r : -1;
    else same[r] = action === ITSELF ? r : same[code[r * 4 + action]];
  }
  const mark = (r: Register) => {
    const s = same[r];
    if (s < 0) needsZero = 1;
    else needed[s] = 1;
  };
  for (const output of program.outputs) mark(output);
  let length = 0;
  for (let r = count - 1; r >= 0; r--) {
    if (needed[r] === 0) continue;
    length++;
    for (let k = 1; k <= op.OPERANDS[code[r * 4]]; k++) mark(code[r * 4 + k]);
  }
  const to = new Int32Array((length + needsZero) * 4);
  const axes = new Uint8Array(length + needsZero);
  const limits = new Float32Array(length + needsZero).fill(Number.POSITIVE_INFINITY);
  const renumbered = new Int32Array(count);
  let at = 0;
  let zeroRegister = 0;
  const place = (r: Register) => (same[r] < 0 ? zeroRegister : renumbered[same[r]]);
  if (needsZero === 1) {
    zeroRegister = at++;
    to[0] = op.CONSTANT;
    to[1] = zero ?? 0;
  }
  for (let r = 0; r < count; r++) {
    if (needed[r] === 0) continue;
    const operation = code[r * 4];
    to[at * 4] = operation;
    axes[at] = operation === op.X ? op.AXIS_X : operation === op.Y ? op.AXIS_Y : operation === op.Z ? op.AXIS_Z : 0;
    if (operation === op.CONSTANT) to[at * 4 + 1] = code[r * 4 + 1];
    for (let k = 1; k <= op.OPERANDS[operation]; k++) {
      const operand = place(code[r * 4 + k]);
      to[at * 4 + k] = operand;
      axes[at] |= axes[operand];
    }
    limits[at] = program.limits[r];
    renumbered[r] = at++;
  }
  return { code: to, axes, limits, outputs: program.outputs.map(place) };
}
