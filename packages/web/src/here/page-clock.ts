/**
 * One clock for the page and its workers, and what it is worth.
 *
 * `performance.now()` counts from the start of its own thread; `performance.timeOrigin` says when that was, so that the sum can
 * be compared between threads. A browser makes the clock coarse on purpose: 5 µs where the page is isolated from others, 100 µs
 * and more elsewhere. Stages of a fraction of a millisecond are then not worth much, and the record says the step that was seen.
 */
import type { NanosecondClock, TimerDescription } from "@volumark/measure";

/** Whole nanoseconds since `originMs`, a Unix time in milliseconds. The same origin in every thread gives comparable times. */
export function pageClock(originMs: number): NanosecondClock {
  const offset = performance.timeOrigin - originMs;
  return () => Math.round((performance.now() + offset) * 1e6);
}

/** A coarse clock needs a while to move: as long as this at most, ms. */
const LONGEST_MS = 4;
const STEPS = 12;

/** Smallest step and cost of one reading, measured here and now; takes up to 4 ms. */
export function describePageClock(now: NanosecondClock, isolated: boolean): TimerDescription {
  const begin = now();
  let resolutionNs = Number.POSITIVE_INFINITY;
  let readings = 0;
  let steps = 0;
  let before = begin;
  while (steps < STEPS && before - begin < LONGEST_MS * 1e6 && readings < 2e6) {
    const after = now();
    readings++;
    if (after > before) {
      resolutionNs = Math.min(resolutionNs, after - before);
      steps++;
    }
    before = after;
  }
  const name = `performance.now (${isolated ? "isolated" : "not isolated"} page)`;
  if (!Number.isFinite(resolutionNs)) return { name, resolutionNs: 1e6, costNs: 0 };
  return { name, resolutionNs, costNs: Math.round(((before - begin) / readings) * 10) / 10 };
}
