import { describe, expect, test } from "vitest";
import { checkMesh, type MeshShape } from "./check.ts";

const TETRAHEDRON = [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3];

function mesh(indices: number[], vertexCount = 4): MeshShape {
  const corners = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
  const positions = new Float32Array(vertexCount * 3);
  for (let i = 0; i < positions.length; i++) positions[i] = corners[i % 12] + Math.floor(i / 12) * 2;
  return { positions, indices: Uint32Array.from(indices) };
}

describe("checkMesh", () => {
  test("measures a tetrahedron exactly, with its volume positive for triangles that face outwards", () => {
    const report = checkMesh(mesh(TETRAHEDRON));
    expect(report).toMatchObject({
      closed: true,
      oriented: true,
      boundaryEdgeCount: 0,
      duplicateFaceCount: 0,
      zeroAreaTriangleCount: 0,
      eulerCharacteristic: 2,
      componentCount: 1,
    });
    expect(report.volume).toBeCloseTo(1 / 6, 12);
    expect(report.area).toBeCloseTo(1.5 + Math.sqrt(3) / 2, 12);
  });

  test("inside out gives a negative volume", () => {
    expect(checkMesh(mesh([...TETRAHEDRON].reverse())).volume).toBeCloseTo(-1 / 6, 12);
  });

  test("a missing triangle leaves a boundary of three edges", () => {
    const report = checkMesh(mesh(TETRAHEDRON.slice(3)));
    expect(report).toMatchObject({ closed: false, oriented: true, boundaryEdgeCount: 3, eulerCharacteristic: 1 });
  });

  test("one flipped triangle is not oriented, though every edge has two triangles", () => {
    const report = checkMesh(mesh([0, 1, 2, ...TETRAHEDRON.slice(3)]));
    expect(report).toMatchObject({ closed: true, oriented: false });
  });

  test("a repeated triangle is found in any order of its vertices", () => {
    const report = checkMesh(mesh([...TETRAHEDRON, 3, 2, 1]));
    expect(report).toMatchObject({ closed: false, duplicateFaceCount: 1 });
  });

  test("a triangle without area is counted, and unused vertices are not", () => {
    const report = checkMesh({ positions: new Float32Array(15), indices: Uint32Array.from([0, 1, 2]) });
    expect(report).toMatchObject({ zeroAreaTriangleCount: 1, eulerCharacteristic: 1, componentCount: 1 });
  });

  test("two parts are two components with a characteristic of 4", () => {
    const second = TETRAHEDRON.map((v) => v + 4);
    expect(checkMesh(mesh([...TETRAHEDRON, ...second], 8))).toMatchObject({
      closed: true,
      componentCount: 2,
      eulerCharacteristic: 4,
    });
  });

  test("an empty mesh is closed and has nothing", () => {
    expect(checkMesh(mesh([], 0))).toEqual({
      closed: true,
      oriented: true,
      boundaryEdgeCount: 0,
      duplicateFaceCount: 0,
      zeroAreaTriangleCount: 0,
      eulerCharacteristic: 0,
      componentCount: 0,
      area: 0,
      volume: 0,
    });
  });
});
