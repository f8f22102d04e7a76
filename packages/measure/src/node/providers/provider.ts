/**
 * What a provider is: it opens its files once and then fills a few raw counters a sample; the values that people read
 * (percent, per second) are worked out at the end from pairs of raw samples, so that thinning out the samples changes no
 * total.
 */

/** Raw counters of one provider at one moment. */
export type Raw = Float64Array;

export interface Channel {
  readonly name: string;
  readonly unit: string;
  readonly source: string;
  /** From two raw samples `elapsedNs` apart, or, for a level, from the later one alone. NaN: no value. */
  readonly value: (now: Raw, before: Raw, elapsedNs: number) => number;
  /** A level stands for a moment, a rate for the time between two samples. */
  readonly kind: "level" | "rate";
}

export interface OpenSensor {
  readonly channels: readonly Channel[];
  /** Raw counters. */
  readonly slots: number;
  /** Fills `raw` (length `slots`). May throw: the sampler then closes this provider alone. */
  readonly read: (raw: Raw) => void;
  readonly close?: () => void;
}

export interface SensorProvider {
  /** Name of the series that stands for it where it is not available. */
  readonly name: string;
  readonly unit: string;
  readonly source: string;
  /** May throw; the message of what it throws becomes the reason. */
  readonly open: (root: string) => OpenSensor | { readonly reason: string };
}

/** Part of all as a percentage; NaN where there is nothing to divide by. */
export const percent = (part: number, all: number) => (all > 0 ? (part / all) * 100 : Number.NaN);
/** A channel of the time between two samples. */
export const rate = (name: string, unit: string, source: string, value: Channel["value"]): Channel => ({
  name,
  unit,
  source,
  value,
  kind: "rate",
});
/** A channel that shows one raw value as it is. */
export const level = (name: string, unit: string, source: string, slot: number): Channel => ({
  name,
  unit,
  source,
  value: (now) => now[slot]!,
  kind: "level",
});
