/**
 * Two pictures of the same size, and where they differ.
 *
 * A pixel that is equal becomes grey and faint, one that differs becomes the brighter the farther its colours are apart:
 * the eye finds a single pixel, and the number beside it says that there is one.
 */
export interface PictureDifference {
  /** RGBA, top row first. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly differing: number;
  readonly pixels: number;
  /** The largest distance of one channel, 0 to 255. */
  readonly largest: number;
}

/** Least brightness of a pixel that differs, so that it is seen. */
const LEAST = 96;

/** Both are `width · height` RGBA. Throws `RangeError` where they are not of one size. */
export function pictureDifference(a: Uint8Array, b: Uint8Array): PictureDifference {
  if (a.length !== b.length || a.length % 4 !== 0) {
    throw new RangeError(
      `compare pictures: they have ${a.length} and ${b.length} bytes. Give two RGBA pictures of the same size.`,
    );
  }
  const rgba = new Uint8ClampedArray(a.length);
  let differing = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i += 4) {
    const red = Math.abs(a[i]! - b[i]!);
    const green = Math.abs(a[i + 1]! - b[i + 1]!);
    const blue = Math.abs(a[i + 2]! - b[i + 2]!);
    const alpha = Math.abs(a[i + 3]! - b[i + 3]!);
    const distance = Math.max(red, green, blue, alpha);
    if (distance === 0) {
      const faint = (a[i]! + a[i + 1]! + a[i + 2]!) / 12;
      rgba[i] = faint;
      rgba[i + 1] = faint;
      rgba[i + 2] = faint;
    } else {
      differing++;
      if (distance > largest) largest = distance;
      const light = LEAST + ((255 - LEAST) * distance) / 255;
      rgba[i] = light;
      rgba[i + 1] = light * 0.55;
      rgba[i + 2] = 32;
    }
    rgba[i + 3] = 255;
  }
  return { rgba, differing, pixels: a.length / 4, largest };
}

/** What it shows, in a sentence. */
export function differenceSentence({ differing, pixels, largest }: PictureDifference): string {
  if (differing === 0) return "Every pixel of this frame is equal.";
  const share = (100 * differing) / pixels;
  const amount = share < 0.01 ? "under 0.01" : share.toFixed(share < 1 ? 2 : 1);
  return `${differing} of ${pixels} pixels differ (${amount} %), by up to ${largest} of 255.`;
}
