/**
 * Which shortened program evaluates which block, for programs of usual length: by a kernel that finds the ranges of the
 * whole program on four blocks at a time, and tells what follows from them as a few bits (`emit-ranges.ts`).
 *
 * ```
 *   size 8   bound ─ ranges                  blocks without a sign change are dropped by either
 *   size 4   bound ─ ranges ─┬─ 0b0000 ───── whole program
 *                            ├─ 0b0011 ───── variant of these decisions, if it is compiled; else that of 0b0001
 *                            └─ 0b0101 ───── …
 * ```
 * A variant may stand in wherever all decisions that it was made for hold. What it costs to compile one is only spent
 * once as much has been missed without it (over all frames so far), so that the price is at most twice the best possible
 * one, whatever comes later. Estimates only choose among programs with the same bits.
 *
 * What it gave, as the time of `sample` without it over that with it, after a few hundred frames (Node 20, x86-64, two
 * cores, 2026-11): at 1024 seed 1.43, column 1.28, blobs 1.08, gyroid 1.05, lattice 1.03; at 512 seed 1.17, column 1.11,
 * blobs 1.10, the others 0.99 to 1.02; at 256 nothing but noise (0.98 to 1.04). Evaluating ranges by the twin instead of
 * the kernel took longer than it saved, and so did blocks of 2 bricks and planning from the first frame on.
 */
import { BlockList, type BlockPlanner, keyX, keyY, keyZ } from "./cull.ts";
import { type Decision, decisionsOf } from "./emit-ranges.ts";
import { BLOCKS_AT_ONCE, type BrickEvaluator, type Evaluators, type Workplace } from "./evaluators.ts";
import { BRICK_CELLS } from "./field.ts";
import { FIRST, ITSELF, SECOND, shortened, ZERO } from "./interval.ts";
import { rangesModule } from "./modules.ts";
import * as op from "./program.ts";
import { gridAxisInto, gridAxisLength } from "./sample.ts";
import {
  COMPILE_INSTRUCTION_NS,
  COMPILE_NS,
  MOST_WEIGHED,
  ROW_NS,
  SWITCH_NS,
  savings,
  type Variant,
  type VariantTree,
} from "./variants.ts";

/** Decisions that save less are not looked at. */
const LEAST_DECISION = 1;
/** What another program may cost at most, next to the best one there is, to be compiled. */
const LEAST_SHORTER = 0.85;
/** A signature is also tried without the decisions that save less than these. */
const COARSER: readonly number[] = [LEAST_DECISION, 3, 8, 16];
/** Most signatures that are remembered; then all are forgotten. */
const MOST_SIGNATURES = 4096;

/** Nanoseconds (Node 20, x86-64, 2026-11), for estimates: of ranges, a block, and what each instruction adds. */
const RANGES_NS = 60;
const RANGES_INSTRUCTION_NS = 0.8;
/** What a dropped block saves, next to evaluating its bricks: the bound would drop most of it later. */
const DROPPED_SHARE = 0.1;
/** Where nothing comes of it, only one grid in as many is planned. */
const LONGEST_PAUSE = 63;

/** When it pays to look for shortened programs. All choices give the same bits. */
export interface Planning {
  /** Grids below this are not planned: looking for shortened programs would take longer than it saves. */
  readonly leastDimension: number;
  /** Nor is anything before as much has been spent on the whole program: an animation of a few frames is over by then. */
  readonly leastSpentNs: number;
  /** How much of the price of compiling a program must have been missed without it. */
  readonly patience: number;
  /** Bricks along an axis of the blocks that get a program of their own: with 2 the rows of equal ones get too short. */
  readonly leaf: 1 | 2 | 4 | 8;
  /** Programs of more instructions are long: planned always, and block by block (`plan.ts`). */
  readonly longest: number;
}

export const PLANNING_DEFAULTS: Planning = {
  leastDimension: 200,
  leastSpentNs: 250_000_000,
  patience: 1,
  leaf: 4,
  longest: MOST_WEIGHED,
};

interface RangesExports {
  ranges(boxes: number, count: number, signatures: number, constants: number): void;
}

/** Some decisions that hold together, and the program for them, made once it may pay. */
interface Candidate {
  readonly needs: number;
  /** Nanoseconds that a program of no cost would have saved so far. */
  missed: number;
  variant: Variant | undefined;
}

/** What is known of the blocks with one signature. */
interface Group {
  readonly list: BlockList;
  /** The shortest program first. */
  readonly candidates: readonly Candidate[];
  /** The shortest program that is compiled, among the first `seen` of them. */
  best: BrickEvaluator;
  seen: number;
}

