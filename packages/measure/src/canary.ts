/**
 * The canary: a small, fixed piece of work that is timed between passes. It needs no sensor, so it shows throttling and
 * contention in a virtual machine and in a browser, too; and it puts machines on one scale.
 *
 * The work is of the two kinds that frames are made of: arithmetic on numbers in the first cache level (a multiply, an add
 * and a min each, in double precision, eight independent chains so that no single latency decides), and copying memory
 * through the second and third level. About 1 ms of each on the reference machine; every run does the same, to the last bit.
 *
 * Consequences: two readings of one machine can be divided; a reading below the others means that the processor was slower
 * then, not why. It says nothing about the graphics card, the disk, or more than one thread.
 */
import type { NanosecondClock } from "./clock.ts";

export interface Canary {
  /** Does the work once and gives the nanoseconds it took. Allocates nothing but the number it gives. */
  readonly run: () => number;
  /** A number that depends on all the arithmetic of the last run and on a byte of every 64 KiB of its copies: `CANARY_CHECKSUM`, or the engine computes something else. 0 before the first run. */
  readonly checksum: () => number;
}

/** What one run takes on the reference machine, ns: one core of an Intel Xeon server at 2.6 GHz (virtual), Node 20.20, November 2026. */
export const CANARY_REFERENCE_NS = 1_700_000;

/** What every run comes to, on every machine. */
export const CANARY_CHECKSUM = 22381.73561862285;

/** Numbers that are worked on: 16 KiB, half of a small first-level cache. */
const NUMBERS = 2048;
const ROUNDS = 300;
/** Bytes that are copied: 2 MiB from and to, more than a usual second-level cache. */
const BYTES = 2 * 1024 * 1024;
const COPIES = 6;

/** The memory is allocated and the code compiled here: about 15 ms, once, so it is made only where it will be run. */
export function createCanary(clock: NanosecondClock): Canary {
  const numbers = new Float64Array(NUMBERS);
  const from = new Uint8Array(BYTES + COPIES);
  for (let i = 0; i < from.length; i++) from[i] = (i * 31 + (i >> 8)) & 255;
  const sources = Array.from({ length: COPIES }, (_, shift) => from.subarray(shift, shift + BYTES));
  const to = new Uint8Array(BYTES);
  // In an array, because a variable of a closure would be a new number object each time.
  const checksum = new Float64Array(1);
  const work = () => {
    checksum[0] = calculate(numbers) + copy(sources, to);
  };
  for (let i = 0; i < WARM_RUNS; i++) work();
  checksum[0] = 0;
  return {
    run: () => {
      const begin = clock();
      work();
      return clock() - begin;
    },
    checksum: () => checksum[0]!,
  };
}

/** Until the engine has compiled it: the first run takes 5 times as long as the rest, the third does not (Node 20.20). */
const WARM_RUNS = 3;

/** 1000 on the reference machine; twice the score is twice the speed. NaN where nothing was measured. */
export function canaryScore(ns: number): number {
  return ns > 0 ? (1000 * CANARY_REFERENCE_NS) / ns : Number.NaN;
}

/** Exact in every engine: multiplication, addition and comparison of doubles are, and the values stay below 2. */
function calculate(numbers: Float64Array): number {
  for (let i = 0; i < NUMBERS; i++) numbers[i] = i / NUMBERS;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < NUMBERS; i += 8) {
      for (let k = i; k < i + 8; k++) {
        const x = numbers[k]! * 1.0625 + 0.03125;
        numbers[k] = x < 1 ? x : x - 1;
      }
    }
  }
  let sum = 0;
  for (let i = 0; i < NUMBERS; i++) sum += numbers[i]!;
  return sum;
}

/** Each copy comes from another place than the one before, and a byte of every 64 KiB is looked at, so that none can be left out. */
function copy(sources: readonly Uint8Array[], to: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < COPIES; i++) {
    to.set(sources[i]!, 0);
    for (let at = i; at < BYTES; at += 65_536) sum += to[at]!;
  }
  return sum;
}
