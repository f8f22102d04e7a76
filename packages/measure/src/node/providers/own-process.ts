import { grown, level, perSecond, rate, type SensorProvider } from "./provider.ts";

const SOURCE = "process.resourceUsage";

/** What this process used, all its threads together. Systems that do not count a figure give 0 for it: https://docs.libuv.org/en/v1.x/misc.html#c.uv_rusage_t */
export const ownProcess: SensorProvider = {
  name: "process.cpu",
  unit: "% of one processor",
  source: SOURCE,
  open: () => ({
    slots: 7,
    channels: [
      rate("process.cpu", "% of one processor", SOURCE, (now, before, elapsedNs) =>
        elapsedNs > 0 ? (grown(now[0]!, before[0]!) * 1e5) / elapsedNs : Number.NaN,
      ),
      level("process.rssPeak", "bytes", SOURCE, 1),
      level("process.rss", "bytes", "process.memoryUsage.rss", 2),
      perSecond("process.involuntarySwitches", SOURCE, 3),
      perSecond("process.voluntarySwitches", SOURCE, 4),
      perSecond("process.minorFaults", SOURCE, 5),
      perSecond("process.majorFaults", SOURCE, 6),
    ],
    read: (raw) => {
      const usage = process.resourceUsage();
      raw[0] = usage.userCPUTime + usage.systemCPUTime;
      raw[1] = usage.maxRSS * 1024;
      raw[2] = process.memoryUsage.rss();
      raw[3] = usage.involuntaryContextSwitches;
      raw[4] = usage.voluntaryContextSwitches;
      raw[5] = usage.minorPageFault;
      raw[6] = usage.majorPageFault;
    },
  }),
};
