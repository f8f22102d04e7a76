/**
 * What evaluates a program on the memory of the kernels: a module that was compiled for it, or an interpreter where
 * compiling would not pay.
 */

import { LIMITS } from "../limits.ts";
import type { Arena } from "../memory/arena.ts";
import { keyX, keyY, keyZ, type PointBuffers, probeAxisInto, probeAxisLength } from "./cull.ts";
import { scratchBytes } from "./emit.ts";
import { REGISTER_BYTES, type Tape, tapeOf } from "./emit-interpreter.ts";
import { BRICK_CELLS, BRICK_VOLUME } from "./field.ts";
import { fieldModule, interpreterModule } from "./modules.ts";
import type { EvaluatorSource, VariantEvaluator } from "./plan.ts";
import type { FieldProgram } from "./program.ts";
import { gridAxisInto, gridAxisLength, hasSignChange } from "./sample.ts";
import type { Variant } from "./variants.ts";

/** What a field module exports; see `emit.ts`. Pointers are byte offsets. */
export interface FieldExports {
  points(x: number, y: number, z: number, count: number, value: number, constants: number): void;
  /** Absent where it would be too large, and in modules of shortened programs. */
  readonly normals?: (positions: number, normals: number, count: number, constants: number) => void;
  probe: BrickFunction;
  bricks: BrickFunction;
}
type BrickFunction = (
  keys: number,
  count: number,
  kept: number,
  axis: number,
  thresholdOrSamples: number,
  constants: number,
  scratch: number,
) => number;

/** Evaluates whole bricks too. */
export interface BrickEvaluator extends VariantEvaluator {
  /**
   * Evaluates bricks and keeps those with a sign change; pointers are byte offsets.
   * @param keys `count` of 32 bits
   * @param coordinates receives 3 × 16 bits a kept brick
   * @param samples has room for `count` bricks
   * @returns how many were kept
   */
  bricks(keys: number, count: number, coordinates: number, samples: number): number;
}

/** Points that are evaluated in one call. */
const POINTS = 512;
const PROBES_AT_ONCE = 1024;
/** Blocks whose ranges are found in one call. */
export const BLOCKS_AT_ONCE = 256;
/** Most shortened programs of one scene that are compiled. */
const MOST_COMPILED = 64;

/** The memory that all evaluators of a scene share; about 50 KB, allocated once. */
export class Workplace {
  readonly arena: Arena;
  /** 16 bytes a constant: the number four times. */
  readonly constants: number;
  readonly axis: number;
  readonly scratch: number;
  readonly points: number;
  readonly threshold: number;
  readonly parts: number;
  /** 24 bytes a block; see `emit-ranges.ts`. */
  readonly boxes: number;
  readonly signatures: number;
  /** The constants once more, one number each. */
  readonly single: Float32Array;
  #axisDimension = 0;
  #partsDimension = 0;
  #views: PointBuffers | undefined;

  constructor(arena: Arena, program: FieldProgram, constantCount: number) {
    this.arena = arena;
    this.single = new Float32Array(constantCount);
    this.constants = arena.allocate(constantCount * 16);
    this.axis = arena.allocate(gridAxisLength(LIMITS.dimension[1]) * 4);
    this.scratch = arena.allocate(scratchBytes(program));
    this.points = arena.allocate(POINTS * 4 * 4);
    this.threshold = arena.allocate(16);
    this.parts = arena.allocate(probeAxisLength(LIMITS.dimension[1]) * 4);
    this.boxes = arena.allocate(BLOCKS_AT_ONCE * 24);
    this.signatures = arena.allocate(BLOCKS_AT_ONCE * 4);
  }

  /** Spreads the constants in `single` over vectors. */
  putConstants(): void {
    const target = this.arena.f32(this.constants, this.single.length * 4);
    for (let i = 0; i < this.single.length; i++) target.fill(this.single[i], i * 4, i * 4 + 4);
  }

