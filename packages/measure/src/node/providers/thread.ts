import { getHeapStatistics } from "node:v8";
import { grown, level, percent, rate, type SensorProvider } from "./provider.ts";

/** The event loop and the heap of the thread that samples. */
export const thread: SensorProvider = {
  name: "thread.eventLoopUtilization",
  unit: "%",
  source: "performance.eventLoopUtilization",
  open: () => ({
    slots: 3,
    channels: [
      rate("thread.eventLoopUtilization", "%", "performance.eventLoopUtilization", (now, before) =>
        percent(grown(now[0]!, before[0]!), grown(now[1]!, before[1]!)),
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
