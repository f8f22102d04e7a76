/**
 * An expression as a field: sampled like a scene, but with nothing known of it beforehand.
 *
 * Blocks of bricks are left out where the range of the expression says that its sign is the same throughout
 * (field/interval.ts), from 8 bricks along an axis down to single ones; what is left is evaluated by a module that is
 * compiled for the expression.
 */
import { brickKey, keyX, keyY, keyZ } from "../field/cull.ts";
import { emitFieldModule, scratchBytes } from "../field/emit.ts";
import { BRICK_CELLS, BRICK_VOLUME, type Bricks, bricksPerAxis, type Field } from "../field/field.ts";
import { type Box, IntervalEvaluator } from "../field/interval.ts";
import { ReferenceEvaluator } from "../field/reference.ts";
import { ReferenceNormals } from "../field/reference-field.ts";
import { ArrayPoints, BrickList, checkDimension, gridAxisInto, gridAxisLength } from "../field/sample.ts";
import type { SceneField } from "../field/scene-field.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { LIMITS } from "../limits.ts";
import { ArenaBricks } from "./scan.ts";
import type { VmProgram } from "./vm.ts";

/** The part of a field module that is used here; see field/emit.ts. */
interface VmExports {
  readonly normals?: (positions: number, normals: number, count: number, constants: number) => void;
  bricks(
    keys: number,
    count: number,
    coordinates: number,
    axis: number,
    samples: number,
    constants: number,
    scratch: number,
  ): number;
}

const BRICKS_AT_ONCE = 128;
const BRICK_BYTES = BRICK_VOLUME * 4;
const COORDINATE_BYTES = 6;
const NORMALS_AT_ONCE = 4096;

/**
 * The field of an expression. Compiled now, about 10 µs an instruction; an expression too large for a module is
 * evaluated by the reference, some fifty times slower. About 10 KB of the arena last as long as the field.
 */
export function fieldFromVm(kernels: Kernels, program: VmProgram): Field {
  return new VmField(kernels, program);
}

/** An expression in the place of a scene: the same at all times. */
export function createVmField(kernels: Kernels, program: VmProgram): SceneField {
  const field = fieldFromVm(kernels, program);
  return { at: () => field };
}

class VmField implements Field {
  readonly #kernels: Kernels;
  readonly #program: VmProgram;
  readonly #exports: VmExports | null;
  readonly #normals: ReferenceNormals;
  readonly #intervals: IntervalEvaluator;
  readonly #constants: number;
  readonly #axis: number;
  readonly #scratch: number;
  readonly #points: number;

