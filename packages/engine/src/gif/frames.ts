/**
 * Single frames of a GIF as they are shown, in any order: for whoever scrubs through one that is too long to lie decoded in
 * memory.
 *
 * Most frames hold only what differs from the one before, so a frame is put together from an earlier screen. Screens are kept
 * at even distances, as many as `keepBytes` holds: of 30 frames 512x384 all, of 300 every fifth with 48 MB. The frame after
 * the one that was asked for last costs one step in any case.
 */
import { type Control, clearArea, Reader, readArea, readBlocks, readImage, readScreen } from "./blocks.ts";

export interface GifFramesOptions {
  /** Bytes of screens that are kept. */
  readonly keepBytes?: number;
}

export const GIF_FRAMES_DEFAULTS = { keepBytes: 48 * 1024 ** 2 } as const;

export interface GifFrames {
  readonly width: number;
  readonly height: number;
  /** Frames in the file. */
  readonly count: number;
  /**
   * The frame as it is shown: `width · height` × RGBA, top row first, alpha 0 where nothing was drawn yet; a copy. Yields
   * after each earlier frame that had to be drawn on the way, so that a caller can do other things in between.
   * Throws `RangeError` for a frame that there is not, and `invalid-gif` where its image data is damaged.
   */
  draw(frame: number): Generator<undefined, Uint8Array>;
}

/** Where a frame's image descriptor lies, and what was said before it. */
interface Place {
  readonly at: number;
  readonly control: Control | null;
  /** It draws every pixel: nothing before it matters. */
  readonly whole: boolean;
}

/** A screen as it is before a frame is drawn. */
interface Before {
  readonly frame: number;
  readonly screen: Uint8Array;
}

/** Opens a GIF87a or GIF89a. Reads the blocks, not the pixels. Throws `invalid-gif` with the offset of what is wrong. */
export function openGifFrames(bytes: Uint8Array, options: GifFramesOptions = {}): GifFrames {
  const { keepBytes = GIF_FRAMES_DEFAULTS.keepBytes } = options;
  const reader = new Reader(bytes);
  const { width, height, colors } = readScreen(reader);
  const places = readPlaces(reader, width, height, colors);
  const screenBytes = width * height * 4;
  const distance = Math.max(1, Math.ceil((places.length * screenBytes) / Math.max(1, keepBytes)));
  const kept = new Map<number, Uint8Array>();
  /** The one after the frame that was asked for last. */
  let next: Before | null = null;

  function startOf(frame: number): Before {
    let first = frame;
    while (first > 0 && !places[first]!.whole && !kept.has(first) && next?.frame !== first) first--;
    if (next?.frame === first) {
      const { screen } = next;
      next = null;
      return { frame: first, screen };
    }
    return { frame: first, screen: kept.get(first)?.slice() ?? new Uint8Array(screenBytes) };
  }

  return {
    width,
    height,
    count: places.length,
    *draw(frame) {
      if (!(Number.isInteger(frame) && frame >= 0 && frame < places.length)) {
        throw new RangeError(
          `draw frame: ${frame} is none of the ${places.length} frames. Give a whole number from 0 to ${places.length - 1}.`,
        );
      }
      let { frame: at, screen } = startOf(frame);
      for (; ; at++) {
        const { at: offset, control } = places[at]!;
        if (at > 0 && at % distance === 0 && !kept.has(at)) kept.set(at, screen.slice());
        const before = control?.disposal === 3 ? screen.slice() : screen;
        reader.seek(offset);
        const area = readImage(reader, screen, width, height, colors, control);
        const shown = at === frame ? screen.slice() : null;
        if (control?.disposal === 2) clearArea(screen, width, area);
        screen = before;
        if (shown) {
          next = { frame: at + 1, screen };
          return shown;
        }
        yield undefined;
      }
    },
  };
}

function readPlaces(reader: Reader, width: number, height: number, screenColors: Uint8Array | null): Place[] {
  const places: Place[] = [];
  readBlocks(reader, (control) => {
    const { at } = reader;
    const { area } = readArea(reader, width, height, screenColors);
    reader.u8();
    reader.skipBlocks();
    const covers = area.width === width && area.height === height && (control?.transparent ?? -1) < 0;
    // Disposal 3 brings back what was there before.
    const whole = covers && control?.disposal !== 3;
    places.push({ at, control, whole });
  });
  return places;
}
