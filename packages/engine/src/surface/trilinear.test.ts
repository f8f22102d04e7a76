/** The decisions and the table of the trilinear topology against a fine resampling of the interpolant. */
import { describe, expect, test } from "vitest";
import { edgesOfFaces, FACE_CORNERS, facesOfEdges, traceLoops } from "./cases.ts";
import { seededRandom } from "./fixtures/bricks.ts";
import { decideCell } from "./trilinear.ts";
import { ambiguousFaces, CENTRE, MOST_CENTRES, trilinearTable, UNAMBIGUOUS } from "./trilinear-cases.ts";

const table = trilinearTable();
const masks = Array.from({ length: 256 }, (_, mask) => mask).filter((mask) => table.first[mask] !== UNAMBIGUOUS);

function trianglesOf(entry: number): number[][] {
  const triangles: number[][] = [];
  for (let i = table.starts[entry]; i < table.ends[entry]; i++) {
    triangles.push([...table.edges.subarray(3 * i, 3 * i + 3)]);
  }
  return triangles;
}

/** Parts, and Euler characteristic, of the triangles of a cell. */
function shapeOf(triangles: readonly number[][]): { parts: number; characteristic: number } {
  const part = new Map<number, number>();
  const root = (v: number): number => {
    const up = part.get(v) ?? v;
    return up === v ? v : root(up);
  };
  const sides = new Set<string>();
  for (const [a, b, c] of triangles) {
    for (const v of [a, b, c]) part.set(v, root(v));
    part.set(root(b), root(a));
    part.set(root(c), root(a));
    for (const side of [
      [a, b],
      [b, c],
      [c, a],
    ]) {
      sides.add(side.sort((x, y) => x - y).join(" "));
    }
  }
  const parts = [...part.keys()].filter((v) => root(v) === v).length;
  return { parts, characteristic: part.size - sides.size + triangles.length };
}

/** Loops on the boundary of an outcome; `decisions` as in `decideCell`, without the tunnel. */
function loopsOf(mask: number, decisions: number): number[][] {
  const joined = ambiguousFaces(mask).reduce((bits, face, i) => bits | (((decisions >> i) & 1) << face), 0);
  return traceLoops(mask, joined, edgesOfFaces());
}

/** Every entry as [mask, decisions, tunnel, entry]. */
const entries = masks.flatMap((mask) =>
  Array.from({ length: 3 << ambiguousFaces(mask).length }, (_, i) => [
    mask,
    Math.floor(i / 3),
    i % 3,
    table.first[mask] + i,
  ]),
);

/** Whether some samples have these face decisions: along one axis all joined excludes, along another, all apart. */
function possible(mask: number, decisions: number): boolean {
  const faces = ambiguousFaces(mask);
  if (faces.length < 6) return true;
  const pairs = [0, 2, 4].map((i) => (decisions >> i) & 3);
  return !(pairs.includes(0) && pairs.includes(3));
}

