/**
 * How the surface crosses a cell whose eight signs do not say it all, so that it is connected as the trilinear
 * interpolant of the eight samples is: one triangulation for each case, each decision on its faces, and each tunnel.
 *
 * ```
 *   entry of a cell = first[mask] + 3 · (bit i: are the inside corners of its i-th ambiguous face joined?) + tunnel
 *
 *   tunnel 0: every loop on the cell's boundary is filled by a disc
 *          1: two of them are the ends of a tube, which joins two inside regions through the interior
 *          2: the same, and joins two outside regions
 * ```
 * Faces count in the order −x, +x, −y, +y, −z, +z; a face is ambiguous where its four signs alternate.
 *
 * Why this is enough. The interpolant has no extremum in the interior of a cell, so every sheet reaches the boundary.
 * Sweep a plane z = const through the cell: on it the interpolant is bilinear, and the inside can change its connection
 * only where a vertical edge is crossed, or where, with the four signs of the plane alternating, its saddle value changes
 * sign. That value has the sign of a quadratic q(z). Of an interval of alternating signs, q's signs at both ends follow
 * from the signs and the decisions on the faces. Where they differ, q has one root, and nothing is left to decide. Where
 * they agree, there is none or there are two, and with two the plane's inside corners (or its outside corners) are joined
 * for a while: a tunnel. The paths that join the other two corners above and below close a ring round the cell, so the
 * two regions that meet are never connected on the boundary, and each is next to the ring's region along one loop: these
 * two loops are the ends of the tube. A quadratic has two roots, so there is one tunnel at the most.
 * A tunnel must show itself to sweeps along all three axes; that tells which cases can have one, and between which loops.
 *
 * Discs are fans without a diagonal in a face (see `cases.ts`). Some loops have none; they are fanned round a vertex of
 * their own in the interior, the mean of their corners. A tube is made of triangles and, where their sides would be
 * diagonals in a face, of polygons with such a centre each.
 *
 * E. V. Chernyaev, Marching Cubes 33, CERN CN/95-17, 1995. L. Custodio, T. Etiene, S. Pesco, C. Silva, 2013,
 * https://doi.org/10.1016/j.cag.2013.04.004. R. Grosso, 2016, https://doi.org/10.1111/cgf.12975.
 */
import { edgeAxis, edgeBase, edgesOfFaces, FACE_CORNERS, facesOfEdges, fanOf, traceLoops } from "./cases.ts";

/** Stands in a triangle for the first vertex in the interior of the cell; the second is `CENTRE + 1`, and so on. */
export const CENTRE = 12;
/** Most vertices in the interior of a cell. */
export const MOST_CENTRES = 3;
/** In `TrilinearTable.first`: the signs alone decide, and the case table holds. */
export const UNAMBIGUOUS = 0xffff;

export interface TrilinearTable {
  /** First entry of each of the 256 cases, or `UNAMBIGUOUS`. */
  readonly first: Uint16Array;
  /** Triangles of entry `i`: three edge numbers each, from `edges[3 · starts[i]]` to before `edges[3 · ends[i]]`. */
  readonly starts: Uint16Array;
  readonly ends: Uint16Array;
  /**
   * Edge numbers 0 to 11, or centres from `CENTRE` on. A triangle that has a centre has it first. The triangles of a centre
   * follow each other, and their second corners are the polygon around it.
   */
  readonly edges: Uint8Array;
}

/** One of the ways that a case can turn out. */
interface Outcome {
  readonly mask: number;
  /** Ambiguous faces, ascending. */
  readonly faces: readonly number[];
  /** Bit `f`: the inside corners of face `f` are joined. */
  readonly joined: number;
  readonly loops: readonly (readonly number[])[];
}

let built: TrilinearTable | undefined;

/** The table, built when first asked for. */
export function trilinearTable(): TrilinearTable {
  built ??= buildTrilinearTable();
  return built;
}

