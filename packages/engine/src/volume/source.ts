/** The samples of a volume where kernels can read them: all at once, or a few layers at a time. */
import type { Kernels } from "../kernels/kernels.ts";
import type { VolumeGrid } from "./grid.ts";
import type { ResolvedVolumeOptions, Volume, VolumeSamples } from "./volume.ts";

/** The kernels of this room; see `kernels/volume.ts`. Pointers are byte offsets. */
export interface VolumeExports {
  reset(any: number, all: number, bytes: number): void;
  merge(any: number, all: number, fromAny: number, fromAll: number, bytes: number): void;
  scanLayer(job: number, z: number, any: number, all: number): number;
  collect(job: number, bz: number, any: number, all: number, coordinates: number): number;
  fill(job: number, coordinates: number, count: number, samples: number): void;
  keep(coordinates: number, samples: number, count: number, dimension: number): number;
  resample(
    job: number,
    coordinates: number,
    count: number,
    tableX: number,
    tableY: number,
    tableZ: number,
    layers: number,
    samples: number,
  ): void;
  normals(job: number, frame: number, limits: number, positions: number, target: number, count: number): void;
  place(positions: number, count: number, frame: number): void;
  clip(positions: number, numbers: number, indices: number, box: number, totals: number): void;
  tally(coordinates: number, samples: number, count: number, limits: number, caseCounts: number, totals: number): void;
  /** Closes the surface just above bricks of a sealing layer. */
  seal(samples: number, count: number): void;
  shift(numbers: number, count: number, base: number): void;
}

/** Bytes of the job that the kernels read; see `kernels/volume/job-layout.ts`. */
const JOB_BYTES = 80;
const SOURCE_WORD = 18;
/** Volumes up to this size are copied whole where all samples are needed in any order: 1 GiB. */
const MOST_HELD_BYTES = 2 ** 30;

/** How samples reach the kernels. */
export class VolumeSource {
  readonly kernels: Kernels;
  readonly exports: VolumeExports;
  readonly grid: VolumeGrid;
  readonly options: ResolvedVolumeOptions;
  /** Byte offset of the job. */
  readonly job: number;
  readonly layerBytes: number;
  /** Bytes of an accumulator row; see `kernels/volume/accumulators.ts`. */
  readonly rowBytes: number;
  readonly #samples: VolumeSamples;
  readonly #inPlace: boolean;
  #buffer = 0;
  #bufferLayers = 0;
  #held = false;
  #first = 0;
  #end = 0;

