/**
 * A small picture of a frame, for whoever watches a run: nearest samples of its palette indices.
 *
 * It is taken after the frame's clock has stopped, so no stage and no frame takes longer for it; reading 160 × 120 pixels
 * takes about 20 µs of the lane, at most four times a second.
 */
import type { AnimationSettings, FrameMaker, IndexedPicture } from "@volumark/engine";
import { pictureIsDue, type Ring } from "./ring.ts";

/** Between two small pictures of a run, whichever lane takes them: ms. The last frame's comes besides. */
export const PICTURE_EVERY_MS = 250;
/** Pixels of its longer side at most. */
export const MOST_SIDE = 160;

export interface SmallPicture extends IndexedPicture {
  readonly indices: Uint8Array<ArrayBuffer>;
}

/** The picture of the frame that `maker` made last; null where it is not time for one. */
export function smallPictureOf(
  maker: Pick<FrameMaker, "indices">,
  frame: number,
  { settings, ring, now }: { settings: AnimationSettings; ring: Ring; now: () => number },
): SmallPicture | null {
  const { frames, width, height } = settings;
  if (!pictureIsDue(ring, now() / 1e6, PICTURE_EVERY_MS) && frame < frames - 1) return null;
  return shrink({ width, height, indices: maker.indices() }, MOST_SIDE);
}

/** Nearest samples, the longer side `mostSide` pixels at most, the aspect kept, each side at least one pixel. */
export function shrink({ width, height, indices }: IndexedPicture, mostSide: number): SmallPicture {
  const scale = Math.min(1, mostSide / Math.max(width, height));
  const small = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const samples = new Uint8Array(small.width * small.height);
  const columns = Int32Array.from({ length: small.width }, (_, x) => middleOf(x, small.width, width));
  for (let y = 0, at = 0; y < small.height; y++) {
    const row = middleOf(y, small.height, height) * width;
    for (let x = 0; x < small.width; x++) samples[at++] = indices[row + columns[x]!]!;
  }
  return { ...small, indices: samples };
}

/** The pixel of `whole` that lies under the middle of pixel `at` of `part`. */
function middleOf(at: number, part: number, whole: number): number {
  return Math.floor(((2 * at + 1) * whole) / (2 * part));
}
