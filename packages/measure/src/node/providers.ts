/**
 * What the sampler can read, each from one place.
 *
 * A provider opens its files once and then fills a few raw counters a sample; the values that people read (percent, per
 * second) are worked out at the end from pairs of raw samples, so that thinning out the samples changes no total.
 */
import { getHeapStatistics } from "node:v8";
import { processorFolders } from "./cgroup.ts";
import { fileReason, namesIn, numberOrNull, RereadFile, readText, textOrNull } from "./files.ts";

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

const percent = (part: number, all: number) => (all > 0 ? (part / all) * 100 : Number.NaN);
const rate = (name: string, unit: string, source: string, value: Channel["value"]): Channel => ({
  name,
  unit,
  source,
  value,
  kind: "rate",
});
const level = (name: string, unit: string, source: string, slot: number): Channel => ({
  name,
  unit,
  source,
  value: (now) => now[slot]!,
  kind: "level",
});

/** Busy, stolen and all ticks of the first line of /proc/stat. Guest time is part of user time already. */
export function parseStat(text: string, raw: Raw): void {
  const ticks = text.slice(0, text.indexOf("\n")).trim().split(/\s+/).slice(1).map(Number);
  let all = 0;
  for (let i = 0; i < 8; i++) all += ticks[i] ?? 0;
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  const steal = ticks[7] ?? 0;
  raw[0] = all - idle - steal;
  raw[1] = steal;
  raw[2] = all;
}

const processors: SensorProvider = {
  name: "cpu.utilization",
  unit: "%",
  source: "/proc/stat",
  open: (root) => {
    const file = new RereadFile(root, "proc/stat");
    return {
      slots: 3,
      channels: [
        rate("cpu.utilization", "%", "/proc/stat", (now, before) =>
          percent(now[0]! - before[0]!, now[2]! - before[2]!),
        ),
        rate("cpu.steal", "%", "/proc/stat", (now, before) => percent(now[1]! - before[1]!, now[2]! - before[2]!)),
      ],
      read: (raw) => parseStat(file.read(), raw),
      close: () => file.close(),
    };
  },
};

const memory: SensorProvider = {
  name: "memory.used",
  unit: "bytes",
  source: "/proc/meminfo",
  open: (root) => {
    const file = new RereadFile(root, "proc/meminfo");
    return {
      slots: 2,
      channels: [
        level("memory.used", "bytes", "/proc/meminfo", 0),
        level("memory.available", "bytes", "/proc/meminfo", 1),
      ],
      read: (raw) => {
        const text = file.read();
        const total = kibibytes(text, "MemTotal:");
        const available = kibibytes(text, "MemAvailable:");
        raw[0] = total - available;
        raw[1] = available;
      },
      close: () => file.close(),
    };
  },
};

function kibibytes(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + name.length, at + name.length + 24), 10) * 1024;
}

function closeAll(files: readonly RereadFile[]): void {
  for (const file of files) file.close();
}

/** Share of time in which some task waited for the resource. https://docs.kernel.org/accounting/psi.html */
const pressure = (resource: "cpu" | "memory" | "io"): SensorProvider => {
  const path = `proc/pressure/${resource}`;
  const name = `pressure.${resource}.some`;
  return {
    name,
    unit: "%",
    source: `/${path}`,
    open: (root) => {
      const file = new RereadFile(root, path);
      return {
        slots: 1,
        channels: [
          rate(name, "%", `/${path}`, (now, before, elapsedNs) => percent((now[0]! - before[0]!) * 1000, elapsedNs)),
        ],
        read: (raw) => {
          const text = file.read();
          const at = text.indexOf("total=");
          raw[0] = at < 0 ? Number.NaN : Number.parseInt(text.slice(at + 6, at + 30), 10);
        },
        close: () => file.close(),
      };
    },
  };
};

/** Processors whose frequency is read: each costs the kernel a call. */
const MOST_FREQUENCIES = 8;

