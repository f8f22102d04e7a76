/** A rectangle in the colour and texture of a part of the frame. */
import type { Surface } from "./chart-canvas.tsx";
import { type Palette, partColour } from "./palette.ts";
import { TEXTURES, textureOf } from "./texture.ts";

/** Narrower ones have no room for a texture. */
const LEAST_PX = 5;

export function fillPart(
  { context, palette }: Surface,
  part: string,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const { colour, alpha } = partFill(part, palette);
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  if (width < LEAST_PX) return;
  const texture = textureOf(context, TEXTURES[part] ?? "none", palette);
  if (!texture) return;
  context.fillStyle = texture;
  context.fillRect(x, y, width, height);
}

export function partFill(part: string, palette: Palette): { readonly colour: string; readonly alpha: number } {
  const bad = part === "gc" || part === "throttle" || part === "overlap";
  return {
    colour: bad ? palette.bad : partColour(palette, part),
    alpha: part === "wait" ? 0.45 : part === "unaccounted" ? 0.7 : 1,
  };
}
