import { fileReason, RereadFile } from "../files.ts";
import { type Channel, grown, percent, type Raw, rate, type SensorHost, type SensorProvider } from "./provider.ts";

/** Processors that are told apart; the rest of a larger machine counts in the sum alone. */
const MOST_PROCESSORS = 64;

/** Busy, stolen and all ticks of the first line of /proc/stat. Guest time is part of user time already. */
export function parseStat(text: string, raw: Raw, begin = 0): void {
  const end = text.indexOf("\n", begin);
  const ticks = text
    .slice(begin, end < 0 ? text.length : end)
    .trim()
    .split(/\s+/);
  let all = 0;
  for (let i = 1; i <= 8; i++) all += Number(ticks[i] ?? 0);
  const idle = Number(ticks[4] ?? Number.NaN) + Number(ticks[5] ?? 0);
  const steal = Number(ticks[8] ?? 0);
  raw[0] = all - idle - steal;
  raw[1] = steal;
  raw[2] = all;
}

/** Busy and stolen ticks of all processors, and how busy the busiest was: the one that a single thread kept to itself. */
export const processors: SensorProvider = {
  name: "cpu.utilization",
  unit: "%",
  source: "/proc/stat",
  open: ({ root, host }) => {
    try {
      return fromStat(new RereadFile(root, "proc/stat"));
    } catch (error) {
      return host && host.cpus().length > 0 ? fromHost(host) : { reason: fileReason("/proc/stat", error) };
    }
  },
};

function fromStat(file: RereadFile) {
  const count = Math.min(MOST_PROCESSORS, file.read().match(/^cpu\d/gm)?.length ?? 0);
  const one = new Float64Array(3);
  return {
    slots: 3 + 2 * count,
    channels: channels("/proc/stat", count, true),
    read: (raw: Raw) => {
      const text = file.read();
      parseStat(text, raw);
      let line = 0;
      for (let i = 0; i < count; i++) {
        line = text.indexOf("\ncpu", line) + 1;
        if (line === 0) raw.fill(Number.NaN, 3 + 2 * i);
        if (line === 0) return;
        parseStat(text, one, line);
        raw[3 + 2 * i] = one[0]!;
        raw[4 + 2 * i] = one[2]!;
      }
    },
    close: () => file.close(),
  };
}

function fromHost(host: SensorHost) {
  const count = Math.min(MOST_PROCESSORS, host.cpus().length);
  return {
    slots: 3 + 2 * count,
    channels: channels("node:os cpus", count, false),
    read: (raw: Raw) => {
      raw.fill(0);
      for (const [i, { times }] of host.cpus().entries()) {
        const busy = times.user + times.nice + times.sys + times.irq;
        raw[0] = raw[0]! + busy;
        raw[2] = raw[2]! + busy + times.idle;
        if (i >= count) continue;
        raw[3 + 2 * i] = busy;
        raw[4 + 2 * i] = busy + times.idle;
      }
    },
  };
}

function channels(source: string, count: number, steal: boolean): Channel[] {
  const share = (part: number, all: number): Channel["value"] => {
    return (now, before) => percent(grown(now[part]!, before[part]!), grown(now[all]!, before[all]!));
  };
  const each = Array.from({ length: count }, (_, i) => share(3 + 2 * i, 4 + 2 * i));
  return [
    rate("cpu.utilization", "%", source, share(0, 2)),
    ...(steal ? [rate("cpu.steal", "%", source, share(1, 2))] : []),
    ...(count > 1
      ? [
          rate("cpu.busiest", "%", source, (now, before, elapsedNs) => {
            let most = Number.NaN;
            for (const value of each) {
              const one = value(now, before, elapsedNs);
              if (!(one <= most) && one >= 0) most = one;
            }
            return most;
          }),
        ]
      : []),
  ];
}
