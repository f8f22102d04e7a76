/**
 * One clock for all threads of the process.
 *
 * `performance.now()` counts from the start of its own thread, so readings of two worker threads cannot be compared;
 * `process.hrtime` is the system's monotonic clock and can. Both read the same counter. A reading costs (Node 20.20, one
 * x86-64 server core, November 2026): `performance.now()` 35 ns, `process.hrtime()` 45 ns, `process.hrtime.bigint()` 55 ns.
 * So the distance between the two is found once a thread, and `performance.now()` is read from then on.
 */
import type { NanosecondClock, TimerDescription } from "../clock.ts";

export interface ProcessClock {
  /** Whole nanoseconds since `originNs` of the system's monotonic clock, below 2^53. */
  readonly now: NanosecondClock;
  /** A time that `performance` reports on this thread (milliseconds, as in its entries) on this clock. */
  readonly fromPerformance: (milliseconds: number) => number;
  /** Pass it to the clocks of other threads, so that all count from the same moment. */
  readonly originNs: bigint;
}

/** Tries for the distance between the clocks; the one with the shortest bracket counts. */
const TRIES = 32;

/**
 * A clock whose readings can be compared between threads that were given the same origin.
 * Without one the origin is the last whole 2^52 ns (52 days) since the machine started, the same for every thread.
 */
export function processClock(originNs: bigint = (process.hrtime.bigint() >> 52n) << 52n): ProcessClock {
  let offsetNs = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const before = process.hrtime.bigint();
    const nowMs = performance.now();
    const after = process.hrtime.bigint();
    const width = Number(after - before);
    if (width < narrowest) {
      narrowest = width;
      offsetNs = Number(before - originNs) + Math.round(width / 2 - nowMs * 1e6);
    }
  }
  return {
    originNs,
    now: () => Math.round(performance.now() * 1e6) + offsetNs,
    fromPerformance: (milliseconds) => Math.round(milliseconds * 1e6) + offsetNs,
  };
}

/** `processClock(originNs).now`, for callers that want nothing else. */
export function nanosecondClock(originNs?: bigint): NanosecondClock {
  return processClock(originNs).now;
}

/** Readings of the clock in one block; the cheapest block counts, because the first ones run before the engine compiles them. */
const BLOCK = 100;
const BLOCKS = 30;

/** Measures the clock that `processClock` reads: smallest step and cost of one reading. Takes 1 to 2 ms when nothing is compiled yet. */
export function describeTimer(now: NanosecondClock = nanosecondClock()): TimerDescription {
  let resolutionNs = Number.POSITIVE_INFINITY;
  let costNs = Number.POSITIVE_INFINITY;
  for (let block = 0; block < BLOCKS; block++) {
    const begin = now();
    let before = begin;
    for (let i = 0; i < BLOCK; i++) {
      const after = now();
      if (after > before && after - before < resolutionNs) resolutionNs = after - before;
      before = after;
    }
    if (before > begin) costNs = Math.min(costNs, (before - begin) / BLOCK);
  }
  // A clock that did not move in 3000 readings has a step longer than all of them took; 1 ms is the coarsest in use.
  if (!Number.isFinite(costNs)) return { name: "performance.now", resolutionNs: 1e6, costNs: 0 };
  return { name: "performance.now", resolutionNs, costNs: Math.round(costNs * 10) / 10 };
}
