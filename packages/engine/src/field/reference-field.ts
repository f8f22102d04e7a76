/** Scenes on plain arrays, by the reference evaluator. */
import type { SceneSpec } from "../scene/spec.ts";
import type { CompiledScene } from "./compile.ts";
import { Culler } from "./cull.ts";
import type { Bricks, Field } from "./field.ts";
import { fieldBound } from "./lipschitz.ts";
import type { FieldProgram } from "./program.ts";
import { ReferenceEvaluator } from "./reference.ts";
import { ArrayPoints, BrickList, checkDimension, sampleSparse } from "./sample.ts";

/** Points whose normals are computed together. */
const NORMALS_AT_ONCE = 256;

/** A scene whose bricks are arrays of JavaScript, reused from one sampling to the next. */
export class ReferenceSceneField implements Field {
  readonly #scene: SceneSpec;
  readonly #compiled: CompiledScene;
  readonly #constants: Float32Array;
  readonly #normals: ReferenceNormals;
  readonly #points: ArrayPoints;
  readonly #culler = new Culler();
  readonly #list = new BrickList();
  #time = Number.NaN;
  #dimension: number;

  constructor(scene: SceneSpec, compiled: CompiledScene, dimension: number) {
    this.#scene = scene;
    this.#compiled = compiled;
    this.#constants = new Float32Array(compiled.constantCount);
    this.#normals = new ReferenceNormals(compiled.normal);
    this.#dimension = dimension;
    const value = new ReferenceEvaluator(compiled.value);
    this.#points = new ArrayPoints((x, y, z, count, out) => value.evaluate(x, y, z, count, this.#constants, out));
    this.at(0);
  }

  at(time: number): Field {
    if (time !== this.#time) this.#prepare(time, this.#dimension);
    return this;
  }

  sample(dimension: number): Bricks {
    checkDimension(dimension);
    if (dimension !== this.#dimension) this.#prepare(this.#time, dimension);
    const bound = fieldBound(this.#scene, this.#time);
    return sampleSparse(dimension, bound, this.#culler, this.#points, this.#list);
  }

  normalsInto(positions: Float32Array, normals: Float32Array): void {
    this.#normals.evaluateInto(this.#constants, positions, normals);
  }

  #prepare(time: number, dimension: number): void {
    this.#time = time;
    this.#dimension = dimension;
    this.#compiled.constantsInto(time, dimension, this.#constants);
  }
}

/** Normals by the reference evaluator, a block of points at a time. */
export class ReferenceNormals {
  readonly #evaluator: ReferenceEvaluator;
  readonly #point = threeBlocks();
  readonly #normal = threeBlocks();

  constructor(program: FieldProgram) {
    this.#evaluator = new ReferenceEvaluator(program);
  }

  /** Positions and normals are xyz for each point. */
  evaluateInto(constants: Float32Array, positions: Float32Array, normals: Float32Array): void {
    const count = positions.length / 3;
    const [x, y, z] = this.#point;
    for (let start = 0; start < count; start += NORMALS_AT_ONCE) {
      const length = Math.min(NORMALS_AT_ONCE, count - start);
      for (let i = 0; i < length; i++) {
        for (let k = 0; k < 3; k++) this.#point[k][i] = positions[(start + i) * 3 + k];
      }
      this.#evaluator.evaluate(x, y, z, length, constants, ...this.#normal);
      for (let i = 0; i < length; i++) {
        for (let k = 0; k < 3; k++) normals[(start + i) * 3 + k] = this.#normal[k][i];
      }
    }
  }
}

function threeBlocks(): readonly [Float32Array, Float32Array, Float32Array] {
  return [new Float32Array(NORMALS_AT_ONCE), new Float32Array(NORMALS_AT_ONCE), new Float32Array(NORMALS_AT_ONCE)];
}
