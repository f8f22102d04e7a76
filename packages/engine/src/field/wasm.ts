/** Scenes evaluated by WebAssembly modules that are generated for them, brick by brick with the shortest program. */
import type { Kernels } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import type { SceneSpec } from "../scene/spec.ts";
import type { CompiledScene } from "./compile.ts";
import { type BlockPlanner, Culler } from "./cull.ts";
import { type BrickEvaluator, Evaluators, type FieldExports, instantiate, Workplace } from "./evaluators.ts";
import { BRICK_VOLUME, type Bricks, type Field } from "./field.ts";
import { fieldBound } from "./lipschitz.ts";
import { type FieldModules, fieldModule } from "./modules.ts";
import { VariantPlanner } from "./plan.ts";
import { PLANNING_DEFAULTS, type Planning, SignaturePlanner } from "./plan-signatures.ts";
import { ReferenceNormals } from "./reference-field.ts";
import { checkDimension } from "./sample.ts";
import { ROW_NS, VariantTree } from "./variants.ts";

/** Bricks that are evaluated in one call; memory for as many is asked for at a time. */
const BRICKS_AT_ONCE = 128;
const BRICK_BYTES = BRICK_VOLUME * 4;
const COORDINATE_BYTES = 6;
/** Most bricks that are kept from frame to frame: 64 MB of samples. */
const MOST_KEPT = 32_768;
/**
 * A scene on the memory of the kernels.
 *
 * What lasts (constants, axis, point buffers, about 50 KB) is allocated when it is created; `sample` allocates its bricks
 * where the arena stands then, so that they are forgotten with whatever the caller marked before.
 */
export class WasmSceneField implements Field {
  readonly #scene: SceneSpec;
  readonly #arena: Arena;
  readonly #compiled: CompiledScene;
  readonly #normal: FieldExports["normals"];
  readonly #culler = new Culler();
  readonly #place: Workplace;
  /** For programs of usual length, and for long ones. */
  readonly #planner: SignaturePlanner | null;
  readonly #longPlanner: VariantPlanner | null;
  readonly #whole: BrickEvaluator | null;
  readonly #four: number;
  readonly #cost: number;
  /** Whether the field is the same at all times. */
  readonly #fixed: boolean;
  readonly #planning: Planning;
  #normals: ReferenceNormals | undefined;
  /** Nanoseconds of evaluating bricks so far, by estimate. */
  #spent = 0;
  /** The dimension that was last evaluated, and bricks that are the same at all times. */
  #evaluated = 0;
  #kept: KeptBricks | undefined;
  #time = Number.NaN;
  #dimension: number;

