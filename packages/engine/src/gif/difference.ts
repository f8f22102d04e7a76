/** Where two frames differ: only that rectangle has to be written. */

/** A rectangle of whole pixels; empty when `width` is 0. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest rectangle that holds every changed pixel; the whole picture when there is no frame before.
 *
 * Both arrays are `width · height` palette indices, top row first. Width and height 0 at 0, 0 when nothing changed.
 * Driven by the pixels outside the rectangle. Reference of the kernel `difference`.
 */
export function changedRectangle(
  indices: Uint8Array,
  previous: Uint8Array | null,
  width: number,
  height: number,
): Rectangle {
  if (previous === null) return { left: 0, top: 0, width, height };
  let left = width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (indices[row + x] === previous[row + x]) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  if (top < 0) return { left: 0, top: 0, width: 0, height: 0 };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
