/**
 * A dense grid to bricks: all samples are looked at once, sixteen at a time, and the bricks with a sign change written.
 *
 * Layer by layer the signs are gathered for whole rows of bricks; the layer that two layers of bricks share is gathered on
 * its own and counts for both. Bricks follow from the gathered bits alone, and only theirs are read a second time, while
 * they are still in the cache.
 */
import { BRICK_CELLS, BRICK_SAMPLES, BRICK_VOLUME, type Bricks } from "../field/field.ts";
import type { Arena } from "../memory/arena.ts";
import type { VolumeSource } from "./source.ts";
import { unusableSamples } from "./volume.ts";

const COORDINATE_BYTES = 6;
const BRICK_BYTES = BRICK_VOLUME * 4;

/** Bricks in the arena; the arrays are views made when they are asked for. */
export class ArenaBricks implements Bricks {
  readonly dimension: number;
  readonly count: number;
  readonly sampleCount: number;
  readonly coordinatesPointer: number;
  readonly samplesPointer: number;
  readonly #arena: Arena;

  constructor(
    arena: Arena,
    dimension: number,
    count: number,
    sampleCount: number,
    coordinatesPointer: number,
    samplesPointer: number,
  ) {
    this.#arena = arena;
    this.dimension = dimension;
    this.count = count;
    this.sampleCount = sampleCount;
    this.coordinatesPointer = coordinatesPointer;
    this.samplesPointer = samplesPointer;
  }

  get coordinates(): Uint16Array {
    return new Uint16Array(this.#arena.memory.buffer, this.coordinatesPointer, this.count * 3);
  }
  get samples(): Float32Array {
    return this.#arena.f32(this.samplesPointer, this.count * BRICK_VOLUME);
  }
}

/** Bricks of some layers, and how many of them lie in the layers that were asked for. */
export interface ScannedBricks {
  readonly bricks: ArenaBricks;
  readonly ownCount: number;
}

/**
 * Finds and writes the bricks with a sign change in the brick layers `[from, end)`.
 *
 * Where the volume goes on above them, two more layers follow: that of `end`, which owns the vertices on the face between,
 * and a sealing one, in which the surface is closed just above, so that the extraction finds every neighbour it asks for.
 * Allocates where the arena stands. Throws `invalid-input` where a sample is not usable.
 */
export function scanBricks(source: VolumeSource, from: number, end: number): ScannedBricks {
  const { kernels, exports, grid, job, rowBytes } = source;
  const { arena } = kernels;
  const [, , nz] = grid.dimensions;
  const { lowBrick, highBrick, dimension } = grid;
  const rows = highBrick[1] - lowBrick[1] + 1;
  const bytes = rows * rowBytes + 8;
  source.reserve(BRICK_SAMPLES);
  const [any, all, nextAny, nextAll] = Array.from({ length: 4 }, () => arena.allocate(bytes));
  const list = arena.allocate(rows * (highBrick[0] - lowBrick[0] + 1) * COORDINATE_BYTES);

  let found = new Uint16Array(3 * 256);
  let count = 0;
  let ownCount = 0;
  let scanned = 0;
  let bad = 0;
  const samples = arena.mark();
  exports.reset(nextAny, nextAll, bytes);
  const to = Math.min(end + 1, highBrick[2]);
  for (let bz = from; bz <= to; bz++) {
    const sealing = bz > end;
    const first = Math.max(0, bz * BRICK_CELLS - grid.offset[2]);
    const shared = bz * BRICK_CELLS + BRICK_CELLS - grid.offset[2];
    const last = Math.min(nz, shared + 1);
    source.show(first, last);
    exports.reset(any, all, bytes);
    exports.merge(any, all, nextAny, nextAll, bytes);
    if (sealing) {
      // The lowest slice decides, and everything above it is outside.
      arena.u8(all, bytes).fill(0);
    } else {
      exports.reset(nextAny, nextAll, bytes);
      for (let z = Math.max(first, scanned); z < Math.min(last, shared); z++) {
        bad |= exports.scanLayer(job, z, any, all);
      }
      if (shared >= 0 && shared < nz) {
        bad |= exports.scanLayer(job, shared, nextAny, nextAll);
        exports.merge(any, all, nextAny, nextAll, bytes);
      }
      scanned = last;
    }
    if (bad !== 0) throw unusableSamples(source.samples as Float32Array);

    const more = exports.collect(job, bz, any, all, list);
    if (bz < end) ownCount += more;
    const target = arena.allocate(more * BRICK_BYTES);
    exports.fill(job, list, more, target);
    if (sealing) exports.seal(target, more);
    if ((count + more) * 3 > found.length) {
      const larger = new Uint16Array(Math.max(found.length * 2, (count + more) * 3));
      larger.set(found.subarray(0, count * 3));
      found = larger;
    }
    found.set(new Uint16Array(arena.memory.buffer, list, more * 3), count * 3);
    count += more;
  }
  const coordinates = arena.allocate(count * COORDINATE_BYTES);
  new Uint16Array(arena.memory.buffer, coordinates, count * 3).set(found.subarray(0, count * 3));
  const layers = Math.min(nz, scanned) - Math.max(0, from * BRICK_CELLS - grid.offset[2]);
  const looked = Math.max(0, layers) * grid.dimensions[0] * grid.dimensions[1];
  return { bricks: new ArenaBricks(arena, dimension, count, looked, coordinates, samples), ownCount };
}
