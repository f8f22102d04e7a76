/**
 * What is known of each frame, packed: 160 bytes and the hash a frame, where an object with its times and counts takes 700
 * and moves through every generation of the heap, which grows with it.
 */
import type { FrameCountFacts, FrameFacts, FrameTimeFacts } from "@volumark/measure";

const TIMES = [
  "startNs",
  "wallNs",
  "fieldNs",
  "surfaceNs",
  "pictureNs",
  "convertNs",
  "encodeNs",
  "waitNs",
  "instrumentsNs",
  "unaccountedNs",
  "renderedNs",
] as const satisfies readonly (keyof FrameTimeFacts)[];
const COUNTS = [
  "bricks",
  "samples",
  "activeCells",
  "vertices",
  "triangles",
  "shadedPixels",
  "gifBytes",
] as const satisfies readonly (keyof FrameCountFacts)[];

/** Frame number, lane, times, counts. */
const WIDTH = 2 + TIMES.length + COUNTS.length;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Frames in the order in which they were added. */
export class FrameColumns implements Iterable<FrameFacts> {
  #rows = new Float64Array(64 * WIDTH);
  readonly #hashes: string[] = [];

  get length(): number {
    return this.#hashes.length;
  }

  /** Adds a frame. A time that was not measured, `renderedNs`, comes back as missing. */
  add({ frame, lane, times, counts, pictureHash }: FrameFacts): void {
    let at = this.length * WIDTH;
    if (at === this.#rows.length) {
      const longer = new Float64Array(2 * at);
      longer.set(this.#rows);
      this.#rows = longer;
    }
    this.#rows[at++] = frame;
    this.#rows[at++] = lane ?? 0;
    for (const name of TIMES) this.#rows[at++] = times[name] ?? Number.NaN;
    for (const name of COUNTS) this.#rows[at++] = counts[name];
    this.#hashes.push(pictureHash);
  }

  /** Forgets all but the first `count` frames. */
  keep(count: number): void {
    this.#hashes.length = Math.min(count, this.#hashes.length);
  }

  /** One object for all frames: what it says is good until the next one is asked for. */
  *[Symbol.iterator](): Generator<FrameFacts> {
    const times = {} as Writable<FrameTimeFacts>;
    const counts = {} as Writable<FrameCountFacts>;
    const facts: Writable<FrameFacts> = { frame: 0, lane: 0, times, counts, pictureHash: "" };
    for (const [i, hash] of this.#hashes.entries()) {
      let at = i * WIDTH;
      facts.frame = this.#rows[at++]!;
      facts.lane = this.#rows[at++]!;
      for (const name of TIMES) times[name] = this.#rows[at++]!;
      for (const name of COUNTS) counts[name] = this.#rows[at++]!;
      if (Number.isNaN(times.renderedNs)) delete times.renderedNs;
      facts.pictureHash = hash;
      yield facts;
    }
  }
}
