import { expect, test } from "vitest";
import { bytesOf, CAPTION, expectOutward, nothing, seed, soupOf, sphere, volumeOf } from "./fixtures/meshes.ts";
import { plyChunks } from "./ply.ts";

/** Reads binary little-endian PLY as its own header describes it: any scalar properties, one list. */
function readPly(bytes: Buffer) {
  const end = bytes.indexOf("end_header\n") + "end_header\n".length;
  const lines = bytes.subarray(0, end).toString("latin1").split("\n");
  expect(lines[0]).toBe("ply");
  expect(lines[1]).toBe("format binary_little_endian 1.0");
  const count = (name: string) => Number(lines.find((line) => line.startsWith(`element ${name} `))?.split(" ")[2]);
  const names = lines.filter((line) => line.startsWith("property float ")).map((line) => line.split(" ")[2]);
  expect(lines).toContain("property list uchar int vertex_indices");
  const vertexCount = count("vertex");
  const triangleCount = count("face");
  const columns = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  let at = end;
  for (let i = 0; i < vertexCount; i++) {
    for (const name of names) {
      columns[name].push(bytes.readFloatLE(at));
      at += 4;
    }
  }
  const indices: number[] = [];
  for (let i = 0; i < triangleCount; i++) {
    expect(bytes.readUInt8(at)).toBe(3);
    for (let k = 0; k < 3; k++) indices.push(bytes.readInt32LE(at + 1 + 4 * k));
    at += 13;
  }
  expect(at).toBe(bytes.length);
  const vectors = (x: string, y: string, z: string) =>
    Float32Array.from({ length: 3 * vertexCount }, (_, i) => columns[[x, y, z][i % 3]][Math.floor(i / 3)]);
  return {
    vertexCount,
    triangleCount,
    positions: vectors("x", "y", "z"),
    normals: vectors("nx", "ny", "nz"),
    indices: Uint32Array.from(indices),
    comments: lines.filter((line) => line.startsWith("comment ")),
  };
}

test.each([
  ["a closed surface", sphere()],
  ["more than fits into a piece", seed(128)],
])("%s comes back bit for bit", (_what, mesh) => {
  const read = readPly(bytesOf(plyChunks(mesh, CAPTION)));
  expect([read.vertexCount, read.triangleCount]).toEqual([mesh.vertexCount, mesh.triangleCount]);
  expect(read.positions).toEqual(mesh.positions);
  expect(read.normals).toEqual(mesh.normals);
  expect(read.indices).toEqual(mesh.indices);
});

test("what comes back encloses a positive volume and its normals point outside", () => {
  const read = readPly(bytesOf(plyChunks(sphere(), CAPTION)));
  expect(volumeOf(soupOf(read))).toBeGreaterThan(0);
  expectOutward(read.positions, read.normals, 1e-5);
});

test("a name with line breaks cannot add lines to the header", () => {
  const name = "x\nelement vertex 9\r\ny\u2028ä";
  const { comments, vertexCount } = readPly(bytesOf(plyChunks(sphere(8), { ...CAPTION, name })));
  expect(vertexCount).toBe(sphere(8).vertexCount);
  expect(comments).toEqual([
    "comment volumark 1.2.3: x?element vertex 9?y? at 0.5 s, dimension 24; world units, +y up",
  ]);
});

test("a surface that is not there is a file without elements", () => {
  expect(readPly(bytesOf(plyChunks(nothing(), CAPTION)))).toMatchObject({ vertexCount: 0, triangleCount: 0 });
});
