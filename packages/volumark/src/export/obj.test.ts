import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, CAPTION, expectOutward, nothing, seed, soupOf, sphere, volumeOf } from "./fixtures/meshes.ts";
import { objChunks } from "./obj.ts";

/** Reads OBJ line by line; corners must name their own normal. */
function readObj(bytes: Buffer) {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  const text = bytes.toString("utf8");
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    const [word, ...rest] = line.split(" ");
    if (word === "v") positions.push(...numbers(rest));
    else if (word === "vn") normals.push(...numbers(rest));
    else if (word === "f") indices.push(...rest.map(corner));
    else if (word !== "#" && word !== "o") throw new Error(`a line that is not known: ${line}`);
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    indices: Uint32Array.from(indices),
    triangleCount: indices.length / 3,
  };
}

function numbers(words: readonly string[]): number[] {
  expect(words).toHaveLength(3);
  return words.map((word) => {
    if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(word)) throw new Error(`not a number: ${word}`);
    return Number(word);
  });
}

function corner(word: string): number {
  const [vertex, normal] = word.split("//");
  if (!/^[1-9]\d*$/.test(vertex) || normal !== vertex) throw new Error(`not a corner: ${word}`);
  return Number(vertex) - 1;
}

test.each([
  ["a closed surface", sphere()],
  ["more lines than fit into a piece", seed(64)],
])("positions and triangles of %s come back bit for bit, normals to six decimals", (_what, mesh) => {
  const read = readObj(bytesOf(objChunks(mesh, CAPTION)));
  expect(read.positions).toEqual(mesh.positions);
  expect(read.indices).toEqual(mesh.indices);
  expect(read.normals).toHaveLength(mesh.normals.length);
  const worst = read.normals.reduce((most, value, i) => Math.max(most, Math.abs(value - mesh.normals[i])), 0);
  expect(worst).toBeLessThan(6e-7);
});

test("what comes back encloses a positive volume and its normals point outside", () => {
  const read = readObj(bytesOf(objChunks(sphere(), CAPTION)));
  expect(volumeOf(soupOf(read))).toBeGreaterThan(0);
  expectOutward(read.positions, read.normals, 3e-6);
});

test("any single-precision number comes back as it was", () => {
  const number = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ noNaN: true, min: -1, max: 1 }),
    fc.integer({ min: -2048, max: 2048 }).map((i) => Math.fround(i / 2048)),
    fc.constantFrom(
      0,
      -0,
      1,
      -1,
      1e6,
      999999.94,
      1e-9,
      1.1754943508222875e-38,
      1.401298464324817e-45,
      3.4028234663852886e38,
    ),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 3, maxLength: 60 }), (values) => {
      const vertexCount = Math.floor(values.length / 3);
      const positions = Float32Array.from(values.slice(0, 3 * vertexCount).map(Math.fround));
      const mesh = { ...nothing(), vertexCount, positions, normals: new Float32Array(3 * vertexCount) };
      const read = readObj(bytesOf(objChunks(mesh, CAPTION)));
      // Zero has no sign in the file.
      expect([...read.positions]).toEqual([...positions].map((value) => value + 0));
    }),
    { seed: 5, numRuns: 400 },
  );
});

test("no line outgrows its room: the longest numbers and indices there can be", () => {
  const longest = Math.fround(-1.1754943508222875e-38);
  const vertexCount = 3100;
  const mesh = {
    ...nothing(),
    vertexCount,
    positions: new Float32Array(3 * vertexCount).fill(longest),
    normals: new Float32Array(3 * vertexCount).fill(-0.123456789),
    triangleCount: vertexCount,
    indices: new Uint32Array(3 * vertexCount).fill(2 ** 31 - 2),
  };
  const read = readObj(bytesOf(objChunks(mesh, CAPTION)));
  expect(read.positions).toEqual(mesh.positions);
  expect(read.indices).toEqual(mesh.indices);
});

test("pieces stay small however long the file is", () => {
  let largest = 0;
  for (const chunk of objChunks(seed(64), CAPTION)) largest = Math.max(largest, chunk.length);
  expect(largest).toBeLessThanOrEqual(300_000);
});

test("a name with line breaks cannot add lines, and a surface that is not there has none", () => {
  const text = bytesOf(objChunks(nothing(), { ...CAPTION, name: "x\nv 1 2 3" })).toString();
  expect(text).toBe("# volumark 1.2.3: x?v 1 2 3 at 0.5 s, dimension 24; world units, +y up\no surface\n");
});