const frequency: SensorProvider = {
  name: "cpu.frequency",
  unit: "MHz",
  source: "/sys/devices/system/cpu/*/cpufreq",
  open: (root) => {
    const folder = "sys/devices/system/cpu";
    const paths = namesIn(root, folder)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => `${folder}/${name}/cpufreq/scaling_cur_freq`)
      .filter((path) => textOrNull(root, path) !== null)
      .slice(0, MOST_FREQUENCIES);
    if (paths.length === 0) return { reason: "no cpufreq on this system (usual in a virtual machine)" };
    const files = paths.map((path) => new RereadFile(root, path));
    return {
      slots: 1,
      channels: [level("cpu.frequency", "MHz", `/${folder}/*/cpufreq/scaling_cur_freq, mean of ${files.length}`, 0)],
      read: (raw) => {
        let sum = 0;
        for (const file of files) sum += Number(file.read());
        raw[0] = sum / files.length / 1000;
      },
      close: () => closeAll(files),
    };
  },
};

const MOST_TEMPERATURES = 8;

const temperature: SensorProvider = {
  name: "temperature",
  unit: "°C",
  source: "/sys/class/hwmon, /sys/class/thermal",
  open: (root) => {
    const inputs = temperatureInputs(root).slice(0, MOST_TEMPERATURES);
    if (inputs.length === 0) return { reason: "no temperature in hwmon or thermal (usual in a virtual machine)" };
    const files = inputs.map(({ path }) => new RereadFile(root, path));
    return {
      slots: files.length,
      channels: inputs.map(({ label, path }, slot) => level(`temperature.${label}`, "°C", `/${path}`, slot)),
      read: (raw) => {
        for (const [slot, file] of files.entries()) raw[slot] = Number(file.read()) / 1000;
      },
      close: () => closeAll(files),
    };
  },
};

/** hwmon first, because it names its sensors; thermal zones only where hwmon has none. */
function temperatureInputs(root: string): { label: string; path: string }[] {
  const inputs: { label: string; path: string }[] = [];
  for (const chip of namesIn(root, "sys/class/hwmon")) {
    const folder = `sys/class/hwmon/${chip}`;
    const name = textOrNull(root, `${folder}/name`) ?? chip;
    for (const entry of namesIn(root, folder)) {
      const number = /^temp(\d+)_input$/.exec(entry)?.[1];
      if (number === undefined || numberOrNull(root, `${folder}/${entry}`) === null) continue;
      const label = textOrNull(root, `${folder}/temp${number}_label`) ?? `temp${number}`;
      inputs.push({ label: `${name}.${label}`, path: `${folder}/${entry}` });
    }
  }
  if (inputs.length > 0) return inputs;
  for (const zone of namesIn(root, "sys/class/thermal")) {
    const folder = `sys/class/thermal/${zone}`;
    if (!zone.startsWith("thermal_zone") || numberOrNull(root, `${folder}/temp`) === null) continue;
    inputs.push({ label: textOrNull(root, `${folder}/type`) ?? zone, path: `${folder}/temp` });
  }
  return inputs;
}

/** Energy counters of the processor packages; they wrap at `max_energy_range_uj`. https://docs.kernel.org/power/powercap/powercap.html */
const energy: SensorProvider = {
  name: "energy",
  unit: "J",
  source: "/sys/class/powercap",
  open: (root) => {
    const zones = namesIn(root, "sys/class/powercap").filter((name) => /^[a-z-]*rapl:\d+$/.test(name));
    if (zones.length === 0) return { reason: "no RAPL in /sys/class/powercap (usual in a virtual machine)" };
    const readable: { name: string; path: string; range: number }[] = [];
    let reason = "no energy counter could be read";
    for (const zone of zones) {
      const folder = `sys/class/powercap/${zone}`;
      const path = `${folder}/energy_uj`;
      const file = readText(root, path);
      if ("reason" in file) reason = file.reason;
      else
        readable.push({
          name: textOrNull(root, `${folder}/name`) ?? zone,
          path,
          range: numberOrNull(root, `${folder}/max_energy_range_uj`) ?? 0,
        });
    }
    if (readable.length === 0) return { reason };
    const files = readable.map(({ path }) => new RereadFile(root, path));
    const last = files.map((file) => Number(file.read()));
    const used = files.map(() => 0);
    return {
      slots: files.length,
      channels: readable.map(({ name, path }, slot) => level(`energy.${name}`, "J", `/${path}`, slot)),
      read: (raw) => {
        for (const [i, file] of files.entries()) {
          const now = Number(file.read());
          const step = now - last[i]!;
          used[i] = used[i]! + (step < 0 ? step + readable[i]!.range : step);
          last[i] = now;
          raw[i] = used[i]! / 1e6;
        }
      },
      close: () => closeAll(files),
    };
  },
};

