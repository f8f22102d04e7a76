import fc from "fast-check";
import { expect, it } from "vitest";
import wabt from "wabt";
import { Arena } from "../memory/arena.ts";
import type { SceneNode } from "../scene/spec.ts";
import { type CompiledScene, compileScene } from "./compile.ts";
import { emitFieldModule, scratchBytes } from "./emit.ts";
import { singly, somePoints } from "./fixtures/evaluate.ts";
import { anyScene, SCENES, sceneOf } from "./fixtures/scenes.ts";
import { ProgramBuilder } from "./program.ts";
import { ReferenceEvaluator } from "./reference.ts";

const toolkit = await wabt();

function expectValid(bytes: Uint8Array<ArrayBuffer>): void {
  const module = toolkit.readWasm(bytes, { simd: true });
  module.validate();
  module.destroy();
}

interface Points {
  points(x: number, y: number, z: number, count: number, value: number, constants: number): void;
}

/** The `points` function of a scene's module, on a memory of its own. */
function pointsOf(compiled: CompiledScene, time: number, points: readonly (readonly [number, number, number])[]) {
  const arena = new Arena();
  const module = new WebAssembly.Module(emitFieldModule(compiled.value, compiled.normal));
  const exports = new WebAssembly.Instance(module, { env: { memory: arena.memory } }).exports as unknown as Points;
  const constants = arena.allocate(compiled.constantCount * 16);
  const view = arena.f32(constants, compiled.constantCount * 4);
  for (let k = 0; k < 4; k++) compiled.constantsInto(time, 32, view.subarray(k), 4);
  const columns = [0, 1, 2].map((k) => {
    const pointer = arena.allocate(points.length * 4);
    arena.f32(pointer, points.length).set(points.map((p) => p[k]));
    return pointer;
  });
  const value = arena.allocate(points.length * 4);
  exports.points(columns[0], columns[1], columns[2], points.length, value, constants);
  return arena.f32(value, points.length);
}

const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];

it.each(SCENES)("makes a valid module whose values equal the reference to the bit: %s", (_, scene) => {
  const compiled = compileScene(scene);
  expectValid(emitFieldModule(compiled.value, compiled.normal));
  const points = somePoints(400);
  expect(bits(pointsOf(compiled, 1.1, points))).toEqual(bits(singly(compiled, 1.1, points)));
});

it("equals the reference to the bit in random scenes", () => {
  const points = somePoints(64, 9);
  fc.assert(
    fc.property(anyScene, ([scene, time]) => {
      const compiled = compileScene(scene);
      expect(bits(pointsOf(compiled, time, points))).toEqual(bits(singly(compiled, time, points)));
    }),
    { seed: 31, numRuns: 150 },
  );
});

it("equals the reference for every operation on zeros, ties and tiny numbers", () => {
  const b = new ProgramBuilder();
  const { x, y } = b;
  const small = b.squareRoot(b.absolute(b.multiply(x, y)));
  const parts = [
    b.minimum(x, y),
    b.maximum(x, y),
    b.negate(x),
    b.floor(y),
    b.select(b.less(x, y), x, b.absolute(y)),
    b.divide(x, b.add(b.absolute(y), b.literal(1e-30))),
    small,
    b.subtract(x, y),
  ];
  const special = [0, -0, 1, -1, 1e-45, -1e-45, 1e-38, 0.5, -0.5, 2 ** 24, 3.5, -3.5, 1e-20];
  const points = special.flatMap((p) => special.map((q) => [p, q, 0] as [number, number, number]));
  while (points.length % 4 !== 0) points.push([0, 0, 0]);
  for (const part of parts) {
    const value = b.finish([part]);
    const compiled: CompiledScene = {
      value,
      normal: b.finish([x, y, b.z]),
      constantCount: b.slots.length,
      varies: new Uint8Array(b.slots.length),
      zero: undefined,
      constantsInto(_, __, target, stride = 1) {
        b.slots.forEach((term, i) => {
          target[i * stride] = b.terms.value(term);
        });
      },
    };
    expect(bits(pointsOf(compiled, 0, points))).toEqual(bits(singly(compiled, 0, points)));
    expect(value.outputs).toHaveLength(1);
  }
});

it("stays within what engines accept for a scene of a thousand shapes, and equals the reference", () => {
  const children = Array.from(
    { length: 1000 },
    (_, i): SceneNode => ({
      type: "translate",
      by: [Math.fround(((i * 37) % 101) / 60 - 0.8), i / 600 - 0.8, { wave: { amplitude: 0.5, frequency: i / 100 } }],
      child: { type: "box", halfExtents: [0.02 + i * 1e-6, 0.03, 0.02] },
    }),
  );
  const compiled = compileScene(sceneOf({ type: "union", children, smoothRadius: 0.03 }));
  const bytes = emitFieldModule(compiled.value, compiled.normal);
  expectValid(bytes);
  const points = somePoints(16);
  expect(bits(pointsOf(compiled, 0.4, points))).toEqual(bits(singly(compiled, 0.4, points)));
  expect(scratchBytes(compiled.value)).toBeGreaterThan(0);
});

it("evaluates in blocks of any length without touching what lies behind", () => {
  const compiled = compileScene(SCENES[0][1]);
  const constants = new Float32Array(compiled.constantCount);
  compiled.constantsInto(0, 32, constants);
  const axis = Float32Array.from(somePoints(700).flat());
  const whole = new Float32Array(2100);
  const evaluator = new ReferenceEvaluator(compiled.value);
  evaluator.evaluate(axis, axis, axis, 2100, constants, whole);
  for (const count of [0, 1, 255, 256, 257, 2099]) {
    const part = new Float32Array(2100).fill(9);
    evaluator.evaluate(axis, axis, axis, count, constants, part);
    expect(part.subarray(0, count)).toEqual(whole.subarray(0, count));
    expect(part.subarray(count).every((v) => v === 9)).toBe(true);
  }
});
