import { describe, expect, test } from "vitest";
import { CASE_MAX_TRIANGLES, CASE_STRIDE, caseTable, edgeAxis, edgeBase } from "./cases.ts";

const { counts, edges } = caseTable();
const masks = Array.from({ length: 256 }, (_, mask) => mask);

function trianglesOf(mask: number): number[][] {
  return Array.from({ length: counts[mask] }, (_, k) => [
    ...edges.subarray(mask * CASE_STRIDE + 3 * k, mask * CASE_STRIDE + 3 * k + 3),
  ]);
}

function crossed(mask: number, edge: number): boolean {
  const low = edgeBase(edge);
  return ((mask >> low) & 1) !== ((mask >> (low | (1 << edgeAxis(edge)))) & 1);
}

/** The faces (2 · axis + side) that an edge lies in, as bits. */
function facesOf(edge: number): number {
  const low = edgeBase(edge);
  let faces = 0;
  for (let axis = 0; axis < 3; axis++) {
    if (axis !== edgeAxis(edge)) faces |= 1 << (2 * axis + ((low >> axis) & 1));
  }
  return faces;
}

/** Sides of triangles that no other triangle of the case shares, as [from, to]. */
function outline(mask: number): [number, number][] {
  const sides = trianglesOf(mask).flatMap(([a, b, c]) => [
    [a, b],
    [b, c],
    [c, a],
  ]) as [number, number][];
  return sides.filter(([a, b]) => !sides.some(([c, d]) => c === b && d === a));
}

describe("case table", () => {
  test("each edge joins two corners that differ in its axis alone, so that corner and edge numbers mean what the figure says", () => {
    const pairs = new Set<string>();
    for (let edge = 0; edge < 12; edge++) {
      const low = edgeBase(edge);
      expect((low >> edgeAxis(edge)) & 1).toBe(0);
      pairs.add(`${low} ${low | (1 << edgeAxis(edge))}`);
    }
    expect(pairs.size).toBe(12);
  });

  test("every mask uses each crossed edge and no other, so that no vertex is left out or invented", () => {
    for (const mask of masks) {
      const used = new Set(trianglesOf(mask).flat());
      for (let edge = 0; edge < 12; edge++)
        expect(used.has(edge), `mask ${mask}, edge ${edge}`).toBe(crossed(mask, edge));
    }
  });

  test("every mask draws its outline on the faces alone, each crossed edge once in and once out", () => {
    for (const mask of masks) {
      const sides = outline(mask);
      for (const [a, b] of sides) expect(facesOf(a) & facesOf(b), `mask ${mask}`).not.toBe(0);
      for (let edge = 0; edge < 12; edge++) {
        const expected = crossed(mask, edge) ? 1 : 0;
        expect(
          sides.filter(([from]) => from === edge),
          `mask ${mask}, edge ${edge}`,
        ).toHaveLength(expected);
        expect(
          sides.filter(([, to]) => to === edge),
          `mask ${mask}, edge ${edge}`,
        ).toHaveLength(expected);
      }
    }
  });

  test("no mask has a diagonal inside a face, where the neighbour could draw the same one", () => {
    for (const mask of masks) {
      const sides = outline(mask);
      for (const [a, b, c] of trianglesOf(mask)) {
        for (const [from, to] of [
          [a, b],
          [b, c],
          [c, a],
        ] as [number, number][]) {
          const isOutline = sides.some(([x, y]) => x === from && y === to);
          if (!isOutline) expect(facesOf(from) & facesOf(to), `mask ${mask}`).toBe(0);
        }
      }
    }
  });

  test("a face with alternating signs keeps its two inside corners apart, whatever the rest of the cell is", () => {
    // Corners 0 and 3 inside, 1 and 2 outside, on the face z = 0: the lines cut off corner 0 and corner 3.
    for (let rest = 0; rest < 16; rest++) {
      const mask = 0b1001 | (rest << 4);
      const lines = outline(mask).filter(([a, b]) => (facesOf(a) & facesOf(b) & (1 << 4)) !== 0);
      expect(lines.map((line) => [...line].sort((a, b) => a - b).join(" ")).sort()).toEqual(["0 4", "1 5"]);
    }
  });

  test("no case has more triangles than the stride holds, and empty and full cells have none", () => {
    expect(Math.max(...counts)).toBe(CASE_MAX_TRIANGLES);
    expect(CASE_MAX_TRIANGLES * 3).toBeLessThanOrEqual(CASE_STRIDE);
    expect([counts[0], counts[255]]).toEqual([0, 0]);
  });

  test("a single inside corner at the origin faces away from it", () => {
    expect(trianglesOf(1)).toEqual([[0, 4, 8]]);
  });
});
