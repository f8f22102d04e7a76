/**
 * Shortened programs, as a tree: each is the program above it with some instructions left out on some blocks.
 *
 * ```
 *   whole ─┬─ slab alone ─── top of the slab
 *          ├─ slab and ring, not joined
 *          └─ ring alone
 * ```
 * A variant equals the whole program, bit for bit, wherever the actions that made it were found (`interval.ts`), so that
 * any variant above it may stand in for it. Equal programs are one variant, whichever way they came about.
 *
 * What an instruction costs depends on the loops it runs in: one that needs all three coordinates is computed 64 times
 * as often as one of x alone. Actions that save next to nothing are not taken, or there would be thousands of programs.
 */
import { FIRST, IntervalEvaluator, ITSELF, shortened, ZERO } from "./interval.ts";
import type { FieldProgram, Register } from "./program.ts";
import * as op from "./program.ts";

/**
 * Nanoseconds for each unit of cost and brick (Node 20, x86-64, 2026-11: 17 for long programs, 19 for short ones); only
 * estimates come from this and the next ones.
 */
export const ROW_NS = 17;
/** What it costs a brick that its neighbour in the row has another program: the call, and constants loaded anew. */
export const SWITCH_NS = 25;
/**
 * What a program of its own costs, and what each instruction adds: generating and compiling it, running code that is not
 * optimised for a while, and optimising it. Measured by what 30 frames took with and without.
 */
export const COMPILE_NS = 4_000_000;
export const COMPILE_INSTRUCTION_NS = 20_000;

/** Rounds of an instruction for each row of eight samples, by the axes it depends on. */
export const ROUNDS: readonly number[] = [0, 1 / 64, 1 / 64, 1, 1 / 64, 1 / 8, 1 / 8, 1];
/** An action is taken where it may save as many rounds. */
const LEAST_SAVING = 3;
/** Programs with more instructions take every action: what each one saves is not known. */
export const MOST_WEIGHED = 2000;
/** Most variants in a tree; when there are more, it begins anew. */
export const MOST_VARIANTS = 8192;

/** Instructions for each row of eight samples of a brick, those that are hoisted counted by their share. */
export function programCost({ code, axes }: FieldProgram): number {
  let cost = 0;
  for (let r = 0; r < axes.length; r++) if (code[r * 4] > op.Z) cost += ROUNDS[axes[r]];
  return cost;
}

/** One program of the tree. */
export class Variant {
  readonly program: FieldProgram;
  readonly parent: Variant | null;
  /** See `programCost`. */
  readonly cost: number;
  /** Whether its samples are the same at all times. */
  readonly fixed: boolean;
  /** The work it would have saved so far, had it been compiled. */
  missed = 0;
  readonly #tree: VariantTree;
  readonly #children = new Map<number, { readonly actions: Uint8Array; readonly variant: Variant }[]>();
  #intervals: IntervalEvaluator | undefined;
  #worth: Uint8Array | undefined;

  constructor(tree: VariantTree, program: FieldProgram, parent: Variant | null) {
    this.#tree = tree;
    this.program = program;
    this.parent = parent;
    this.cost = programCost(program);
    let fixed = true;
    for (let at = 0; at < program.code.length; at += 4) {
      if (program.code[at] === op.CONSTANT && tree.varies[program.code[at + 1]] !== 0) fixed = false;
    }
    this.fixed = fixed;
  }

  /** How many instructions it has. */
  get length(): number {
    return op.instructionCount(this.program);
  }

  get intervals(): IntervalEvaluator {
    this.#intervals ??= new IntervalEvaluator(this.program);
    return this.#intervals;
  }

  /** Gives back what `intervals` holds. */
  forget(): void {
    this.#intervals = undefined;
  }

