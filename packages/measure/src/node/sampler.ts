/**
 * Reads the sensors while a run goes on, on the event loop of the thread that starts it: a thread that coordinates, while
 * frames are made on others. A thread of its own would cost 20 ms of a processor to start (Node 20.20, one x86-64 server
 * core, November 2026), ten times what sampling a short run costs.
 *
 * Guaranteed: a provider that fails, hangs, talks nonsense or is slow costs only itself, and what it gave until then stays,
 * with the reason why it ended; memory is bounded whatever the length of the run (when the store is full every second sample
 * goes and the period doubles); neither the timer nor a child process keeps this process alive or outlives it.
 * Not guaranteed: the period. A busy event loop delays samples; `tNs` says when they were taken. And a driver that holds up
 * the reading of its file inside the kernel holds up this thread that long, three times at most.
 */
import os, { cpus } from "node:os";
import type { NanosecondClock } from "../clock.ts";
import type { SensorSeries } from "../record/schema.ts";
import { nanosecondClock } from "./clock.ts";
import { fileReason, RereadFile } from "./files.ts";
import { loadPackage } from "./optional-package.ts";
import { parseStat } from "./providers/processors.ts";
import type { Opened, OpenSensor, Raw, SensorHost, SensorPlace, SensorProvider } from "./providers/provider.ts";
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
  /** Folders that programs are looked for in; default the PATH. */
  readonly path?: string;
  /** What the runtime says where there are no files; default `node:os`, or null where `root` is given. */
  readonly host?: SensorHost | null;
  /** Loads a package that may not be installed; default `import`. */
  readonly load?: (name: string) => Promise<unknown>;
  /** Samples that are kept, at least 4; default 1024. */
  readonly capacity?: number;
  /** Told of each sample what can be told of it at once, by whoever watches a run; it counts as the sampler's own cost. */
  readonly onSample?: (readings: readonly SensorReading[]) => void;
}

