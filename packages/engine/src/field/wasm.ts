/**
 * Scenes evaluated by WebAssembly modules that are generated for them.
 *
 * A module belongs to the structure of a scene: the same one serves every frame, and every scene that differs in numbers
 * alone. Compiling is kept per process; a host may also compile once and hand the modules to its workers.
 */
import type { Kernels } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import type { SceneSpec } from "../scene/spec.ts";
import { LIMITS } from "../settings.ts";
import { type CompiledScene, compileScene } from "./compile.ts";
import { Culler, type PointBuffers, type PointEvaluator, probeAxisInto, probeAxisLength } from "./cull.ts";
import { emitFieldModule, scratchBytes } from "./emit.ts";
import { BRICK_VOLUME, type Bricks, type Field } from "./field.ts";
import { fieldBound } from "./lipschitz.ts";
import { ReferenceNormals } from "./reference-field.ts";
import { checkDimension, gridAxisInto, gridAxisLength } from "./sample.ts";

/** Compiled modules by the structure of their scenes; may be posted to workers. */
export type FieldModules = ReadonlyMap<string, WebAssembly.Module>;

/** Compiled modules of this process, the most recently used last. */
const cache = new Map<string, WebAssembly.Module>();
const MOST_CACHED = 32;

/** The modules that a scene needs, to be handed to `createSceneField` elsewhere. Well below a millisecond once known. */
export function compileFieldModules(scene: SceneSpec): FieldModules {
  const compiled = compileScene(scene);
  return new Map([[moduleKey(compiled), fieldModule(compiled)]]);
}

/** The module of a compiled scene: from `modules`, from the cache of this process, or compiled now. */
function fieldModule(compiled: CompiledScene, modules?: FieldModules): WebAssembly.Module {
  const key = moduleKey(compiled);
  const given = modules?.get(key);
  if (given) return given;
  const known = cache.get(key);
  const module = known ?? new WebAssembly.Module(emitFieldModule(compiled.value, compiled.normal));
  cache.delete(key);
  cache.set(key, module);
  if (cache.size > MOST_CACHED) {
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  }
  return module;
}

/** The code itself: scenes with the same one share a module. */
function moduleKey({ value, normal }: CompiledScene): string {
  return `${value.outputs}:${value.code}/${normal.outputs}:${normal.code}`;
}

/** What a field module exports; see `emit.ts`. Pointers are byte offsets. */
interface FieldExports {
  points(x: number, y: number, z: number, count: number, value: number, constants: number): void;
  /** Absent where it would be too large. */
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

/** Points that are evaluated in one call. */
const POINTS = 512;
/** Bricks that are evaluated in one call; memory for as many is asked for at a time. */
const BRICKS_AT_ONCE = 128;
const PROBES_AT_ONCE = 1024;
const BRICK_BYTES = BRICK_VOLUME * 4;
const COORDINATE_BYTES = 6;

/**
 * A scene on the memory of the kernels.
 *
 * What lasts (constants, axis, point buffers, about 40 KB) is allocated when it is created; `sample` allocates its bricks
 * where the arena stands then, so that they are forgotten with whatever the caller marked before.
 */
export class WasmSceneField implements Field {
  readonly #scene: SceneSpec;
  readonly #arena: Arena;
  readonly #compiled: CompiledScene;
  readonly #exports: FieldExports;
  readonly #culler = new Culler();
  readonly #points: ArenaPoints;
  readonly #constants: number;
  readonly #axis: number;
  readonly #scratch: number;
  readonly #four: number;
  #normals: ReferenceNormals | undefined;
  #axisDimension = 0;
  #time = Number.NaN;
  #dimension: number;

