/** How long each frame is shown: GIF counts hundredths of a second, so most rates need delays that alternate. */
import { EngineError } from "../errors.ts";

/** Something a person should know, as data. */
export interface DelayWarning {
  readonly code: "delay-too-short";
  readonly evidence: string;
  readonly action: string;
}

/**
 * Delays of frames 0 to `frames - 1` in hundredths of a second, spread so that every prefix is right to one hundredth.
 *
 * `delay[i] = floor((i + 1) · 100 / fps) − floor(i · 100 / fps)`: 30 fps gives 3, 3, 4, 3, 3, 4 …
 * `fps` above 0; a delay is at most 65 535. Throws `invalid-input`.
 */
export function frameDelays(frames: number, fps: number): Uint16Array {
  if (!Number.isInteger(frames) || frames < 0 || !(fps > 0) || !(100 / fps < 65535)) {
    throw new EngineError(
      "invalid-input",
      `frameDelays: ${frames} frames at ${fps} fps; frames must be whole and a delay at most 65535 hundredths. Check both.`,
      { frames, fps },
    );
  }
  return Uint16Array.from({ length: frames }, (_, frame) => frameDelay(frame, fps));
}

/** The delay of one frame, as `frameDelays` has it; for frames that are made apart from each other. */
export function frameDelay(frame: number, fps: number): number {
  return hundredthsAt(frame + 1, fps) - hundredthsAt(frame, fps);
}

/** Warns of delays that players do not keep to; null when all are 2 hundredths or more. */
export function delayWarning(delays: ArrayLike<number>): DelayWarning | null {
  let short = 0;
  for (let i = 0; i < delays.length; i++) if (delays[i] < 2) short++;
  if (short === 0) return null;
  return {
    code: "delay-too-short",
    evidence: `${short} of ${delays.length} frames have a delay below 2 hundredths of a second`,
    action: "Most players show such frames for 10 hundredths instead. Ask for 50 fps or fewer.",
  };
}

/** floor(frame · 100 / fps); a quotient that rounding left just below a whole number counts as that number. */
function hundredthsAt(frame: number, fps: number): number {
  const exact = (frame * 100) / fps;
  const nearest = Math.floor(exact + 0.5);
  return Math.abs(exact - nearest) <= exact * 1e-12 ? nearest : Math.floor(exact);
}
