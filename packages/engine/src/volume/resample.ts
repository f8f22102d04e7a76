/**
 * A volume at another dimension than its own: trilinear between its samples, and only where these have a sign change.
 *
 * ```
 *   bricks of the volume at its own samples      active where signs change (scan.ts)
 *   bricks of the grid asked for                 looked at where they meet an active one
 * ```
 * Weights a (1 − t) + b t with 0 ≤ t < 1 never turn two values of one sign into the other sign, rounding included, so that
 * nothing is missed. At the samples themselves t is 0 and the sample comes out unchanged.
 */
import { BRICK_CELLS, BRICK_SAMPLES, BRICK_VOLUME, bricksPerAxis } from "../field/field.ts";
import type { VolumePlacement } from "./grid.ts";
import { fieldAtSample } from "./reference.ts";
import { ArenaBricks } from "./scan.ts";
import type { VolumeSource } from "./source.ts";
import type { Triple } from "./volume.ts";

const ENTRY_BYTES = 16;
const BRICK_BYTES = BRICK_VOLUME * 4;
const COORDINATE_BYTES = 6;
const BRICKS_AT_ONCE = 256;

/** Which bricks of the volume's own grid have a sign change. */
export class ActiveBricks {
  readonly perAxis: number;
  readonly #flags: Uint8Array;

  constructor(dimension: number, coordinates: Uint16Array) {
    const n = bricksPerAxis(dimension);
    this.perAxis = n;
    this.#flags = new Uint8Array(n * n * n);
    for (let i = 0; i < coordinates.length; i += 3) {
      this.#flags[coordinates[i] + n * (coordinates[i + 1] + n * coordinates[i + 2])] = 1;
    }
  }

  /** Whether one between `low` and `high`, both inclusive, is active; sorted out by row. */
  any(low: Triple, high: Triple): boolean {
    const n = this.perAxis;
    for (let z = low[2]; z <= high[2]; z++) {
      for (let y = low[1]; y <= high[1]; y++) {
        const row = n * (y + n * z);
        const at = this.#flags.indexOf(1, row + low[0]);
        if (at >= 0 && at <= row + high[0]) return true;
      }
    }
    return false;
  }
}

/** For each grid index of an axis the sample below it and the way to the next one. */
interface AxisTable {
  readonly index: Int32Array;
  readonly fraction: Float64Array;
}

/** Where the samples of a grid of `dimension` lie between those of the volume. */
export function axisTable(dimension: number, step: number, origin: number, lowest: number, highest: number): AxisTable {
  const length = bricksPerAxis(dimension) * BRICK_CELLS + 1;
  const index = new Int32Array(length);
  const fraction = new Float64Array(length);
  for (let g = 0; g < length; g++) {
    const world = (2 * Math.min(g, dimension - 1) + 1) / dimension - 1;
    const exact = (world - origin) / step;
    const near = Math.floor(exact + 0.5);
    // What is a whole number but for the rounding of this very computation is that number.
    const u = Math.min(Math.max(Math.abs(exact - near) < 1e-9 ? near : exact, lowest), highest);
    index[g] = Math.floor(u);
    fraction[g] = u - index[g];
  }
  return { index, fraction };
}

/** What a volume is sampled with: where it lies, and which sample indices its field has. */
export interface Resampling {
  readonly placement: VolumePlacement;
  readonly lowest: Triple;
  readonly highest: Triple;
}

