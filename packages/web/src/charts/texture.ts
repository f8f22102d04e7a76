/** The second channel beside colour: a texture for each stage, thin strokes over its colour. */
import type { Palette } from "./palette.ts";

export type Texture = "none" | "rising" | "falling" | "dots" | "level" | "upright" | "cross";

export const TEXTURES: Readonly<Record<string, Texture>> = {
  field: "none",
  surface: "rising",
  picture: "dots",
  convert: "falling",
  encode: "level",
  wait: "upright",
  instruments: "cross",
  unaccounted: "none",
  gc: "cross",
};

const SIZE = 8;
const tiles = new Map<string, HTMLCanvasElement>();

/** Fills what was filled with a colour before; nothing for `none`. */
export function textureOf(context: CanvasRenderingContext2D, texture: Texture, palette: Palette): CanvasPattern | null {
  return texture === "none" ? null : context.createPattern(tileOf(texture, palette), "repeat");
}

/** The same as a data: address for a background, 8 pixels square; null for `none`. */
export function tileAddress(texture: Texture, palette: Palette): string | null {
  return texture === "none" ? null : tileOf(texture, palette).toDataURL();
}

function tileOf(texture: Texture, { scheme }: Palette): HTMLCanvasElement {
  const key = `${texture} ${scheme}`;
  let tile = tiles.get(key);
  if (!tile) {
    tile = drawTile(texture, scheme === "light" ? "rgb(255 255 255 / 0.42)" : "rgb(0 0 0 / 0.34)");
    tiles.set(key, tile);
  }
  return tile;
}

function drawTile(texture: Texture, stroke: string): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = SIZE;
  tile.height = SIZE;
  const context = tile.getContext("2d")!;
  context.strokeStyle = stroke;
  context.fillStyle = stroke;
  context.lineWidth = 1.6;
  const line = (x0: number, y0: number, x1: number, y1: number) => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  if (texture === "dots") {
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 1.3, 0, 7);
      context.fill();
    }
  }
  if (texture === "rising" || texture === "cross")
    for (const shift of [-SIZE, 0, SIZE]) line(shift - 1, SIZE + 1, shift + SIZE + 1, -1);
  if (texture === "falling" || texture === "cross")
    for (const shift of [-SIZE, 0, SIZE]) line(shift - 1, -1, shift + SIZE + 1, SIZE + 1);
  if (texture === "level") line(-1, 4, SIZE + 1, 4);
  if (texture === "upright") line(4, -1, 4, SIZE + 1);
  return tile;
}