function buildTrilinearTable(): TrilinearTable {
  const first = new Uint16Array(256).fill(UNAMBIGUOUS);
  const starts: number[] = [];
  const ends: number[] = [];
  const edges: number[] = [];
  const faceEdges = edgesOfFaces();
  const facesOf = facesOfEdges();
  const append = (outcome: Outcome, tunnel: readonly [number, number] | undefined): [number, number] => {
    const start = edges.length / 3;
    edges.push(...fill(outcome, tunnel, facesOf));
    return [start, edges.length / 3];
  };
  for (let mask = 1; mask < 255; mask++) {
    const faces = ambiguousFaces(mask);
    for (let decisions = 0; decisions < 1 << faces.length; decisions++) {
      const joined = faces.reduce((bits, face, i) => bits | (((decisions >> i) & 1) << face), 0);
      const outcome: Outcome = { mask, faces, joined, loops: traceLoops(mask, joined, faceEdges) };
      const tunnels = [1, 2].map((kind) => tunnelLoops(outcome, kind));
      if (faces.length === 0 && tunnels.every((pair) => pair === undefined)) continue;
      if (decisions === 0) first[mask] = starts.length;
      const discs = append(outcome, undefined);
      for (const pair of [undefined, ...tunnels]) {
        // A tunnel that cannot be has the triangles of the discs, in case rounding finds one in flat samples.
        const [start, end] = pair ? append(outcome, pair) : discs;
        starts.push(start);
        ends.push(end);
      }
    }
  }
  return {
    first,
    starts: Uint16Array.from(starts),
    ends: Uint16Array.from(ends),
    edges: Uint8Array.from(edges),
  };
}

/** Faces whose four signs alternate. */
export function ambiguousFaces(mask: number): number[] {
  return [0, 1, 2, 3, 4, 5].filter((face) => {
    const [a, b, c, d] = FACE_CORNERS[face].map((corner) => (mask >> corner) & 1);
    return a === c && b === d && a !== b;
  });
}

/** The two loops that a tunnel of this kind would join; undefined where there can be none. */
function tunnelLoops(outcome: Outcome, kind: number): readonly [number, number] | undefined {
  if (outcome.loops.length < 2) return undefined;
  const regions = regionsOf(outcome);
  const found = [0, 1, 2].map((axis) => tunnelsAlong(axis, kind, outcome, regions));
  const common = found[0].filter((pair) => found[1].includes(pair) && found[2].includes(pair));
  if (common.length === 0) return undefined;
  if (common.length > 1) {
    throw new Error(`trilinearTable: case ${outcome.mask} has two tunnels. This is a defect of the engine.`);
  }
  return [common[0] >> 4, common[0] & 15];
}

/** Pairs of loops, 16 · lower + higher, that a sweep along `axis` could find joined. */
function tunnelsAlong(axis: number, kind: number, outcome: Outcome, regions: readonly number[]): number[] {
  const { mask, joined, faces } = outcome;
  const inside = (corner: number): number => (mask >> corner) & 1;
  const pairs = new Set<number>();
  const low = 2 * axis;
  const bothFaces = faces.includes(low) && faces.includes(low + 1);
  for (const diagonal of [0, 1]) {
    // Four edges along the axis: two opposite ones with an inside end, the other two with an outside end.
    const [p, r, s, u] = (diagonal === 0 ? [0, 3, 1, 2] : [1, 2, 0, 3]).map((place, i) => {
      const base = edgeBase(4 * axis + place);
      const wanted = i < 2 ? 1 : 0;
      return [base, base | (1 << axis)].find((corner) => inside(corner) === wanted) ?? -1;
    });
    if (Math.min(p, r, s, u) < 0) continue;
    // Where both ends alternate in opposite ways and are decided alike, q has opposite signs there and one root only.
    if (bothFaces && inside(edgeBase(4 * axis)) !== inside(edgeBase(4 * axis) | (1 << axis))) {
      if (((joined >> low) & 1) === ((joined >> (low + 1)) & 1)) continue;
    }
    const [x, y, ring, otherRing] = kind === 1 ? [p, r, s, u] : [s, u, p, r];
    if (regions[x] === regions[y] || regions[ring] !== regions[otherRing]) continue;
    const a = loopBetween(outcome, regions, regions[x], regions[ring]);
    const b = loopBetween(outcome, regions, regions[y], regions[ring]);
    if (a >= 0 && b >= 0) pairs.add(16 * Math.min(a, b) + Math.max(a, b));
  }
  return [...pairs];
}

