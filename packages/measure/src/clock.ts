/** Clocks as this package sees them: a function that is passed in. No platform is named here; see `node/clock.ts`. */

/** A clock that never goes back: nanoseconds from an arbitrary origin, as a whole number below 2^53. */
export type NanosecondClock = () => number;

/** What a clock can and what it costs, measured on the spot. */
export interface TimerDescription {
  readonly name: string;
  /** The smallest step that was seen between two readings, ns. */
  readonly resolutionNs: number;
  /** One reading, ns. */
  readonly costNs: number;
}
