import { RereadFile } from "../files.ts";
import { percent, type Raw, rate, type SensorProvider } from "./provider.ts";

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

export const processors: SensorProvider = {
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