/** One channel at one moment. */
export interface SensorReading {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

export interface Sampler {
  /** Takes a last sample, closes the files, ends the child processes, and gives one series a channel. Later calls give the same series. */
  readonly stop: () => SensorSeries[];
  /**
   * What it took of this thread so far: `samplerNs` reading the sensors, `openNs` opening them, once. Processor time where
   * the runtime gives that of a thread (Node 23.9), else time on the clock, which counts waiting for a processor as well.
   */
  readonly cost: () => { readonly samples: number; readonly samplerNs: number; readonly openNs: number };
}

interface Source {
  readonly provider: SensorProvider;
  /** Null until it is open. */
  sensor: OpenSensor | null;
  /** Capacity × slots raw counters, a row a sample; NaN where there was nothing to read. */
  rows: Float64Array;
  scratch: Raw;
  /** Why nothing is read: not open yet, or no more. Null while it works. */
  reason: string | null;
  /** Readings in a row that took too long. */
  slow: number;
}

/** A reading may take this long; a busy machine makes a reading late now and then, so one is not enough to give up. */
const SLOW_NS = 50_000_000;
const MOST_SLOW = 3;

export function startSampler(options: SamplerOptions = {}): Sampler {
  const { periodMs = 200, providers = PROVIDERS, now = nanosecondClock(), root = "/", capacity = 1024 } = options;
  const { path = process.env.PATH ?? "", load = loadPackage, host = root === "/" ? os : null } = options;
  const timeUsed = THREAD_TIME ?? now;
  const begun = timeUsed();
  const ended = new AbortController();
  const place: SensorPlace = { root, path, periodMs, host, load, ended: ended.signal };
  const times = new Float64Array(capacity);
  let kept = 0;
  let ticks = 0;
  let stride = 1;
  let samples = 0;
  let samplerNs = 0;
  let openNs = 0;
  let result: SensorSeries[] | null = null;

  const sources = providers.map((provider): Source => {
    const reason = `it is started ${periodMs} ms into a run, and this one was shorter`;
    const source = { provider, sensor: null, rows: NOTHING, scratch: NOTHING, reason, slow: 0 };
    if (!provider.later) open(source);
    return source;
  });

  function open(source: Source): void {
    const asked = now();
    source.reason = null;
    const settle = (opened: Opened) => {
      if (result) {
        if (!("reason" in opened)) opened.close?.();
      } else if ("reason" in opened) source.reason = opened.reason;
      else {
        source.sensor = opened;
        source.rows = new Float64Array(capacity * opened.slots).fill(Number.NaN, 0, kept * opened.slots);
        source.scratch = new Float64Array(opened.slots);
      }
    };
    const fail = (error: unknown) => settle({ reason: openReason(source.provider, error) });
    try {
      const opened = source.provider.open(place);
      if (!(opened instanceof Promise)) {
        settle(opened);
        return;
      }
      opened.then(settle, fail);
      ended.signal.addEventListener("abort", () => {
        if (source.sensor || source.reason !== null) return;
        source.reason = `it had not answered ${Math.round((now() - asked) / 1e6)} ms after it was asked, when the run ended`;
      });
    } catch (error) {
      fail(error);
    }
  }

  const openLater = (which: (provider: SensorProvider) => boolean) => {
    const begin = timeUsed();
    for (const source of sources) if (which(source.provider)) open(source);
    openNs += timeUsed() - begin;
  };

  const sample = () => {
    const begin = timeUsed();
    if (kept === capacity) {
      thinOut(times, 1, kept);
      for (const { rows, sensor } of sources) if (sensor) thinOut(rows, sensor.slots, kept);
      kept = (kept + 1) >> 1;
      stride *= 2;
    }
    let before = now();
    times[kept] = before;
    for (const source of sources) {
      if (source.sensor === null) continue;
      readInto(source, source.sensor, kept);
      const after = now();
      source.slow = after - before > SLOW_NS ? source.slow + 1 : 0;
      if (source.slow === MOST_SLOW) {
        giveUp(source, source.sensor, `${MOST_SLOW} readings in a row took more than ${SLOW_NS / 1e6} ms`);
      }
      before = after;
    }
    options.onSample?.(sources.flatMap((source) => readings(source, times, kept)));
    kept++;
    samples++;
    samplerNs += timeUsed() - begin;
  };
  const tick = () => {
    ticks++;
    if (ticks === 1) openLater((provider) => provider.later !== undefined);
    if (ticks % stride === 0) sample();
  };

  openNs = timeUsed() - begun;
  sample();
  const timer = setInterval(tick, periodMs);
  timer.unref();

  return {
    cost: () => ({ samples, samplerNs, openNs }),
    stop: () => {
      if (result) return result;
      clearInterval(timer);
      if (ticks === 0) openLater((provider) => provider.later === "files");
      sample();
      ended.abort();
      for (const source of sources) if (source.sensor && source.reason === null) close(source, source.sensor);
      const stored = periodMs * stride;
      result = sources.flatMap((source) => series(source, times, kept, stored));
      return result;
    },
  };
}

const NOTHING = new Float64Array(0);

const { threadCpuUsage } = process as {
  readonly threadCpuUsage?: () => { readonly user: number; readonly system: number };
};

/** Nanoseconds of processor time that this thread has used. The kernel's schedstat would not do: it stands still between ticks. */
const THREAD_TIME = threadCpuUsage
  ? () => {
      const { user, system } = threadCpuUsage.call(process);
      return Math.round((user + system) * 1000);
    }
  : null;

function readInto(source: Source, sensor: OpenSensor, row: number): void {
  const at = row * sensor.slots;
  if (source.reason !== null) {
    source.rows.fill(Number.NaN, at, at + sensor.slots);
    return;
  }
  try {
    source.scratch.fill(Number.NaN);
    sensor.read(source.scratch);
    source.rows.set(source.scratch, at);
  } catch (error) {
    source.rows.fill(Number.NaN, at, at + sensor.slots);
    giveUp(source, sensor, openReason(source.provider, error));
  }
}

function giveUp(source: Source, sensor: OpenSensor, reason: string): void {
  source.reason = `it stopped answering: ${reason}`;
  close(source, sensor);
}

function close(source: Source, sensor: OpenSensor): void {
  try {
    sensor.close?.();
  } catch (error) {
    source.reason = `${source.reason ?? "it worked to the end"}, and it could not be closed (${String(error)})`;
  }
}

/** Keeps rows 0, 2, 4, ... */
function thinOut(rows: Float64Array, slots: number, count: number): void {
  for (let from = 2, to = 1; from < count; from += 2, to++)
    rows.copyWithin(to * slots, from * slots, (from + 1) * slots);
}

function series(
  { sensor, rows, reason, provider }: Source,
  times: Float64Array,
  kept: number,
  periodMs: number,
): SensorSeries[] {
  if (sensor === null) return [missing(provider, reason ?? "it gave neither figures nor a reason", periodMs)];
  return sensor.channels.map((channel) => {
    const { name, unit, source, value, kind } = channel;
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
    if (v.length === 0) return missing(channel, reason ?? emptyReason(kind), periodMs);
    return { name, unit, source, available: true, ...(reason === null ? {} : { reason }), periodMs, tNs, v };
  });
}

/** What the channels of this source say at this row; nothing of those that say nothing there. */
function readings({ sensor, rows }: Source, times: Float64Array, row: number): SensorReading[] {
  if (sensor === null) return [];
  const now = rows.subarray(row * sensor.slots, (row + 1) * sensor.slots);
  const before = row > 0 ? rows.subarray((row - 1) * sensor.slots, row * sensor.slots) : now;
  const found: SensorReading[] = [];
  for (const { name, unit, value, kind } of sensor.channels) {
    if (kind === "rate" && row === 0) continue;
    const result = value(now, before, row > 0 ? times[row]! - times[row - 1]! : 0);
    if (Number.isFinite(result)) found.push({ name, unit, value: result + 0 });
  }
  return found;
}

function emptyReason(kind: "level" | "rate"): string {
  return kind === "level"
    ? "its source gives no number for it"
    : "no two samples differ, or its source gives no number for it: the run may have been too short";
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