  /**
   * Allocates in the arena what lasts as long as the source. Samples in the same memory are read in place.
   * @param wanted layers to be held whole, `[first, end)`; without it only as many as are needed at a time
   */
  constructor(
    kernels: Kernels,
    volume: Volume,
    grid: VolumeGrid,
    options: ResolvedVolumeOptions,
    wanted?: readonly [first: number, end: number],
  ) {
    const { arena } = kernels;
    const { samples } = volume;
    const [nx, ny, nz] = grid.dimensions;
    // Noted before anything is allocated: growing the memory detaches the view.
    this.#inPlace = arena.holds(samples);
    const pointer = samples.byteOffset;
    this.kernels = kernels;
    this.exports = kernels.room<VolumeExports>("volume");
    this.grid = grid;
    this.options = options;
    this.#samples = samples;
    this.layerBytes = nx * ny * samples.BYTES_PER_ELEMENT;
    this.rowBytes = Math.ceil((8 + Math.ceil(nx / 16) * 2) / 8) * 8;
    this.job = arena.allocate(JOB_BYTES);
    if (this.#inPlace) {
      this.#held = true;
      this.#buffer = pointer;
      this.#end = nz;
    } else if (wanted && (wanted[1] - wanted[0]) * this.layerBytes <= MOST_HELD_BYTES) {
      [this.#first, this.#end] = wanted;
      this.#buffer = arena.allocate((this.#end - this.#first) * this.layerBytes);
      this.#held = true;
      this.#copy(this.#first, this.#end - this.#first, 0);
    }
    this.#writeJob();
  }

  /** Whether all the layers that were wanted are in memory, so that samples can be looked up in any order. */
  get isHeld(): boolean {
    return this.#held;
  }

  /** The samples as they were given; not to be read once memory has grown where they lie in it. */
  get samples(): VolumeSamples {
    const { arena } = this.kernels;
    if (!this.#inPlace) return this.#samples;
    const length = this.grid.dimensions.reduce((a, b) => a * b);
    if (this.#samples instanceof Uint8Array) return arena.u8(this.#buffer, length);
    if (this.#samples instanceof Uint16Array) return new Uint16Array(arena.memory.buffer, this.#buffer, length);
    return arena.f32(this.#buffer, length);
  }

  /** Reserves room for so many layers at a time, where they have to be copied. */
  reserve(layers: number): void {
    if (this.#held || layers <= this.#bufferLayers) return;
    this.#buffer = this.kernels.arena.allocate(layers * this.layerBytes);
    this.#bufferLayers = layers;
    this.#end = this.#first;
  }

  /** Makes the layers `[first, end)` readable for kernels by their index; no more than were reserved. */
  show(first: number, end: number): void {
    if (this.#held) return;
    const { arena } = this.kernels;
    // Layers that are there already move down.
    const kept = first >= this.#first && first < this.#end ? this.#end - first : 0;
    if (kept > 0 && first > this.#first) {
      const from = this.#buffer + (first - this.#first) * this.layerBytes;
      arena.u8(0, arena.memory.buffer.byteLength).copyWithin(this.#buffer, from, from + kept * this.layerBytes);
    }
    this.#copy(first + kept, end - first - kept, kept);
    this.#first = first;
    this.#end = end;
    this.#setPointer();
  }

  /** Byte offset of a layer: one that is held, or copied now to place `slot` of the reserved layers. */
  layerPointer(z: number, slot: number): number {
    if (this.#held) return this.#buffer + (z - this.#first) * this.layerBytes;
    this.#copy(z, 1, slot);
    this.#end = this.#first;
    return this.#buffer + slot * this.layerBytes;
  }

  #copy(first: number, count: number, slot: number): void {
    if (count <= 0) return;
    const { arena } = this.kernels;
    const size = this.layerBytes / this.#samples.BYTES_PER_ELEMENT;
    const part = this.#samples.subarray(first * size, (first + count) * size);
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    arena.u8(this.#buffer + slot * this.layerBytes, bytes.length).set(bytes);
  }

  #setPointer(): void {
    this.kernels.arena.i32(this.job, JOB_BYTES / 4)[SOURCE_WORD] = this.#buffer - this.#first * this.layerBytes;
  }

  #writeJob(): void {
    const { level, inside } = this.options;
    const { dimensions, dimension, offset, lowBrick, highBrick } = this.grid;
    const kind = this.#samples instanceof Float32Array ? 0 : this.#samples instanceof Uint8Array ? 1 : 2;
    const most = kind === 1 ? 255 : 65535;
    const above = inside === "above";
    // Whole numbers are inside from `least` on, or below it; where that holds for all or for none, from 0 on.
    const least = above ? Math.floor(level) + 1 : Math.ceil(level);
    const always = least <= 0;
    const never = least > most;
    const flip = (above && never) || (!above && !never) ? 0xffff : 0;
    const words = this.kernels.arena.i32(this.job, JOB_BYTES / 4);
    words.set([kind, ...dimensions.slice(0, 2), offset[0], offset[1], dimension, this.rowBytes]);
    words[7] = dimensions[2];
    words[8] = offset[2];
    this.kernels.arena.f32(this.job, JOB_BYTES / 4)[9] = level;
    words[10] = always || never ? 0 : least;
    words[11] = kind === 0 ? (above ? 0 : 1) : flip;
    words[12] = above ? -(2 ** 31) : 0;
    words[13] = this.layerBytes;
    words.set([lowBrick[0], highBrick[0], lowBrick[1], highBrick[1]], 14);
    this.#setPointer();
  }
}
