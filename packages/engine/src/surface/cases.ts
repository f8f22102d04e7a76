/**
 * The 256 ways in which a surface can cross one cell, as triangles over the twelve edges of the cell.
 *
 * ```
 *   corners: bit 0 is x, bit 1 is y, bit 2 is z         edges: 4 · axis + place
 *
 *          2────────3                                     along x: place = y + 2 z    0: 0-1   1: 2-3   2: 4-5   3: 6-7
 *         ╱│       ╱│        y                            along y: place = x + 2 z    4: 0-2   5: 1-3   6: 4-6   7: 5-7
 *        6────────7 │        │                            along z: place = x + 2 y    8: 0-4   9: 1-5  10: 2-6  11: 3-7
 *        │ │      │ │        └── x
 *        │ 0──────│─1       ╱
 *        │╱       │╱       z
 *        4────────5
 * ```
 * A case is the byte whose bit `c` says that corner `c` is inside (its sample is below the level).
 *
 * On each face the crossed edges are joined by one rule: walking round the face counter-clockwise as seen from outside
 * the cell, a crossing into the inside is joined to the next crossing out of it. Where the four signs alternate, this
 * keeps the two inside corners apart. The rule sees nothing but the four signs of the face, so the two cells that share
 * a face always draw the same lines on it, and the surface has no hole. The lines form closed loops, and each loop is
 * filled by a fan. The fan starts at the first corner of the loop that needs no diagonal inside a face of the cell;
 * a diagonal there could be drawn by both neighbours, and four triangles would meet in it.
 *
 * Marching cubes: W. E. Lorensen, H. E. Cline, 1987, https://doi.org/10.1145/37401.37422.
 */

/** Most triangles of one case. */
export const CASE_MAX_TRIANGLES = 5;
/** Bytes from one case to the next in `CaseTable.edges`. */
export const CASE_STRIDE = 16;

export interface CaseTable {
  /** Triangles of each case, 0 to `CASE_MAX_TRIANGLES`. */
  readonly counts: Uint8Array;
  /** Three edge numbers (0 to 11) for each triangle, `CASE_STRIDE` bytes a case; counter-clockwise seen from outside the surface. */
  readonly edges: Uint8Array;
}

/** Axis of an edge: 0, 1, 2 for x, y, z. */
export function edgeAxis(edge: number): 0 | 1 | 2 {
  return (edge >> 2) as 0 | 1 | 2;
}

/** The corner at the lower end of an edge; the upper end is `edgeBase(edge) | (1 << edgeAxis(edge))`. */
export function edgeBase(edge: number): number {
  const axis = edgeAxis(edge);
  const low = edge & 1;
  const high = (edge >> 1) & 1;
  return axis === 0 ? (low << 1) | (high << 2) : axis === 1 ? low | (high << 2) : low | (high << 1);
}

/** The corners of the six faces, counter-clockwise as seen from outside the cell: −x, +x, −y, +y, −z, +z. */
export const FACE_CORNERS = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
] as const;

let built: CaseTable | undefined;

/** The table of all cases, built when first asked for. */
export function caseTable(): CaseTable {
  built ??= buildCaseTable();
  return built;
}

function buildCaseTable(): CaseTable {
  const faceEdges = edgesOfFaces();
  const facesOf = facesOfEdges();
  const counts = new Uint8Array(256);
  const edges = new Uint8Array(256 * CASE_STRIDE);
  for (let mask = 0; mask < 256; mask++) {
    let cursor = mask * CASE_STRIDE;
    for (const loop of traceLoops(mask, 0, faceEdges)) {
      const fan = fanOf(loop, facesOf);
      if (!fan) throw new Error(`caseTable: loop ${loop} has no fan. This is a defect of the engine.`);
      for (const edge of fan) edges[cursor++] = edge;
    }
    counts[mask] = (cursor - mask * CASE_STRIDE) / 3;
  }
  return { counts, edges };
}

/**
 * The closed loops that the surface draws on the faces of a cell, as edge numbers; the surface lies to the left of a loop.
 * `joined`: bit `f` joins the inside corners of face `f` where its four signs alternate; it does nothing elsewhere.
 */
export function traceLoops(mask: number, joined: number, faceEdges: Uint8Array): number[][] {
  const next = joinCrossings(mask, joined, faceEdges);
  const loops: number[][] = [];
  for (let start = 0; start < 12; start++) {
    const loop: number[] = [];
    for (let edge = start; next[edge] >= 0; ) {
      loop.push(edge);
      const following = next[edge];
      next[edge] = -1;
      edge = following;
    }
    if (loop.length > 0) loops.push(loop);
  }
  return loops;
}

/** `next[e]`: the edge that the surface goes to from crossed edge `e`, −1 for edges that are not crossed. */
function joinCrossings(mask: number, joined: number, faceEdges: Uint8Array): Int8Array {
  const next = new Int8Array(12).fill(-1);
  for (let face = 0; face < 6; face++) {
    const [a, b, c, d] = FACE_CORNERS[face];
    const signs = ((mask >> a) & 1) | (((mask >> b) & 1) << 1) | (((mask >> c) & 1) << 2) | (((mask >> d) & 1) << 3);
    if (signs === 0 || signs === 15) continue;
    const twice = signs | (signs << 4);
    const around = ((joined >> face) & 1) === 1 && (signs === 5 || signs === 10);
    for (let i = 0; i < 4; i++) {
      // Corner i outside, the next one inside.
      if (((twice >> i) & 3) !== 2) continue;
      // The line cuts off the inside corners that follow, or, where inside corners are joined, the outside corner i.
      let j = around ? i + 3 : i + 1;
      if (!around) while (((twice >> (j + 1)) & 1) === 1) j++;
      next[faceEdges[face * 4 + i]] = faceEdges[face * 4 + (j & 3)];
    }
  }
  return next;
}

/** The triangles of the first fan over a loop that has no diagonal inside a face of the cell, where there is one. */
export function fanOf(loop: readonly number[], facesOf: Uint8Array): number[] | undefined {
  const { length } = loop;
  for (let apex = 0; apex < length; apex++) {
    let clear = true;
    for (let k = 2; k < length - 1; k++) {
      if ((facesOf[loop[apex]] & facesOf[loop[(apex + k) % length]]) !== 0) clear = false;
    }
    if (!clear) continue;
    const triangles: number[] = [];
    for (let k = 1; k < length - 1; k++) {
      triangles.push(loop[apex], loop[(apex + k) % length], loop[(apex + k + 1) % length]);
    }
    return triangles;
  }
  return undefined;
}

/** Edge from corner i of a face to the next one, at 4 · face + i. */
export function edgesOfFaces(): Uint8Array {
  const edgeBetween = new Uint8Array(64);
  for (let edge = 0; edge < 12; edge++) {
    const low = edgeBase(edge);
    const high = low | (1 << edgeAxis(edge));
    edgeBetween[low * 8 + high] = edge;
    edgeBetween[high * 8 + low] = edge;
  }
  const faceEdges = new Uint8Array(24);
  FACE_CORNERS.forEach((corners, face) => {
    for (let i = 0; i < 4; i++) faceEdges[face * 4 + i] = edgeBetween[corners[i] * 8 + corners[(i + 1) & 3]];
  });
  return faceEdges;
}

/** For each edge a bit mask of the two faces that it belongs to. */
export function facesOfEdges(): Uint8Array {
  const facesOf = new Uint8Array(12);
  edgesOfFaces().forEach((edge, place) => {
    facesOf[edge] |= 1 << (place >> 2);
  });
  return facesOf;
}