  constructor(
    scene: SceneSpec,
    compiled: CompiledScene,
    kernels: Kernels,
    dimension: number,
    modules?: FieldModules,
    planning: Planning = PLANNING_DEFAULTS,
  ) {
    const { arena } = kernels;
    this.#planning = planning;
    const exports = instantiate(fieldModule(compiled, modules), arena);
    this.#scene = scene;
    this.#arena = arena;
    this.#compiled = compiled;
    this.#normal = exports?.normals;
    this.#place = new Workplace(arena, compiled.value, compiled.constantCount);
    const tree = new VariantTree(compiled.value, compiled.varies, compiled.zero);
    const evaluators = new Evaluators(this.#place);
    this.#whole = exports && evaluators.add(tree.root, exports);
    this.#cost = tree.root.cost;
    this.#fixed = tree.root.fixed;
    const isLong = !this.#whole || tree.root.length > planning.longest;
    this.#planner =
      isLong || !this.#whole ? null : new SignaturePlanner(this.#place, evaluators, tree, this.#whole, planning);
    this.#longPlanner = isLong ? new VariantPlanner(evaluators, tree, planning.patience) : null;
    this.#four = arena.allocate(2 * 48);
    this.#dimension = dimension;
    this.at(0);
  }

  at(time: number): Field {
    if (time !== this.#time) this.#prepare(time, this.#dimension);
    return this;
  }

  sample(dimension: number): Bricks {
    checkDimension(dimension);
    if (!this.#fixed) return this.#evaluate(dimension);
    if (this.#kept?.dimension === dimension) return this.#kept.putInto(this.#arena);
    const bricks = this.#evaluate(dimension);
    // Not the first time, which may be the only one.
    if (this.#evaluated === dimension && bricks.count <= MOST_KEPT) this.#kept = new KeptBricks(bricks);
    this.#evaluated = dimension;
    return bricks;
  }

  #evaluate(dimension: number): ArenaBricks {
    if (dimension !== this.#dimension) this.#prepare(this.#time, dimension);
    this.#place.putAxis(dimension);
    const culler = this.#culler;
    const bound = fieldBound(this.#scene, this.#time);
    culler.cull(dimension, bound, this.#whole, this.#plan(dimension));

    this.#spent += culler.count * this.#cost * ROW_NS;

    const arena = this.#arena;
    const coordinates = arena.allocate(culler.count * COORDINATE_BYTES);
    const keys = arena.allocate(culler.count * 4);
    arena.u32(keys, culler.count).set(culler.keys.subarray(0, culler.count));
    const { owners, lists } = culler;
    // Kept bricks close up behind each other; what a call did not keep is given back before the next one.
    const samples = arena.mark();
    let count = 0;
    for (let start = 0; start < culler.count; ) {
      const most = Math.min(start + BRICKS_AT_ONCE, culler.count);
      arena.allocate((most - start) * BRICK_BYTES);
      while (start < most) {
        // As far as one program goes.
        let end = start + 1;
        while (end < most && owners[end] === owners[start]) end++;
        count += (lists[owners[start]].evaluator as BrickEvaluator).bricks(
          keys + start * 4,
          end - start,
          coordinates + count * COORDINATE_BYTES,
          samples + count * BRICK_BYTES,
        );
        start = end;
      }
      arena.release(samples + count * BRICK_BYTES);
    }
    return new ArenaBricks(
      arena,
      dimension,
      count,
      coordinates,
      samples,
      culler.evaluations + culler.count * BRICK_VOLUME,
    );
  }

  /** Who chooses programs for this grid; nobody where it would not pay. */
  #plan(dimension: number): BlockPlanner | undefined {
    this.#longPlanner?.begin(dimension, this.#place.single);
    if (this.#longPlanner) return this.#longPlanner;
    const { leastDimension, leastSpentNs } = this.#planning;
    if (!this.#planner || dimension < leastDimension || this.#spent < leastSpentNs) return undefined;
    return this.#planner.begin(dimension) ? this.#planner : undefined;
  }

  normalsInto(positions: Float32Array, normals: Float32Array): void {
    const compute = this.#normal;
    if (!compute) {
      this.#normals ??= new ReferenceNormals(this.#compiled.normal);
      this.#normals.evaluateInto(this.#place.single, positions, normals);
      return;
    }
    const arena = this.#arena;
    const count = positions.length / 3;
    const whole = count - (count % 4);
    if (arena.holds(positions) && arena.holds(normals)) {
      compute(positions.byteOffset, normals.byteOffset, whole, this.#place.constants);
    } else if (whole > 0) {
      const mark = arena.mark();
      const bytes = Math.min(whole, NORMALS_AT_ONCE) * 12;
      const from = arena.allocate(bytes);
      const to = arena.allocate(bytes);
      for (let start = 0; start < whole; start += NORMALS_AT_ONCE) {
        const length = Math.min(NORMALS_AT_ONCE, whole - start);
        arena.f32(from, length * 3).set(positions.subarray(start * 3, (start + length) * 3));
        compute(from, to, length, this.#place.constants);
        normals.set(arena.f32(to, length * 3), start * 3);
      }
      arena.release(mark);
    }
    if (whole === count) return;
    // The last one to three points, in a place of their own so that nothing beyond the arrays is touched.
    const rest = arena.f32(this.#four, 24);
    rest.fill(0);
    rest.set(positions.subarray(whole * 3));
    compute(this.#four, this.#four + 48, 4, this.#place.constants);
    normals.set(rest.subarray(12, 12 + (count - whole) * 3), whole * 3);
  }

  #prepare(time: number, dimension: number): void {
    this.#time = time;
    this.#dimension = dimension;
    this.#compiled.constantsInto(time, dimension, this.#place.single);
    this.#place.putConstants();
  }
}

const NORMALS_AT_ONCE = 4096;

/**
 * Bricks of a field that does not change, kept beside the arena. To copy a brick takes 50 to 80 ns; to find and evaluate
 * it 290 ns in a box, 1 500 ns in eight smoothly joined balls (Node 20, x86-64, 2026-11).
 *
 * Single bricks of a field that does change elsewhere are not kept: to look one up and copy it takes as long as the
 * shortened program of a usual shape (a fifth of the seed scene at 1024; all of it would save 7 % of a frame at most).
 */
class KeptBricks {
  readonly dimension: number;
  readonly #coordinates: Uint16Array;
  readonly #samples: Float32Array;

  constructor(bricks: Bricks) {
    this.dimension = bricks.dimension;
    this.#coordinates = bricks.coordinates.slice();
    this.#samples = bricks.samples.slice();
  }

  putInto(arena: Arena): ArenaBricks {
    const count = this.#coordinates.length / 3;
    const coordinates = arena.allocate(count * COORDINATE_BYTES);
    const samples = arena.allocate(count * BRICK_BYTES);
    const bricks = new ArenaBricks(arena, this.dimension, count, coordinates, samples, 0);
    bricks.coordinates.set(this.#coordinates);
    bricks.samples.set(this.#samples);
    return bricks;
  }
}

/** Bricks in the arena; the arrays are views made when they are asked for. */
class ArenaBricks implements Bricks {
  readonly dimension: number;
  readonly count: number;
  readonly sampleCount: number;
  readonly #arena: Arena;
  readonly #coordinates: number;
  readonly #samples: number;

  constructor(
    arena: Arena,
    dimension: number,
    count: number,
    coordinates: number,
    samples: number,
    sampleCount: number,
  ) {
    this.#arena = arena;
    this.dimension = dimension;
    this.count = count;
    this.#coordinates = coordinates;
    this.#samples = samples;
    this.sampleCount = sampleCount;
  }

  get coordinates(): Uint16Array {
    return new Uint16Array(this.#arena.memory.buffer, this.#coordinates, this.count * 3);
  }
  get samples(): Float32Array {
    return this.#arena.f32(this.#samples, this.count * BRICK_VOLUME);
  }
}
