/** Which frame is shown when: the delays of an animation as a line of time. */
export interface Timeline {
  readonly frames: number;
  /** Once through, ms. */
  readonly totalMs: number;
  /** The frame at a time from the beginning, 0 to `totalMs`; beyond, the last one. */
  frameAt(ms: number): number;
  /** When a frame begins, ms. */
  startOf(frame: number): number;
}

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;

/** Players show a frame without a delay for a tenth of a second, as browsers do. */
const LEAST_HUNDREDTHS = 2;
const INSTEAD_HUNDREDTHS = 10;

export function timelineOf(delaysHundredths: readonly number[]): Timeline {
  const starts = new Float64Array(delaysHundredths.length + 1);
  for (const [i, delay] of delaysHundredths.entries()) {
    starts[i + 1] = (starts[i] ?? 0) + 10 * (delay < LEAST_HUNDREDTHS ? INSTEAD_HUNDREDTHS : delay);
  }
  const frames = delaysHundredths.length;
  const start = (frame: number) => starts[frame] ?? 0;
  return {
    frames,
    totalMs: start(frames),
    startOf: start,
    frameAt(ms) {
      let low = 0;
      let high = Math.max(0, frames - 1);
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (start(middle) <= ms) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** The time after `elapsedMs` more, and whether the animation has come to its end. */
export function advanced(
  { totalMs }: Timeline,
  ms: number,
  elapsedMs: number,
  loop: boolean,
): { readonly ms: number; readonly ended: boolean } {
  const next = ms + elapsedMs;
  if (next < totalMs) return { ms: next, ended: false };
  if (loop && totalMs > 0) return { ms: next % totalMs, ended: false };
  return { ms: totalMs, ended: true };
}

/** The speed one step up or down from this one. */
export function speedStep(speed: number, by: 1 | -1): number {
  const at = SPEEDS.findIndex((one) => one >= speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + by))] ?? 1;
}
