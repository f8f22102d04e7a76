/**
 * Reads the sensors while a run goes on, on the event loop of the thread that starts it (a thread that coordinates; frames
 * are made elsewhere).
 *
 * Guaranteed: a provider that fails costs only itself; memory is bounded whatever the length of the run (when the store is
 * full every second sample goes and the period doubles); the timer never keeps the process alive.
 * Not guaranteed: the period. A busy event loop delays samples; `tNs` says when they were taken.
 */
import { cpus } from "node:os";
import type { NanosecondClock } from "../clock.ts";
import type { SensorSeries } from "../record/schema.ts";
import { nanosecondClock } from "./clock.ts";
import { fileReason, RereadFile } from "./files.ts";
import { parseStat } from "./providers/processors.ts";
import type { OpenSensor, Raw, SensorProvider } from "./providers/provider.ts";
import { openReason, PROVIDERS } from "./providers.ts";

export interface SamplerOptions {
  /** Between samples, ms; default 200. */
  readonly periodMs?: number;
  /** Default `PROVIDERS`. */
  readonly providers?: readonly SensorProvider[];
  /** The clock that `tNs` is on; default `nanosecondClock()`. */
  readonly now?: NanosecondClock;
  /** Folder that stands for `/`; default "/". */
  readonly root?: string;
  /** Samples that are kept, at least 4; default 1024. */
  readonly capacity?: number;
}

export interface Sampler {
  /** Takes a last sample, closes the files, and gives one series a channel. Later calls give the same series. */
  readonly stop: () => SensorSeries[];
  /** What reading the sensors took so far. */
  readonly cost: () => { readonly samples: number; readonly samplerNs: number };
}

interface Source {
  readonly provider: SensorProvider;
  readonly sensor: OpenSensor;
  /** Capacity × slots raw counters, a row a sample. */
  readonly rows: Float64Array;
  readonly scratch: Raw;
  /** Why it stopped, if it did. */
  failed: string | null;
}

export function startSampler(options: SamplerOptions = {}): Sampler {
  const { periodMs = 200, providers = PROVIDERS, now = nanosecondClock(), root = "/", capacity = 1024 } = options;
  const sources: Source[] = [];
  const unavailable: SensorSeries[] = [];
  for (const provider of providers) {
    const sensor = open(provider, root);
    if ("reason" in sensor) unavailable.push(missing(provider, sensor.reason, periodMs));
    else {
      const rows = new Float64Array(capacity * sensor.slots);
      sources.push({ provider, sensor, rows, scratch: new Float64Array(sensor.slots), failed: null });
    }
  }

  const times = new Float64Array(capacity);
  let kept = 0;
  let ticks = 0;
  let stride = 1;
  let samplerNs = 0;
  let samples = 0;
  let result: SensorSeries[] | null = null;

  const sample = () => {
    const begin = now();
    if (kept === capacity) {
      thinOut(times, 1, kept);
      for (const source of sources) thinOut(source.rows, source.sensor.slots, kept);
      kept = (kept + 1) >> 1;
      stride *= 2;
    }
    times[kept] = begin;
    for (const source of sources) if (source.failed === null) readInto(source, kept);
    kept++;
    samples++;
    samplerNs += now() - begin;
  };
  const tick = () => {
    ticks++;
    if (ticks % stride === 0) sample();
  };

  sample();
  const timer = setInterval(tick, periodMs);
  timer.unref();

  return {
    cost: () => ({ samples, samplerNs }),
    stop: () => {
      if (result) return result;
      clearInterval(timer);
      sample();
      for (const source of sources) if (source.failed === null) source.sensor.close?.();
      const stored = periodMs * stride;
      result = [...sources.flatMap((source) => series(source, times, kept, stored)), ...unavailable];
      return result;
    },
  };
}

function open(provider: SensorProvider, root: string): OpenSensor | { readonly reason: string } {
  try {
    return provider.open(root);
  } catch (error) {
    return { reason: openReason(provider, error) };
  }
}

function readInto(source: Source, row: number): void {
  try {
    source.sensor.read(source.scratch);
    source.rows.set(source.scratch, row * source.sensor.slots);
  } catch (error) {
    source.failed = `it stopped answering: ${openReason(source.provider, error)}`;
    try {
      source.sensor.close?.();
    } catch (closing) {
      source.failed += `, nor could it be closed (${String(closing)})`;
    }
  }
}

