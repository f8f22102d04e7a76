/** The colour and texture of a part of the frame, beside its name: a box, as there are many and none of them changes. */
import type { CSSProperties } from "react";
import classes from "./charts.module.css";
import { partFill } from "./draw-part.ts";
import { type Palette, usePalette } from "./palette.ts";
import { TEXTURES, tileAddress } from "./texture.ts";

const known = new Map<string, CSSProperties>();

export function Swatch({ part }: { readonly part: string }) {
  const palette = usePalette();
  return <span className={classes.swatch} style={styleOf(part, palette)} aria-hidden="true" />;
}

function styleOf(part: string, palette: Palette): CSSProperties {
  const key = `${part} ${palette.scheme}`;
  let style = known.get(key);
  if (!style) {
    const { colour, alpha } = partFill(part, palette);
    const tile = tileAddress(TEXTURES[part] ?? "none", palette);
    style = {
      backgroundColor: alpha === 1 ? colour : `color-mix(in srgb, ${colour} ${100 * alpha}%, transparent)`,
      ...(tile === null ? {} : { backgroundImage: `url(${tile})` }),
    };
    known.set(key, style);
  }
  return style;
}
