/**
 * Merges the vertices of a surface that lie at the same place, and removes what then has no area or is there twice.
 *
 * A vertex lies on an edge of the grid, so two of them can only meet at a sample: where it equals the level, or nearly so.
 * The extraction has put vertices nearer than `SNAP_DISTANCE` to a sample on it; those in the interior of cells meet by
 * chance. What happens then:
 *
 * 1. All vertices at a sample become the first of them. Triangles that lose a side vanish.
 * 2. Two triangles over the same vertices that face each other vanish, too: a layer of no thickness.
 * 3. A triangle with three different corners on a line has two of them on neighbouring samples and the third between. It
 *    is removed, and the triangle across its long side is split at the third corner. At the border of the grid there is
 *    none, and nothing is split.
 * 4. Where the surface touches itself along a side, more than two triangles meet there. They are taken in pairs, first
 *    with first; every pair after the first gets a new vertex on the side, and its triangles are split there.
 *
 * None of this adds to the boundary of the mesh or takes from it, step 3 at the border of the grid excepted: every other
 * side has as many triangles on its left as on its right, as before. Vertices and triangles keep their order; new ones
 * come last.
 */
import type { MeshShape } from "./check.ts";
import { samplePosition } from "./grid.ts";
import { copyForWelding, NONE, type WeldStore } from "./weld-store.ts";

const LONG = 8;
/** How far along a side the first new vertex lies: no simple fraction, for other vertices lie at those. */
const FIRST_SPLIT = 0.3819660113;
/*
 * What is known of a vertex. It lies on a sample; others were merged into it, or a side ends at it anew; it lies in the
 * interior of a cell or, by chance, of a face; it ends the long side of a triangle without area.
 */
const ON_SAMPLE = 1;
const MERGED = 2;
const OFF_EDGES = 4;

/**
 * The mesh without coinciding vertices, triangles without area, and triangles that are there twice; the mesh itself where
 * there are none.
 * Cost: about 40 ns a triangle, and 1 µs for each one at a merged vertex (V8 of Node 20, November 2026).
 * @param dimension of the grid whose samples the vertices may lie on
 */
export function weldMesh(mesh: MeshShape, dimension: number): MeshShape {
  return weldStored(copyForWelding(mesh), dimension, [0, mesh.positions.length / 3]) ?? mesh;
}

/**
 * The same for a mesh in a store of its own, which is used up; undefined, and the mesh as it was, where there is nothing to do.
 * In the kernels' memory about 6 ns a triangle: 7 ms instead of 50 for 1.1 million (V8 of Node 20, November 2026).
 * @param ranges first vertex and end of each range outside which nothing can be wrong, ascending
 */
export function weldStored(store: WeldStore, dimension: number, ranges: readonly number[]): MeshShape | undefined {
  const work = startWork(store, dimension, ranges);
  if (!work) return undefined;
  dropCollapsed(work);
  cancelOpposites(work);
  do {
    while (splitAtMiddles(work)) cancelOpposites(work);
  } while (separateSheets(work));
  return store.compact(work.added);
}

interface Work {
  /** The mesh, and for each of its vertices ON_SAMPLE or OFF_EDGES, MERGED, LONG. */
  readonly store: WeldStore;
  /** xyz for each new vertex. */
  readonly added: number[];
  /** Triangles that have a vertex marked MERGED. */
  near: number[];
  /** Triangles that may have no area; some may be listed twice. */
  readonly doubtful: number[];
}

/** Undefined where nothing is to be done. */
function startWork(store: WeldStore, dimension: number, ranges: readonly number[]): Work | undefined {
  const target = new Map<number, number>();
  mergeAtPlaces(store, dimension, ranges, target);
  const work: Work = { store, added: [], near: [], doubtful: store.touching(ON_SAMPLE | OFF_EDGES, 0) };
  const { state, indices } = store;
  let flat = false;
  for (const triangle of work.doubtful) {
    const i = 3 * triangle;
    if (target.size > 0) for (let k = i; k < i + 3; k++) indices[k] = target.get(indices[k]) ?? indices[k];
    if (((state[indices[i]] | state[indices[i + 1]] | state[indices[i + 2]]) & MERGED) !== 0) work.near.push(triangle);
    flat ||= hasNoArea(work, i);
  }
  return flat || target.size > 0 ? work : undefined;
}

