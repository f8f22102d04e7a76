/** One frame of a GIF as it is shown, for the small picture at the end; null where there is none, or it can't be read. */
import { decodeGif, EngineError, inspectGif } from "@volumark/engine";
import { GifReadError, type GifSpool } from "../job/gif-spool.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the GIF that this process has made; frame by frame, however long it is. That it was cut off since, its check has told. */
export function spooledFrame(spool: GifSpool, size: Size, index: number): Uint8Array | null {
  function* frames(): Generator<Uint8Array> {
    for (const { bytes } of spool.parts(() => false)) yield decodeGif(bytes).frames[0]?.rgba ?? new Uint8Array(0);
  }
  return shownFrame(frames(), size, index);
}

/** Pixels of all frames of a GIF that is decoded at once: 256 MB. */
const MOST_PIXELS = 1 << 26;

/** Of a GIF in memory; null as well where all its frames would take too much of it. */
export function gifFrame(gif: Uint8Array, size: Size, index: number): Uint8Array | null {
  function* frames(): Generator<Uint8Array> {
    if (inspectGif(gif).frames.length * size.width * size.height > MOST_PIXELS) return;
    for (const { rgba } of decodeGif(gif).frames) yield rgba;
  }
  return shownFrame(frames(), size, index);
}

/** A frame holds what has changed; the rest shows through from those before. */
function shownFrame(frames: Iterable<Uint8Array>, { width, height }: Size, index: number): Uint8Array | null {
  const rgba = new Uint8Array(width * height * 4);
  let at = -1;
  try {
    for (const drawn of frames) {
      at++;
      for (let byte = 0; byte < drawn.length; byte += 4) {
        if (drawn[byte + 3] === 0) continue;
        for (let channel = 0; channel < 4; channel++) rgba[byte + channel] = drawn[byte + channel] ?? 0;
      }
      if (at === index) break;
    }
  } catch (error) {
    if (!(error instanceof GifReadError || error instanceof EngineError)) throw error;
    return null;
  }
  return at < 0 ? null : rgba;
}
