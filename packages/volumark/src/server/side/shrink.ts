/** A smaller picture of the same shape: every pixel is the mean of those that it stands for. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  /** `width · height` × RGBA, top row first. */
  readonly rgba: Uint8Array;
}

/** `width` from 1 to that of the picture; the height follows. Where nothing was drawn counts for no colour. */
export function shrunk(picture: Rgba, width: number): Rgba {
  const height = Math.max(1, Math.round((picture.height * width) / picture.width));
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    const top = Math.floor((y * picture.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * picture.height) / height));
    for (let x = 0; x < width; x++, at += 4) {
      const left = Math.floor((x * picture.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * picture.width) / width));
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let row = top; row < bottom; row++) {
        const end = (row * picture.width + right) * 4;
        for (let from = (row * picture.width + left) * 4; from < end; from += 4) {
          const weight = picture.rgba[from + 3]!;
          red += weight * picture.rgba[from]!;
          green += weight * picture.rgba[from + 1]!;
          blue += weight * picture.rgba[from + 2]!;
          alpha += weight;
        }
      }
      if (alpha === 0) continue;
      rgba[at] = Math.round(red / alpha);
      rgba[at + 1] = Math.round(green / alpha);
      rgba[at + 2] = Math.round(blue / alpha);
      rgba[at + 3] = Math.round(alpha / ((bottom - top) * (right - left)));
    }
  }
  return { width, height, rgba };
}
