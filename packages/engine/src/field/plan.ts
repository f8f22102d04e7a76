/**
 * Which shortened program evaluates which block, for long programs: from block to block inside it, each from the one
 * around it, so that the many shapes of a large scene are looked at in full only a few times.
 *
 * ```
 *   blocks of 8 bricks an axis ─ bound ─ ranges ─┬─ variant A ─ 4 bricks ─ bound ─ ranges ─ …   as long as it pays
 *                                                └─ variant B ─ settled: goes on by the bound alone
 * ```
 * Looking for ranges costs some nanoseconds an instruction and block. It pays on blocks that hold many bricks and in
 * programs that are long, and it is tried on a few blocks of each list first. What a program costs to compile is only
 * spent once as much has been missed without it (over all frames so far), so that the price is at most twice the best
 * possible one, whatever comes later; until then a variant above stands in.
 *
 * Estimates only choose among programs with the same bits: they have no influence on the samples.
 *
 * A frame of 1 360 gyroids in balls (70 000 instructions) at dimension 64 takes 0.45 to 0.7 s so, 1.6 to 5.1 s by the whole
 * program compiled. Where smooth joins leave every second shape in question, as in 1 000 boxes, the whole stays (Node 20,
 * x86-64, 2026-11).
 */
import { type BlockList, type BlockPlanner, keyX, keyY, keyZ, BlockList as List, type PointEvaluator } from "./cull.ts";
import { BRICK_CELLS, BRICK_VOLUME } from "./field.ts";
import type { Box } from "./interval.ts";
import { gridAxisInto, gridAxisLength } from "./sample.ts";
import {
  COMPILE_INSTRUCTION_NS,
  COMPILE_NS,
  MOST_VARIANTS,
  MOST_WEIGHED,
  ROW_NS,
  type Variant,
  VariantTree,
} from "./variants.ts";

/** Evaluates the blocks and bricks of a variant. */
export interface VariantEvaluator extends PointEvaluator {
  readonly variant: Variant;
}

/** Makes evaluators for variants. */
export interface EvaluatorSource {
  /** The evaluator of a compiled program, where there is one already. */
  ready(variant: Variant): VariantEvaluator | undefined;
  /** Compiles now; undefined where the program is too large, or there are too many. */
  compile(variant: Variant): VariantEvaluator | undefined;
  /** Evaluates without compiling, some ten times slower. */
  interpret(variant: Variant): VariantEvaluator;
}

// Nanoseconds (Node 20, x86-64, 2026-11), for estimates: of ranges, an instruction and block; of a brick, besides its
// program; of the interpreter, an instruction and sample (the plain evaluator takes 1.3).
const RANGE_NS = 6;
const BRICK_NS = 120;
const INTERPRETED_NS = 0.15;
/** Like `ROW_NS`, in compiled programs that outgrow the caches and keep their values in memory. */
const LONG_ROW_NS = 120;

/** Ranges may cost this share of evaluating the bricks. */
const MOST_SHARE = 0.1;
/** Lists of more blocks are tried on as many of them first. */
const TRIED = 32;
/** The same for long programs, and what may be left of them on these blocks. */
const TRIED_LONG = 4;
const MOST_LEFT = 0.7;
/** What must be saved on the others, for each nanosecond that ranges cost. */
const LEAST_RETURN = 2;
/** What a dropped block saves, next to evaluating its bricks: the bound would drop most of it later. */
const DROPPED_SHARE = 0.3;
/** Programs longer than this are never evaluated whole without being compiled. */
const MOST_INTERPRETED = 6000;

/** The planner of one scene. */
export class VariantPlanner implements BlockPlanner {
  readonly #source: EvaluatorSource;
  readonly #varies: Uint8Array;
  readonly #zero: number | undefined;
  readonly #box: Box = { negativeZero: false, x0: 0, x1: 0, y0: 0, y1: 0, z0: 0, z1: 0 };
  #tree: VariantTree;
  #axis = new Float32Array(0);
  readonly #patience: number;
  #dimension = 0;
  #constants: Float32Array = new Float32Array(0);
  /** Lists that are looked at again at the next size, by variant; then those that are not, by what evaluates them. */
  #open = new Map<Variant, BlockList>();
  #settled = new Map<Variant, BlockList>();
  readonly #spare: BlockList[] = [];

  /** @param patience how much of the price of compiling a program must have been missed without it */
  constructor(source: EvaluatorSource, tree: VariantTree, patience: number) {
    this.#patience = patience;
    this.#source = source;
    this.#tree = tree;
    this.#varies = tree.varies;
    this.#zero = tree.zero;
  }

  get tree(): VariantTree {
    return this.#tree;
  }

