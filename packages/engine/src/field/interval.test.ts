import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../memory/arena.ts";
import type { SceneSpec } from "../scene/spec.ts";
import { type CompiledScene, compileScene } from "./compile.ts";
import { emitFieldModule } from "./emit.ts";
import { decisionsOf, emitRangesModule } from "./emit-ranges.ts";
import { anyScene, SCENES } from "./fixtures/scenes.ts";
import { type Box, FIRST, IntervalEvaluator, SECOND, shortened, ZERO } from "./interval.ts";
import { type FieldProgram, instructionCount, LESS, ProgramBuilder } from "./program.ts";
import { ReferenceEvaluator } from "./reference.ts";
import { sineTurns } from "./shapes.ts";
import { savings } from "./variants.ts";

/** Sample coordinates of a grid along an axis. */
const axisOf = (dimension: number) =>
  Float32Array.from({ length: dimension }, (_, i) => 2 * ((i + 0.5) / dimension) - 1);

/** Blocks of `span` samples of a grid, and all points in them. */
function* blocks(dimension: number, span: number): Generator<{ box: Box; points: Float32Array[] }> {
  const axis = axisOf(dimension);
  for (let z = 0; z + span <= dimension; z += span) {
    for (let y = 0; y + span <= dimension; y += span) {
      for (let x = 0; x + span <= dimension; x += span) {
        const box = {
          negativeZero: false,
          x0: axis[x],
          x1: axis[x + span - 1],
          y0: axis[y],
          y1: axis[y + span - 1],
          z0: axis[z],
          z1: axis[z + span - 1],
        };
        const points = [0, 1, 2].map(() => new Float32Array(span ** 3));
        for (let i = 0; i < span ** 3; i++) {
          points[0][i] = axis[x + (i % span)];
          points[1][i] = axis[y + (Math.floor(i / span) % span)];
          points[2][i] = axis[z + Math.floor(i / span ** 2)];
        }
        yield { box, points };
      }
    }
  }
}

function constantsOf(compiled: CompiledScene, time: number, dimension: number): Float32Array {
  const constants = new Float32Array(compiled.constantCount);
  compiled.constantsInto(time, dimension, constants);
  return constants;
}

