/**
 * A mesh that is being welded, with what has to look at every triangle and vertex of it: by the readable twin, in arrays of
 * its own, or by the kernels (kernels/surface/weld.ts), in place. Both give the same bits; everything else of welding (weld.ts)
 * only looks at the few triangles that are found here.
 */
import type { Kernels } from "../kernels/kernels.ts";
import type { MeshShape } from "./check.ts";

/** In the first place of a triangle that was removed. */
export const NONE = 0xffffffff;

/** `positions`, `indices` and `state` must be read anew after `append`, `touching` and `sharing`: memory may have grown. */
export interface WeldStore {
  /** xyz for each vertex of the mesh; vertices that come later are numbered from its end on. */
  readonly positions: Float32Array;
  /** Three vertices for each triangle, `NONE` in the first place where it was removed; there may be room behind them. */
  readonly indices: Uint32Array;
  readonly triangleCount: number;
  /** A byte for each vertex, 0 at the start; none for those that come later, which count as 0. */
  readonly state: Uint8Array;
  /** Adds a triangle; its number. */
  append(a: number, b: number, c: number): number;
  /** Triangles with a corner whose state has a bit of `mask`, ascending. `addedCount`: vertices that came later. */
  touching(mask: number, addedCount: number): number[];
  /** Triangles with two corners that share a bit of `mask`, ascending. */
  sharing(mask: number, addedCount: number): number[];
  /** The mesh without vertices that no triangle has and without removed triangles. `added`: xyz of the vertices that came later. */
  compact(added: readonly number[]): MeshShape;
}

/** The kernels of kernels/surface/weld.ts; pointers are byte offsets. */
interface WeldExports {
  touching(indices: number, triangleCount: number, state: number, mask: number, list: number): number;
  sharing(indices: number, triangleCount: number, state: number, mask: number, list: number): number;
  closeUp(indices: number, triangleCount: number, vertexCount: number, numbers: number): number;
  number(numbers: number, vertexCount: number): number;
  renumber(indices: number, count: number, numbers: number): void;
  movePositions(positions: number, vertexCount: number, numbers: number, target: number): void;
}

/** The readable twin: a copy of the mesh. */
export function copyForWelding({ positions, indices }: MeshShape): WeldStore {
  return new PlainStore(positions, new Uint32Array(indices));
}

/** A mesh in the arena of the kernels, to be changed there; everything above its `indices` is taken for scratch memory. */
export function openForWelding(kernels: Kernels, { positions, indices }: MeshShape): WeldStore {
  return new ArenaStore(kernels, positions.byteOffset, positions.length / 3, indices.byteOffset, indices.length / 3);
}

class PlainStore implements WeldStore {
  readonly positions: Float32Array;
  readonly state: Uint8Array;
  indices: Uint32Array<ArrayBuffer>;
  triangleCount: number;

  constructor(positions: Float32Array, indices: Uint32Array<ArrayBuffer>) {
    this.positions = positions;
    this.state = new Uint8Array(positions.length / 3);
    this.indices = indices;
    this.triangleCount = indices.length / 3;
  }

  append(a: number, b: number, c: number): number {
    if (3 * this.triangleCount === this.indices.length) {
      const larger = new Uint32Array(largerCapacity(this.triangleCount) * 3);
      larger.set(this.indices);
      this.indices = larger;
    }
    this.indices.set([a, b, c], 3 * this.triangleCount);
    return this.triangleCount++;
  }

  touching(mask: number): number[] {
    return this.#find((a, b, c) => ((a | b | c) & mask) !== 0);
  }

  sharing(mask: number): number[] {
    return this.#find((a, b, c) => (((a & b) | (b & c) | (c & a)) & mask) !== 0);
  }

  #find(wanted: (a: number, b: number, c: number) => boolean): number[] {
    const { indices, state, triangleCount } = this;
    const found: number[] = [];
    for (let i = 0; i < 3 * triangleCount; i += 3) {
      if (indices[i] === NONE) continue;
      // Vertices that came later have no state.
      if (wanted(state[indices[i]] ?? 0, state[indices[i + 1]] ?? 0, state[indices[i + 2]] ?? 0)) found.push(i / 3);
    }
    return found;
  }

  compact(added: readonly number[]): MeshShape {
    const { indices, triangleCount, positions } = this;
    const number = new Uint32Array((positions.length + added.length) / 3);
    let end = 0;
    for (let i = 0; i < 3 * triangleCount; i += 3) {
      if (indices[i] === NONE) continue;
      for (let k = i; k < i + 3; k++) {
        indices[end++] = indices[k];
        number[indices[k]] = 1;
      }
    }
    const places = new Float32Array(positions.length + added.length);
    const whole = positions.length / 3;
    let vertexCount = 0;
    for (let v = 0, to = 0; v < number.length; v++) {
      if (number[v] === 0) continue;
      number[v] = vertexCount++;
      const source = v < whole ? positions : added;
      const at = v < whole ? 3 * v : 3 * (v - whole);
      for (let k = at; k < at + 3; k++) places[to++] = source[k];
    }
    for (let i = 0; i < end; i++) indices[i] = number[indices[i]];
    return { positions: places.slice(0, 3 * vertexCount), indices: indices.slice(0, end) };
  }
}

type Views = Pick<WeldStore, "positions" | "indices" | "state">;

/**
 * ```
 *   positions | indices … room | state … | list of triangles, or number of each vertex
 * ```
 */
