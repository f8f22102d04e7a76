import { expect, it } from "vitest";
import { compileScene } from "./compile.ts";
import { sceneOf } from "./fixtures/scenes.ts";
import * as op from "./program.ts";
import { instructionCount, ProgramBuilder } from "./program.ts";

it("computes equal terms once", () => {
  const b = new ProgramBuilder();
  const first = b.multiply(b.add(b.x, b.y), b.z);
  const second = b.multiply(b.z, b.add(b.y, b.x));
  expect(second).toBe(first);
});

it("leaves out what changes nothing and folds constants", () => {
  const b = new ProgramBuilder();
  const { x } = b;
  const [zero, one] = [b.literal(0), b.literal(1)];
  expect(b.add(x, zero)).toBe(x);
  expect(b.subtract(x, zero)).toBe(x);
  expect(b.multiply(one, x)).toBe(x);
  expect(b.multiply(x, zero)).toBe(zero);
  expect(b.negate(b.negate(x))).toBe(x);
  expect(b.absolute(b.absolute(x))).toBe(b.absolute(x));
  expect(b.minimum(x, x)).toBe(x);
  expect(b.add(b.literal(2), b.literal(3))).toBe(b.literal(5));
});

it("keeps what an animated number may become, even where it is 0 now", () => {
  const b = new ProgramBuilder();
  const moving = b.constant(b.terms.animated({ wave: { amplitude: 1, frequency: 1 } }));
  expect(b.add(b.x, moving)).not.toBe(b.x);
  expect(b.multiply(b.x, moving)).not.toBe(moving);
});

it("knows the axes that a register depends on", () => {
  const b = new ProgramBuilder();
  expect(b.axes(b.add(b.x, b.z))).toBe(op.AXIS_X | op.AXIS_Z);
  expect(b.axes(b.squareRoot(b.y))).toBe(op.AXIS_Y);
  expect(b.axes(b.literal(3))).toBe(0);
});

it("drops what the outputs do not need and keeps the order", () => {
  const b = new ProgramBuilder();
  b.squareRoot(b.add(b.x, b.y));
  const program = b.finish([b.multiply(b.z, b.z)]);
  expect([...program.code]).toEqual([op.Z, 0, 0, 0, op.MULTIPLY, 0, 0, 0]);
  expect([...program.axes]).toEqual([op.AXIS_Z, op.AXIS_Z]);
  expect(program.outputs).toEqual([1]);
});

it("adds up what can be hoisted farthest first: z, then y, then x", () => {
  const b = new ProgramBuilder();
  const zy = b.add(b.z, b.y);
  expect(b.sum(b.x, b.y, b.z)).toBe(b.add(zy, b.x));
});

it("moves a shape at the cost of one addition an axis, and scales it at none", () => {
  const sphere = { type: "sphere", radius: 0.5 } as const;
  const count = (root: Parameters<typeof sceneOf>[0]) => {
    const { value } = compileScene(sceneOf(root));
    return instructionCount(value) - [...value.code].filter((o, i) => i % 4 === 0 && o === op.CONSTANT).length;
  };
  const plain = count(sphere);
  const moved = { type: "translate", by: [0.1, 0.2, { wave: { amplitude: 1, frequency: 1 } }], child: sphere } as const;
  expect(count(moved)).toBe(plain + 3);
  expect(count({ type: "translate", by: [0.5, 0.5, 0.5], child: moved })).toBe(plain + 3);
  const pulse = { wave: { amplitude: 0.2, offset: 1, frequency: 1 } };
  expect(count({ type: "scale", factor: pulse, child: sphere })).toBe(plain);
  expect(count({ type: "rotate", axis: "x", angle: 0, child: moved })).toBe(plain + 3);
});
