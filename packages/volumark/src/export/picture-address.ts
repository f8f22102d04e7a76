/** A small picture as a `data:` address that a page can show as it is. */
import type { IndexedPicture, Palette } from "@volumark/engine";
import { shrink } from "../lanes/small-picture.ts";
import { indexedPng } from "./indexed-png.ts";

/** Bytes of the PNG that are aimed at: a picture full of detail gets fewer pixels instead. */
const WANTED_BYTES = 4096;
/** Longer sides that are tried in this order; the last one is taken whatever it needs. */
const SIDES = [160, 112, 80] as const;

/** PNG, base64: 2 to 6 kB of text. The colours are exactly those of the palette. */
export function pictureAddress(picture: IndexedPicture, palette: Palette): string {
  let png = new Uint8Array(0);
  for (const side of SIDES) {
    png = indexedPng(Math.max(picture.width, picture.height) > side ? shrink(picture, side) : picture, palette);
    if (png.length <= WANTED_BYTES) break;
  }
  return `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.length).toString("base64")}`;
}
