/**
 * One frame through the rooms, and what each stage took.
 *
 * This is the function that a lane runs, whoever calls it: a thread, a browser worker, a loop in the same thread.
 */

/** A clock that never goes back: nanoseconds from an arbitrary origin, as a whole number below 2^53. */
export type NanosecondClock = () => number;

/** Where a frame can fail; also the names of the timed stages. */
export type Stage = "field" | "surface" | "picture" | "convert" | "encode";
export const STAGES: readonly Stage[] = ["field", "surface", "picture", "convert", "encode"];

/** Nanoseconds of one frame. `wall = field + surface + picture + convert + encode + wait + unaccounted`. */
export interface FrameTimes {
  /** When the frame began, on the lane's clock. */
  readonly startNs: number;
  readonly wallNs: number;
  readonly fieldNs: number;
  readonly surfaceNs: number;
  readonly pictureNs: number;
  /** RGBA to palette indices. */
  readonly convertNs: number;
  /** Difference to the frame before, LZW, container. */
  readonly encodeNs: number;
  /** Waiting for the frame before, which another lane makes. */
  readonly waitNs: number;
  readonly unaccountedNs: number;
}

/** The work that was done in one frame. */
export interface FrameCounts {
  readonly bricks: number;
  readonly samples: number;
  readonly activeCells: number;
  readonly vertices: number;
  readonly triangles: number;
  readonly shadedPixels: number;
  readonly gifBytes: number;
}

/** One finished frame: its piece of the GIF, what it cost, what it was. */
export interface EncodedFrame {
  readonly frame: number;
  /** Graphic control extension, image descriptor and data: append in frame order after the header. */
  readonly bytes: Uint8Array;
  readonly times: FrameTimes;
  readonly counts: FrameCounts;
  /** XXH64 of the RGBA pixels, 16 hexadecimal digits. */
  readonly pictureHash: string;
}