  putAxis(dimension: number): void {
    if (dimension === this.#axisDimension) return;
    gridAxisInto(dimension, this.arena.f32(this.axis, gridAxisLength(dimension)));
    this.#axisDimension = dimension;
  }

  putParts(dimension: number): void {
    if (dimension === this.#partsDimension) return;
    probeAxisInto(dimension, this.arena.f32(this.parts, probeAxisLength(dimension)));
    this.#partsDimension = dimension;
  }

  buffers(): PointBuffers {
    if (!this.#views || !this.arena.holds(this.#views.x)) {
      const view = (k: number) => this.arena.f32(this.points + k * POINTS * 4, POINTS);
      this.#views = { x: view(0), y: view(1), z: view(2), value: view(3) };
    }
    return this.#views;
  }
}

/** Instantiates a module; null where engines would have refused a function, so that it was left out. */
export function instantiate(module: WebAssembly.Module, arena: Arena): FieldExports | null {
  const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
  return "points" in exports && "probe" in exports && "bricks" in exports ? (exports as unknown as FieldExports) : null;
}

/** A compiled program. */
class CompiledVariant implements BrickEvaluator {
  readonly capacity = POINTS;
  readonly variant: Variant;
  readonly #place: Workplace;
  readonly #exports: FieldExports;

  constructor(variant: Variant, place: Workplace, exports: FieldExports) {
    this.variant = variant;
    this.#place = place;
    this.#exports = exports;
  }

  buffers(): PointBuffers {
    return this.#place.buffers();
  }

  evaluate(count: number): void {
    const { points, constants } = this.#place;
    const step = POINTS * 4;
    // Up to three points more than asked for: what the buffers held before.
    const padded = (count + 3) & ~3;
    this.#exports.points(points, points + step, points + 2 * step, padded, points + 3 * step, constants);
  }

  probe(keys: Uint32Array, count: number, dimension: number, threshold: number): number {
    const place = this.#place;
    const { arena } = place;
    place.putParts(dimension);
    arena.f32(place.threshold, 4).fill(threshold);
    const mark = arena.mark();
    const list = arena.allocate(count * 4);
    arena.u32(list, count).set(keys.subarray(0, count));
    let kept = 0;
    // In pieces, so that a better compiled version of the function is taken up between two of them.
    for (let start = 0; start < count; start += PROBES_AT_ONCE) {
      const length = Math.min(PROBES_AT_ONCE, count - start);
      const from = list + start * 4;
      const to = list + kept * 4;
      kept += this.#exports.probe(from, length, to, place.parts, place.threshold, place.constants, place.scratch);
    }
    keys.set(arena.u32(list, kept));
    arena.release(mark);
    return kept;
  }

  bricks(keys: number, count: number, coordinates: number, samples: number): number {
    const { axis, constants, scratch } = this.#place;
    return this.#exports.bricks(keys, count, coordinates, axis, samples, constants, scratch);
  }
}

type Interpret = (tape: number, end: number, registers: number, bytes: number, constants: number) => void;

/** A program that is not compiled, or not yet; it takes memory of the arena only while it runs. */
class InterpretedVariant implements BrickEvaluator {
  readonly capacity = POINTS;
  readonly variant: Variant;
  readonly #place: Workplace;
  readonly #interpret: Interpret;
  readonly #tape: Tape;

  constructor(variant: Variant, place: Workplace, interpret: Interpret) {
    this.variant = variant;
    this.#place = place;
    this.#interpret = interpret;
    this.#tape = tapeOf(variant.program);
  }

  buffers(): PointBuffers {
    return this.#place.buffers();
  }

  evaluate(count: number): void {
    const { arena } = this.#place;
    const mark = arena.mark();
    const load = this.#load();
    const { x, y, z, value } = this.buffers();
    [x, y, z].forEach((axis, k) => {
      arena.f32(load.registers + k * REGISTER_BYTES, count).set(axis.subarray(0, count));
    });
    this.#run(load, count);
    value.set(arena.f32(load.registers + this.#tape.output, count));
    arena.release(mark);
  }

  bricks(keys: number, count: number, coordinates: number, samples: number): number {
    const { arena, axis } = this.#place;
    const mark = arena.mark();
    const load = this.#load();
    const list = arena.u32(keys, count);
    const [xs, ys, zs] = [0, 1, 2].map((k) => arena.f32(load.registers + k * REGISTER_BYTES, BRICK_VOLUME));
    const along = arena.f32(axis, gridAxisLength(LIMITS.dimension[1]));
    const result = arena.f32(load.registers + this.#tape.output, BRICK_VOLUME);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const [bx, by, bz] = [keyX(list[i]), keyY(list[i]), keyZ(list[i])];
      for (let s = 0; s < BRICK_VOLUME; s++) {
        xs[s] = along[bx * BRICK_CELLS + (s & 7)];
        ys[s] = along[by * BRICK_CELLS + ((s >> 3) & 7)];
        zs[s] = along[bz * BRICK_CELLS + (s >> 6)];
      }
      this.#run(load, BRICK_VOLUME);
      if (!hasSignChange(result)) continue;
      arena.f32(samples + kept * BRICK_VOLUME * 4, BRICK_VOLUME).set(result);
      new Uint16Array(arena.memory.buffer, coordinates + kept * 6, 3).set([bx, by, bz]);
      kept++;
    }
    arena.release(mark);
    return kept;
  }

  /** Puts the tape where the arena stands, with room for its registers; views made before may go stale. */
  #load(): { tape: number; registers: number } {
    const { arena } = this.#place;
    const { words } = this.#tape;
    const tape = arena.allocate(words.byteLength);
    const registers = arena.allocate(this.#tape.registers * REGISTER_BYTES);
    arena.i32(tape, words.length).set(words);
    return { tape, registers };
  }

  #run({ tape, registers }: { tape: number; registers: number }, count: number): void {
    const { byteLength } = this.#tape.words;
    if (byteLength === 0) return;
    // In whole rounds: up to fifteen points more than asked for.
    this.#interpret(tape, tape + byteLength, registers, (count * 4 + 63) & ~63, this.#place.constants);
  }
}

/** The evaluators of the variants of one scene. */
export class Evaluators implements EvaluatorSource {
  readonly #place: Workplace;
  readonly #compiled = new Map<FieldProgram, BrickEvaluator | undefined>();
  #interpret: Interpret | undefined;

  constructor(place: Workplace) {
    this.#place = place;
  }

  /** Takes a module that is there already. */
  add(variant: Variant, exports: FieldExports): BrickEvaluator {
    const evaluator = new CompiledVariant(variant, this.#place, exports);
    this.#compiled.set(variant.program, evaluator);
    return evaluator;
  }

  ready(variant: Variant): BrickEvaluator | undefined {
    return this.#compiled.get(variant.program);
  }

  compile(variant: Variant): BrickEvaluator | undefined {
    if (this.#compiled.has(variant.program) || this.#compiled.size >= MOST_COMPILED) return undefined;
    const exports = instantiate(fieldModule({ value: variant.program, normal: null }), this.#place.arena);
    if (exports) return this.add(variant, exports);
    this.#compiled.set(variant.program, undefined);
    return undefined;
  }

  interpret(variant: Variant): BrickEvaluator {
    if (!this.#interpret) {
      const imports = { env: { memory: this.#place.arena.memory } };
      this.#interpret = new WebAssembly.Instance(interpreterModule(), imports).exports
        .interpret as unknown as Interpret;
    }
    return new InterpretedVariant(variant, this.#place, this.#interpret);
  }
}
