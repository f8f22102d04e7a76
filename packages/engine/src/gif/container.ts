/**
 * The bytes of a GIF around the compressed pixels.
 *
 * Source: CompuServe, "GIF89a specification", 1990, https://www.w3.org/Graphics/GIF/spec-gif89a.txt; the looping
 * extension is Netscape's, 1995.
 */
import { EngineError } from "../errors.ts";
import type { Rectangle } from "./difference.ts";
import type { Palette } from "./indexed.ts";
import { minimumCodeSize } from "./lzw.ts";

/** The last byte of a GIF. */
export const GIF_TRAILER: Uint8Array = Uint8Array.of(0x3b);
/** Bytes of `writeFrameHead`. */
export const FRAME_HEAD_BYTES = 18;

export interface GifHeaderOptions {
  /** Pixels, 1 to 65 535 each. */
  readonly width: number;
  readonly height: number;
  /** Becomes the global colour table, with one entry more for "unchanged". */
  readonly palette: Palette;
}

/** Signature, screen, global colour table and "loop for ever": everything before the first frame. */
export function gifHeader({ width, height, palette }: GifHeaderOptions): Uint8Array {
  checkSize(width, height);
  checkPalette(palette);
  const bits = tableBits(palette);
  const tableBytes = 3 << bits;
  const bytes = new Uint8Array(13 + tableBytes + 19);
  bytes.set(ascii("GIF89a"));
  put16(bytes, 6, width);
  put16(bytes, 8, height);
  // A global table, 8 bits a channel in the source, its size.
  bytes[10] = 0x80 | 0x70 | (bits - 1);
  bytes.set(palette.colors.subarray(0, palette.size * 3), 13);
  let at = 13 + tableBytes;
  bytes[at++] = 0x21;
  bytes[at++] = 0xff;
  bytes[at++] = 11;
  bytes.set(ascii("NETSCAPE2.0"), at);
  at += 11;
  // Sub-block of 3 bytes: number 1, then how often, 0 for ever. Then the terminator.
  bytes.set([3, 1, 0, 0, 0], at);
  return bytes;
}

/** Writes graphic control extension and image descriptor, `FRAME_HEAD_BYTES` bytes, at the start of `bytes`. */
export function writeFrameHead(
  bytes: Uint8Array,
  area: Rectangle,
  delay: number,
  transparentIndex: number | null,
): void {
  bytes[0] = 0x21;
  bytes[1] = 0xf9;
  bytes[2] = 4;
  // "Do not dispose": the next frame is drawn over this one.
  bytes[3] = (1 << 2) | (transparentIndex === null ? 0 : 1);
  put16(bytes, 4, delay);
  bytes[6] = transparentIndex ?? 0;
  bytes[7] = 0;
  bytes[8] = 0x2c;
  put16(bytes, 9, area.left);
  put16(bytes, 11, area.top);
  put16(bytes, 13, area.width);
  put16(bytes, 15, area.height);
  bytes[17] = 0;
}

/** Bits of an index into the colour table, 1 to 8; the table has two to the power of that many entries. */
export function tableBits(palette: Palette): number {
  return palette.size < 2 ? 1 : minimumCodeSize(palette.size + 1);
}

/** Throws `invalid-input` unless a GIF can be this large. */
export function checkSize(width: number, height: number): void {
  for (const value of [width, height]) {
    if (Number.isInteger(value) && value >= 1 && value <= 65535) continue;
    throw new EngineError(
      "invalid-input",
      `gif: a picture of ${width}×${height} was given and 1 to 65535 pixels fit. Choose another size.`,
      { width, height, least: 1, most: 65535 },
    );
  }
}

/** Throws `invalid-input` unless the palette has 1 to 255 colours and the transparent index after them. */
export function checkPalette({ colors, size, transparentIndex }: Palette): void {
  if (size >= 1 && size <= 255 && colors.length >= size * 3 && transparentIndex === size) return;
  throw new EngineError(
    "invalid-input",
    `gif: a palette of ${size} colours, ${colors.length} bytes and transparent index ${transparentIndex} was given; ` +
      "1 to 255 colours, 3 bytes each and the index after them are needed. Use choosePalette.",
    { size, bytes: colors.length, transparentIndex },
  );
}

/** Throws `invalid-input` unless the delay fits its field. */
export function checkDelay(delay: number): void {
  if (Number.isInteger(delay) && delay >= 0 && delay <= 65535) return;
  throw new EngineError(
    "invalid-input",
    `gif: a delay of ${delay} was given and a whole number from 0 to 65535 hundredths is needed. Use frameDelays.`,
    { delay, least: 0, most: 65535 },
  );
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 255;
  bytes[at + 1] = value >> 8;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
