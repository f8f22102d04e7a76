/** Pictures to GIF: palette, indices, differences, LZW, container; and a decoder to check it all. */
export { createGifCoder, type GifCoder, type GifCoderOptions } from "./coder.ts";
export {
  FRAME_HEAD_BYTES,
  GIF_TRAILER,
  type GifHeaderOptions,
  gifHeader,
} from "./container.ts";
export {
  type DecodedFrame,
  type DecodedGif,
  decodeGif,
  type FrameOutline,
  type GifOutline,
  inspectGif,
} from "./decode.ts";
export { type DelayWarning, delayWarning, frameDelay, frameDelays } from "./delays.ts";
export { changedRectangle, type Rectangle } from "./difference.ts";
export { encodeGif, encodeGifFrame, type FrameOptions, type GifOptions } from "./encode.ts";
export { GIF_FRAMES_DEFAULTS, type GifFrames, type GifFramesOptions, openGifFrames } from "./frames.ts";
export type { Pixels } from "./histogram.ts";
export type { IndexedPicture, Palette } from "./indexed.ts";
export { lzwBound, lzwCompress } from "./lzw.ts";
export { indexPicture } from "./map.ts";
export { createMapper, indexPictureInto, type Mapper } from "./mapper.ts";
export { choosePalette, PALETTE_DEFAULTS, type PaletteOptions, paletteAround } from "./palette.ts";
export {
  createGifWorkspace,
  encodeFrameInto,
  type FrameBytes,
  type GifWorkspace,
  type GifWorkspaceOptions,
  indexInto,
} from "./workspace.ts";
