/**
 * From field programs to a WebAssembly module: four points at a time, what does not change hoisted out of the loops.
 *
 * ```
 *   points(x, y, z, count, value, constants)                    count a multiple of 4, one array a coordinate
 *   normals(positions, normals, count, constants)               count a multiple of 4, xyz for each point
 *   probe(keys, count, kept, parts, threshold, constants, scratch)          → how many were kept
 *   bricks(keys, count, coordinates, axis, samples, constants, scratch)     → how many were kept
 *
 *   constants   16 bytes a slot, the number four times; so is the threshold
 *   keys        32 bits a brick (`cull.ts`)
 * ```
 * `bricks` writes (bx, by, bz), 16 bits each, of the bricks with a sign change, and their 512 samples one after the other.
 * `probe` looks at the centres of the 4³ parts of each brick and writes the keys of those that may have a sign change, to
 * `kept`, which may be `keys`. Both walk over a lattice, and what is computed is split by the axes it depends on:
 *
 * ```
 *   stage   lanes are   runs a brick    results go to
 *   x       8 x         2 vectors       locals
 *   y       8 y         2               locals; scratch, to be spread over the lanes of a row
 *   z       8 z         2               scratch
 *   xz      8 x         8 × 2           locals
 *   yz      8 y         8 × 2           scratch
 *   rest    8 x         64 × 2          the samples
 * ```
 */
import { KEY_BITS, KEY_MASK, PROBE_PARTS } from "./cull.ts";
import { Emitter, look, type Place, placeIn, prologue, readElsewhere } from "./emit-stage.ts";
import { BRICK_CELLS, BRICK_VOLUME } from "./field.ts";
import type { FieldProgram, Register } from "./program.ts";
import * as op from "./program.ts";
import * as wasm from "./wasm-code.ts";
import { type ExportedFunction, FunctionCode, moduleBytes } from "./wasm-code.ts";

/** Bytes of a row of eight numbers in scratch, one row a value that is spread. */
const ROW_BYTES = 32;

/** How many bytes of scratch `bricks` may need at most. */
export function scratchBytes(value: FieldProgram): number {
  return op.instructionCount(value) * ROW_BYTES + ROW_BYTES;
}

/**
 * The bytes of a module for a field and, unless they are null, its normals (three outputs).
 * A function that would be too large for engines, as scenes of thousands of nodes make it, is left out.
 */
export function emitFieldModule(value: FieldProgram, normal: FieldProgram | null): Uint8Array<ArrayBuffer> {
  const functions: ExportedFunction[] = [
    { name: "points", parameters: 6, returns: false, code: pointsFunction(value) },
    { name: "probe", parameters: 7, returns: true, code: probeFunction(value) },
    { name: "bricks", parameters: 7, returns: true, code: bricksFunction(value) },
  ];
  if (normal) functions.push({ name: "normals", parameters: 4, returns: false, code: normalsFunction(normal) });
  return moduleBytes(functions.filter(({ code }) => code.fits));
}

function pointsFunction(program: FieldProgram): FunctionCode {
  const [x, y, z, count, value, constants] = [0, 1, 2, 3, 4, 5];
  const code = new FunctionCode(6);
  const emitter = new Emitter(code, program);
  const i = code.local(wasm.I32);
  const point = [x, y, z].map((pointer) => ({ pointer, local: code.local(wasm.V128) }));
  code.get(count);
  code.when(() => {
    const hoisted = prologue(emitter, program, constants);
    const nextPoints = () => {
      for (const { pointer, local } of point) {
        code.get(pointer);
        code.loadVector(0);
        code.set(local);
      }
      const places = wholeProgram(
        emitter,
        program,
        hoisted,
        point.map(({ local }) => local),
      );
      code.get(value);
      places[0]();
      code.storeVector(0);
      for (const pointer of [x, y, z, value]) code.advance(pointer, 16);
    };
    code.repeat(i, 4, () => code.get(count), nextPoints);
  });
  return code;
}

/**
 * Four points of three coordinates are three vectors; two shuffles make each vector of one coordinate, and back.
 *
 * ```
 *   x0 y0 z0 x1 | y1 z1 x2 y2 | z2 x3 y3 z3   ⇄   x0 x1 x2 x3 | y0 y1 y2 y3 | z0 z1 z2 z3
 * ```
 */
