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
  ROW_NS,
  SWITCH_NS,
  savings,
  type Variant,
  type VariantTree,
} from "./variants.ts";

/** Samples along an axis from which blocks of 4 bricks get a program of their own; of 2 below. */
const LARGE = 400;
/** Decisions that save less are not looked at. */
const LEAST_DECISION = 1;
/** A signature is also tried without the decisions that save less than these. */
const COARSER: readonly number[] = [LEAST_DECISION, 3, 8, 16];
/** Most signatures that are remembered; then all are forgotten. */
const MOST_SIGNATURES = 4096;

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
  #dimension = 0;

  constructor(place: Workplace, evaluators: Evaluators, tree: VariantTree, whole: BrickEvaluator) {
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
    const leaf = this.#dimension >= LARGE ? 4 : 2;
    if (size < leaf) return lists;
    const settles = size === leaf;
    if (settles) for (const list of this.#settled.values()) list.count = 0;
    for (const list of lists) this.#look(list, size, settles);
    if (!settles) return lists;
    for (const [signature, group] of this.#groups) {
      const { list } = group;
      if (list.count === 0) continue;
      const evaluator = this.#choose(signature, group, list.count * size * size);
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
        else keys[kept++] = key;
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
      group = { list: new BlockList(), candidates };
      this.#groups.set(signature, group);
    }
    return group;
  }

  /** What evaluates about as many bricks of a signature. */
  #choose(signature: number, group: Group, bricks: number): BrickEvaluator {
    let best = this.#compiled[0].evaluator;
    for (const { needs, evaluator } of this.#compiled) {
      if ((needs & ~signature) === 0 && evaluator.variant.cost < best.variant.cost) best = evaluator;
    }
    for (const candidate of group.candidates) {
      candidate.missed += bricks * best.variant.cost * ROW_NS;
      if (candidate.missed < COMPILE_NS) continue;
      candidate.variant ??= this.#variantOf(candidate.needs);
      const { variant } = candidate;
      variant.missed += bricks * Math.max(0, (best.variant.cost - variant.cost) * ROW_NS - SWITCH_NS);
      if (variant.missed < COMPILE_NS + COMPILE_INSTRUCTION_NS * variant.length) continue;
      const evaluator = this.#evaluators.compile(variant);
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
