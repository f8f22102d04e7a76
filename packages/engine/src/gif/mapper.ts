/**
 * Nearest colours by kernel: the same result as `indexPicture`, with what was found kept from picture to picture.
 */
import { EngineError } from "../errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Picture } from "../picture/picture.ts";
import { checkPalette } from "./container.ts";
import type { GifKernels } from "./gif-kernels.ts";
import type { IndexedPicture, Palette } from "./indexed.ts";

/** A palette in kernel memory, with a cache of answers. Lives until the arena is released to a mark before it. */
export interface Mapper {
  readonly kernels: Kernels;
  readonly palette: Palette;
  /** Byte offsets in the arena, and palette entries ÷ 4. */
  readonly cachePointer: number;
  readonly palettePointer: number;
  readonly groups: number;
}

const CACHE_BYTES = 65536 * 4;
/** (r, g) pairs of i16 for 256 entries; the (b, 0) pairs follow. */
const PAIR_BYTES = 1024;

/** Copies the palette into kernel memory and reserves 258 KiB there for it and the cache. */
export function createMapper(kernels: Kernels, palette: Palette): Mapper {
  checkPalette(palette);
  const { arena } = kernels;
  const palettePointer = arena.allocate(2 * PAIR_BYTES);
  const cachePointer = arena.allocate(CACHE_BYTES);
  const pairs = arena.i32(palettePointer, (2 * PAIR_BYTES) / 4);
  const { colors, size } = palette;
  const groups = (size + 3) >> 2;
  for (let i = 0; i < groups * 4; i++) {
    const at = (i < size ? i : 0) * 3;
    pairs[i] = colors[at] | (colors[at + 1] << 16);
    pairs[PAIR_BYTES / 4 + i] = colors[at + 2];
  }
  kernels.room<GifKernels>("gif").prepareCache(cachePointer, palettePointer, groups);
  return { kernels, palette, cachePointer, palettePointer, groups };
}

/**
 * Indexes a picture into arena scratch: `width · height` bytes, and the pixels too when they lie elsewhere.
 *
 * `indices` of the result is a fresh view each time and valid until the arena is released below it. Driven by pixels
 * that differ from their left neighbour; a colour seen for the first time costs a search of the palette.
 */
export function indexPictureInto(mapper: Mapper, picture: Picture): IndexedPicture & { readonly pointer: number } {
  const { kernels } = mapper;
  const { arena } = kernels;
  const { width, height, rgba } = picture;
  const count = width * height;
  if (rgba.length !== count * 4) {
    throw new EngineError(
      "invalid-input",
      `indexPicture: ${rgba.length} bytes were given and ${width}×${height} pixels need ${count * 4}. Check the size.`,
      { bytes: rgba.length, needed: count * 4 },
    );
  }
  const pixels = arena.holds(rgba) ? rgba.byteOffset : copyIn(kernels, rgba);
  const pointer = arena.allocate(count);
  kernels
    .room<GifKernels>("gif")
    .indexPixels(pixels, count, mapper.cachePointer, mapper.palettePointer, mapper.groups, pointer);
  return {
    width,
    height,
    pointer,
    get indices() {
      return arena.u8(pointer, count);
    },
  };
}

/** Copies bytes to new arena scratch and returns where they are. */
export function copyIn({ arena }: Kernels, bytes: Uint8Array): number {
  const pointer = arena.allocate(bytes.length);
  arena.u8(pointer, bytes.length).set(bytes);
  return pointer;
}