function trianglesAtMerged({ store, added }: Work): number[] {
  return store.touching(MERGED, added.length / 3);
}

/** Fills `state`, and `target` with the first vertex at the place of each one that is not the first. */
function mergeAtPlaces(
  { positions, state }: WeldStore,
  dimension: number,
  ranges: readonly number[],
  target: Map<number, number>,
): void {
  const places = Float32Array.from({ length: dimension }, (_, i) => samplePosition(i, dimension));
  const mergeable: number[] = [];
  for (let range = 0; range < ranges.length; range += 2) {
    for (let v = ranges[range]; v < ranges[range + 1]; v++) {
      let onPlanes = 0;
      for (let k = 0; k < 3; k++) {
        const p = positions[3 * v + k];
        if (places[Math.round(((p + 1) * dimension - 1) / 2)] === p) onPlanes++;
      }
      if (onPlanes === 2) continue;
      state[v] = onPlanes === 3 ? ON_SAMPLE : OFF_EDGES;
      mergeable.push(v);
    }
  }
  const table = new Uint32Array(capacityFor(mergeable.length)).fill(NONE);
  const bits = new Uint32Array(3);
  const place = new Float32Array(bits.buffer);
  for (const v of mergeable) {
    place.set(positions.subarray(3 * v, 3 * v + 3));
    let slot = scatter(bits[0], bits[1], bits[2]) & (table.length - 1);
    for (; table[slot] !== NONE; slot = (slot + 1) & (table.length - 1)) {
      const w = 3 * table[slot];
      if (place[0] !== positions[w] || place[1] !== positions[w + 1] || place[2] !== positions[w + 2]) continue;
      target.set(v, table[slot]);
      state[table[slot]] |= MERGED;
      break;
    }
    if (table[slot] === NONE) table[slot] = v;
  }
}

function dropCollapsed({ store: { indices }, near }: Work): void {
  for (const triangle of near) {
    const [a, b, c] = indices.subarray(3 * triangle, 3 * triangle + 3);
    if (a === b || b === c || c === a) indices[3 * triangle] = NONE;
  }
}

/** Removes pairs of triangles over the same vertices that face each other. */
function cancelOpposites(work: Work): void {
  const { near } = work;
  const { indices } = work.store;
  const table = new Uint32Array(capacityFor(near.length)).fill(NONE);
  for (const triangle of near) {
    const i = 3 * triangle;
    if (indices[i] === NONE) continue;
    const a = indices[i];
    const b = indices[i + 1];
    const c = indices[i + 2];
    let slot = scatter(Math.min(a, b, c), Math.max(a, b, c), (a ^ b ^ c) >>> 0) & (table.length - 1);
    for (; table[slot] !== NONE; slot = (slot + 1) & (table.length - 1)) {
      const j = 3 * table[slot];
      if (opposite(indices[j], indices[j + 1], indices[j + 2], a, b, c)) {
        indices[i] = NONE;
        indices[j] = NONE;
        break;
      }
    }
    if (table[slot] === NONE) table[slot] = triangle;
  }
  work.near = near.filter((triangle) => indices[3 * triangle] !== NONE);
}

function opposite(a: number, b: number, c: number, x: number, y: number, z: number): boolean {
  return (a === x && b === z && c === y) || (a === y && b === x && c === z) || (a === z && b === y && c === x);
}