/** Time in which the control group was not allowed to run: microseconds in version 2, nanoseconds in version 1. */
const throttling: SensorProvider = {
  name: "cgroup.throttled",
  unit: "%",
  source: "cgroup cpu.stat",
  open: (root) => {
    for (const { folder, version } of processorFolders(root)) {
      const path = `${folder}/cpu.stat`;
      const key = version === 2 ? "throttled_usec" : "throttled_time";
      const text = textOrNull(root, path);
      if (text === null || !text.includes(key)) continue;
      const file = new RereadFile(root, path);
      const scale = version === 2 ? 1000 : 1;
      return {
        slots: 1,
        channels: [
          rate("cgroup.throttled", "%", `/${path}`, (now, before, elapsedNs) =>
            percent(now[0]! - before[0]!, elapsedNs),
          ),
        ],
        read: (raw) => {
          const now = file.read();
          const at = now.indexOf(key);
          raw[0] = at < 0 ? Number.NaN : Number.parseInt(now.slice(at + key.length), 10) * scale;
        },
        close: () => file.close(),
      };
    }
    return { reason: "no control group counts throttling here" };
  },
};

const ownProcess: SensorProvider = {
  name: "process.cpu",
  unit: "%",
  source: "process.resourceUsage",
  open: () => {
    const source = "process.resourceUsage";
    return {
      slots: 3,
      channels: [
        rate("process.cpu", "% of one processor", source, (now, before, elapsedNs) =>
          percent((now[0]! - before[0]!) * 1000, elapsedNs),
        ),
        level("process.rssPeak", "bytes", source, 1),
        rate(
          "process.involuntarySwitches",
          "1/s",
          source,
          (now, before, elapsedNs) => ((now[2]! - before[2]!) * 1e9) / elapsedNs,
        ),
      ],
      read: (raw) => {
        const usage = process.resourceUsage();
        raw[0] = usage.userCPUTime + usage.systemCPUTime;
        raw[1] = usage.maxRSS * 1024;
        raw[2] = usage.involuntaryContextSwitches;
      },
    };
  },
};

const thread: SensorProvider = {
  name: "thread.eventLoopUtilization",
  unit: "%",
  source: "performance.eventLoopUtilization",
  open: () => ({
    slots: 3,
    channels: [
      rate("thread.eventLoopUtilization", "%", "performance.eventLoopUtilization", (now, before) =>
        percent(now[0]! - before[0]!, now[1]! - before[1]!),
      ),
      level("thread.heapUsed", "bytes", "v8.getHeapStatistics", 2),
    ],
    read: (raw) => {
      const { active, idle } = performance.eventLoopUtilization();
      raw[0] = active;
      raw[1] = active + idle;
      raw[2] = getHeapStatistics().used_heap_size;
    },
  }),
};

/** Every sensor of this system, in the order in which they are shown. */
export const PROVIDERS: readonly SensorProvider[] = [
  processors,
  memory,
  pressure("cpu"),
  pressure("memory"),
  pressure("io"),
  frequency,
  temperature,
  energy,
  throttling,
  ownProcess,
  thread,
];

/** Why a provider that threw while opening is not available. */
export function openReason(provider: SensorProvider, error: unknown): string {
  return fileReason(provider.source, error);
}