describe("trilinear table", () => {
  test("has the masks with an ambiguous face and the eight whose inside or outside is two opposite corners", () => {
    const opposite = [1, 2, 4, 8].map((bit, corner) => bit | (1 << (7 - corner)));
    for (let mask = 0; mask < 256; mask++) {
      const expected = ambiguousFaces(mask).length > 0 || opposite.includes(mask) || opposite.includes(255 - mask);
      expect(table.first[mask] !== UNAMBIGUOUS, `mask ${mask}`).toBe(expected);
    }
  });

  test("every entry is bounded by the loops that its face decisions draw, so that neighbours fit", () => {
    for (const [mask, decisions, , entry] of entries) {
      const open = new Map<string, number>();
      for (const [a, b, c] of trianglesOf(entry)) {
        for (const [from, to] of [
          [a, b],
          [b, c],
          [c, a],
        ]) {
          if (open.has(`${to} ${from}`)) open.delete(`${to} ${from}`);
          else {
            expect(open.has(`${from} ${to}`), `entry ${entry} walks a side twice`).toBe(false);
            open.set(`${from} ${to}`, 1);
          }
        }
      }
      const wanted = loopsOf(mask, decisions).flatMap((loop) =>
        loop.map((edge, k) => `${edge} ${loop[(k + 1) % loop.length]}`),
      );
      expect([...open.keys()].sort(), `entry ${entry}`).toEqual(wanted.sort());
    }
  });

  test("no entry has a side inside a face that is not a line of it, where the neighbour could have the same one", () => {
    const facesOf = facesOfEdges();
    for (const [mask, decisions, , entry] of entries) {
      const lines = new Set(
        loopsOf(mask, decisions).flatMap((loop) => loop.map((edge, k) => `${edge} ${loop[(k + 1) % loop.length]}`)),
      );
      for (const [a, b, c] of trianglesOf(entry)) {
        for (const [from, to] of [
          [a, b],
          [b, c],
          [c, a],
        ]) {
          if (from >= CENTRE || to >= CENTRE || lines.has(`${from} ${to}`)) continue;
          expect(facesOf[from] & facesOf[to], `entry ${entry}`).toBe(0);
        }
      }
    }
  });

  test("a tunnel makes one tube of two discs, and nothing else differs", () => {
    let tubes = 0;
    for (const [mask, decisions, tunnel, entry] of entries) {
      const loops = loopsOf(mask, decisions).length;
      const isTube = table.starts[entry] !== table.starts[entry - tunnel];
      if (isTube) tubes++;
      const expected = isTube
        ? { parts: loops - 1, characteristic: loops - 2 }
        : { parts: loops, characteristic: loops };
      expect(shapeOf(trianglesOf(entry)), `entry ${entry}`).toEqual(expected);
    }
    expect(tubes).toBeGreaterThan(100);
  });

  test("centres come first in their triangles, follow each other, and are three at the most, as the kernel expects", () => {
    for (const [, , , entry] of entries) {
      const triangles = trianglesOf(entry);
      expect(triangles.length).toBeLessThan(32);
      const centres = triangles.map(([a]) => a).filter((a) => a >= CENTRE);
      for (const [, b, c] of triangles) expect(Math.max(b, c)).toBeLessThan(CENTRE);
      expect(centres).toEqual([...centres].sort((a, b) => a - b));
      expect(new Set(centres).size).toBeLessThanOrEqual(MOST_CENTRES);
    }
  });
});

const STEPS = 20;