  /**
   * Begins a grid.
   * @param constants one number a slot
   */
  begin(dimension: number, constants: Float32Array): void {
    if (dimension !== this.#dimension) {
      this.#dimension = dimension;
      this.#axis = new Float32Array(gridAxisLength(dimension));
      gridAxisInto(dimension, this.#axis);
    }
    this.#constants = constants;
    if (this.#tree.count > MOST_VARIANTS) {
      this.#tree = new VariantTree(this.#tree.root.program, this.#varies, this.#zero);
    }
    for (const map of [this.#open, this.#settled]) {
      for (const list of map.values()) this.#spare.push(list);
      map.clear();
    }
  }

  refine(lists: readonly BlockList[], size: number): readonly BlockList[] {
    const before = this.#open;
    const [whole] = lists;
    // Nothing is left where the whole grid is on one side of the surface.
    if (whole === undefined) return lists;
    if (before.size === 0 && this.#settled.size === 0) before.set(this.#tree.root, this.#copy(whole));
    const open = new Map<Variant, BlockList>();
    this.#open = open;
    for (const [variant, list] of before) {
      if (this.#pays(variant, list, size)) this.#look(variant, list, size);
      else this.#settle(variant, list, size);
      if (variant.length > MOST_WEIGHED) variant.forget();
      list.count = 0;
      this.#spare.push(list);
    }
    if (size === 1) {
      for (const [variant, list] of open) {
        this.#settle(variant, list, size);
        this.#spare.push(list);
      }
      open.clear();
    }
    for (const [variant, list] of open) list.evaluator = this.#standIn(variant);
    return [...open.values(), ...this.#settled.values()].filter((list) => list.count > 0);
  }

  #copy(list: BlockList): BlockList {
    const copy = this.#empty();
    copy.append(list);
    return copy;
  }

  #empty(): BlockList {
    const list = this.#spare.pop() ?? new List();
    list.count = 0;
    list.evaluator = null;
    return list;
  }

  /** Nanoseconds to evaluate the bricks of blocks, a surface through each. */
  #work(variant: Variant, blocks: number, size: number): number {
    return blocks * size * size * (variant.cost * ROW_NS + BRICK_NS);
  }

  #pays(variant: Variant, list: BlockList, size: number): boolean {
    const { count } = list;
    if (variant.length > MOST_INTERPRETED) {
      if (!this.#source.ready(this.#tree.root)) return true;
      const tried = Math.min(count, TRIED_LONG);
      let length = 0;
      for (let i = 0; i < tried; i++) {
        length += this.#narrowed(variant, list.keys[Math.floor((i * count) / tried)], size)?.length ?? 0;
      }
      return length < tried * variant.length * MOST_LEFT;
    }
    const price = count * variant.length * RANGE_NS;
    const work = this.#work(variant, count, size);
    if (price > MOST_SHARE * work) return false;
    if (count <= TRIED) return true;
    let saved = 0;
    for (let i = 0; i < TRIED; i++) {
      const narrowed = this.#narrowed(variant, list.keys[Math.floor((i * count) / TRIED)], size);
      saved += narrowed === null ? DROPPED_SHARE : 1 - (narrowed.cost + 6) / (variant.cost + 6);
    }
    return (saved / TRIED) * work > LEAST_RETURN * price;
  }

  /** The variant for a block; null where the block has no sign change. */
  #narrowed(variant: Variant, key: number, size: number): Variant | null {
    const axis = this.#axis;
    const box = this.#box;
    const [x, y, z] = [keyX(key), keyY(key), keyZ(key)];
    const last = axis.length - 1;
    box.x0 = axis[x * BRICK_CELLS];
    box.x1 = axis[Math.min((x + size) * BRICK_CELLS, last)];
    box.y0 = axis[y * BRICK_CELLS];
    box.y1 = axis[Math.min((y + size) * BRICK_CELLS, last)];
    box.z0 = axis[z * BRICK_CELLS];
    box.z1 = axis[Math.min((z + size) * BRICK_CELLS, last)];
    return variant.intervals.evaluate(this.#constants, 1, box) ? variant.narrowed() : null;
  }

  #look(variant: Variant, list: BlockList, size: number): void {
    for (let i = 0; i < list.count; i++) {
      const key = list.keys[i];
      const narrowed = this.#narrowed(variant, key, size);
      if (narrowed !== null) this.#listOf(this.#open, narrowed).push(key);
    }
  }

  #listOf(map: Map<Variant, BlockList>, variant: Variant): BlockList {
    let list = map.get(variant);
    if (!list) {
      list = this.#empty();
      map.set(variant, list);
    }
    return list;
  }

  /** The compiled program nearest above; none for what is too long to be interpreted meanwhile. */
  #standIn(variant: Variant): VariantEvaluator | null {
    for (let v: Variant | null = variant; v; v = v.parent) {
      const evaluator = this.#source.ready(v);
      if (evaluator && this.#isFaster(evaluator, variant)) return evaluator;
    }
    return variant.length > MOST_INTERPRETED ? null : this.#source.interpret(variant);
  }

  /** Whether a program that is compiled is faster than a shorter one that is not. */
  #isFaster(compiled: VariantEvaluator, variant: Variant): boolean {
    const { cost, length } = compiled.variant;
    const row = length > MOST_INTERPRETED ? LONG_ROW_NS : ROW_NS;
    return cost * row < BRICK_VOLUME * variant.length * INTERPRETED_NS;
  }

  #settle(variant: Variant, list: BlockList, size: number): void {
    if (list.count === 0) return;
    const evaluator = this.#choose(variant, list.count * size * size);
    const target = this.#listOf(this.#settled, evaluator.variant);
    target.evaluator = evaluator;
    target.append(list);
  }

  /** What evaluates about as many bricks of a variant: itself, if it is or should be compiled, or one above. */
  #choose(variant: Variant, bricks: number): VariantEvaluator {
    let base: VariantEvaluator | undefined;
    for (let v: Variant | null = variant; v && !base; v = v.parent) base = this.#source.ready(v);
    for (let v: Variant | null = variant; v && v !== base?.variant; v = v.parent) {
      const interpreted = BRICK_VOLUME * variant.length * INTERPRETED_NS;
      const without = base && this.#isFaster(base, variant) ? base.variant.cost * ROW_NS : interpreted;
      v.missed += bricks * Math.max(0, without - v.cost * ROW_NS);
      if (v.missed < (COMPILE_NS + COMPILE_INSTRUCTION_NS * v.length) * this.#patience) continue;
      const compiled = this.#source.compile(v);
      if (compiled) return compiled;
    }
    return base && this.#isFaster(base, variant) ? base : this.#source.interpret(variant);
  }
}