/** Step 3, for triangles without area that do not touch each other. Returns whether there was one. */
function splitAtMiddles(work: Work): boolean {
  const flat = longSides(work);
  if (flat.size === 0) return false;
  const { doubtful, store, added } = work;
  const touched = new Set<number>();
  const candidates = store.sharing(LONG, added.length / 3);
  const { indices, state } = store;
  for (const triangle of candidates) {
    const i = 3 * triangle;
    if (touched.has(triangle)) continue;
    for (let k = 0; k < 3; k++) {
      const from = indices[i + k];
      const to = indices[i + ((k + 1) % 3)];
      if ((state[from] & state[to] & LONG) === 0) continue;
      const other = flat.get(sideKey(work, from, to));
      if (other === undefined || other === triangle || touched.has(other)) continue;
      const middle = indices[3 * other];
      const apex = indices[i + ((k + 2) % 3)];
      indices.set([from, middle, apex], i);
      indices.set([middle, to, apex], 3 * other);
      touched.add(triangle).add(other);
      doubtful.push(triangle);
      state[middle] |= MERGED;
      state[apex] |= MERGED;
      break;
    }
  }
  // Those left have no neighbour across their long side, or one that was split just now and is met in the next round.
  if (touched.size === 0) for (const triangle of flat.values()) indices[3 * triangle] = NONE;
  // The new side may be there already, with triangles that were of no interest so far.
  work.near = trianglesAtMerged(work);
  return true;
}

/** Triangles without area, by their long side from the other triangle's view; the ends of these sides are marked. */
function longSides(work: Work): Map<number, number> {
  const { indices, state } = work.store;
  const flat = new Map<number, number>();
  for (const triangle of work.doubtful) {
    const i = 3 * triangle;
    if (indices[i] === NONE || !hasNoArea(work, i)) continue;
    rotateMiddleFirst(work, i);
    flat.set(sideKey(work, indices[i + 2], indices[i + 1]), triangle);
    state[indices[i + 1]] |= LONG;
    state[indices[i + 2]] |= LONG;
  }
  return flat;
}

/** A number for a side and its direction. */
function sideKey({ store: { positions }, added }: Work, from: number, to: number): number {
  return from * ((positions.length + added.length) / 3) + to;
}

function hasNoArea(work: Work, i: number): boolean {
  const { indices } = work.store;
  const along = (vertex: number, k: number): number => coordinate(work, vertex, k) - coordinate(work, indices[i], k);
  const ux = along(indices[i + 1], 0);
  const uy = along(indices[i + 1], 1);
  const uz = along(indices[i + 1], 2);
  const vx = along(indices[i + 2], 0);
  const vy = along(indices[i + 2], 1);
  const vz = along(indices[i + 2], 2);
  return uy * vz === uz * vy && uz * vx === ux * vz && ux * vy === uy * vx;
}

/** Turns a triangle whose corners lie on a line so that the corner between the others comes first. */
function rotateMiddleFirst(work: Work, i: number): void {
  const { indices } = work.store;
  for (let turn = 0; turn < 3; turn++) {
    const [m, b, c] = indices.subarray(i, i + 3);
    let between = true;
    for (let k = 0; k < 3; k++) {
      const p = coordinate(work, m, k);
      const low = Math.min(coordinate(work, b, k), coordinate(work, c, k));
      const high = Math.max(coordinate(work, b, k), coordinate(work, c, k));
      if (p < low || p > high) between = false;
    }
    if (between) return;
    indices.set([b, c, m], i);
  }
}

/** Step 4, for triangles that do not touch each other. Returns whether there was one. */
function separateSheets(work: Work): boolean {
  const crowded = crowdedSides(work);
  if (crowded.length === 0) return false;
  const touched = new Set<number>();
  for (const { low, high, left, right } of crowded) {
    // From the last sheet down to the second, so that a place on the side is never used again in a later round.
    for (let sheet = Math.max(left.length, right.length) - 1; sheet > 0; sheet--) {
      const both = [left[sheet], right[sheet]].filter((triangle) => triangle !== undefined);
      if (both.some((triangle) => touched.has(triangle))) break;
      const middle = addVertex(work, low, high, FIRST_SPLIT / sheet);
      if (middle === undefined) {
        contractSide(work, low, high);
        return true;
      }
      for (const triangle of both) {
        touched.add(triangle);
        splitSide(work, triangle, low, high, middle);
      }
    }
  }
  return true;
}