/** The planner of one scene. */
export class SignaturePlanner implements BlockPlanner {
  readonly #place: Workplace;
  readonly #evaluators: Evaluators;
  readonly #tree: VariantTree;
  readonly #groups = new Map<number, Group>();
  /** By the decisions they need. */
  readonly #candidates = new Map<number, Candidate>();
  /** What is compiled, and for which decisions. */
  readonly #compiled: { readonly needs: number; readonly evaluator: BrickEvaluator }[] = [];
  readonly #settled = new Map<BrickEvaluator, BlockList>();
  #decisions: readonly Decision[] = [];
  /** By decision, the bits of those that save enough for each level of `COARSER`. */
  #masks: readonly number[] = [];
  #ranges: RangesExports | null | undefined;
  #unsigned = new Uint8Array(0);
  #axis = new Float32Array(0);
  readonly #patience: number;
  readonly #leaf: number;
  /** Estimated nanoseconds that ranges cost in this grid, and what came of it. */
  #price = 0;
  #gain = 0;
  /** Grids that are left out after one that was not worth it, and how many of them are still to come. */
  #pause = 0;
  #toSkip = 0;
  #dimension = 0;

  constructor(place: Workplace, evaluators: Evaluators, tree: VariantTree, whole: BrickEvaluator, planning: Planning) {
    this.#patience = planning.patience;
    this.#leaf = planning.leaf;
    this.#place = place;
    this.#evaluators = evaluators;
    this.#tree = tree;
    this.#compiled.push({ needs: 0, evaluator: whole });
  }