function normalsFunction(program: FieldProgram): FunctionCode {
  const [positions, normals, count, constants] = [0, 1, 2, 3];
  const code = new FunctionCode(4);
  const emitter = new Emitter(code, program);
  const i = code.local(wasm.I32);
  const three = () => [code.local(wasm.V128), code.local(wasm.V128), code.local(wasm.V128)];
  const [mixed, point, normal] = [three(), three(), three()];
  /** Lanes of the first two vectors (0 to 7), then of that and the third one. */
  const weave = (from: readonly number[], lanes: Weave) => {
    code.get(from[0]);
    code.get(from[1]);
    code.shuffle(...lanes[0]);
    code.get(from[2]);
    code.shuffle(...lanes[1]);
  };
  code.get(count);
  code.when(() => {
    const hoisted = prologue(emitter, program, constants);
    const nextPoints = () => {
      for (let k = 0; k < 3; k++) {
        code.get(positions);
        code.loadVector(k * 16);
        code.set(mixed[k]);
      }
      for (let k = 0; k < 3; k++) {
        weave(mixed, TO_COORDINATES[k]);
        code.set(point[k]);
      }
      const places = wholeProgram(emitter, program, hoisted, point);
      for (let k = 0; k < 3; k++) {
        places[k]();
        code.set(normal[k]);
      }
      for (let k = 0; k < 3; k++) {
        code.get(normals);
        weave(normal, TO_POINTS[k]);
        code.storeVector(k * 16);
      }
      code.advance(positions, 48);
      code.advance(normals, 48);
    };
    code.repeat(i, 4, () => code.get(count), nextPoints);
  });
  return code;
}

type Lanes = readonly [number, number, number, number];
type Weave = readonly [Lanes, Lanes];
const TO_COORDINATES: readonly Weave[] = [
  [
    [0, 3, 6, 6],
    [0, 1, 2, 5],
  ],
  [
    [1, 4, 7, 7],
    [0, 1, 2, 6],
  ],
  [
    [2, 5, 5, 5],
    [0, 1, 4, 7],
  ],
];
const TO_POINTS: readonly Weave[] = [
  [
    [0, 4, 1, 1],
    [0, 1, 4, 2],
  ],
  [
    [5, 2, 6, 6],
    [0, 5, 1, 2],
  ],
  [
    [3, 7, 7, 7],
    [6, 0, 1, 7],
  ],
];

/** Straight evaluation of every instruction; `point` are the locals of the coordinates. Returns where the outputs are. */
function wholeProgram(
  emitter: Emitter,
  program: FieldProgram,
  hoisted: ReadonlyMap<Register, Place>,
  point: readonly number[],
): Place[] {
  const outside = (r: Register): Place | undefined => {
    const axis = program.code[r * 4] - op.X;
    return axis >= 0 && axis < 3 ? () => emitter.code.get(point[axis]) : hoisted.get(r);
  };
  const here = emitter.stage((r) => program.axes[r] !== 0, outside, new Set(program.outputs));
  return program.outputs.map((output) => placeIn(here, output));
}

const XZ = op.AXIS_X | op.AXIS_Z;
const YZ = op.AXIS_Y | op.AXIS_Z;
const XY = op.AXIS_X | op.AXIS_Y;
const isInner = (axes: number) => axes === op.ALL_AXES || axes === XY;

/** How a function walks over the lattice of points of a brick, and what it does with their values. */
interface Walk {
  /** Vectors of four points in a row; rows in a layer and layers are four times as many. */
  readonly halves: readonly number[];
  /** Coordinates from one brick to the next on the axis. */
  readonly stride: number;
  /** Locals of: list of keys, its length, coordinates of the axes, constants, scratch. */
  readonly keys: number;
  readonly count: number;
  readonly axis: number;
  readonly constants: number;
  readonly scratch: number;
  /** Before the points of a brick. */
  readonly begin: () => void;
  /** With the value of four points in the local `value`. */
  readonly point: (half: number, value: number) => void;
  readonly endRow: () => void;
  /** After the points of the brick whose key is in the local `key`. */
  readonly end: (key: number) => void;
}

