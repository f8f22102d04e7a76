/** Expression files: what they mean, where they are refused, and that nothing of their surface is missed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../errors.ts";
import { type Bricks, bricksPerAxis } from "../field/field.ts";
import { ReferenceEvaluator } from "../field/reference.ts";
import { createSceneField } from "../field/scene-field.ts";
import { Kernels } from "../kernels/kernels.ts";
import { SEED } from "../scene/presets/seed.ts";
import { checkMesh } from "../surface/check.ts";
import { extractSurface } from "../surface/extract.ts";
import { sceneToVm } from "./fixtures/scene-to-vm.ts";
import { randomNumbers } from "./fixtures/volumes.ts";
import { readVm, type VmProgram } from "./vm.ts";
import { createVmField, fieldFromVm } from "./vm-field.ts";

const kernels = new Kernels();

/** The value of an expression at some points. */
function valuesOf(program: VmProgram, points: readonly (readonly number[])[]): number[] {
  const out = new Float32Array(points.length);
  const [x, y, z] = [0, 1, 2].map((k) => Float32Array.from(points, (p) => p[k] ?? 0));
  new ReferenceEvaluator(program.value).evaluate(x, y, z, points.length, program.constants, out);
  return [...out];
}

const SPHERE = `# a sphere
_0 var-x
_1 var-y
_2 var-z
_3 square _0
_4 square _1
_5 square _2
_6 add _3 _4
_7 add _6 _5
_8 sqrt _7
_9 const 0.75
_a sub _8 _9
`;