class ArenaStore implements WeldStore {
  readonly #kernels: Kernels;
  readonly #exports: WeldExports;
  readonly #positions: number;
  readonly #vertexCount: number;
  #indices: number;
  #capacity: number;
  #moved = false;
  #views: Views | undefined;
  #state = 0;
  #stateCount = 0;
  #scratch = 0;
  #scratchBytes = 0;
  triangleCount: number;

  constructor(kernels: Kernels, positions: number, vertexCount: number, indices: number, triangleCount: number) {
    this.#kernels = kernels;
    this.#exports = kernels.room<WeldExports>("surface");
    this.#positions = positions;
    this.#vertexCount = vertexCount;
    this.#indices = indices;
    this.triangleCount = triangleCount;
    this.#capacity = largerCapacity(triangleCount);
    kernels.arena.release(indices);
    kernels.arena.allocate(this.#capacity * 12);
    this.#prepare(0);
  }

  get positions(): Float32Array {
    return this.#shown().positions;
  }
  get indices(): Uint32Array {
    return this.#shown().indices;
  }
  get state(): Uint8Array {
    return this.#shown().state;
  }

  append(a: number, b: number, c: number): number {
    if (this.triangleCount === this.#capacity) {
      const { arena } = this.#kernels;
      const capacity = largerCapacity(this.#capacity);
      const larger = arena.allocate(capacity * 12);
      arena.u32(larger, this.#capacity * 3).set(this.indices);
      this.#indices = larger;
      this.#capacity = capacity;
      this.#moved = true;
      this.#views = undefined;
    }
    this.indices.set([a, b, c], 3 * this.triangleCount);
    return this.triangleCount++;
  }

  touching(mask: number, addedCount: number): number[] {
    this.#prepare(addedCount);
    const { touching } = this.#exports;
    return this.#list(touching(this.#indices, this.triangleCount, this.#state, mask, this.#scratch));
  }

  sharing(mask: number, addedCount: number): number[] {
    this.#prepare(addedCount);
    const { sharing } = this.#exports;
    return this.#list(sharing(this.#indices, this.triangleCount, this.#state, mask, this.#scratch));
  }

  compact(added: readonly number[]): MeshShape {
    const { arena } = this.#kernels;
    const whole = this.#vertexCount;
    const vertexCount = whole + added.length / 3;
    this.#reserveScratch(4 * vertexCount);
    const numbers = this.#scratch;
    const { closeUp, number, renumber, movePositions } = this.#exports;
    const triangles = closeUp(this.#indices, this.triangleCount, vertexCount, numbers);
    const kept = number(numbers, vertexCount);
    renumber(this.#indices, 3 * triangles, numbers);
    const inPlace = kept <= whole && !this.#moved;
    const target = inPlace ? this.#positions : arena.allocate(12 * kept);
    movePositions(this.#positions, whole, numbers, target);
    const positions = arena.f32(target, 3 * kept);
    const numberOf = arena.u32(numbers, vertexCount);
    for (let v = whole; v < vertexCount; v++) {
      if (numberOf[v] !== NONE) positions.set(added.slice(3 * (v - whole), 3 * (v - whole) + 3), 3 * numberOf[v]);
    }
    if (inPlace) {
      arena.release(this.#indices);
      return { positions, indices: arena.u32(arena.allocate(12 * triangles), 3 * triangles) };
    }
    const places = positions.slice();
    const indices = arena.u32(this.#indices, 3 * triangles).slice();
    arena.release(this.#positions);
    const to = [arena.allocate(places.byteLength), arena.allocate(indices.byteLength)] as const;
    arena.f32(to[0], places.length).set(places);
    arena.u32(to[1], indices.length).set(indices);
    return { positions: arena.f32(to[0], places.length), indices: arena.u32(to[1], indices.length) };
  }

  /** Views, made anew where memory has grown or something has moved. */
  #shown(): Views {
    const { arena } = this.#kernels;
    if (this.#views && arena.holds(this.#views.state)) return this.#views;
    this.#views = {
      positions: arena.f32(this.#positions, this.#vertexCount * 3),
      indices: arena.u32(this.#indices, this.#capacity * 3),
      state: arena.u8(this.#state, this.#vertexCount),
    };
    return this.#views;
  }

  /** State for all vertices and room to list all triangles. */
  #prepare(addedCount: number): void {
    this.#reserveState(this.#vertexCount + addedCount);
    this.#reserveScratch(4 * this.triangleCount);
  }

  #list(count: number): number[] {
    return Array.from(this.#kernels.arena.u32(this.#scratch, count));
  }

  /** Those of vertices that came later stay 0. */
  #reserveState(count: number): void {
    if (this.#stateCount >= count) return;
    const { arena } = this.#kernels;
    const capacity = count + 1024;
    const pointer = arena.allocate(capacity);
    arena.u8(pointer, capacity).fill(0);
    if (this.#stateCount > 0) arena.u8(pointer, this.#vertexCount).set(this.state);
    this.#state = pointer;
    this.#stateCount = capacity;
    this.#views = undefined;
  }

  #reserveScratch(bytes: number): void {
    if (this.#scratchBytes >= bytes) return;
    this.#scratchBytes = bytes;
    this.#scratch = this.#kernels.arena.allocate(bytes);
  }
}

function largerCapacity(triangles: number): number {
  return Math.ceil(triangles * 1.03) + 10;
}
