/**
 * What a provider is: it opens its files once and then fills a few raw counters a sample; the values that people read
 * (percent, per second) are worked out at the end from pairs of raw samples, so that thinning out the samples changes no
 * total.
 */

/** Raw counters of one provider at one moment. NaN: could not be had at that moment. */
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

/** An open sensor, or one sentence why there is none. */
export type Opened = OpenSensor | { readonly reason: string };

/** Where a provider looks. Tests put a made-up machine there. */
export interface SensorPlace {
  /** Folder that stands for `/`. */
  readonly root: string;
  /** Folders that programs are looked for in. */
  readonly path: string;
  readonly periodMs: number;
  /** What the runtime says where the system has no files for it; null where a test wants the files alone. */
  readonly host: SensorHost | null;
  /** Loads a package that may not be installed. */
  readonly load: (name: string) => Promise<unknown>;
  /** Aborted when the run ends, for what is still being opened then. */
  readonly ended: AbortSignal;
}

/** The part of `node:os` that is sampled. */
export interface SensorHost {
  readonly cpus: () => readonly {
    readonly times: {
      readonly user: number;
      readonly nice: number;
      readonly sys: number;
      readonly idle: number;
      readonly irq: number;
    };
  }[];
  readonly totalmem: () => number;
  readonly freemem: () => number;
}

export interface SensorProvider {
  /** Name of the series that stands for it where it is not available. */
  readonly name: string;
  readonly unit: string;
  readonly source: string;
  /**
   * Opened with the second sample instead of the first, when the run is under way. What comes from files is then read
   * at the end of a run that is shorter than a period; a program or a library is not started for such a run.
   */
  readonly later?: "files" | "program";
  /** May throw; the message of what it throws becomes the reason. */
  readonly open: (place: SensorPlace) => Opened | Promise<Opened>;
}

/** Part of all as a percentage, at most 100; NaN where there is nothing to divide by or the part is negative. */
export const percent = (part: number, all: number) =>
  all > 0 && part >= 0 ? Math.min(100, (part / all) * 100) : Number.NaN;

/** How far a counter went. NaN where it fell: it was reset, and what happened in between is not known. */
export const grown = (now: number, before: number) => (now >= before ? now - before : Number.NaN);

/** The number that a text holds; NaN where it holds none, an empty text included. */
export const numberIn = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

/** The number behind a word of a text; NaN where the word is not there or no number follows. */
export function numberAfter(text: string, word: string): number {
  const at = text.indexOf(word);
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + word.length, at + word.length + 32), 10);
}

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

/** How often a second a counter went up by one. */
export const perSecond = (name: string, source: string, slot: number): Channel =>
  rate(name, "1/s", source, (now, before, elapsedNs) => (grown(now[slot]!, before[slot]!) * 1e9) / elapsedNs);
