/** The door inside gif: a palette, and a picture written with it. */

/** Up to 256 colours. */
export interface Palette {
  /** `size` × RGB, sRGB. */
  readonly colors: Uint8Array;
  /** Colours in use, 1 to 255: one index is kept for "unchanged". */
  readonly size: number;
  /** The index that means "leave the pixel as it is"; equals `size`. */
  readonly transparentIndex: number;
}

export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** One palette index for each pixel, top row first. */
  readonly indices: Uint8Array;
}