  /** The field, or null where the scene is so large that engines would refuse its module. */
  static create(
    scene: SceneSpec,
    compiled: CompiledScene,
    kernels: Kernels,
    dimension: number,
    modules?: FieldModules,
  ): WasmSceneField | null {
    const module = fieldModule(compiled, modules);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: kernels.arena.memory } });
    if (!("points" in exports && "probe" in exports && "bricks" in exports)) return null;
    return new WasmSceneField(scene, compiled, kernels.arena, exports as unknown as FieldExports, dimension);
  }

  private constructor(
    scene: SceneSpec,
    compiled: CompiledScene,
    arena: Arena,
    exports: FieldExports,
    dimension: number,
  ) {
    this.#scene = scene;
    this.#arena = arena;
    this.#compiled = compiled;
    this.#exports = exports;
    this.#constants = arena.allocate(this.#compiled.constantCount * 16);
    this.#axis = arena.allocate(gridAxisLength(LIMITS.dimension[1]) * 4);
    this.#scratch = arena.allocate(scratchBytes(this.#compiled.value));
    this.#four = arena.allocate(2 * 48);
    this.#points = new ArenaPoints(arena, this.#exports, this.#constants, this.#scratch);
    this.#dimension = dimension;
    this.at(0);
  }

  at(time: number): Field {
    if (time !== this.#time) this.#prepare(time, this.#dimension);
    return this;
  }

  sample(dimension: number): Bricks {
    checkDimension(dimension);
    if (dimension !== this.#dimension) this.#prepare(this.#time, dimension);
    if (dimension !== this.#axisDimension) {
      gridAxisInto(dimension, this.#arena.f32(this.#axis, gridAxisLength(dimension)));
      this.#axisDimension = dimension;
    }
    const culler = this.#culler;
    culler.cull(dimension, fieldBound(this.#scene, this.#time), this.#points);

    const arena = this.#arena;
    const coordinates = arena.allocate(culler.count * COORDINATE_BYTES);
    const keys = arena.allocate(culler.count * 4);
    arena.u32(keys, culler.count).set(culler.keys.subarray(0, culler.count));
    // Kept bricks close up behind each other; what a call did not keep is given back before the next one.
    const samples = arena.mark();
    let count = 0;
    for (let start = 0; start < culler.count; start += BRICKS_AT_ONCE) {
      const length = Math.min(BRICKS_AT_ONCE, culler.count - start);
      const target = arena.allocate(length * BRICK_BYTES);
      count += this.#exports.bricks(
        keys + start * 4,
        length,
        coordinates + count * COORDINATE_BYTES,
        this.#axis,
        target,
        this.#constants,
        this.#scratch,
      );
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

  normalsInto(positions: Float32Array, normals: Float32Array): void {
    const compute = this.#exports.normals;
    if (!compute) {
      this.#normals ??= new ReferenceNormals(this.#compiled.normal);
      const constants = new Float32Array(this.#compiled.constantCount);
      this.#compiled.constantsInto(this.#time, this.#dimension, constants);
      this.#normals.evaluateInto(constants, positions, normals);
      return;
    }
    const arena = this.#arena;
    const count = positions.length / 3;
    const whole = count - (count % 4);
    if (arena.holds(positions) && arena.holds(normals)) {
      compute(positions.byteOffset, normals.byteOffset, whole, this.#constants);
    } else if (whole > 0) {
      const mark = arena.mark();
      const bytes = Math.min(whole, NORMALS_AT_ONCE) * 12;
      const from = arena.allocate(bytes);
      const to = arena.allocate(bytes);
      for (let start = 0; start < whole; start += NORMALS_AT_ONCE) {
        const length = Math.min(NORMALS_AT_ONCE, whole - start);
        arena.f32(from, length * 3).set(positions.subarray(start * 3, (start + length) * 3));
        compute(from, to, length, this.#constants);
        normals.set(arena.f32(to, length * 3), start * 3);
      }
      arena.release(mark);
    }
    if (whole === count) return;
    // The last one to three points, in a place of their own so that nothing beyond the arrays is touched.
    const rest = arena.f32(this.#four, 24);
    rest.fill(0);
    rest.set(positions.subarray(whole * 3));
    compute(this.#four, this.#four + 48, 4, this.#constants);
    normals.set(rest.subarray(12, 12 + (count - whole) * 3), whole * 3);
  }

  #prepare(time: number, dimension: number): void {
    this.#time = time;
    this.#dimension = dimension;
    const constants = this.#arena.f32(this.#constants, this.#compiled.constantCount * 4);
    this.#compiled.constantsInto(time, dimension, constants, 4);
    for (let i = 0; i < constants.length; i += 4) constants.fill(constants[i], i + 1, i + 4);
  }
}

const NORMALS_AT_ONCE = 4096;

/** Buffers of points in the arena. */
class ArenaPoints implements PointEvaluator {
  readonly capacity = POINTS;
  readonly #arena: Arena;
  readonly #exports: FieldExports;
  readonly #constants: number;
  readonly #scratch: number;
  readonly #buffers: number;
  readonly #threshold: number;
  readonly #parts: number;
  #partsDimension = 0;
  #views: PointBuffers | undefined;

  constructor(arena: Arena, exports: FieldExports, constants: number, scratch: number) {
    this.#arena = arena;
    this.#exports = exports;
    this.#constants = constants;
    this.#scratch = scratch;
    this.#buffers = arena.allocate(POINTS * 4 * 4);
    this.#threshold = arena.allocate(16);
    this.#parts = arena.allocate(probeAxisLength(LIMITS.dimension[1]) * 4);
  }

  buffers(): PointBuffers {
    if (!this.#views || !this.#arena.holds(this.#views.x)) {
      const view = (k: number) => this.#arena.f32(this.#buffers + k * POINTS * 4, POINTS);
      this.#views = { x: view(0), y: view(1), z: view(2), value: view(3) };
    }
    return this.#views;
  }

  evaluate(count: number): void {
    const p = this.#buffers;
    const step = POINTS * 4;
    // Up to three points more than asked for: what the buffers held before.
    const padded = (count + 3) & ~3;
    this.#exports.points(p, p + step, p + 2 * step, padded, p + 3 * step, this.#constants);
  }

  probe(keys: Uint32Array, count: number, dimension: number, threshold: number): number {
    const arena = this.#arena;
    if (dimension !== this.#partsDimension) {
      probeAxisInto(dimension, arena.f32(this.#parts, probeAxisLength(dimension)));
      this.#partsDimension = dimension;
    }
    arena.f32(this.#threshold, 4).fill(threshold);
    const mark = arena.mark();
    const list = arena.allocate(count * 4);
    arena.u32(list, count).set(keys.subarray(0, count));
    let kept = 0;
    // In pieces, so that a better compiled version of the function is taken up between two of them.
    for (let start = 0; start < count; start += PROBES_AT_ONCE) {
      const length = Math.min(PROBES_AT_ONCE, count - start);
      const from = list + start * 4;
      const to = list + kept * 4;
      kept += this.#exports.probe(from, length, to, this.#parts, this.#threshold, this.#constants, this.#scratch);
    }
    keys.set(arena.u32(list, kept));
    arena.release(mark);
    return kept;
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