/** For each corner a number of its region on the boundary: corners of one sign, connected along edges and across faces. */
function regionsOf({ mask, faces, joined }: Outcome): number[] {
  const regions = [0, 1, 2, 3, 4, 5, 6, 7];
  const join = (a: number, b: number): void => {
    const from = regions[b];
    const to = regions[a];
    for (let corner = 0; corner < 8; corner++) if (regions[corner] === from) regions[corner] = to;
  };
  for (let edge = 0; edge < 12; edge++) {
    const low = edgeBase(edge);
    const high = low | (1 << edgeAxis(edge));
    if (((mask >> low) & 1) === ((mask >> high) & 1)) join(low, high);
  }
  for (const face of faces) {
    const [a, b, c, d] = FACE_CORNERS[face];
    if (((mask >> a) & 1) === ((joined >> face) & 1)) join(a, c);
    else join(b, d);
  }
  return regions;
}

/** The loop that separates two regions, −1 where they do not meet. */
function loopBetween({ loops }: Outcome, regions: readonly number[], a: number, b: number): number {
  return loops.findIndex(([edge]) => {
    const low = regions[edgeBase(edge)];
    const high = regions[edgeBase(edge) | (1 << edgeAxis(edge))];
    return (low === a && high === b) || (low === b && high === a);
  });
}

function fill({ loops }: Outcome, tunnel: readonly [number, number] | undefined, facesOf: Uint8Array): number[] {
  const triangles: number[] = [];
  let centre = CENTRE;
  for (let i = 0; i < loops.length; i++) {
    const loop = loops[i];
    if (tunnel?.[1] === i) continue;
    const isTube = tunnel?.[0] === i;
    const fan = isTube ? undefined : fanOf(loop, facesOf);
    if (fan) triangles.push(...fan);
    const parts = isTube ? tubeBetween(loop, loops[tunnel[1]], facesOf) : fan ? [] : [loop];
    for (const part of parts) {
      if (part.length === 3) {
        triangles.push(...part);
        continue;
      }
      for (let k = 0; k < part.length; k++) triangles.push(centre, part[k], part[(k + 1) % part.length]);
      centre++;
    }
  }
  if (centre > CENTRE + MOST_CENTRES)
    throw new Error("trilinearTable: too many centres. This is a defect of the engine.");
  return triangles;
}

/**
 * The tube between two loops as triangles and, where those would need a diagonal in a face, polygons: the choice with
 * small polygons and short sides. A step along loop `a` goes forwards and one along loop `b` backwards, for the surface
 * lies to the left of both.
 */
function tubeBetween(a: readonly number[], b: readonly number[], facesOf: Uint8Array): number[][] {
  let best: number[][] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  const parts: number[][] = [];
  // `onFirst`: the last place on `a` that is joined to the first place on `b`.
  const walk = (i: number, j: number, start: number, cost: number, onFirst: number): void => {
    const atA = (step: number): number => a[(i + step) % a.length];
    const atB = (step: number): number => b[(start + 2 * b.length - j - step) % b.length];
    if (cost >= bestCost || (facesOf[atA(0)] & facesOf[atB(0)]) !== 0) return;
    if (i === a.length && j === b.length) {
      best = parts.slice();
      bestCost = cost;
      return;
    }
    // All the way round one loop without a step along the other: the side is there already.
    if ((i === a.length && j === 0) || (j === b.length && i <= onFirst)) return;
    const side = cost + squaredDistance(atA(0), atB(0));
    for (let stepA = 0; stepA <= Math.min(2, a.length - i); stepA++) {
      for (let stepB = 0; stepB <= Math.min(2, b.length - j); stepB++) {
        // The walk starts along `a`, so that its first side is met again at its end only.
        if (stepA + Math.min(stepB, i) === 0) continue;
        const part: number[] = [];
        for (let k = 0; k <= stepA; k++) part.push(atA(k));
        for (let k = stepB; k >= 0; k--) part.push(atB(k));
        parts.push(part);
        walk(i + stepA, j + stepB, start, side + 16 * (stepA + stepB - 1) ** 2, j === 0 ? i : onFirst);
        parts.pop();
      }
    }
  };
  for (let start = 0; start < b.length; start++) walk(0, 0, start, 0, 0);
  if (!best) throw new Error(`trilinearTable: loops ${a} and ${b} have no tube. This is a defect of the engine.`);
  return best;
}

/** Of the middles of two edges, in quarters of a squared cell. */
function squaredDistance(a: number, b: number): number {
  let sum = 0;
  for (let axis = 0; axis < 3; axis++) {
    const along = (edge: number): number => (edgeAxis(edge) === axis ? 1 : 2 * ((edgeBase(edge) >> axis) & 1));
    sum += (along(a) - along(b)) ** 2;
  }
  return sum;
}
