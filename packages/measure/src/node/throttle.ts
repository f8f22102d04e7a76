/**
 * From the sensors of a run to the moments when something held the machine back: events of kind "throttle".
 *
 * Three signs, each with what was seen: time in which the control group's quota was used up; the processor's own count of
 * thermal throttling; a clock far below the fastest of the same run while this process kept a processor busy. Neighbouring
 * samples of one sign become one event. A graphics card that slows down is no sign: it makes no frames, and its reasons
 * stand in a series of its own. A pure function of the series.
 */
import type { RunEvent, SensorSeries } from "../record/schema.ts";

/** A clock below this part of the fastest in the run is a drop; turbo steps between one and many busy processors are smaller. */
const DROP = 0.75;
/** Percent of one processor that this process must use: an idle processor slows down by itself. */
const BUSY = 80;

interface Sign {
  readonly series: SensorSeries;
  /** Whether sample `i` shows it. */
  readonly shows: (i: number) => boolean;
  /** The evidence of the samples that show it. */
  readonly detail: (values: readonly number[]) => string;
}

/** On the clock of the series, in order of time. */
export function throttleEvents(sensors: readonly SensorSeries[]): RunEvent[] {
  const events = signs(sensors).flatMap((sign) => eventsOf(sign));
  return events.sort((a, b) => a.startNs - b.startNs);
}

function signs(sensors: readonly SensorSeries[]): Sign[] {
  const found: Sign[] = [];
  for (const series of sensors) {
    const { name, v } = series;
    if (name === "cgroup.throttled") {
      const detail = (values: readonly number[]) =>
        `the control group was held back up to ${shown(Math.max(...values))} % of the time`;
      found.push({ series, shows: (i) => v[i]! > 0, detail });
    } else if (name === "cpu.thermalThrottle") {
      const detail = (values: readonly number[]) =>
        `the processor throttled itself ${values.reduce((a, b) => a + b, 0)} times to cool down`;
      found.push({ series, shows: (i) => v[i]! > 0, detail });
    } else if (name === "cpu.highestFrequency") {
      const fastest = v.reduce((most, value) => Math.max(most, value), 0);
      const busy = sensors.find((other) => other.name === "process.cpu");
      const detail = (values: readonly number[]) =>
        `no processor ran faster than ${shown(Math.min(...values))} MHz, and ${shown(fastest)} MHz were reached in this run`;
      found.push({ series, shows: (i) => v[i]! < fastest * DROP && valueAt(busy, series.tNs[i]!) >= BUSY, detail });
    }
  }
  return found;
}

function eventsOf({ series, shows, detail }: Sign): RunEvent[] {
  const { tNs, v, periodMs } = series;
  const events: RunEvent[] = [];
  for (let i = 0; i < v.length; i++) {
    if (!shows(i)) continue;
    const first = i;
    while (i + 1 < v.length && shows(i + 1)) i++;
    // A sample stands for the time since the one before it.
    const startNs = Math.round(first > 0 ? tNs[first - 1]! : tNs[first]! - periodMs * 1e6);
    events.push({
      kind: "throttle",
      startNs,
      durationNs: Math.round(tNs[i]!) - startNs,
      lane: null,
      detail: detail(v.slice(first, i + 1)),
    });
  }
  return events;
}

function valueAt(series: SensorSeries | undefined, tNs: number): number {
  const at = series?.tNs.indexOf(tNs) ?? -1;
  return at < 0 ? 0 : series!.v[at]!;
}

const shown = (value: number) => String(Math.round(value * 10) / 10);