/** Evaluates the lattices of the bricks of a list, stage by stage. */
function walkBricks(code: FunctionCode, program: FieldProgram, walk: Walk): void {
  const emitter = new Emitter(code, program);
  const { halves, keys, count, axis, constants, scratch } = walk;
  const [brick, key, zEnd, yEnd, zAt, yAt] = Array.from({ length: 6 }, () => code.local(wasm.I32));
  const value = code.local(wasm.V128);

  /** Which row of scratch holds a value that is spread over lanes. */
  const rows = new Map<Register, number>();
  const rowOffset = (register: Register): number => {
    const offset = rows.get(register) ?? rows.size * ROW_BYTES;
    rows.set(register, offset);
    return offset;
  };
  const of = (axes: number) => (r: Register) => program.axes[r] === axes;

  /** Loads part of a row of coordinates of an axis; returns what finds it by its register. */
  const coordinates = (operation: number, half: number): Map<Register, Place> => {
    code.get(key);
    code.i32((operation - op.X) * KEY_BITS);
    code.shiftRight();
    code.i32(KEY_MASK);
    code.and();
    code.i32(walk.stride * 4);
    code.multiply();
    code.get(axis);
    code.add();
    code.loadVector(half * 16);
    const place = emitter.intoLocal();
    const found = new Map<Register, Place>();
    for (let r = 0; r * 4 < program.code.length; r++) if (program.code[r * 4] === operation) found.set(r, place);
    return found;
  };
  /** Stores part of a row of values into scratch. */
  const spill = (places: ReadonlyMap<Register, Place>, wanted: ReadonlySet<Register>, half: number) => {
    for (const r of wanted) {
      code.get(scratch);
      placeIn(places, r)();
      code.storeVector(rowOffset(r) + half * 16);
    }
  };
  /** Takes values from scratch at the address in `at`, each spread over a vector. */
  const spread = (wanted: ReadonlySet<Register>, at: number): Map<Register, Place> => {
    const places = new Map<Register, Place>();
    for (const r of wanted) {
      const load = () => {
        code.get(at);
        code.loadSplat(rowOffset(r));
      };
      places.set(r, emitter.place(load));
    }
    return places;
  };
  /** Keeps a part of a row in scratch, for stages that do not spread it. */
  const keep = (half: number) => (register: Register, local: number) => {
    code.get(scratch);
    code.get(local);
    code.storeVector(rowOffset(register) + half * 16);
    return () => {
      code.get(scratch);
      code.loadVector(rowOffset(register) + half * 16);
    };
  };
  /** A stage before the innermost one. */
  const outer = (axes: number, outside: (r: Register) => Place | undefined, wanted: Set<Register>, half: number) =>
    emitter.stage(of(axes), outside, wanted, keep(half));
  /** Runs `body` with `at` at scratch, four bytes further in each round, until the end of a row. */
  const eachLane = (at: number, end: number, body: () => void) => {
    code.get(scratch);
    code.tee(at);
    code.i32(halves.length * 16);
    code.add();
    code.set(end);
    code.repeat(at, 4, () => code.get(end), body);
  };

  const xWanted = readElsewhere(program, of(op.AXIS_X), () => true);
  const yForYz = readElsewhere(program, of(op.AXIS_Y), (axes) => axes === YZ);
  const yForInner = readElsewhere(program, of(op.AXIS_Y), isInner);
  const yWanted = new Set([...yForYz, ...yForInner]);
  const zWanted = readElsewhere(program, of(op.AXIS_Z), () => true);
  const xzWanted = readElsewhere(program, of(XZ), () => true);
  const yzWanted = readElsewhere(program, of(YZ), () => true);
  const outputs = new Set(program.outputs);

  code.get(count);
  code.when(() => {
    const hoisted = prologue(emitter, program, constants);
    const nextBrick = () => {
      code.get(keys);
      code.load32();
      code.set(key);
      const xs = halves.map((half) => outer(op.AXIS_X, look(hoisted, coordinates(op.X, half)), xWanted, half));
      const ys = halves.map((half) => {
        const places = outer(op.AXIS_Y, look(hoisted, coordinates(op.Y, half)), yWanted, half);
        spill(places, yForInner, half);
        return places;
      });
      for (const half of halves) {
        spill(outer(op.AXIS_Z, look(hoisted, coordinates(op.Z, half)), zWanted, half), zWanted, half);
      }
      walk.begin();
      const nextLayer = () => {
        const z = spread(zWanted, zAt);
        const xzs = halves.map((half) => outer(XZ, look(hoisted, xs[half], z), xzWanted, half));
        for (const half of halves) {
          spill(outer(YZ, look(hoisted, ys[half], z), yzWanted, half), yzWanted, half);
        }
        const nextRow = () => {
          const y = spread(new Set([...yForInner, ...yzWanted]), yAt);
          for (const half of halves) {
            const places = emitter.stage(
              (r) => isInner(program.axes[r]),
              look(hoisted, z, y, xs[half], xzs[half]),
              outputs,
            );
            placeIn(places, program.outputs[0])();
            code.set(value);
            walk.point(half, value);
          }
          walk.endRow();
        };
        eachLane(yAt, yEnd, nextRow);
      };
      eachLane(zAt, zEnd, nextLayer);
      walk.end(key);
      code.advance(keys, 4);
    };
    code.repeat(brick, 1, () => code.get(count), nextBrick);
  });
}