  /**
   * Begins a grid; returns whether it can be planned: every range on the whole grid must be finite, and what the
   * decisions take for granted must hold with the constants of the moment.
   */
  begin(dimension: number): boolean {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return false;
    }
    this.#price = 0;
    this.#gain = 0;
    if (dimension !== this.#dimension) {
      this.#dimension = dimension;
      this.#axis = new Float32Array(gridAxisLength(dimension));
      gridAxisInto(dimension, this.#axis);
    }
    const { intervals, program } = this.#tree.root;
    const [x0, x1] = [this.#axis[0], this.#axis[this.#axis.length - 1]];
    intervals.evaluate(this.#place.single, 1, { negativeZero: false, x0, x1, y0: x0, y1: x1, z0: x0, z1: x1 });
    for (let r = 0; r < intervals.low.length; r++) if (!(intervals.low[r] <= intervals.high[r])) return false;
    if (this.#ranges === undefined) {
      this.#unsigned = intervals.unsigned.slice();
      this.#decisions = decisionsOf(program, savings(program), LEAST_DECISION, (r) => this.#unsigned[r] === 1);
      this.#masks = COARSER.map((least) =>
        this.#decisions.reduce((mask, { saving }, i) => (saving >= least ? mask | (2 << i) : mask), 0),
      );
      const module = rangesModule(program, this.#decisions);
      const imports = { env: { memory: this.#place.arena.memory } };
      this.#ranges = module && (new WebAssembly.Instance(module, imports).exports as unknown as RangesExports);
    }
    for (let r = 0; r < this.#unsigned.length; r++) if (this.#unsigned[r] > intervals.unsigned[r]) return false;
    return this.#ranges !== null;
  }

  refine(lists: readonly BlockList[], size: number): readonly BlockList[] {
    const whole = this.#tree.root;
    if (size < this.#leaf) return lists;
    const settles = size === this.#leaf;
    if (settles) for (const list of this.#settled.values()) list.count = 0;
    for (const list of lists) {
      const { count } = list;
      this.#look(list, size, settles);
      this.#price += count * (RANGES_NS + RANGES_INSTRUCTION_NS * whole.length);
      this.#gain += (count - list.count) * size * size * whole.cost * ROW_NS * DROPPED_SHARE;
      if (settles) list.count = 0;
    }
    if (!settles) return lists;
    for (const [signature, group] of this.#groups) {
      const { list } = group;
      if (list.count === 0) continue;
      const bricks = list.count * size * size;
      const evaluator = this.#choose(signature, group, bricks);
      this.#gain += bricks * (whole.cost - evaluator.variant.cost) * ROW_NS;
      let target = this.#settled.get(evaluator);
      if (!target) {
        target = new BlockList();
        target.evaluator = evaluator;
        this.#settled.set(evaluator, target);
      }
      target.append(list);
      list.count = 0;
    }
    if (this.#groups.size > MOST_SIGNATURES) {
      this.#groups.clear();
      this.#candidates.clear();
    }
    this.#pause = this.#gain > this.#price || this.#patience === 0 ? 0 : Math.min(this.#pause * 2 + 1, LONGEST_PAUSE);
    this.#toSkip = this.#pause;
    return [...this.#settled.values()].filter((list) => list.count > 0);
  }

  /** Drops blocks by their ranges; where they are to be settled, puts them into the lists of their signatures. */
  #look(list: BlockList, size: number, settles: boolean): void {
    const { arena, boxes, signatures, constants } = this.#place;
    const axis = this.#axis;
    const { keys } = list;
    const last = axis.length - 1;
    const box = arena.f32(boxes, BLOCKS_AT_ONCE * 6);
    const found = arena.u32(signatures, BLOCKS_AT_ONCE);
    let kept = 0;
    for (let start = 0; start < list.count; start += BLOCKS_AT_ONCE) {
      const length = Math.min(BLOCKS_AT_ONCE, list.count - start);
      for (let i = 0; i < length; i++) {
        const key = keys[start + i];
        const at = (i >> 2) * 24 + (i & 3);
        const [x, y, z] = [keyX(key), keyY(key), keyZ(key)];
        box[at] = axis[x * BRICK_CELLS];
        box[at + 4] = axis[Math.min((x + size) * BRICK_CELLS, last)];
        box[at + 8] = axis[y * BRICK_CELLS];
        box[at + 12] = axis[Math.min((y + size) * BRICK_CELLS, last)];
        box[at + 16] = axis[z * BRICK_CELLS];
        box[at + 20] = axis[Math.min((z + size) * BRICK_CELLS, last)];
      }
      (this.#ranges as RangesExports).ranges(boxes, (length + 3) & ~3, signatures, constants);
      for (let i = 0; i < length; i++) {
        if ((found[i] & 1) === 0) continue;
        const key = keys[start + i];
        if (settles) this.#group(found[i]).list.push(key);
        keys[kept++] = key;
      }
    }
    list.count = kept;
  }

  #group(signature: number): Group {
    let group = this.#groups.get(signature);
    if (!group) {
      const needed = [...new Set(this.#masks.map((mask) => signature & mask))];
      const candidates = needed.map((needs) => {
        const known = this.#candidates.get(needs) ?? { needs, missed: 0, variant: undefined };
        this.#candidates.set(needs, known);
        return known;
      });
      group = { list: new BlockList(), candidates, best: this.#compiled[0].evaluator, seen: 1 };
      this.#groups.set(signature, group);
    }
    return group;
  }

  /** What evaluates about as many bricks of a signature. */
  #choose(signature: number, group: Group, bricks: number): BrickEvaluator {
    // For the frames that were left out before this one, too.
    const frames = 1 + this.#pause;
    // Those that were compiled since this group was last looked at.
    for (; group.seen < this.#compiled.length; group.seen++) {
      const { needs, evaluator } = this.#compiled[group.seen];
      if ((needs & ~signature) === 0 && evaluator.variant.cost < group.best.variant.cost) group.best = evaluator;
    }
    const { best } = group;
    for (const candidate of group.candidates) {
      candidate.missed += frames * bricks * best.variant.cost * ROW_NS;
      if (candidate.missed < COMPILE_NS * this.#patience) continue;
      candidate.variant ??= this.#variantOf(candidate.needs);
      const { variant } = candidate;
      if (variant.cost > best.variant.cost * LEAST_SHORTER) continue;
      variant.missed += frames * bricks * Math.max(0, (best.variant.cost - variant.cost) * ROW_NS - SWITCH_NS);
      if (variant.missed < (COMPILE_NS + COMPILE_INSTRUCTION_NS * variant.length) * this.#patience) continue;
      const evaluator = this.#evaluators.ready(variant) ?? this.#evaluators.compile(variant);
      if (!evaluator) continue;
      this.#compiled.push({ needs: candidate.needs, evaluator });
      return evaluator;
    }
    return best;
  }

  /** The program where the decisions of a signature hold. */
  #variantOf(signature: number): Variant {
    const { root } = this.#tree;
    const { code } = root.program;
    const actions = new Uint8Array(root.length);
    this.#decisions.forEach(({ register, action }, i) => {
      if ((signature & (2 << i)) !== 0) actions[register] = action;
    });
    // What follows: adding or subtracting +0.
    for (let r = 0; r < actions.length; r++) {
      const [operation, a, b] = code.subarray(r * 4, r * 4 + 3);
      if (actions[r] !== ITSELF) continue;
      if (operation === op.SUBTRACT && actions[b] === ZERO) actions[r] = FIRST;
      if (operation === op.ADD && actions[b] === ZERO && this.#unsigned[a] === 1) actions[r] = FIRST;
      else if (operation === op.ADD && actions[a] === ZERO && this.#unsigned[b] === 1) actions[r] = SECOND;
    }
    return this.#tree.intern(shortened(root.program, actions, this.#tree.zero), root);
  }
}
