/**
 * Reads the finished GIF back with the engine's own decoder, outside the timed spans: size, number of frames, delays, and
 * that every frame's codes give exactly its pixels.
 *
 * That takes a few milliseconds. `--verify` makes the pixels too, which costs about as much as encoding did.
 */
import {
  type AnimationSettings,
  decodeGif,
  EngineError,
  frameDelays,
  type GifOutline,
  inspectGif,
} from "@volumark/engine";
import type { RunCheck } from "@volumark/measure";

/** Pixels of all frames above which the decoder refuses. */
const MOST_PIXELS = 1 << 28;

const NAME = "GIF read back";

/** Checks `bytes`, which should hold the first `frames` frames of the animation. Never throws. */
export function verifyGif(bytes: Uint8Array, settings: AnimationSettings, frames: number, asked: boolean): RunCheck {
  const pixels = settings.width * settings.height * frames;
  if (asked && pixels > MOST_PIXELS) {
    const evidence = `--verify is left out: ${pixels} pixels, and the decoder makes ${MOST_PIXELS}`;
    return { name: NAME, passed: null, evidence };
  }
  try {
    const decoded = asked ? decodeGif(bytes) : null;
    const gif = decoded ?? inspectGif(bytes);
    const wrong = firstDifference(gif, settings, frames) ?? (decoded && firstHole(decoded));
    if (wrong !== null) return { name: NAME, passed: false, evidence: wrong };
    const delay = gif.frames.reduce((sum, frame) => sum + frame.delayHundredths, 0);
    const depth = asked ? "every pixel" : "every block and code";
    const evidence = `${frames} frames of ${gif.width}x${gif.height}, ${delay} hundredths of a second, ${depth}`;
    return { name: NAME, passed: true, evidence };
  } catch (error) {
    if (error instanceof EngineError) return { name: NAME, passed: false, evidence: error.message };
    throw error;
  }
}

function firstDifference(gif: GifOutline, { width, height, fps }: AnimationSettings, frames: number): string | null {
  if (gif.width !== width || gif.height !== height) return `it is ${gif.width}x${gif.height}, not ${width}x${height}`;
  if (gif.frames.length !== frames) return `it has ${gif.frames.length} frames, not ${frames}`;
  const delays = frameDelays(frames, fps);
  for (const [i, frame] of gif.frames.entries()) {
    if (frame.delayHundredths !== delays[i]) {
      return `frame ${i} is shown for ${frame.delayHundredths} hundredths of a second, not ${delays[i]}`;
    }
  }
  if (gif.loopCount !== 0) return `it loops ${gif.loopCount ?? "once"}, not for ever`;
  return null;
}

function firstHole({ frames }: ReturnType<typeof decodeGif>): string | null {
  const last = frames.at(-1)?.rgba ?? [];
  for (let at = 3; at < last.length; at += 4) {
    if (last[at] !== 255) return `pixel ${(at - 3) / 4} of the last frame was never drawn`;
  }
  return null;
}
