/** The door between picture and gif: pixels. */

export interface Picture {
  /** Pixels, 1 to 4096. */
  readonly width: number;
  readonly height: number;
  /** `width · height` × RGBA, sRGB, 8 bits a channel, top row first, alpha 255. */
  readonly rgba: Uint8Array;
  /** Pixels covered by the surface, which were shaded: the unit of work of this stage. */
  readonly shadedPixelCount: number;
}

/** A camera at one moment, in numbers. World space; angles in degrees. */
export interface Camera {
  readonly position: readonly [number, number, number];
  /** Not necessarily of unit length. */
  readonly direction: readonly [number, number, number];
  readonly up: readonly [number, number, number];
  readonly verticalFieldOfView: number;
}
