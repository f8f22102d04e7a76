/**
 * Frames to GIF bytes by kernel, without allocating anything but arena scratch: the same bytes as `encodeGifFrame`.
 *
 * One workspace belongs to one lane. Scratch is taken above the arena's top; the caller takes a mark before a frame and
 * releases it when the bytes have been read.
 */
import { EngineError } from "../errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import { checkDelay, checkPalette, checkSize, FRAME_HEAD_BYTES, tableBits, writeFrameHead } from "./container.ts";
import type { FrameOptions } from "./encode.ts";
import type { GifKernels } from "./gif-kernels.ts";
import type { IndexedPicture, Palette } from "./indexed.ts";
import { lzwBound } from "./lzw.ts";
import { copyIn, createMapper, indexPictureInto, type Mapper } from "./mapper.ts";

export interface GifWorkspaceOptions {
  /** Pixels of every frame. */
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

/** What frames of one animation share in kernel memory; 323 KiB. */
export interface GifWorkspace {
  readonly kernels: Kernels;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly mapper: Mapper;
  /** Byte offset of the LZW dictionary, and of 80 bytes behind it. */
  readonly tablePointer: number;
}

/** A frame's bytes in kernel memory. */
export interface FrameBytes {
  readonly pointer: number;
  readonly byteLength: number;
  /** A fresh view; copy it before the arena is released. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const TABLE_BYTES = 65536;
/** The matcher's paths take 64 bytes, the changed rectangle 16. */
const SCRATCH_BYTES = 80;

/** Reserves what the frames of one animation share. Create it before the first frame's mark. */
export function createGifWorkspace(kernels: Kernels, options: GifWorkspaceOptions): GifWorkspace {
  const { width, height, palette } = options;
  checkSize(width, height);
  checkPalette(palette);
  const mapper = createMapper(kernels, palette);
  const tablePointer = kernels.arena.allocate(TABLE_BYTES + SCRATCH_BYTES);
  return { kernels, width, height, palette, mapper, tablePointer };
}

/** Indexes a picture of the workspace's size; see `indexPictureInto`. */
export function indexInto(workspace: GifWorkspace, picture: Picture): IndexedPicture & { readonly pointer: number } {
  const { width, height } = workspace;
  if (picture.width !== width || picture.height !== height) {
    throw new EngineError(
      "invalid-input",
      `indexInto: the picture is ${picture.width}×${picture.height} and the workspace ${width}×${height}. Use one size.`,
      { width: picture.width, height: picture.height, workspaceWidth: width, workspaceHeight: height },
    );
  }
  return indexPictureInto(workspace.mapper, picture);
}

/**
 * Encodes one frame into arena scratch; the same bytes as `encodeGifFrame`.
 *
 * `indices` and `previous` (null: the whole picture is written) hold `width · height` bytes. They are read in place when
 * they lie in the workspace's arena and copied in otherwise, shared memory included. Driven by the changed rectangle.
 */
export function encodeFrameInto(
  workspace: GifWorkspace,
  indices: Uint8Array,
  previous: Uint8Array | null,
  options: FrameOptions,
): FrameBytes {
  const { kernels, width, height, palette, tablePointer } = workspace;
  const { arena } = kernels;
  const kernel = kernels.room<GifKernels>("gif");
  checkDelay(options.delayHundredths);
  checkLength(indices, width, height);
  if (previous) checkLength(previous, width, height);
  // Offsets first: reserving memory may detach the views.
  const indicesInPlace = arena.holds(indices) ? indices.byteOffset : 0;
  const previousInPlace = previous && arena.holds(previous) ? previous.byteOffset : 0;
  const now = indicesInPlace || copyIn(kernels, indices);
  const before = previous ? previousInPlace || copyIn(kernels, previous) : 0;

  let left = 0;
  let top = 0;
  let areaWidth = width;
  let areaHeight = height;
  if (before) {
    const rectangle = tablePointer + TABLE_BYTES + 64;
    kernel.difference(now, before, width, height, rectangle);
    [left, top, areaWidth, areaHeight] = arena.i32(rectangle, 4);
    if (areaWidth === 0) areaWidth = areaHeight = 1;
  }
  const count = areaWidth * areaHeight;
  const choice = before !== 0 && options.transparency !== "never";
  const symbols = arena.allocate(count);
  const alternatives = choice ? arena.allocate(count) : symbols;
  const first = top * width + left;
  const beforeFirst = choice ? before + first : 0;
  const transparent = palette.transparentIndex;
  kernel.gather(now + first, beforeFirst, width, areaWidth, areaHeight, transparent, symbols, alternatives);

  // One stream with the choice, then one without where that is shorter.
  const bound = lzwBound(count);
  const withChoice = arena.allocate(FRAME_HEAD_BYTES + bound);
  const plain = choice ? arena.allocate(FRAME_HEAD_BYTES + bound) : withChoice;
  const codeSize = Math.max(2, tableBits(palette));
  const compress = (others: number, head: number, limit: number) =>
    kernel.compress(
      symbols,
      others,
      count,
      codeSize,
      tablePointer,
      tablePointer + TABLE_BYTES,
      head + FRAME_HEAD_BYTES,
      limit,
    );
  const choiceBytes = choice ? compress(alternatives, withChoice, bound + 1) : 0;
  const plainBytes = compress(symbols, plain, choice ? choiceBytes : bound + 1);
  const pointer = plainBytes > 0 ? plain : withChoice;
  const byteLength = FRAME_HEAD_BYTES + (plainBytes || choiceBytes);
  const area = { left, top, width: areaWidth, height: areaHeight };
  const index = plainBytes > 0 ? null : transparent;
  writeFrameHead(arena.u8(pointer, FRAME_HEAD_BYTES), area, options.delayHundredths, index);
  return {
    pointer,
    byteLength,
    get bytes() {
      return arena.u8(pointer, byteLength);
    },
  };
}

function checkLength(indices: Uint8Array, width: number, height: number): void {
  if (indices.length === width * height) return;
  throw new EngineError(
    "invalid-input",
    `encodeFrameInto: ${indices.length} indices were given and ${width}×${height} pixels need ${width * height}. Check the size.`,
    { length: indices.length, needed: width * height },
  );
}
