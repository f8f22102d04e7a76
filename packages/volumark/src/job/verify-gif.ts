/**
 * Reads the finished GIF back with the engine's own decoder, outside the timed spans: size, number of frames, delays, and
 * that every code stream decodes.
 *
 * Long animations are only read back when asked for (`--verify`), because decoding costs about as much as encoding.
 */
import { type AnimationSettings, decodeGif, EngineError, frameDelays } from "@volumark/engine";
import type { RunCheck } from "@volumark/measure";

/** Pixels of all frames up to which reading back goes without saying: the default animation has 5.9 million. */
const CHEAP_PIXELS = 8_000_000;
/** Pixels of all frames above which the decoder refuses. */
const MOST_PIXELS = 1 << 28;

const NAME = "GIF decoded";

/** Checks `bytes`, which should hold the first `frames` frames of the animation. Never throws. */
export function verifyGif(bytes: Uint8Array, settings: AnimationSettings, frames: number, asked: boolean): RunCheck {
  const pixels = settings.width * settings.height * frames;
  if (pixels > MOST_PIXELS)
    return {
      name: NAME,
      passed: null,
      evidence: `not read back: ${pixels} pixels, and the decoder reads ${MOST_PIXELS}`,
    };
  if (!asked && pixels > CHEAP_PIXELS) {
    return { name: NAME, passed: null, evidence: `not read back: ${pixels} pixels; --verify does it` };
  }
  try {
    const gif = decodeGif(bytes);
    const wrong = firstDifference(gif, settings, frames);
    if (wrong !== null) return { name: NAME, passed: false, evidence: wrong };
    const delay = gif.frames.reduce((sum, frame) => sum + frame.delayHundredths, 0);
    return {
      name: NAME,
      passed: true,
      evidence: `${frames} frames of ${gif.width}x${gif.height} shown for ${delay} hundredths of a second, read back with the engine's own decoder`,
    };
  } catch (error) {
    if (error instanceof EngineError) return { name: NAME, passed: false, evidence: error.message };
    throw error;
  }
}

function firstDifference(
  gif: ReturnType<typeof decodeGif>,
  { width, height, fps }: AnimationSettings,
  frames: number,
): string | null {
  if (gif.width !== width || gif.height !== height) return `it is ${gif.width}x${gif.height}, not ${width}x${height}`;
  if (gif.frames.length !== frames) return `it has ${gif.frames.length} frames, not ${frames}`;
  const delays = frameDelays(frames, fps);
  for (const [i, frame] of gif.frames.entries()) {
    if (frame.delayHundredths !== delays[i]) {
      return `frame ${i} is shown for ${frame.delayHundredths} hundredths of a second, not ${delays[i]}`;
    }
  }
  const last = gif.frames.at(-1)?.rgba ?? [];
  for (let at = 3; at < last.length; at += 4) {
    if (last[at] !== 255) return `pixel ${(at - 3) / 4} of the last frame was never drawn`;
  }
  if (gif.loopCount !== 0) return `it loops ${gif.loopCount ?? "once"}, not for ever`;
  return null;
}