function valuesOf(program: FieldProgram, points: readonly Float32Array[], constants: Float32Array): Float32Array[] {
  const out = program.outputs.map(() => new Float32Array(points[0].length));
  new ReferenceEvaluator(program).evaluate(points[0], points[1], points[2], points[0].length, constants, ...out);
  return out;
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Throws where a register of a program leaves its range on a block, or has a −0 that was excluded. */
function expectRanges(compiled: CompiledScene, time: number, dimension: number, span: number): void {
  const { value } = compiled;
  const constants = constantsOf(compiled, time, dimension);
  const intervals = new IntervalEvaluator(value);
  const every = { ...value, outputs: Array.from({ length: instructionCount(value) }, (_, r) => r) };
  for (const { box, points } of blocks(dimension, span)) {
    const mayChange = intervals.evaluate(constants, 1, box);
    const values = valuesOf(every, points, constants);
    values.forEach((column, r) => {
      if (Number.isNaN(intervals.low[r]) || value.code[r * 4] === LESS) return;
      for (const v of column) {
        if (v >= intervals.low[r] && v <= intervals.high[r] && (intervals.unsigned[r] === 0 || !Object.is(v, -0)))
          continue;
        throw new Error(`register ${r} is ${v}, range ${intervals.low[r]} to ${intervals.high[r]}`);
      }
    });
    const result = values[value.outputs[0]];
    if (!mayChange) expect(new Set(result.map((v) => Number(v < 0))).size).toBe(1);
  }
}

/** Throws where a shortened program differs from the whole one on its block; returns how many instructions went. */
function expectEqualBits(compiled: CompiledScene, time: number, dimension: number, span: number): number {
  const { value, zero } = compiled;
  const constants = constantsOf(compiled, time, dimension);
  const intervals = new IntervalEvaluator(value);
  let saved = 0;
  for (const { box, points } of blocks(dimension, span)) {
    intervals.evaluate(constants, 1, box);
    const short = shortened(value, intervals.actions, zero);
    saved += instructionCount(value) - instructionCount(short);
    const [whole] = valuesOf(value, points, constants);
    const [again] = valuesOf(short, points, constants);
    expect(bits(again)).toEqual(bits(whole));
    // And once more from the shortened one, as a smaller block inside would have it.
    const twice = new IntervalEvaluator(short);
    twice.evaluate(constants, 1, box);
    expect(bits(valuesOf(shortened(short, twice.actions, zero), points, constants)[0])).toEqual(bits(whole));
  }
  return saved;
}

describe.each(SCENES)("%s", (_, scene) => {
  const compiled = compileScene(scene);

  it("no register of any sample leaves the range of its block", () => {
    expectRanges(compiled, 0.7, 18, 6);
    expectRanges(compiled, 1.9, 16, 2);
  });

  it("a shortened program gives the bits of the whole one on its block", () => {
    const saved = expectEqualBits(compiled, 0.7, 18, 6) + expectEqualBits(compiled, 1.9, 16, 2);
    expect(saved).toBeGreaterThanOrEqual(0);
  });

  it("a shortened program compiled gives the bits of the whole one on its block", () => {
    const constants = constantsOf(compiled, 0.7, 20);
    const intervals = new IntervalEvaluator(compiled.value);
    let tried = 0;
    for (const { box, points } of blocks(20, 4)) {
      if (!intervals.evaluate(constants, 1, box) || tried++ % 9 !== 0) continue;
      const short = shortened(compiled.value, intervals.actions, compiled.zero);
      const [whole] = valuesOf(compiled.value, points, constants);
      expect(bits(compiledValues(short, points, constants))).toEqual(bits(whole));
    }
  });

  it("the kernel of ranges concludes on each block what the twin concludes", () => {
    expectKernel(scene, 0.7);
    expectKernel(scene, 2.3);
  });
});

it("holds for random scenes: ranges, and shortened programs to the bit", () => {
  fc.assert(
    fc.property(anyScene, ([scene, time]) => {
      const compiled = compileScene(scene);
      expectRanges(compiled, time, 12, 4);
      expectEqualBits(compiled, time, 12, 4);
      expectKernel(scene, time);
    }),
    { seed: 77, numRuns: 120 },
  );
});

/** A program made by hand, its ranges on −1 … 1 (or another cube), and its values there. */
function byHand(make: (b: ProgramBuilder) => number, low = -1, high = 1) {
  const b = new ProgramBuilder();
  const zero = b.literal(0);
  const program = b.finish([make(b), zero]);
  const constants = Float32Array.from(b.slots, (term) => b.terms.value(term));
  const intervals = new IntervalEvaluator(program);
  const box = { negativeZero: false, x0: low, x1: high, y0: low, y1: high, z0: low, z1: high };
  intervals.evaluate(constants, 1, box);
  const axis = Float32Array.from({ length: 65 }, (_, i) => low + ((high - low) * i) / 64);
  const points = [axis, axis.slice().reverse(), axis];
  const short = shortened(program, intervals.actions, 0);
  return {
    whole: valuesOf(program, points, constants)[0],
    short: valuesOf(short, points, constants)[0],
    saved: instructionCount(program) - instructionCount(short),
    output: [intervals.low[program.outputs[0]], intervals.high[program.outputs[0]]],
  };
}

it("does not take x + 0 for x where x may be −0, and does take x − 0 for it", () => {
  const minusAbsolute = (b: ProgramBuilder) => b.negate(b.absolute(b.x));
  const nothing = (b: ProgramBuilder) => b.maximum(b.subtract(b.y, b.literal(5)), b.literal(0));
  const sum = byHand((b) => b.add(minusAbsolute(b), nothing(b)));
  expect(Object.is(sum.whole[32], 0)).toBe(true);
  expect(bits(sum.short)).toEqual(bits(sum.whole));
  const difference = byHand((b) => b.subtract(minusAbsolute(b), nothing(b)));
  expect(Object.is(difference.whole[32], -0)).toBe(true);
  expect(bits(difference.short)).toEqual(bits(difference.whole));
  expect(difference.saved).toBeGreaterThan(sum.saved);
});

it("keeps the first operand of ties, of either sign of zero", () => {
  for (const swap of [false, true]) {
    for (const join of ["minimum", "maximum"] as const) {
      const result = byHand(
        (b) => {
          const flat = b.multiply(b.x, b.literal(0.5));
          const other = b.negate(b.multiply(b.y, b.literal(0.5)));
          return swap ? b[join](other, flat) : b[join](flat, other);
        },
        0,
        0,
      );
      expect(bits(result.short)).toEqual(bits(result.whole));
    }
  }
});

it("takes a smooth union for the plain one beyond its radius, and not within", () => {
  const smooth = (distance: number) =>
    byHand((b) => {
      const [p, q] = [b.x, b.add(b.y, b.literal(distance))];
      const excess = b.maximum(b.subtract(b.literal(0.5), b.absolute(b.subtract(p, q))), b.literal(0));
      return b.subtract(b.minimum(p, q), b.multiply(b.square(excess), b.multiply(excess, b.literal(0.7))));
    });
  const far = smooth(3);
  expect(bits(far.short)).toEqual(bits(far.whole));
  expect(far.saved).toBeGreaterThan(8);
  const near = smooth(0.1);
  expect(bits(near.short)).toEqual(bits(near.whole));
  expect(near.saved).toBe(0);
});

it("concludes nothing from what is not finite", () => {
  const overflow = byHand((b) => {
    const huge = b.multiply(b.multiply(b.x, b.literal(3e38)), b.literal(3e38));
    return b.minimum(b.subtract(huge, huge), b.literal(2));
  });
  expect(overflow.output).toEqual([Number.NaN, Number.NaN]);
  expect(bits(overflow.short)).toEqual(bits(overflow.whole));
  const root = byHand((b) => b.maximum(b.squareRoot(b.x), b.literal(-5)));
  expect(root.output).toEqual([Number.NaN, Number.NaN]);
  expect(root.saved).toBe(0);
});

it("no sine exceeds the limit that its register states", () => {
  const b = new ProgramBuilder();
  const program = b.finish([sineTurns(b, b.x)]);
  const limit = program.limits[program.outputs[0]];
  expect(limit).toBeLessThan(1.00001);
  const constants = Float32Array.from(b.slots, (term) => b.terms.value(term));
  for (const scale of [1, 1e-3, 37, 4e5]) {
    const x = Float32Array.from({ length: 60_000 }, (_, i) => ((i - 30_000) / 30_000) * scale);
    const [values] = valuesOf(program, [x, x, x], constants);
    for (const v of values) if (!(Math.abs(v) <= limit)) throw new Error(`${v} exceeds ${limit}`);
  }
});

/** A program by its module, at points. */
function compiledValues(program: FieldProgram, points: readonly Float32Array[], constants: Float32Array): Float32Array {
  const arena = new Arena();
  const module = new WebAssembly.Module(emitFieldModule(program, null));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
  const count = points[0].length;
  const [x, y, z, out] = [...points, new Float32Array(count)].map((values) => {
    const pointer = arena.allocate(count * 4);
    arena.f32(pointer, count).set(values);
    return pointer;
  });
  const slots = arena.allocate(constants.length * 16);
  constants.forEach((v, i) => {
    arena.f32(slots + i * 16, 4).fill(v);
  });
  (exports.points as (...numbers: number[]) => void)(x, y, z, count, out, slots);
  return arena.f32(out, count);
}

function expectKernel(scene: SceneSpec, time: number): void {
  const compiled = compileScene(scene);
  const { value } = compiled;
  const constants = constantsOf(compiled, time, 16);
  const intervals = new IntervalEvaluator(value);
  const cube = { negativeZero: false, x0: -1, x1: 1, y0: -1, y1: 1, z0: -1, z1: 1 };
  intervals.evaluate(constants, 1, cube);
  // What is not finite somewhere is left to the twin.
  for (let r = 0; r < intervals.low.length; r++) if (!(intervals.low[r] <= intervals.high[r])) return;
  const unsigned = intervals.unsigned.slice();
  const decisions = decisionsOf(value, savings(value), 0.5, (r) => unsigned[r] === 1);
  const bytes = emitRangesModule(value, decisions);
  if (!bytes) throw new Error("no kernel");
  const arena = new Arena();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: arena.memory } });
  const list = [...blocks(16, 2), ...blocks(16, 8)];
  const boxes = arena.allocate(list.length * 24);
  const signatures = arena.allocate(list.length * 4);
  const slots = arena.allocate(constants.length * 16);
  constants.forEach((v, i) => {
    arena.f32(slots + i * 16, 4).fill(v);
  });
  const target = arena.f32(boxes, list.length * 6);
  list.forEach(({ box }, i) => {
    [box.x0, box.x1, box.y0, box.y1, box.z0, box.z1].forEach((end, k) => {
      target[(i >> 2) * 24 + k * 4 + (i & 3)] = end;
    });
  });
  (instance.exports.ranges as (...numbers: number[]) => void)(boxes, list.length, signatures, slots);
  const found = arena.u32(signatures, list.length);
  list.forEach(({ box }, i) => {
    expect(Boolean(found[i] & 1)).toBe(intervals.evaluate(constants, 1, box));
    decisions.forEach(({ register, action }, k) => {
      const holds = ((found[i] >>> (k + 1)) & 1) === 1;
      const twin = intervals.actions[register];
      // The twin prefers +0 to a side, where both hold.
      if (twin === action) expect(holds).toBe(true);
      else if (holds && twin !== ZERO) throw new Error(`register ${register}: ${action} instead of ${twin}`);
    });
  });
  expect(decisions.every(({ action }) => action >= FIRST && action <= ZERO && SECOND > FIRST)).toBe(true);
}
