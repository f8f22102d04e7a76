/**
 * Frames to GIF bytes in plain TypeScript: readable, alone usable, and the reference for `workspace.ts`.
 *
 * Each frame needs only its indices and those of the frame before, so frames may be encoded anywhere in any order and
 * joined afterwards: header, frames, trailer.
 */
import { EngineError } from "../errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import {
  checkDelay,
  checkPalette,
  FRAME_HEAD_BYTES,
  GIF_TRAILER,
  gifHeader,
  tableBits,
  writeFrameHead,
} from "./container.ts";
import { frameDelay } from "./delays.ts";
import { changedRectangle, type Rectangle } from "./difference.ts";
import type { IndexedPicture, Palette } from "./indexed.ts";
import { lzwCompress } from "./lzw.ts";
import { indexPicture } from "./map.ts";
import { choosePalette } from "./palette.ts";
import { createGifWorkspace, encodeFrameInto, indexInto } from "./workspace.ts";

export interface FrameOptions {
  /** Hundredths of a second that the frame is shown, 0 to 65 535. */
  readonly delayHundredths: number;
  /** Whether unchanged pixels inside the changed rectangle may become transparent where that is shorter. */
  readonly transparency?: "auto" | "never";
}

export interface GifOptions {
  /** Frames a second, above 0. */
  readonly fps: number;
  /** Most colours when the palette is chosen here, 1 to 255. */
  readonly maxColors?: number;
  /** The colours to use. Without it all pictures are held until the palette is chosen from them. */
  readonly palette?: Palette;
  /** Kernels that nothing else uses meanwhile; without them the reference runs, with the same bytes. */
  readonly kernels?: Kernels;
}

/**
 * One frame: graphic control extension, image descriptor, data. To be appended after `gifHeader` or the frame before.
 *
 * Only the rectangle that differs from `previous` is written (null: the whole picture); a frame that does not differ
 * becomes one transparent pixel. Driven by the pixels of that rectangle. Throws `invalid-input` on sizes that differ.
 */
export function encodeGifFrame(
  picture: IndexedPicture,
  previous: IndexedPicture | null,
  palette: Palette,
  options: FrameOptions,
): Uint8Array {
  checkPalette(palette);
  checkDelay(options.delayHundredths);
  const { width, height, indices } = picture;
  if (previous && (previous.width !== width || previous.height !== height)) {
    throw new EngineError(
      "invalid-input",
      `encodeGifFrame: the frame is ${width}×${height} and the one before ${previous.width}×${previous.height}. ` +
        "Give all frames one size.",
      { width, height, previousWidth: previous.width, previousHeight: previous.height },
    );
  }
  const changed = changedRectangle(indices, previous ? previous.indices : null, width, height);
  const area = changed.width > 0 ? changed : { left: 0, top: 0, width: 1, height: 1 };
  // One unchanged pixel stays the colour it has where transparency is not wanted.
  const before = previous && options.transparency !== "never" ? previous.indices : null;
  const symbols = cut(indices, width, area);
  const alternatives = before && cut(before, width, area);
  if (alternatives) {
    for (let i = 0; i < symbols.length; i++) {
      alternatives[i] = symbols[i] === alternatives[i] ? palette.transparentIndex : symbols[i];
    }
  }
  const codeSize = Math.max(2, tableBits(palette));
  const plain = lzwCompress(symbols, null, codeSize);
  const withChoice = alternatives && lzwCompress(symbols, alternatives, codeSize);
  const data = withChoice && withChoice.length <= plain.length ? withChoice : plain;
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + data.length);
  writeFrameHead(bytes, area, options.delayHundredths, data === withChoice ? palette.transparentIndex : null);
  bytes.set(data, FRAME_HEAD_BYTES);
  return bytes;
}

/**
 * A whole GIF that loops for ever.
 *
 * All pictures of one size. Without `palette` they are all held in memory until the colours are chosen, so each needs
 * pixels of its own; with it, each is done with before the next is asked for. Throws `invalid-input`.
 */
export function encodeGif(pictures: Iterable<Picture>, options: GifOptions): Uint8Array {
  let source = pictures;
  let palette = options.palette;
  if (!palette) {
    const all = [...pictures];
    source = all;
    const { maxColors, kernels } = options;
    palette = choosePalette(all, { ...(maxColors !== undefined && { maxColors }), ...(kernels && { kernels }) });
  }
  const { fps, kernels } = options;
  const parts: Uint8Array[] = [];
  const frames = kernels ? framesByKernel(kernels, source, palette, fps) : framesByReference(source, palette, fps);
  for (const part of frames) parts.push(part);
  if (parts.length === 0) {
    throw new EngineError("invalid-input", "encodeGif: 0 pictures were given and 1 is needed. Give one or more.", {});
  }
  parts.push(GIF_TRAILER);
  return joined(parts);
}

function* framesByReference(pictures: Iterable<Picture>, palette: Palette, fps: number): Generator<Uint8Array> {
  let previous: IndexedPicture | null = null;
  let frame = 0;
  for (const picture of pictures) {
    if (frame === 0) yield gifHeader({ width: picture.width, height: picture.height, palette });
    const indexed = indexPicture(picture, palette);
    yield encodeGifFrame(indexed, previous, palette, { delayHundredths: frameDelay(frame++, fps) });
    previous = indexed;
  }
}

function* framesByKernel(
  kernels: Kernels,
  pictures: Iterable<Picture>,
  palette: Palette,
  fps: number,
): Generator<Uint8Array> {
  const { arena } = kernels;
  const start = arena.mark();
  let workspace: ReturnType<typeof createGifWorkspace> | null = null;
  let previous: Uint8Array | null = null;
  let frame = 0;
  for (const picture of pictures) {
    const { width, height } = picture;
    if (!workspace) {
      workspace = createGifWorkspace(kernels, { width, height, palette });
      yield gifHeader({ width, height, palette });
    }
    const mark = arena.mark();
    const indexed = indexInto(workspace, picture);
    const encoded = encodeFrameInto(workspace, indexed.indices, previous, {
      delayHundredths: frameDelay(frame++, fps),
    });
    yield encoded.bytes.slice();
    previous = indexed.indices.slice();
    arena.release(mark);
  }
  arena.release(start);
}

/** The pixels of a rectangle, row after row. */
function cut(pixels: Uint8Array, width: number, area: Rectangle): Uint8Array {
  const out = new Uint8Array(area.width * area.height);
  for (let y = 0; y < area.height; y++) {
    const from = (area.top + y) * width + area.left;
    out.set(pixels.subarray(from, from + area.width), y * area.width);
  }
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
