/** The two stages of this room behind one door, for a lane: by kernel, or by the readable twins with the same bytes. */
import type { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import { encodeGifFrame, type FrameOptions } from "./encode.ts";
import type { IndexedPicture, Palette } from "./indexed.ts";
import { indexPicture } from "./map.ts";
import { createGifWorkspace, encodeFrameInto, type GifWorkspaceOptions, indexInto } from "./workspace.ts";

export interface GifCoderOptions extends GifWorkspaceOptions {
  readonly backend?: "wasm" | "reference";
}

export interface GifCoder {
  readonly palette: Palette;
  /** RGBA to palette indices; the result is valid until the caller releases its mark. */
  index(picture: Picture): IndexedPicture;
  /** One frame's bytes, in an array of their own. `previous`: the indices of the frame before, null for the first. */
  encode(indexed: IndexedPicture, previous: Uint8Array | null, options: FrameOptions): Uint8Array<ArrayBuffer>;
}

/** Reserves what the frames of one animation share. Create it before the first frame's mark. */
export function createGifCoder(kernels: Kernels, options: GifCoderOptions): GifCoder {
  const { palette, width, height, backend = "wasm" } = options;
  if (backend === "reference") {
    return {
      palette,
      index: (picture) => indexPicture(picture, palette),
      encode: (indexed, previous, frame) =>
        Uint8Array.from(encodeGifFrame(indexed, previous && { width, height, indices: previous }, palette, frame)),
    };
  }
  const workspace = createGifWorkspace(kernels, options);
  return {
    palette,
    index: (picture) => indexInto(workspace, picture),
    encode: (indexed, previous, frame) => encodeFrameInto(workspace, indexed.indices, previous, frame).bytes.slice(),
  };
}
