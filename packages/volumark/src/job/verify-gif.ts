/**
 * Reads the finished GIF back with the engine's own decoder, outside the timed spans: size, number of frames, delays, and
 * that every frame's codes give exactly its pixels.
 *
 * That takes a few milliseconds for each megabyte. `--verify` makes the pixels too, which costs about as much as encoding
 * did. Either is done for a few frames at a time, so that the memory does not depend on how many there are.
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type AnimationSettings,
  type DecodedGif,
  decodeGif,
  EngineError,
  frameDelays,
  type GifOutline,
  inspectGif,
} from "@volumark/engine";
import { formatCount, formatCounted, type RunCheck } from "@volumark/measure";
import { GifReadError, type GifSpool } from "./gif-spool.ts";

const NAME = "GIF read back";

/** Frames that are read at once: at most so many bytes, and so many pixels where they are made. */
const PART_BYTES = 1 << 20;
const PART_PIXELS = 1 << 22;

/** Checks what the spool holds, which should be the first `frames` frames of the animation. Never throws. */
export async function verifyGif(
  spool: GifSpool,
  settings: AnimationSettings,
  frames: number,
  asked: boolean,
): Promise<RunCheck> {
  const { width, height, fps } = settings;
  const pixels = width * height;
  const delays = frameDelays(frames, fps);
  const drawn = new Uint8Array(asked ? pixels : 0);
  const wrong = (evidence: string): RunCheck => ({ name: NAME, passed: false, evidence });
  let seen = 0;
  let delay = 0;
  let where = "";
  try {
    const fits = (count: number, bytes: number) => bytes <= PART_BYTES && (!asked || count * pixels <= PART_PIXELS);
    for (const { first, count, bytes } of spool.parts(fits)) {
      where = count < frames ? `frames ${first} to ${first + count - 1}, read by themselves: ` : "";
      const decoded = asked ? decodeGif(bytes) : null;
      const gif = decoded ?? inspectGif(bytes);
      const difference = firstDifference(gif, settings, delays, first, count);
      if (difference !== null) return wrong(difference);
      if (decoded) markDrawn(drawn, decoded);
      for (const frame of gif.frames) delay += frame.delayHundredths;
      seen += count;
      // Signals are heard between two parts.
      await nextTurn();
    }
  } catch (error) {
    if (error instanceof EngineError) return wrong(where + error.message);
    if (error instanceof GifReadError) return wrong(error.message);
    throw error;
  }
  if (seen !== frames) return wrong(`it has ${formatCounted(seen, "frame")}, not ${frames}`);
  const hole = drawn.indexOf(0);
  if (hole >= 0) return wrong(`pixel ${hole} of the last frame was never drawn`);
  const depth = asked ? "every pixel" : "every block and code";
  const evidence = `${formatCounted(frames, "frame")} of ${width}×${height}, ${formatCount(delay)} hundredths of a second, ${depth}`;
  return { name: NAME, passed: true, evidence };
}

function firstDifference(
  gif: GifOutline,
  { width, height }: AnimationSettings,
  delays: ArrayLike<number>,
  first: number,
  count: number,
): string | null {
  if (gif.width !== width || gif.height !== height) return `it is ${gif.width}×${gif.height}, not ${width}×${height}`;
  if (gif.frames.length !== count) return `frames ${first} to ${first + count - 1} are ${gif.frames.length} frames`;
  for (const [i, { delayHundredths }] of gif.frames.entries()) {
    const asked = delays[first + i];
    if (delayHundredths !== asked) {
      return `frame ${first + i} is shown for ${delayHundredths} hundredths of a second, not ${asked}`;
    }
  }
  if (gif.loopCount !== 0) return `it loops ${gif.loopCount ?? "once"}, not for ever`;
  return null;
}

/** Pixels that any frame draws stay drawn: no frame is disposed of. */
function markDrawn(drawn: Uint8Array, { frames }: DecodedGif): void {
  const rgba = frames.at(-1)?.rgba ?? [];
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] === 255) drawn[at >> 2] = 1;
}