  /**
   * The variant for the block that `intervals` last looked at. Those of long programs are not remembered: they are large,
   * seldom alike, and others in every frame.
   */
  narrowed(): Variant {
    const { actions } = this.intervals;
    if (this.length > MOST_WEIGHED) {
      return new Variant(this.#tree, shortened(this.program, actions, this.#tree.zero), this.#tree.root);
    }
    this.#worth ??= worthwhile(this.program);
    const worth = this.#worth;
    let hash = 17;
    for (let r = 0; r < actions.length; r++) {
      if (actions[r] === ITSELF) continue;
      if (worth.length > 0 && worth[r * 4 + actions[r] - FIRST] === 0) actions[r] = ITSELF;
      else hash = Math.imul(hash ^ (r * 8 + actions[r]), 0x01000193) ^ (hash >>> 15);
    }
    if (hash === 17) return this;
    let alike = this.#children.get(hash);
    if (!alike) {
      alike = [];
      this.#children.set(hash, alike);
    }
    for (const known of alike) if (equal(known.actions, actions)) return known.variant;
    const variant = this.#tree.intern(shortened(this.program, actions, this.#tree.zero), this);
    alike.push({ actions: actions.slice(), variant });
    return variant;
  }
}

/** All variants of one program. */
export class VariantTree {
  readonly root: Variant;
  readonly varies: Uint8Array;
  readonly zero: number | undefined;
  readonly #known = new Map<string, Variant>();

  /**
   * @param varies for each slot whether its constant may change
   * @param zero the slot of a constant that is +0 at all times
   */
  constructor(program: FieldProgram, varies: Uint8Array, zero: number | undefined) {
    this.varies = varies;
    this.zero = zero;
    this.root = new Variant(this, program, null);
    this.#known.set(keyOf(program), this.root);
  }

  get count(): number {
    return this.#known.size;
  }

  intern(program: FieldProgram, parent: Variant): Variant {
    const key = keyOf(program);
    const known = this.#known.get(key);
    if (known) return known;
    const variant = new Variant(this, program, parent);
    this.#known.set(key, variant);
    return variant;
  }
}

function keyOf({ code, outputs }: FieldProgram): string {
  return `${outputs}:${code}`;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** For each instruction and action whether it may save enough; empty where all do. */
function worthwhile(program: FieldProgram): Uint8Array {
  const count = op.instructionCount(program);
  if (count > MOST_WEIGHED) return new Uint8Array(0);
  const saving = savings(program);
  const worth = new Uint8Array(count * 4);
  for (let r = 0; r < count; r++) {
    for (let action = FIRST; action <= ZERO; action++) {
      if (saving(r, action) >= LEAST_SAVING) worth[r * 4 + action - FIRST] = 1;
    }
  }
  return worth;
}

/** What an action saves at most, next to `programCost`: what only the operands that it drops need. */
export function savings({ code, axes }: FieldProgram): (register: Register, action: number) => number {
  const count = axes.length;
  // What each register is computed from, itself included, one bit a register.
  const words = (count + 31) >> 5;
  const reach = new Uint32Array(count * words);
  for (let r = 0; r < count; r++) {
    reach[r * words + (r >> 5)] |= 1 << (r & 31);
    for (let k = 1; k <= op.OPERANDS[code[r * 4]]; k++) {
      const from = code[r * 4 + k] * words;
      for (let w = 0; w < words; w++) reach[r * words + w] |= reach[from + w];
    }
  }
  return (register, action) => {
    if (code[register * 4] <= op.Z || (action !== ZERO && action > op.OPERANDS[code[register * 4]])) return 0;
    const kept = action === ZERO ? -1 : code[register * 4 + action] * words;
    let saved = 0;
    for (let i = 0; i <= register; i++) {
      if (code[i * 4] <= op.Z) continue;
      const [word, bit] = [i >> 5, 1 << (i & 31)];
      if ((reach[register * words + word] & bit) === 0 || (kept >= 0 && (reach[kept + word] & bit) !== 0)) continue;
      saved += ROUNDS[axes[i]];
    }
    return saved;
  };
}