describe("readVm", () => {
  it("gives every operation its meaning", () => {
    const meanings: Record<string, (a: number, b: number) => number> = {
      "add _x _y": (a, b) => a + b,
      "sub _x _y": (a, b) => a - b,
      "mul _x _y": (a, b) => a * b,
      "div _x _y": (a, b) => a / b,
      "min _x _y": Math.min,
      "max _x _y": Math.max,
      "abs _x": Math.abs,
      "neg _x": (a) => -a,
      "square _x": (a) => a * a,
      "floor _x": Math.floor,
      "ceil _x": Math.ceil,
      "round _x": (a) => Math.sign(a) * Math.round(Math.abs(a)),
      "recip _x": (a) => 1 / a,
      "sin _x": Math.sin,
      "cos _x": Math.cos,
      "tan _x": Math.tan,
      "mod _x _y": (a, b) => a - Math.abs(b) * Math.floor(a / Math.abs(b)),
      "compare _x _y": (a, b) => Math.sign(a - b),
      "not _x": (a) => (a === 0 ? 1 : 0),
      "and _x _y": (a, b) => (a === 0 ? a : b),
      "or _x _y": (a, b) => (a === 0 ? b : a),
      "var-z": () => 0.25,
      "const -12.5e-1": () => -1.25,
    };
    const points = [
      [0.5, 0.75, 0.25],
      [-0.5, 0.375, 0.25],
      [1.25, -0.5, 0.25],
      [-1.5, -1.25, 0.25],
      [0, 1, 0.25],
      [2.5, 2.5, 0.25],
    ];
    for (const [words, meaning] of Object.entries(meanings)) {
      const found = valuesOf(readVm(`_x var-x\n_y var-y\n_r ${words}\n`), points);
      points.forEach(([a, b], i) => {
        if (words === "recip _x" && a === 0) return;
        const expected = meaning(a, b);
        expect(Math.abs(found[i] - expected), `${words} at ${a}, ${b}`).toBeLessThan(
          2e-6 * Math.max(1, Math.abs(expected)),
        );
      });
    }
    expect(valuesOf(readVm("a var-x\nb sqrt a"), [[4], [0.25]])).toEqual([2, 0.5]);
  });

  it("counts what is not a number, and what is too large, as far outside or inside", () => {
    const root = readVm("x var-x\nr sqrt x");
    expect(valuesOf(root, [[-1]])).toEqual([Math.fround(1e30)]);
    const reciprocal = readVm("x var-x\nr recip x");
    expect(valuesOf(reciprocal, [[0]])).toEqual([Math.fround(1e30)]);
    expect(valuesOf(readVm("x var-x\nr recip x\nn neg r"), [[0]])).toEqual([Math.fround(-1e30)]);
    // A field with values that are no numbers can be drawn.
    const field = fieldFromVm(kernels, readVm("x var-x\nr sqrt x\nh const 0.5\nv sub r h"));
    const mesh = extractSurface(field.sample(20), { kernels });
    expect(mesh.positions.every((p) => Number.isFinite(p))).toBe(true);
    expect(mesh.triangleCount).toBeGreaterThan(0);
  });

  it("takes comments, empty lines, CR LF, tabs and any names", () => {
    const program = readVm("\r\n# c\r\n\tfirst  var-x\r\n  2nd\tconst .5\r\n\r\nfoo:bar sub first 2nd\r\n#end");
    expect(valuesOf(program, [[0.75]])).toEqual([0.25]);
  });

  it("says in which line it does not understand what", () => {
    const refused: [string, RegExp][] = [
      ["", /there is no instruction/],
      ["# nothing\n\n", /there is no instruction/],
      ["_0", /line 1: an operation is missing after "_0"/],
      ["\n_0 exp _1", /line 2: the operation "exp" has nothing that it could be made of/],
      ["_0 var-x\n_1 blend _0 _0", /line 2: the operation "blend" is not known/],
      ["_0 var-x\n_1 add _0", /line 2: add takes 2 arguments, got 1/],
      ["_0 var-x _0", /line 1: var-x takes 0 arguments, got 1/],
      ["_0 var-x\n_1 neg _2", /line 2: there is no "_2" above it/],
      ["_0 neg _0", /line 1: there is no "_0" above it/],
      ["_0 var-x\n_0 var-y", /line 2: the name "_0" is there a second time/],
      ["_0 const", /line 1: const needs one number .*, got ""/],
      ["_0 const 1 2", /got "1 2"/],
      ["_0 const 0x10", /got "0x10"/],
      ["_0 const 1e39", /got "1e39"/],
      ["_0 const NaN", /got "NaN"/],
    ];
    for (const [text, message] of refused) {
      expect(() => readVm(text)).toThrow(EngineError);
      expect(() => readVm(text)).toThrow(message);
    }
    const many = Array.from({ length: 100_001 }, (_, i) => `a${i} var-x`).join("\n");
    expect(() => readVm(many)).toThrow(/line 100001: 100000 instructions are the most/);
  });

  it("gives a program or an EngineError for any text and any cut", () => {
    const word = fc.constantFrom("_0", "_1", "var-x", "add", "const", "sqrt", "1.5", "-", "#", "\n", "é", "\0", "mod");
    const text = fc.oneof(
      fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")),
      fc.nat(SPHERE.length).map((length) => SPHERE.slice(0, length)),
      fc.string({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          expect(readVm(given).value.outputs.length).toBe(1);
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
        }
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});

/** Every brick of a grid with a sign change, by evaluating all of it. */
function allBricks(program: VmProgram, dimension: number): string[] {
  const at = (i: number) => Math.fround((2 * i + 1) / dimension - 1);
  const points = Array.from({ length: dimension ** 3 }, (_, i) => [
    at(i % dimension),
    at(Math.floor(i / dimension) % dimension),
    at(Math.floor(i / dimension ** 2)),
  ]);
  const inside = valuesOf(program, points).map((v) => v < 0);
  const n = bricksPerAxis(dimension);
  const found: string[] = [];
  for (let b = 0; b < n ** 3; b++) {
    const [bx, by, bz] = [b % n, Math.floor(b / n) % n, Math.floor(b / n ** 2)];
    const seen = new Set<boolean>();
    for (let z = bz * 7; z < Math.min(bz * 7 + 8, dimension); z++) {
      for (let y = by * 7; y < Math.min(by * 7 + 8, dimension); y++) {
        for (let x = bx * 7; x < Math.min(bx * 7 + 8, dimension); x++)
          seen.add(inside[x + dimension * (y + dimension * z)]);
      }
    }
    if (seen.size === 2) found.push(`${bx} ${by} ${bz}`);
  }
  return found;
}

const namesOf = ({ coordinates, count }: Bricks) =>
  Array.from({ length: count }, (_, i) => coordinates.subarray(3 * i, 3 * i + 3).join(" "));

describe("fieldFromVm", () => {
  it.each([
    [32, 2162, 4210],
    [128, 36110, 71754],
  ])("gives the seed scene's surface at dimension %i: %i vertices, %i triangles", (dimension, vertices, triangles) => {
    const program = readVm(sceneToVm(SEED, 0.5));
    const bricks = createVmField(kernels, program).at(7).sample(dimension);
    const mesh = extractSurface(bricks, { kernels });
    expect([mesh.vertexCount, mesh.triangleCount]).toEqual([vertices, triangles]);
    expect(bricks.sampleCount).toBeLessThan(dimension ** 3);
    // The same bits as the scene itself gives.
    const scene = extractSurface(createSceneField(SEED).at(0.5).sample(dimension), { kernels });
    expect(mesh.positions).toEqual(scene.positions);
  });

  it("misses no brick with a sign change, whatever the expression", () => {
    const random = randomNumbers(21);
    const unary = ["abs", "neg", "sqrt", "square", "floor", "ceil", "round", "recip", "sin", "cos", "tan", "not"];
    const binary = ["add", "sub", "mul", "div", "min", "max", "mod", "compare", "and", "or"];
    let surfaces = 0;
    for (let round = 0; round < 60; round++) {
      const lines = ["r0 var-x", "r1 var-y", "r2 var-z", `r3 const ${random().toFixed(3)}`];
      const any = () => `r${Math.floor(random() * lines.length)}`;
      for (let i = 0; i < 12; i++) {
        const operation = random() < 0.35 ? unary : binary;
        const name = operation[Math.floor(random() * operation.length)];
        lines.push(`r${lines.length} ${name} ${any()}${operation === binary ? ` ${any()}` : ""}`);
      }
      lines.push(`last sub r${lines.length - 1} r3`);
      const program = readVm(lines.join("\n"));
      const mark = kernels.arena.mark();
      const bricks = fieldFromVm(kernels, program).sample(23);
      const expected = allBricks(program, 23);
      expect(namesOf(bricks), lines.join("\n")).toEqual(expected);
      if (expected.length > 0) surfaces++;
      extractSurface(bricks, { kernels });
      kernels.arena.release(mark);
    }
    expect(surfaces).toBeGreaterThan(20);
  });

  it("has the normals of a sphere, at any number of points", () => {
    const field = fieldFromVm(kernels, readVm(SPHERE));
    const mesh = extractSurface(field.sample(40), { kernels, normals: (p, n) => field.normalsInto(p, n) });
    expect(checkMesh(mesh)).toMatchObject({ closed: true, oriented: true, eulerCharacteristic: 2 });
    for (let i = 0; i < mesh.positions.length; i++) {
      expect(Math.abs(mesh.normals[i] - mesh.positions[i] / 0.75)).toBeLessThan(0.01);
    }
    for (const count of [1, 2, 3, 5, 4099]) {
      const positions = Float32Array.from({ length: count * 3 }, (_, i) => (i % 3 === 0 ? 0.5 : 0));
      const normals = new Float32Array(count * 3);
      field.normalsInto(positions, normals);
      expect([...normals.subarray(-3)]).toEqual([1, 0, 0]);
    }
  });

  it("evaluates expressions of many thousand lines", () => {
    const lines = ["x var-x", "y var-y", "z var-z", "f0 const 9"];
    const random = randomNumbers(2);
    const sphere = (i: number) => {
      const c = [0, 1, 2].map(() => (random() * 1.6 - 0.8).toFixed(3));
      const part = (axis: string, k: number) => [
        `c${k}_${i} const ${c[k]}`,
        `d${k}_${i} sub ${axis} c${k}_${i}`,
        `s${k}_${i} square d${k}_${i}`,
      ];
      lines.push(...part("x", 0), ...part("y", 1), ...part("z", 2));
      lines.push(
        `t_${i} add s0_${i} s1_${i}`,
        `u_${i} add t_${i} s2_${i}`,
        `v_${i} sqrt u_${i}`,
        `k_${i} const 0.1`,
        `w_${i} sub v_${i} k_${i}`,
        `f${i + 1} min f${i} w_${i}`,
      );
    };
    for (let i = 0; i < 600; i++) sphere(i);
    const program = readVm(lines.join("\n"));
    const bricks = fieldFromVm(kernels, program).sample(25);
    expect(namesOf(bricks)).toEqual(allBricks(program, 25));
  });
});