/** Two locals that follow the least and the greatest of the values given to `take`. */
function extremes(code: FunctionCode) {
  const [lowest, highest] = [code.local(wasm.V128), code.local(wasm.V128)];
  return {
    lowest,
    highest,
    reset(low: number, high: number): void {
      code.constantVector(low);
      code.set(lowest);
      code.constantVector(high);
      code.set(highest);
    },
    take(value: number): void {
      for (const [local, opcode] of [
        [lowest, wasm.F32X4_PMIN],
        [highest, wasm.F32X4_PMAX],
      ] as const) {
        code.get(local);
        code.get(value);
        code.vector(opcode);
        code.set(local);
      }
    },
  };
}

function bricksFunction(program: FieldProgram): FunctionCode {
  const [keys, count, coordinates, axis, samples, constants, scratch] = [0, 1, 2, 3, 4, 5, 6];
  const code = new FunctionCode(7);
  const [kept, pointer] = [code.local(wasm.I32), code.local(wasm.I32)];
  const range = extremes(code);
  walkBricks(code, program, {
    halves: [0, 1],
    stride: BRICK_CELLS,
    keys,
    count,
    axis,
    constants,
    scratch,
    begin() {
      // Only the signs matter in the end: is any value below 0, is any not?
      range.reset(0, -1);
      code.get(samples);
      code.set(pointer);
    },
    point(half, value) {
      code.get(pointer);
      code.get(value);
      code.storeVector(half * 16);
      range.take(value);
    },
    endRow() {
      code.advance(pointer, ROW_BYTES);
    },
    end(key) {
      code.get(range.lowest);
      code.constantVector(0);
      code.vector(wasm.F32X4_LT);
      code.vector(wasm.V128_ANY_TRUE);
      code.get(range.highest);
      code.constantVector(0);
      code.vector(wasm.F32X4_GE);
      code.vector(wasm.V128_ANY_TRUE);
      code.and();
      code.when(() => {
        for (let k = 0; k < 3; k++) {
          code.get(coordinates);
          code.get(key);
          code.i32(k * KEY_BITS);
          code.shiftRight();
          code.i32(KEY_MASK);
          code.and();
          code.store16(k * 2);
        }
        code.advance(coordinates, 6);
        code.advance(samples, BRICK_VOLUME * 4);
        code.advance(kept, 1);
      });
    },
  });
  code.get(kept);
  return code;
}

/** Keeps a brick unless all its parts lie above the threshold, or all below its negative. */
function probeFunction(program: FieldProgram): FunctionCode {
  const [keys, count, keptKeys, axis, threshold, constants, scratch] = [0, 1, 2, 3, 4, 5, 6];
  const code = new FunctionCode(7);
  const kept = code.local(wasm.I32);
  const range = extremes(code);
  walkBricks(code, program, {
    halves: [0],
    stride: PROBE_PARTS,
    keys,
    count,
    axis,
    constants,
    scratch,
    begin() {
      range.reset(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    },
    point(_, value) {
      range.take(value);
    },
    endRow() {},
    end(key) {
      code.get(range.lowest);
      code.get(threshold);
      code.loadVector(0);
      code.vector(wasm.F32X4_LE);
      code.vector(wasm.V128_ANY_TRUE);
      code.get(range.highest);
      code.get(threshold);
      code.loadVector(0);
      code.vector(wasm.F32X4_NEG);
      code.vector(wasm.F32X4_GE);
      code.vector(wasm.V128_ANY_TRUE);
      code.and();
      code.when(() => {
        code.get(keptKeys);
        code.get(key);
        code.store32();
        code.advance(keptKeys, 4);
        code.advance(kept, 1);
      });
    },
  });
  code.get(kept);
  return code;
}