/** Parts of the inside and the outside of the interpolant of `v` below `level`, by flood fill over a fine grid. */
function partsBySampling(v: readonly number[], level: number): string {
  const inside = new Uint8Array(STEPS ** 3);
  const between = (a: number, b: number, t: number): number => a + (b - a) * t;
  for (let i = 0; i < inside.length; i++) {
    const x = (i % STEPS) / (STEPS - 1);
    const y = (Math.floor(i / STEPS) % STEPS) / (STEPS - 1);
    const z = Math.floor(i / STEPS ** 2) / (STEPS - 1);
    const low = between(between(v[0], v[1], x), between(v[2], v[3], x), y);
    const high = between(between(v[4], v[5], x), between(v[6], v[7], x), y);
    if (between(low, high, z) < level) inside[i] = 1;
  }
  const seen = new Uint8Array(inside.length);
  const parts = [0, 0];
  const stack: number[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (seen[start] === 1) continue;
    parts[inside[start]]++;
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const step of [1, STEPS, STEPS * STEPS]) {
        const place = Math.floor(at / step) % STEPS;
        for (const next of [place > 0 ? at - step : at, place < STEPS - 1 ? at + step : at]) {
          if (seen[next] === 1 || inside[next] !== inside[at]) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
  }
  return parts.join();
}

describe("decisions", () => {
  test("every outcome that can be has as many parts of inside and outside as a fine resampling of the interpolant", () => {
    const random = seededRandom(33);
    const seen = new Map<number, number>();
    const wanted = entries.filter(
      ([mask, decisions, tunnel, entry]) =>
        possible(mask, decisions) && (tunnel === 0 || table.starts[entry] !== table.starts[entry - tunnel]),
    );
    let compared = 0;
    let skipped = 0;
    for (const mask of masks) {
      const here = wanted.filter(([which]) => which === mask).map(([, , , entry]) => entry);
      // Until each outcome of the mask was compared three times.
      for (let round = 0; round < 600000 && here.some((entry) => (seen.get(entry) ?? 0) < 3); round++) {
        const v = Array.from({ length: 8 }, (_, corner) =>
          Math.fround(((mask >> corner) & 1 ? -1 : 1) * (0.02 + random() ** 2)),
        );
        const entry = table.first[mask] + decideCell(mask, v);
        const times = seen.get(entry) ?? 0;
        if (times >= 3) continue;
        const truth = partsBySampling(v, 0);
        if (partsBySampling(v, -0.004) !== truth || partsBySampling(v, 0.004) !== truth) {
          skipped++;
          continue;
        }
        seen.set(entry, times + 1);
        compared++;
        const [outside, inside] = truth.split(",").map(Number);
        // Each sheet separates two parts.
        expect(shapeOf(trianglesOf(entry)).parts, `mask ${mask}, samples ${v}`).toBe(outside + inside - 1);
      }
    }
    console.log(`trilinear: ${compared} cells compared, ${skipped} skipped for being within 0.004 of another topology`);
    const missing = wanted.filter(([, , , entry]) => !seen.has(entry));
    expect(missing).toEqual([]);
    expect([...seen.keys()].filter((entry) => !wanted.some(([, , , other]) => other === entry))).toEqual([]);
  });

  test("any turn or mirror image of a cell has the same number of sheets and tunnels, though the sweep goes along z", () => {
    const random = seededRandom(4);
    for (let round = 0; round < 20000; round++) {
      const mask = masks[Math.floor(random() * masks.length)];
      const v = Array.from({ length: 8 }, (_, corner) =>
        Math.fround(((mask >> corner) & 1 ? -1 : 1) * (0.01 + random() ** 2)),
      );
      const shape = shapeOf(trianglesOf(table.first[mask] + decideCell(mask, v)));
      const axes = [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
        [0, 2, 1],
      ][round % 4];
      const flip = Math.floor(random() * 8);
      const moved = Array.from({ length: 8 }, (_, corner) => {
        const from = axes.reduce((bits, axis, i) => bits | (((corner >> i) & 1) << axis), 0);
        return v[from ^ flip];
      });
      const movedMask = moved.reduce((bits, value, corner) => bits | (value < 0 ? 1 << corner : 0), 0);
      expect(shapeOf(trianglesOf(table.first[movedMask] + decideCell(movedMask, moved))), `${v}`).toEqual(shape);
    }
  });

  test("both cells of a face decide it alike, so that no hole opens, also where products tie or are tiny", () => {
    const random = seededRandom(9);
    const pick = [1, 2, 3, 0.5, 1e-30, 1e-45, 3e38, 1 + 2 ** -23];
    for (let round = 0; round < 20000; round++) {
      const axis = round % 3;
      const values = Array.from({ length: 12 }, () =>
        Math.fround(pick[Math.floor(random() * pick.length)] * (random() < 0.5 ? -1 : 1)),
      );
      // Two cells that share the corners with the bit of the axis set in the first, clear in the second.
      const first = Array.from({ length: 8 }, (_, corner) => values[corner]);
      let extra = 8;
      const second = first.map((_, corner) => ((corner >> axis) & 1 ? values[extra++] : values[corner | (1 << axis)]));
      const lines = [first, second].map((v, side) => {
        const mask = v.reduce((bits, value, corner) => bits | (value < 0 ? 1 << corner : 0), 0);
        const face = 2 * axis + (side === 0 ? 1 : 0);
        const place = ambiguousFaces(mask).indexOf(face);
        return place < 0 ? -1 : (Math.floor(decideCell(mask, v) / 3) >> place) & 1;
      });
      expect(lines[0]).toBe(lines[1]);
    }
  });

  test("a decider of exactly 0 keeps the inside corners apart", () => {
    const [a, b, c, d] = FACE_CORNERS[4];
    const v = new Array<number>(8).fill(1);
    const mask = (1 << a) | (1 << c);
    for (const corner of [a, c]) v[corner] = -1;
    for (const corner of [b, d]) v[corner] = 1;
    expect(Math.floor(decideCell(mask, v) / 3)).toBe(0);
    v[a] = Math.fround(-1 - 2 ** -23);
    expect(Math.floor(decideCell(mask, v) / 3)).toBe(1);
  });
});
