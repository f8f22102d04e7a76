import { level, percent, rate, type SensorProvider } from "./provider.ts";

export const ownProcess: SensorProvider = {
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