  constructor(kernels: Kernels, program: VmProgram) {
    const { arena } = kernels;
    this.#kernels = kernels;
    this.#program = program;
    const module = new WebAssembly.Module(emitFieldModule(program.value, program.normal));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
    this.#exports = "bricks" in exports ? (exports as unknown as VmExports) : null;
    this.#normals = new ReferenceNormals(program.normal);
    this.#intervals = new IntervalEvaluator(program.value);
    this.#constants = arena.allocate(program.constants.length * 16);
    this.#axis = arena.allocate(gridAxisLength(LIMITS.dimension[1]) * 4);
    this.#scratch = arena.allocate(scratchBytes(program.value));
    this.#points = arena.allocate(NORMALS_AT_ONCE * 24);
    const spread = arena.f32(this.#constants, program.constants.length * 4);
    program.constants.forEach((value, i) => {
      spread.fill(value, i * 4, i * 4 + 4);
    });
  }

  sample(dimension: number): Bricks {
    checkDimension(dimension);
    const { arena } = this.#kernels;
    const axis = new Float32Array(gridAxisLength(dimension));
    gridAxisInto(dimension, axis);
    const { keys, looked } = this.#cull(dimension, axis);
    if (!this.#exports) return this.#sampleByReference(dimension, axis, keys);
    arena.f32(this.#axis, axis.length).set(axis);
    const list = arena.allocate(keys.length * 4);
    arena.u32(list, keys.length).set(keys);
    const coordinates = arena.allocate(keys.length * COORDINATE_BYTES);
    // Kept bricks close up behind each other; what a call did not keep is given back before the next one.
    const samples = arena.mark();
    let count = 0;
    for (let start = 0; start < keys.length; start += BRICKS_AT_ONCE) {
      const length = Math.min(BRICKS_AT_ONCE, keys.length - start);
      const target = arena.allocate(length * BRICK_BYTES);
      count += this.#exports.bricks(
        list + start * 4,
        length,
        coordinates + count * COORDINATE_BYTES,
        this.#axis,
        target,
        this.#constants,
        this.#scratch,
      );
      arena.release(samples + count * BRICK_BYTES);
    }
    return new ArenaBricks(arena, dimension, count, looked + keys.length * BRICK_VOLUME, coordinates, samples);
  }

  normalsInto(positions: Float32Array, normals: Float32Array): void {
    const { arena } = this.#kernels;
    const compute = this.#exports?.normals;
    if (!compute) {
      this.#normals.evaluateInto(this.#program.constants, positions, normals);
      return;
    }
    const to = this.#points + NORMALS_AT_ONCE * 12;
    for (let start = 0; start < positions.length; start += NORMALS_AT_ONCE * 3) {
      const part = positions.subarray(start, start + NORMALS_AT_ONCE * 3);
      arena.f32(this.#points, part.length).set(part);
      // Up to three points more than asked for: what the buffer held before.
      compute(this.#points, to, Math.ceil(part.length / 12) * 4, this.#constants);
      normals.set(arena.f32(to, part.length), start);
    }
  }

  /** Keys of the bricks that may have a sign change, in order; `looked`: how many blocks were looked at. */
  #cull(dimension: number, axis: Float32Array): { keys: Uint32Array; looked: number } {
    const bricks = bricksPerAxis(dimension);
    const box: Box = { negativeZero: false, x0: 0, x1: 0, y0: 0, y1: 0, z0: 0, z1: 0 };
    const last = axis.length - 1;
    let size = 8;
    while (size > 1 && size * 2 > bricks) size >>= 1;
    let blocks: number[] = [];
    for (let z = 0; z < bricks; z += size) {
      for (let y = 0; y < bricks; y += size) for (let x = 0; x < bricks; x += size) blocks.push(brickKey(x, y, z));
    }
    let looked = 0;
    for (; ; size >>= 1) {
      looked += blocks.length;
      const kept = blocks.filter((key) => {
        const [x, y, z] = [keyX(key), keyY(key), keyZ(key)];
        box.x0 = axis[x * BRICK_CELLS];
        box.x1 = axis[Math.min((x + size) * BRICK_CELLS, last)];
        box.y0 = axis[y * BRICK_CELLS];
        box.y1 = axis[Math.min((y + size) * BRICK_CELLS, last)];
        box.z0 = axis[z * BRICK_CELLS];
        box.z1 = axis[Math.min((z + size) * BRICK_CELLS, last)];
        return this.#intervals.evaluate(this.#program.constants, 1, box);
      });
      if (size === 1) return { keys: Uint32Array.from(kept).sort(), looked };
      blocks = kept.flatMap((key) => halves(key, size >> 1, bricks));
    }
  }

  #sampleByReference(dimension: number, axis: Float32Array, keys: Uint32Array): Bricks {
    const evaluator = new ReferenceEvaluator(this.#program.value);
    const { constants } = this.#program;
    const points = new ArrayPoints((x, y, z, count, out) => evaluator.evaluate(x, y, z, count, constants, out));
    const list = new BrickList();
    for (const key of keys) {
      const samples = list.next();
      points.brick(axis, keyX(key), keyY(key), keyZ(key), samples);
      list.keep(samples, keyX(key), keyY(key), keyZ(key));
    }
    return list.result(dimension, keys.length * BRICK_VOLUME);
  }
}

/** The eight halves of a block, as far as they lie in the grid. */
function halves(key: number, half: number, bricks: number): number[] {
  const found: number[] = [];
  for (let corner = 0; corner < 8; corner++) {
    const x = keyX(key) + half * (corner & 1);
    const y = keyY(key) + half * ((corner >> 1) & 1);
    const z = keyZ(key) + half * (corner >> 2);
    if (Math.max(x, y, z) < bricks) found.push(brickKey(x, y, z));
  }
  return found;
}
