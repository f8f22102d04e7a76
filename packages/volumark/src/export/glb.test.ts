import validator from "gltf-validator";
import { expect, test } from "vitest";
import { bytesOf, CAPTION, expectOutward, nothing, seed, soupOf, sphere, volumeOf } from "./fixtures/meshes.ts";
import { glbChunks } from "./glb.ts";

interface Gltf {
  readonly accessors: {
    bufferView: number;
    componentType: number;
    count: number;
    type: string;
    min?: number[];
    max?: number[];
  }[];
  readonly bufferViews: { byteOffset: number; byteLength: number }[];
  readonly materials: { pbrMetallicRoughness: { baseColorFactor: number[] } }[];
  readonly meshes: { primitives: { attributes: Record<string, number>; indices: number }[] }[];
  readonly scenes: { name: string }[];
}

/** Reads a GLB through its accessors. */
function readGlb(bytes: Buffer) {
  expect([bytes.toString("latin1", 0, 4), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]).toEqual([
    "glTF",
    2,
    bytes.length,
  ]);
  const jsonBytes = bytes.readUInt32LE(12);
  expect([jsonBytes % 4, bytes.toString("latin1", 16, 20)]).toEqual([0, "JSON"]);
  const gltf = JSON.parse(bytes.toString("utf8", 20, 20 + jsonBytes)) as Gltf;
  const binary = Uint8Array.prototype.slice.call(bytes, 20 + jsonBytes + 8);
  const primitive = gltf.meshes[0].primitives[0];
  const array = (accessor: number) => {
    const { bufferView, componentType, count, type } = gltf.accessors[accessor];
    const { byteOffset, byteLength } = gltf.bufferViews[bufferView];
    const numbers = count * (type === "VEC3" ? 3 : 1);
    expect(byteLength).toBe(4 * numbers);
    return componentType === 5126
      ? new Float32Array(binary.buffer, byteOffset, numbers)
      : new Uint32Array(binary.buffer, byteOffset, numbers);
  };
  const indices = array(primitive.indices) as Uint32Array;
  return {
    gltf,
    positions: array(primitive.attributes.POSITION) as Float32Array,
    normals: array(primitive.attributes.NORMAL) as Float32Array,
    indices,
    triangleCount: indices.length / 3,
  };
}

const CLEAN = { numErrors: 0, numWarnings: 0, numInfos: 0, numHints: 0, messages: [] };

test.each([
  ["a closed surface", sphere()],
  ["an open one of several pieces", seed(128)],
])("%s passes the validator of Khronos with nothing to say, and comes back bit for bit", async (_what, mesh) => {
  const bytes = bytesOf(glbChunks(mesh, CAPTION));
  const { issues, info } = await validator.validateBytes(new Uint8Array(bytes));
  expect(issues).toMatchObject(CLEAN);
  expect(info).toMatchObject({ totalVertexCount: mesh.vertexCount, totalTriangleCount: mesh.triangleCount });
  const read = readGlb(bytes);
  expect(read.positions).toEqual(mesh.positions);
  expect(read.normals).toEqual(mesh.normals);
  expect(read.indices).toEqual(mesh.indices);
});

test("the validator is awake: a wrong bound is an error", async () => {
  const bytes = bytesOf(glbChunks(sphere(), CAPTION));
  const at = bytes.indexOf('"max":[') + 8;
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31;
  expect((await validator.validateBytes(new Uint8Array(bytes))).issues.numErrors).toBeGreaterThan(0);
});

test("what comes back encloses a positive volume, its normals point outside, its colour is linear", () => {
  const read = readGlb(bytesOf(glbChunks(sphere(), CAPTION)));
  expect(volumeOf(soupOf(read))).toBeGreaterThan(0);
  expectOutward(read.positions, read.normals, 1e-5);
  expect(read.gltf.materials[0].pbrMetallicRoughness.baseColorFactor).toEqual([0.25, 0.5, 1, 1]);
});

test("bounds are those of the positions, exactly", () => {
  const { gltf, positions } = readGlb(bytesOf(glbChunks(sphere(), CAPTION)));
  const of = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...positions.filter((_, i) => i % 3 === axis)));
  expect(gltf.accessors[0]).toMatchObject({ min: of(Math.min), max: of(Math.max) });
});

test.each(["ä", "\u{1f30a}", '"quoted" \\ \n', "x", "xy", "xyz", ""])(
  "the name %j is valid and comes back",
  async (name) => {
    const bytes = bytesOf(glbChunks(sphere(8), { ...CAPTION, name }));
    expect((await validator.validateBytes(new Uint8Array(bytes))).issues).toMatchObject(CLEAN);
    expect(readGlb(bytes).gltf.scenes[0].name).toBe(name);
  },
);

test("a surface that is not there is a valid scene without a mesh", async () => {
  const bytes = bytesOf(glbChunks(nothing(), CAPTION));
  const { issues, info } = await validator.validateBytes(new Uint8Array(bytes));
  expect(issues).toMatchObject(CLEAN);
  expect(info.totalTriangleCount).toBe(0);
});