/** Keeps rows 0, 2, 4, ... */
function thinOut(rows: Float64Array, slots: number, count: number): void {
  for (let from = 2, to = 1; from < count; from += 2, to++)
    rows.copyWithin(to * slots, from * slots, (from + 1) * slots);
}

function series(
  { sensor, rows, failed, provider }: Source,
  times: Float64Array,
  kept: number,
  periodMs: number,
): SensorSeries[] {
  if (failed !== null) return [missing(provider, failed, periodMs)];
  return sensor.channels.map(({ name, unit, source, value, kind }) => {
    const tNs: number[] = [];
    const v: number[] = [];
    for (let row = kind === "rate" ? 1 : 0; row < kept; row++) {
      const now = rows.subarray(row * sensor.slots, (row + 1) * sensor.slots);
      const before = row > 0 ? rows.subarray((row - 1) * sensor.slots, row * sensor.slots) : now;
      const result = value(now, before, row > 0 ? times[row]! - times[row - 1]! : 0);
      if (!Number.isFinite(result)) continue;
      tNs.push(times[row]!);
      v.push(result + 0);
    }
    if (v.length === 0)
      return missing({ ...provider, name, unit, source }, "no two samples differ: the run was too short", periodMs);
    return { name, unit, source, available: true, periodMs, tNs, v };
  });
}

function missing(
  { name, unit, source }: Pick<SensorProvider, "name" | "unit" | "source">,
  reason: string,
  periodMs: number,
): SensorSeries {
  return { name, unit, source, available: false, reason, periodMs, tNs: [], v: [] };
}

export interface UtilizationWindow {
  /** Closes the window, unless its time has closed it already, and gives what it saw. */
  readonly stop: () => Utilization;
}

export interface Utilization {
  /** Percent of all logical processors, 0-100; null where it could not be had. */
  readonly value: number | null;
  /** How long the window was open, ms. */
  readonly windowMs: number;
  readonly source: string;
  readonly reason?: string;
}

/**
 * Opens a window over the use of all processors, now; it closes after `windowMs` (default 500) or at `stop`, whichever is
 * first. Nothing waits for it.
 */
export function utilizationWindow(windowMs = 500, { root = "/" }: { readonly root?: string } = {}): UtilizationWindow {
  const beganAt = performance.now();
  const counters = openCounters(root);
  if ("reason" in counters) {
    const answer = { value: null, windowMs: 0, source: "/proc/stat", reason: counters.reason };
    return { stop: () => answer };
  }
  const begin = new Float64Array(3);
  const end = new Float64Array(3);
  counters.read(begin);
  let result: Utilization | null = null;
  const close = (): Utilization => {
    if (result) return result;
    clearTimeout(timer);
    counters.read(end);
    counters.close();
    const all = end[2]! - begin[2]!;
    const open = { windowMs: performance.now() - beganAt, source: counters.source };
    result =
      all > 0
        ? { value: Math.min(100, Math.max(0, ((end[0]! - begin[0]!) / all) * 100)), ...open }
        : {
            value: null,
            ...open,
            reason: `the window of ${open.windowMs.toFixed(0)} ms is shorter than a tick of the system's clock`,
          };
    return result;
  };
  const timer = setTimeout(close, windowMs);
  timer.unref();
  return { stop: close };
}

interface Counters {
  readonly source: string;
  /** Fills busy, stolen and all. */
  readonly read: (raw: Raw) => void;
  readonly close: () => void;
}

/** /proc/stat where there is one, else what the runtime counts. */
function openCounters(root: string): Counters | { readonly reason: string } {
  try {
    const file = new RereadFile(root, "proc/stat");
    return { source: "/proc/stat", read: (raw) => parseStat(file.read(), raw), close: () => file.close() };
  } catch (error) {
    if (root !== "/" || cpus().length === 0) return { reason: fileReason("/proc/stat", error) };
  }
  const read = (raw: Raw) => {
    raw.fill(0);
    for (const { times } of cpus()) {
      const busy = times.user + times.nice + times.sys + times.irq;
      raw[0] = raw[0]! + busy;
      raw[2] = raw[2]! + busy + times.idle;
    }
  };
  return { source: "node:os cpus", read, close: () => undefined };
}