/** Makes one vertex of two that have no place between them. */
function contractSide(work: Work, a: number, b: number): void {
  const { indices, state, triangleCount } = work.store;
  for (let i = 0; i < 3 * triangleCount; i++) if (indices[i] === b) indices[i] = a;
  state[a] |= MERGED;
  work.near = trianglesAtMerged(work);
  dropCollapsed(work);
  cancelOpposites(work);
}

interface Side {
  readonly low: number;
  readonly high: number;
  /** Triangles that walk it from `low` to `high`, and the others. */
  readonly left: number[];
  readonly right: number[];
}

/** Sides at merged vertices with more than two triangles. */
function crowdedSides(work: Work): Side[] {
  const { near } = work;
  const { indices, state } = work.store;
  const capacity = capacityFor(near.length * 3);
  const low = new Uint32Array(capacity).fill(NONE);
  const high = new Uint32Array(capacity);
  const triangles = new Uint8Array(capacity);
  const slotOf = (a: number, b: number): number => {
    const from = Math.min(a, b);
    const to = Math.max(a, b);
    let slot = scatter(from, to, 0) & (capacity - 1);
    while (low[slot] !== NONE && (low[slot] !== from || high[slot] !== to)) slot = (slot + 1) & (capacity - 1);
    low[slot] = from;
    high[slot] = to;
    return slot;
  };
  let crowded = false;
  for (const triangle of near) {
    for (let k = 0; k < 3; k++) {
      const slot = slotOf(indices[3 * triangle + k], indices[3 * triangle + ((k + 1) % 3)]);
      triangles[slot] = Math.min(triangles[slot] + 1, 255);
      if (triangles[slot] > 2) crowded = true;
    }
  }
  if (!crowded) return [];
  const sides = new Map<number, Side>();
  for (const triangle of near) {
    for (let k = 0; k < 3; k++) {
      const a = indices[3 * triangle + k];
      const b = indices[3 * triangle + ((k + 1) % 3)];
      if (((state[a] | state[b]) & MERGED) === 0 || triangles[slotOf(a, b)] <= 2) continue;
      const key = sideKey(work, Math.min(a, b), Math.max(a, b));
      const side = sides.get(key) ?? { low: Math.min(a, b), high: Math.max(a, b), left: [], right: [] };
      sides.set(key, side);
      (a < b ? side.left : side.right).push(triangle);
    }
  }
  return [...sides.values()];
}

/** A new vertex at a part of the way from `a` to `b`; undefined where rounding leaves no place for it. */
function addVertex(work: Work, a: number, b: number, part: number): number | undefined {
  let equalA = true;
  let equalB = true;
  const place: number[] = [];
  for (let k = 0; k < 3; k++) {
    const from = coordinate(work, a, k);
    const to = coordinate(work, b, k);
    place[k] = Math.fround(from + (to - from) * part);
    if (place[k] !== from) equalA = false;
    if (place[k] !== to) equalB = false;
  }
  if (equalA || equalB) return undefined;
  work.added.push(...place);
  return (work.store.positions.length + work.added.length) / 3 - 1;
}

/** Splits a triangle at a vertex on its side between `a` and `b`; the second half becomes the last triangle. */
function splitSide(work: Work, triangle: number, a: number, b: number, middle: number): void {
  const i = 3 * triangle;
  const { indices } = work.store;
  const k = [0, 1, 2].find((corner) => indices[i + corner] !== a && indices[i + corner] !== b) ?? 0;
  const apex = indices[i + k];
  const from = indices[i + ((k + 1) % 3)];
  const to = indices[i + ((k + 2) % 3)];
  indices.set([apex, from, middle], i);
  const half = work.store.append(apex, middle, to);
  work.doubtful.push(triangle, half);
  work.near.push(half);
}

function coordinate({ store: { positions }, added }: Work, vertex: number, k: number): number {
  const at = 3 * vertex + k;
  return at < positions.length ? positions[at] : added[at - positions.length];
}

/** A power of two with room to spare for `entries`. */
function capacityFor(entries: number): number {
  let capacity = 16;
  while (capacity < entries * 1.5) capacity *= 2;
  return capacity;
}

function scatter(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