/** The bricks of a grid of `dimension` in which the volume has a sign change; allocates where the arena stands. */
export function resampleBricks(
  source: VolumeSource,
  active: ActiveBricks,
  { placement, lowest, highest }: Resampling,
  dimension: number,
): ArenaBricks {
  const { kernels, exports, grid, job } = source;
  const { arena } = kernels;
  const perAxis = bricksPerAxis(dimension);
  source.reserve(2 * BRICK_SAMPLES);
  const tables = [0, 1, 2].map((k) =>
    axisTable(dimension, placement.step[k], placement.origin[k], lowest[k], highest[k]),
  );
  const pointers = tables.map(({ index, fraction }) => {
    const pointer = arena.allocate(index.length * ENTRY_BYTES);
    const view = new DataView(arena.memory.buffer);
    for (let g = 0; g < index.length; g++) {
      view.setInt32(pointer + g * ENTRY_BYTES, index[g], true);
      view.setFloat64(pointer + g * ENTRY_BYTES + 8, fraction[g], true);
    }
    return pointer;
  });
  const layers = arena.allocate(BRICK_SAMPLES * 8);
  const spans = tables.map(({ index }, k) => brickSpans(index, grid.offset[k], perAxis, active.perAxis, dimension));
  const list = arena.allocate(perAxis * perAxis * COORDINATE_BYTES);

  let found = new Uint16Array(3 * 256);
  let count = 0;
  let looked = 0;
  const samples = arena.mark();
  for (let bz = 0; bz < perAxis; bz++) {
    const candidates = candidatesOf(
      bz,
      perAxis,
      spans,
      active,
      new Uint16Array(arena.memory.buffer, list, perAxis * perAxis * 3),
    );
    if (candidates === 0) continue;
    const nz = grid.dimensions[2];
    for (let z = 0; z < BRICK_SAMPLES; z++) {
      const lower = tables[2].index[bz * BRICK_CELLS + z];
      const pair = [lower, lower + 1].map((layer, i) =>
        source.layerPointer(Math.min(Math.max(layer, 0), nz - 1), 2 * z + i),
      );
      arena.u32(layers + 8 * z, 2).set(pair);
    }
    for (let start = 0; start < candidates; start += BRICKS_AT_ONCE) {
      const some = Math.min(BRICKS_AT_ONCE, candidates - start);
      const target = arena.allocate(some * BRICK_BYTES);
      const part = list + start * COORDINATE_BYTES;
      exports.resample(job, part, some, pointers[0], pointers[1], pointers[2], layers, target);
      const kept = exports.keep(part, target, some, dimension);
      arena.release(target + kept * BRICK_BYTES);
      if ((count + kept) * 3 > found.length) {
        const larger = new Uint16Array(Math.max(found.length * 2, (count + kept) * 3));
        larger.set(found.subarray(0, count * 3));
        found = larger;
      }
      found.set(new Uint16Array(arena.memory.buffer, part, kept * 3), count * 3);
      count += kept;
    }
    looked += candidates * BRICK_VOLUME;
  }
  const coordinates = arena.allocate(count * COORDINATE_BYTES);
  new Uint16Array(arena.memory.buffer, coordinates, count * 3).set(found.subarray(0, count * 3));
  return new ArenaBricks(arena, dimension, count, looked, coordinates, samples);
}

/** For each brick of the grid the first and the last brick of the volume's own grid that it meets, along one axis. */
function brickSpans(
  index: Int32Array,
  offset: number,
  perAxis: number,
  ownPerAxis: number,
  dimension: number,
): Int32Array {
  const spans = new Int32Array(perAxis * 2);
  const brickOf = (sample: number) =>
    Math.min(Math.max(Math.floor((sample + offset) / BRICK_CELLS), 0), ownPerAxis - 1);
  for (let b = 0; b < perAxis; b++) {
    spans[2 * b] = brickOf(index[b * BRICK_CELLS]);
    spans[2 * b + 1] = brickOf(index[Math.min(b * BRICK_CELLS + BRICK_CELLS, dimension - 1)] + 1);
  }
  return spans;
}

function candidatesOf(
  bz: number,
  perAxis: number,
  spans: readonly Int32Array[],
  active: ActiveBricks,
  target: Uint16Array,
): number {
  const [sx, sy, sz] = spans;
  let count = 0;
  for (let by = 0; by < perAxis; by++) {
    for (let bx = 0; bx < perAxis; bx++) {
      const low: Triple = [sx[2 * bx], sy[2 * by], sz[2 * bz]];
      const high: Triple = [sx[2 * bx + 1], sy[2 * by + 1], sz[2 * bz + 1]];
      if (!active.any(low, high)) continue;
      target[count * 3] = bx;
      target[count * 3 + 1] = by;
      target[count * 3 + 2] = bz;
      count++;
    }
  }
  return count;
}

/** The readable twin: one sample of a grid, from the tables of its axes. */
export function sampleReference(
  source: Pick<VolumeSource, "samples" | "grid" | "options">,
  tables: readonly AxisTable[],
  at: Triple,
): number {
  const { samples, grid, options } = source;
  const [x, y, z] = at.map((g, k) => tables[k].index[g]);
  const [tx, ty, tz] = at.map((g, k) => tables[k].fraction[g]);
  const value = (i: number, j: number, k: number) => fieldAtSample(samples, grid, options, x + i, y + j, z + k);
  const line = (j: number, k: number) => value(0, j, k) * (1 - tx) + value(1, j, k) * tx;
  const layer = (k: number) => line(0, k) * (1 - ty) + line(1, k) * ty;
  const exact = layer(0) * (1 - tz) + layer(1) * tz;
  const single = Math.fround(exact);
  return exact < 0 && single === 0 ? -(2 ** -149) : single;
}
