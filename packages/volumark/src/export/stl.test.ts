import { expect, test } from "vitest";
import { bytesOf, CAPTION, CENTER, nothing, type Soup, seed, soupOf, sphere, volumeOf } from "./fixtures/meshes.ts";
import { stlChunks } from "./stl.ts";

/** Reads binary STL by its definition, and nothing else. */
function readStl(bytes: Buffer): { soup: Soup; normals: number[][]; attributes: Set<number> } {
  const count = bytes.readUInt32LE(80);
  expect(bytes).toHaveLength(84 + 50 * count);
  const soup: number[][] = [];
  const normals: number[][] = [];
  const attributes = new Set<number>();
  for (let i = 0; i < count; i++) {
    const floats = Array.from({ length: 12 }, (_, k) => bytes.readFloatLE(84 + 50 * i + 4 * k));
    normals.push(floats.slice(0, 3));
    soup.push(floats.slice(3));
    attributes.add(bytes.readUInt16LE(84 + 50 * i + 48));
  }
  return { soup, normals, attributes };
}

test("every triangle comes back bit for bit, in order, and encloses a positive volume", () => {
  const mesh = sphere();
  const { soup, attributes } = readStl(bytesOf(stlChunks(mesh, CAPTION)));
  expect(soup).toEqual(soupOf(mesh));
  expect([...attributes]).toEqual([0]);
  const ball = (4 / 3) * Math.PI * 0.6 ** 3;
  expect(volumeOf(soup)).toBeGreaterThan(0.97 * ball);
  expect(volumeOf(soup)).toBeLessThan(ball);
});

test("normals are those of the triangles: unit, across the edges, outward", () => {
  const { soup, normals } = readStl(bytesOf(stlChunks(sphere(), CAPTION)));
  for (const [i, [nx, ny, nz]] of normals.entries()) {
    const [ax, ay, az, bx, by, bz] = soup[i];
    expect(Math.sqrt(nx * nx + ny * ny + nz * nz)).toBeCloseTo(1, 5);
    const edge = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2 + (bz - az) ** 2);
    expect(Math.abs(nx * (bx - ax) + ny * (by - ay) + nz * (bz - az))).toBeLessThan(1e-3 * edge + 1e-7);
    expect(nx * (ax - CENTER[0]) + ny * (ay - CENTER[1]) + nz * (az - CENTER[2])).toBeGreaterThan(0);
  }
});

test("no reader takes it for the text form, whatever the scene is called", () => {
  const header = bytesOf(stlChunks(sphere(8), { ...CAPTION, name: "solid" })).subarray(0, 80);
  expect(header.toString("latin1")).not.toMatch(/^\s*solid/i);
  expect(header.toString("latin1").replace(/\0+$/, "")).toMatch(/^volumark 1\.2\.3[ -~]+$/);
});

test("a generator longer than the header does not reach the count", () => {
  const bytes = bytesOf(stlChunks(sphere(8), { ...CAPTION, generator: "v".repeat(200) }));
  expect(readStl(bytes).soup.length).toBe(sphere(8).triangleCount);
});

test("more triangles than fit into a piece come back, and no piece is large", () => {
  const mesh = seed(64);
  expect(mesh.triangleCount).toBe(17_798);
  let largest = 0;
  for (const chunk of stlChunks(mesh, CAPTION)) largest = Math.max(largest, chunk.length);
  expect(largest).toBeLessThanOrEqual(250_000);
  expect(readStl(bytesOf(stlChunks(mesh, CAPTION))).soup).toEqual(soupOf(mesh));
});

test("a triangle without area has the normal 0, not a NaN", () => {
  const positions = new Float32Array([0, 0, 0, 1, 0, 0, 2, 0, 0]);
  const mesh = { ...sphere(8), positions, vertexCount: 3, indices: new Uint32Array([0, 1, 2]), triangleCount: 1 };
  expect(readStl(bytesOf(stlChunks(mesh, CAPTION))).normals).toEqual([[0, 0, 0]]);
});

test("a surface that is not there is a file without triangles", () => {
  expect(readStl(bytesOf(stlChunks(nothing(), CAPTION))).soup).toEqual([]);
});
